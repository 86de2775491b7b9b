"""Rules, grids, frames and the boxes of forms are taken away, and nothing of the digits is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from recognizer.images.rules import without_rules
from recognizer.ink import Ink
from tests import made_pictures as made
from tests.samples import written

NUMBER = made.on_sheet(written("20475", 80, 6), (900, 600))


def kept_and_gone(whole: Ink, ink: Ink) -> tuple[float, float]:
    """The shares of the ink that is kept, and of what is not the ink that is gone."""
    left = without_rules(whole) > 128
    own, other = ink > 128, (whole > 128) & (ink == 0)
    return float(left[own].mean()), float(1 - left[other].mean())


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("a margin line", lambda ink: made.line(ink, (100, 0), (100, 600))),
        ("a ruled line", lambda ink: made.line(ink, (0, 350), (900, 350))),
        ("a thick ruled line", lambda ink: made.line(ink, (0, 360), (900, 360), 5)),
        ("a sloping ruled line", lambda ink: made.line(ink, (0, 320), (900, 400))),
        ("a line under it", lambda ink: made.line(ink, (200, 370), (700, 370), 3)),
        ("a line through it", lambda ink: made.line(ink, (0, 300), (900, 300))),
        ("a large frame", lambda ink: made.frame(ink, (20, 20, 880, 580))),
        ("a frame on the border", lambda ink: made.frame(ink, (0, 0, 899, 599))),
        ("a grid", lambda ink: np.maximum(ink, 255 - made.squared(0 * ink, grey=0))),
        ("a narrow grid", lambda ink: np.maximum(ink, 255 - made.squared(0 * ink, 24, 0))),
    ],
)
def test_rules_go_and_the_number_stays(kind: str, rule: Callable[[Ink], Ink]) -> None:
    kept, gone = kept_and_gone(rule(NUMBER), NUMBER)
    assert kept > 0.95, kind
    assert gone > 0.97, kind


@pytest.mark.parametrize("thick", [1, 3, 8])
@pytest.mark.parametrize("digit", "1234567890")
def test_a_square_around_a_digit_goes(digit: str, thick: int) -> None:
    ink = made.on_sheet(written(digit, 80, 8), (240, 240))
    kept, gone = kept_and_gone(made.frame(ink, (45, 45, 195, 195), thick), ink)
    assert kept == 1
    assert gone > 0.97


@pytest.mark.parametrize("cell", [90, 70])
def test_the_boxes_of_a_form_go(cell: int) -> None:
    """In narrow boxes digits touch the sides."""
    empty = made.form("        ", cell)
    whole = made.form("2047 198", cell, 58)
    left = without_rules(whole)
    assert (left[empty > 0] > 128).mean() < 0.12
    inside = (whole > 128) & (empty == 0)
    assert (left[inside] > 128).mean() > 0.97


@pytest.mark.parametrize("pen", [4, 12, 30])
@pytest.mark.parametrize("margin", [0, 40])
@pytest.mark.parametrize("digit", made.BAR_DIGITS)
def test_bars_of_a_digit_are_no_rules(digit: str, margin: int, pen: int) -> None:
    ink = made.of_bars(digit, 200, pen, margin)
    assert np.array_equal(without_rules(ink), ink)


@pytest.mark.parametrize("digit", "1234567890")
def test_no_stroke_of_a_thin_pen_is_a_rule(digit: str) -> None:
    for pen in (1, 3, 8):
        for height in (60, 400):
            ink = written(digit, height, pen, margin=2)
            assert np.array_equal(without_rules(ink), ink)


def test_bars_of_digits_beside_each_other_are_no_rule() -> None:
    ink = written("77575", 100, 4)
    assert np.array_equal(without_rules(ink), ink)


def test_a_grid_without_writing_goes() -> None:
    assert without_rules(255 - made.squared(np.zeros((600, 900), np.uint8), grey=0)).mean() < 1


def test_a_sign_of_bars_and_dots_stays() -> None:
    for sign in "-÷":
        ink = made.with_signs(sign)
        assert np.array_equal(without_rules(ink), ink)
