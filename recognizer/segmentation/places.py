"""Where characters stand on their line: what tells a full stop from a middle dot, a comma from a 1.

The network sees every character as large as any other and in the middle. In a line with signs,
what it answers is weighed with how large such a character is there and how high it stands
(Bayes' rule). Lengths are in heights of the line, from the base line upwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recognizer.labels import Labels
from recognizer.model import Prediction, Probabilities
from recognizer.strokes import Stroke, bounds


class Place(NamedTuple):
    """The sides that a character's longer one lies between, and the heights of its middle."""

    sides: tuple[float, float]
    middles: tuple[float, float]


_TALL, _SIGN = Place((0.65, 1.8), (0.2, 0.8)), Place((0.25, 1.3), (0.2, 0.8))
PLACES = {
    **dict.fromkeys("0123456789/()%", _TALL),
    **dict.fromkeys("+×÷=<>", _SIGN),
    "−": Place((0.2, 1.3), (0.25, 0.75)),
    "·": Place((0.0, 0.25), (0.28, 0.8)),
    ".": Place((0.0, 0.25), (-0.3, 0.2)),
    ",": Place((0.1, 0.55), (-0.4, 0.2)),
    ":": Place((0.2, 0.9), (0.15, 0.7)),
}
"""Of the characters of sums; sizes are those of UNIPEN's signs beside the same writers' digits."""
LOW_LABELS = frozenset(".,·−")
"""What is so low that it shares no height with its neighbours, or is as small as dirt."""
SIDE_DEVIATION, MIDDLE_DEVIATION = 0.12, 0.1
"""How far beyond its place a character is one standard deviation less likely."""
MIN_LIKELIHOOD = 1e-4
USUAL_QUANTILE = 0.75
"""The longer side of the usual stroke is longer than this share of them."""
TALL_SHARE = 0.6
"""Strokes that are as tall as this share of the usual one tell where their line is."""
NEIGHBOURS = 4
"""So many tall strokes around a character do."""
MAX_OFF_HEIGHTS = 1.0
"""Their middles are no further above or below it, in heights of the usual stroke."""


def have_places(labels: Labels) -> bool:
    """Whether there are signs among the labels that are told by where they stand."""
    return not LOW_LABELS.isdisjoint(labels)


class Surroundings:
    """The lines of a drawing, as its tall strokes show them."""

    def __init__(self, strokes: Sequence[Stroke]) -> None:
        boxes = [bounds([stroke]) for stroke in strokes]
        sides = sorted(box.side for box in boxes)
        self.usual: float = sides[int(USUAL_QUANTILE * len(sides))] if sides else 0.0
        """The longer side of the usual stroke."""
        tall = [
            (stroke, box)
            for stroke, box in zip(strokes, boxes, strict=True)
            if box.height >= TALL_SHARE * self.usual > 0
        ]
        self._numbers = {stroke: number for number, (stroke, _) in enumerate(tall)}
        self._edges = np.array([(b.x, b.y, b.right, b.bottom) for _, b in tall]).reshape(-1, 4)

    def weighed(self, prediction: Prediction, members: Sequence[Stroke]) -> Probabilities:
        """The joint probabilities of what strokes of the drawing are, by where they stand, too."""
        line = self._line_of(members)
        if line is None or prediction.label is None:
            return prediction.joint
        base, height = line
        box = bounds(members)
        return weighed(prediction, box.side / height, (base - box.middle[1]) / height)

    def _line_of(self, members: Sequence[Stroke]) -> tuple[float, float] | None:
        """The base line that strokes stand on, and the height of their line; None without one."""
        own = [self._numbers[stroke] for stroke in members if stroke in self._numbers]
        x, y = bounds(members).middle
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


def weighed(prediction: Prediction, side: float, middle: float) -> Probabilities:
    """The joint probabilities for a longer side and a height of the middle, in heights."""
    labels, joint = prediction.labels, prediction.joint
    if {".", "·"} <= set(labels):
        dots = [labels.index("."), labels.index("·")]
        joint[dots] = joint[dots].sum()
    joint *= np.array([_likelihood(label, side, middle) for label in labels], dtype=np.float32)
    return np.asarray(joint / (joint.sum() + prediction.other), dtype=np.float32)


def _likelihood(label: str, side: float, middle: float) -> float:
    """How likely it is for the character to be so large and so high, 1 at its usual place."""
    if label not in PLACES:
        return 1.0
    sides, middles = PLACES[label]
    off = _beyond(side, sides) / SIDE_DEVIATION, _beyond(middle, middles) / MIDDLE_DEVIATION
    return max(float(np.exp(-(off[0] ** 2 + off[1] ** 2) / 2)), MIN_LIKELIHOOD)


def _beyond(value: float, limits: tuple[float, float]) -> float:
    return max(limits[0] - value, value - limits[1], 0.0)
