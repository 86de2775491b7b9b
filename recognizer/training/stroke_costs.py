"""Fits to a network what its certainty counts for when strokes are shared among characters.

What the shape of a group of strokes costs is the same for every network, how certain a network is
of a digit and of half of one is not. So some of the costs are sought on a grid: those that make
most lines of training writers fall into the characters that they were made of.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from recognizer import glyph, ink
from recognizer.console import suppress_stderr
from recognizer.datasets import Drawing
from recognizer.files import SAVED_MODEL
from recognizer.labels import SUMS, Labels, digit_of, known_sets, label_set
from recognizer.model import Network, Probabilities, answered, as_images, with_directions
from recognizer.model.card import MODEL_FILE, GroupingCosts, ModelError, load
from recognizer.processes import in_parallel
from recognizer.segmentation.clusters import Strokes
from recognizer.segmentation.grouping import characters
from recognizer.segmentation.places import LOW_LABELS, LinePlaces, Surroundings
from recognizer.strokes import Cache, bounds
from recognizer.training import LABELS, made_numbers
from recognizer.training.made_sums import WrittenLine, sums

Grid = Mapping[str, tuple[float, ...]]

GRIDS: Mapping[str, Grid] = {
    "digits": {
        "join": (-1.85, -1.6),
        "min_uncertainty": (0.003, 0.01, 0.03, 0.1),
        "wrong": (1.25, 2.5, 5.0),
    },
    "sums": {
        "join": (-2.1, -1.85, -1.6),
        "above": (0.0, -0.5, -1.0),
        "min_uncertainty": (0.003, 0.01, 0.03),
        "wrong": (1.25, 2.5),
    },
}
"""What is tried of each cost for a set of labels, in nats but for `min_uncertainty`, a probability.

Among signs it must gain less to join strokes, since a full stop beside a digit reads well as one.
Among digits it gains no more than that keeps lines of them from hanging together as a whole: a
pen move on such a line has a hundred times as many groups to weigh.
"""
GAP_SHARES = (-0.1, 0.35)
"""Gaps between the middles of two digits' lines, in heights."""
STROKES_SEED, CHUNK_LINES = 13, 8
PLAIN_COSTS: Mapping[str, Any] = {
    "strokes": {cost.name: 1.0 for cost in fields(GroupingCosts)}
    | {"join": -1.0, "min_uncertainty": 0.001, "above": 0.0},
    "fitted_on": "plain costs, since there was no saved model",
}
"""Where no model is saved: all counts the same, and strokes that touch gain as much."""


class CharacterNetwork:
    """Reads characters of a set of labels with the network in a LiteRT file's content."""

    def __init__(self, content: bytes, asked: str = "digits") -> None:
        self._content, self._asked = content, asked

    @cached_property
    def _network(self) -> Network:
        """Made in each process, for it cannot be sent to one."""
        with suppress_stderr():
            return Network(self._content, Path(MODEL_FILE))

    @property
    def _known(self) -> Labels:
        return LABELS[: self._network.count]

    @property
    def knows_asked(self) -> bool:
        """Whether the network knows the set that it is asked for."""
        return self._asked in known_sets(self._known)

    def predict(
        self, glyphs: NDArray[np.uint8], ways: NDArray[np.uint8] | None = None
    ) -> Probabilities:
        """Probabilities of the labels, (n, labels); ways: the pen's (n, 28, 28, 4), if known."""
        images = as_images(glyphs)
        if self._network.channels > 1:
            images = with_directions(images, ways)
        return answered(self._network.run(images), self._known, label_set(self._asked))

    def joint(self, strokes: Strokes, area: tuple[float, float]) -> Probabilities:
        """The same of one drawing on a writing area, (labels,)."""
        drawn = ink.render_with_directions(strokes, area)
        picture, ways = glyph.normalize_with_directions(*drawn)
        return np.asarray(self.predict(picture[None], ways[None])[0])


