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


def test_the_mean_over_writers_is_not_the_share_of_their_characters() -> None:
    right = np.array([True] * 98 + [False] * 2 + [True, False])
    writers = np.array(["many"] * 100 + ["few"] * 2)
    found = metrics.accuracies(right, writers)
    assert found == {"few": 0.5, "many": 0.98}
    assert np.mean([*found.values()]) == pytest.approx(0.74)
    assert right.mean() == pytest.approx(0.97, abs=0.002)


def test_the_interval_over_writers_holds_the_true_mean() -> None:
    """In 95 of 100 samples of writers, or a little less, for they are few and differ a lot."""
    rng = np.random.default_rng(4)
    samples = [rng.beta(20, 1, 40) for _ in range(300)]
    intervals = [metrics.mean_interval(sample.tolist()) for sample in samples]
    held = [low <= 20 / 21 <= high for low, high in filter(None, intervals)]
    assert 0.9 <= np.mean(held) <= 0.98
    assert intervals[0] == metrics.mean_interval(samples[0].tolist())


def test_the_interval_is_of_writers_not_of_their_characters() -> None:
    low, high = metrics.mean_interval([1.0] * 15 + [0.6] * 5) or (0, 0)
    assert (low, high) == pytest.approx((0.81, 0.97), abs=0.025)
    assert metrics.mean_interval([0.99]) is None
    assert metrics.mean_interval([1.0] * 30) is None


def test_the_worst_tenth_of_the_writers() -> None:
    shares = [0.5, 0.6, *[0.9] * 17, 1.0]
    assert metrics.worst_tenth(shares) == pytest.approx(0.55)
    assert metrics.worst_tenth([*shares, 0.7]) == pytest.approx(0.6)
    assert metrics.worst_tenth([0.8, 0.9]) == pytest.approx(0.8)
