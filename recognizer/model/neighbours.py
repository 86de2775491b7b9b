"""The drawings that a network learned from, some of them, and which are most like another one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.model import Floats
from recognizer.model.card import SIMILAR_FILE, ModelCard, ModelError, verified
from recognizer.strokes import Stroke

_REMEDY = "Write what Inside shows: python -m recognizer export --format inside"
_MAX_BYTE = 127


@dataclass(frozen=True, eq=False)
class SimilarDrawing:
    """A drawing that the network learned from: its label, the set it is from, its strokes.

    similarity: the cosine of the angle between its features and another drawing's, 0 to 1.
    """

    label: str
    source: str
    strokes: tuple[Stroke, ...]
    similarity: float


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Drawings with their features, packed: (n,) of each but strokes and points.

    labels, sources: of each drawing, its label and the name of its set. counts: how many strokes
    each has. lengths: how many points each stroke has. points: of all strokes (p, 2), bytes.
    features: (n, f) int8, of rows of one length.
    """

    labels: NDArray[np.str_]
    sources: NDArray[np.str_]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.uint16]
    points: NDArray[np.uint8]
    features: NDArray[np.int8]

    @classmethod
    def of(
        cls,
        labels: Sequence[str],
        sources: Sequence[str],
        drawings: Sequence[Sequence[Stroke]],
        features: Floats,
    ) -> Neighbours:
        """The drawings, one at least, whose points lie between 0 and 255. features: (n, f)."""
        lines = [stroke.points for drawing in drawings for stroke in drawing]
        return cls(
            np.array(labels),
            np.array(sources),
            np.array([len(drawing) for drawing in drawings], np.uint8),
            np.array([len(line) for line in lines], np.uint16),
            np.round(np.concatenate(lines)).astype(np.uint8),
            as_bytes(features),
        )

    def packed(self) -> bytes:
        """The content of a file that `load` reads."""
        file = io.BytesIO()
        np.savez_compressed(
            file, **{name: getattr(self, name) for name in self.__dataclass_fields__}
        )
        return file.getvalue()

    @classmethod
    def load(cls, folder: Path, card: ModelCard) -> Neighbours:
        """Those beside a model, whose card this is. Raises ModelError."""
        path = folder / SIMILAR_FILE
        if not path.is_file():
            raise ModelError(
                f"This model comes without drawings that it learned from ({path}). "
                f"{_REMEDY} {folder}"
            )
        content = verified(folder, SIMILAR_FILE, card.content)
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as file:
                return cls(**{name: file[name] for name in (each.name for each in fields(cls))})
        except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile):
            raise ModelError(f"{path} is of another kind. {_REMEDY} {folder}") from None

    def nearest(self, features: Floats, count: int) -> list[SimilarDrawing]:
        """So many drawings, the most similar to features (f,) first: the nearest neighbours.

        Raises ModelError for the features of another network.
        """
        if len(features) != self.features.shape[1]:
            raise ModelError(f"These drawings are of another model. {_REMEDY}")
        own = self.features.astype(np.float32)
        lengths = np.linalg.norm(own, axis=1) * max(float(np.linalg.norm(features)), 1e-12)
        alike = own @ features / np.maximum(lengths, 1e-12)
        return [
            SimilarDrawing(
                str(self.labels[at]), str(self.sources[at]), self._drawings[at], float(alike[at])
            )
            for at in np.argsort(-alike, kind="stable")[:count].tolist()
        ]

    @cached_property
    def _drawings(self) -> list[tuple[Stroke, ...]]:
        lines = np.split(self.points.astype(np.float64), np.cumsum(self.lengths)[:-1])
        ends = np.cumsum(self.counts).tolist()
        return [
            tuple(map(Stroke, lines[end - count : end]))
            for end, count in zip(ends, self.counts.tolist(), strict=True)
        ]


def as_bytes(features: Floats) -> NDArray[np.int8]:
    """Features (n, f) in bytes, each row of about the same length; only angles tell then."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    unit = features / np.maximum(lengths, 1e-12)
    scaled = unit * (_MAX_BYTE / max(float(np.abs(unit).max()), 1e-12))
    return np.asarray(np.round(scaled), dtype=np.int8)
