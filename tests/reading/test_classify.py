"""One character, from strokes and from pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from recognizer import Prediction, Recognizer
from recognizer.files import SAVED_MODEL
from recognizer.model.card import CARD_FILE
from recognizer.strokes import Stroke
from tests.samples import drawn, pen_digits


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer()


def check(prediction: Prediction) -> None:
    assert prediction.probabilities.shape == (10,)
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-4)
    assert prediction.digit == prediction.ranking[0] == prediction.probabilities.argmax()
    assert prediction.confidence == pytest.approx(prediction.joint.max())
    assert sorted(prediction.ranking) == list(range(10))


def test_pen_strokes_are_read(recognizer: Recognizer) -> None:
    for drawing, digit in pen_digits():
        prediction = recognizer.classify_strokes(drawing)
        check(prediction)
        assert prediction.digit == digit


@pytest.mark.parametrize("share", [0.1, 0.4, 1.0])
def test_size_place_and_pen_do_not_matter(recognizer: Recognizer, share: float) -> None:
    for number, (drawing, digit) in enumerate(pen_digits()):
        moved = [Stroke(line * share + 50 * (1 - share) * number, 12 * share) for line in drawing]
        assert recognizer.classify_strokes(moved, extent=(2000, 2000)).digit == digit


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize(
    ("side", "pen"), [(28, 2), (28, 1), (200, 5), (560, 2), (560, 30), (2000, 20)]
)
def test_pictures_are_read(recognizer: Recognizer, side: int, pen: int, flip: bool) -> None:
    numbers = range(20) if side < 1000 else range(0, 20, 5)
    right = 0
    for number in numbers:
        drawing, digit = pen_digits()[number]
        ink = drawn(drawing, side, pen, 0.7, at=(0.8, 0.3))
        prediction = recognizer.classify_image(255 - ink if flip else ink)
        check(prediction)
        right += prediction.digit == digit
    assert right >= len(numbers) - 1


def test_a_file_reads_like_its_array(recognizer: Recognizer, tmp_path: Path) -> None:
    picture: NDArray[np.uint8] = 255 - drawn(pen_digits()[6][0], 150, 9)
    path = tmp_path / "3.png"
    Image.fromarray(picture).save(path)
    file, array = recognizer.classify_image(path), recognizer.classify_image(picture)
    assert np.array_equal(file.glyph, array.glyph)
    assert file.digit == array.digit


@pytest.mark.parametrize("strokes", [[], [[]], [np.zeros((0, 2))]])
def test_an_empty_drawing_has_no_answer(recognizer: Recognizer, strokes: list[object]) -> None:
    prediction = recognizer.classify_strokes(strokes)
    assert prediction.digit is None
    assert prediction.confidence == 0
    assert not prediction.sure
    assert np.allclose(prediction.probabilities, 0.1)


def test_a_blank_picture_has_no_answer(recognizer: Recognizer) -> None:
    assert recognizer.classify_image(np.full((50, 50), 255, dtype=np.uint8)).digit is None


def test_sure_means_above_the_threshold_of_the_card(recognizer: Recognizer) -> None:
    card = json.loads((SAVED_MODEL / CARD_FILE).read_text(encoding="utf-8"))
    for drawing, _ in pen_digits():
        prediction = recognizer.classify_strokes(drawing)
        assert prediction.sure == (prediction.confidence > card["acceptance_threshold"]["digits"])
