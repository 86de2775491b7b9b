"""Out of distribution: whether the confidence tells characters from what is none.

Every kind is made from the validation writers' drawings, with its own seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from recognizer import Recognizer, glyph, ink
from recognizer.datasets import Drawing
from recognizer.strokes import Stroke, bounds, transformed
from recognizer.training import augment
from recognizer.training.metrics import Probabilities
from recognizer.training.synthesis import EXTENT

DRAWINGS_PER_KIND = 300
"""How many of each kind are made."""

KINDS_SEED = 101

Make = Callable[[Sequence[Drawing], np.random.Generator], glyph.Glyph]


@dataclass(frozen=True, eq=False)
class OutOfDistribution:
    """One kind of what is no character, with what the model predicts.

    glyphs: (n, 28, 28) uint8; probabilities: (n, number of labels).
    """

    name: str
    glyphs: NDArray[np.uint8]
    probabilities: Probabilities

    @property
    def confidence(self) -> Probabilities:
        """(n,) probabilities of the likeliest labels."""
        return np.asarray(self.probabilities.max(axis=1))


def read_out_of_distribution(
    recognizer: Recognizer, drawings: Sequence[Drawing]
) -> list[OutOfDistribution]:
    """Make all kinds from the drawings, and let the model read them."""
    found = []
    for number, (name, make) in enumerate(KINDS.items()):
        rng = np.random.default_rng([KINDS_SEED, number])
        glyphs = np.stack([make(drawings, rng) for _ in range(DRAWINGS_PER_KIND)])
        found.append(OutOfDistribution(name, glyphs, recognizer.predict_proba(glyphs)))
    return found


def out_of_distribution_figures(
    kinds: Sequence[OutOfDistribution], characters: Probabilities, threshold: float
) -> dict[str, Any]:
    """How well the confidence tells characters from each kind and from all together.

    characters: (n,) confidences of real characters. `auroc` is the probability that a character
    gets more confidence than what is none (1 at best, 0.5 by chance); `unsure` is the share of
    what is none whose reading is marked as not sure.
    """
    confidences = {kind.name: kind.confidence for kind in kinds}
    confidences["together"] = np.concatenate(list(confidences.values()))
    return {
        name: {
            "n": len(outside),
            "auroc": float(
                roc_auc_score(
                    [1] * len(characters) + [0] * len(outside),
                    np.concatenate([characters, outside]),
                )
            ),
            "unsure": float(np.mean(outside <= threshold)),
        }
        for name, outside in confidences.items()
    }


def _scribble(drawings: Sequence[Drawing], rng: np.random.Generator) -> glyph.Glyph:
    return augment.scribble(rng)


def _fragment(drawings: Sequence[Drawing], rng: np.random.Generator) -> glyph.Glyph:
    """The first or the last half of the pen's way."""
    drawing = drawings[int(rng.integers(len(drawings)))]
    lengths = [np.hypot(*np.diff(s.points, axis=0).T).sum() for s in drawing.strokes]
    half, first = sum(lengths) / 2, rng.random() < 0.5
    kept, start = [], 0.0
    for stroke, length in zip(drawing.strokes, lengths, strict=True):
        steps = np.hypot(*np.diff(stroke.points, axis=0, prepend=stroke.points[:1]).T)
        along = start + np.cumsum(steps)
        points = stroke.points[along <= half if first else along >= half]
        kept += [Stroke(points)] if len(points) else []
        start += length
    return _glyph(kept)


def _merged(drawings: Sequence[Drawing], rng: np.random.Generator) -> glyph.Glyph:
    """Two drawings as one: the second over the first, or beside it and touching."""
    left, right = (drawings[int(rng.integers(len(drawings)))].strokes for _ in range(2))
    first, second = bounds(left), bounds(right)
    across = first.x + rng.uniform(0.2, 1) * first.width - second.x
    down = first.middle[1] - second.middle[1]
    return _glyph([*left, *transformed(right, to=(across, down))])


def _glyph(strokes: Sequence[Stroke]) -> glyph.Glyph:
    return glyph.normalize(ink.render_to_fit(strokes, EXTENT))


KINDS: dict[str, Make] = {"scribbles": _scribble, "fragments": _fragment, "merged": _merged}
