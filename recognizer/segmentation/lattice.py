"""Lines of ink to characters: components and their segments, put together as they read best.

What a character costs belongs to the network and is in its card: the weights of `FEATURES`, and
what leaving dirt out costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from recognizer import glyph
from recognizer.geometry import Box, union
from recognizer.images.lines import DIRT_PENS, Component, TextLine, components
from recognizer.model import Probabilities
from recognizer.model.card import FEATURES as FEATURES
from recognizer.model.card import LatticeCosts
from recognizer.segmentation.cuts import Cut, Segment, cuts, ink_of, segments
from recognizer.segmentation.partition import Group, cheapest_groups
from recognizer.segmentation.places import LinePlaces

Predict = Callable[[NDArray[np.uint8]], Probabilities]

MAX_SETTLED_HEIGHTS = 1.0
"""A component that is read surely is a character, unless it is so many heights wide."""
OVERLAP_SHARE = 0.3
"""Components one above the other over this share of the narrower one may be one character."""
MIN_CHARACTER_HEIGHTS = 0.45
"""What is lower than so many heights of its line is part of a character, or dirt."""
MIN_CUT_HEIGHTS = 0.3
"""Components as wide as so many heights of their line may be several characters."""
MAX_WIDTH_HEIGHTS = 1.5
"""A character of several segments is at most so many heights of its line wide."""
MAX_GAP_HEIGHTS = 0.25
"""Segments of a character have at most so many heights of paper between them."""
LOW_HEIGHTS, NARROW_HEIGHTS = 0.9, 0.3
"""What is less high or less wide than so many heights of its line is low or narrow."""
MAX_SEGMENTS = 10
GROWTHS_PENS = (0.0, 0.75, 1.5)
"""How far beyond a cut ink may belong to the characters on both sides, in pens."""
SIZE_FEATURES = [FEATURES.index("low"), FEATURES.index("narrow")]
"""What tells nothing against a sign that is small."""
LOW_FEATURES = [*SIZE_FEATURES, FEATURES.index("rest")]
"""Nor does it tell for dots and bars that each is read surely: they may make one sign."""
MIN_UNCERTAINTY = 1e-4
"""The network's confidence is not trusted any further."""


@dataclass(frozen=True, eq=False)
class Character:
    """A character found in a line: its ink there, its glyph, and what that was read as."""

    ink: Component
    glyph: glyph.Glyph
    probabilities: Probabilities


@dataclass(frozen=True, eq=False)
class Candidate:
    """Segments of a line that may be a character: their numbers, their box, and the ink.

    inks: with more and more of what lies beyond the cuts. cuts: those at the ends. In pixels
    of the line.
    """

    group: Group
    box: Box
    inks: Sequence[Component]
    cuts: Sequence[Cut]


