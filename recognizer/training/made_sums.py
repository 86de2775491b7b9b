"""Sums and numbers, each of one writer's characters written side by side.

Nobody wrote these lines as a whole: characters that a person drew alone are put beside each other,
as large and as high as people write them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import NamedTuple

import numpy as np

from recognizer.datasets import MINUS, Drawing
from recognizer.labels import digit_of
from recognizer.strokes import Stroke, bounds, transformed
from recognizer.training.composed import composed

Rng = np.random.Generator
Strokes = tuple[Stroke, ...]
Parts = Mapping[str, Sequence[Strokes]]
"""What a writer drew, by label."""
Compose = Callable[[str, Parts, Rng], Strokes]
"""Makes a sign that no set holds of a writer's other signs, as `training.composed` does."""

HEIGHT_PX, PEN_PX, MARGIN_PX = 120, 10, 60
"""Of a digit, the pen, and the paper around, in pixels."""
MAX_WIDTH_SHARE = 1.5
"""A digit that is flatter, such as a slanted 1, is made so many heights wide instead."""
NUMBER_LENGTH = 5
COMPOSED = "×·÷"
"""Signs that no set of pen strokes holds."""
SUM_LENGTHS = 5, 6, 7, 8, 9
SUM_GAPS = 0.15, 0.4
"""Between the characters of a sum, in heights of a digit."""
DIGIT_HEIGHTS, MAX_OFF_LINE = (0.85, 1.1), 0.05
"""Digits of a sum are so high, and characters so far off their place, in heights of a digit."""


class SignSize(NamedTuple):
    """The longer side of a sign, from and to, and where its middle stands above the base line."""

    least: float
    most: float
    middle: float


SIGN_SIZES = {
    "+": SignSize(0.6, 0.95, 0.48),
    MINUS: SignSize(0.4, 0.8, 0.48),
    "×": SignSize(0.45, 0.8, 0.45),
    "·": SignSize(0.03, 0.15, 0.48),
    "÷": SignSize(0.5, 0.85, 0.48),
    "/": SignSize(0.95, 1.5, 0.5),
    "=": SignSize(0.5, 0.85, 0.48),
    "(": SignSize(1.05, 1.45, 0.5),
    ")": SignSize(1.05, 1.45, 0.5),
    ".": SignSize(0.03, 0.15, 0.03),
    ",": SignSize(0.2, 0.45, 0.0),
    ":": SignSize(0.45, 0.75, 0.35),
    "<": SignSize(0.65, 0.95, 0.48),
    ">": SignSize(0.65, 0.95, 0.48),
    "%": SignSize(1.0, 1.35, 0.52),
}
"""In heights of a digit: about the middle half of UNIPEN's, beside the same writers' digits."""


@dataclass(frozen=True, eq=False)
class WrittenLine:
    """Characters side by side, in pixels; size: (width, height) of the canvas."""

    characters: tuple[Strokes, ...]
    text: str
    size: tuple[int, int]

    @property
    def strokes(self) -> Strokes:
        """Those of all characters."""
        return tuple(chain.from_iterable(self.characters))


class PlacedCharacter(NamedTuple):
    """Strokes, how much larger they become, the top of their box, and the gap after them, in px."""

    strokes: Strokes
    scale: float
    top: float
    gap: float


def side_by_side(characters: Iterable[PlacedCharacter], text: str) -> WrittenLine:
    """The line that the characters make."""
    written: list[Strokes] = []
    x = end = float(MARGIN_PX)
    bottom = x + HEIGHT_PX
    for each in characters:
        box = bounds(each.strokes)
        place = (x, each.top)
        moved = transformed(
            each.strokes, each.scale, origin=box.corner, to=place, pen=float(PEN_PX)
        )
        written.append(moved)
        end = x + box.width * each.scale
        bottom = max(bottom, each.top + box.height * each.scale)
        x = end + each.gap
    return WrittenLine(
        tuple(written), text, (int(np.ceil(end)) + MARGIN_PX, int(np.ceil(bottom)) + MARGIN_PX)
    )


def number_of(drawings: Sequence[Drawing], gap: float) -> WrittenLine:
    """Digits as high as each other; gap: between the middles of their lines, in heights."""
    return side_by_side(
        [
            PlacedCharacter(each.strokes, digit_scale(each.strokes), MARGIN_PX, gap * HEIGHT_PX)
            for each in drawings
        ],
        "".join(each.label for each in drawings),
    )


