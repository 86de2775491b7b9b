"""A box around each character, and the answers of a line, all on one side of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pygame
from pygame import Rect

from recognizer.app.layout import Layout
from recognizer.app.style import BOLD, StyleCache, mix
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


def shown_labels(shown: ShownReading, layout: Layout, style: StyleCache) -> dict[int, BoxLabel]:
    """The answers by the numbers of their digits.

    All of them stand above their digits, or else all below. A line whose answers find no room
    there has its text once at its end, by the number of its last digit.
    """
    if len(shown.digits) == 1:
        return {}  # Its answer stands beside it, and large.
    sides = []
    for side in SIDES:
        sides.append(_on_side(side, shown, layout, style))
        if len(sides[-1]) == len(shown.lines):
            break
    best = max(sides, key=len)
    found = {number: label for line in best.values() for number, label in line.items()}
    taken = [*shown.boxes, *shown.taken, *(label.rect for label in found.values())]
    for line in shown.lines:
        if line.start not in best and (label := _at_end(line, shown, taken, layout, style)):
            found[line[-1]] = label
            taken.append(label.rect)
    return found


def box_parts(
    shown: ShownReading, labels: Mapping[int, BoxLabel], layout: Layout, style: StyleCache
) -> Iterable[Part]:
    """The boxes, the chosen digit's standing out, and their answers."""
    for number, (digit, box) in enumerate(zip(shown.digits, shown.boxes, strict=True)):
        yield _box(number, digit, box, shown, layout, style)
    for number, label in labels.items():
        yield _label(number, label, shown.paper is None, style)


def padded_box(rect: Rect, layout: Layout) -> Rect:
    """The box around ink that lies in a rectangle of the window."""
    return rect.inflate(2 * layout.px(BOX_PADDING), 2 * layout.px(BOX_PADDING))


def box_at(boxes: Sequence[Rect], position: tuple[float, float]) -> int | None:
    """The smallest box that holds a position; None if there is none."""
    holding = [n for n, box in enumerate(boxes) if box.collidepoint(position)]
    return min(holding, key=lambda n: boxes[n].width * boxes[n].height, default=None)


def _box(
    number: int,
    digit: Prediction,
    box: Rect,
    shown: ShownReading,
    layout: Layout,
    style: StyleCache,
) -> Part:
    colour = style.theme.sure if digit.sure else style.theme.unsure
    chosen = number == shown.chosen
    if shown.paper and not chosen:
        colour = mix(colour, style.theme.paper, 0.55)
    width, radius = layout.px(2 if chosen else 1), layout.px(6)
    return Part(
        f"box {number}",
        box,
        (colour, width),
        lambda s: pygame.draw.rect(s, colour, box, width, radius),
    )


def _label(number: int, label: BoxLabel, ground: bool, style: StyleCache) -> Part:
    theme = style.theme
    colour = theme.sure if label.sure else theme.unsure

    def paint(surface: pygame.Surface) -> None:
        if ground:
            surface.blit(style.box(label.rect.size, 4, theme.paper, theme.paper), label.rect)
        surface.blit(style.text(label.text, label.size, colour, BOLD), label.rect)

    return Part(f"label {number}", label.rect, (label.text, colour), paint)


def _on_side(
    side: tuple[str, str], shown: ShownReading, layout: Layout, style: StyleCache
) -> dict[int, dict[int, BoxLabel]]:
    """The answers of the lines that find room on this side, by the first digit of the line."""
    taken = [*shown.boxes, *shown.taken]
    found: dict[int, dict[int, BoxLabel]] = {}
    for line in shown.lines:
        sizes = _label_sizes(line, shown, layout)
        for size, whole in [(size, whole) for size in sizes for whole in (True, False)]:
            labels = _line_labels(line, side, size, whole, shown, taken, layout, style)
            if labels:
                found[line.start] = labels
                taken += [label.rect for label in labels.values()]
                break
    return found


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
) -> BoxLabel | None:
    """The whole text of a line, beside it."""
    text = "".join(_short(shown.digits[number]) for number in line)
    sure = all(shown.digits[number].sure for number in line)
    around = shown.boxes[line[0]].unionall([shown.boxes[number] for number in line])
    gap = layout.px(2 * LABEL_GAP)
    for size in _label_sizes(line, shown, layout):
        rect = Rect((0, 0), style.font(BOLD, size).size(text))
        for own, of_line in END_PLACES:
            setattr(rect, own, getattr(around.inflate(2 * gap, 0), of_line))
            if _is_free(rect, taken, shown, layout):
                return BoxLabel(text, size, rect, sure)
    return None


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
