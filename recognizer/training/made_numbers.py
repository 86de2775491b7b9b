"""Numbers of one writer's digits side by side, and the segments that they are cut into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer import glyph
from recognizer.datasets import Drawing
from recognizer.geometry import Box
from recognizer.images.lines import LINE_HEIGHT_PX, Component
from recognizer.ink import Ink, render
from recognizer.segmentation.character_ink import inks_of
from recognizer.strokes import bounds, transformed
from recognizer.training import LABELS, NO_DIGIT, augment
from recognizer.training.made_sums import WrittenLine, digit_scale

LabelledSegment = tuple[glyph.Glyph, int]
Floats = NDArray[np.float64]
MAX_DIGIT_SEGMENTS, MAX_OTHER_SEGMENTS = 4, 6
"""Segments taken of a number at most: of those that are digits, and of the others."""
DRAWN_HEIGHT_PX = 2 * LINE_HEIGHT_PX
"""Height in pixels in which numbers are drawn."""
NUMBER_LENGTHS = (2, 4)
"""Digits of a number, at least and at most."""
ADDED_MIDDLES = 4
"""So many times a number is cut as if it had a digit more somewhere."""
PEN_SHARES = (0.05, 0.16)
GAP_SHARES = (-0.1, 0.09)
"""Pen widths, and gaps between the middles of two digits' lines, in heights."""
WHOLE_SHARE, OWN_SHARE = 0.90, 0.90
"""A segment with so much of a digit's ink, and of its own ink so much of that, is the digit."""
PART_SHARE, FOREIGN_SHARE = 0.72, 0.42
"""A segment with less of every digit, or with more ink of others, is none."""
BAR_SHARE = 0.2
"""Ink is a bar if it is narrower than this share of its length, both as standard deviations."""


@dataclass(frozen=True, eq=False)
class WrittenNumber:
    """Digits of one writer, and the seed of how they are written."""

    digits: list[Drawing]
    seed: list[int]


def some_numbers(drawings: Sequence[Drawing], count: int, seed: int) -> list[WrittenNumber]:
    """So many numbers of the drawings' writers."""
    rng = np.random.default_rng([seed, 6])
    found = []
    for number in range(count):
        writer = drawings[int(rng.integers(len(drawings)))].writer
        own = [drawing for drawing in drawings if drawing.writer == writer]
        length = rng.integers(*NUMBER_LENGTHS, endpoint=True)
        digits = [own[at] for at in rng.integers(len(own), size=length).tolist()]
        found.append(WrittenNumber(digits, [seed, 7, number]))
    return found


def segments_of(number: WrittenNumber) -> list[LabelledSegment]:
    """Glyphs and class numbers of segments of a number whose digits stand close together.

    It is cut between its digits, and as it is where one of them is missed or seen twice.
    """
    rng, digits = np.random.default_rng(number.seed), number.digits
    inks = _written(digits, rng)
    line = np.asarray(inks.max(axis=0))
    middles = np.sort([_middle(each) for each in inks])
    seen: dict[tuple[Box, bytes], Component] = {}
    for cut_at in _misread(middles, line.shape[1], rng):
        parts = [part.ink for part in inks_of(line, cut_at.tolist()) if part is not None]
        seen |= {(part.box, part.ink.tobytes()): part for part in parts}
    found: dict[bool, list[LabelledSegment]] = {True: [], False: []}
    for part in seen.values():
        label = _class(part, inks, digits)
        if label is not None:
            found[label == NO_DIGIT].append((glyph.normalize(part.ink), label))
    return [
        parts[number]
        for parts, most in ((found[False], MAX_DIGIT_SEGMENTS), (found[True], MAX_OTHER_SEGMENTS))
        for number in rng.permutation(len(parts))[:most]
    ]


def _middle(ink: Ink) -> float:
    """Where a digit's ink has its middle, in pixels from the left."""
    left, _, width, _ = cv2.boundingRect(ink)
    return left + width / 2


