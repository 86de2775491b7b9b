"""What was learned from a person: drawings of theirs, and how near another drawing is to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from recognizer.glyph import Glyph
from recognizer.strokes import Stroke, bounds, transformed

Floats = NDArray[np.float32]

UNIT_SIDE = 1000.0
"""Longest side of a drawing that is kept, whose points are whole numbers."""
MIN_SIDE_SHARE = 1e-5
"""A drawing that is smaller than this share of its writing area is a point."""
MAX_DRAWINGS = 500
"""So many drawings make a hand; after that, each new one takes the place of the oldest."""
MIN_SIMILARITY = 0.6
"""Drawings whose features are less alike, by the cosine of their angle, tell nothing.

It was chosen on letters and signs of the validation writers, so that their digits could judge it.
"""
MARGIN_NATS, MARGIN_SHARPNESS = 3.0, 8
"""How much likelier than any other label a drawing's own becomes for that same drawing, and how
fast that falls with similarity, as a power."""
MIN_BONUS_NATS = 1.0
"""What a drawing tells at least, if it was read right without having been learned."""
_MIN_PROBABILITY = 1e-12


@dataclass(frozen=True, eq=False)
class LearnedDrawing:
    """A character as a person writes it.

    label: what it is, "7". strokes: whole numbers up to about `UNIT_SIDE`, y downwards, all of one
    pen; empty if there is a picture. extent: (width, height) of the writing area in their unit.
    picture: (28, 28), white on black; None if there are strokes.
    """

    label: str
    strokes: tuple[Stroke, ...] = ()
    extent: tuple[float, float] = (UNIT_SIDE, UNIT_SIDE)
    picture: Glyph | None = None

    @classmethod
    def of(
        cls, label: str, strokes: Sequence[Stroke], extent: tuple[float, float]
    ) -> LearnedDrawing:
        """The drawing in its own unit, so that it is kept as it is used; there is a stroke."""
        box = bounds(strokes)
        scale = UNIT_SIDE / max(box.side, MIN_SIDE_SHARE * max(extent))
        moved = transformed(strokes, scale, origin=box.corner)
        pen = max((stroke.width or 0.0 for stroke in moved), default=0.0)
        whole = tuple(Stroke(np.round(each.points), round(pen, 1) or None) for each in moved)
        width, height = (max(1.0, round(side * scale)) for side in extent)
        return cls(label, whole, (width, height))


@dataclass(frozen=True, eq=False)
class LearnedHand:
    """What was learned from one person, the oldest drawing first."""

    name: str = "My hand"
    drawings: tuple[LearnedDrawing, ...] = ()

    def with_drawings(self, more: Iterable[LearnedDrawing]) -> LearnedHand:
        """The hand with some more drawings, of which the newest count."""
        return replace(self, drawings=(*self.drawings, *more)[-MAX_DRAWINGS:])

    def without(self, number: int) -> LearnedHand:
        """The hand without one of its drawings, counted from 0. Raises IndexError."""
        left = list(self.drawings)
        del left[number]
        return replace(self, drawings=tuple(left))


def together(hands: Sequence[LearnedHand]) -> LearnedHand:
    """Several hands as one, with the name of the first."""
    return hands[0].with_drawings(each for hand in hands[1:] for each in hand.drawings)


@dataclass(frozen=True, eq=False)
class Prototypes:
    """Learned drawings as the network sees them: (n, f) features, (n,) places and bonuses.

    features: of length 1. places: of their labels among those that the network knows.
    bonuses: what a label lacks for its own drawing to be read as likely as the likeliest, in nats.
    """

    features: Floats
    places: NDArray[np.intp]
    bonuses: Floats

    @classmethod
    def of(cls, known: Floats, features: Floats, places: Sequence[int]) -> Prototypes:
        """The prototypes of drawings that the network alone reads as `known` (n, labels)."""
        own = np.array(places, dtype=np.intp)
        logs = _log(_with_rest(known))
        rows = np.arange(len(own))
        right = logs[rows, own]
        logs[rows, own] = -np.inf
        lacking = logs.max(axis=1, initial=-np.inf) - right
        return cls(_unit(features), own, np.maximum(lacking, MIN_BONUS_NATS).astype(np.float32))

    def weighed(self, known: Floats, features: Floats) -> Floats:
        """Probabilities (labels,) of a drawing after what was learned.

        known: (labels,) as the network gives them; what is missing to 1 is none of them, and
        stays one of the answers. features: (f,). Each label gains by the learned drawing of it
        that is most alike, by the cosine of the features' angle (Vinyals et al.: Matching
        networks, 2016; Snell et al.: Prototypical networks, 2017), as much as is lacking
        for that very drawing to be read right.
        """
        if not len(self.places):
            return known
        similarity = self.features @ _unit(features[None])[0]
        near = np.clip((similarity - MIN_SIMILARITY) / (1 - MIN_SIMILARITY), 0, 1)
        logs = _log(_with_rest(known[None]))[0]
        gains = np.zeros_like(logs)
        np.maximum.at(
            gains, self.places, near * self.bonuses + MARGIN_NATS * near**MARGIN_SHARPNESS
        )
        shares = np.exp(logs + gains - (logs + gains).max())
        return np.asarray((shares / shares.sum())[:-1], dtype=np.float32)


def _unit(features: Floats) -> Floats:
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.maximum(lengths, 1e-12), dtype=np.float32)


def _with_rest(known: Floats) -> Floats:
    rest = np.maximum(1 - known.sum(axis=1, keepdims=True), 0)
    return np.concatenate([known, rest], axis=1)


def _log(shares: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(shares, _MIN_PROBABILITY)))
