"""What lies on the desk: the sketch, its reading, the tool in hand, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from recognizer import evaluation
from recognizer.app import clipboard, words
from recognizer.app.canvas import EXTENT, Area
from recognizer.app.opening import THICKEST, THINNEST, Picture, open_file, picture_of
from recognizer.app.storage import Storage
from recognizer.memory import Memory
from recognizer.reading import Prediction, Recognizer
from recognizer.strokes import Sketch, Stroke, bounds

STEP = 1.15
"""One step of the pen's width, as a factor."""


@dataclass(frozen=True)
class Message:
    """Something to tell the user; `trouble` if something did not work."""

    text: str
    trouble: bool = False


class Desk:
    """The sketch and what is done with it, without a window.

    tell: called with every message for the user.
    """

    def __init__(
        self, recognizer: Recognizer, storage: Storage, tell: Callable[[Message], None]
    ) -> None:
        self.recognizer, self.storage, self.tell = recognizer, storage, tell
        self.settings = storage.settings()
        self.sketch = Sketch()
        self.picture: Picture | None = None
        self.erasing = False
        self.keeping = True
        self._kept = self._read = 0
        self._kept_badly = self._opening_cleared = False
        self.pointed: int | None = None
        self._memory = Memory()
        self._nothing = recognizer.classify_strokes((), EXTENT)
        self.reading = recognizer.read_strokes((), EXTENT)

    @property
    def pen_width(self) -> float:
        """Diameter of pen and eraser in the sketch's unit."""
        return self.settings.pen_width

    @property
    def eraser_width(self) -> float:
        """The eraser is wider than the pen, so that it takes a line in one sweep."""
        return 1.5 * self.pen_width + 8

    @property
    def empty(self) -> bool:
        return not self.sketch.strokes and self.picture is None

    @property
    def chosen(self) -> int | None:
        """Which digit is looked at closely: the one pointed at, else the one drawn last."""
        count = len(self.reading.digits)
        if self.pointed is not None and self.pointed < count:
            return self.pointed
        if self.picture or count < 2:
            return 0 if count else None
        return self._drawn_last()

    @property
    def prediction(self) -> Prediction:
        """What the chosen digit was read as."""
        return self._nothing if self.chosen is None else self.reading.digits[self.chosen]

    def read(self) -> None:
        """Read what is drawn now, if it changed since the last time."""
        if self._read == self.sketch.revision:
            return
        self._read = self.sketch.revision
        self.picture = None
        self.reading = self.recognizer.read_strokes(self.sketch.strokes, EXTENT, self._memory)

    def keep(self) -> None:
        """Write the unsaved sketch, if it changed since the last time."""
        if not self.keeping or self._kept == self.sketch.revision:
            return
        self._kept = self.sketch.revision
        try:
            self.storage.keep(self.sketch.strokes)
            self._kept_badly = False
        except OSError as error:
            if not self._kept_badly:
                self._kept_badly = True
                self.tell(Message(words.not_kept(error, self.storage.unsaved), trouble=True))

    def leave(self) -> None:
        """Write what is left to write before the end."""
        if self._kept_badly:
            self._kept = -1
        self.keep()
        self.remember()

    def restore(self) -> None:
        """Show the sketch that was not saved last time."""
        strokes, message = self.storage.restore()
        self.sketch.replace(strokes)
        self._kept = self.sketch.revision
        if message:
            self.tell(Message(message, trouble=True))

    def start_over(self, strokes: tuple[Stroke, ...]) -> None:
        """Show these strokes as if nothing had been before, and take them as kept."""
        self.sketch = Sketch(strokes, self.sketch.revision + 1)
        self._kept = self.sketch.revision

    def undo(self) -> None:
        if self.picture and not self._opening_cleared:
            self.put_picture_away()
        else:
            self.sketch.undo()

    def redo(self) -> None:
        self.sketch.redo()

    def clear(self) -> None:
        self.put_picture_away()
        self.sketch.clear()

    def put_picture_away(self) -> None:
        if self.picture:
            self.picture = None
            self._read = -1

    def toggle_eraser(self) -> None:
        self.erasing = not self.erasing

    def set_pen_width(self, width: float) -> None:
        self.settings = replace(self.settings, pen_width=min(max(width, THINNEST), THICKEST))

    def thicker(self) -> None:
        self.set_pen_width(max(self.pen_width * STEP, self.pen_width + 1))

    def thinner(self) -> None:
        self.set_pen_width(min(self.pen_width / STEP, self.pen_width - 1))

    def save(self, area: Area) -> None:
        """Save the part of the sketch that is in sight, as PNG and InkML."""
        if self.picture and self.picture.path:
            self.tell(Message(f"This picture is saved already:\n{self.picture.path}"))
        elif self.picture:
            self.tell(Message("Only drawings are saved, and this picture was pasted."))
        elif not self.sketch.strokes:
            self.tell(Message("There is nothing to save yet. Draw a digit first."))
        else:
            self._save(area)

    def open(self, path: Path, area: Area) -> None:
        """Show a file; what was there comes back by undo."""
        try:
            self.show(open_file(path, self.recognizer, area))
        except ValueError as error:
            self.tell(Message(str(error), trouble=True))

    def paste(self) -> Path | None:
        """Show the picture that was copied elsewhere; returns the file if one was copied."""
        try:
            found = clipboard.pasted()
            if isinstance(found, Path):
                return found
            self.show(picture_of(found, self.recognizer))
        except (clipboard.ClipboardError, ValueError) as error:
            self.tell(Message(str(error), trouble=True))
        return None

    def show(self, found: tuple[Stroke, ...] | Picture) -> None:
        """Show what was opened."""
        self.keep()
        if isinstance(found, Picture):
            self._show_picture(found)
        else:
            self.sketch.replace(found)
        # The file has it; an unsaved sketch from before stays kept for the next start.
        self._kept = self.sketch.revision

    def show_report(self) -> None:
        """Open the report on how well it reads, in the web browser."""
        try:
            self.tell(Message(f"The report opens in your web browser:\n{evaluation.show()}"))
        except evaluation.ReportError as error:
            self.tell(Message(str(error), trouble=True))

    def remember(self) -> None:
        """Write the settings; without them, the next start is as the first."""
        try:
            self.storage.remember(self.settings)
        except OSError as error:
            self.tell(Message(words.not_kept(error, self.storage.unsaved), trouble=True))

    def set_theme(self, name: str) -> None:
        self.settings = replace(self.settings, theme=name)

    def _show_picture(self, picture: Picture) -> None:
        self._opening_cleared = bool(self.sketch.strokes)
        self.sketch.clear()
        self._read = self.sketch.revision
        self.picture, self.reading, self.pointed = picture, picture.reading, None

    def _drawn_last(self) -> int:
        """The smallest digit that holds the last stroke."""
        left, top, right, bottom = bounds(self.sketch.strokes[-1:]) or (0, 0, 0, 0)
        holding = [
            (width * height, number)
            for number, (x, y, width, height) in enumerate(
                d.box or (0, 0, 0, 0) for d in self.reading.digits
            )
            if x <= left and y <= top and right <= x + width and bottom <= y + height
        ]
        return min(holding)[1]

    def _save(self, area: Area) -> None:
        try:
            path = self.storage.save(self.sketch.strokes, area)
        except OSError as error:
            self.tell(Message(words.not_saved(error, self.storage.folder), trouble=True))
        else:
            self.tell(Message(f"Saved as PNG and InkML:\n{path}"))
            self._saved_on_purpose()

    def _saved_on_purpose(self) -> None:
        self._kept = self.sketch.revision
        try:
            self.storage.keep(())
        except OSError as error:
            self.tell(Message(words.not_kept(error, self.storage.unsaved), trouble=True))
