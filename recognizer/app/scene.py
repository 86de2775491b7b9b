"""The main screen's picture, from the back to the front."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pygame
from pygame import Rect, Surface

from recognizer.app import answer, boxes, panel, toolbar
from recognizer.app.canvas import View
from recognizer.app.layout import Layout
from recognizer.app.look import BOLD, REGULAR, Look, centred
from recognizer.app.opening import Picture
from recognizer.app.stage import Part
from recognizer.app.theme import Colour
from recognizer.strokes import bounds

if TYPE_CHECKING:
    from recognizer.app.sketching import SketchScreen

PICTURE_SHARE, SHARE_OF_ONE = 0.9, 0.62
"""How much of the canvas a picture takes at most; the answer to one digit stands beside it."""


def parts(screen: SketchScreen) -> Iterable[Part]:
    """Everything on the main screen."""
    layout, look = screen.frame.layout, screen.frame.look
    desk_colour = look.theme.desk
    yield Part("desk", Rect((0, 0), layout.size), 0, lambda s: s.fill(desk_colour))
    yield Part("paper", layout.canvas, 0, screen.canvas.paint)
    yield from _on_paper(screen, layout, look)
    yield from _cursor(screen, look)
    yield Part("frame", layout.canvas, 0, lambda s: _paint_frame(s, layout, look))
    yield from panel.parts(screen.desk, layout, look)
    state = _toolbar_state(screen)
    yield from toolbar.parts(state, layout, look)
    yield from screen.toast.parts(layout, look)
    yield from toolbar.hint(state, layout, look)


def _on_paper(screen: SketchScreen, layout: Layout, look: Look) -> Iterable[Part]:
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
        number = boxes.Number(desk.reading.digits, box_rects(screen), desk.chosen, paper)
        yield from boxes.parts(number, layout, look)
    if len(desk.reading.digits) == 1:
        yield from _answer(screen, ink, layout, look)


def _answer(screen: SketchScreen, ink: Rect, layout: Layout, look: Look) -> Iterable[Part]:
    place = screen.place.find(screen.canvas, ink, layout)
    if place:
        said = answer.answer_of(screen.desk.prediction)
        yield Part("answer", place[0], said, lambda s: answer.paint(s, place[0], said, look))


def box_rects(screen: SketchScreen) -> list[Rect]:
    """Where the boxes of the digits stand in the window."""
    layout, picture = screen.frame.layout, screen.desk.picture
    view = picture_view(picture, layout) if picture else screen.canvas.view
    areas = [digit.box for digit in screen.desk.reading.digits if digit.box]
    return [boxes.padded(view.rect(area), layout).clip(layout.canvas) for area in areas]


def _ink_rect(screen: SketchScreen) -> Rect:
    """What the drawing covers, in pixels of the window."""
    strokes = screen.desk.sketch.strokes
    left, top, right, bottom = bounds(strokes) or (0, 0, 0, 0)
    reach = max((stroke.reach for stroke in strokes), default=0)
    area = (left - reach, top - reach, right - left + 2 * reach, bottom - top + 2 * reach)
    return screen.canvas.view.rect(area)


def _invitation(layout: Layout, look: Look) -> Part:
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
    share = SHARE_OF_ONE if len(picture.reading.digits) == 1 else PICTURE_SHARE
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


def _cursor(screen: SketchScreen, look: Look) -> Iterable[Part]:
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


def _paint_frame(surface: Surface, layout: Layout, look: Look) -> None:
    """A hairline around the paper, its corners round."""
    radius, rect = layout.px(10), layout.canvas
    corner = look.corner(radius, look.theme.desk, look.theme.line)
    pygame.draw.rect(surface, look.theme.line, rect, 1)
    for x, left in ((0, rect.left), (radius, rect.right - radius)):
        for y, top in ((0, rect.top), (radius, rect.bottom - radius)):
            surface.blit(corner, (left, top), Rect(x, y, radius, radius))


def _toolbar_state(screen: SketchScreen) -> toolbar.State:
    desk = screen.desk
    diameter = (desk.eraser_width if desk.erasing else desk.pen_width) * screen.canvas.view.scale
    disabled = {
        "undo": not (desk.sketch.can_undo or desk.picture),
        "redo": not desk.sketch.can_redo,
        "clear": desk.empty,
        "save": not desk.sketch.strokes,
    }
    return toolbar.State(
        pen_width=desk.pen_width,
        diameter=diameter,
        active=frozenset({"eraser"} if desk.erasing else ()),
        disabled=frozenset(name for name, off in disabled.items() if off),
        hovered=screen.hovered,
        pressed=screen.held,
    )
