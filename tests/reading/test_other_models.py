"""Models with other labels, another threshold and other costs of segmentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognizer import Prediction, Recognizer
from recognizer.geometry import Points
from recognizer.glyph import normalize
from recognizer.ink import render
from recognizer.model import card
from recognizer.model.card import CARD_FILE
from recognizer.strokes import Stroke
from tests.samples import (
    SIGNS,
    changed,
    copied_model,
    mnist,
    number,
    pen_digits,
    sign_model,
    signs,
)

TEXTS = ["A", "7", "+", "A7+", "7+7", "AA", "+A7A+"]
PEN = 9.0


def strokes_of(text: str) -> list[Stroke]:
    return [Stroke(line, PEN) for sign in signs(text) for line in sign]


def picture_of_signs(text: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return 255 - render(strokes_of(text), (150 + 110 * len(text), 220))


@pytest.fixture
def reader(tmp_path: Path) -> Recognizer:
    """Reads the three signs."""
    return Recognizer(sign_model(tmp_path))


def check(prediction: Prediction, sign: str) -> None:
    assert prediction.label == sign
    assert prediction.labels == tuple(SIGNS)
    assert prediction.digit == (7 if sign == "7" else None)
    assert prediction.probabilities.shape == (3,)
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-4)
    assert prediction.confidence == pytest.approx(prediction.probabilities.max())
    assert prediction.ranking[0] == sign
    assert sorted(map(str, prediction.ranking)) == sorted(SIGNS)
    assert all(isinstance(label, str) for label in prediction.ranking)
    assert prediction.likeliest(2)[0] == (sign, prediction.confidence)
    assert prediction.other == 0


def test_its_labels_are_those_of_its_card(reader: Recognizer) -> None:
    assert reader.labels == ("A", "7", "+")


def test_probabilities_are_of_its_labels(reader: Recognizer) -> None:
    glyphs = [normalize(render(strokes_of(sign), (200, 220))) for sign in SIGNS]
    rows = reader.predict_proba(np.stack(glyphs))
    assert rows.shape == (3, 3)
    assert rows.argmax(axis=1).tolist() == [0, 1, 2]
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-4)
    assert reader.predict_proba(mnist()[0]).shape == (50, 3)


@pytest.mark.parametrize("sign", SIGNS)
def test_one_sign_is_read(reader: Recognizer, sign: str) -> None:
    for prediction in (
        reader.classify_strokes(strokes_of(sign)),
        reader.classify_image(picture_of_signs(sign)),
    ):
        check(prediction, sign)
        assert prediction.box is None


@pytest.mark.parametrize("text", TEXTS)
def test_signs_are_read_from_strokes(reader: Recognizer, text: str) -> None:
    reading = reader.read_strokes(strokes_of(text), (900, 300))
    assert reading.text == text
    assert reading.sure
    for prediction, sign in zip(reading.digits, text, strict=True):
        check(prediction, sign)


@pytest.mark.parametrize("text", TEXTS)
def test_signs_are_read_from_pictures(reader: Recognizer, text: str) -> None:
    reading = reader.read_image(picture_of_signs(text))
    assert reading.text == text
    for prediction, sign in zip(reading.digits, text, strict=True):
        check(prediction, sign)


def test_two_lines_of_signs_are_two_lines_of_text(reader: Recognizer) -> None:
    below = [Stroke(line + np.array((0.0, 170.0)), PEN) for sign in signs("7A") for line in sign]
    assert reader.read_strokes([*below, *strokes_of("A+")], (500, 500)).lines == ["A+", "7A"]


def test_an_empty_drawing_has_no_label(reader: Recognizer) -> None:
    prediction = reader.classify_strokes([])
    assert (prediction.label, prediction.digit, prediction.confidence) == (None, None, 0)
    assert np.allclose(prediction.probabilities, 1 / 3)
    assert reader.read_strokes([]).text == ""
    assert reader.read_image(np.full((60, 90), 255, np.uint8)).text == ""


def test_any_drawing_is_one_of_its_labels(reader: Recognizer) -> None:
    for drawing, _ in pen_digits():
        assert set(reader.read_strokes(drawing).text) <= set(SIGNS)


def test_labels_may_be_longer_than_a_character(tmp_path: Path) -> None:
    reader = Recognizer(sign_model(tmp_path, {"labels": ["ten", "12", "plus"]}))
    reading = reader.read_strokes(strokes_of("A7+"), (900, 300))
    assert reading.text == "ten12plus"
    assert [each.digit for each in reading.digits] == [None, None, None]
    assert [each["label"] for each in reading.as_json()["digits"]] == ["ten", "12", "plus"]


def test_labels_that_all_are_digits_are_ranked_as_numbers(tmp_path: Path) -> None:
    reader = Recognizer(sign_model(tmp_path, {"labels": ["4", "7", "1"]}))
    assert sorted(reader.classify_strokes(strokes_of("7")).ranking) == [1, 4, 7]


@pytest.mark.parametrize("threshold", [0.0, 0.95, 0.98, 1.0])
def test_the_threshold_is_that_of_its_card(tmp_path: Path, threshold: float) -> None:
    reader = Recognizer(sign_model(tmp_path, {"acceptance_threshold": threshold}))
    assert reader.threshold == threshold
    # A pen as thick as half the sign leaves it less certain.
    drawings = [
        [Stroke(stroke.points, pen) for stroke in strokes_of(sign)]
        for pen in (PEN, 50.0)
        for sign in SIGNS
    ]
    found = [reader.classify_strokes(drawing) for drawing in drawings]
    found += [reader.classify_image(255 - render(drawing, (250, 250))) for drawing in drawings]
    assert all(each.sure == (each.confidence > threshold) for each in found)
    assert {each.sure for each in found} == {threshold < 1, threshold == 0}


def costs(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = card.read(folder / CARD_FILE)["segmentation"]
    return found


def test_the_costs_of_joining_strokes_are_those_of_its_card(tmp_path: Path) -> None:
    """Where joining costs much, no strokes are joined; where it earns, neighbours are."""
    folder = copied_model(tmp_path)
    digits = number([4, 5, 7], 0.15)
    assert [len(digit) for digit in digits] == [2, 2, 2]

    def read_with(digits: list[list[Points]], **changes: float) -> int:
        found = costs(folder)
        found["strokes"] |= changes
        changed(folder, segmentation=found)
        drawing = [line for digit in digits for line in digit]
        return len(Recognizer(folder).read_strokes(drawing, (1000, 300)).digits)

    assert read_with(digits) == 3
    assert read_with(digits, join=50.0) == 6
    assert read_with(number([1, 1]), join=-1.85) == 2
    assert read_with(number([1, 1]), join=-50.0) == 1


def test_two_models_keep_what_is_their_own(tmp_path: Path, reader: Recognizer) -> None:
    saved = Recognizer()
    assert len(saved.labels) == 10
    assert reader.labels == ("A", "7", "+")
    assert saved.threshold != reader.threshold
    assert reader.read_strokes(strokes_of("A7"), (900, 300)).text == "A7"
    assert saved.read_strokes([line for digit in number([4, 7]) for line in digit]).text == "47"
