"""What the main screen does with files: it opens them, and goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from recognizer.app.screens import Screen
from recognizer.app.screens.sketch_view import SketchView
from recognizer.session import Message, Session
from recognizer.session.opening import Tell

POLL_SECONDS = 0.03
"""Seconds between two looks at what is being opened."""
OPENING_TEXT = "Reading… Tap here or press Esc to cancel."


class OpensFiles(Screen):
    """A screen that shows files in a session: at once, and read as soon as they are."""

    session: Session
    view: SketchView

    def lift(self) -> None:
        """End what the pointer is doing."""

    def open(self, path: Path, fail: Tell | None = None) -> None:
        """Show a file on the canvas. fail: called with the reason instead of telling it."""
        self._begin_opening()
        self.session.open(path, self.view.area, fail)
        self._tell_opening()

    def paste(self) -> None:
        """Show what was copied elsewhere on the canvas."""
        self._begin_opening()
        self.session.paste(self.view.area)
        self._tell_opening()

    def cancel_opening(self) -> bool:
        """Open no more; False if nothing is being opened."""
        cancelled = self.session.cancel_opening()
        if cancelled:
            self.opened()
        return cancelled

    def opened(self) -> None:
        """Nothing is being opened any more."""
        if self.view.toast.message == Message(OPENING_TEXT):
            self.view.toast.dismiss()
        self.resized()

    def _begin_opening(self) -> None:
        self.lift()
        self.view.toast.dismiss()

    def _tell_opening(self) -> None:
        if self.session.opening:
            self.view.toast.stay(Message(OPENING_TEXT))
        else:
            self.resized()

    def take_opened(self) -> None:
        """Show what was opened since the last time."""
        before = self.session.sketch.below, self.session.reading
        self.session.take_opened()
        if self.session.opening is None:
            self.opened()
        elif before != (self.session.sketch.below, self.session.reading):
            self.resized()

    def open_listed(self, path: Path) -> Callable[[], str | None]:
        """Open a file of the list; returns what tells how it went."""
        troubles: list[str] = []
        self.open(path, troubles.append)
        return lambda: troubles[0] if troubles else None if self.session.loading else ""
