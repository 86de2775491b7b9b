"""A model as it is asked: for digits, for sums, for letters, or for any characters it knows."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Self

from recognizer.files import SAVED_MODEL, as_path
from recognizer.labels import Labels, asked_for, known_sets
from recognizer.model import Model, Probabilities, answered, given_inside


class AskedModel:
    """Answers with the labels it is asked for; what looks like no such character is `other`."""

    _asked: str | None = None

    def __init__(self, path: str | Path | None = None, *, labels: str | None = None) -> None:
        self._model = Model(SAVED_MODEL if path is None else as_path(path, "a model's folder"))
        self._asked = labels
        _ = self.labels  # that the model does not know them is better told now

    def asking_for(self, labels: str | None) -> Self:
        """One of the same network, which is not loaded anew, for other labels.

        labels: as for the constructor. Raises ValueError for labels that the model does not know.
        """
        other = object.__new__(type(self))
        other._model, other._asked = self._model, labels
        _ = other.labels
        return other

    @cached_property
    def labels(self) -> Labels:
        """What may be answered, in the order of the probabilities."""
        return asked_for(self._asked, self._model.card.labels)

    @property
    def model(self) -> Model:
        """The network that it reads by."""
        return self._model

    @property
    def sets(self) -> dict[str, Labels]:
        """The sets of labels that the model can be asked for, by name."""
        return dict(known_sets(self._model.card.labels))

    @property
    def card(self) -> dict[str, Any]:
        """The model's card, as it is written down: what it is, and every measured figure."""
        return self._model.card.content

    @cached_property
    def threshold(self) -> float:
        """What is read with more confidence is sure."""
        return self._model.card.threshold_for(self.labels)

    def predict_proba(self, glyphs: Any, directions: Any = None) -> Probabilities:
        """Probabilities of the labels, given that it is one of them.

        glyphs: (n, 28, 28), white ink on black, uint8 0..255 or float 0..1. directions: where
        the pen went right, left, down and up in them, (n, 28, 28, 4); None for pictures.
        Returns (n, number of labels) float32; rows sum to 1. Raises ValueError for any other
        input.
        """
        return given_inside(self.predict_joint(glyphs, directions))[0]

    def predict_joint(self, glyphs: Any, directions: Any = None) -> Probabilities:
        """Probabilities of the labels, (n, number of labels); what is missing to 1 is `other`.

        The largest of a row is the confidence. glyphs, directions: as for `predict_proba`.
        """
        known = self._model.predict_proba(glyphs, directions)
        return answered(known, self._model.card.labels, self.labels)
