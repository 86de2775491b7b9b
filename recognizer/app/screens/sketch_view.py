"""The main screen's picture, from the back to the front."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pygame
from pygame import Rect, Surface

from recognizer.app.layout import Layout
from recognizer.app.style import BOLD, REGULAR, Colour, StyleCache, centred
from recognizer.app.widgets import Part
from recognizer.app.widgets.answers import (
    ShownReading,
    box_parts,
    callout_of,
    padded_box,
    paint_callout,
)
from recognizer.app.widgets.canvas import View
from recognizer.app.widgets.panel import panel_parts
from recognizer.app.widgets.toolbar import ToolbarState, hint_parts, toolbar_parts
from recognizer.session.opening import Picture
from recognizer.strokes import ink_bounds

if TYPE_CHECKING:
    from recognizer.app.screens.sketch import SketchScreen

MAX_PICTURE_SHARE, ONE_DIGIT_PICTURE_SHARE = 0.9, 0.62
"""How much of the canvas a picture takes at most; the answer to one digit stands beside it."""


def sketch_parts(screen: SketchScreen) -> Iterable[Part]:
    """Everything on the main screen."""
    layout, look = screen.frame.layout, screen.frame.look
    desk_colour = look.theme.desk
    yield Part("desk", Rect((0, 0), layout.size), 0, lambda s: s.fill(desk_colour))
    yield Part("paper", layout.canvas, 0, screen.canvas.paint)
    yield from _on_paper(screen, layout, look)
    yield from _cursor(screen, look)
    yield Part("frame", layout.canvas, 0, lambda s: _paint_frame(s, layout, look))
    yield from panel_parts(screen.desk, layout, look)
    state = _toolbar_state(screen)
    yield from toolbar_parts(state, layout, look)
    yield from screen.toast.parts(layout, look)
    yield from hint_parts(state, layout, look)


def _on_paper(screen: SketchScreen, layout: Layout, look: StyleCache) -> Iterable[Part]:
    if screen.desk.empty:
        yield _invitation(layout, look)
        return
    shown = screen.desk.picture
    ink = _picture_rect(shown, layout) if shown else _ink_rect(screen)
    if shown:
        line = look.theme.line
        yield Part("picture", ink, shown, lambda s: _paint_picture(s, shown, ink, line))
    desk = screen.desk
    if shown or len(desk.reading.digits) > 1:
        paper = None if shown else screen.canvas
        number = ShownReading(desk.reading.digits, box_rects(screen), desk.chosen, paper)
        yield from box_parts(number, layout, look)
    if len(desk.reading.digits) == 1:
        yield from _answer(screen, ink, layout, look)


def _answer(screen: SketchScreen, ink: Rect, layout: Layout, look: StyleCache) -> Iterable[Part]:
    place = screen.place.find(screen.canvas, ink, layout)
    if place:
        said = callout_of(screen.desk.prediction)
        yield Part("answer", place[0], said, lambda s: paint_callout(s, place[0], said, look))


def box_rects(screen: SketchScreen) -> list[Rect]:
    """Where the boxes of the digits stand in the window."""
    layout, picture = screen.frame.layout, screen.desk.picture
    view = picture_view(picture, layout) if picture else screen.canvas.view
    areas = [digit.box for digit in screen.desk.reading.digits if digit.box]
    return [padded_box(view.rect(area), layout).clip(layout.canvas) for area in areas]


def _ink_rect(screen: SketchScreen) -> Rect:
    """What the drawing covers, in pixels of the window."""
    return screen.canvas.view.rect(ink_bounds(screen.desk.sketch.strokes))


def _invitation(layout: Layout, look: StyleCache) -> Part:
    rect = Rect(0, 0, layout.canvas.width, layout.px(150))
    rect.center = layout.canvas.center
    colour = look.theme.muted

    def paint(surface: Surface) -> None:
        centred(surface, look.icon("pen", layout.px(44), colour), rect.move(0, -layout.px(48)))
        first = look.text("Draw a digit or a number", layout.type(32), look.theme.text, BOLD)
        centred(surface, first, rect.move(0, layout.px(6)))
        words = "with mouse, finger or pen, at any size and place"
        second = look.text(words, layout.type(16), colour, REGULAR)
        centred(surface, second, rect.move(0, layout.px(40)))

    return Part("invitation", rect, 0, paint)


def _picture_rect(picture: Picture, layout: Layout) -> Rect:
    """In the middle of the canvas; small pictures are shown large."""
    width, height = picture.size
    room = layout.canvas
    share = ONE_DIGIT_PICTURE_SHARE if len(picture.reading.digits) == 1 else MAX_PICTURE_SHARE
    scale = share * min(room.width / width, room.height / height)
    rect = Rect(0, 0, max(1, round(width * scale)), max(1, round(height * scale)))
    rect.center = room.center
    return rect


def picture_view(picture: Picture, layout: Layout) -> View:
    """How the picture's own pixels lie on the screen."""
    rect = _picture_rect(picture, layout)
    return View(rect.width / picture.size[0], rect.left, rect.top)


