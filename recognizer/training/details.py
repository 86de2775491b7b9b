"""Everything that the report tells of one data set, as an object of JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import classification_report, confusion_matrix

from recognizer.reading import DIGITS
from recognizer.training import metrics
from recognizer.training.answers import Answers

COVERAGE_POINTS = 200
"""Points kept of the curve of accuracy against share of answers given."""


def describe(answers: Answers, threshold: float) -> dict[str, Any]:
    """Shares are 0..1; intervals are of 95 % (Wilson)."""
    probabilities, labels = answers.probabilities, answers.labels
    sure = answers.confidence > threshold
    matrix = confusions(answers)
    return {
        "of": answers.of,
        "n": len(labels),
        "accuracy": _share(int(answers.right.sum()), len(labels)),
        "top_2": _share(metrics.top(probabilities, labels, 2), len(labels)),
        "loss": metrics.loss(probabilities, labels),
        "calibration_error": metrics.calibration_error(probabilities, labels),
        "sure": _share(int(sure.sum()), len(labels)),
        "sure_accuracy": _share(int(answers.right[sure].sum()), int(sure.sum())),
        "digits": per_digit(answers),
        "confusion_matrix": matrix,
        "commonest_confusions": _commonest(matrix),
        "reliability": _bins(answers),
        "coverage": _coverage(answers),
        "misread": _misread(answers),
    }


def confusions(answers: Answers) -> list[list[int]]:
    """10 rows, the true digits, of 10 columns, the answers."""
    matrix = confusion_matrix(answers.labels, answers.digits, labels=range(DIGITS))
    return [[int(count) for count in row] for row in matrix]


def classification(answers: Answers) -> str:
    """scikit-learn's classification report."""
    return str(_report(answers, as_json=False))


def per_digit(answers: Answers) -> dict[str, dict[str, float]]:
    """scikit-learn's classification report, an object a digit, and its means."""
    return dict(_report(answers, as_json=True))


def _report(answers: Answers, as_json: bool) -> Any:
    return classification_report(
        answers.labels,
        answers.digits,
        labels=range(DIGITS),
        digits=4,
        output_dict=as_json,
        zero_division=0,
    )


def _share(right: int, of: int) -> dict[str, Any]:
    """A share with its interval; None of nothing."""
    if of == 0:
        return {"value": None, "interval": None, "right": 0, "n": 0}
    return {"value": right / of, "interval": metrics.interval(right, of), "right": right, "n": of}


def _commonest(matrix: list[list[int]]) -> list[dict[str, int]]:
    wrong = [
        {"truth": truth, "answer": answer, "count": count}
        for truth, row in enumerate(matrix)
        for answer, count in enumerate(row)
        if count and truth != answer
    ]
    return sorted(wrong, key=lambda found: -found["count"])


def _bins(answers: Answers) -> list[dict[str, Any]]:
    return [
        {
            "from": b.low,
            "to": b.high,
            "n": b.n,
            "confidence": b.confidence,
            "accuracy": b.right / b.n,
            "interval": metrics.interval(b.right, b.n),
        }
        for b in metrics.reliability(answers.probabilities, answers.labels)
    ]


def _coverage(answers: Answers) -> list[tuple[float, float]]:
    given, accuracy = metrics.coverage(answers.probabilities, answers.labels)
    # The end of the curve, where the unsure answers are, is what matters.
    evenly = np.linspace(0, len(given) - 1, COVERAGE_POINTS)
    end = np.arange(max(0, len(given) - COVERAGE_POINTS), len(given))
    kept = np.unique(np.concatenate([evenly.astype(int), end]))
    return [(float(given[at]), float(accuracy[at])) for at in kept]


def _misread(answers: Answers) -> list[dict[str, Any]]:
    """The most confident first; `number` counts from 0 in the data set."""
    wrong = np.flatnonzero(~answers.right)
    wrong = wrong[np.argsort(-answers.confidence[wrong], kind="stable")]
    return [
        {
            "number": int(at),
            "truth": int(answers.labels[at]),
            "answer": int(answers.digits[at]),
            "confidence": float(answers.confidence[at]),
        }
        for at in wrong
    ]