class GroupingJudge:
    """Tells which costs of a grid share a line's strokes among its characters as they were.

    asked: the name of the set of labels that is read; it has a grid of its own.
    """

    def __init__(self, content: bytes, plain: GroupingCosts, asked: str = "digits") -> None:
        self._network = CharacterNetwork(content, asked)
        self._tried = [replace(plain, **costs) for costs in costs_of(GRIDS[asked])]
        labels = label_set(asked)
        self._guess = 1 / len(labels)
        self._places = None if LOW_LABELS.isdisjoint(labels) else LinePlaces(labels)

    def judge(self, line: WrittenLine) -> NDArray[np.bool_]:
        """For each of them, (c,)."""
        expected = {frozenset(map(id, character)) for character in line.characters}
        seen: dict[Strokes, Probabilities] = {}
        around = (
            None
            if self._places is None
            else Surroundings({stroke: bounds([stroke]) for stroke in line.strokes})
        )

        def confidence(group: Strokes) -> float:
            if group not in seen:
                seen[group] = self._network.joint(group, line.size)
            place = None if around is None else around.place_of(group)
            if self._places is None or place is None:
                return float(seen[group].max())
            return float(self._places.weighed(seen[group], *place).max())

        def is_right(costs: GroupingCosts) -> bool:
            usual = None if around is None else around.usual
            groups = characters(line.strokes, confidence, costs, self._guess, Cache(), usual)
            return {frozenset(map(id, group)) for group in groups} == expected

        return np.array([is_right(costs) for costs in self._tried])


def unfitted_costs(content: bytes = b"") -> dict[str, Any]:
    """The saved model's costs of segmentation, which fit any network well, or plain ones."""
    with contextlib.suppress(ModelError):
        found = load(SAVED_MODEL).content["segmentation"]
        costs = {name: found[name] for name in ("strokes", "signs") if name in found}
        return {**costs, "fitted_on": "taken over from the model that was the saved one"}
    return dict(PLAIN_COSTS)


def fitted_costs(content: bytes, drawings: Sequence[Drawing], count: int) -> dict[str, Any]:
    """The costs of segmentation for a network, as its card keeps them.

    content: of its LiteRT file. They are fitted to `count` numbers made of the drawings, and once
    more to sums, as `signs`, if the network knows them. The costs that are not sought are kept.
    """
    before = unfitted_costs()
    plain = before["strokes"]
    digits = [drawing for drawing in drawings if digit_of(drawing.label) is not None]
    found = {"strokes": _fitted(content, _numbers(digits, count), plain, "digits")}
    fitted_on = f"{count} numbers made of the training writers' digits, apart and touching"
    if CharacterNetwork(content, SUMS).knows_asked:
        writers = len({drawing.writer for drawing in digits})
        lines = [*sums(drawings, math.ceil(count / writers), STROKES_SEED)]
        found["signs"] = _fitted(content, lines, plain, SUMS)
        fitted_on += ", and sums"
    return {**found, "fitted_on": f"{fitted_on}; the others are {before['fitted_on']}"}


def _numbers(digits: Sequence[Drawing], count: int) -> Iterator[WrittenLine]:
    for number in made_numbers.some_numbers(digits, count, STROKES_SEED):
        rng = np.random.default_rng(number.seed)
        yield made_numbers.side_by_side(number.digits, rng, GAP_SHARES)


def _fitted(
    content: bytes, lines: Iterable[WrittenLine], plain: Mapping[str, Any], asked: str
) -> dict[str, Any]:
    judge = GroupingJudge(content, GroupingCosts(**plain), asked).judge
    right = in_parallel(judge, [*lines], "grouping strokes", unit=" lines", chunk=CHUNK_LINES)
    return {**plain, **best_costs(GRIDS[asked], np.mean(right, axis=0))}


def costs_of(grid: Grid) -> list[dict[str, float]]:
    """The costs that are tried, (c,)."""
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def best_costs(grid: Grid, shares: NDArray[np.float64]) -> dict[str, float]:
    """The best costs of a grid by the share of lines that each gets right, (c,).

    Its neighbours on the grid count as much as itself, since a peak of its own is luck.
    """
    around = uniform_filter(
        shares.reshape([len(each) for each in grid.values()]), 3, mode="nearest"
    )
    return costs_of(grid)[int(around.argmax())]
