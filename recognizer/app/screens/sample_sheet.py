"""A sheet to write a sample on: a field for each of ten characters, from which it learns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pygame
from pygame import Rect, Surface
from pygame.event import Event

from recognizer.app.screens import DOWN, LEFT, MOVE, UP, Frame, Pointer, Screen
from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.screens.page_view import (
    BUTTON_HEIGHT,
    EDGE,
    HEAD_HEIGHT,
    back_rect,
    foot_of,
    page_parts,
)
from recognizer.app.style import BOLD, ink_surface
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace, button_part, row_of
from recognizer.ink import render
from recognizer.session import Message, Session
from recognizer.strokes import Stroke, transformed

TITLE_TEXT = "Write each character as you usually do"
FIELDS, COLUMNS = 10, 5
FIELD_GAP = 10
PEN_SHARE = 0.055
"""Width of the pen, in sides of a field."""
FIELD_EXTENT = (2.0, 2.0)
"""The writing area that a field is part of, in its sides."""
BACK, UNDO, CLEAR, NEXT, LEARN = "back", "undo", "clear", "next", "learn"


@dataclass
class SampleField:
    """A character to write, and what was written: strokes in sides of the field, and its reading.

    revision changes whenever the strokes do.
    """

    label: str
    strokes: list[Stroke] = field(default_factory=list)
    read: str = ""
    revision: int = 0


class SampleSheet(ButtonScreen):
    """Ten fields at a time; what is written in them is learned together."""

    def __init__(
        self,
        frame: Frame,
        behind: Screen,
        session: Session,
        tell: Callable[[Message | None], None],
    ) -> None:
        super().__init__(frame, behind)
        self._session, self._tell = session, tell
        self.page = 0
        self.fields: list[SampleField] = []
        self._gestures: list[SampleField] = []
        self._drawing: tuple[SampleField, Rect] | None = None
        self._begin()

    @property
    def pages(self) -> int:
        """How many sheets it takes for all characters."""
        return -(-len(self._session.recognizer.labels) // FIELDS)

    def _begin(self) -> None:
        """Take an empty sheet."""
        first = self.page * FIELDS
        labels = self._session.recognizer.labels[first : first + FIELDS]
        self.fields = [SampleField(label) for label in labels]
        self._gestures = []

    def buttons(self) -> dict[str, Rect]:
        """What can be pressed; where there are more than ten characters, also the next sheet."""
        px = self.frame.layout.px
        names = [UNDO, CLEAR, *([NEXT] if self.pages > 1 else []), LEARN]
        row = Rect(px(EDGE), px(HEAD_HEIGHT), 0, px(BUTTON_HEIGHT))
        row.width = self.frame.layout.size[0] - 2 * px(EDGE)
        return {BACK: back_rect(self.frame)} | row_of(row, names, px(8))

    def press(self, name: str) -> None:
        """Do what a button is for."""
        if name == BACK:
            self.back()
        elif name == UNDO:
            self._undo()
        elif name == CLEAR:
            self._begin()
        elif name == NEXT:
            self.page = (self.page + 1) % self.pages
            self._begin()
        elif written := [(each.label, each.strokes) for each in self.fields if each.strokes]:
            self._tell(self._session.learning.learn_strokes(written, FIELD_EXTENT))
            self._begin()
            self.back()

    def take_key(self, event: Event) -> bool:
        """Undo as on the sketch."""
        if event.key == pygame.K_z and event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META):
            self._undo()
            return True
        return False

    def handle(self, event: Event) -> Screen | None:
        """Take an event; a stroke that was begun in a field goes on until the pen leaves."""
        what = self.frame.pointer(event)
        if what and self._drawing and what.what in (MOVE, UP):
            self._draw(what)
            return self
        return super().handle(event)

    def press_beside(self, what: Pointer, event: Event) -> None:
        """A stroke begins in a field."""
        for each, rect in zip(self.fields, self.rects(), strict=True):
            if what.what == DOWN and what.button == LEFT and rect.collidepoint(what.position):
                self._drawing = each, rect
                self._gestures.append(each)
                each.strokes.append(Stroke(self._inside(what, rect)[None], PEN_SHARE))
                each.revision += 1

    def rects(self) -> list[Rect]:
        """The fields, as large as there is room."""
        px, foot = self.frame.layout.px, foot_of(self.frame)
        gap = px(FIELD_GAP)
        top = px(HEAD_HEIGHT) + px(BUTTON_HEIGHT) + px(EDGE)
        room = Rect(foot.left, top, foot.width, foot.top - top)
        columns = COLUMNS if room.width > room.height else 2
        rows = -(-FIELDS // columns)
        side = min((room.width + gap) // columns, (room.height + gap) // rows) - gap
        left = room.left + (room.width - columns * (side + gap) + gap) // 2
        above = room.top + (room.height - rows * (side + gap) + gap) // 2
        places = (divmod(number, columns) for number in range(len(self.fields)))
        return [
            Rect(left + column * (side + gap), above + row * (side + gap), side, side)
            for row, column in places
        ]

    def parts(self) -> Iterable[Part]:
        """The fields with what is written in them, and the buttons."""
        layout, style = self.frame.layout, self.frame.style
        count = sum(bool(each.strokes) for each in self.fields)
        told = f"{count} of {len(self.fields)} written"
        if self.pages > 1:
            told += f", sheet {self.page + 1} of {self.pages}"
        note = "Leave out what you like; it learns from what is written. Ctrl+Z undoes."
        yield from page_parts(self.frame, TITLE_TEXT, told, (note, False))
        faces = {
            BACK: ButtonFace("Back"),
            UNDO: ButtonFace("Undo", enabled=bool(self._gestures)),
            CLEAR: ButtonFace("Clear", enabled=count > 0),
            NEXT: ButtonFace("Next ten"),
            LEARN: ButtonFace("Learn these", icon="done", main=True, enabled=count > 0),
        }
        for name, rect in self.buttons().items():
            yield button_part(name, rect, faces[name], self.marks, layout, style)
        for number, (each, rect) in enumerate(zip(self.fields, self.rects(), strict=True)):
            key = (each.label, each.revision, each.read)
            name = f"field {self.page} {number}"
            yield Part(name, rect, key, partial(self._paint, each, rect))

    def _paint(self, each: SampleField, rect: Rect, surface: Surface) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, gap = style.theme, layout.px(7)
        edge = theme.sure if each.read == each.label else theme.muted
        surface.blit(style.box(rect.size, layout.px(10), theme.paper, edge), rect)
        label = style.text(each.label, layout.type(22), theme.muted, BOLD)
        surface.blit(label, (rect.left + gap, rect.top + 2))
        lines = transformed(each.strokes, rect.width)
        if lines:
            ink = render(lines, rect.size)
            surface.blit(ink_surface(ink, rect.width, theme.ink), rect)
        if each.read == each.label:
            icon = style.icon("done", layout.px(20), theme.sure)
            surface.blit(icon, icon.get_rect(topright=(rect.right - gap, rect.top + gap)))
        elif each.read:
            words = style.text(f"read {each.read}", layout.type(13), theme.unsure)
            surface.blit(words, words.get_rect(topright=(rect.right - gap, rect.top + gap)))

    def _draw(self, what: Pointer) -> None:
        assert self._drawing
        each, rect = self._drawing
        last = each.strokes[-1]
        point = self._inside(what, rect)
        if not np.array_equal(last.points[-1], point):
            each.strokes[-1] = Stroke(np.vstack([last.points, point]), PEN_SHARE)
            each.revision += 1
        if what.what == UP:
            self._drawing = None
            self._read(each)

    def _read(self, each: SampleField) -> None:
        found = self._session.recognizer.classify_strokes(each.strokes, FIELD_EXTENT)
        each.read = found.label or ""

    def _undo(self) -> None:
        if self._gestures:
            each = self._gestures.pop()
            each.strokes.pop()
            each.revision += 1
            self._read(each)

    @staticmethod
    def _inside(what: Pointer, rect: Rect) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """The pointer's place in sides of a field, kept inside it."""
        x = (what.position[0] - rect.left) / rect.width
        y = (what.position[1] - rect.top) / rect.height
        return np.clip(np.array([x, y], dtype=np.float64), 0.03, 0.97)
