"""Choose a file to open, without leaving the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from pathlib import Path

import pygame
from pygame import Rect, Surface
from pygame.event import Event

from recognizer.app.actions import BY_NAME, action_of
from recognizer.app.screens import DOWN, LEFT, MOVE, UP, Frame, Overlay, Pointer, Screen
from recognizer.app.style import BOLD, REGULAR, as_surface, centred, shortened
from recognizer.app.widgets import Part
from recognizer.session.opening import READABLE_SUFFIXES, FolderEntry, folder_entries, thumbnail

HEAD_HEIGHT, ROW_HEIGHT, FOOT_HEIGHT = 66, 50, 34
KEYS_TEXT = "↑ ↓ choose    Enter opens    ← folder above    Esc goes back"
TITLE_TEXT = "Open a sketch or picture"
NOTHING_TEXT = "No sketches or pictures in this folder yet."
MAX_THUMBNAILS = 200
"""So many thumbnails are kept."""
TAP_SLACK = 8
"""A finger that moves less, in pixels at scale 1, has tapped; one that moves more scrolls."""


class DialogView:
    """How the list of files looks in a frame, and what stands where."""

    def __init__(self, frame: Frame, places: Iterable[str], title: str, nothing: str) -> None:
        self.frame, self._title, self._nothing = frame, title, nothing
        self._places = ("Cancel", *reversed(list(places)))
        self._thumbnail = lru_cache(MAX_THUMBNAILS)(_thumbnail)

    @property
    def row_height(self) -> int:
        """Height of an entry in pixels."""
        return self.frame.layout.px(ROW_HEIGHT)

    @property
    def room(self) -> Rect:
        """The room of the entries."""
        layout = self.frame.layout
        (width, height), gap, top = layout.size, layout.px(12), layout.px(HEAD_HEIGHT)
        return Rect(gap, top, width - 2 * gap, height - top - layout.px(FOOT_HEIGHT))

    @property
    def rows(self) -> int:
        """How many entries have room."""
        return max(1, self.room.height // self.row_height)

    def row_at(self, position: tuple[float, float]) -> int | None:
        """The number of the row at a position, counted from the first in sight."""
        row = int((position[1] - self.room.top) // self.row_height)
        return row if self.room.collidepoint(position) and row < self.rows else None

    def buttons(self) -> dict[str, Rect]:
        """The way back and the places to go to, from right to left."""
        px = self.frame.layout.px
        width, height, left = px(100), px(38), self.frame.layout.size[0] - px(12)
        found: dict[str, Rect] = {}
        for name in self._places:
            left -= width
            found[name] = Rect(left, (px(HEAD_HEIGHT) - height) // 2, width, height)
            left -= px(8)
        return found

    def parts(
        self, folder: Path, entries: list[FolderEntry], first: int, selected: int, trouble: str
    ) -> Iterable[Part]:
        """The whole screen: the entries from the first one in sight on, and what is around."""
        layout, style = self.frame.layout, self.frame.style
        colour, room = style.theme.background, self.room
        yield Part("dialog", Rect((0, 0), layout.size), 0, lambda s: s.fill(colour))
        yield from self._head(folder)
        card = style.box(room.size, layout.px(10), style.theme.card, style.theme.line)
        yield Part("list", room, folder, lambda s: s.blit(card, room))
        for row, entry in enumerate(entries[first : first + self.rows]):
            rect = Rect(room.left, room.top + row * self.row_height, room.width, self.row_height)
            key = entry, first + row == selected
            yield Part(f"row {row}", rect, key, partial(self._paint_row, rect, *key))
        hint = KEYS_TEXT if any(not entry.is_folder for entry in entries) else self._nothing
        position = _position(entries, first, first + self.rows)
        rect = Rect(0, room.bottom, layout.size[0], layout.size[1] - room.bottom)
        words = trouble or hint, bool(trouble), position
        yield Part("foot", rect, words, partial(self._paint_foot, rect, *words))

    def _head(self, folder: Path) -> Iterable[Part]:
        layout, style, found = self.frame.layout, self.frame.style, self.buttons()
        gap, theme = layout.px(12), style.theme
        room = Rect(gap, 0, min(r.left for r in found.values()) - 2 * gap, layout.px(HEAD_HEIGHT))
        font = style.font(REGULAR, layout.type(15))
        title = style.text(self._title, layout.type(20), theme.text, BOLD)
        where = style.text(shortened(str(folder), font, room.width), layout.px(15), theme.muted)

        def paint(surface: Surface) -> None:
            top = (room.height - title.get_height() - where.get_height()) // 2
            surface.blit(title, (room.left, top))
            surface.blit(where, (room.left, top + title.get_height()))

        yield Part("where", room, folder, paint)
        for name, rect in found.items():
            button = style.box(rect.size, layout.px(8), theme.card, theme.muted).copy()
            centred(button, style.text(name, layout.type(16), theme.text), button.get_rect())
            yield Part(f"go {name}", rect, 0, partial(_blit, button, rect))

    def _paint_row(self, rect: Rect, entry: FolderEntry, chosen: bool, surface: Surface) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, gap = style.theme, layout.px(12)
        colour = theme.on_accent if chosen else theme.text
        if chosen:
            face = rect.inflate(-layout.px(8), -layout.px(4))
            surface.blit(style.box(face.size, layout.px(8), theme.sure, theme.sure), face)
        side = rect.height - layout.px(12)
        spot = Rect(rect.left + gap, rect.top + layout.px(6), side, side)
        small = None if entry.is_folder else self._thumbnail(entry.path, side)
        centred(surface, small or style.icon(entry.icon, layout.px(24), colour), spot)
        if small:
            pygame.draw.rect(surface, theme.line, small.get_rect(center=spot.center), 1)
        detail = style.text(entry.detail, layout.type(15), colour if chosen else theme.muted)
        surface.blit(detail, detail.get_rect(midright=(rect.right - gap, rect.centery)))
        room = rect.right - gap - detail.get_width() - gap - spot.right - gap
        name = shortened(entry.name, style.font(REGULAR, layout.type(17)), room)
        words = style.text(name, layout.type(17), colour)
        surface.blit(words, words.get_rect(midleft=(spot.right + gap, rect.centery)))

    def _paint_foot(
        self, rect: Rect, words: str, trouble: bool, position: str, surface: Surface
    ) -> None:
        layout, theme = self.frame.layout, self.frame.style.theme
        size, gap = layout.type(15), layout.px(14)
        there = self.frame.style.text(position, size, theme.muted)
        room = rect.width - 3 * gap - there.get_width()
        colour = theme.unsure if trouble else theme.muted
        line = self.frame.style.line(words, size, colour, room)
        surface.blit(line, line.get_rect(midleft=(gap, rect.centery)))
        surface.blit(there, there.get_rect(midright=(rect.right - gap, rect.centery)))


def _thumbnail(path: Path, side: int) -> Surface | None:
    """The file's picture on the screen; None if it has none."""
    pixels = thumbnail(path, side)
    return None if pixels is None else as_surface(pixels)


