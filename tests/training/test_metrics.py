"""The measures, against scikit-learn, hand-made cases and their own definitions."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss

from recognizer.model import Probabilities
from recognizer.training import metrics

RNG = np.random.default_rng(5)


def made(n: int, sharpness: float) -> tuple[Probabilities, metrics.ClassNumbers]:
    """Answers whose labels are drawn from the very probabilities they state, then sharpened."""
    logits = RNG.normal(0, 2, (n, 10))
    honest = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([RNG.choice(10, p=row) for row in honest], dtype=np.uint8)
    sharp = honest**sharpness
    return (sharp / sharp.sum(axis=1, keepdims=True)).astype(np.float32), labels


def test_accuracy_and_loss_agree_with_scikit_learn() -> None:
    probabilities, labels = made(2000, 1.0)
    predictions = probabilities.argmax(axis=1)
    assert metrics.accuracy(probabilities, labels) == accuracy_score(labels, predictions)
    exact = probabilities.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)
    expected = log_loss(labels, exact, labels=list(range(10)))
    assert metrics.loss(probabilities, labels) == pytest.approx(expected, abs=1e-5)


def test_honest_answers_have_a_small_calibration_error_and_boastful_ones_a_large() -> None:
    assert metrics.calibration_error(*made(20000, 1.0)) < 0.015
    assert metrics.calibration_error(*made(20000, 3.0)) > 0.1


def test_calibration_error_by_hand() -> None:
    # Two predictions at 0.9, one of them right: a gap of 0.4; two at 0.6, both right: again 0.4.
    rest = np.zeros(8)
    rows = [[0.9, 0.1, *rest], [0.9, 0.1, *rest], [0.6, 0.4, *rest], [0.6, 0.4, *rest]]
    labels = np.array([0, 1, 0, 0], dtype=np.uint8)
    assert metrics.calibration_error(np.array(rows, np.float32), labels) == pytest.approx(0.4)


def test_the_interval_holds_its_share() -> None:
    low, high = metrics.interval(9970, 10000)
    assert low == pytest.approx(0.99573, abs=1e-4)
    assert high == pytest.approx(0.99790, abs=1e-4)
