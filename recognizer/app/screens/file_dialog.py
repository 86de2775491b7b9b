"""Choose a file to open, without leaving the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect, Surface
from pygame.event import Event

from recognizer.app.layout import Layout
from recognizer.app.screens import DOWN, LEFT, MOVE, UP, Frame, Overlay, Pointer, Screen
from recognizer.app.style import BOLD, REGULAR, StyleCache, centred, shortened
from recognizer.app.widgets import Part
from recognizer.session.opening import FolderEntry, folder_entries, thumbnail

HEAD_HEIGHT, ROW_HEIGHT, FOOT_HEIGHT = 66, 50, 34
KEYS_TEXT = "↑ ↓ choose    Enter opens    ← folder above    Esc goes back"
NOTHING_TEXT = "No sketches or pictures in this folder yet."
MAX_THUMBNAILS = 200
"""So many thumbnails are kept."""
TAP_SLACK = 8
"""A finger that moves less, in pixels at scale 1, has tapped; one that moves more scrolls."""


class Thumbnails:
    """Small pictures of files, made when they come in sight."""

    def __init__(self) -> None:
        self._made: dict[tuple[Path, int], Surface | None] = {}

    def of(self, path: Path, side: int) -> Surface | None:
        """The file's picture on the screen; None if it has none."""
        if (path, side) not in self._made:
            if len(self._made) >= MAX_THUMBNAILS:
                self._made.clear()
            pixels = thumbnail(path, side)
            self._made[path, side] = None if pixels is None else _surface(pixels)
        return self._made[path, side]


def _surface(pixels: NDArray[np.uint8]) -> Surface:
    return pygame.image.frombytes(pixels.tobytes(), pixels.shape[1::-1], "RGB")


def row_height(layout: Layout) -> int:
    """Height of an entry in pixels."""
    return layout.px(ROW_HEIGHT)


