"""One person's work under way, without a screen: the sketch, its reading, what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from recognizer.files import PROGRAM_NAME
from recognizer.geometry import Box
from recognizer.model.learned import LearnedDrawing
from recognizer.reading import NOTHING_READ, Prediction, Reading, Recognizer
from recognizer.session.learning import Learning
from recognizer.session.learning import Message as Message
from recognizer.session.opening import ClipboardError, Picture, open_file, pasted, picture_of
from recognizer.session.storage import CANVAS_EXTENT, MAX_PEN_WIDTH, MIN_PEN_WIDTH, Storage
from recognizer.strokes import Cache, Sketch, Stroke, bounds

PEN_STEP_FACTOR = 1.15
"""One step of the pen's width, as a factor."""
ERASER_FACTOR, ERASER_MARGIN = 1.5, 8.0
"""The eraser is so many times as wide as the pen, and so much more in the sketch's unit."""


class Session:
    """The sketch and what is done with it, without a window.

    tell: called with every message for the user.
    """

    def __init__(
        self, recognizer: Recognizer, storage: Storage, tell: Callable[[Message], None]
    ) -> None:
        self.recognizer, self.storage, self.tell = recognizer, storage, tell
        self.settings = storage.settings()
        self.learning = Learning(recognizer, storage.hands)
        self.sketch = Sketch()
        self.picture: Picture | None = None
        self.erasing = False
        self.autosaves = True
        self._autosaved = self._read_revision = 0
        self._autosave_failed = self._opening_cleared = False
        self._read_hand = recognizer.hand
        self.pointed: int | None = None
        self._cache = Cache()
        self.nothing = recognizer.classify_strokes((), CANVAS_EXTENT)
        self.reading = recognizer.read_strokes((), CANVAS_EXTENT)

    @property
    def pen_width(self) -> float:
        """Diameter of pen and eraser in the sketch's unit."""
        return self.settings.pen_width

    @property
    def eraser_width(self) -> float:
        """The eraser is wider than the pen, so that it takes a line in one sweep."""
        return ERASER_FACTOR * self.pen_width + ERASER_MARGIN

    @property
    def empty(self) -> bool:
        """Whether there is neither ink nor a picture."""
        return not self.sketch.strokes and self.picture is None

    @property
    def can_undo(self) -> bool:
        """Whether there is a gesture to go back, or a picture to put away."""
        return self.sketch.can_undo or self.picture is not None

    @property
    def chosen(self) -> int | None:
        """Which character is looked at closely: the one pointed at, else the one drawn last."""
        count = len(self.reading.digits)
        if self.pointed is not None and self.pointed < count:
            return self.pointed
        if self.picture or count < 2:
            return 0 if count else None
        return drawn_last(self.reading, self.sketch.strokes)

    @property
    def prediction(self) -> Prediction:
        """What the chosen character was read as."""
        chosen = self.chosen
        return self.nothing if chosen is None else self.reading.digits[chosen]

    def read(self) -> None:
        """Read what is drawn now, if it changed since the last time."""
        if self._read_revision == self.sketch.revision and self._read_hand is self.recognizer.hand:
            return
        if self._read_hand is not self.recognizer.hand:
            self._read_hand = self.recognizer.hand
            if self.picture and self._read_revision == self.sketch.revision:
                self.reading = self.recognizer.read_again(self.reading)
                return
        self._read_revision = self.sketch.revision
        self.picture = None
        try:
            self.reading = self.recognizer.read_strokes(
                self.sketch.strokes, CANVAS_EXTENT, self._cache
            )
        except ValueError as error:  # there are too many
            self.reading = NOTHING_READ
            self.tell(Message(f"This is not read: {error}.", trouble=True))

    def autosave(self) -> None:
        """Write the unsaved sketch, if it changed since the last time."""
        if not self.autosaves or self._autosaved == self.sketch.revision:
            return
        self._autosaved = self.sketch.revision
        try:
            self.storage.autosave(self.sketch.strokes)
            self._autosave_failed = False
        except OSError as error:
            if not self._autosave_failed:
                self._autosave_failed = True
                self.tell(Message(_not_autosaved(error, self.storage.unsaved), trouble=True))

    def close(self) -> None:
        """Write what is left to write before the end."""
        if self._autosave_failed:
            self._autosaved = -1
        self.autosave()
        self.save_settings()

    def restore(self) -> None:
        """Show the sketch that was not saved last time."""
        strokes, message = self.storage.restore()
        self.sketch.replace(strokes)
        self._autosaved = self.sketch.revision
        if message:
            self.tell(Message(message, trouble=True))
        self.learning.on = self.settings.learning
        if told := self.learning.choose(self.settings.hand):
            self.tell(told)

    def start_over(self, strokes: tuple[Stroke, ...]) -> None:
        """Show these strokes as if nothing had been before, and take them as kept."""
        self.sketch = Sketch(strokes, self.sketch.revision + 1)
        self._autosaved = self.sketch.revision

    def undo(self) -> None:
        """Go a gesture back, or put the picture away that was opened over it."""
        if self.picture and not self._opening_cleared:
            self.put_picture_away()
        else:
            self.sketch.undo()

    def redo(self) -> None:
        """Do again what was undone last."""
        self.sketch.redo()

    def clear(self) -> None:
        """Take everything off the paper; undo brings the strokes back."""
        self.put_picture_away()
        self.sketch.clear()

    def erase(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Move the eraser, in the sketch's unit."""
        self.sketch.erase(start, end, self.eraser_width / 2)

    @property
    def can_correct(self) -> bool:
        """Whether there is a character that can be learned: drawn, or alone in its picture."""
        found = self.reading.digits
        return bool(found) and (self.picture is None or len(found) == 1)

    def correct(self, number: int, label: str) -> None:
        """Learn that a character of the reading is this one, and read anew."""
        each = self.reading.digits[number]
        if each.strokes:
            drawing = LearnedDrawing.of(label, each.strokes, CANVAS_EXTENT)
        else:
            drawing = LearnedDrawing(label, picture=each.glyph)
        self.tell(self.learning.learn([drawing]))
        self.read()

    def remove(self, number: int) -> None:
        """Take a drawn character of the reading off the paper; undo brings it back."""
        gone = self.reading.digits[number].strokes
        if gone:
            self.sketch.replace([each for each in self.sketch.strokes if each not in gone])

    def keep_hand(self) -> None:
        """Remember for the next start which hand writes, and whether it is used."""
        learning = self.learning
        self.settings = replace(self.settings, hand=learning.hand.name, learning=learning.on)
        self.save_settings()

    def put_picture_away(self) -> None:
        """Show the sketch again."""
        if self.picture:
            self.picture = None
            self._read_revision = -1

    def toggle_eraser(self) -> None:
        """Take the eraser in hand, or the pen again."""
        self.erasing = not self.erasing

    def set_pen_width(self, width: float) -> None:
        """Take a pen of this diameter in the sketch's unit, as far as there is one."""
        self.settings = replace(
            self.settings, pen_width=min(max(width, MIN_PEN_WIDTH), MAX_PEN_WIDTH)
        )

    def thicker(self) -> None:
        """Take the next thicker pen."""
        self.set_pen_width(max(self.pen_width * PEN_STEP_FACTOR, self.pen_width + 1))

    def thinner(self) -> None:
        """Take the next thinner pen."""
        self.set_pen_width(min(self.pen_width / PEN_STEP_FACTOR, self.pen_width - 1))

    def save(self, area: Box) -> None:
        """Save the part of the sketch that is in sight, as PNG and InkML."""
        if self.picture and self.picture.path:
            self.tell(Message(f"This picture is saved already:\n{self.picture.path}"))
        elif self.picture:
            self.tell(Message("Only drawings are saved, and this picture was pasted."))
        elif not self.sketch.strokes:
            self.tell(Message("There is nothing to save yet. Draw a digit first."))
        else:
            self._save(area)

    def open(self, path: Path, area: Box) -> None:
        """Show a file; what was there comes back by undo."""
        try:
            self.show(open_file(path, self.recognizer, area))
        except ValueError as error:
            self.tell(Message(str(error), trouble=True))

    def paste(self) -> Path | None:
        """Show the picture that was copied elsewhere; returns the file if one was copied."""
        try:
            found = pasted()
            if isinstance(found, Path):
                return found
            self.show(picture_of(found, self.recognizer))
        except (ClipboardError, ValueError) as error:
            self.tell(Message(str(error), trouble=True))
        return None

    def show(self, found: tuple[Stroke, ...] | Picture) -> None:
        """Show what was opened."""
        self.autosave()
        if isinstance(found, Picture):
            self._show_picture(found)
        else:
            self.sketch.replace(found)
        # The file has it; an unsaved sketch from before stays kept for the next start.
        self._autosaved = self.sketch.revision

    def save_settings(self) -> None:
        """Write the settings; without them, the next start is as the first."""
        try:
            self.storage.save_settings(self.settings)
        except OSError as error:
            self.tell(Message(_not_autosaved(error, self.storage.unsaved), trouble=True))

    def set_theme(self, name: str) -> None:
        """Remember the theme, "light" or "dark", for the next start."""
        self.settings = replace(self.settings, theme=name)

    def set_sounds(self, on: bool) -> None:
        """Remember for the next start whether games are heard."""
        self.settings = replace(self.settings, sounds=on)
        self.save_settings()

    def set_animations(self, on: bool) -> None:
        """Remember for the next start whether things move in games."""
        self.settings = replace(self.settings, animations=on)
        self.save_settings()

    def _show_picture(self, picture: Picture) -> None:
        self._opening_cleared = bool(self.sketch.strokes)
        self.sketch.clear()
        self._read_revision = self.sketch.revision
        self.picture, self.reading, self.pointed = picture, picture.reading, None

    def _save(self, area: Box) -> None:
        try:
            path = self.storage.save(self.sketch.strokes, area)
        except OSError as error:
            self.tell(Message(_not_saved(error, self.storage.folder), trouble=True))
        else:
            self.tell(Message(f"Saved as PNG and InkML:\n{path}"))
            self._saved_on_purpose()

    def _saved_on_purpose(self) -> None:
        self._autosaved = self.sketch.revision
        try:
            self.storage.autosave(())
        except OSError as error:
            self.tell(Message(_not_autosaved(error, self.storage.unsaved), trouble=True))


def drawn_last(reading: Reading, strokes: Sequence[Stroke]) -> int:
    """The number of the smallest character of a reading that holds the last stroke."""
    last = bounds(strokes[-1:])
    holding = [
        (each.box.width * each.box.height, number)
        for number, each in enumerate(reading.digits)
        if each.box and each.box.holds(last)
    ]
    return min(holding)[1]


def window_title(reading: Reading) -> str:
    """The window's title, which carries the reading."""
    if not reading.digits:
        return PROGRAM_NAME
    said = reading.words.replace("\n", " ")
    if len(reading.digits) == 1 and reading.sure:
        said += f" ({percent(reading.confidence)})"
    return f"{said} - {PROGRAM_NAME}"


def percent(share: float) -> str:
    """A probability in words; never 100 %, which no reading deserves."""
    return f"{min(round(100 * share), 99)} %"


def _not_saved(error: OSError, folder: Path) -> str:
    """A sketch could not be saved on purpose."""
    return (
        f"Not saved in {folder}: {_reason(error)}. Nothing is lost: the sketch is still here. "
        "Make room there, or start with another folder for sketches."
    )


def _not_autosaved(error: OSError, path: Path) -> str:
    """The unsaved sketch could not be written."""
    return (
        f"The sketch cannot be kept for the next start in {path.parent}: {_reason(error)}. "
        "Save it before you quit."
    )


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
