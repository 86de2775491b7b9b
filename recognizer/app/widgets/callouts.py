"""The large answer on the canvas, beside the ink and never over it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pygame import Rect, Surface

from recognizer.app.layout import Layout
from recognizer.app.style import BOLD, StyleCache
from recognizer.app.widgets.canvas import Canvas
from recognizer.model import UNSURE_SIGN, Prediction
from recognizer.session import percent

CALLOUT_SIZES = 1.0, 0.62, 0.42
"""Sizes of the answer as shares of the full one, tried in turn until one finds free paper."""
CALLOUT_WIDTH, CALLOUT_HEIGHT, CALLOUT_GAP = 92, 100, 18
"""Of the answer at its full size, and the room between it and the ink; scale 1."""


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
