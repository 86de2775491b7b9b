"""Lines of writing as a picture shows them, each of one writer's characters side by side.

They overlap, touch or stand apart, are uneven, slanted and bent, drawn with a hair or a marker,
broken, specked, ruled and blurred: all that the line network is to read. Each depends on its seed
alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_letters, digits

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.datasets import MINUS
from recognizer.geometry import Points
from recognizer.ink import Ink, smooth
from recognizer.labels import SUMS, label_set
from recognizer.segmentation.strips import strip_of
from recognizer.training import LABELS, NO_LABEL
from recognizer.training.collection import SIDE, Collection
from recognizer.training.composed import SIGNS, composed
from recognizer.training.line_damage import damaged
from recognizer.training.made_sums import sum_text
from recognizer.training.pen import Rng, chance
from recognizer.training.placed import FONTS, Placed, of_font, of_picture, of_strokes, slanted

NUMBER, SUM, LETTERS, PICTURES, PRINT = "digits", "sum", "letters", "pictures", "print"
KIND_SHARES = {NUMBER: 0.43, SUM: 0.25, LETTERS: 0.11, PICTURES: 0.16, PRINT: 0.05}
"""How often a line is one of pen strokes, of pictures of digits, or printed."""
HEIGHTS_PX = 13.0, 64.0
LEGIBLE_HEIGHTS_PX = 28.0, HEIGHTS_PX[1]
"""Of a digit in the picture that the line is drawn in, in pixels."""
PEN_SHARES, MARKER_SHARES, MARKER_SHARE = (0.03, 0.15), (0.15, 0.3), 0.15
"""Of the pen, in heights of a digit; of a marker; and how often one is used."""
GAPS, WIDE_GAPS, WORD_GAPS = (-0.12, 0.2), (0.1, 0.7), (0.8, 3.0)
"""Between the middles of two characters' lines, in heights of a digit."""
SUPERSAMPLED_PX = 120
"""Lines are drawn so large, or larger, and made smaller."""
MARGIN_SHARE = 0.7
MIN_PAPER_SHARE = 0.03
"""Paper between two characters that are legible, in heights of a digit."""
PICTURE_PEN_SHARE = 0.1
"""About how wide the pen is in pictures of digits, in their heights."""


Drawings = dict[str, list[int]]
"""The numbers of what a writer drew, by label."""


@dataclass(frozen=True, eq=False)
class MadeLine:
    """The ink of a line, and what stands in it."""

    ink: Ink
    text: str

    @cached_property
    def picture(self) -> NDArray[np.uint8]:
        """The strip (28, width) that the network sees."""
        return strip_of(self.ink).picture


@dataclass(frozen=True, eq=False)
class LineWriters:
    """The characters of some writers, to write lines with.

    collection: what they drew; chosen: (n,) which of it is used.
    """

    collection: Collection
    chosen: NDArray[np.bool_]

    @cached_property
    def _pens(self) -> list[Drawings]:
        return self._by_writer(self.chosen & ~self.collection.is_picture)

    @cached_property
    def _cameras(self) -> list[Drawings]:
        return self._by_writer(self.chosen & self.collection.is_picture & self.collection.is_digit)

    def _by_writer(self, some: NDArray[np.bool_]) -> list[Drawings]:
        found: dict[tuple[int, int], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        of = self.collection
        for number in np.flatnonzero(some & (of.labels < NO_LABEL)).tolist():
            writer = int(of.sets[number]), int(of.writers[number])
            found[writer][LABELS[of.labels[number]]].append(number)
        return [dict(own) for _, own in sorted(found.items())]

    @cached_property
    def _who(self) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
        """Who can write a kind of line, and how often: by the root of how much they drew."""
        wanted = {NUMBER: digits, SUM: digits, LETTERS: ascii_letters, PICTURES: digits}
        found = {}
        for kind, labels in wanted.items():
            of = self._cameras if kind == PICTURES else self._pens
            counts = np.array([sum(len(own.get(each, ())) for each in labels) for own in of])
            shares = np.sqrt(counts)
            found[kind] = (np.flatnonzero(counts >= 5), shares)
        return found

    @property
    def kinds(self) -> list[str]:
        """The kinds of lines that somebody can write."""
        return [kind for kind, (numbers, _) in self._who.items() if len(numbers)]

    def line(self, kind: str, length: int, rng: Rng, *, legible: bool = False) -> MadeLine:
        """A line of a kind with about so many characters.

        legible: whether it is written so that nobody would doubt what stands in it: large enough,
        with a thin pen and paper between its characters, and without rules, specks and breaks.
        """
        if kind == PRINT:
            return _printed(length, legible, rng)
        text, characters = self.characters(kind, length, self.writer(kind, rng), rng)
        return _written(text, characters, legible, rng)

    def writer(self, kind: str, rng: Rng) -> Drawings:
        """Somebody who can write lines of a kind."""
        numbers, shares = self._who[kind]
        share = shares[numbers]
        return (self._cameras if kind == PICTURES else self._pens)[
            int(rng.choice(numbers, p=share / share.sum()))
        ]

    def characters(
        self, kind: str, length: int, own: Drawings, rng: Rng
    ) -> tuple[str, list[Placed]]:
        """About so many characters as they stand on a line of a kind; own: of a writer."""
        text = _text(kind, length, own, rng)
        return text, [self._placed(label, own, rng) for label in text]

    def _placed(self, label: str, own: Drawings, rng: Rng) -> Placed:
        numbers = own.get(label)
        if numbers:
            number = numbers[int(rng.integers(len(numbers)))]
            if self.collection.is_picture[number]:
                return of_picture(self._picture(number), rng)
            share = float(self.collection.shares[number])
            return of_strokes(self.collection.drawn(number), label, share / SIDE, rng)
        parts = {
            other: [self.collection.drawn(n) for n in some[:3]]
            for other, some in own.items()
            if other in ".,:" + MINUS + "xX"
        }
        return of_strokes(composed(label, parts, rng), label, None, rng)

    def _picture(self, number: int) -> NDArray[np.uint8]:
        place = int(self._picture_places[number])
        return np.asarray(self.collection.pictures[place])

    @cached_property
    def _picture_places(self) -> NDArray[np.int64]:
        return np.cumsum(self.collection.is_picture, dtype=np.int64) - 1


def _printed(length: int, legible: bool, rng: Rng) -> MadeLine:
    font = FONTS[int(rng.integers(len(FONTS)))]
    known = label_set(SUMS) if chance(rng, 0.4) else tuple(digits)
    text = "".join(rng.choice(known, length))
    return _written(text, [of_font(font, label) for label in text], legible, rng)


def _text(kind: str, length: int, own: Drawings, rng: Rng) -> str:
    known = [label for label in digits if label in own]
    if kind in (NUMBER, PICTURES):
        return "".join(rng.choice(known, length))
    if kind == LETTERS:
        known = [label for label in own if label in ascii_letters]
        return "".join(rng.choice(known, length))
    if chance(rng, 0.5) and length >= 3:
        return sum_text(known, rng)[: max(length, 5)]
    signs = [each for each in label_set(SUMS) if each in own or each in SIGNS]
    text = [str(rng.choice(signs if chance(rng, 0.35) else known)) for _ in range(length)]
    return "".join(text)


def _written(text: str, characters: Sequence[Placed], legible: bool, rng: Rng) -> MadeLine:
    """The line that the characters make."""
    scale = float(np.exp(rng.uniform(*np.log(LEGIBLE_HEIGHTS_PX if legible else HEIGHTS_PX))))
    more = max(1, round(SUPERSAMPLED_PX / scale)) if scale < SUPERSAMPLED_PX else 1
    more = min(more, 4)
    marker = chance(rng, MARKER_SHARE) and not legible
    pen = float(np.exp(rng.uniform(*np.log(MARKER_SHARES if marker else PEN_SHARES))))
    pen = max(pen, 0.8 / scale)
    unit = scale * more
    matrix = slanted(rng.normal(0, 1.2), rng.normal(0, 0.12))
    is_smooth, places = chance(rng, 0.6), _placed(characters, pen, legible, rng)
    lines, pictures = [], []
    for each, at in zip(characters, places, strict=True):
        if each.picture is not None:
            pictures.append((each, at))
        for points in each.lines:
            found = (points + at) @ matrix.T * unit
            lines.append(smooth(found) if is_smooth else found)
    canvas = _canvas(lines, pictures, matrix, unit, pen * unit)
    if more > 1:
        size = -(-canvas.shape[1] // more), -(-canvas.shape[0] // more)
        canvas = np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA))
    return MadeLine(damaged(canvas, scale, pen * scale, legible, rng), text)


