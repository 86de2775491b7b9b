"""Sums and numbers, each of one writer's characters written side by side, and how they are read.

Nobody wrote these lines as a whole: characters that a person drew alone are put beside each other,
as large and as high as people write them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from recognizer import Recognizer
from recognizer.console import suppress_stderr
from recognizer.datasets import MINUS, Drawing, Sample
from recognizer.evaluation.predictions import Figures, accuracy_figure
from recognizer.labels import SUMS, digit_of, known_sets
from recognizer.model.card import load
from recognizer.processes import in_parallel
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
APART, TOUCHING = 0.3, 0.0
"""The gap between the digits of a number, in heights."""
COMPOSED = "×·÷"
"""Signs that no set of pen strokes holds."""
SUMS_PER_WRITER, SUM_SEED = 10, 1
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

    strokes: Strokes
    text: str
    size: tuple[int, int]


class PlacedCharacter(NamedTuple):
    """Strokes, how much larger they become, the top of their box, and the gap after them, in px."""

    strokes: Strokes
    scale: float
    top: float
    gap: float


def side_by_side(characters: Iterable[PlacedCharacter], text: str) -> WrittenLine:
    """The line that the characters make."""
    strokes: list[Stroke] = []
    x = end = float(MARGIN_PX)
    bottom = x + HEIGHT_PX
    for each in characters:
        box = bounds(each.strokes)
        strokes += transformed(
            each.strokes, each.scale, origin=box.corner, to=(x, each.top), pen=float(PEN_PX)
        )
        end = x + box.width * each.scale
        bottom = max(bottom, each.top + box.height * each.scale)
        x = end + each.gap
    return WrittenLine(
        tuple(strokes), text, (int(np.ceil(end)) + MARGIN_PX, int(np.ceil(bottom)) + MARGIN_PX)
    )


def number_of(drawings: Sequence[Drawing], gap: float) -> WrittenLine:
    """Digits as high as each other; gap: between the middles of their lines, in heights."""
    return side_by_side(
        [
            PlacedCharacter(each.strokes, _digit_scale(each.strokes), MARGIN_PX, gap * HEIGHT_PX)
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


def _digit_scale(strokes: Strokes) -> float:
    box = bounds(strokes)
    width, height = max(box.width, 1.0), max(box.height, 1.0)
    return min(HEIGHT_PX / height, MAX_WIDTH_SHARE * HEIGHT_PX / width)


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
        scale, middle = _digit_scale(strokes) * rng.uniform(*DIGIT_HEIGHTS), 0.5
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


def line_figures(samples: Iterable[Sample], folder: Path) -> Figures:
    """Shares of whole lines that the model in a folder reads right from strokes, for its card.

    samples: of validation writers, without doubtful ones. Sums only if the model knows signs.
    """
    of_sets = _drawings(samples)
    writers = len({each.writer for drawings in of_sets.values() for each in drawings})
    if not writers:
        return {}
    found = {}
    for how, gap in (("apart", APART), ("touching", TOUCHING)):
        of = f"numbers of {NUMBER_LENGTH} digits of {writers} validation writers, {how}, of strokes"
        made = [line for own in of_sets.values() for line in numbers_of_five(own, gap)]
        if made:
            found[f"numbers_{how}_strokes"] = whole_lines_figure(made, folder, "digits", of)
    if SUMS in known_sets(load(folder).labels):
        of = f"sums of 5 to 9 characters of {writers} validation writers, of strokes"
        made = [line for own in of_sets.values() for line in sums(own, SUMS_PER_WRITER, SUM_SEED)]
        read = read_lines(made, folder, SUMS, of)
        whole = sum(text == line.text for line, text in read)
        found["sums_strokes"] = accuracy_figure(whole, len(read), of)
        found["sums_signs_strokes"] = signs_figure(read, f"signs in {of}")
    return found


def _drawings(samples: Iterable[Sample]) -> dict[str, list[Drawing]]:
    """The drawings of each set of which somebody drew digits; writers are numbered."""
    numbers: dict[str, int] = {}
    found: dict[str, list[Drawing]] = defaultdict(list)
    for each in samples:
        if each.strokes and each.writer is not None:
            writer = numbers.setdefault(each.writer, len(numbers))
            found[each.set].append(Drawing(each.strokes, each.label, writer))
    return found


def whole_lines_figure(
    lines: Iterable[WrittenLine], model: Path, labels: str, of: str
) -> dict[str, Any]:
    """The share of the lines that are read right as a whole, as a figure for the card.

    labels: the set that the reader is asked for. of: what the lines are, in words.
    """
    read = read_lines(lines, model, labels, of)
    return accuracy_figure(sum(text == line.text for line, text in read), len(read), of)


def read_lines(
    lines: Iterable[WrittenLine], model: Path, labels: str, of: str
) -> list[tuple[WrittenLine, str]]:
    """The lines and how they are read, see `whole_lines_figure`."""
    given = list(lines)
    read = in_parallel(LineReader(model, labels).read, given, f"reading {of}", chunk=16)
    return list(zip(given, read, strict=True))


def signs_figure(read: Iterable[tuple[WrittenLine, str]], of: str) -> dict[str, Any]:
    """The share of the signs in lines that are read, in their order, as a figure for the card."""
    right = n = 0
    for line, text in read:
        matcher = SequenceMatcher(None, line.text, text, autojunk=False)
        found = "".join(line.text[m.a : m.a + m.size] for m in matcher.get_matching_blocks())
        right += sum(label in SIGN_SIZES for label in found)
        n += sum(label in SIGN_SIZES for label in line.text)
    return accuracy_figure(right, n, of)


class LineReader:
    """Reads lines one after the other, in any process."""

    def __init__(self, model: Path, labels: str) -> None:
        self._model, self._labels = model, labels

    @cached_property
    def _recognizer(self) -> Recognizer:
        with suppress_stderr():
            return Recognizer(self._model, labels=self._labels)

    def read(self, line: WrittenLine) -> str:
        """What is read from the line's strokes."""
        return self._recognizer.read_strokes(line.strokes, line.size).text
