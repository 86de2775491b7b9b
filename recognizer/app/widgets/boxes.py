"""A box around each character, and the answers of a line, all on one side of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pygame
from pygame import Rect

from recognizer.app.layout import Layout
from recognizer.app.style import BOLD, Colour, StyleCache, mix
from recognizer.app.widgets import Part
from recognizer.app.widgets.canvas import Canvas
from recognizer.model import UNSURE_SIGN, Prediction

BOX_PADDING = 5
"""Room between the ink and its box; scale 1."""
LABEL_HEIGHT_SHARE, MIN_LABEL_HEIGHT, MAX_LABEL_HEIGHT, LABEL_HEIGHT_STEP = 0.34, 16, 44, 4
"""Height of an answer as a share of its box' height, its limits and its steps; scale 1."""
SMALL_LABEL_SHARE = 0.7
"""Where no answers of the usual size find room, those of this share of it may."""
LABEL_GAP = 3
"""Between the answers of neighbours; scale 1."""
SIDES = (("midbottom", "midtop"), ("midtop", "midbottom"))
"""Which point of an answer lies on which point of its box: above it, else below."""
END_PLACES = (("midleft", "midright"), ("midright", "midleft"))
"""The same for a whole line's text: at the end of the line, else before it."""


@dataclass(frozen=True)
class BoxLabel:
    """An answer and its place in the window; `size` is the height of its text in pixels."""

    text: str
    size: int
    rect: Rect
    sure: bool


@dataclass(frozen=True)
class ShownReading:
    """What is to be shown: digits, their boxes in the window, and the one looked at closely.

    lines: the numbers of the digits of each line. paper: where they are drawn; None if they are
    in a picture, on which answers have a ground. taken: where no answer may stand.
    """

    digits: Sequence[Prediction]
    boxes: Sequence[Rect]
    lines: Sequence[range]
    chosen: int | None
    paper: Canvas | None
    taken: Sequence[Rect] = ()


@dataclass(frozen=True)
class LinePlace:
    """What was found for a line: its answers, around where they were sought, and what was near."""

    labels: dict[int, BoxLabel]
    region: Rect
    near: list[Rect]


class LabelPlaces:
    """Where the answers of each line stood, which are sought anew only where something changed."""

    def __init__(self) -> None:
        self._known: dict[Hashable, LinePlace] = {}
        self._before: dict[Hashable, LinePlace] = {}
        self.changed: list[Rect] = []
        """Where ink came or went since the answers were placed."""

    def begin(self) -> None:
        """Begin a round; lines that it does not ask for are forgotten."""
        self._before, self._known = self._known, {}

    def end(self) -> None:
        """The round is over, and all that had changed was seen."""
        self.changed = []

    def find(
        self,
        key: Hashable,
        around: Rect,
        taken: Sequence[Rect],
        seek: Callable[[], dict[int, BoxLabel]],
    ) -> dict[int, BoxLabel]:
        """The answers of a line as they stood, or, where something changed, as they are found.

        key: what else they depend on. around: the line's boxes. taken: where none may stand.
        """
        before = self._before.get(key)
        region = around.inflate(2 * around.height, 2 * around.height)
        near = [taken[number] for number in region.collidelistall(list(taken))]
        if before is None or before.near != near or region.collidelist(self.changed) >= 0:
            before = LinePlace(seek(), region, near)
        self._known[key] = before
        return before.labels


def shown_labels(
    shown: ShownReading, places: LabelPlaces, layout: Layout, style: StyleCache
) -> dict[int, BoxLabel]:
    """The answers by the numbers of their digits.

    All of them stand above their digits, or else all below. A line whose answers find no room
    there has its text once at its end, by the number of its last digit.
    """
    if len(shown.digits) == 1:
        return {}  # Its answer stands beside it, and large.
    sides = []
    places.begin()
    for side in SIDES:
        sides.append(_on_side(side, shown, places, layout, style))
        if len(sides[-1]) == len(shown.lines):
            break
    best = max(sides, key=len)
    found = {number: label for line in best.values() for number, label in line.items()}
    taken = [*shown.boxes, *shown.taken, *(label.rect for label in found.values())]
    for line in shown.lines:
        if line.start not in best:
            seek = partial(_at_end, line, shown, taken, layout, style)
            labels = places.find(("end", _said(line, shown)), _around(line, shown), taken, seek)
            found |= labels
            taken += [label.rect for label in labels.values()]
    places.end()
    return found


def box_parts(
    shown: ShownReading, labels: Mapping[int, BoxLabel], layout: Layout, style: StyleCache
) -> Iterable[Part]:
    """The boxes, the chosen digit's standing out, and their answers."""
    theme = style.theme
    colours = {True: theme.sure, False: theme.unsure}
    pale = {sure: mix(colour, theme.paper, 0.55) for sure, colour in colours.items()}
    for number, (digit, box) in enumerate(zip(shown.digits, shown.boxes, strict=True)):
        chosen = number == shown.chosen
        usual = pale if shown.paper and not chosen else colours
        yield _box(number, box, usual[digit.sure], layout.px(2 if chosen else 1), layout.px(6))
    for number, label in labels.items():
        yield _label(number, label, shown.paper is None, style)


def padded_box(rect: Rect, layout: Layout) -> Rect:
    """The box around ink that lies in a rectangle of the window."""
    return rect.inflate(2 * layout.px(BOX_PADDING), 2 * layout.px(BOX_PADDING))


def box_at(boxes: Sequence[Rect], position: tuple[float, float]) -> int | None:
    """The smallest box that holds a position; None if there is none."""
    holding = [n for n, box in enumerate(boxes) if box.collidepoint(position)]
    return min(holding, key=lambda n: boxes[n].width * boxes[n].height, default=None)


