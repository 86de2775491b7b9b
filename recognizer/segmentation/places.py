"""Where characters stand on their line: what tells a full stop from a middle dot, a comma from a 1.

The network sees every character as large as any other and in the middle. In a line with signs,
what it answers is weighed with how large such a character is there and how high it stands
(Bayes' rule). Lengths are in heights of the line, from the base line upwards.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from string import digits
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, union
from recognizer.labels import Labels
from recognizer.model import Probabilities

Floats = NDArray[np.float64]
Part = TypeVar("Part", bound=Hashable)


class Place(NamedTuple):
    """The sides that a character's longer one lies between, and the heights of its middle."""

    sides: tuple[float, float]
    middles: tuple[float, float]


_DIGIT, _TALL = Place((0.7, 1.25), (0.25, 0.75)), Place((0.8, 1.9), (0.25, 0.75))
_SIGN, _DOT = (0.45, 1.2), (0.02, 0.18)
PLACES = {
    **dict.fromkeys(digits, _DIGIT),
    **dict.fromkeys("/()%", _TALL),
    **dict.fromkeys("+×÷=<>", Place(_SIGN, (0.2, 0.8))),
    "−": Place((0.25, 1.1), (0.25, 0.75)),
    "·": Place(_DOT, (0.28, 0.8)),
    ".": Place(_DOT, (-0.3, 0.2)),
    ",": Place((0.25, 0.75), (-0.4, 0.2)),
    ":": Place((0.35, 0.95), (0.15, 0.7)),
}
"""Of the characters of sums; sizes are those of four in five of UNIPEN's, beside the usual digit or
letter of the same writer."""
LOW_LABELS = frozenset(".,·−")
"""What is so low that it shares no height with its neighbours, or is as small as dirt.

Who asks for one of them reads lines in which it counts where a character stands.
"""
SIDE_DEVIATION, MIDDLE_DEVIATION = 0.25, 0.1
"""How far beyond its usual sides, as a logarithm, and heights a character is one standard deviation
off."""
MIN_SIDE = 0.02
"""A point has no side; it counts as so large."""
MIN_LIKELIHOOD = 1e-4
USUAL_QUANTILE = 0.75
"""The longer side of the usual part is longer than this share of them."""
TALL_SHARE = 0.6
"""Parts that are as tall as this share of the usual one tell where their line is."""
NEIGHBOURS = 4
"""So many tall parts around a character do."""
MAX_OFF_HEIGHTS = 1.0
"""Their middles are no further above or below it, in heights of the usual part."""


class LinePlaces:
    """Weighs what the network answers with where characters of its labels stand on a line."""

    def __init__(self, labels: Labels) -> None:
        anywhere = Place((0.0, np.inf), (-np.inf, np.inf))
        limits = np.array([PLACES.get(label, anywhere) for label in labels])
        self._least, self._most = _on_scale(limits.transpose(2, 1, 0))
        self._dots = [number for number, label in enumerate(labels) if label in ".·"]

    def among(self, joint: Probabilities, boxes: Sequence[Box]) -> Probabilities:
        """The joint probabilities (n, labels) of characters by where their boxes stand together.

        boxes: of their pens' middles, as those of strokes are.
        """
        around = Surroundings(dict(enumerate(boxes)))
        found = joint.copy()
        for number in range(len(boxes)):
            if (place := around.place_of([number])) is not None:
                found[number] = self.weighed(joint[number], *place)
        return found

    def weighed(self, joint: Probabilities, side: float, middle: float) -> Probabilities:
        """The joint probabilities (…, labels) for a longer side and a height of the middle.

        What is missing to 1 is another character, which may be anywhere.
        """
        at = _on_scale(np.array([[side], [middle]]))
        beyond = np.maximum(np.maximum(self._least - at, at - self._most), 0)
        likely = np.maximum(np.exp(-(beyond**2).sum(axis=0) / 2), MIN_LIKELIHOOD)
        shared = joint.copy()
        shared[..., self._dots] = joint[..., self._dots].sum(axis=-1, keepdims=True)
        found = shared * likely
        other = np.maximum(1 - joint.sum(axis=-1, keepdims=True), 0)
        return np.asarray(found / (found.sum(axis=-1, keepdims=True) + other), dtype=np.float32)


def _on_scale(places: Floats) -> Floats:
    """Sides and middles (…, 2, n) in standard deviations."""
    sides, middles = np.moveaxis(places, -2, 0)
    logs = np.log(np.maximum(sides, MIN_SIDE))
    return np.stack([logs / SIDE_DEVIATION, middles / MIDDLE_DEVIATION], axis=-2)


class Surroundings(Generic[Part]):
    """The lines of a drawing, as its tall parts show them.

    parts: their boxes, each by what it is known by: a stroke, or a number.
    """

    def __init__(self, parts: Mapping[Part, Box]) -> None:
        self._parts = parts
        sides = sorted(box.side for box in parts.values())
        self.usual: float = sides[int(USUAL_QUANTILE * len(sides))] if sides else 0.0
        """The longer side of the usual part."""
        tall = {
            part: box for part, box in parts.items() if box.height >= TALL_SHARE * self.usual > 0
        }
        self._numbers = {part: number for number, part in enumerate(tall)}
        self._edges = np.array(
            [(box.x, box.y, box.right, box.bottom) for box in tall.values()]
        ).reshape(-1, 4)

    def place_of(self, members: Sequence[Part]) -> tuple[float, float] | None:
        """The longer side of parts and the height of their middle; None if they are alone."""
        box = union(self._parts[part] for part in members)
        line = self._line_of(box, members)
        if line is None:
            return None
        base, height = line
        return box.side / height, (base - box.middle[1]) / height

    def _line_of(self, box: Box, members: Sequence[Part]) -> tuple[float, float] | None:
        """The base line that parts stand on, and the height of their line; None without one."""
        own = [self._numbers[part] for part in members if part in self._numbers]
        x, y = box.middle
        left, top, right, bottom = self._edges.T
        away = np.maximum(np.maximum(left - x, x - right), 0)
        off = np.abs((top + bottom) / 2 - y)
        away[(off > MAX_OFF_HEIGHTS * self.usual)] = np.inf
        away[own] = np.inf
        near = np.argsort(away, kind="stable")[:NEIGHBOURS]
        near = near[np.isfinite(away[near])]
        if not len(near):
            return None
        base = float(np.median(bottom[near]))
        return base, base - float(np.median(top[near]))