def weights_of(weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Weights by name in the order of `FEATURES`."""
    return np.array([weights[name] for name in FEATURES])


def read(
    line: TextLine, predict: Predict, costs: LatticeCosts, places: LinePlaces | None = None
) -> list[Character]:
    """The characters of a line, from left to right.

    predict: probabilities (n, number of labels) of glyphs (n, 28, 28). places: of the labels on
    the line, if it counts where a character stands.
    """
    found = components(line.ink, glyph.pen_width(line.ink))
    wholes = _read_components(found, predict)
    signs = None if places is None else _Signs(places, line.height, _base(found, line.height))
    settled = [
        whole.probabilities.max() >= costs.settled_confidence
        and _stands_alone(whole.ink, found, line.height)
        for whole in wholes
    ]
    characters: list[Character] = []
    for known, run in groupby(range(len(found)), lambda number: settled[number]):
        numbers = list(run)
        if known:
            characters += [wholes[number] for number in numbers]
        else:
            parts = [found[number] for number in numbers]
            characters += _unsettled(parts, line, predict, costs, signs)
    return characters


@dataclass(frozen=True)
class _Signs:
    """Where characters stand on a line with signs; its height, and its base line from the top."""

    places: LinePlaces
    height: float
    base: float

    def weighed(self, probabilities: Probabilities, box: Box) -> Probabilities:
        middle = (self.base - box.middle[1]) / self.height
        return self.places.weighed(probabilities, box.side / self.height, middle)


def _base(found: Sequence[Component], height: float) -> float:
    """The base line, as the tall components show it."""
    boxes = [part.box for part in found]
    tall = [box for box in boxes if box.height >= MIN_CHARACTER_HEIGHTS * height] or boxes
    return float(np.median([box.bottom for box in tall]))


def _read_components(inks: Sequence[Component], predict: Predict) -> list[Character]:
    glyphs = np.stack([glyph.normalize(part.ink) for part in inks])
    return [Character(*each) for each in zip(inks, glyphs, predict(glyphs), strict=True)]


def _stands_alone(ink: Component, found: Sequence[Component], height: float) -> bool:
    """Whether a component has a character's size, and no other above or below it."""
    box = ink.box
    if box.width > MAX_SETTLED_HEIGHTS * height or box.height < MIN_CHARACTER_HEIGHTS * height:
        return False
    return not any(
        min(box.right, other.right) - max(box.x, other.x)
        > OVERLAP_SHARE * min(box.width, other.width)
        for other in (part.box for part in found if part is not ink)
    )


def _unsettled(
    found: Sequence[Component],
    line: TextLine,
    predict: Predict,
    costs: LatticeCosts,
    signs: _Signs | None,
) -> list[Character]:
    """The characters in components that are several, or parts of one, or none."""
    parts, possible = candidates(found, line)
    weights = weights_of(costs.weights)
    every = iter(
        _read_components([ink for candidate in possible for ink in candidate.inks], predict)
    )
    prices: dict[Group, float] = {}
    best: dict[Group, Character | None] = {}
    for candidate in possible:
        seen = [next(every) for _ in candidate.inks]
        if signs is not None:
            seen = [
                replace(one, probabilities=signs.weighed(one.probabilities, candidate.box))
                for one in seen
            ]
        probabilities = np.stack([one.probabilities for one in seen])
        label, confidence = agreed(probabilities)
        views = probabilities[:, label]
        values = features(candidate, float(views.max()), confidence, line.height)
        if signs is not None and label in signs.places.small:
            values[LOW_FEATURES if label in signs.places.low else SIZE_FEATURES] = 0
        prices[candidate.group] = float(values @ weights)
        best[candidate.group] = seen[views.argmax()]
    # What is lower may be a dot or a bar, where these are asked for.
    lowest = MIN_CHARACTER_HEIGHTS * line.height
    if signs is not None:
        lowest = DIRT_PENS * glyph.pen_width(line.ink)
    for number, price in _dirt(parts, line.height, costs.dirt, lowest):
        if price < prices[number,]:
            prices[number,], best[number,] = price, None
    chosen = (best[group] for group in cheapest_groups(len(parts), prices))
    return [character for character in chosen if character is not None]


def candidates(found: Sequence[Component], line: TextLine) -> tuple[list[Segment], list[Candidate]]:
    """The segments that components of a line are cut into, and all that may be a character."""
    pen = glyph.pen_width(line.ink)
    parts = [part for ink in found for part in segments(ink, _cuts(ink, line.height, pen))]
    return parts, list(_candidates(parts, line.height, pen))


def agreed(probabilities: Probabilities) -> tuple[int, float]:
    """The number of the label that several inks (n, labels) name together, and how surely.

    That is by their geometric mean.
    """
    least = np.maximum(probabilities.astype(np.float64), MIN_UNCERTAINTY / 100)
    product = np.exp(np.log(least).mean(axis=0))
    label = int(product.argmax())
    return label, float(product[label] / product.sum())


def _cuts(component: Component, height: float, pen: float) -> list[Cut]:
    down, across = component.ink.shape
    high, wide = down >= MIN_CHARACTER_HEIGHTS * height, across >= MIN_CUT_HEIGHTS * height
    return cuts(component.ink, pen) if high and wide else []


def _candidates(parts: Sequence[Segment], height: float, pen: float) -> Iterator[Candidate]:
    for first in range(len(parts)):
        for last in range(first, min(first + MAX_SEGMENTS, len(parts))):
            run = parts[first : last + 1]
            box = union(part.box for part in run)
            most_wide, most_apart = MAX_WIDTH_HEIGHTS * height, MAX_GAP_HEIGHTS * height
            if last > first and (box.width > most_wide or _gap(run) > most_apart):
                break
            ends = [cut for cut in (run[0].begin, run[-1].end) if cut is not None]
            growths = GROWTHS_PENS if ends else GROWTHS_PENS[:1]
            inks = [ink_of(run, growth * pen) for growth in growths]
            yield Candidate(tuple(range(first, last + 1)), box, inks, ends)


def _gap(run: Sequence[Segment]) -> float:
    """The blank between segments, across."""
    right, gap = run[0].box.right, 0.0
    for part in run[1:]:
        gap += max(0.0, part.box.x - right)
        right = max(right, part.box.right)
    return gap


def _dirt(
    parts: Sequence[Segment], height: float, costs: tuple[float, float], lowest: float
) -> Iterator[tuple[int, float]]:
    """Components that are lower than `lowest`, and what it costs to leave them out."""
    for number, part in enumerate(parts):
        low, wide = part.box.height / height, part.box.width / height
        if part.begin is None and part.end is None and part.box.height < lowest:
            yield number, costs[0] + costs[1] * low * min(1.0, wide)


def features(
    candidate: Candidate, clearest: float, confidence: float, height: float
) -> NDArray[np.float64]:
    """What the cost of a candidate is made of, see `FEATURES`; lengths are in heights.

    clearest, confidence: the probability of what its inks are read as, of the ink that shows it
    best and of all together. If a character was cut badly, one may be clear where others are not.
    """
    uncertainty = -np.log(max(clearest, MIN_UNCERTAINTY))
    wide = candidate.box.width / height
    return np.array(
        [
            1.0,
            uncertainty,
            np.log(1 - confidence + MIN_UNCERTAINTY),
            max(0.0, LOW_HEIGHTS - candidate.box.height / height),
            wide**2,
            max(0.0, NARROW_HEIGHTS - wide),
            uncertainty * wide,
            sum(cut.length for cut in candidate.cuts) / height,
            sum(cut.joint for cut in candidate.cuts) / height,
        ]
    )