def _position(entries: list[FolderEntry], first: int, end: int) -> str:
    """Which of the folder's entries are in sight; the way up is none of them."""
    above = sum(entry.icon == "up" for entry in entries)
    count, last = len(entries) - above, min(end, len(entries)) - above
    return f"{max(first - above, 0) + 1}–{last} of {count}" if last > 0 else ""


def _blit(picture: Surface, rect: Rect, surface: Surface) -> None:
    surface.blit(picture, rect)


Outcome = Callable[[], str | None]
"""Tells how opening went: None while it goes on, "" if it is open, else the trouble."""


class FileDialog(Overlay):
    """A list of folders and readable files; the screen behind opens what is chosen.

    opened: begins to open a file. A file that cannot be opened leaves the list as it is.
    """

    def __init__(
        self,
        frame: Frame,
        behind: Screen,
        folder: Path,
        opened: Callable[[Path], Outcome],
        *,
        title: str = TITLE_TEXT,
        suffixes: tuple[str, ...] = READABLE_SUFFIXES,
        nothing: str = NOTHING_TEXT,
    ) -> None:
        super().__init__(frame, behind)
        self._opened, self._suffixes = opened, suffixes
        self.places = {"Sketches": folder, "Home": Path.home()}
        self.selected = self.first = 0
        self.trouble = ""
        self.entries: list[FolderEntry] = []
        self.view = DialogView(frame, self.places, title, nothing)
        self._pressed: Pointer | None = None
        self._first_pressed = 0
        self._next: Screen | None = self
        self._outcome: Outcome | None = None
        self.show(_nearest_folder(folder))

    def show(self, folder: Path) -> None:
        """List a folder."""
        self.folder, self.trouble = folder, ""
        self.selected = self.first = 0
        try:
            self.entries = folder_entries(folder, self._suffixes)
        except OSError as error:
            self.entries = [FolderEntry("Back up", folder.parent, "up")]
            self.trouble = f"This folder cannot be listed: {error.strerror}"
        self.select(1 if len(self.entries) > 1 else 0)

    def select(self, number: int) -> None:
        """Move to an entry, and scroll so that it is in sight."""
        self.selected = min(max(number, 0), max(len(self.entries) - 1, 0))
        self.scroll(min(max(self.first, self.selected - self.view.rows + 1), self.selected))

    def scroll(self, first: int) -> None:
        """Show the entries from this one on."""
        self.first = min(max(first, 0), max(len(self.entries) - self.view.rows, 0))

    def choose(self, number: int) -> None:
        """Go into a folder, or open a file and go back."""
        if not 0 <= number < len(self.entries):
            return
        entry = self.entries[number]
        if entry.is_folder:
            self.show(entry.path)
        else:
            self.selected, self.trouble = number, ""
            self._outcome = self._opened(entry.path)
            self._settle()

    def update(self) -> None:
        """See whether what was chosen is open."""
        if self._outcome:
            self.behind.update()
            self._settle()

    def turn(self) -> Screen | None:
        """The screen behind, once what was chosen is open."""
        return self._next

    def due(self) -> float | None:
        """When to look again at what is being opened."""
        return self.behind.due() if self._outcome else None

    def _settle(self) -> None:
        outcome = self._outcome() if self._outcome else None
        if outcome is None:
            return
        self._outcome = None
        if outcome:
            self.trouble = outcome
        else:
            self._next = self.behind

    def handle(self, event: Event) -> Screen | None:
        """Take an event; returns the screen that comes next."""
        self._next = self
        if event.type in (pygame.QUIT, pygame.DROPFILE):
            return self.behind.handle(event)
        what = self.frame.pointer(event)
        if what:
            self._point(what)
        elif event.type == pygame.MOUSEWHEEL:
            self.scroll(self.first - event.y)
        elif event.type == pygame.KEYDOWN and event.key in self._keys():
            self._keys()[event.key]()
        elif event.type == pygame.KEYDOWN and action_of(event) == BY_NAME["full"]:
            self.frame.switch_full_screen()
        return self._next

    def resized(self) -> None:
        """Keep the selected entry in sight; the screen behind takes the layout, too."""
        super().resized()
        self.select(self.selected)

    def parts(self) -> Iterable[Part]:
        """The list and what is around it."""
        shown = self.entries, self.first, self.selected
        return self.view.parts(self.folder, *shown, self.trouble)

    def _keys(self) -> dict[int, Callable[[], None]]:
        step, page = self.selected, max(self.view.rows - 1, 1)
        return {
            pygame.K_UP: lambda: self.select(step - 1),
            pygame.K_DOWN: lambda: self.select(step + 1),
            pygame.K_PAGEUP: lambda: self.select(step - page),
            pygame.K_PAGEDOWN: lambda: self.select(step + page),
            pygame.K_HOME: lambda: self.select(0),
            pygame.K_END: lambda: self.select(len(self.entries) - 1),
            pygame.K_RETURN: lambda: self.choose(step),
            pygame.K_KP_ENTER: lambda: self.choose(step),
            pygame.K_RIGHT: lambda: self.choose(step),
            pygame.K_BACKSPACE: lambda: self.show(self.folder.parent),
            pygame.K_LEFT: lambda: self.show(self.folder.parent),
            pygame.K_ESCAPE: self._close,
        }

    def _close(self) -> None:
        self._next = self.behind

    def _point(self, what: Pointer) -> None:
        row = self.view.row_at(what.position)
        over = None if row is None else self.first + row
        if what.what == DOWN and what.button == LEFT:
            self._pressed, self._first_pressed = what, self.first
        elif what.what == MOVE and self._pressed and what.finger is not None:
            self._drag(what)
        elif what.what == MOVE and over is not None and over < len(self.entries):
            self.selected = over
        elif what.what == UP and self._pressed:
            moved = abs(what.position[1] - self._pressed.position[1])
            self._pressed = None
            if moved <= self.frame.layout.px(TAP_SLACK):
                self._tap(what.position, over)

    def _drag(self, what: Pointer) -> None:
        if self._pressed:
            way = self._pressed.position[1] - what.position[1]
            self.scroll(self._first_pressed + round(way / self.view.row_height))

    def _tap(self, position: tuple[float, float], over: int | None) -> None:
        for name, rect in self.view.buttons().items():
            if rect.collidepoint(position):
                if name == "Cancel":
                    self._close()
                else:
                    self.show(_nearest_folder(self.places[name]))
                return
        if over is not None:
            self.choose(over)


def _nearest_folder(folder: Path) -> Path:
    """The folder, or the one above it that is there."""
    folder = folder.expanduser().absolute()
    return next((path for path in (folder, *folder.parents) if path.is_dir()), folder)
