"""A line as the line network sees it: as high as any other, whatever its size, pen and signs."""

import cv2
import numpy as np
import pytest

from recognizer.ink import Ink
from recognizer.segmentation.strips import MARGIN_PX, MAX_HEIGHT_PX, strip_of


def seven(height: int, pen: int, copies: int = 3) -> Ink:
    """Sevens beside each other, of so many pixels."""
    ink = np.zeros((2 * height, copies * height + 2 * height), np.uint8)
    for number in range(copies):
        left, top = height // 2 + number * height, height // 2
        corners = [(left, top), (left + height // 2, top), (left + height // 6, top + height)]
        cv2.polylines(ink, [np.array(corners, np.int32)], False, 255, pen, cv2.LINE_AA)
    return ink


@pytest.mark.parametrize(("height", "pen"), [(20, 2), (60, 8), (300, 40), (1200, 1), (900, 3)])
def test_digits_are_twenty_pixels_high_and_the_thinnest_pen_is_seen(height: int, pen: int) -> None:
    picture = strip_of(seven(height, pen)).picture
    assert picture.shape[0] == 28 and picture.dtype == np.uint8
    rows = np.flatnonzero(picture.max(axis=1) > 60)
    assert 18 <= len(rows) <= 23
    assert picture.max() == 255
    columns = picture.max(axis=0)
    assert columns[:MARGIN_PX].max() == 0 and columns[-MARGIN_PX:].max() == 0


def test_a_minus_before_a_number_does_not_make_it_larger() -> None:
    ink = seven(60, 8)
    alone = strip_of(ink).scale
    cv2.line(ink, (0, 60), (16, 60), 255, 8)
    assert strip_of(ink).scale == pytest.approx(alone, rel=0.1)


def test_a_bar_or_a_dot_alone_is_as_large_as_a_digit() -> None:
    bar = np.zeros((50, 100), np.uint8)
    bar[20:28, 10:90] = 255
    assert strip_of(bar).picture.shape == (28, 2 * MARGIN_PX + 20)
    dot = np.zeros((50, 50), np.uint8)
    cv2.circle(dot, (25, 25), 9, 255, -1)
    assert strip_of(dot).picture.shape[1] == 2 * MARGIN_PX + 20


def test_an_uneven_line_fits() -> None:
    ink = np.zeros((300, 400), np.uint8)
    for left, top in ((0, 0), (100, 100), (200, 200)):
        ink[top : top + 90, left + 30 : left + 50] = 255
    rows = np.flatnonzero(strip_of(ink).picture.max(axis=1))
    assert len(rows) == MAX_HEIGHT_PX


def test_places_on_the_ink_and_in_the_strip_belong_together() -> None:
    ink = np.zeros((80, 300), np.uint8)
    ink[20:60, 100:110] = 255
    ink[20:60, 200:210] = 255
    strip = strip_of(ink)
    columns = np.flatnonzero(strip.picture.max(axis=0) > 128)
    assert strip.column_of(100) == pytest.approx(columns[0], abs=0.6)
    assert strip.ink_x(strip.column_of(173.0)) == pytest.approx(173.0)
    assert strip.ink_x(float(columns[-1] + 1)) == pytest.approx(210, abs=1.5)