def numbers_of_five(
    drawings: Iterable[Drawing], gap: float, first: int = 0
) -> Iterator[WrittenLine]:
    """All numbers that the writers' digits make in their order, from each one's `first` on."""
    ordered = sorted(drawings, key=lambda drawing: drawing.writer)
    for _, group in groupby(ordered, key=lambda drawing: drawing.writer):
        own = [drawing for drawing in group if digit_of(drawing.label) is not None]
        for start in range(first, len(own) - NUMBER_LENGTH + 1, NUMBER_LENGTH):
            yield number_of(own[start : start + NUMBER_LENGTH], gap)


def digit_scale(strokes: Strokes, height: float = HEIGHT_PX) -> float:
    """How much a digit grows that is made so high, in pixels, or `MAX_WIDTH_SHARE` as wide."""
    box = bounds(strokes)
    return min(height / max(box.height, 1.0), MAX_WIDTH_SHARE * height / max(box.width, 1.0))


def sums(
    drawings: Iterable[Drawing], per_writer: int, seed: int, compose: Compose = composed
) -> Iterator[WrittenLine]:
    """So many sums by each writer who drew digits.

    drawings: of one set. Signs that a writer lacks are another's of the set; without any, and
    for those of COMPOSED, `compose` makes them.
    """
    by_writer: dict[int, dict[str, list[Strokes]]] = defaultdict(lambda: defaultdict(list))
    of_all: dict[str, list[Strokes]] = defaultdict(list)
    for each in drawings:
        by_writer[each.writer][each.label].append(each.strokes)
        of_all[each.label].append(each.strokes)
    for writer, own in sorted(by_writer.items()):
        digits = sorted(label for label in own if digit_of(label) is not None)
        rng = np.random.default_rng((seed, writer))
        for _ in range(per_writer if digits else 0):
            yield _sum(sum_text(digits, rng), own, of_all, rng, compose)


def _sum(text: str, own: Parts, of_all: Parts, rng: Rng, compose: Compose) -> WrittenLine:
    placed = []
    for label in text:
        known = own.get(label) or of_all.get(label)
        if label in COMPOSED or not known:
            strokes = compose(label, own, rng)
        else:
            strokes = known[int(rng.integers(len(known)))]
        placed.append(_placed(label, strokes, rng))
    return side_by_side(placed, text)


def _placed(label: str, strokes: Strokes, rng: Rng) -> PlacedCharacter:
    """A character of a sum, as large and as high as people write it, more or less."""
    box, gap = bounds(strokes), rng.uniform(*SUM_GAPS) * HEIGHT_PX
    if label in SIGN_SIZES:
        least, most, middle = SIGN_SIZES[label]
        scale = rng.uniform(least, most) * HEIGHT_PX / (box.side or 1.0)  # a dot may be a point
    else:
        scale, middle = digit_scale(strokes) * rng.uniform(*DIGIT_HEIGHTS), 0.5
    above = (middle + rng.uniform(-MAX_OFF_LINE, MAX_OFF_LINE)) * HEIGHT_PX
    top = 1.5 * MARGIN_PX + HEIGHT_PX - above - box.height * scale / 2
    return PlacedCharacter(strokes, scale, top, gap)


def sum_text(digits: Sequence[str], rng: Rng) -> str:
    """A sum of five to nine characters of these digits, as "12+30=", "2×(3+4)" or "3.5−1"."""

    def number() -> str:
        whole = "".join(rng.choice(digits, rng.integers(1, 4)))
        return whole + rng.choice((".", ",")) + rng.choice(digits) if rng.random() < 0.2 else whole

    def operation() -> str:
        return str(rng.choice((*("+", MINUS, "×") * 2, *"·÷:/")))

    while True:
        text = number() + operation() + number()
        kind = rng.random()
        if kind < 0.1:
            text = f"{number()}{operation()}({text})"
        elif kind < 0.2:
            text += operation() + number()
        elif kind < 0.25:
            text = f"{number()}%{operation()}{number()}"
        if (end := rng.random()) < 0.5:
            text += "="
        elif end < 0.7:
            text += rng.choice(("=", "=", "<", ">")) + number()
        if len(text) in SUM_LENGTHS:
            return text