def rows(layout: Layout) -> int:
    """How many entries have room."""
    return max(1, _list_rect(layout).height // row_height(layout))


def row_at(position: tuple[float, float], layout: Layout) -> int | None:
    """The number of the row at a position, counted from the first in sight."""
    room = _list_rect(layout)
    row = int((position[1] - room.top) // row_height(layout))
    return row if room.collidepoint(position) and row < rows(layout) else None


def buttons(dialog: FileDialog) -> dict[str, Rect]:
    """The places to go to, and the way back, from left to right."""
    layout = dialog.frame.layout
    width, height, gap = layout.px(100), layout.px(38), layout.px(12)
    left = layout.size[0] - gap
    found: dict[str, Rect] = {}
    for name in ("Cancel", *reversed(dialog.places)):
        left -= width
        found[name] = Rect(left, (layout.px(HEAD_HEIGHT) - height) // 2, width, height)
        left -= layout.px(8)
    return found


def parts(dialog: FileDialog) -> Iterable[Part]:
    """The whole screen."""
    layout, style = dialog.frame.layout, dialog.frame.style
    colour = style.theme.background
    yield Part("dialog", Rect((0, 0), layout.size), 0, lambda s: s.fill(colour))
    yield from _head(dialog, layout, style)
    room = _list_rect(layout)
    card = style.box(room.size, layout.px(10), style.theme.card, style.theme.line)
    yield Part("list", room, dialog.folder, lambda s: s.blit(card, room))
    shown = dialog.entries[dialog.first : dialog.first + rows(layout)]
    for row, entry in enumerate(shown):
        yield _row_part(dialog, row, entry, layout, style)
    yield from _foot(dialog, layout, style)


def _list_rect(layout: Layout) -> Rect:
    width, height = layout.size
    gap, top = layout.px(12), layout.px(HEAD_HEIGHT)
    return Rect(gap, top, width - 2 * gap, height - top - layout.px(FOOT_HEIGHT))


def _head(dialog: FileDialog, layout: Layout, style: StyleCache) -> Iterable[Part]:
    gap, theme, found = layout.px(12), style.theme, buttons(dialog)
    room = Rect(gap, 0, min(r.left for r in found.values()) - 2 * gap, layout.px(HEAD_HEIGHT))
    font = style.font(REGULAR, layout.type(15))
    title = style.text("Open a sketch or picture", layout.type(20), theme.text, BOLD)
    where = style.text(shortened(str(dialog.folder), font, room.width), layout.px(15), theme.muted)

    def paint(surface: Surface) -> None:
        top = (room.height - title.get_height() - where.get_height()) // 2
        surface.blit(title, (room.left, top))
        surface.blit(where, (room.left, top + title.get_height()))

    yield Part("where", room, dialog.folder, paint)
    for name, rect in found.items():
        box = style.box(rect.size, layout.px(8), theme.card, theme.muted)
        words = style.text(name, layout.type(16), theme.text)
        yield Part(f"go {name}", rect, 0, partial(_paint_button, box=box, words=words, rect=rect))


def _paint_button(surface: Surface, box: Surface, words: Surface, rect: Rect) -> None:
    surface.blit(box, rect)
    centred(surface, words, rect)


def _row_part(
    dialog: FileDialog, row: int, entry: FolderEntry, layout: Layout, style: StyleCache
) -> Part:
    room, height = _list_rect(layout), row_height(layout)
    rect = Rect(room.left, room.top + row * height, room.width, height)
    chosen = dialog.first + row == dialog.selected

    def paint(surface: Surface) -> None:
        _paint_row(surface, rect, entry, chosen, dialog.thumbnails, layout, style)

    return Part(f"row {row}", rect, (entry, chosen), paint)


def _paint_row(
    surface: Surface,
    rect: Rect,
    entry: FolderEntry,
    chosen: bool,
    thumbnails: Thumbnails,
    layout: Layout,
    style: StyleCache,
) -> None:
    theme, gap = style.theme, layout.px(12)
    colour = theme.on_accent if chosen else theme.text
    if chosen:
        face = rect.inflate(-layout.px(8), -layout.px(4))
        surface.blit(style.box(face.size, layout.px(8), theme.sure, theme.sure), face)
    side = rect.height - layout.px(12)
    spot = Rect(rect.left + gap, rect.top + layout.px(6), side, side)
    small = None if entry.is_folder else thumbnails.of(entry.path, side)
    centred(surface, small or style.icon(entry.icon, layout.px(24), colour), spot)
    if small:
        pygame.draw.rect(surface, theme.line, small.get_rect(center=spot.center), 1)
    detail = style.text(entry.detail, layout.type(15), colour if chosen else theme.muted)
    surface.blit(detail, detail.get_rect(midright=(rect.right - gap, rect.centery)))
    room = rect.right - gap - detail.get_width() - gap - spot.right - gap
    name = shortened(entry.name, style.font(REGULAR, layout.type(17)), room)
    words = style.text(name, layout.type(17), colour)
    surface.blit(words, words.get_rect(midleft=(spot.right + gap, rect.centery)))


def _foot(dialog: FileDialog, layout: Layout, style: StyleCache) -> Iterable[Part]:
    theme, size = style.theme, layout.type(15)
    count = len(dialog.entries)
    words = dialog.trouble or (
        KEYS_TEXT if any(not e.is_folder for e in dialog.entries) else NOTHING_TEXT
    )
    line = style.text(words, size, theme.text if dialog.trouble else theme.muted)
    last = min(dialog.first + rows(layout), count)
    position = style.text(f"{dialog.first + 1}–{last} of {count}", size, theme.muted)
    rect = Rect(0, layout.size[1] - layout.px(FOOT_HEIGHT), layout.size[0], layout.px(FOOT_HEIGHT))
    gap = layout.px(14)

    def paint(surface: Surface) -> None:
        surface.blit(line, line.get_rect(midleft=(gap, rect.centery)))
        surface.blit(position, position.get_rect(midright=(rect.right - gap, rect.centery)))

    yield Part("foot", rect, (words, dialog.first, last, count), paint)


class FileDialog(Overlay):
    """A list of folders and readable files; the screen behind opens what is chosen."""

    def __init__(
        self, frame: Frame, behind: Screen, folder: Path, opened: Callable[[Path], None]
    ) -> None:
        super().__init__(frame, behind)
        self._opened = opened
        self.places = {"Sketches": folder, "Home": Path.home()}
        self.selected = self.first = 0
        self.trouble = ""
        self.entries: list[FolderEntry] = []
        self.thumbnails = Thumbnails()
        self._pressed: Pointer | None = None
        self._first_pressed = 0
        self._next: Screen = self
        self.show(_nearest_folder(folder))

    @property
    def rows(self) -> int:
        """How many entries the window has room for."""
        return rows(self.frame.layout)

    def show(self, folder: Path) -> None:
        """List a folder."""
        self.folder, self.trouble = folder, ""
        self.selected = self.first = 0
        try:
            self.entries = folder_entries(folder)
        except OSError as error:
            self.entries = [FolderEntry("Back up", folder.parent, "up")]
            self.trouble = f"This folder cannot be listed: {error.strerror}"
        self.select(1 if len(self.entries) > 1 else 0)

    def select(self, number: int) -> None:
        """Move to an entry, and scroll so that it is in sight."""
        self.selected = min(max(number, 0), max(len(self.entries) - 1, 0))
        self.scroll(min(max(self.first, self.selected - self.rows + 1), self.selected))

    def scroll(self, first: int) -> None:
        """Show the entries from this one on."""
        self.first = min(max(first, 0), max(len(self.entries) - self.rows, 0))

    def choose(self, number: int) -> None:
        """Go into a folder, or open a file and go back."""
        if not 0 <= number < len(self.entries):
            return
        entry = self.entries[number]
        if entry.is_folder:
            self.show(entry.path)
        else:
            self._next = self.behind
            self._opened(entry.path)

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
        return self._next

    def resized(self) -> None:
        """Keep the selected entry in sight; the screen behind takes the layout, too."""
        self.behind.resized()
        self.select(self.selected)

    def damage(self) -> list[Rect]:
        """All changes are in the parts."""
        return []

    def parts(self) -> Iterable[Part]:
        """The list and what is around it."""
        return parts(self)

    def _keys(self) -> dict[int, Callable[[], None]]:
        step, page = self.selected, max(self.rows - 1, 1)
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
            pygame.K_F11: self.frame.switch_full_screen,
        }

    def _close(self) -> None:
        self._next = self.behind

    def _point(self, what: Pointer) -> None:
        row = row_at(what.position, self.frame.layout)
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
            row = row_height(self.frame.layout)
            self.scroll(self._first_pressed + round(way / row))

    def _tap(self, position: tuple[float, float], over: int | None) -> None:
        for name, rect in buttons(self).items():
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