def _misread(middles: Floats, width: int, rng: augment.Rng) -> Iterator[Floats]:
    """The middles of digits, rising; then without each of them, and with one too many."""
    yield middles
    for number in range(len(middles)):
        yield np.delete(middles, number)
    for more in rng.uniform(0, width, ADDED_MIDDLES):
        yield np.sort(np.append(middles, more))


def _written(digits: Sequence[Drawing], rng: augment.Rng) -> NDArray[np.uint8]:
    """The digits side by side: each one's ink in its place, (n, height, width)."""
    line = side_by_side(digits, rng)
    return _in_line(np.stack([render(strokes, line.size) for strokes in line.characters]))


def side_by_side(
    digits: Sequence[Drawing], rng: augment.Rng, gaps: tuple[float, float] = GAP_SHARES
) -> WrittenLine:
    """The digits of a number as one writes them in haste, uneven and close together.

    gaps: between the middles of two digits' lines, in heights, at least and at most.
    """
    pen = DRAWN_HEIGHT_PX * float(np.exp(rng.uniform(*np.log(PEN_SHARES))))
    base, uneven = rng.uniform(*gaps), rng.uniform(0, 0.05)
    lines, left = [], float(LINE_HEIGHT_PX)
    for drawing in digits:
        strokes = augment.vary_strokes(drawing.strokes, rng)
        box = bounds(strokes)
        tall = DRAWN_HEIGHT_PX * float(np.exp(rng.normal(0, 0.08)))
        scale = digit_scale(strokes, tall)
        place = (left, LINE_HEIGHT_PX + rng.normal(0, 0.05 * DRAWN_HEIGHT_PX))
        lines.append(transformed(strokes, scale, origin=box.corner, to=place, pen=pen))
        left += max(box.width, 1.0) * scale + (base + rng.normal(0, uneven)) * DRAWN_HEIGHT_PX
    size = round(left) + LINE_HEIGHT_PX, DRAWN_HEIGHT_PX + 3 * LINE_HEIGHT_PX
    return WrittenLine(tuple(lines), "".join(each.label for each in digits), size)


def _in_line(inks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The inks, cut out and made as small as those of a line are."""
    left, top, width, height = cv2.boundingRect(np.asarray(inks.max(axis=0)))
    size = max(1, round(width * LINE_HEIGHT_PX / height)), LINE_HEIGHT_PX
    parts = np.ascontiguousarray(inks[:, top : top + height, left : left + width])
    resized = [cv2.resize(part, size, interpolation=cv2.INTER_AREA) for part in parts]
    return np.asarray(resized, dtype=np.uint8)


def _class(segment: Component, inks: NDArray[np.uint8], digits: Sequence[Drawing]) -> int | None:
    """The class of a segment: of a digit, of none, or None where that is in between."""
    height, width = segment.ink.shape
    there = inks[:, segment.top : segment.top + height, segment.left : segment.left + width]
    shared = np.minimum(there, segment.ink).sum(axis=(1, 2), dtype=np.float64)
    whole = shared / np.maximum(inks.sum(axis=(1, 2), dtype=np.float64), 1)
    most = int(whole.argmax())
    is_own = shared[most] / max(float(segment.ink.sum(dtype=np.float64)), 1.0)
    if whole[most] >= WHOLE_SHARE and is_own >= OWN_SHARE:
        return LABELS.index(digits[most].label)
    wrong = whole[most] < PART_SHARE or is_own < 1 - FOREIGN_SHARE
    return NO_DIGIT if wrong and not _is_bar(segment.ink) else None


def _is_bar(ink: Ink) -> bool:
    """Whether the ink is an upright bar: part of a digit or not, it can only be read as 1."""
    moments = cv2.moments(ink)
    across, down, both = (moments[name] for name in ("mu20", "mu02", "mu11"))
    narrow, long = np.linalg.eigvalsh([[across, both], [both, down]])
    # Of a speck's variance, rounding may leave less than nothing.
    return bool(down > across and 0 <= narrow < BAR_SHARE**2 * long)
