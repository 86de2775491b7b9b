"""The referee of the games: what the session's network reads, with what it learned, live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.labels import label_set
from recognizer.reading import Prediction, Reading, Recognizer
from recognizer.session import Message, Session
from recognizer.session.storage import CANVAS_EXTENT
from recognizer.strokes import Cache, Stroke

MINUS = "−"


class Referee:
    """Reads digits for a game, whatever the window reads, and learns what a player claims.

    Raises ValueError if the session's model knows no digits.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.digits = label_set("digits")
        self._readers = {self.digits: self._reader(self.digits)}
        try:
            signed = (*self.digits, MINUS)
            self._readers[signed] = self._reader(signed)
        except ValueError:
            pass  # It is not asked for numbers below zero.
        self._cache = Cache()

    @property
    def knows_minus(self) -> bool:
        """Whether the model reads a minus, too."""
        return len(self._readers) > 1

    @property
    def pen_width(self) -> float:
        """The pen of the person who plays, in the sketch's unit."""
        return self._session.pen_width

    def read(self, strokes: Sequence[Stroke], *, signed: bool = False) -> Reading:
        """A number that is being written; signed: it may begin with a minus."""
        reader = self._with_hand((*self.digits, MINUS) if signed else self.digits)
        return reader.read_strokes(strokes, CANVAS_EXTENT, self._cache)

    def classify(
        self, strokes: Sequence[Stroke], extent: tuple[float, float] = CANVAS_EXTENT
    ) -> Prediction:
        """One digit that is being drawn in a writing area of this size."""
        return self._with_hand(self.digits).classify_strokes(strokes, extent)

    def see(self, glyphs: Any, directions: Any) -> NDArray[np.float32]:
        """Probabilities of the digits, (n, digits), for glyphs, as `Recognizer.predict_joint`."""
        return self._with_hand(self.digits).predict_joint(glyphs, directions)

    def learn(
        self,
        named: Sequence[tuple[str, Sequence[Stroke]]],
        extent: tuple[float, float] = CANVAS_EXTENT,
    ) -> Message | None:
        """Learn characters, each a label and its strokes; None if there is nothing to tell."""
        written = [(label, strokes) for label, strokes in named if strokes]
        if not written or not self._session.learning.possible:
            return None
        return self._session.learning.learn_strokes(written, extent)

    def new_paper(self) -> None:
        """What is drawn next has nothing to do with what was drawn before."""
        self._cache = Cache()

    def _with_hand(self, labels: tuple[str, ...]) -> Recognizer:
        reader = self._readers[labels]
        reader.hand = self._session.recognizer.hand
        return reader

    def _reader(self, labels: tuple[str, ...]) -> Recognizer:
        own = self._session.recognizer
        return own if own.labels == labels else own.asking_for("".join(labels))
