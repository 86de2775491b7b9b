"""Which strokes of a drawing make one character."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer import Reading, Recognizer
from recognizer.geometry import Points, nearest
from recognizer.segmentation import grouping
from recognizer.segmentation.partition import Group, cheapest_groups
from recognizer.strokes import Cache, Sketch, Stroke, bounds
from tests.fakes import written_sum
from tests.samples import PEN, inked, number, read_drawing, recognizer, together

calm = settings(deadline=None, max_examples=40, derandomize=True)


def partitions(parts: Group) -> Iterator[list[Group]]:
    """All ways to put parts into groups of at most three."""
    if not parts:
        yield []
        return
    first, rest = parts[0], parts[1:]
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
    assert sorted(part for group in found for part in group) == list(range(count))
    assert sum(costs[group] for group in found) == pytest.approx(best)


def test_groups_of_parts_in_a_row_are_the_cheapest() -> None:
    costs = {tuple(range(a, b + 1)): float((b - a - 1) ** 2) for a in range(9) for b in range(a, 9)}
    assert cheapest_groups(9, costs | {(8,): 0.0}) == [(0, 1), (2, 3), (4, 5), (6, 7), (8,)]


def test_groups_that_cannot_hold_all_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="do not hold all parts"):
        cheapest_groups(2, {(0,): 1.0})


@pytest.mark.parametrize("gap", [0.4, 0.15, 0.05, 0.0, -0.05])
@pytest.mark.parametrize("text", ["2047", "1357924680", "445577", "1100", "88"])
def test_neighbours_are_kept_apart(text: str, gap: float) -> None:
    reading = read_drawing(together(number([int(sign) for sign in text], gap)))
    assert reading.text == text
    assert 0 < reading.confidence <= 1


@pytest.mark.parametrize("text", ["457", "744"])
@pytest.mark.parametrize("gap", [0.15, 0.0])
def test_strokes_may_come_in_every_order(text: str, gap: float) -> None:
    strokes = together(number([int(sign) for sign in text], gap))
    assert len(strokes) == 6
    cache = Cache()
    assert all(read_drawing(order, cache).text == text for order in permutations(strokes))


def test_the_order_of_points_does_not_matter() -> None:
    strokes = [line[::-1] for digit in number([4, 5, 7]) for line in digit]
    assert read_drawing(strokes).text == "457"


@pytest.mark.parametrize("spacing", [0.15, 0.5])
def test_two_lines_are_two_lines_of_text(spacing: float) -> None:
    below = 60 + 120 * (1 + spacing)
    strokes = together([*number([3, 1, 5]), *number([7, 0, 4, 2], top=below)])
    assert read_drawing(strokes[::-1]).text == "315\n7042"


def ring(x: float, y: float, width: float, height: float) -> Points:
    """A closed line that begins on top, around a middle."""
    turns = np.linspace(0, 2 * np.pi, 24)
    return np.stack([x + width / 2 * np.sin(turns), y - height / 2 * np.cos(turns)], axis=1)


@pytest.mark.parametrize("gap", [-2.0, 6.0, 18.0])
@pytest.mark.parametrize("before", [[], [3], [3, 1]])
def test_one_ring_above_another_is_an_eight(before: list[int], gap: float) -> None:
    eight = [ring(400, 86, 65, 52), ring(400, 112 + gap + 27, 90, 54)]
    reading = read_drawing(together([*number(before), eight]))
    assert reading.text == "".join(map(str, before)) + "8"


def test_rings_in_two_lines_are_zeros() -> None:
    rings = [ring(x, y, 60, 100) for x in (100, 180, 260) for y in (100, 220)]
    assert read_drawing(together([rings])).text == "000\n000"


def test_a_number_as_long_as_it_likes() -> None:
    text = "3141592653589793238462643383279502884197"
    assert read_drawing(together(number([int(sign) for sign in text], 0.1))).text == text


def test_erasing_reads_what_is_left() -> None:
    digits = number([1, 4, 7], 0.3)
    sketch, cache = Sketch(tuple(together(digits))), Cache()
    assert read_drawing(sketch.strokes, cache).text == "147"
    box = bounds(inked(digits[1]))
    for y in np.arange(box.y, box.bottom + 10, 10).tolist():
        sketch.erase((box.x, y), (box.right, y), 10)
    assert read_drawing(sketch.strokes, cache).text == "17"


def test_a_bar_taken_away_is_read_anew() -> None:
    zero, one = number([0, 1], 0.0)
    ring, bar = inked(zero), inked(one)
    cache = Cache()
    assert read_drawing(ring + bar, cache).text == "01"
    assert read_drawing(ring, cache).text == "0"
    assert read_drawing(ring + bar, cache).text == "01"


def test_a_scribble_and_a_speck_are_unsure() -> None:
    digits = together(number([2, 5]))
    rng = np.random.default_rng(4)
    wild = Stroke(rng.uniform((400, 60), (520, 180), (14, 2)), PEN)
    reading = read_drawing([*digits, wild])
    assert reading.text.startswith("25") and not reading.sure
    assert [digit.sure for digit in reading.digits] == [True, True, False]
    tick = Stroke(np.array([[420.0, 160.0], [421.0, 172.0]]), 3)
    reading = read_drawing([*digits, tick])
    assert [digit.sure for digit in reading.digits] == [True, True, False]


@pytest.mark.parametrize("count", [12, 15, 60])
def test_strokes_that_cross_and_crowd_each_other_are_few_unsure_digits(count: int) -> None:
    rng = np.random.default_rng(2)
    wild = [Stroke(rng.uniform((400, 60), (600, 260), (4, 2)), PEN) for _ in range(count)]
    reading = read_drawing([*together(number([4, 7])), *wild])
    assert reading.text.startswith("47") and len(reading.digits) <= 6
    assert all(digit.sure for digit in reading.digits[:2])
    assert not any(digit.sure for digit in reading.digits[2:])


def same(a: Reading, b: Reading) -> bool:
    boxes = [[digit.box for digit in reading.digits] for reading in (a, b)]
    return (a.text, a.confidence, a.sure) == (b.text, b.confidence, b.sure) and boxes[0] == boxes[1]


@given(seed=st.integers(0, 2**32 - 1))
@calm
def test_with_a_cache_it_reads_as_without(seed: int) -> None:
    """Strokes come, go and grow, and what was known before changes nothing."""
    rng = np.random.default_rng(seed)
    pool = together(number(rng.integers(0, 10, 4).tolist(), rng.uniform(-0.05, 0.2)))
    cache, shown = Cache(), list[Stroke]()
    for _ in range(8):
        stroke = pool[rng.integers(len(pool))]
        part = Stroke(stroke.points[: rng.integers(1, len(stroke.points) + 1)], PEN)
        kept = [s for s in shown if rng.random() < 0.9]
        shown = [*kept, stroke if rng.random() < 0.5 else part]
        assert same(read_drawing(shown, cache), read_drawing(shown))


def test_a_crowd_of_strokes_is_measured_in_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = []

    def counted(some: Points, others: Points) -> float:
        measured.append(1)
        return nearest(some, others)

    monkeypatch.setattr(grouping, "nearest", counted)
    fan = [Stroke(np.array([(n % 50, n // 50), (n, 3.0)], dtype=np.float64)) for n in range(400)]
    assert len(read_drawing(fan).digits) >= 1
    assert len(measured) <= 2 * grouping.MAX_NEAR * len(fan)


def test_a_sign_that_went_into_a_digit_is_no_sure_answer() -> None:
    for text in ("3.5", "21,95"):
        for gap in (6, 10, 15, 30, 60):
            reading = Recognizer().read_strokes(written_sum(text, gap), (1500, 300))
            assert not reading.sure and "?" in reading.words, (text, gap)


def test_many_strokes_in_one_place_take_little_memory() -> None:
    recognizer().read_strokes([[(5.0, 5.0)]])
    tracemalloc.start()
    try:
        recognizer().read_strokes([[(5.0, 5.0)]] * 1000)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 110e6  # some numbers for each two of them
