"""What was learned from the person who writes: see it, add to it, forget it, hand it on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pygame
from pygame import Rect
from pygame.event import Event

from recognizer.app.screens import Frame, Screen
from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.screens.file_dialog import FileDialog
from recognizer.app.screens.hand_list import HandListScreen
from recognizer.app.screens.my_hand_view import (
    BACK,
    DELETE,
    EXPORT,
    FORGET,
    HANDS,
    IMPORT,
    SAMPLE,
    SWITCH,
    TILE,
    MyHandView,
    ShownHand,
)
from recognizer.app.screens.sample_sheet import SampleSheet
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace
from recognizer.model.hand_file import HAND_SUFFIX
from recognizer.model.learned import LearnedDrawing
from recognizer.model.learner import NO_FEATURES_TEXT
from recognizer.session import Message, Session

KEYS_TEXT = "Tab and arrows choose · Enter presses · Delete forgets the drawing · Esc goes back"
IMPORT_TITLE = "Import a hand"
NO_HANDS_TEXT = f"No hands ({HAND_SUFFIX}) in this folder."


class MyHandScreen(ButtonScreen):
    """The drawings that were learned, and all that can be done with a hand."""

    def __init__(self, frame: Frame, behind: Screen, session: Session) -> None:
        super().__init__(frame, behind)
        self._session = session
        self._learning = session.learning
        self.view = MyHandView(frame)
        self.sheet = SampleSheet(frame, self, session, self.tell)
        self.note: Message | None = None
        self._first = 0
        self._sure_to_forget = False

    def tell(self, note: Message | None) -> None:
        """Show what happened, until the next thing does."""
        self.note = note
        self._session.keep_hand()

    @property
    def drawings(self) -> list[LearnedDrawing]:
        """The drawings in the order of their characters, the newest of each first."""
        labels = self._session.recognizer.labels
        order = {label: number for number, label in enumerate(labels)}
        newest = reversed(self._learning.hand.drawings)
        return sorted(newest, key=lambda each: (order.get(each.label, len(order)), each.label))

    def buttons(self) -> dict[str, Rect]:
        """What can be pressed; the cross of the drawing in focus lies over it."""
        tiles = self.view.tiles(len(self.drawings), self._first)
        cross = {DELETE: self.view.cross_of(tiles[self.focus])} if self.focus in tiles else {}
        return cross | self.view.buttons() | tiles

    def press(self, name: str) -> None:
        """Do what a button is for; a drawing only takes the focus."""
        sure, self._sure_to_forget = self._sure_to_forget, False
        if name.startswith(TILE):
            self.focus = name
        elif name == DELETE:
            self._delete()
        elif name == BACK:
            self.back()
        elif name == SWITCH:
            self._learning.switch(not self._learning.on)
            self.tell(None)
        elif name == SAMPLE:
            self.next = self.sheet
        elif name == HANDS:
            self.next = HandListScreen(self.frame, self, self._session, self.tell)
        elif name == EXPORT:
            self.tell(self._learning.export(self._session.storage.folder))
        elif name == IMPORT:
            self._choose_file()
        elif name == FORGET and self.drawings:
            self._sure_to_forget = not sure
            if sure:
                self.tell(self._learning.forget_all())

    def take_key(self, event: Event) -> bool:
        """Delete a drawing, and move on through the drawings beyond those in sight."""
        if event.key in (pygame.K_DELETE, pygame.K_BACKSPACE):
            self._delete()
        elif event.key in (pygame.K_PAGEUP, pygame.K_PAGEDOWN):
            self.scroll(self.view.rows * (1 if event.key == pygame.K_PAGEDOWN else -1))
        elif event.key == pygame.K_DOWN and self._in_last_row():
            self._go_below()
        else:
            return False
        return True

    def scroll(self, rows: int) -> None:
        """Show the drawings so many rows further down."""
        columns = self.view.columns
        last = -(-len(self.drawings) // columns) - self.view.rows
        self._first = columns * min(max(self._first // columns + rows, 0), max(last, 0))

    def resized(self) -> None:
        """The drawings begin anew."""
        super().resized()
        self._first = 0

    def parts(self) -> Iterable[Part]:
        """The whole screen."""
        return self.view.parts(self._shown(), self.marks)

    def _shown(self) -> ShownHand:
        learning, drawings = self._learning, self.drawings
        count = f"{len(drawings)} drawing{'' if len(drawings) == 1 else 's'}"
        used = "used for every reading" if learning.on else "switched off, not used"
        told = f"“{learning.hand.name}”: {count}, {used}"
        note = (KEYS_TEXT, False) if self.note is None else (self.note.text, self.note.trouble)
        if not learning.possible:
            note = (NO_FEATURES_TEXT, True)
        forget = "Really forget?" if self._sure_to_forget else "Forget all"
        faces = {
            BACK: ButtonFace("Back"),
            SWITCH: ButtonFace("In use" if learning.on else "Not in use", active=learning.on),
            SAMPLE: ButtonFace("Write a sample", enabled=learning.possible, main=not drawings),
            HANDS: ButtonFace("Other hands"),
            EXPORT: ButtonFace("Export", enabled=bool(drawings)),
            IMPORT: ButtonFace("Import"),
            FORGET: ButtonFace(forget, enabled=bool(drawings), active=self._sure_to_forget),
        }
        return ShownHand(drawings, self._first, told, faces, note)

    def _delete(self) -> None:
        """Forget the drawing in focus, and go to the next one."""
        if self.focus is None or not self.focus.startswith(TILE):
            return
        number = int(self.focus.removeprefix(TILE))
        self.tell(self._learning.forget(self.drawings[number]))
        left = len(self.drawings)
        self.focus = f"{TILE}{min(number, left - 1)}" if left else SAMPLE
        self.scroll(0)

    def _in_last_row(self) -> bool:
        tiles = self.view.tiles(len(self.drawings), self._first)
        lowest = max((rect.top for rect in tiles.values()), default=0)
        return self.focus in tiles and tiles[self.focus].top == lowest

    def _go_below(self) -> None:
        assert self.focus
        below = int(self.focus.removeprefix(TILE)) + self.view.columns
        if below < len(self.drawings):
            self.scroll(1)
            self.focus = f"{TILE}{below}"

    def _choose_file(self) -> None:
        folder = self._session.storage.folder
        self.next = FileDialog(
            *(self.frame, self, folder, self._import),
            title=IMPORT_TITLE,
            suffixes=(HAND_SUFFIX,),
            nothing=NO_HANDS_TEXT,
        )

    def _import(self, path: Path) -> Callable[[], str]:
        message = self._learning.import_file(path)
        if message.trouble:
            return lambda: message.text
        self.tell(message)
        return lambda: ""
