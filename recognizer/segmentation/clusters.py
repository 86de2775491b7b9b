"""Strokes that are near each other to characters: the cheapest way to share them.

All ways are weighed against each other by what they cost, see `grouping.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points
from recognizer.model.card import GroupingCosts
from recognizer.segmentation.partition import Group, cheapest_groups
from recognizer.strokes import Cache, Stroke

Strokes = tuple[Stroke, ...]
Numbers = NDArray[np.intp]
Floats = NDArray[np.float64]

MAX_STROKES = 4
"""More strokes than these make no character, a scribble counting as one."""
MAX_HEIGHT_SHARE = 2.2
"""No character of several strokes is taller, in heights of the usual stroke around it."""
MAX_WIDTH_SHARE = 1.5
"""Nor is it wider than this, in its own height, or that of the usual stroke if it is lower."""
MAX_ROUNDS = 12
"""Groups are read in so many rounds at most; numbers take half of them."""


@dataclass(frozen=True, eq=False)
class StrokeUnit:
    """What is never parted, a stroke or a scribble: its edges and points along it (n, 2)."""

    strokes: Strokes
    edges: tuple[float, float, float, float]
    points: Points


@dataclass(frozen=True, eq=False)
class Cluster:
    """Units of one character or more that are near each other.

    edges: (n, 4), left, top, right and bottom; joins: (n, n), what it costs to join two units;
    linked: (n, n), whether they may be neighbours in one character.
    """

    units: list[StrokeUnit]
    edges: Floats
    joins: Floats
    linked: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ClusterGrouping:
    """The ways to share the strokes of a cluster among characters.

    usual: the height of the usual stroke around, and in it.
    """

    cluster: Cluster
    confidence: Callable[[Strokes], float]
    costs: GroupingCosts
    guess: float
    cache: Cache
    usual: float

    def characters(self) -> list[Strokes]:
        """The strokes of each character, by the cheapest way.

        What a group's shape costs is known at once, while reading it takes time. So the cheapest
        groups are found as if all unread ones read well; those of them that are unread are then
        read, until there are none.
        """
        count = len(self.cluster.units)
        prices = self._shape_costs()
        members = {g: sum((self.cluster.units[n].strokes for n in g), ()) for g in prices}
        unread = set(prices)

        def read(group: Group, uncertainty: float) -> None:
            prices[group] += uncertainty
            unread.remove(group)

        for group in prices:
            uncertainty = self.cache.get(("uncertainty", members[group]))
            if uncertainty is not None:
                read(group, uncertainty)
        for _ in range(MAX_ROUNDS):
            groups = cheapest_groups(count, _worth_it(prices, unread))
            if unread.isdisjoint(groups):
                break
            for group in unread.intersection(groups):
                ask = partial(self._uncertainty, members[group])
                read(group, self.cache.get_or_make(("uncertainty", members[group]), ask))
        else:
            known = {g: price for g, price in prices.items() if len(g) == 1 or g not in unread}
            groups = cheapest_groups(count, known)
        return [members[group] for group in groups]

    def _uncertainty(self, strokes: Strokes) -> float:
        """What a reading costs: 0 if it is certain, more for a shade less, most for a guess."""
        sure = min(max(self.confidence(strokes), self.guess), 1.0)
        least = self.costs.min_uncertainty
        return math.log((1 - sure + least) / least) - self.costs.wrong * math.log(sure)

    def _shape_costs(self) -> dict[Group, float]:
        """All groups of strokes that may make a character, and what their shapes cost."""
        edges = self.cluster.edges
        groups = np.arange(len(edges))[:, None]
        prices: dict[Group, float] = {}
        for _ in range(min(MAX_STROKES, len(edges))):
            shape = self._proportions(_around(edges[groups]))
            shape += _join_costs(groups, self.cluster.joins)
            prices |= zip(map(tuple, groups.tolist()), shape.tolist(), strict=True)
            groups = _one_more(groups, self.cluster, self.usual)
        return prices

    def _proportions(self, edges: Floats) -> Floats:
        """What it costs to be much smaller or taller than the usual stroke around."""
        left, top, right, bottom = edges.T / self.usual
        side = np.maximum(right - left, bottom - top)
        small, tall = self.costs.small_below - side, bottom - top - self.costs.tall_above
        return np.asarray(
            self.costs.small * np.maximum(small, 0) + self.costs.tall * np.maximum(tall, 0)
        )


def _worth_it(prices: Mapping[Group, float], unread: Set[Group]) -> dict[Group, float]:
    """Without the groups that cost more than their strokes do as a character each."""
    alone = [
        math.inf if group in unread else price for group, price in prices.items() if len(group) == 1
    ]
    return {
        group: price
        for group, price in prices.items()
        if len(group) == 1 or price < sum(alone[number] for number in group)
    }


def _one_more(groups: Numbers, cluster: Cluster, usual: float) -> Numbers:
    """The groups with one more stroke, (n, k + 1), as long as they are not too large."""
    near = np.asarray(cluster.linked[groups].any(axis=1))
    np.put_along_axis(near, groups, False, axis=1)
    which, others = np.nonzero(near)
    larger = np.sort(np.column_stack([groups[which], others]), axis=1)
    # Each group once, whichever of its strokes came last.
    names = larger @ (len(cluster.units) ** np.arange(larger.shape[1]))
    larger = larger[np.unique(names, return_index=True)[1]]
    left, top, right, bottom = _around(cluster.edges[larger]).T
    height, width = bottom - top, right - left
    low_enough = height <= MAX_HEIGHT_SHARE * usual
    narrow_enough = width <= MAX_WIDTH_SHARE * np.maximum(height, usual)
    return np.asarray(larger[low_enough & narrow_enough], dtype=np.intp)


def _around(edges: Floats) -> Floats:
    """The edges (n, 4) of what lies around the strokes with edges (n, k, 4)."""
    return np.concatenate([edges[..., :2].min(axis=1), edges[..., 2:].max(axis=1)], axis=1)


def _join_costs(groups: Numbers, joins: Floats) -> Floats:
    """What it costs to join a group's strokes: the mean of its pairs, for each but the first."""
    size = groups.shape[1]
    pairs = list(combinations(range(size), 2))
    total = sum((joins[groups[:, a], groups[:, b]] for a, b in pairs), np.zeros(len(groups)))
    return np.asarray(total * (size - 1) / max(len(pairs), 1))
