"""Rules, grids, frames and the boxes of forms are taken away, and nothing of the digits is."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from recognizer.images.binarization import binarized
from recognizer.images.ruling import without_rules
from recognizer.ink import Ink
from tests import made_pictures as made
from tests.samples import written

NUMBER = made.on_sheet(written("20475", 80, 6), (900, 600))


def kept_and_gone(whole: Ink, ink: Ink) -> tuple[float, float]:
    """The shares of the ink that is kept, and of what is not the ink that is gone."""
    left = without_rules(whole).ink > 128
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


@pytest.mark.parametrize("thick", [3, 6])
@pytest.mark.parametrize("text", ["8", "59", "31"])
def test_a_ring_around_a_number_goes(text: str, thick: int) -> None:
    ink = made.on_sheet(written(text, 60, 6), (300, 240))
    ring = cv2.ellipse(0 * ink, (150, 120), (135, 85), 10, 0, 360, 255, thick, cv2.LINE_AA)
    kept, gone = kept_and_gone(np.maximum(ink, np.asarray(ring, np.uint8)), ink)
    assert kept == 1
    assert gone > 0.97


@pytest.mark.parametrize("text", ["40", "628"])
def test_the_holes_beside_a_spiral_go(text: str) -> None:
    ink = made.on_sheet(written(text, 55, 5), (380, 280), (110, 80))
    holes = np.zeros_like(ink)
    for y in range(30, 280, 60):
        cv2.circle(holes, (30, y), 11, 255, -1, cv2.LINE_AA)
    kept, gone = kept_and_gone(np.maximum(ink, holes), ink)
    assert kept == 1
    assert gone > 0.97


@pytest.mark.parametrize("cell", [90, 70])
def test_the_boxes_of_a_form_go(cell: int) -> None:
    """In narrow boxes digits touch the sides."""
    empty = made.form("        ", cell)
    whole = made.form("2047 198", cell, 58)
    left = without_rules(whole).ink
    assert (left[empty > 0] > 128).mean() < 0.12
    inside = (whole > 128) & (empty == 0)
    assert (left[inside] > 128).mean() > 0.97


@pytest.mark.parametrize("touched", ["top", "bottom", "both"])
@pytest.mark.parametrize("digit", "1234567890")
def test_a_square_goes_that_a_digit_touches(digit: str, touched: str) -> None:
    ink = made.on_sheet(written(digit, 80, 6, margin=0), (240, 240))
    left, top, width, height = cv2.boundingRect(ink)
    over, under = {"top": (1, 40), "bottom": (40, 1), "both": (1, 1)}[touched]
    side = (left - 40, top - over, left + width + 40, top + height + under)
    framed = made.frame(ink, side, 2)
    left_over = without_rules(framed).ink > 128
    # Where it runs along a side, nobody could tell them apart.
    assert left_over[ink > 128].mean() > 0.85
    apart = (framed > 128) & (cv2.dilate(ink, np.ones((5, 5), np.uint8)) == 0)
    assert left_over[apart].mean() < 0.05


@pytest.mark.parametrize("grey", [80, 140])
@pytest.mark.parametrize("thick", [1, 3])
def test_writing_across_pale_rules_is_kept(grey: int, thick: int) -> None:
    rules = 255 - made.squared(0 * NUMBER, 40, 255 - grey, thick)
    kept, gone = kept_and_gone_of_pale(np.maximum(NUMBER, rules), NUMBER)
    assert kept > 0.99
    assert gone > 0.97


def kept_and_gone_of_pale(whole: Ink, ink: Ink) -> tuple[float, float]:
    """As `kept_and_gone`, of all that is not paper."""
    left = without_rules(whole).ink
    own, other = ink > 128, (whole > 40) & (ink == 0)
    return float((left[own] > 128).mean()), float((left[other] < 40).mean())


def test_a_margin_goes_beside_writing_that_stands_on_rules() -> None:
    ink = made.on_sheet(written("20475", 60, 6, margin=0), (600, 400), (120, 120))
    _, top, _, height = cv2.boundingRect(ink)
    base = top + height - 1
    ruled = ink
    for y in (base - 110, base, base + 110):
        ruled = made.line(ruled, (0, y), (600, y))
    kept, gone = kept_and_gone(made.line(ruled, (60, 0), (60, 400)), ink)
    assert kept > 0.95
    assert gone > 0.97


@pytest.mark.parametrize("height", [16, 24, 36])
@pytest.mark.parametrize("text", ["2147439", "77777", "2222255555", "8184041749"])
def test_small_digits_in_a_row_hold_no_rule(text: str, height: int) -> None:
    for pen in (2, 3):
        ink = written(text, height, pen, 0.5, margin=height // 2)
        assert np.array_equal(without_rules(ink).ink, ink)


@pytest.mark.parametrize("pen", [4, 12, 30])
@pytest.mark.parametrize("margin", [0, 40])
@pytest.mark.parametrize("digit", made.BAR_DIGITS)
def test_bars_of_a_digit_are_no_rules(digit: str, margin: int, pen: int) -> None:
    ink = made.of_bars(digit, 200, pen, margin)
    assert np.array_equal(without_rules(ink).ink, ink)


@pytest.mark.parametrize("digit", "1234567890")
def test_no_stroke_of_a_thin_pen_is_a_rule(digit: str) -> None:
    for pen in (1, 3, 8):
        for height in (60, 400):
            ink = written(digit, height, pen, margin=2)
            assert np.array_equal(without_rules(ink).ink, ink)


def test_bars_of_digits_beside_each_other_are_no_rule() -> None:
    ink = written("77575", 100, 4)
    assert np.array_equal(without_rules(ink).ink, ink)


def test_a_grid_without_writing_goes() -> None:
    assert without_rules(255 - made.squared(np.zeros((600, 900), np.uint8), grey=0)).ink.mean() < 1


def test_a_sign_of_bars_and_dots_stays() -> None:
    for sign in "-÷":
        ink = made.with_signs(sign)
        assert np.array_equal(without_rules(ink).ink, ink)


@pytest.mark.parametrize("slant", [-12, 0, 8, 20])
@pytest.mark.parametrize("gap", [12, 20, 34])
@pytest.mark.parametrize("pen", [3, 5])
def test_ones_beside_each_other_are_no_rules(slant: float, gap: float, pen: float) -> None:
    """All straight parts of the other digits run along them, too."""
    ones = [[(10.0 + slant + gap * n, 3.0), (10.0 + gap * n, 63.0)] for n in range(3)]
    ink = np.hstack(
        [
            written("8", 60, pen, margin=20),
            np.pad(made.of_lines(ones, (90, 66), pen), ((17, 17), (0, 0))),
            written("204", 60, pen, margin=20),
        ]
    )
    assert (without_rules(ink).ink == ink).all()


@pytest.mark.parametrize("step", [40, 66])
@pytest.mark.parametrize("pale", [0.4, 0.6])
def test_a_pen_is_kept_that_is_darker_than_the_grid(step: int, pale: float) -> None:
    """Where both are ink by the same threshold."""
    number = made.on_sheet(written("20475", 60, 4), (500, 300))
    grid = 255 - made.squared(np.zeros_like(number), step, 0, 2)
    darkness = np.maximum(number * 0.8, grid * 0.8 * pale)
    paper = np.asarray(235 * (1 - darkness / 255), np.uint8)
    found = binarized(made.noisy(cv2.GaussianBlur(paper, (0, 0), 0.7), 2))
    left = without_rules(found.ink, found.darkness).ink > 128
    assert left[number > 200].mean() > 0.97
    assert left[(grid > 128) & (cv2.dilate(number, np.ones((5, 5), np.uint8)) == 0)].mean() < 0.03


@pytest.mark.parametrize(("height", "pen"), [(50, 5), (50, 3), (30, 3)])
@pytest.mark.parametrize("lean", [0, 1])
@pytest.mark.parametrize("gap", [4, 8])
def test_ones_below_each_other_are_no_rule(height: int, pen: int, lean: int, gap: int) -> None:
    lines = [
        [(x + lean, top), (x - lean, top + height - pen)]
        for x in (20.0, 55.0, 90.0)
        for top in (20.0 + row * (height + gap) for row in range(10))
    ]
    ones = made.of_lines(lines, (115, 40 + 10 * (height + gap)), pen)
    five = written("5", height, pen)
    ink = np.hstack([ones, np.pad(five, ((0, len(ones) - len(five)), (0, 0)))])
    assert (without_rules(ink).ink == ink).all()


@pytest.mark.parametrize("dot", [1, 2])
@pytest.mark.parametrize("step", [5, 9])
def test_a_table_of_dotted_lines_goes(dot: int, step: int) -> None:
    dotted = np.zeros_like(NUMBER)
    for y in range(60, 560, 120):
        dotted[y : y + dot, 40:860:step] = 255
    for x in range(40, 900, 200):
        dotted[40:560:step, x : x + dot] = 255
    dotted[cv2.dilate(NUMBER, np.ones((9, 9), np.uint8)) > 0] = 0
    kept, gone = kept_and_gone(np.maximum(NUMBER, dotted), NUMBER)
    assert kept > 0.99
    assert gone > 0.99


@pytest.mark.parametrize("digit", "247")
def test_a_thick_pen_is_kept_in_a_thin_square(digit: str) -> None:
    ink = made.on_sheet(written(digit, 140, 24), (260, 260))
    kept, gone = kept_and_gone(made.frame(ink, (40, 40, 220, 220), 1), ink)
    assert kept > 0.99
    assert gone > 0.95
