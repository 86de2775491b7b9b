"""Numbers of one writer's digits, and segments of those that touch."""

import numpy as np
import pytest

from recognizer import glyph
from recognizer.datasets import Drawing
from recognizer.images.lines import Component
from recognizer.strokes import Stroke
from recognizer.training import NO_DIGIT, made_numbers
from tests.samples import likeness, pen_digits

DRAWINGS = [
    Drawing(tuple(Stroke(points) for points in strokes), str(digit), 1)
    for strokes, digit in pen_digits()
]


@pytest.fixture(scope="module")
def cut() -> list[made_numbers.LabelledSegment]:
    return [
        segment
        for number in made_numbers.some_numbers(DRAWINGS, 12, 1)
        for segment in made_numbers.segments_of(number)
    ]


def test_numbers_repeat_with_their_seed_and_are_of_one_writer() -> None:
    others = [Drawing(drawing.strokes, drawing.label, 2) for drawing in DRAWINGS]
    first = made_numbers.some_numbers([*DRAWINGS, *others], 20, 3)
    again = made_numbers.some_numbers([*DRAWINGS, *others], 20, 3)
    assert [number.digits for number in first] == [number.digits for number in again]
    assert all(len({drawing.writer for drawing in number.digits}) == 1 for number in first)
    assert {len(number.digits) for number in first} == {2, 3, 4}
    np.testing.assert_array_equal(
        made_numbers.segments_of(first[0])[0][0], made_numbers.segments_of(again[0])[0][0]
    )


def test_segments_are_glyphs_of_digits_and_of_what_is_none(
    cut: list[made_numbers.LabelledSegment],
) -> None:
    labels = np.bincount([label for _, label in cut])
    assert len(labels) == NO_DIGIT + 1
    assert labels[:10].sum() + labels[NO_DIGIT] == len(cut)
    assert labels[NO_DIGIT] > 20
    assert (labels[:10] > 0).sum() >= 5
    for image, _ in cut:
        np.testing.assert_array_equal(glyph.normalize(image), image)


def test_of_a_number_few_segments_are_taken() -> None:
    for number in made_numbers.some_numbers(DRAWINGS, 12, 1):
        labels = [label for _, label in made_numbers.segments_of(number)]
        assert labels.count(NO_DIGIT) <= made_numbers.MAX_OTHER_SEGMENTS
        assert len(labels) - labels.count(NO_DIGIT) <= made_numbers.MAX_DIGIT_SEGMENTS


def test_a_digit_that_is_missed_leaves_two_as_one_which_is_none() -> None:
    number = made_numbers.WrittenNumber([DRAWINGS[0], DRAWINGS[16]], [4, 7, 1])
    inks = made_numbers._written(number.digits, np.random.default_rng(number.seed))
    both = glyph.normalize(inks.max(axis=0))
    found = made_numbers.segments_of(number)
    assert [label for image, label in found if likeness(image, both) > 0.99] == [NO_DIGIT]


def test_a_segment_with_the_whole_of_a_digit_is_that_digit() -> None:
    """Far apart, every digit is a component of its own, and nothing needs to be cut."""
    number = made_numbers.some_numbers(DRAWINGS, 1, 5)[0]
    inks = made_numbers._written(number.digits, np.random.default_rng(number.seed))
    for own, drawing in zip(inks, number.digits, strict=True):
        columns, rows = np.flatnonzero(own.any(axis=0)), np.flatnonzero(own.any(axis=1))
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        whole = Component(own[box], int(columns[0]), int(rows[0]))
        assert str(made_numbers._class(whole, inks, number.digits)) == drawing.label
        half = own[box][: len(rows) // 3]
        if not made_numbers._is_bar(half):
            part = Component(half, int(columns[0]), int(rows[0]))
            assert made_numbers._class(part, inks, number.digits) == NO_DIGIT


@pytest.mark.parametrize(
    ("size", "expected"), [((40, 6), True), ((6, 40), False), ((20, 18), False)]
)
def test_an_upright_bar_may_be_read_as_one(size: tuple[int, int], expected: bool) -> None:
    assert made_numbers._is_bar(np.full(size, 255, np.uint8)) is expected


def test_a_single_pixel_is_no_bar() -> None:
    assert not made_numbers._is_bar(np.full((1, 1), 255, np.uint8))
