"""Sums from strokes: signs made of parts, dots where they stand, and what the sum comes to."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import permutations

import numpy as np
import pytest

from recognizer import Recognizer
from recognizer.expression import result_of
from recognizer.ink import render
from recognizer.reading import NOTHING_READ, Reading
from recognizer.strokes import Cache, Stroke, transformed
from tests.fakes import NearestDrawing, NearestSign, written_sum

SUMS = {
    "12+30=": (42, None),
    "7×8−5": (51, None),
    "3.5+12=": (Decimal("15.5"), None),
    "3,5+12=": (Decimal("15.5"), None),
    "7·8=56": (56, True),
    "63÷7=8": (9, False),
    "8:4=2": (2, True),
    "2×(3+4)": (14, None),
    "50%×80": (40, None),
    "1/4=0.25": (Decimal("0.25"), True),
    "12<30": (None, True),
    "4÷5−2:7": (None, None),
}


def read(text: str, gap: float = 30, size: float = 1.0) -> Reading:
    return NearestSign().read_strokes(written_sum(text, gap, size), (1500, 300))


@pytest.mark.parametrize("text", SUMS)
@pytest.mark.parametrize(("gap", "size"), [(30, 1.0), (20, 0.6), (45, 2.5)])
def test_sums_are_read_whatever_their_signs_are_made_of(text: str, gap: float, size: float) -> None:
    assert read(text, gap, size).text == text


@pytest.mark.parametrize(("text", "told"), SUMS.items())
def test_a_sum_has_a_value_and_a_result_may_be_right(
    text: str, told: tuple[int | Decimal | None, bool | None]
) -> None:
    reading = read(text)
    if told != (None, None):
        assert (reading.value, reading.correct) == told
    written = json.loads(json.dumps(reading.as_json()))
    sums = {"value", "correct", "note"}
    assert set(written) == set(NOTHING_READ.as_json()) | sums
    assert written["correct"] == reading.correct
    value = reading.value
    assert written["value"] == (float(value) if isinstance(value, Decimal) else value)


def test_what_a_sum_comes_to_is_said() -> None:
    assert read("12+30=").words == "12+30 is 42"
    assert read("63÷7=8").words == "63÷7=8 is wrong"
    nothing = read("7÷0=")
    assert nothing.words == "7÷0=" and nothing.value is None
    assert nothing.result is not None and nothing.result.note == "it divides by zero"


def test_strokes_of_a_sum_may_come_in_every_order() -> None:
    strokes = written_sum("8÷2=")
    assert len(strokes) == 7
    reader = NearestSign()
    for order in list(permutations(strokes))[::97]:
        assert reader.read_strokes(order, (800, 300)).text == "8÷2="


def test_a_dot_is_what_its_height_makes_it_and_no_speck() -> None:
    for text in ("3.5", "3·5", "31·2", "0.5"):
        reading = read(text)
        assert reading.text == text
        dot = next(each for each in reading.digits if each.label in (".", "·"))
        assert dot.sure and not dot.speck


def test_a_minus_before_a_full_stop_stands_on_the_same_line() -> None:
    assert read("7−.5").lines == ["7−.5"]
    below = transformed(written_sum("2.5="), to=(0, 180))
    reading = NearestSign().read_strokes([*written_sum("3−1"), *below], (800, 500))
    assert reading.lines == ["3−1", "2.5="]
    assert reading.value is None


def test_with_a_cache_a_sum_is_read_as_without() -> None:
    cache, reader = Cache(), NearestSign()
    strokes = written_sum("3.5÷2=")
    for count in range(len(strokes) + 1):
        kept = reader.read_strokes(strokes[:count], (900, 300), cache)
        assert kept.text == reader.read_strokes(strokes[:count], (900, 300)).text


def test_dots_and_bars_are_specks_where_digits_are_asked_for() -> None:
    reading = NearestDrawing().read_strokes(written_sum("3.5"), (900, 300))
    assert reading.result is None and reading.value is None and "value" not in reading.as_json()
    assert [each.sure for each in reading.digits if each.speck] == [False]
    assert NearestSign("digits").read_strokes(written_sum("35"), (900, 300)).text == "35"


def test_nothing_drawn_has_no_value() -> None:
    reading = NearestSign().read_strokes([])
    assert (reading.text, reading.words, reading.value, reading.correct) == ("", "", None, None)
    dot = NearestSign().read_strokes([np.array([[5.0, 5.0]])])
    assert len(dot.digits) <= 1


@pytest.mark.parametrize(
    "text",
    ["7×8−5", "3.5+12=", "3,5+12=", "7·8=56", "63÷7=8", "8:4=2", "2×(3+4)", "50%×80", "12<30"],
)
def test_sums_are_read_from_pictures(text: str) -> None:
    for pen in (7.0, 9.0, 12.0):
        strokes = [Stroke(stroke.points, pen) for stroke in written_sum(text)]
        reading = Recognizer(labels="sums").read_image(255 - render(strokes, (1300, 240)))
        assert reading.text == text
        assert reading.result == result_of(text)
