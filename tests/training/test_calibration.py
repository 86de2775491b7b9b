"""Temperature and thresholds, on made predictions of which it is known how good they are."""

from __future__ import annotations

from dataclasses import replace
from string import ascii_lowercase
from typing import Any

import numpy as np
import pytest

from recognizer.labels import label_set
from recognizer.model import Probabilities, given_inside
from recognizer.training import calibration, metrics
from recognizer.training.calibration import Characters
from tests.training.test_metrics import made

DIGITS = label_set("digits")
KNOWN = (*DIGITS, *"acdefh+")
RNG = np.random.default_rng(15)


def characters(
    n: int,
    sharpness: float = 1.0,
    *,
    writers: int = 20,
    known: tuple[str, ...] = KNOWN,
    spread: float = 4.0,
) -> Characters:
    """What an honest network answers to characters of `known` and to doodles, then sharpened."""
    logits = RNG.normal(0, spread, (n, len(known) + 1))
    honest = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = (honest.cumsum(axis=1) < RNG.random((n, 1))).sum(axis=1)
    sharp = honest**sharpness
    numbers = RNG.integers(writers, size=n)
    return Characters(
        known,
        (sharp / sharp.sum(axis=1, keepdims=True))[:, :-1].astype(np.float32),
        np.array([*known, ""])[truth],
        np.array([f"set{number % 4}" for number in numbers]),
        np.array([f"set{number % 4}/{number:03}" for number in numbers]),
        np.zeros(n, dtype=bool),
        np.zeros(n, dtype=bool),
    )


def wrong_share(confidence: Probabilities, right: calibration.Mask, threshold: float) -> float:
    sure = confidence > threshold
    return float((~right)[sure].mean()) if sure.any() else 0.0


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 2.5])
def test_temperature_undoes_sharpening(sharpness: float) -> None:
    probabilities, labels = made(20000, sharpness)
    found = calibration.temperature([(probabilities, np.eye(10, dtype=bool)[labels])])
    assert found == pytest.approx(sharpness, rel=0.05)


@pytest.mark.parametrize("sharpness", [0.6, 1.0, 1.8])
def test_temperature_of_characters_undoes_sharpening(sharpness: float) -> None:
    found = characters(20000, sharpness)
    by = calibration.temperature_of(found)
    assert by == pytest.approx(sharpness, rel=0.05)
    honest = replace(found, probabilities=calibration.scaled(found.probabilities, by))
    digits = honest.where(np.isin(found.labels, DIGITS)).answers("digits")
    given, truth = given_inside(digits.joint)[0], digits.truth.astype(np.uint8)
    assert metrics.calibration_error(given, truth) < 0.02


def test_characters_of_one_look_are_one_to_the_temperature() -> None:
    """Whether a ring was meant as O, o or 0 tells nothing of how good the network is."""
    found = characters(6000, 1.8, known=(*DIGITS, *"abcdOo"))
    rings = np.isin(found.labels, ["0", "O", "o"])
    labels = np.where(rings, RNG.choice(["0", "O", "o"], len(rings)), found.labels)
    mixed = calibration.temperature_of(replace(found, labels=labels))
    assert mixed == pytest.approx(calibration.temperature_of(found), rel=1e-6)


def test_each_set_counts_the_same_for_the_temperature() -> None:
    large, small = characters(6000, 2.0), characters(600, 1.0)
    small = replace(small, sets=np.full(600, "small"), writers=np.full(600, "small/1"))
    large = replace(large, sets=np.full(6000, "large"))
    both = joined(large, small)
    found = calibration.temperature_of(both)
    doubled = calibration.temperature_of(joined(large, large, small))
    assert 1.2 < found < 1.8
    assert doubled == pytest.approx(found, rel=1e-6)


def joined(*parts: Characters) -> Characters:
    """Several as one."""
    names = ("probabilities", "labels", "sets", "writers", "pictures", "doubtful")
    whole: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in names
    }
    return replace(parts[0], **whole)


def test_scaled_probabilities_keep_the_mass_of_none() -> None:
    given = np.array([[0.5, 0.3]], dtype=np.float32)
    squared = np.array([0.25, 0.09, 0.04])
    expected = squared / squared.sum()
    np.testing.assert_allclose(calibration.scaled(given, 0.5), [expected[:2]], rtol=1e-5)
    np.testing.assert_allclose(calibration.scaled(given, 1.0), given, rtol=1e-5)


def test_scaled_twice_is_scaled_by_the_product() -> None:
    given = characters(50).probabilities
    twice = calibration.scaled(calibration.scaled(given, 1.7), 0.8)
    np.testing.assert_allclose(twice, calibration.scaled(given, 1.36), atol=1e-5)


def test_the_threshold_keeps_its_promise_and_is_the_smallest() -> None:
    probabilities, labels = made(5000, 1.0)
    confidence = probabilities.max(axis=1)
    wrong = probabilities.argmax(axis=1) != labels
    threshold = calibration.threshold(confidence, ~wrong, wrong_share=0.02)
    assert wrong[confidence > threshold].mean() <= 0.02
    for lower in confidence[(confidence < threshold) & (confidence > 0.5)]:
        assert wrong[confidence >= lower].mean() > 0.02


def test_the_threshold_of_faultless_answers_is_one_half() -> None:
    assert calibration.threshold(np.ones(10, np.float32), np.ones(10, dtype=bool)) == 0.5


