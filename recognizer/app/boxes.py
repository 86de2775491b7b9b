"""The digits of a number on the canvas: a thin box around each, and its answer above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from recognizer.app.answer import answer_of
from recognizer.app.canvas import Canvas
from recognizer.app.layout import Layout
from recognizer.app.look import BOLD, Look
from recognizer.app.stage import Part
from recognizer.app.theme import mix
from recognizer.reading import Prediction

PAD = 5
"""Room between the ink and its box; scale 1."""
SHARE, LOWEST, HIGHEST, STEP = 0.34, 16, 44, 4
"""Height of an answer as a share of its box' height, its limits and its steps; scale 1."""
SMALL = 0.7
"""Where no answer of the usual size finds room, one of this share of it may."""

PLACES = (
    *(("midbottom", "midtop"), ("bottomleft", "topleft"), ("bottomright", "topright")),
    *(("midtop", "midbottom"), ("midleft", "midright"), ("midright", "midleft")),
)
"""Which point of an answer may lie on which point of its box."""


@dataclass(frozen=True)
class Label:
    """An answer and its place in the window; `size` is the height of its text in pixels."""

    text: str
    size: int
    rect: Rect


@dataclass(frozen=True)
class Number:
    """What is to be shown: digits, their boxes in the window, and the one looked at closely.

    paper: where they are drawn; None if they are in a picture, on which answers have a ground.
    """

    digits: Sequence[Prediction]
    boxes: Sequence[Rect]
    chosen: int | None
    paper: Canvas | None


def parts(shown: Number, layout: Layout, look: Look) -> Iterable[Part]:
    """The boxes, the chosen digit's standing out, and their answers."""
    for number, (digit, box) in enumerate(zip(shown.digits, shown.boxes, strict=True)):
        yield _box(number, digit, box, shown, layout, look)
    if len(shown.digits) == 1:
        return  # Its answer stands beside it, and large.
    for number, label in enumerate(_labels(shown, layout, look)):
        if label:
            yield _label(number, label, shown, look)


def padded(rect: Rect, layout: Layout) -> Rect:
    """The box around ink that lies in a rectangle of the window."""
    return rect.inflate(2 * layout.px(PAD), 2 * layout.px(PAD))


def hit(boxes: Sequence[Rect], position: tuple[float, float]) -> int | None:
    """The smallest box that holds a position; None if there is none."""
    holding = [n for n, box in enumerate(boxes) if box.collidepoint(position)]
    return min(holding, key=lambda n: boxes[n].width * boxes[n].height, default=None)


def _box(
    number: int, digit: Prediction, box: Rect, shown: Number, layout: Layout, look: Look
) -> Part:
    colour = look.theme.sure if digit.sure else look.theme.unsure
    chosen = number == shown.chosen
    if shown.paper and not chosen:
        colour = mix(colour, look.theme.paper, 0.55)
    width, radius = layout.px(2 if chosen else 1), layout.px(6)
    return Part(
        f"box {number}",
        box,
        (colour, width),
        lambda s: pygame.draw.rect(s, colour, box, width, radius),
    )


def _label(number: int, label: Label, shown: Number, look: Look) -> Part:
    theme = look.theme
    colour = theme.sure if shown.digits[number].sure else theme.unsure

    def paint(surface: Surface) -> None:
        if shown.paper is None:
            surface.blit(look.box(label.rect.size, 4, theme.paper, theme.paper), label.rect)
        surface.blit(look.text(label.text, label.size, colour, BOLD), label.rect)

    return Part(f"label {number}", label.rect, (label.text, colour), paint)


def _labels(shown: Number, layout: Layout, look: Look) -> list[Label | None]:
    """Answers that hide no ink, no box and no other answer; None where there is no room."""
    taken = list(shown.boxes)
    labels: list[Label | None] = []
    for digit, box in zip(shown.digits, shown.boxes, strict=True):
        tried = (
            Label(text, size, place)
            for text, size in _ways_to_say(digit, box, layout)
            for place in _places(look.font(BOLD, size).size(text), box)
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


def _ways_to_say(digit: Prediction, box: Rect, layout: Layout) -> Iterable[tuple[str, int]]:
    """What is said of a digit, and its size in pixels, the best way first."""
    answer = answer_of(digit)
    texts = [answer.digit] if answer.sure else [f"{answer.digit} {answer.words}", answer.digit]
    size = min(max(SHARE * box.height / layout.scale, LOWEST), HIGHEST)
    for share in (1, SMALL):
        for text in texts:
            yield text, layout.type(round(size * share / STEP) * STEP)


def _places(size: tuple[int, int], box: Rect) -> Iterable[Rect]:
    """Above the box, else below or beside it."""
    for own, of_box in PLACES:
        rect = Rect((0, 0), size)
        setattr(rect, own, getattr(box, of_box))
        yield rect