def _placed(
    characters: Sequence[Placed], pen: float, legible: bool, rng: Rng
) -> list[NDArray[np.float64]]:
    """Where the left bottom corner of each character comes to lie."""
    close = chance(rng, 0.7)
    low, high = GAPS if close else WIDE_GAPS
    low = max(low, pen + MIN_PAPER_SHARE) if legible else low
    base, uneven = rng.uniform(low, max(low, high)), rng.uniform(0, 0.02 if legible else 0.06)
    wave, phase = rng.normal(0, 0.03), rng.uniform(0, 2 * np.pi)
    spaced = chance(rng, 0.12)
    places, x = [], 0.0
    for each in characters:
        # Pictures have their pen within their box, and markers would hide what they overlap.
        inner = PICTURE_PEN_SHARE if each.picture is not None else -max(0.0, pen - PEN_SHARES[1])
        places.append(np.array([x, -each.low + wave * np.sin(x + phase)]))
        gap = base + rng.normal(0, uneven)
        if spaced and chance(rng, 0.3):
            gap = rng.uniform(*WORD_GAPS)
        x += max(each.width + gap - inner, 0.08)
    return places


def _canvas(
    lines: Sequence[Points],
    pictures: Sequence[tuple[Placed, NDArray[np.float64]]],
    matrix: NDArray[np.float64],
    unit: float,
    pen: float,
) -> Ink:
    """The ink of a line in pixels, with some paper around."""
    corners = [*lines]
    for each, at in pictures:
        box = np.array([(0, 0), (each.width, 0), (0, -each.height), (each.width, -each.height)])
        corners.append((box + at) @ matrix.T * unit)
    whole = np.concatenate(corners)
    margin = MARGIN_SHARE * unit + pen
    origin = whole.min(axis=0) - margin
    width, height = np.ceil(whole.max(axis=0) + margin - origin).astype(int).tolist()
    canvas = np.zeros((height, width), np.uint8)
    thick = max(1, round(pen))
    for points in lines:
        fixed = np.round((points - origin) * 16).astype(np.int32)
        if len(fixed) == 1:  # OpenCV draws no line of one point
            cv2.circle(canvas, fixed[0].tolist(), 8 * thick, 255, -1, cv2.LINE_AA, 4)
        cv2.polylines(canvas, [fixed], False, 255, thick, cv2.LINE_AA, 4)
    for each, at in pictures:
        picture = each.picture
        assert picture is not None
        inner = np.diag([each.width / picture.shape[1], each.height / picture.shape[0]])
        turn = matrix @ inner * unit
        shift = matrix @ (at - np.array((0, each.height))) * unit - origin
        drawn = cv2.warpAffine(picture, np.column_stack([turn, shift]), (width, height))
        np.maximum(canvas, drawn, out=canvas)
    return canvas
