"""Answers on the canvas, beside the ink and never over it: a large one, or one for each box."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from recognizer.app.layout import Layout
from recognizer.app.style import BOLD, StyleCache, mix
from recognizer.app.widgets import Part
from recognizer.app.widgets.canvas import Canvas
from recognizer.model import UNSURE_SIGN, Prediction
from recognizer.session import percent

CALLOUT_SIZES = 1.0, 0.62, 0.42
"""Sizes of the answer as shares of the full one, tried in turn until one finds free paper."""
CALLOUT_WIDTH, CALLOUT_HEIGHT, CALLOUT_GAP = 92, 100, 18
"""Of the answer at its full size, and the room between it and the ink; scale 1."""
BOX_PADDING = 5
"""Room between the ink and its box; scale 1."""
LABEL_HEIGHT_SHARE, MIN_LABEL_HEIGHT, MAX_LABEL_HEIGHT, LABEL_HEIGHT_STEP = 0.34, 16, 44, 4
"""Height of an answer as a share of its box' height, its limits and its steps; scale 1."""
SMALL_LABEL_SHARE = 0.7
"""Where no answer of the usual size finds room, one of this share of it may."""
LABEL_PLACES = (
    *(("midbottom", "midtop"), ("bottomleft", "topleft"), ("bottomright", "topright")),
    *(("midtop", "midbottom"), ("midleft", "midright"), ("midright", "midleft")),
)
"""Which point of an answer may lie on which point of its box."""


@dataclass(frozen=True)
class Callout:
    """The label and its confidence, the label and "probably", or "?" and its candidates."""

    sign: str
    words: str
    sure: bool


def callout_of(prediction: Prediction) -> Callout:
    """What is to be shown of a reading."""
    sign = prediction.sign
    if prediction.sure:
        return Callout(sign, percent(prediction.confidence), True)
    candidates = " or ".join(label for label, _ in prediction.candidates)
    return Callout(sign, candidates if sign == UNSURE_SIGN else "probably", False)


class CalloutPlacement:
    """Finds the place of the answer, and stays there as long as it is free: calm to the eye."""

    def __init__(self) -> None:
        self._last: tuple[Rect, float] | None = None

    def find(self, canvas: Canvas, ink: Rect, layout: Layout) -> tuple[Rect, float] | None:
        """A rectangle of the window and the answer's size; None if ink is everywhere.

        ink: what the drawing covers.
        """
        gap = layout.px(CALLOUT_GAP)
        near = ink.inflate(8 * gap, 8 * gap)
        if (
            self._last
            and self._last[1] == CALLOUT_SIZES[0]
            and near.colliderect(self._last[0])
            and canvas.is_blank(self._last[0].inflate(gap, gap))
        ):
            return self._last
        self._last = self._new(canvas, ink, layout)
        return self._last

    def forget(self) -> None:
        """Start anew with the next drawing, or in a window of another size."""
        self._last = None

    def _new(self, canvas: Canvas, ink: Rect, layout: Layout) -> tuple[Rect, float] | None:
        for size in CALLOUT_SIZES:
            gap = layout.px(CALLOUT_GAP * size)
            rect = Rect(0, 0, layout.px(CALLOUT_WIDTH * size), layout.px(CALLOUT_HEIGHT * size))
            for place in _callout_places(rect, ink, canvas.rect, gap):
                if canvas.is_blank(place.inflate(gap, gap)):
                    return place, size
        return None


