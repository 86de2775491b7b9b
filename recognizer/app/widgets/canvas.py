"""The paper: shows the strokes of a sketch, and redraws only where they changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect, Surface

from recognizer.app.style import Colour, Theme, mix, tinted
from recognizer.geometry import Box, Points, View, union
from recognizer.ink import render
from recognizer.session.storage import CANVAS_SIDE
from recognizer.strokes import Stroke, bounds, transformed

MARGIN_UNITS = 8.0
"""Room between the ink and the canvas' edge when the view makes room for it, in that unit."""


def rect_of(box: Box) -> Rect:
    """The box in whole pixels."""
    return Rect(*(round(each) for each in box))


def holds_all(view: View, strokes: Sequence[Stroke], rect: Rect, below: Box | None = None) -> bool:
    """Whether all strokes, and what is below, lie in a rectangle of the window.

    The pen may reach over its edge.
    """
    box = _around_all(strokes, below)
    return box is None or Box(*rect).grown(1).holds(view.box_outwards(box))


def fit_view(rect: Rect, strokes: Sequence[Stroke], below: Box | None = None) -> View:
    """The view that shows the middle of the sketch in the middle of the canvas, all of it in sight.

    below: the place of what the strokes are drawn on, if there is such a thing.
    """
    usual = _centred_view(rect, min(rect.size) / CANVAS_SIDE)
    box, middle = _around_all(strokes, below), CANVAS_SIDE / 2
    if box is None or holds_all(usual, strokes, rect, below):
        return usual
    reach = MARGIN_UNITS + max((stroke.reach for stroke in strokes), default=0.0)
    half_width = reach + max(middle - box.x, box.right - middle)
    half_height = reach + max(middle - box.y, box.bottom - middle)
    scale = min(usual.scale, rect.width / 2 / half_width, rect.height / 2 / half_height)
    return _centred_view(rect, scale)


def _around_all(strokes: Sequence[Stroke], below: Box | None) -> Box | None:
    boxes = [bounds(strokes)] if strokes else []
    return union([*boxes, below]) if below else (boxes[0] if boxes else None)


def _centred_view(rect: Rect, scale: float) -> View:
    return View(
        scale, rect.centerx - CANVAS_SIDE / 2 * scale, rect.centery - CANVAS_SIDE / 2 * scale
    )


class Canvas:
    """The ink on the screen, a byte for each pixel, its colours looked up in a palette."""

    def __init__(self, rect: Rect, theme: Theme) -> None:
        self.rect = rect
        self.view = fit_view(rect, ())
        self._shown: dict[Stroke, Stroke] = {}
        self.surface = Surface(rect.size, depth=8)
        self.recolour(theme)

    def resize(
        self, rect: Rect, theme: Theme, strokes: Sequence[Stroke], below: Box | None = None
    ) -> None:
        """Take another place in the window; the whole sketch stays in sight."""
        if rect != self.rect or not holds_all(self.view, strokes, rect, below):
            self.view = fit_view(rect, strokes, below)
        self.rect = rect
        self._shown = {}
        self.surface = Surface(rect.size, depth=8)
        self.recolour(theme)
        self.show(strokes)

    def recolour(self, theme: Theme) -> None:
        """Show paper and ink in the colours of a theme."""
        self.surface.set_palette([mix(theme.paper, theme.ink, i / 255) for i in range(256)])

    def show(self, strokes: Sequence[Stroke]) -> list[Rect]:
        """Bring the paper up to date; returns the rectangles of the window that changed."""
        before = self._shown
        after = {stroke: before.get(stroke) or self._placed(stroke) for stroke in strokes}
        gone = [line for stroke, line in before.items() if stroke not in after]
        new = [line for stroke, line in after.items() if stroke not in before]
        self._shown = after
        if len(gone) == len(new) == 1 and _continues(new[0], gone[0]):
            dirty = [_around(new[0], len(gone[0].points) - 2)]
        else:
            dirty = [_around(line) for line in (*gone, *new)]
        dirty = [rect.clip(self.surface.get_rect()) for rect in dirty]
        for rect in dirty:
            self._draw(rect, tuple(after.values()))
        return [rect.move(self.rect.topleft) for rect in dirty if rect]

    def paint(self, surface: Surface) -> None:
        """Copy what lies inside the clip to the window."""
        part = surface.get_clip().clip(self.rect)
        surface.blit(self.surface, part, part.move(-self.rect.left, -self.rect.top))

    def paint_ink(self, surface: Surface, colour: Colour) -> None:
        """Only the ink inside the clip, in this colour, for what is not drawn on paper."""
        part = surface.get_clip().clip(self.rect)
        if part:
            ink = self._pixels(part.move(-self.rect.left, -self.rect.top))
            surface.blit(tinted(ink.T, colour), part)

    def is_blank(self, rect: Rect) -> bool:
        """Whether a rectangle of the window lies on the paper and holds no ink."""
        if not self.rect.contains(rect):
            return False
        return not self._pixels(rect.move(-self.rect.left, -self.rect.top)).any()

    def _placed(self, stroke: Stroke) -> Stroke:
        """The stroke in pixels of the paper."""
        to = (self.view.left - self.rect.left, self.view.top - self.rect.top)
        return transformed([stroke], self.view.scale, to=to)[0]

    def _draw(self, rect: Rect, lines: Sequence[Stroke]) -> None:
        if rect:
            self._pixels(rect)[:] = render(lines, rect.size, rect.topleft).T

    def _pixels(self, rect: Rect) -> NDArray[np.uint8]:
        """Grey values [x, y] of a rectangle of the paper; they can be written to."""
        pixels: NDArray[np.uint8] = pygame.surfarray.pixels2d(self.surface.subsurface(rect))
        return pixels


def _continues(line: Stroke, start: Stroke) -> bool:
    count = len(start.points)
    return line.width == start.width and np.array_equal(line.points[:count], start.points)


def _around(line: Stroke, first: int = 0) -> Rect:
    """What the line covers from its point of this number on, with room for the curve's bend."""
    points: Points = line.points[max(first, 0) :]
    steps = np.abs(np.diff(points, axis=0))
    reach = max(line.reach, 1) + 2 + (0.25 * float(steps.max()) if len(steps) else 0.0)
    left, top = np.floor(np.clip(points.min(axis=0) - reach, -1e6, 1e6)).astype(int).tolist()
    right, bottom = np.ceil(np.clip(points.max(axis=0) + reach, -1e6, 1e6)).astype(int).tolist()
    return Rect(left, top, right - left, bottom - top)
