"""Numbers from strokes: which strokes make a digit, and which digits a line."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from itertools import combinations, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer import Reading, Recognizer
from recognizer.geometry import Points, in_lines
from recognizer.segmentation import Cache, Group, cheapest_groups
from recognizer.strokes import Sketch, Stroke, bounds
from tests.samples import number, pen_digits

calm = settings(deadline=None, max_examples=40, derandomize=True)
PEN = 10.0


@functools.cache
def recognizer() -> Recognizer:
    return Recognizer()


def inked(lines: Iterable[Points]) -> list[Stroke]:
    return [Stroke(line, PEN) for line in lines]


def together(digits: Iterable[list[Points]]) -> list[Stroke]:
    return inked(line for digit in digits for line in digit)


def read(strokes: Iterable[Any], memory: Cache | None = None) -> Reading:
    return recognizer().read_strokes(strokes, (1000, 300), memory)


# The cheapest groups.


def partitions(pieces: Group) -> Iterator[list[Group]]:
    """All ways to put pieces into groups of at most three."""
    if not pieces:
        yield []
        return
    first, rest = pieces[0], pieces[1:]
    for count in range(3):
        for others in combinations(rest, count):
            for groups in partitions(tuple(p for p in rest if p not in others)):
                yield [(first, *others), *groups]


@given(count=st.integers(0, 6), seed=st.integers(0, 2**32 - 1))
@calm
def test_the_cheapest_groups_are_those_that_trying_all_finds(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = {group for ways in partitions(tuple(range(count))) for group in ways}
    costs = {group: float(rng.normal()) for group in sorted(groups)}
    found = cheapest_groups(count, costs)
    best = min(sum(costs[g] for g in ways) for ways in partitions(tuple(range(count))))
    assert sorted(piece for group in found for piece in group) == list(range(count))
    assert sum(costs[group] for group in found) == pytest.approx(best)


def test_a_row_is_cut_into_slices() -> None:
    costs = {tuple(range(a, b + 1)): float((b - a - 1) ** 2) for a in range(9) for b in range(a, 9)}
    assert cheapest_groups(9, costs | {(8,): 0.0}) == [(0, 1), (2, 3), (4, 5), (6, 7), (8,)]


def test_groups_that_cannot_hold_all_pieces_are_refused() -> None:
    with pytest.raises(ValueError, match="do not hold all pieces"):
        cheapest_groups(2, {(0,): 1.0})


# Lines.


def test_digits_of_two_lines_are_told_apart() -> None:
    above = [(60.0 * n, 10.0 + 3 * n, 40.0, 50.0) for n in range(4)]
    below = [(60.0 * n + 20, 75.0 + 3 * n, 40.0, 50.0) for n in range(4)]
    assert in_lines([*below, *above]) == [[4, 5, 6, 7], [0, 1, 2, 3]]


@pytest.mark.parametrize("slope", [-0.35, 0.35])
def test_a_slanted_line_is_one_line(slope: float) -> None:
    boxes = [(60.0 * n, slope * 60 * n, 40.0, 50.0) for n in range(12)]
    assert in_lines(boxes[::-1]) == [list(range(11, -1, -1))]


def test_a_level_stroke_has_no_height_and_stands_on_its_line() -> None:
    assert in_lines([(0, 0, 40, 50), (60, 25, 40, 0), (120, 5, 30, 50)]) == [[0, 1, 2]]
    assert in_lines([]) == []


# Memory.


def test_memory_keeps_what_was_asked_for_lately() -> None:
    memory, made = Cache(), list[str]()

    def make(key: str) -> str:
        made.append(key)
        return key

    def ask(key: str) -> str:
        return memory.once(key, lambda: make(key))

    for wanted in ("ab", "a", "ab", "a", "a", "ab"):
        memory.turn()
        assert [ask(key) for key in wanted] == list(wanted)
    assert made == ["a", "b", "b", "b"]


# Numbers.


@pytest.mark.parametrize("sample", range(20))
def test_a_digit_alone_is_read_as_before(sample: int) -> None:
    strokes, digit = pen_digits()[sample]
    reading, alone = read(strokes), recognizer().classify_strokes(strokes, (1000, 300))
    assert reading.text == str(digit)
    (found,) = reading.digits
    assert found.confidence == alone.confidence and found.sure == alone.sure == reading.sure
    assert np.array_equal(found.glyph, alone.glyph)


@pytest.mark.parametrize("gap", [0.4, 0.15, 0.05, 0.0, -0.05])
@pytest.mark.parametrize("text", ["2047", "1357924680", "445577", "1100", "88"])
def test_neighbours_are_kept_apart(text: str, gap: float) -> None:
    reading = read(together(number([int(sign) for sign in text], gap)))
    assert reading.text == text
    assert 0 < reading.confidence <= 1


@pytest.mark.parametrize("text", ["457", "744"])
@pytest.mark.parametrize("gap", [0.15, 0.0])
def test_strokes_may_come_in_every_order(text: str, gap: float) -> None:
    strokes = together(number([int(sign) for sign in text], gap))
    assert len(strokes) == 6
    memory = Cache()
    assert all(read(order, memory).text == text for order in permutations(strokes))


def test_the_order_of_points_does_not_matter() -> None:
    strokes = [line[::-1] for digit in number([4, 5, 7]) for line in digit]
    assert read(strokes).text == "457"


@pytest.mark.parametrize("spacing", [0.15, 0.5])
def test_two_lines_are_two_lines_of_text(spacing: float) -> None:
    below = 60 + 120 * (1 + spacing)
    strokes = together([*number([3, 1, 5]), *number([7, 0, 4, 2], top=below)])
    assert read(strokes[::-1]).text == "315\n7042"


@pytest.mark.parametrize("height", [12, 40, 300])
@pytest.mark.parametrize("corner", [(0, 0), (900, 0), (0, 250), (900, 250)])
def test_one_digit_in_a_corner(corner: tuple[int, int], height: float) -> None:
    (digit,) = number([4], height=height)
    moved = [line - (50, 60) + corner for line in digit]
    assert recognizer().read_strokes(inked(moved), (1000, 300)).text == "4"


def test_a_number_as_long_as_it_likes() -> None:
    text = "3141592653589793238462643383279502884197"
    assert read(together(number([int(sign) for sign in text], 0.1))).text == text


def test_every_digit_has_its_box() -> None:
    digits = number([2, 5, 7])
    reading = read(together(digits))
    for prediction, drawing in zip(reading.digits, digits, strict=True):
        left, top, right, bottom = bounds(inked(drawing)) or (0, 0, 0, 0)
        expected = (left - PEN / 2, top - PEN / 2, right - left + PEN, bottom - top + PEN)
        assert prediction.box == pytest.approx(expected)


def test_an_empty_drawing_has_no_text() -> None:
    for drawing in (list[Any](), [list[Any]()]):
        reading = read(drawing)
        assert (reading.text, reading.digits, reading.confidence) == ("", (), 0)
        assert not reading.sure


def test_erasing_reads_what_is_left() -> None:
    digits = number([1, 4, 7], 0.3)
    sketch, memory = Sketch(tuple(together(digits))), Cache()
    assert read(sketch.strokes, memory).text == "147"
    left, top, right, bottom = bounds(inked(digits[1])) or (0, 0, 0, 0)
    for y in np.arange(top, bottom + 10, 10).tolist():
        sketch.erase((left, y), (right, y), 10)
    assert read(sketch.strokes, memory).text == "17"


def test_a_bar_taken_away_is_read_anew() -> None:
    zero, one = number([0, 1], 0.0)
    ring, bar = inked(zero), inked(one)
    memory = Cache()
    assert read(ring + bar, memory).text == "01"
    assert read(ring, memory).text == "0"
    assert read(ring + bar, memory).text == "01"


def test_a_scribble_and_a_speck_are_unsure() -> None:
    digits = together(number([2, 5]))
    rng = np.random.default_rng(4)
    wild = Stroke(rng.uniform((400, 60), (520, 180), (14, 2)), PEN)
    reading = read([*digits, wild])
    assert reading.text.startswith("25") and not reading.sure
    assert [digit.sure for digit in reading.digits] == [True, True, False]
    tick = Stroke(np.array([[420.0, 160.0], [421.0, 172.0]]), 3)
    reading = read([*digits, tick])
    assert [digit.sure for digit in reading.digits] == [True, True, False]


@pytest.mark.parametrize("count", [12, 15, 60])
def test_strokes_that_cross_and_crowd_each_other_are_few_unsure_digits(count: int) -> None:
    rng = np.random.default_rng(2)
    wild = [Stroke(rng.uniform((400, 60), (600, 260), (4, 2)), PEN) for _ in range(count)]
    reading = read([*together(number([4, 7])), *wild])
    assert reading.text.startswith("47") and len(reading.digits) <= 6
    assert all(digit.sure for digit in reading.digits[:2])
    assert not any(digit.sure for digit in reading.digits[2:])


def same(a: Reading, b: Reading) -> bool:
    boxes = [[digit.box for digit in reading.digits] for reading in (a, b)]
    return (a.text, a.confidence, a.sure) == (b.text, b.confidence, b.sure) and boxes[0] == boxes[1]


@given(seed=st.integers(0, 2**32 - 1))
@calm
def test_with_memory_it_reads_as_without(seed: int) -> None:
    """Strokes come, go and grow, and what was known before changes nothing."""
    rng = np.random.default_rng(seed)
    pool = together(number(rng.integers(0, 10, 4).tolist(), rng.uniform(-0.05, 0.2)))
    memory, shown = Cache(), list[Stroke]()
    for _ in range(8):
        stroke = pool[rng.integers(len(pool))]
        part = Stroke(stroke.points[: rng.integers(1, len(stroke.points) + 1)], PEN)
        kept = [s for s in shown if rng.random() < 0.9]
        shown = [*kept, stroke if rng.random() < 0.5 else part]
        assert same(read(shown, memory), read(shown))


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
        read([[(1, 1)], [(1, float("nan"))]])
    with pytest.raises(ValueError, match="extent"):
        recognizer().read_strokes([], (0, 10))
