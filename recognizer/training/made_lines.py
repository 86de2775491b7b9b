"""Lines of writing as a picture shows them, each of one writer's characters side by side.

They overlap, touch or stand apart, are uneven, slanted and bent, drawn with a hair or a marker,
broken, specked, ruled and blurred: all that the line network is to read. Each depends on its seed
alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from string import ascii_letters, digits
from typing import NamedTuple

import cv2
import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognizer.datasets import MINUS
from recognizer.geometry import Points
from recognizer.ink import Ink, smooth
from recognizer.labels import SUMS, label_set
from recognizer.segmentation.strips import strip_of
from recognizer.strokes import Stroke, bounds
from recognizer.training import LABELS, NO_LABEL
from recognizer.training.collection import SIDE, Collection
from recognizer.training.composed import SIGNS, composed
from recognizer.training.line_damage import damaged
from recognizer.training.made_sums import MAX_WIDTH_SHARE, SIGN_SIZES, sum_text
from recognizer.training.pen import Rng, chance

NUMBER, SUM, LETTERS, PICTURES, PRINT = "digits", "sum", "letters", "pictures", "print"
KIND_SHARES = {NUMBER: 0.43, SUM: 0.25, LETTERS: 0.11, PICTURES: 0.16, PRINT: 0.05}
"""How often a line is one of pen strokes, of pictures of digits, or printed."""
FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSerif")
"""Those that matplotlib brings."""
FONT_PX = 64
HEIGHTS_PX = 13.0, 64.0
LEGIBLE_HEIGHTS_PX = 28.0, HEIGHTS_PX[1]
"""Of a digit in the picture that the line is drawn in, in pixels."""
PEN_SHARES, MARKER_SHARES, MARKER_SHARE = (0.03, 0.15), (0.15, 0.3), 0.15
"""Of the pen, in heights of a digit; of a marker; and how often one is used."""
GAPS, WIDE_GAPS, WORD_GAPS = (-0.12, 0.2), (0.1, 0.7), (0.8, 3.0)
"""Between the middles of two characters' lines, in heights of a digit."""
DESCENDERS, DESCENT = "gjpqy", 0.3
"""Letters that reach below the line, by this share of their height."""
SUPERSAMPLED_PX = 120
"""Lines are drawn so large, or larger, and made smaller."""
MARGIN_SHARE = 0.7
MIN_PAPER_SHARE = 0.03
"""Paper between two characters that are legible, in heights of a digit."""
PICTURE_PEN_SHARE = 0.1
"""About how wide the pen is in pictures of digits, in their heights."""


@dataclass(frozen=True, eq=False)
class MadeLine:
    """The ink of a line, and what stands in it."""

    ink: Ink
    text: str

    @cached_property
    def picture(self) -> NDArray[np.uint8]:
        """The strip (28, width) that the network sees."""
        return strip_of(self.ink).picture


class Placed(NamedTuple):
    """A character in heights of a digit, its box's left bottom corner at (0, 0), y downwards.

    Either lines of a pen, or a picture with its scale.
    """

    lines: list[Points]
    picture: NDArray[np.uint8] | None
    width: float
    height: float
    low: float
    """How far its bottom is above the base line."""


@dataclass(frozen=True, eq=False)
class LineWriters:
    """The characters of some writers, to write lines with.

    collection: what they drew; chosen: (n,) which of it is used.
    """

    collection: Collection
    chosen: NDArray[np.bool_]

    @cached_property
    def _pens(self) -> list[dict[str, list[int]]]:
        return self._by_writer(self.chosen & ~self.collection.is_picture)

    @cached_property
    def _cameras(self) -> list[dict[str, list[int]]]:
        return self._by_writer(self.chosen & self.collection.is_picture & self.collection.is_digit)

    def _by_writer(self, some: NDArray[np.bool_]) -> list[dict[str, list[int]]]:
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
        numbers, shares = self._who[kind]
        share = shares[numbers]
        own = (self._cameras if kind == PICTURES else self._pens)[
            int(rng.choice(numbers, p=share / share.sum()))
        ]
        text = _text(kind, length, own, rng)
        return _written(text, [self._placed(label, own, rng) for label in text], legible, rng)

    def _placed(self, label: str, own: dict[str, list[int]], rng: Rng) -> Placed:
        numbers = own.get(label)
        if numbers:
            number = numbers[int(rng.integers(len(numbers)))]
            if self.collection.is_picture[number]:
                return _of_picture(self._picture(number), rng)
            share = float(self.collection.shares[number])
            return _of_strokes(self.collection.drawn(number), label, share / SIDE, rng)
        parts = {
            other: [self.collection.drawn(n) for n in some[:3]]
            for other, some in own.items()
            if other in ".,:" + MINUS + "xX"
        }
        return _of_strokes(composed(label, parts, rng), label, None, rng)

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
    return _written(text, [_of_font(font, label) for label in text], legible, rng)


