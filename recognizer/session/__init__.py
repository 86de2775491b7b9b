"""One person's work under way, without a screen: the sketch, its reading, what is done with it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from recognizer.files import PROGRAM_NAME
from recognizer.model.learned import LearnedDrawing
from recognizer.reading import NOTHING_READ, Prediction, Reading, Recognizer
from recognizer.session.learning import Learning
from recognizer.session.learning import Message as Message
from recognizer.session.opening import Background, Picture, at_once
from recognizer.session.sketch_files import SketchFiles, not_autosaved
from recognizer.session.storage import CANVAS_EXTENT, CANVAS_SIDE, Storage
from recognizer.session.tools import DrawingTools
from recognizer.strokes import Cache, Sketch, Stroke, bounds

ONE_CHARACTER_TEXT = "It learns from drawings, and from pictures of one character."
BEGUN_SIDE = 20 / 640 * CANVAS_SIDE
"""A stroke no larger than this, in the sketch's unit, is hardly begun."""
DASH_SHARE = 0.2
"""A stroke no higher than this share of its width is a dash, with which a 5 or a 7 may begin."""


class Session(DrawingTools, SketchFiles):
    """The sketch and what is done with it, without a window.

    tell: called with every message for the user. in_background: has files opened and read,
    beside all else if it can.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        storage: Storage,
        tell: Callable[[Message], None],
        in_background: Background = at_once,
    ) -> None:
        self.recognizer, self.storage, self.tell = recognizer, storage, tell
        self.in_background = in_background
        self.settings = storage.settings()
        self.learning = Learning(recognizer, storage.hands)
        self.sketch = Sketch()
        self._read_revision = 0
        self._read_hand, self._read_picture = recognizer.hand, NOTHING_READ
        self.pointed: int | None = None
        self._cache = Cache()
        self.nothing = recognizer.classify_strokes((), CANVAS_EXTENT)
        self.reading = recognizer.read_strokes((), CANVAS_EXTENT)

    @property
    def modes(self) -> list[str]:
        """The sets of labels that can be read, by name: what the model knows of them."""
        return list(self.recognizer.sets)

    @property
    def mode(self) -> str:
        """The name of the set that is read; "" if it has none."""
        sets = self.recognizer.sets.items()
        return next((name for name, labels in sets if labels == self.recognizer.labels), "")

    def set_mode(self, name: str) -> None:
        """Read another set of labels, for the next start as well."""
        hand, self.recognizer = self.recognizer.hand, self.recognizer.asking_for(name)
        self.recognizer.hand = hand
        self.learning.use(self.recognizer)
        self.settings = replace(self.settings, mode=name)
        self._nothing = self.recognizer.classify_strokes((), CANVAS_EXTENT)
        self._cache, self._read_revision = Cache(), -1

    def restore_mode(self) -> None:
        """Read the set of labels that was read last time, if the model knows it."""
        if self.settings.mode in self.modes and self.settings.mode != self.mode:
            self.set_mode(self.settings.mode)

    def next_mode(self) -> None:
        """Read the next set of labels that the model knows."""
        names = self.modes
        if names:
            at = names.index(self.mode) if self.mode in names else -1
            self.set_mode(names[(at + 1) % len(names)])

    @property
    def empty(self) -> bool:
        """Whether there is neither ink nor a picture."""
        return not self.sketch.strokes and self.picture is None

    @property
    def can_undo(self) -> bool:
        """Whether there is a gesture to go back, or a picture to put away."""
        return self.sketch.can_undo

    @property
    def chosen(self) -> int | None:
        """Which character is looked at closely: the one pointed at, else the one drawn last."""
        count = len(self.reading.digits)
        if self.pointed is not None and self.pointed < count:
            return self.pointed
        if not self.sketch.strokes or count < 2:
            return 0 if count else None
        return drawn_last(self.reading, self.sketch.strokes)

    @property
    def prediction(self) -> Prediction:
        """What the chosen character was read as."""
        chosen = self.chosen
        return self.nothing if chosen is None else self.reading.digits[chosen]

    @property
    def begun(self) -> bool:
        """Whether there is no more yet than a dash or the beginning of a stroke.

        What can be read of it tells nothing, unless it is probable.
        """
        strokes, read = self.sketch.strokes, self.prediction
        if len(strokes) != 1 or read.label is None or read.sign == read.label:
            return False
        box = bounds(strokes)
        return box.side <= BEGUN_SIDE or box.height <= DASH_SHARE * box.width

    def read(self) -> None:
        """Read what is drawn now, and what was opened, if it changed since the last time."""
        hand, below_ink = self.recognizer.hand, self.sketch.below
        picture = below_ink if isinstance(below_ink, Picture) else None
        if hand is not self._read_hand and picture and picture.reading:
            picture.reading = self.recognizer.read_again(picture.reading)
        below = (picture and picture.reading) or NOTHING_READ
        known = self._read_revision, self._read_hand, self._read_picture
        now = self.sketch.revision, hand, below
        if known[0] == now[0] and known[1] is now[1] and known[2] is now[2]:
            return
        self._read_revision, self._read_hand, self._read_picture = now
        drawn = self._read_strokes()
        if picture:
            drawn = below if not drawn.digits else _joined(below, drawn)
        self.reading = drawn

    def autosave(self, under_way: bool = False) -> None:
        """Write the unsaved sketch, if its finished strokes changed since the last time.

        under_way: whether a gesture is, which is not finished yet.
        """
        strokes = self.sketch.before_gesture if under_way else self.sketch.strokes
        if self._kept is not strokes:
            self.keep(strokes)

    def take_opened(self) -> None:
        """Show and read what was opened since the last time."""
        super().take_opened()
        self.read()

    def _read_strokes(self) -> Reading:
        try:
            return self.recognizer.read_strokes(self.sketch.strokes, CANVAS_EXTENT, self._cache)
        except ValueError as error:  # there are too many
            self.tell(Message(f"This is not read: {error}.", trouble=True))
            return NOTHING_READ

    def close(self) -> None:
        """Write what is left to write before the end."""
        self.cancel_opening()
        self.keep_at_last()
        self.save_settings()

    def restore(self) -> None:
        """Show the sketch that was not saved last time."""
        strokes, message = self.storage.restore()
        self.sketch.replace(strokes)
        self._kept = self.sketch.strokes
        if message:
            self.tell(Message(message, trouble=True))
        self.learning.on = self.settings.learning
        if told := self.learning.choose(self.settings.hand):
            self.tell(told)

    def start_over(self, strokes: tuple[Stroke, ...]) -> None:
        """Show these strokes as if nothing had been before, and take them as kept."""
        self.put_on_paper(Sketch(strokes))

    def put_on_paper(self, sketch: Sketch) -> None:
        """Show another sketch with its past, and take it as kept."""
        sketch.revision = self.sketch.revision + 1
        self.sketch = sketch
        self._kept = sketch.strokes

    def undo(self) -> None:
        """Go a gesture back, or put the picture away that was opened."""
        self.sketch.undo()

    def redo(self) -> None:
        """Do again what was undone last."""
        self.sketch.redo()

    def clear(self) -> None:
        """Take everything off the paper; undo brings it back."""
        self.sketch.clear()

    @property
    def can_correct(self) -> bool:
        """Whether there is a character that can be learned: drawn, or alone in its picture."""
        return any(self.can_learn(number) for number in range(len(self.reading.digits)))

    def can_learn(self, number: int) -> bool:
        """Whether a character of the reading can be learned: drawn, or alone in its picture."""
        alone = len(self._read_picture.digits) == 1
        return alone or bool(self.reading.digits[number].strokes)

    def correct(self, number: int, label: str) -> None:
        """Learn that a character of the reading is this one, and read anew."""
        each = self.reading.digits[number]
        if not self.can_learn(number):
            self.tell(Message(ONE_CHARACTER_TEXT))
            return
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
            left = [each for each in self.sketch.strokes if each not in gone]
            self.sketch.replace(left, self.sketch.below)

    def keep_hand(self) -> None:
        """Remember for the next start which hand writes, and whether it is used."""
        learning = self.learning
        self.settings = replace(self.settings, hand=learning.hand.name, learning=learning.on)
        self.save_settings()

    def save_settings(self) -> None:
        """Write the settings; without them, the next start is as the first."""
        try:
            self.storage.save_settings(self.settings)
        except OSError as error:
            self.tell(Message(not_autosaved(error, self.storage.unsaved), trouble=True))

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

    def remember_window(self, size: tuple[int, int], place: tuple[int, int] | None) -> None:
        """Remember the window's size and its place on the desktop for the next start."""
        self.settings = replace(self.settings, size=size, place=place)


def drawn_last(reading: Reading, strokes: Sequence[Stroke]) -> int:
    """The number of the character of a reading that the last stroke is part of."""
    last, count = strokes[-1], len(reading.digits)
    holding = (number for number in range(count) if last in reading.digits[number].strokes)
    return next(holding, count - 1)


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


def _joined(picture: Reading, drawn: Reading) -> Reading:
    """What was read in a picture, and then what is drawn over it."""
    if not picture.digits:
        return drawn
    digits = (*picture.digits, *drawn.digits)
    return Reading(
        f"{picture.text}\n{drawn.text}",
        digits,
        math.prod(each.confidence for each in digits),
        picture.sure and drawn.sure,
        partial=picture.partial,
    )
