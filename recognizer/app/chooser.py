"""Choose a file to open, without leaving the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pygame
from pygame import Rect
from pygame.event import Event

from recognizer.app import chooser_scene, pointer
from recognizer.app.folder import Entry, entries
from recognizer.app.pointer import Pointer
from recognizer.app.screen import Frame, Overlay, Screen
from recognizer.app.stage import Part

SLACK = 8
"""A finger that moves less, in pixels at scale 1, has tapped; one that moves more scrolls."""


class Chooser(Overlay):
    """A list of folders and readable files; the screen behind opens what is chosen."""

    def __init__(
        self, frame: Frame, behind: Screen, folder: Path, opened: Callable[[Path], None]
    ) -> None:
        super().__init__(frame, behind)
        self._opened = opened
        self.places = {"Sketches": folder, "Home": Path.home()}
        self.selected = self.first = 0
        self.trouble = ""
        self.entries: list[Entry] = []
        self.thumbnails = chooser_scene.Thumbnails()
        self._pressed: Pointer | None = None
        self._first_pressed = 0
        self._next: Screen = self
        self.show(_nearest(folder))

    @property
    def rows(self) -> int:
        """How many entries the window has room for."""
        return chooser_scene.rows(self.frame.layout)

    def show(self, folder: Path) -> None:
        """List a folder."""
        self.folder, self.trouble = folder, ""
        self.selected = self.first = 0
        try:
            self.entries = entries(folder)
        except OSError as error:
            self.entries = [Entry("Back up", folder.parent, "up")]
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
        return chooser_scene.parts(self)

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
        row = chooser_scene.row_at(what.position, self.frame.layout)
        over = None if row is None else self.first + row
        if what.what == pointer.DOWN and what.button == pointer.LEFT:
            self._pressed, self._first_pressed = what, self.first
        elif what.what == pointer.MOVE and self._pressed and what.finger is not None:
            self._drag(what)
        elif what.what == pointer.MOVE and over is not None and over < len(self.entries):
            self.selected = over
        elif what.what == pointer.UP and self._pressed:
            moved = abs(what.position[1] - self._pressed.position[1])
            self._pressed = None
            if moved <= self.frame.layout.px(SLACK):
                self._tap(what.position, over)

    def _drag(self, what: Pointer) -> None:
        if self._pressed:
            way = self._pressed.position[1] - what.position[1]
            row = chooser_scene.row_height(self.frame.layout)
            self.scroll(self._first_pressed + round(way / row))

    def _tap(self, position: tuple[float, float], over: int | None) -> None:
        for name, rect in chooser_scene.buttons(self).items():
            if rect.collidepoint(position):
                if name == "Cancel":
                    self._close()
                else:
                    self.show(_nearest(self.places[name]))
                return
        if over is not None:
            self.choose(over)


def _nearest(folder: Path) -> Path:
    """The folder, or the one above it that is there."""
    folder = folder.expanduser().absolute()
    return next((path for path in (folder, *folder.parents) if path.is_dir()), folder)
