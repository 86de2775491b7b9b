"""Fits to a network what its certainty counts for when strokes are shared among characters.

What the shape of a group of strokes costs is the same for every network, how certain a network is
of a digit and of half of one is not. So three of the costs are sought on a grid: those that make
most numbers of training writers fall into the characters that they were made of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from recognizer.labels import label_set
from recognizer.model import Network, Probabilities, answered, as_images, with_directions
from recognizer.model.card import MODEL_FILE, GroupingCosts
from recognizer.processes import in_parallel
from recognizer.segmentation.grouping import Strokes, characters
from recognizer.strokes import Cache
from recognizer.training import LABELS, made_numbers

GRID: Mapping[str, tuple[float, ...]] = {
    "join": (-3.3, -2.4, -1.85),
    "min_uncertainty": (0.003, 0.01, 0.03, 0.1),
    "wrong": (1.25, 2.5, 5.0),
}
"""What is tried of each cost, in nats but for the second, a probability."""
COSTS = [dict(zip(GRID, values, strict=True)) for values in product(*GRID.values())]
GAP_SHARES = (-0.1, 0.35)
"""Gaps between the middles of two digits' lines, in heights."""
STROKES_SEED, CHUNK_NUMBERS = 13, 8
NUMBERS_SHARE = 0.5
"""Of the numbers that lines are fitted to, so many do for strokes, which have fewer costs."""


class DigitNetwork:
    """Reads digits with the network in a LiteRT file's content."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    @cached_property
    def _network(self) -> Network:
        """Made in each process, for it cannot be sent to one."""
        with suppress_stderr():
            return Network(self._content, Path(MODEL_FILE))

    def predict(
        self, glyphs: NDArray[np.uint8], ways: NDArray[np.uint8] | None = None
    ) -> Probabilities:
        """Probabilities of the digits, (n, digits); ways: the pen's (n, 28, 28, 4), if known."""
        images = as_images(glyphs)
        if self._network.channels > 1:
            images = with_directions(images, ways)
        known = LABELS[: self._network.count]
        return answered(self._network.run(images), known, label_set("digits"))

    def confidence(self, strokes: Strokes, area: tuple[float, float]) -> float:
        """How likely the likeliest digit is, of strokes on a writing area."""
        drawn = ink.render_with_directions(strokes, area)
        picture, ways = glyph.normalize_with_directions(*drawn)
        return float(self.predict(picture[None], ways[None]).max()) if picture.any() else 0.0


class GroupingJudge:
    """Tells for which of COSTS a number's strokes are shared among its digits as they were."""

    def __init__(self, content: bytes, plain: GroupingCosts) -> None:
        self._network, self._plain = DigitNetwork(content), plain

    def judge(self, number: made_numbers.WrittenNumber) -> NDArray[np.bool_]:
        """For each of them, (c,)."""
        rng = np.random.default_rng(number.seed)
        digits, area = made_numbers.side_by_side(number.digits, rng, GAP_SHARES)
        strokes = tuple(stroke for digit in digits for stroke in digit)
        expected = {frozenset(map(id, digit)) for digit in digits}
        known: dict[Strokes, float] = {}

        def confidence(group: Strokes) -> float:
            if group not in known:
                known[group] = self._network.confidence(group, area)
            return known[group]

        def is_right(costs: dict[str, float]) -> bool:
            found = characters(strokes, confidence, replace(self._plain, **costs), 0.1, Cache())
            return {frozenset(map(id, group)) for group in found} == expected

        return np.array([is_right(costs) for costs in COSTS])


def fitted_stroke_costs(
    content: bytes, drawings: Sequence[Drawing], count: int, plain: Mapping[str, Any]
) -> dict[str, Any]:
    """The costs of strokes, as a card keeps them, for the network in a LiteRT file's content.

    plain: the costs whose others are kept. Fitted to numbers made of the drawings, see `count`
    of `fitted_segmentation`.
    """
    numbers = made_numbers.some_numbers(drawings, round(NUMBERS_SHARE * count), STROKES_SEED)
    judge = GroupingJudge(content, GroupingCosts(**plain)).judge
    right = in_parallel(judge, numbers, "grouping strokes", unit=" numbers", chunk=CHUNK_NUMBERS)
    return {**plain, **best_costs(np.mean(right, axis=0))}


def best_costs(shares: NDArray[np.float64]) -> dict[str, float]:
    """The best of COSTS by the share of numbers that each gets right, (c,).

    Its neighbours on the grid count as much as itself, since a peak of its own is luck.
    """
    around = uniform_filter(
        shares.reshape([len(each) for each in GRID.values()]), 3, mode="nearest"
    )
    return COSTS[int(around.argmax())]
