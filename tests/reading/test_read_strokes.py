"""Numbers from strokes: their text, their boxes, and every bad input."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.strokes import bounds
from tests.samples import PEN, inked, number, pen_digits, read_drawing, recognizer, together

calm = settings(deadline=None, max_examples=40, derandomize=True)


@pytest.mark.parametrize("sample", range(20))
def test_a_digit_alone_is_read_as_before(sample: int) -> None:
    strokes, digit = pen_digits()[sample]
    reading, alone = read_drawing(strokes), recognizer().classify_strokes(strokes, (1000, 300))
    assert reading.text == str(digit)
    (found,) = reading.digits
    assert found.confidence == alone.confidence and found.sure == alone.sure == reading.sure
    assert np.array_equal(found.glyph, alone.glyph)


@pytest.mark.parametrize("height", [12, 40, 300])
@pytest.mark.parametrize("corner", [(0, 0), (900, 0), (0, 250), (900, 250)])
def test_one_digit_in_a_corner(corner: tuple[int, int], height: float) -> None:
    (digit,) = number([4], height=height)
    moved = [line - (50, 60) + corner for line in digit]
    assert recognizer().read_strokes(inked(moved), (1000, 300)).text == "4"


def test_every_digit_has_its_box() -> None:
    digits = number([2, 5, 7])
    reading = read_drawing(together(digits))
    for prediction, drawing in zip(reading.digits, digits, strict=True):
        x, y, width, height = bounds(inked(drawing))
        expected = (x - PEN / 2, y - PEN / 2, width + PEN, height + PEN)
        assert prediction.box == pytest.approx(expected)


def test_a_reading_is_written_as_json() -> None:
    reading = read_drawing(together([*number([2, 5]), *number([7], top=260)]))
    written = json.loads(json.dumps(reading.as_json()))
    assert (written["text"], written["sure"]) == ("25\n7", reading.sure)
    assert written["confidence"] == pytest.approx(reading.confidence, abs=1e-4)
    for digit, found in zip(reading.digits, written["digits"], strict=True):
        assert (found["label"], found["digit"]) == (digit.label, digit.digit)
        assert found["sure"] == digit.sure
        assert found["other"] == pytest.approx(digit.other, abs=1e-4)
        assert found["confidence"] == pytest.approx(digit.confidence, abs=1e-4)
        assert found["probabilities"] == pytest.approx(digit.probabilities.tolist(), abs=1e-4)
        assert found["box"] == pytest.approx(digit.box, abs=0.1)
    alone = recognizer().classify_strokes(number([7])[0])
    assert alone.as_json()["box"] is None


def test_an_empty_drawing_has_no_text() -> None:
    for drawing in (list[Any](), [list[Any]()]):
        reading = read_drawing(drawing)
        assert (reading.text, reading.digits, reading.confidence) == ("", (), 0)
        assert not reading.sure


@given(seed=st.integers(0, 2**32 - 1), scale=st.floats(0.01, 1000), away=st.floats(-1e5, 1e5))
@calm
def test_size_and_place_do_not_matter(seed: int, scale: float, away: float) -> None:
    rng = np.random.default_rng(seed)
    digits = rng.integers(0, 10, 3).tolist()
    strokes = [line * scale + away * scale for digit in number(digits) for line in digit]
    reading = recognizer().read_strokes(strokes, (1000 * scale, 300 * scale))
    assert reading.text == "".join(map(str, digits))


ordinary = st.floats(-1e9, 1e9) | st.integers(-500, 1000).map(float)


stroke = st.lists(st.tuples(ordinary, ordinary), max_size=12)


@given(drawing=st.lists(stroke, max_size=8), extent=st.tuples(*[st.floats(1e-3, 1e9)] * 2))
@calm
def test_any_strokes_give_a_reading(drawing: list[Any], extent: tuple[float, float]) -> None:
    reading = recognizer().read_strokes(drawing, extent)
    assert bool(reading.text) == bool(reading.digits) == any(drawing)
    assert reading.text.replace("\n", "") == "".join(str(d.digit) for d in reading.digits)
    assert 0 <= reading.confidence <= 1 + 1e-6 and np.isfinite(reading.confidence)
    for digit in reading.digits:
        assert digit.box and np.isfinite(digit.box).all() and min(digit.box[2:]) >= 0


def test_what_is_no_stroke_is_named() -> None:
    with pytest.raises(ValueError, match="stroke 1 has a point"):
        read_drawing([[(1, 1)], [(1, float("nan"))]])
    with pytest.raises(ValueError, match="extent"):
        recognizer().read_strokes([], (0, 10))
