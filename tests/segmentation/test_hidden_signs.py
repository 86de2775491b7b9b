"""Where only digits are asked for, no sign becomes a sure digit."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer import Recognizer
from recognizer.segmentation.grouping import has_stray_dot, is_like_slash
from recognizer.strokes import Stroke
from tests.fakes import NearestSign, written_sum
from tests.samples import PEN, number, recognizer, together


@pytest.mark.parametrize(
    ("dot", "stray"),
    [
        ((130, 95), True),  # a full stop beside it
        ((102, 50), False),  # where the line ends: the pen lifted
        ((50, 50), False),  # inside a ring, as in a dotted zero
    ],
)
def test_a_dot_that_stands_apart_may_be_a_sign(dot: tuple[int, int], stray: bool) -> None:
    angles = np.linspace(0, 2 * np.pi, 30)
    ring = Stroke(50 + 50 * np.stack([np.cos(angles), np.sin(angles)], axis=1), PEN)
    small = Stroke(np.array([dot, (dot[0] + 3, dot[1] + 3)], dtype=np.float64), PEN)
    for strokes in ((ring, small), (small, ring)):
        assert has_stray_dot(strokes) is stray
    assert not has_stray_dot((ring,)) and not has_stray_dot((small,))


@pytest.mark.parametrize("text", ["50%", "20%", "1/4", "3/8", "12/3/2024"])
def test_no_percentage_fraction_or_date_is_a_sure_number(text: str) -> None:
    reading = recognizer().read_strokes(written_sum(text), (1400, 300))
    assert not reading.sure
    digits = [each for each in reading.digits if each.sure]
    assert len(digits) >= sum(map(str.isdigit, text)) - 1


def test_signs_that_are_asked_for_are_sure() -> None:
    reading = NearestSign().read_strokes(written_sum("1/4"), (1400, 300))
    assert reading.text == "1/4" and reading.sure
    both = Recognizer(labels="0123456789/%").read_strokes(written_sum("1/4"), (1400, 300))
    assert both.text == "1/4"


@pytest.mark.parametrize(
    ("points", "like_one"),
    [
        ([(60, 0), (0, 100)], True),
        ([(0, 100), (60, 0)], True),
        ([(20, 0), (0, 100)], False),  # a 1 of a slanted hand
        ([(0, 0), (60, 100)], False),  # it leans to the left
        ([(60, 0), (30, 20), (45, 60), (0, 100)], False),  # it is not straight
        ([(0, 0), (100, 0)], False),  # it is level
        ([(5, 5)], False),
    ],
)
def test_a_slash_is_straight_and_leans_to_the_right(
    points: list[tuple[int, int]], like_one: bool
) -> None:
    stroke = Stroke(np.array(points, dtype=np.float64), PEN)
    assert is_like_slash((stroke,)) is like_one
    assert not is_like_slash((stroke, stroke)) and not is_like_slash(())


def test_numbers_stay_sure() -> None:
    reading = recognizer().read_strokes(together(number([2, 1, 0, 4, 7])), (1400, 300))
    assert reading.text == "21047" and reading.sure
