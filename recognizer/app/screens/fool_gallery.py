"""The gallery: drawings that people know and the network misread, with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import pygame
from pygame import Rect, Surface
from pygame.event import Event

from recognizer.app.screens import Frame, Screen
from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.screens.my_hand_view import drawing_surface
from recognizer.app.screens.page_view import (
    BUTTON_HEIGHT,
    EDGE,
    HEAD_HEIGHT,
    back_rect,
    foot_of,
    page_parts,
)
from recognizer.app.style import BOLD, REGULAR, centred, wrapped
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace, button_part, paint_focus, row_of
from recognizer.files import PROGRAM_NAME
from recognizer.games.gallery import MAX_FOOLS, Fool
from recognizer.games.match import GameRoom
from recognizer.model.learned import LearnedDrawing
from recognizer.session import Message, percent

TITLE_TEXT = "Gallery of fools"
TOLD_TEXT = "People know these digits, and the network misread them"
EMPTY_TEXT = "Nothing here yet. Play Fool it, and find a digit that the network misreads."
KEYS_TEXT = "Arrows choose · Delete takes one out · Esc goes back"
COLUMNS, TILE_GAP, TILE_LABEL = 4, 8, 22
"""Scale 1."""
LIST_SHARE = 0.6
"""Of the width, for the drawings; the rest tells about one of them."""
BACK, TEACH, DELETE, TILE = "back", "teach", "delete", "fool "


class FoolGalleryScreen(ButtonScreen):
    """All fools at once, and what there is to tell about the one that was chosen."""

    def __init__(self, frame: Frame, behind: Screen, room: GameRoom) -> None:
        super().__init__(frame, behind)
        self._room = room
        self.chosen = 0
        self.note: Message | None = room.gallery.load()

    @property
    def fools(self) -> list[Fool]:
        """The best first."""
        return self._room.gallery.fools

    def buttons(self) -> dict[str, Rect]:
        """The drawings, and what can be done with the chosen one."""
        back = {BACK: back_rect(self.frame)}
        if not self.fools:
            return back
        px, about = self.frame.layout.px, self._about
        height = px(BUTTON_HEIGHT)
        row = Rect(about.left, about.bottom - height, about.width, height)
        tiles = {f"{TILE}{number}": self._tile(number) for number in range(len(self.fools))}
        return tiles | row_of(row, [TEACH, DELETE], px(8)) | back

    def press(self, name: str) -> None:
        """Choose a drawing, or do something with the chosen one."""
        if name == BACK:
            self.back()
        elif name == TEACH:
            fool = self.fools[self.chosen]
            told = self._room.referee.learn([(fool.digit, fool.strokes)], fool.extent)
            self.note = told or Message("This model cannot learn", trouble=True)
        elif name == DELETE:
            self._delete()
        else:
            self.chosen = int(name.removeprefix(TILE))

    def take_key(self, event: Event) -> bool:
        """Delete takes the chosen drawing out."""
        if event.key in (pygame.K_DELETE, pygame.K_BACKSPACE) and self.fools:
            self._delete()
            return True
        return False

    def handle(self, event: Event) -> Screen | None:
        """Whatever drawing has the focus is the chosen one."""
        screen = super().handle(event)
        if self.focus and self.focus.startswith(TILE):
            self.chosen = min(int(self.focus.removeprefix(TILE)), max(len(self.fools) - 1, 0))
        return screen

    def title(self) -> str:
        """The window's title."""
        return f"{TITLE_TEXT} - {PROGRAM_NAME}"

    def parts(self) -> Iterable[Part]:
        """The whole screen."""
        layout, style = self.frame.layout, self.frame.style
        note = (KEYS_TEXT, False)
        if self.note:
            note = (self.note.text.replace("\n", " "), self.note.trouble)
        told = TOLD_TEXT if self.fools else EMPTY_TEXT
        yield from page_parts(self.frame, TITLE_TEXT, told, note)
        faces = {
            BACK: ButtonFace("Back"),
            TEACH: ButtonFace("Teach it"),
            DELETE: ButtonFace("Delete"),
        }
        for name, rect in self.buttons().items():
            if name in faces:
                yield button_part(name, rect, faces[name], self.marks, layout, style)
            else:
                number = int(name.removeprefix(TILE))
                key = (self.fools[number], number == self.chosen, self.focus == name)
                yield Part(name, rect, key, partial(self._paint_tile, number, rect))
        if self.fools:
            fool, rect = self.fools[self.chosen], self._about
            yield Part("about", rect, fool, lambda s: self._paint_about(s, fool, rect))

    def _delete(self) -> None:
        self.note = self._room.gallery.remove(self.chosen)
        self.chosen = max(min(self.chosen, len(self.fools) - 1), 0)
        self.focus = f"{TILE}{self.chosen}" if self.fools else BACK

    @property
    def _room_rect(self) -> Rect:
        foot, top = foot_of(self.frame), self.frame.layout.px(HEAD_HEIGHT)
        return Rect(foot.left, top, foot.width, foot.top - top)

    @property
    def _about(self) -> Rect:
        room, edge = self._room_rect, self.frame.layout.px(EDGE)
        left = room.left + round(LIST_SHARE * room.width) + edge
        return Rect(left, room.top, room.right - left, room.height)

    def _tile(self, number: int) -> Rect:
        """Where a drawing stands, its label included."""
        room, gap = self._room_rect, self.frame.layout.px(TILE_GAP)
        rows = -(-MAX_FOOLS // COLUMNS)
        width = (round(LIST_SHARE * room.width) + gap) // COLUMNS - gap
        height = (room.height + gap) // rows - gap
        down, right = divmod(number, COLUMNS)
        place = room.left + right * (width + gap), room.top + down * (height + gap)
        return Rect(place, (width, height))

    def _paint_tile(self, number: int, rect: Rect, surface: Surface) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, fool = style.theme, self.fools[number]
        edge = theme.sure if number == self.chosen else theme.line
        surface.blit(style.box(rect.size, layout.px(8), theme.paper, edge), rect)
        if number == self.chosen:
            pygame.draw.rect(surface, edge, rect, max(2, layout.px(2)), layout.px(8))
        label = layout.px(TILE_LABEL)
        side = min(rect.width, rect.height - label) - layout.px(10)
        room = Rect(rect.left, rect.top, rect.width, rect.height - label)
        centred(surface, _drawing(fool, side, theme.ink), room)
        words = f"{fool.digit} read as {fool.label}"
        told = style.line(words, layout.type(14), theme.text, rect.width - layout.px(8), BOLD)
        surface.blit(told, told.get_rect(midbottom=(rect.centerx, rect.bottom - layout.px(3))))
        if self.focus == f"{TILE}{number}":
            paint_focus(surface, rect, layout, style)

    def _paint_about(self, surface: Surface, fool: Fool, rect: Rect) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, px = style.theme, layout.px
        height = rect.height - px(BUTTON_HEIGHT) - px(EDGE)
        card = Rect(rect.topleft, (rect.width, height))
        surface.blit(style.box(card.size, px(10), theme.card, theme.line), card)
        inside = card.inflate(-2 * px(14), -2 * px(14))
        side = min(inside.width, round(0.48 * inside.height))
        spot = Rect(inside.left, inside.top, inside.width, side)
        centred(surface, _drawing(fool, side, theme.ink), spot)
        first = f"This is a {fool.digit}, says “{fool.player}” and a friend."
        second = f"The network: {fool.label}, {percent(fool.confidence)} sure."
        top, size = spot.bottom + px(8), layout.type(16)
        for words in (first, second, *fool.reasons):
            for line in wrapped(words, style.font(REGULAR, size), inside.width):
                colour = theme.unsure if words is second else theme.text
                text = style.text(line, size, colour, BOLD if words is second else REGULAR)
                if top + text.get_height() <= inside.bottom:
                    surface.blit(text, (inside.left, top))
                top += text.get_height()
            top += px(4)


def _drawing(fool: Fool, side: int, colour: tuple[int, int, int]) -> Surface:
    """The drawing in a square of this side in pixels."""
    return drawing_surface(LearnedDrawing(fool.digit, fool.strokes, fool.extent), side, colour)
