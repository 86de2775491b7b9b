"""Strokes to characters: which strokes make one character, by where they lie and how it reads.

A digit may be drawn in several strokes, at any time: the bar of a 7 may come after the next
digit. All ways to share the strokes among characters are weighed against each other by what
they cost, and a character costs the more the less certain its reading is, the less its strokes
belong together, and the more it is out of proportion.

Costs are in nats, as the logarithm of the network's uncertainty is. They belong to the network
and are in its card.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recognizer.model.card import GroupingCosts
from recognizer.segmentation.clusters import MIN_SIZE, Cluster, Floats, Strokes, clusters
from recognizer.strokes import Cache, Stroke

Group = tuple[int, ...]
"""Numbers of the parts that make one character, ascending."""
Numbers = NDArray[np.intp]

MAX_STROKES = 4
"""More strokes than these make no character, a scribble counting as one."""
MAX_HEIGHT_SHARE = 2.2
"""No character of several strokes is taller, in heights of the usual stroke around it."""
MAX_WIDTH_SHARE = 1.5
"""Nor is it wider than this, in its own height, or that of the usual stroke if it is lower."""
USUAL_QUANTILE = 0.75
"""The usual stroke around is higher than this share of them; the others are bars and dots."""
MAX_OPEN_SETS = 64
"""So many sets of parts are followed at a time; numbers need less, a scribble may have more."""
MAX_ROUNDS = 12
"""Groups are read in so many rounds at most; numbers take half of them."""


def characters(
    strokes: Sequence[Stroke],
    confidence: Callable[[Strokes], float],
    costs: GroupingCosts,
    guess: float,
    cache: Cache,
    usual: float | None = None,
) -> list[Strokes]:
    """Share the strokes of a drawing among characters.

    confidence: the probability of what strokes are read as when they are one character; asked
    for no more groups than it takes. guess: the least that it can be where something was read.
    usual: the size of the usual stroke where dots and bars, whose own tells nothing, make signs.
    Returns the strokes of each character, in no order.
    """
    found: list[Strokes] = []
    for cluster in clusters(strokes, costs, cache, usual):
        grouping = _ClusterGrouping(cluster, confidence, costs, guess, cache, usual)
        key = tuple(unit.strokes for unit in cluster.units)
        found += cache.get_or_make(("characters", key), grouping.characters)
    return found


@dataclass(frozen=True, eq=False)
class _ClusterGrouping:
    """The ways to share the strokes of a cluster among characters."""

    cluster: Cluster
    confidence: Callable[[Strokes], float]
    costs: GroupingCosts
    guess: float
    cache: Cache
    usual: float | None

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
        heights = np.sort(edges[:, 3] - edges[:, 1])
        usual = self.usual or max(float(heights[int(USUAL_QUANTILE * len(heights))]), MIN_SIZE)
        groups = np.arange(len(edges))[:, None]
        prices: dict[Group, float] = {}
        for _ in range(min(MAX_STROKES, len(edges))):
            shape = self._proportions(_around(edges[groups]), usual)
            shape += _join_costs(groups, self.cluster.joins)
            prices |= zip(map(tuple, groups.tolist()), shape.tolist(), strict=True)
            groups = _one_more(groups, self.cluster, usual)
        return prices

    def _proportions(self, edges: Floats, usual: float) -> Floats:
        """What it costs to be much smaller or taller than the usual stroke around."""
        left, top, right, bottom = edges.T / usual
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


def cheapest_groups(count: int, costs: Mapping[Group, float]) -> list[Group]:
    """Put every part into exactly one group, at the least sum of costs.

    count: number of parts, numbered 0, 1, … in the order in which they are read.
    costs: what each group that may be made costs; for a line that is only cut into segments,
    the groups are tuple(range(first, last + 1)), for others they may leave parts out.
    Returns the groups by their first parts. Raises ValueError if no groups hold them all;
    that cannot happen where every part may be a group of its own.

    The first part that is in no group yet opens the next one, so what is best for the
    parts left depends on which are left and on nothing else: dynamic programming over
    those sets, which for segments of a line are as many as segments (Bellman: Dynamic
    programming, 1957).
    """
    opened: dict[int, list[tuple[int, float, Group]]] = defaultdict(list)
    for group, cost in costs.items():
        opened[group[0]].append((_as_bits(group), cost, group))
    # For every set of parts in groups: its cost, the set before, and the group added to that.
    best: dict[int, tuple[float, int, Group]] = {0: (0.0, 0, ())}
    open_sets: dict[int, set[int]] = defaultdict(set, {0: {0}})
    for part in range(count):
        sets = open_sets.pop(part, set())
        for taken in sorted(sets, key=lambda taken: best[taken][0])[:MAX_OPEN_SETS]:
            for members, cost, group in opened[part]:
                if members & taken:
                    continue
                total, joined = best[taken][0] + cost, taken | members
                if total < best.get(joined, (math.inf,))[0]:
                    best[joined] = (total, taken, group)
                    open_sets[_first_free(joined)].add(joined)
    return _traced(best, (1 << count) - 1)


def _as_bits(group: Group) -> int:
    """The group as a set: a bit for each of its parts."""
    members = 0
    for part in group:
        members |= 1 << part
    return members


def _first_free(taken: int) -> int:
    return (~taken & (taken + 1)).bit_length() - 1


def _traced(best: Mapping[int, tuple[float, int, Group]], taken: int) -> list[Group]:
    if taken not in best:
        raise ValueError("the groups that may be made do not hold all parts")
    groups: list[Group] = []
    while taken:
        _, taken, group = best[taken]
        groups.append(group)
    return groups[::-1]
