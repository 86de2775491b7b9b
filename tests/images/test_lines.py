"""Lines of writing: found from the top, and made level."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from recognizer.images.slopes import slope
from tests.samples import recognizer, written


def test_lines_are_read_from_the_top() -> None:
    reading = recognizer().read_image(255 - written("12\n345\n67"))
    assert reading.text == "12\n345\n67"
    assert [digit.digit for digit in reading.digits] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("angle", [-18, -7, 7, 18])
def test_sloping_lines_are_read(angle: float) -> None:
    picture = Image.fromarray(written("20473\n68159", margin=120)).rotate(
        angle, Image.Resampling.BICUBIC
    )
    ink = np.asarray(picture)
    assert slope(ink) == pytest.approx(-angle, abs=2)
    reading = recognizer().read_image(255 - ink)
    assert reading.text == "20473\n68159"
    for digit in reading.digits:
        assert digit.box is not None
        left, top, width, height = (round(side) for side in digit.box)
        assert ink[top : top + height, left : left + width].max() > 200


@pytest.mark.parametrize("fall", [-35, -22, -12, 12, 22, 35])
def test_upright_digits_may_go_down_like_stairs(fall: float) -> None:
    """Turned with their line, a 7 would be a 1."""
    inks = [written(digit, 60, 5, margin=0) for digit in "79274"]
    sheet, left, places = np.zeros((520, 420), np.uint8), 20, []
    for ink in inks:
        height, width = ink.shape
        top = 220 + round((left + width / 2 - 150) * np.tan(np.radians(fall)))
        part = sheet[top : top + height, left : left + width]
        np.maximum(part, ink, out=part)
        places.append(cv2.boundingRect(ink) + np.array([left, top, 0, 0]))
        left += width + 12
    reading = recognizer().read_image(255 - sheet)
    assert "".join(reading.text.split()) == "79274"
    for found, place in zip(reading.digits, places, strict=True):
        assert found.box == pytest.approx(place, abs=3)
