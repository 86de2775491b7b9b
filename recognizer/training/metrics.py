"""How good predictions are, and how far their confidence can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from scipy.stats import binomtest

from recognizer.model import Probabilities

ClassNumbers = NDArray[np.uint8]
Judged = tuple[Probabilities, ClassNumbers]
"""Predictions, and what would have been right."""
BINS = 15


def accuracy(probabilities: Probabilities, labels: ClassNumbers) -> float:
    """Share of the predictions (the likeliest labels) that are right, 0..1."""
    return float(np.mean(probabilities.argmax(axis=1) == labels))


def interval(right: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson: Probable inference, 1927)."""
    bounds = binomtest(right, of).proportion_ci(method="wilson")
    return float(bounds.low), float(bounds.high)


def loss(probabilities: Probabilities, labels: ClassNumbers) -> float:
    """Mean cross-entropy in nats."""
    right = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(right, 1e-7)).mean())


def top(probabilities: Probabilities, labels: ClassNumbers, k: int) -> int:
    """How many labels are among the k likeliest ones."""
    likeliest = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]
    return int(np.sum(likeliest == labels[:, None]))


@dataclass(frozen=True)
class ReliabilityBin:
    """Predictions of about the same confidence: how many, how many right, their mean confidence."""

    low: float
    high: float
    n: int
    right: int
    confidence: float


def reliability(probabilities: Probabilities, labels: ClassNumbers) -> list[ReliabilityBin]:
    """The predictions in 15 bins of confidence of equal width; empty bins are left out."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    found = []
    for b in np.unique(bins).tolist():
        own, low, high = bins == b, b / BINS, (b + 1) / BINS
        n, correct, mean = own.sum(), right[own].sum(), confidence[own].mean()
        found.append(ReliabilityBin(low, high, int(n), int(correct), float(mean)))
    return found


def calibration_error(probabilities: Probabilities, labels: ClassNumbers) -> float:
    """Expected calibration error, 0..1: |accuracy - confidence|, averaged over 15 equal bins.

    Guo, Pleiss, Sun, Weinberger: On calibration of modern neural networks (2017).
    """
    bins = reliability(probabilities, labels)
    return sum(abs(b.right - b.n * b.confidence) for b in bins) / len(labels)


def coverage(
    probabilities: Probabilities, labels: ClassNumbers
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of the predictions accepted and accuracy of those, for each threshold from high to low.

    El-Yaniv, Wiener: On the foundations of noise-free selective classification (2010).
    Returns two arrays (m,), one point for every confidence that occurs.
    """
    confidence, right = _most_confident_first(probabilities, labels)
    given = np.arange(1, len(labels) + 1)
    # Predictions of the same confidence are accepted together or not at all.
    last = np.append(np.diff(confidence) != 0, True)
    return given[last] / len(labels), np.cumsum(right)[last] / given[last]


def _most_confident_first(
    probabilities: Probabilities, labels: ClassNumbers
) -> tuple[Probabilities, NDArray[np.bool_]]:
    """Confidences (n,) from high to low, and whether each prediction is right."""
    confidence = probabilities.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    return confidence[order], (probabilities.argmax(axis=1) == labels)[order]


def temperature(parts: list[Judged]) -> float:
    """What to divide the logits by, so that the mean loss of all parts is smallest.

    Temperature scaling (Guo and others, 2017). Each part counts the same, whatever its size.
    """

    def mean_loss(log_temperature: float) -> float:
        losses = []
        for probabilities, labels in parts:
            logits = np.log(np.maximum(probabilities, 1e-30)) / np.exp(log_temperature)
            right = logits[np.arange(len(labels)), labels]
            losses.append(np.mean(logsumexp(logits, axis=1) - right))
        return float(np.mean(losses))

    return float(np.exp(minimize_scalar(mean_loss, bounds=(-2, 2), method="bounded").x))


def acceptance_threshold(parts: list[Judged], wrong_share: float = 0.001) -> float:
    """The least confidence above which at most `wrong_share` of each part's predictions are wrong.

    At least one half: a prediction that is as likely wrong as right is never sure.
    """
    return max([0.5] + [_part_threshold(*part, wrong_share) for part in parts])


def _part_threshold(probabilities: Probabilities, labels: ClassNumbers, share: float) -> float:
    confidence, right = _most_confident_first(probabilities, labels)
    good = np.flatnonzero(np.cumsum(~right) <= share * np.arange(1, len(labels) + 1))
    accepted = int(good[-1]) + 1 if len(good) else 0
    if accepted == len(labels):
        return 0.0
    # Halfway to the most confident prediction that is left out, so that rounding does not matter.
    last = confidence[accepted - 1] if accepted else 1.0
    return float((last + confidence[accepted]) / 2)
