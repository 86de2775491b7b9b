"""What a player feels at once: the drawing lights up and fades, a word rises, a streak sparkles."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pygame
from pygame import Rect, Surface

from recognizer.app.motion import FRAME_SECONDS, eased
from recognizer.app.screens import Frame
from recognizer.app.style import BOLD, Colour, tinted
from recognizer.app.widgets import Part
from recognizer.app.widgets.canvas import Canvas
from recognizer.games.game import RIGHT, STREAK, WRONG, Feedback
from recognizer.ink import render
from recognizer.strokes import ink_bounds, transformed

SHOWN_SECONDS = {RIGHT: 0.9, WRONG: 1.3, STREAK: 1.5}
ICONS = {RIGHT: "done", WRONG: "cross", STREAK: "star"}
BADGE_HEIGHT, RISE, SPARKS, SPARK_SIDE = 54, 26, 28, 11
"""Of the word and how far it rises; how many sparks a streak has, and how large; scale 1."""
GHOST_SHARE = 0.7
"""Of the time, that the drawing is seen."""


class FeedbackView:
    """Shows one thing at a time; moves: whether anything moves."""

    def __init__(self, frame: Frame, moves: bool) -> None:
        self.frame, self.moves = frame, moves
        self._shown: Feedback | None = None
        self._ghost: tuple[Surface, Rect] | None = None

    def show(self, feedback: Feedback, canvas: Canvas) -> None:
        """Begin to show what happened to a drawing on a canvas."""
        self._shown, self._ghost = feedback, None
        if feedback.strokes:
            theme = self.frame.style.theme
            colour = theme.unsure if feedback.kind == WRONG else theme.sure
            self._ghost = _ghost(feedback, canvas, colour)

    def hide(self) -> None:
        """Show nothing any more."""
        self._shown = self._ghost = None

    def update(self) -> None:
        """Stop when the time is over."""
        if self._shown and self._share >= 1:
            self.hide()

    def due(self) -> float | None:
        """When it looks different; None if it does not."""
        if self._shown is None:
            return None
        if self.moves:
            return self.frame.now() + FRAME_SECONDS
        return self._shown.time + SHOWN_SECONDS[self._shown.kind]

    @property
    def _share(self) -> float:
        """How much of the time has passed."""
        assert self._shown
        passed = self.frame.now() - self._shown.time
        return passed / SHOWN_SECONDS[self._shown.kind] + 1e-9

    def parts(self, canvas: Canvas) -> Iterable[Part]:
        """Everything that is to be seen now, over the paper."""
        if self._shown is None:
            return
        step = round(40 * self._share) if self.moves else 0
        if self._ghost and (not self.moves or self._share < GHOST_SHARE):
            yield self._ghost_part(step)
        if self._shown.kind == STREAK and self.moves:
            yield self._sparks_part(canvas.rect, step)
        yield self._badge_part(self._shown, canvas.rect, step)

    def _ghost_part(self, step: int) -> Part:
        assert self._ghost
        surface, rect = self._ghost
        share = eased(self._share / GHOST_SHARE) if self.moves else 0.35
        alpha = round(255 * (1 - share))

        def paint(target: Surface) -> None:
            surface.set_alpha(alpha)
            target.blit(surface, rect)

        return Part("ghost", rect, (id(surface), alpha, step), paint)

    def _badge_part(self, shown: Feedback, paper: Rect, step: int) -> Part:
        """A word with its sign, which rises a little."""
        layout, style = self.frame.layout, self.frame.style
        theme, px = style.theme, layout.px
        fill = theme.unsure if shown.kind == WRONG else theme.sure
        icon = style.icon(ICONS[shown.kind], px(28), theme.on_accent)
        size, room = layout.type(24), paper.width - px(110)
        words = style.line(shown.words, size, theme.on_accent, room, BOLD)
        rect = Rect(0, 0, words.get_width() + px(28) + px(52), px(BADGE_HEIGHT))
        rise = px(RISE) * (1 - eased(4 * self._share)) if self.moves else 0.0
        rect.midtop = (paper.centerx, paper.top + px(14) + round(rise))

        def paint(surface: Surface) -> None:
            surface.blit(style.box(rect.size, rect.height / 2, fill, fill), rect)
            surface.blit(icon, icon.get_rect(midleft=(rect.left + px(18), rect.centery)))
            surface.blit(words, words.get_rect(midright=(rect.right - px(22), rect.centery)))

        return Part("badge", rect, (shown.words, shown.time, rect.top), paint)

    def _sparks_part(self, paper: Rect, step: int) -> Part:
        """Little squares that fly apart and fall, the same ones every time."""
        layout, theme = self.frame.layout, self.frame.style.theme
        chance = np.random.default_rng(7)
        angles, speeds = chance.uniform(0, 2 * np.pi, SPARKS), chance.uniform(0.25, 1, SPARKS)
        share, reach = eased(self._share), 0.55 * min(paper.size)
        x = paper.centerx + np.cos(angles) * speeds * reach * share
        y = paper.centery + np.sin(angles) * speeds * reach * share
        y += 0.35 * min(paper.size) * self._share**2
        side = max(round(layout.px(SPARK_SIDE) * (1 - self._share)), 2)
        colours = (theme.sure, theme.unsure, theme.text)
        squares = [Rect(round(a), round(b), side, side) for a, b in zip(x, y, strict=True)]
        rect = squares[0].unionall(squares[1:]).clip(paper)

        def paint(surface: Surface) -> None:
            for number, square in enumerate(squares):
                pygame.draw.rect(surface, colours[number % 3], square.clip(paper), 0, 2)

        return Part("sparks", rect, step, paint)


def _ghost(feedback: Feedback, canvas: Canvas, colour: Colour) -> tuple[Surface, Rect] | None:
    """The drawing in a colour, and where it stands in the window."""
    view = canvas.view
    lines = transformed(feedback.strokes, view.scale, to=(view.left, view.top))
    box = ink_bounds(lines).grown(2)
    rect = Rect(int(box.x), int(box.y), int(box.width) + 2, int(box.height) + 2).clip(canvas.rect)
    if not rect:
        return None
    ink = render(lines, rect.size, rect.topleft)
    return tinted(ink, colour), rect
