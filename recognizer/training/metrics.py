"""How good predictions are, and how far their confidence can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from recognizer.model import Probabilities

ClassNumbers = NDArray[np.uint8]
Judged = tuple[Probabilities, ClassNumbers]
"""Predictions, and what would have been right."""
BINS = 15
RESAMPLES, RESAMPLES_SEED = 10_000, 102
"""Of the writers, for the interval of their mean."""


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


def accuracies(right: NDArray[np.bool_], writers: NDArray[np.str_]) -> dict[str, float]:
    """The share of each writer's characters that is right, by the writers' names."""
    names, numbers = np.unique(writers, return_inverse=True)
    shares = np.bincount(numbers, right) / np.bincount(numbers)
    return dict(zip(names.tolist(), shares.tolist(), strict=True))


def mean_interval(shares: Sequence[float]) -> tuple[float, float] | None:
    """95 % interval of the mean over writers: what other writers of the kind would have given.

    The percentile bootstrap over writers (Efron: Bootstrap methods, 1979), seeded: the characters
    of a writer are alike, so that to count characters would promise too much. None if all writers
    are the same, which tells nothing of others.
    """
    if len(set(shares)) < 2:
        return None
    return _interval_of(np.asarray(shares)[_resampled(len(shares))].mean(axis=1))


def ratio_interval(
    parts: NDArray[np.integer], wholes: NDArray[np.integer]
) -> tuple[float, float] | None:
    """95 % interval of a ratio of sums over writers, such as of counts (n,), as `mean_interval`.

    None if only one writer has any of the whole.
    """
    if np.count_nonzero(wholes) < 2:
        return None
    drawn = _resampled(len(wholes))
    sums = wholes[drawn].sum(axis=1)
    return _interval_of(parts[drawn].sum(axis=1)[sums > 0] / sums[sums > 0])


def _resampled(writers: int) -> NDArray[np.integer]:
    """Numbers of writers drawn with replacement, (RESAMPLES, writers)."""
    rng = np.random.default_rng(RESAMPLES_SEED)
    return rng.choice(writers, (RESAMPLES, writers))


def _interval_of(found: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def worst_tenth(shares: Sequence[float]) -> float:
    """The mean over the tenth of the writers, one at least, whose characters are read worst."""
    return float(np.sort(shares)[: -(-len(shares) // 10)].mean())