def test_what_is_of_the_same_confidence_is_sure_together() -> None:
    confidence = np.array([0.9, 0.8, 0.8, 0.8], dtype=np.float32)
    right = np.array([True, True, True, False])
    assert calibration.threshold(confidence, right, wrong_share=0.2) == pytest.approx(0.85)


def test_a_hundredth_of_what_is_none_may_be_sure() -> None:
    n = 10000
    confidence = RNG.uniform(0, 1, n).astype(np.float32)
    doodle = np.arange(n) % 2 == 0
    joint = np.zeros((n, 11), dtype=np.float32)
    joint[:, 3] = np.where(doodle, confidence, 0.9999)
    found = Characters(
        (*DIGITS, "a"),
        joint,
        np.where(doodle, "", "3"),
        np.full(n, "set"),
        np.array([f"set/{number % 50}" for number in range(n)]),
        np.zeros(n, dtype=bool),
        np.zeros(n, dtype=bool),
    )
    threshold = calibration.thresholds_of(found)["digits"]
    assert (confidence[doodle] > threshold).mean() == pytest.approx(0.01, abs=0.0005)
    assert calibration.thresholds_of(found.where(~doodle))["digits"] == calibration.MIN_THRESHOLD


def test_doubtful_labels_fit_nothing() -> None:
    found = characters(3000)
    spoilt = RNG.random(3000) < 0.05
    wrong = np.where(spoilt, "d", found.labels)
    marked = replace(found, labels=wrong, doubtful=spoilt)
    left_out = found.where(~spoilt)
    assert calibration.temperature_of(marked) == calibration.temperature_of(left_out)
    assert calibration.thresholds_of(marked) == calibration.thresholds_of(left_out)


def test_strokes_and_pictures_each_keep_the_promise() -> None:
    good, bad = characters(20000), characters(20000, 1.5)
    both = joined(good, replace(bad, pictures=np.ones(20000, dtype=bool)))
    alone = [calibration.thresholds_of(part)["digits"] for part in (good, bad)]
    assert calibration.thresholds_of(both)["digits"] == max(alone)


def test_every_set_of_labels_that_is_known_and_was_written_gets_a_threshold() -> None:
    found = characters(3000)
    assert set(calibration.thresholds_of(found)) == {"digits", "sums", "letters"}
    no_letter = found.where(~np.char.isalpha(found.labels))
    assert set(calibration.thresholds_of(no_letter)) == {"digits", "sums"}
    only = characters(3000, known=DIGITS)
    assert set(calibration.thresholds_of(only)) == {"digits"}


def test_look_alikes_are_neither_digits_nor_others() -> None:
    found = replace(characters(6), labels=np.array(["0", "O", "a", "", "|", "?"]))
    answers = found.answers("digits")
    assert answers.is_asked.tolist() == [True, False, False, False, False, False]
    assert answers.is_none.tolist() == [False, False, True, True, False, True]


def test_a_letter_is_right_in_either_case() -> None:
    known = tuple(ascii_lowercase + ascii_lowercase.upper())
    probabilities = np.eye(52, dtype=np.float32)[[0, 26, 26, 1]]
    found = replace(
        characters(4, known=known), probabilities=probabilities, labels=np.array([*"aabB"])
    )
    assert found.answers("letters").right.tolist() == [True, True, False, True]


def test_nobody_is_measured_with_what_they_helped_to_set() -> None:
    """Whatever a writer's labels and probabilities are, that writer's own fold stays the same."""
    found = characters(3000)
    fitted = calibration.cross_fit(found)
    for name in ("set0/000", "set3/007"):
        own = found.writers == name
        (fold,) = set(fitted.folds[own].tolist())
        other = replace(
            found,
            labels=np.where(own, "d", found.labels),
            probabilities=np.where(own[:, None], np.float32(1 / 18), found.probabilities),
        )
        again = calibration.cross_fit(other)
        assert again.temperatures[fold] == fitted.temperatures[fold]
        assert again.thresholds[fold] == fitted.thresholds[fold]
        changed = [again.temperatures[n] != fitted.temperatures[n] for n in range(5) if n != fold]
        assert all(changed)


def test_every_writer_is_in_one_fold_and_every_set_in_several() -> None:
    found = characters(3000)
    folds = calibration.cross_fit(found).folds
    for writer in np.unique(found.writers):
        assert len(set(folds[found.writers == writer].tolist())) == 1
    for name in np.unique(found.sets):
        assert len(set(folds[found.sets == name].tolist())) == 5


def test_cross_fitted_confidence_is_honest_and_what_is_sure_is_right() -> None:
    found = characters(20000, 2.0, writers=100, spread=12)
    fitted = calibration.cross_fit(found)
    assert fitted.temperatures == pytest.approx([2.0] * 5, rel=0.05)
    answers, sure = fitted.characters.answers("digits"), fitted.sure("digits")
    digits = answers.is_asked
    assert 0.2 < sure[digits].mean() < 0.9
    assert (~answers.right)[sure & digits].mean() < 0.002
    before = found.answers("digits")
    assert wrong_share(before.confidence[digits], before.right[digits], 0.99) > 0.005


def test_a_single_writer_is_never_sure() -> None:
    alone = characters(200, writers=1)
    fitted = calibration.cross_fit(alone)
    assert not fitted.sure("digits").any()
    np.testing.assert_allclose(fitted.characters.probabilities, alone.probabilities, atol=1e-6)
