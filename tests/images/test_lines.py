"""Lines of writing: found from the top, and made level."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from recognizer.images.lines import slope
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