@lru_cache
def _of_font(name: str, label: str) -> Placed:
    """A character of a font, as high and as large as it is beside that font's 0."""
    font = ImageFont.truetype(
        Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}.ttf"), FONT_PX
    )
    left, top, right, bottom = font.getbbox(label, anchor="ls")
    picture = Image.new("L", (int(right - left), int(bottom - top)))
    ImageDraw.Draw(picture).text((-left, -top), label, 255, font, anchor="ls")
    unit = -font.getbbox("0", anchor="ls")[1]
    return Placed(
        [], np.asarray(picture), picture.width / unit, picture.height / unit, -bottom / unit
    )


def _text(kind: str, length: int, own: dict[str, list[int]], rng: Rng) -> str:
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


def _of_strokes(strokes: Sequence[Stroke], label: str, unit: float | None, rng: Rng) -> Placed:
    """A drawing as large and as high as people write it, more or less, and a little changed.

    unit: what turns its own into that of its writer's usual character; None for a composed sign.
    """
    box = bounds(strokes)
    lines = [stroke.points - box.middle for stroke in strokes]
    matrix = np.diag(np.exp(rng.normal(0, 0.07, 2))) @ _slanted(
        rng.normal(0, 5), rng.normal(0, 0.1)
    )
    lines = _bent([each @ matrix.T for each in lines], max(box.side, 1e-6), rng)
    whole = np.concatenate(lines)
    low, high = whole.min(axis=0), whole.max(axis=0)
    width, height = np.maximum(high - low, 1e-6).tolist()
    scale, foot = _size(label, width, height, unit, rng)
    moved = [(each - (low[0], high[1])) * scale for each in lines]
    return Placed(moved, None, width * scale, height * scale, foot)


def _size(
    label: str, width: float, height: float, unit: float | None, rng: Rng
) -> tuple[float, float]:
    """The scale of a character, and how high its foot is above the base line."""
    off = rng.normal(0, 0.04)
    if label in SIGN_SIZES:
        least, most, middle = SIGN_SIZES[label]
        scale = rng.uniform(least, most) / max(width, height)
        return scale, middle - height * scale / 2 + off
    if label in digits or unit is None:
        even = chance(rng, 0.75)
        most = min(1 / height, MAX_WIDTH_SHARE / width)
        return most * float(rng.uniform(*((0.88, 1.06) if even else (0.65, 1.2)))), off
    scale = unit * float(rng.uniform(0.9, 1.1))
    return scale, off - (DESCENT * height * scale if label in DESCENDERS else 0.0)


def _of_picture(picture: NDArray[np.uint8], rng: Rng) -> Placed:
    x, y, width, height = cv2.boundingRect((picture > 60).astype(np.uint8))
    cut = picture[y : y + height, x : x + width]
    scale = min(1 / height, MAX_WIDTH_SHARE / width) * rng.uniform(0.85, 1.1)
    return Placed([], np.ascontiguousarray(cut), width * scale, height * scale, rng.normal(0, 0.04))


def _slanted(degrees: float, slant: float) -> NDArray[np.float64]:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.asarray(turn @ np.array([[1, slant], [0, 1]]))


def _bent(lines: list[Points], side: float, rng: Rng) -> list[Points]:
    """The lines, bent by a slow wave along each axis."""
    waves, phases = rng.normal(0, 0.03, (2, 2)), rng.uniform(0, 2 * np.pi, (2, 2))
    bent = []
    for each in lines:
        at = each / side
        shift = waves[0] * np.sin(np.pi * at[:, ::-1] + phases[0])
        shift += waves[1] * np.sin(2 * np.pi * at + phases[1])
        bent.append(each + shift * side)
    return bent


def _written(text: str, characters: Sequence[Placed], legible: bool, rng: Rng) -> MadeLine:
    """The line that the characters make."""
    scale = float(np.exp(rng.uniform(*np.log(LEGIBLE_HEIGHTS_PX if legible else HEIGHTS_PX))))
    more = max(1, round(SUPERSAMPLED_PX / scale)) if scale < SUPERSAMPLED_PX else 1
    more = min(more, 4)
    marker = chance(rng, MARKER_SHARE) and not legible
    pen = float(np.exp(rng.uniform(*np.log(MARKER_SHARES if marker else PEN_SHARES))))
    pen = max(pen, 0.8 / scale)
    unit = scale * more
    matrix = _slanted(rng.normal(0, 1.2), rng.normal(0, 0.12))
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
