"""The reading on the canvas, beside the drawing and never over its ink."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pygame import Rect, Surface

from recognizer.app.canvas import Canvas
from recognizer.app.layout import Layout
from recognizer.app.look import BOLD, Look
from recognizer.app.words import percent
from recognizer.reading import Prediction

FULL, SMALL, SMALLEST = 1.0, 0.62, 0.42
"""Sizes of the answer, tried one after the other until one finds free paper."""
WIDTH, HEIGHT, GAP = 92, 100, 18
"""Of the answer at its full size, and the room between it and the ink; scale 1."""


@dataclass(frozen=True)
class Answer:
    """The digit and its confidence, or "?" and the two candidates."""

    digit: str
    words: str
    sure: bool


def answer_of(prediction: Prediction) -> Answer:
    """What is to be shown of a reading."""
    if prediction.sure:
        return Answer(str(prediction.digit), percent(prediction.confidence), True)
    first, second = prediction.ranking[:2]
    return Answer("?", f"{first} or {second}", False)


class Place:
    """Finds the place of the answer, and stays there as long as it is free: calm to the eye."""

    def __init__(self) -> None:
        self._last: tuple[Rect, float] | None = None

    def find(self, canvas: Canvas, ink: Rect, layout: Layout) -> tuple[Rect, float] | None:
        """A rectangle of the window and the answer's size; None if ink is everywhere.

        ink: what the drawing covers.
        """
        gap = layout.px(GAP)
        near = ink.inflate(8 * gap, 8 * gap)
        if (
            self._last
            and self._last[1] == FULL
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
        for size in (FULL, SMALL, SMALLEST):
            gap = layout.px(GAP * size)
            rect = Rect(0, 0, layout.px(WIDTH * size), layout.px(HEIGHT * size))
            for place in _places(rect, ink, canvas.rect, gap):
                if canvas.is_blank(place.inflate(gap, gap)):
                    return place, size
        return None


def _places(rect: Rect, ink: Rect, paper: Rect, gap: int) -> Iterable[Rect]:
    """Beside the ink, then in the corners of the paper."""
    room = paper.inflate(-2 * gap, -2 * gap)
    width, height = rect.size
    for left in (ink.right + gap, ink.left - gap - width):
        yield _inside_vertically(Rect(left, ink.centery - height // 2, width, height), room)
    for top in (ink.top - gap - height, ink.bottom + gap):
        yield _inside_horizontally(Rect(ink.centerx - width // 2, top, width, height), room)
    for top in (room.top, room.bottom - height):
        for left in (room.right - width, room.left):
            yield Rect(left, top, width, height)


def _inside_vertically(rect: Rect, room: Rect) -> Rect:
    return rect.move(0, min(max(rect.top, room.top), room.bottom - rect.height) - rect.top)


def _inside_horizontally(rect: Rect, room: Rect) -> Rect:
    return rect.move(min(max(rect.left, room.left), room.right - rect.width) - rect.left, 0)


def paint(surface: Surface, rect: Rect, answer: Answer, look: Look) -> None:
    """The digit large, the words under it."""
    colour = look.theme.sure if answer.sure else look.theme.unsure
    digit = look.figure(answer.digit, round(rect.height * 0.86), colour)
    words = look.text(answer.words, round(rect.height * 0.24), colour, BOLD)
    surface.blit(digit, digit.get_rect(midtop=rect.midtop))
    surface.blit(words, words.get_rect(midbottom=rect.midbottom))