def _callout_places(rect: Rect, ink: Rect, paper: Rect, gap: int) -> Iterable[Rect]:
    """Beside the ink, then in the corners of the paper."""
    room = paper.inflate(-2 * gap, -2 * gap)
    size = width, height = rect.size
    for left in (ink.right + gap, ink.left - gap - width):
        yield Rect(left, _within(ink.centery - height // 2, room.top, room.bottom - height), *size)
    for top in (ink.top - gap - height, ink.bottom + gap):
        yield Rect(_within(ink.centerx - width // 2, room.left, room.right - width), top, *size)
    for top in (room.top, room.bottom - height):
        for left in (room.right - width, room.left):
            yield Rect(left, top, *size)


def _within(place: int, least: int, most: int) -> int:
    return min(max(place, least), most)


def paint_callout(surface: Surface, rect: Rect, answer: Callout, style: StyleCache) -> None:
    """The sign large, the words under it, neither of them wider than the rectangle."""
    colour, size = style.theme.sure if answer.sure else style.theme.unsure, rect.height * 0.86
    sign = style.figure(answer.sign, round(size), colour)
    if sign.get_width() > rect.width:
        sign = style.figure(answer.sign, int(size * rect.width / sign.get_width()), colour)
    words = style.line(answer.words, round(rect.height * 0.24), colour, rect.width, BOLD)
    surface.blit(sign, sign.get_rect(midtop=rect.midtop))
    surface.blit(words, words.get_rect(midbottom=rect.midbottom))


@dataclass(frozen=True)
class BoxLabel:
    """An answer and its place in the window; `size` is the height of its text in pixels."""

    text: str
    size: int
    rect: Rect


@dataclass(frozen=True)
class ShownReading:
    """What is to be shown: digits, their boxes in the window, and the one looked at closely.

    paper: where they are drawn; None if they are in a picture, on which answers have a ground.
    """

    digits: Sequence[Prediction]
    boxes: Sequence[Rect]
    chosen: int | None
    paper: Canvas | None


def shown_labels(shown: ShownReading, layout: Layout, style: StyleCache) -> dict[int, BoxLabel]:
    """The answers that find room, by the numbers of their digits."""
    if len(shown.digits) == 1:
        return {}  # Its answer stands beside it, and large.
    found = enumerate(_labels(shown, layout, style))
    return {number: label for number, label in found if label is not None}


def box_parts(
    shown: ShownReading, labels: Mapping[int, BoxLabel], layout: Layout, style: StyleCache
) -> Iterable[Part]:
    """The boxes, the chosen digit's standing out, and their answers."""
    for number, (digit, box) in enumerate(zip(shown.digits, shown.boxes, strict=True)):
        yield _box(number, digit, box, shown, layout, style)
    for number, label in labels.items():
        yield _label(number, label, shown, style)


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


def _label(number: int, label: BoxLabel, shown: ShownReading, style: StyleCache) -> Part:
    theme = style.theme
    colour = theme.sure if shown.digits[number].sure else theme.unsure

    def paint(surface: Surface) -> None:
        if shown.paper is None:
            surface.blit(style.box(label.rect.size, 4, theme.paper, theme.paper), label.rect)
        surface.blit(style.text(label.text, label.size, colour, BOLD), label.rect)

    return Part(f"label {number}", label.rect, (label.text, colour), paint)


def _labels(shown: ShownReading, layout: Layout, style: StyleCache) -> list[BoxLabel | None]:
    """Answers that hide no ink, no box and no other answer; None where there is no room."""
    taken = list(shown.boxes)
    labels: list[BoxLabel | None] = []
    for digit, box in zip(shown.digits, shown.boxes, strict=True):
        tried = (
            BoxLabel(text, size, place)
            for text, size in _label_texts(digit, box, layout)
            for place in _label_places(style.font(BOLD, size).size(text), box)
        )
        free = (
            label
            for label in tried
            if label.rect.collidelist(taken) < 0 and _is_free(label.rect, shown.paper, layout)
        )
        labels.append(next(free, None))
        if labels[-1]:
            taken.append(labels[-1].rect)
    return labels


def _is_free(rect: Rect, paper: Canvas | None, layout: Layout) -> bool:
    return bool(layout.canvas.contains(rect)) if paper is None else paper.is_blank(rect)


def _label_texts(digit: Prediction, box: Rect, layout: Layout) -> Iterable[tuple[str, int]]:
    """What is said of a digit, and its size in pixels, the best way first."""
    answer = callout_of(digit)
    texts = [digit.words]
    if answer.sign == UNSURE_SIGN:
        texts = [f"{answer.sign} {answer.words}".rstrip(), answer.sign]
    elif not digit.sure:
        texts.append(f"{answer.sign}{UNSURE_SIGN}")
    height = LABEL_HEIGHT_SHARE * box.height / layout.scale
    size = min(max(height, MIN_LABEL_HEIGHT), MAX_LABEL_HEIGHT)
    for share in (1, SMALL_LABEL_SHARE):
        for text in texts:
            yield text, layout.type(round(size * share / LABEL_HEIGHT_STEP) * LABEL_HEIGHT_STEP)


def _label_places(size: tuple[int, int], box: Rect) -> Iterable[Rect]:
    """Above the box, else below or beside it."""
    for own, of_box in LABEL_PLACES:
        rect = Rect((0, 0), size)
        setattr(rect, own, getattr(box, of_box))
        yield rect
