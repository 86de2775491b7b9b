"""The main screen's picture, from the back to the front."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from recognizer.app.screens import Frame
from recognizer.app.style import BOLD, REGULAR, as_surface, centred
from recognizer.app.widgets import Part
from recognizer.app.widgets.boxes import (
    LabelPlaces,
    ShownReading,
    box_at,
    box_parts,
    padded_box,
    shown_labels,
)
from recognizer.app.widgets.callouts import CalloutPlacement, callout_of, paint_callout
from recognizer.app.widgets.canvas import Canvas, rect_of
from recognizer.app.widgets.panel import panel_parts
from recognizer.app.widgets.sum_answers import ShownAnswer, answer_parts, placed_answers
from recognizer.app.widgets.toast import Toast
from recognizer.app.widgets.toolbar import ToolbarState, hint_parts, toolbar_parts
from recognizer.geometry import Box
from recognizer.session import Message, Session
from recognizer.session.opening import Picture
from recognizer.session.sum_values import line_answers
from recognizer.strokes import ink_bounds

PEN, ERASER = ON_PAPER = "pen", "eraser"
"""What the pointer holds while it draws or erases."""
ANSWER_MARGIN = 4
"""Room around an answer in which a tap still means it; scale 1."""


@dataclass
class PointerState:
    """Where the pointer is and what it holds: PEN, ERASER, a button's name, or nothing.

    at: in pixels of the window. finger: number of the finger that points, None for a mouse.
    """

    at: tuple[float, float] | None = None
    held: str | None = None
    finger: int | None = None


class SketchView:
    """Shows a session in a frame: the canvas, its answers, the panel, the toolbar, a message."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.canvas = Canvas(frame.layout.canvas, frame.style.theme)
        self.toast = Toast()
        self._callout = CalloutPlacement()
        self._answers: dict[int, Rect] = {}
        self._pictures, self._places = PictureScaler(), LabelPlaces()

    @property
    def area(self) -> Box:
        """The part of the sketch that is in sight."""
        return self.canvas.view.box_inwards(Box(*self.canvas.rect))

    def tell(self, message: Message) -> None:
        """Show a message at the foot of the canvas, or at its top if ink is at its foot."""
        foot = self.canvas.rect.copy()
        foot.height = self.frame.layout.px(110)
        top = foot.copy()
        foot.bottom = self.canvas.rect.bottom
        at_top = self.canvas.is_blank(top) and not self.canvas.is_blank(foot)
        self.toast.show(message, self.frame.now(), at_top)

    def update(self, session: Session) -> list[Rect]:
        """Show the strokes as they are now; returns the rectangles of the window that changed."""
        if not session.sketch.strokes:
            self._callout.forget()
        self.toast.update(self.frame.now())
        changed = self.canvas.show(session.sketch.strokes)
        self._places.changed += changed
        return changed

    def resize(self, session: Session) -> None:
        """Take the frame's new layout or theme."""
        theme, picture = self.frame.style.theme, session.picture
        place = picture.place if picture else None
        self.canvas.resize(self.frame.layout.canvas, theme, session.sketch.strokes, place)
        self._callout.forget()
        self._places = LabelPlaces()

    def box_under(self, position: tuple[float, float], session: Session) -> int | None:
        """The number of the character whose box holds a position; None without one."""
        return box_at(self._boxes(session), position)

    def answer_at(self, position: tuple[float, float], session: Session) -> int | None:
        """The number of the character whose answer is at a position, on the canvas or beside it.

        In a picture, the character itself counts as well, since nothing is drawn over it.
        """
        layout = self.frame.layout
        reach = 2 * layout.px(ANSWER_MARGIN)
        for number, rect in self._answers.items():
            if rect.inflate(reach, reach).collidepoint(position):
                return number
        if layout.result.collidepoint(position) or layout.bars.collidepoint(position):
            return session.chosen
        return self.in_picture(position, session)

    def in_picture(self, position: tuple[float, float], session: Session) -> int | None:
        """The number of the character of the picture that holds a position, if one does."""
        found = self.box_under(position, session)
        return None if found is None or session.reading.digits[found].strokes else found

    def box_of(self, number: int, session: Session) -> Rect:
        """Where the box of a character stands in the window."""
        return self._boxes(session)[number]

    def hides_mouse(self, pointer: PointerState) -> bool:
        """Whether the mouse or pen is over the canvas, or draws: a circle shows where."""
        if pointer.at is None or pointer.finger is not None:
            return False
        return pointer.held in ON_PAPER or bool(self.canvas.rect.collidepoint(pointer.at))

    def parts(self, session: Session, pointer: PointerState) -> Iterable[Part]:
        """Everything on the screen."""
        layout, style = self.frame.layout, self.frame.style
        background = style.theme.background
        yield Part("background", Rect((0, 0), layout.size), 0, lambda s: s.fill(background))
        yield Part("paper", layout.canvas, 0, self.canvas.paint)
        yield from self._on_paper(session)
        yield from self._cursor(session, pointer)
        yield Part("frame", layout.canvas, 0, self._paint_frame)
        yield from panel_parts(session, layout, style)
        state = ToolbarState.of(session, pointer.at, pointer.held, self.canvas.view.scale, layout)
        yield from toolbar_parts(state, layout, style)
        yield from self.toast.parts(layout, style)
        yield from hint_parts(state, layout, style)

    def _on_paper(self, session: Session) -> Iterable[Part]:
        layout, style, picture = self.frame.layout, self.frame.style, session.picture
        self._answers = {}
        if session.empty:
            yield self._invitation()
            return
        if picture:
            yield self._picture(picture)
        found = session.reading.digits
        if picture or len(found) > 1:
            yield from self._boxed(session)
        if len(found) == 1 and not session.begun and not layout.presenting:
            ink = self._ink(session)
            if place := self._callout.find(self.canvas, ink, layout):
                said, self._answers = callout_of(session.prediction), {0: place[0]}
                yield Part(
                    "answer", place[0], said, lambda s: paint_callout(s, place[0], said, style)
                )

    def _boxed(self, session: Session) -> Iterable[Part]:
        """The boxes of the characters with their answers, and what is said to sums."""
        layout, style, reading = self.frame.layout, self.frame.style, session.reading
        boxes, paper = self._boxes(session), None if session.picture else self.canvas
        sums = self._sums(session, boxes)
        taken = [answer.rect for answer in sums]
        shown = ShownReading(
            *(reading.digits, boxes, reading.line_numbers, session.chosen, paper, taken)
        )
        labels = shown_labels(shown, self._places, layout, style)
        self._answers = {number: label.rect for number, label in labels.items()}
        yield from box_parts(shown, labels, layout, style)
        yield from answer_parts(sums, style)

    def _sums(self, session: Session, boxes: list[Rect]) -> list[ShownAnswer]:
        def is_free(rect: Rect) -> bool:
            inside = bool(self.frame.layout.canvas.contains(rect))
            return inside if session.picture else self.canvas.is_blank(rect)

        return placed_answers(line_answers(session.reading), boxes, is_free, self.frame.style)

    def _boxes(self, session: Session) -> list[Rect]:
        """Where the boxes of the characters stand in the window."""
        layout, view = self.frame.layout, self.canvas.view
        boxes = [each.box for each in session.reading.digits if each.box]
        rects = [rect_of(view.box_outwards(box)) for box in boxes]
        return [padded_box(rect, layout).clip(layout.canvas) for rect in rects]

    def _ink(self, session: Session) -> Rect:
        """What the drawing or its picture covers in the window."""
        picture, strokes = session.picture, session.sketch.strokes
        box = picture.place if picture else ink_bounds(strokes)
        return rect_of(self.canvas.view.box_outwards(box))

    def _picture(self, picture: Picture) -> Part:
        """The picture, with the ink over it."""
        rect, line = self._picture_rect(picture), self.frame.style.theme.line
        ink = picture.ink_colour

        def paint(surface: Surface) -> None:
            surface.blit(self._pictures.scaled(picture, rect.size), rect)
            pygame.draw.rect(surface, line, rect, 1)
            clip = surface.get_clip()
            surface.set_clip(rect.clip(clip))
            self.canvas.paint_ink(surface, ink)
            surface.set_clip(clip)

        return Part("picture", rect, picture, paint)

    def _invitation(self) -> Part:
        layout, style = self.frame.layout, self.frame.style
        rect = Rect(0, 0, layout.canvas.width, layout.px(150))
        rect.center = layout.canvas.center
        colour = style.theme.muted

        def paint(surface: Surface) -> None:
            centred(surface, style.icon("pen", layout.px(44), colour), rect.move(0, -layout.px(48)))
            first = style.text("Draw a digit or a number", layout.type(32), style.theme.text, BOLD)
            centred(surface, first, rect.move(0, layout.px(6)))
            words = "with mouse, finger or pen, at any size and place"
            second = style.text(words, layout.type(16), colour, REGULAR)
            centred(surface, second, rect.move(0, layout.px(40)))

        return Part("invitation", rect, 0, paint)

    def _picture_rect(self, picture: Picture) -> Rect:
        rect = rect_of(self.canvas.view.box_outwards(picture.place))
        return Rect(rect.topleft, (max(rect.width, 1), max(rect.height, 1)))

    def _cursor(self, session: Session, pointer: PointerState) -> Iterable[Part]:
        """A circle as large as the pen or eraser, where the mouse is over the canvas."""
        if not self.hides_mouse(pointer) or pointer.at is None:
            return
        theme, erasing = self.frame.style.theme, session.erasing or pointer.held == ERASER
        width = session.eraser_width if erasing else session.pen_width
        diameter = max(2, round(width * self.canvas.view.scale))
        colour = theme.unsure if erasing else theme.text
        ring = self.frame.style.ring(diameter, colour, theme.paper)
        rect = ring.get_rect(center=(round(pointer.at[0]), round(pointer.at[1])))
        part = rect.clip(self.canvas.rect)
        inside = part.move(-rect.left, -rect.top)
        yield Part("cursor", rect, (ring, erasing), lambda s: s.blit(ring, part, inside))

    def _paint_frame(self, surface: Surface) -> None:
        """A hairline around the paper, its corners round."""
        layout, style = self.frame.layout, self.frame.style
        radius, rect, theme = layout.px(10), layout.canvas, style.theme
        corner = style.corner(radius, theme.background, theme.line)
        pygame.draw.rect(surface, theme.line, rect, 1)
        for x, left in ((0, rect.left), (radius, rect.right - radius)):
            for y, top in ((0, rect.top), (radius, rect.bottom - radius)):
                surface.blit(corner, (left, top), Rect(x, y, radius, radius))


class PictureScaler:
    """A picture in its size on the screen, made once as long as neither changes."""

    def __init__(self) -> None:
        self._known: tuple[Picture, tuple[int, int]] | None = None
        self._surface = Surface((1, 1))

    def scaled(self, picture: Picture, size: tuple[int, int]) -> Surface:
        """The picture in this size in pixels."""
        if self._known != (picture, size):
            whole = as_surface(picture.pixels)
            shrinks = size[0] < whole.get_width()
            scale = pygame.transform.smoothscale if shrinks else pygame.transform.scale
            self._known, self._surface = (picture, size), scale(whole, size)
        return self._surface
