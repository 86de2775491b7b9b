"""What reads and learns: the hand of the person who writes, kept beside the network."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from recognizer.errors import brief
from recognizer.model import Probabilities
from recognizer.model.asked import AskedModel
from recognizer.model.card import ModelError
from recognizer.model.hand_file import read_hands, write_hands
from recognizer.model.learned import LearnedDrawing, LearnedHand, together
from recognizer.model.prototypes import HandPrototypes
from recognizer.strokes import as_extent, as_strokes

NO_FEATURES_TEXT = (
    "This model cannot learn from a person: its network does not tell its features. "
    "Use the model that comes with the program, or train one: python -m recognizer train"
)


class Learner(AskedModel):
    """Reads by its model and by what it learned; `Recognizer` is one."""

    hand = LearnedHand()
    """What was learned from the person who writes; another hand may be set."""
    _prototypes = HandPrototypes()

    @property
    def can_learn(self) -> bool:
        """Whether the network tells what it judges by; without that, it learns nothing."""
        return self._model.gives_features

    def reading_by(self, hand: LearnedHand) -> Self:
        """The same network, not loaded anew, reading by a hand; this one goes on as before.

        What both hands have in common is not looked at again. Raises ModelError if the network
        gives no features, and ValueError for what is no hand.
        """
        if not isinstance(hand, LearnedHand):
            raise ValueError(f"a hand must be a LearnedHand; got {brief(hand)}")
        self._check_learning()
        other = copy(self)
        other.hand, other._prototypes = hand, self._prototypes.of_hand(hand, self._model)
        return other

    def learn(self, drawing: Iterable[Any], label: str, extent: Any = (500, 500)) -> None:
        """Learn that a drawing is this character in this person's hand; readings use it at once.

        drawing, extent: as for `classify_strokes`. Raises ValueError for an empty drawing or a
        label that the model does not know, ModelError if its network gives no features.
        """
        checked, area = as_strokes(drawing), as_extent(extent)
        if not checked:
            raise ValueError("there is nothing to learn: the drawing has no strokes")
        self.learn_drawing(LearnedDrawing.of(label, checked, area))

    def learn_drawing(self, drawing: LearnedDrawing) -> None:
        """Learn from a drawing, the strokes or picture of one character. Raises as `learn`."""
        self._check_learning()
        if drawing.label not in self._model.card.labels:
            known = "".join(self._model.card.labels)
            raise ValueError(f"{brief(drawing.label)} cannot be learned; the model knows {known!r}")
        self.hand = self.hand.with_drawings([drawing])

    def forget(self, number: int | None = None) -> None:
        """Forget one of the learned drawings, by its number in `hand.drawings`, or all."""
        kept = () if number is None else self.hand.without(number).drawings
        self.hand = replace(self.hand, drawings=kept)

    def save_hand(self, path: str | Path) -> None:
        """Write what was learned to a file, whole or not at all. Raises OSError."""
        write_hands(path, [self.hand])

    def load_hand(self, path: str | Path) -> None:
        """Read by what was learned in a file, of all its hands, instead of what was before.

        Raises HandError, a ValueError, if the file is missing, damaged or of another kind.
        """
        self._check_learning()
        self.hand = together(read_hands(path))

    def _check_learning(self) -> None:
        if not self.can_learn:
            raise ModelError(NO_FEATURES_TEXT)

    def known_by_hand(self, glyphs: Any, directions: Any, drawn: bool) -> Probabilities:
        """Probabilities (1, labels) of all that the model knows, after what was learned.

        glyphs, directions: of one character. drawn: whether it was, or else is in a picture.
        """
        prototypes = self._prototypes  # another thread may learn meanwhile
        if prototypes.hand is not self.hand:
            prototypes = self._prototypes = prototypes.of_hand(self.hand, self._model)
        known, features = self._model.see(glyphs, directions)
        if features is None:
            return known
        return prototypes.weighed(known[0], features[0], drawn)[None]