def _box(number: int, box: Rect, colour: Colour, width: int, radius: int) -> Part:
    def paint(surface: pygame.Surface) -> None:
        pygame.draw.rect(surface, colour, box, width, radius)

    return Part(f"box {number}", box, (colour, width), paint)


def _label(number: int, label: BoxLabel, ground: bool, style: StyleCache) -> Part:
    theme = style.theme
    colour = theme.sure if label.sure else theme.unsure

    def paint(surface: pygame.Surface) -> None:
        if ground:
            surface.blit(style.box(label.rect.size, 4, theme.paper, theme.paper), label.rect)
        surface.blit(style.text(label.text, label.size, colour, BOLD), label.rect)

    return Part(f"label {number}", label.rect, (label.text, colour), paint)


def _on_side(
    side: tuple[str, str],
    shown: ShownReading,
    places: LabelPlaces,
    layout: Layout,
    style: StyleCache,
) -> dict[int, dict[int, BoxLabel]]:
    """The answers of the lines that find room on this side, by the first digit of the line."""
    taken = [*shown.boxes, *shown.taken]
    found: dict[int, dict[int, BoxLabel]] = {}
    for line in shown.lines:
        seek = partial(_line_on_side, line, side, shown, taken, layout, style)
        labels = places.find((side, _said(line, shown)), _around(line, shown), taken, seek)
        if labels:
            found[line.start] = labels
            taken += [label.rect for label in labels.values()]
    return found


def _said(line: range, shown: ShownReading) -> Hashable:
    """All that the answers of a line depend on but what is around it."""
    said = tuple((shown.digits[number].words, tuple(shown.boxes[number])) for number in line)
    return line, said, shown.paper is None


def _around(line: range, shown: ShownReading) -> Rect:
    return shown.boxes[line[0]].unionall(list(shown.boxes[line.start : line.stop]))


def _line_on_side(
    line: range,
    side: tuple[str, str],
    shown: ShownReading,
    taken: Sequence[Rect],
    layout: Layout,
    style: StyleCache,
) -> dict[int, BoxLabel]:
    """The answers of a line on this side, in words or else marked, as large as they find room."""
    for whole in (True, False):
        for size in _label_sizes(line, shown, layout):
            labels = _line_labels(line, side, size, whole, shown, taken, layout, style)
            if labels:
                return labels
    return {}


def _label_sizes(line: range, shown: ShownReading, layout: Layout) -> list[int]:
    """The heights in pixels that the answers of a line may have, the best first."""
    heights = sorted(shown.boxes[number].height for number in line)
    height = LABEL_HEIGHT_SHARE * heights[len(heights) // 2] / layout.scale
    usual = min(max(height, MIN_LABEL_HEIGHT), MAX_LABEL_HEIGHT)
    steps = [round(usual * share / LABEL_HEIGHT_STEP) for share in (1, SMALL_LABEL_SHARE)]
    return [layout.type(step * LABEL_HEIGHT_STEP) for step in dict.fromkeys(steps)]


def _line_labels(
    line: range,
    side: tuple[str, str],
    size: int,
    whole: bool,
    shown: ShownReading,
    taken: Sequence[Rect],
    layout: Layout,
    style: StyleCache,
) -> dict[int, BoxLabel]:
    """Answers of this size that hide no ink, no box and no other answer; {} without room.

    whole: whether a probable one is said in words, not only marked.
    """
    own, of_box = side
    gap = layout.px(LABEL_GAP)
    labels: dict[int, BoxLabel] = {}
    placed: list[Rect] = []
    for number in line:
        digit = shown.digits[number]
        text = digit.words if whole else _short(digit)
        rect = Rect((0, 0), style.font(BOLD, size).size(text))
        setattr(rect, own, getattr(shown.boxes[number], of_box))
        rect.right = min(rect.right, layout.canvas.right - gap)
        rect.left = max(rect.left, layout.canvas.left + gap)
        near = rect.inflate(2 * gap, 0)
        if near.collidelist(placed) >= 0 or not _is_free(rect, taken, shown, layout):
            return {}
        labels[number] = BoxLabel(text, size, rect, digit.sure)
        placed.append(rect)
    return labels


def _at_end(
    line: range, shown: ShownReading, taken: Sequence[Rect], layout: Layout, style: StyleCache
) -> dict[int, BoxLabel]:
    """The whole text of a line, beside it; {} without room."""
    text = "".join(_short(shown.digits[number]) for number in line)
    sure = all(shown.digits[number].sure for number in line)
    around, gap = _around(line, shown), layout.px(2 * LABEL_GAP)
    for size in _label_sizes(line, shown, layout):
        rect = Rect((0, 0), style.font(BOLD, size).size(text))
        for own, of_line in END_PLACES:
            setattr(rect, own, getattr(around.inflate(2 * gap, 0), of_line))
            if _is_free(rect, taken, shown, layout):
                return {line[-1]: BoxLabel(text, size, rect, sure)}
    return {}


def _short(digit: Prediction) -> str:
    """ "7" if it is sure, "7?" if it is probable, else "?"."""
    if digit.sure or digit.sign == UNSURE_SIGN:
        return digit.sign
    return digit.sign + UNSURE_SIGN


def _is_free(rect: Rect, taken: Sequence[Rect], shown: ShownReading, layout: Layout) -> bool:
    if rect.collidelist(taken) >= 0:
        return False
    paper = shown.paper
    return bool(layout.canvas.contains(rect)) if paper is None else paper.is_blank(rect)