def _paint_picture(surface: Surface, picture: Picture, rect: Rect, line: Colour) -> None:
    whole = pygame.image.frombuffer(picture.pixels.tobytes(), picture.pixels.shape[1::-1], "RGB")
    shrinks = rect.width < whole.get_width()
    scale = pygame.transform.smoothscale if shrinks else pygame.transform.scale
    surface.blit(scale(whole, rect.size), rect)
    pygame.draw.rect(surface, line, rect, 1)


def _cursor(screen: SketchScreen, look: StyleCache) -> Iterable[Part]:
    """A circle as large as the pen or eraser, where the mouse is over the canvas."""
    if not screen.hides_mouse() or screen.at is None:
        return
    desk = screen.desk
    erasing = desk.erasing or screen.held == "eraser"
    width = desk.eraser_width if erasing else desk.pen_width
    colour = look.theme.unsure if erasing else look.theme.text
    ring = look.ring(max(2, round(width * screen.canvas.view.scale)), colour, look.theme.paper)
    rect = ring.get_rect(center=(round(screen.at[0]), round(screen.at[1])))
    yield Part("cursor", rect, (ring, erasing), lambda s: _paint_inside(s, ring, rect, screen))


def _paint_inside(surface: Surface, ring: Surface, rect: Rect, screen: SketchScreen) -> None:
    part = rect.clip(screen.canvas.rect)
    surface.blit(ring, part, part.move(-rect.left, -rect.top))


def _paint_frame(surface: Surface, layout: Layout, look: StyleCache) -> None:
    """A hairline around the paper, its corners round."""
    radius, rect = layout.px(10), layout.canvas
    corner = look.corner(radius, look.theme.desk, look.theme.line)
    pygame.draw.rect(surface, look.theme.line, rect, 1)
    for x, left in ((0, rect.left), (radius, rect.right - radius)):
        for y, top in ((0, rect.top), (radius, rect.bottom - radius)):
            surface.blit(corner, (left, top), Rect(x, y, radius, radius))


def _toolbar_state(screen: SketchScreen) -> ToolbarState:
    desk = screen.desk
    diameter = (desk.eraser_width if desk.erasing else desk.pen_width) * screen.canvas.view.scale
    disabled = {
        "undo": not (desk.sketch.can_undo or desk.picture),
        "redo": not desk.sketch.can_redo,
        "clear": desk.empty,
        "save": not desk.sketch.strokes,
    }
    return ToolbarState(
        pen_width=desk.pen_width,
        diameter=diameter,
        active=frozenset({"eraser"} if desk.erasing else ()),
        disabled=frozenset(name for name, off in disabled.items() if off),
        hovered=screen.hovered,
        pressed=screen.held,
    )
