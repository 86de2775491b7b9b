"""The figures of the card: a few numbers for each data set, with their intervals."""

from __future__ import annotations

from typing import Any

from recognizer.training import card, metrics
from recognizer.training.answers import Answers

Figures = dict[str, dict[str, Any]]


def accuracy(right: int, n: int, of: str) -> dict[str, Any]:
    """The percentage that is right, with its interval."""
    low, high = metrics.interval(right, n)
    return card.figure(100 * right / n, "%", of, n=n, interval=(100 * low, 100 * high))


def of_confidence(answers: Answers, threshold: float) -> Figures:
    """Loss, calibration, and how good the answers are that are sure."""
    name, of, n = answers.name, answers.of, len(answers.labels)
    sure = answers.confidence > threshold
    error = metrics.calibration_error(answers.probabilities, answers.labels)
    loss = metrics.loss(answers.probabilities, answers.labels)
    found = {
        f"{name}_loss": card.figure(loss, "nats", of, n=n),
        f"ece_{name}": card.figure(100 * error, "%", f"{of}, {metrics.BINS} bins", n=n),
        f"{name}_sure": card.figure(100 * float(sure.mean()), "%", f"answers sure on {of}", n=n),
    }
    if not sure.any():
        return found
    right = int(answers.right[sure].sum())
    return found | {f"{name}_sure_accuracy": accuracy(right, int(sure.sum()), f"{of}, where sure")}


def of_paint(right: int, n: int) -> Figures:
    """How many of the digits from paint programs are right."""
    low, high = metrics.interval(right, n)
    of = "digits drawn in paint programs"
    return {"paint_correct": card.figure(right, "digits", of, n=n, interval=(low * n, high * n))}
