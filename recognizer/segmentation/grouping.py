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
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points, evenly, nearest
from recognizer.model.card import GroupingCosts
from recognizer.segmentation.partition import Group, cheapest_groups
from recognizer.strokes import Cache, Stroke, bounds

Strokes = tuple[Stroke, ...]
Numbers = NDArray[np.intp]
Floats = NDArray[np.float64]

MAX_GAP_SHARE, MAX_SIGN_GAP_SHARE = 0.35, 0.85
"""Neighbours in a character are no further apart than this share of the larger one's size, or
with signs than the second: the dots of a colon have room between them."""
MAX_LINK_COST_NATS = 0.0
"""Nor does it cost more than this to join them."""
MAX_LINKS, MAX_NEAR = 8, 24
"""A stroke that may be joined with more than so many others is part of a scribble; two that have
more than the second around them are as far apart as their boxes, which is sooner told."""
CROSSING_SHARE = 0.2
"""Strokes whose middles are nearer to each other, as a share of the larger one's size, cross."""
MIN_SIZE = 1e-9
"""Stands for the size of dots and the height of level lines, which have none."""
SAMPLED_POINTS = 24
"""Points of a stroke that stand for it when distances are measured."""
MAX_STROKES = 4
"""More strokes than these make no character, a scribble counting as one."""
MAX_HEIGHT_SHARE = 2.2
"""No character of several strokes is taller, in heights of the usual stroke around it."""
MAX_WIDTH_SHARE = 1.5
"""Nor is it wider than this, in its own height, or that of the usual stroke if it is lower."""
USUAL_QUANTILE, HEIGHT_STEP = 0.75, 1.1
"""The usual stroke is higher than this share of them; the others are bars and dots. Its height is
a power of the second."""
DOT_SHARE, STRAY_GAP_SHARE = 0.3, 0.03
"""A stroke smaller than the first share of its character's size is a dot; one that is further than
the second from all others stands apart."""
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
    if not strokes:
        return []
    units, joins, linked = _units(strokes, costs, cache, usual)
    around = usual or _height_around(_edges(units))
    found: list[Strokes] = []
    for numbers in _connected(linked):
        members = [units[number] for number in numbers]
        if len(members) == 1:
            found.append(members[0].strokes)
            continue
        height = usual or max(around, _usual_height(_edges(members)))

        def shared(numbers: list[int] = numbers, height: float = height) -> list[Strokes]:
            square = np.ix_(numbers, numbers)
            members = [units[number] for number in numbers]
            cluster = Cluster(members, _edges(members), joins[square], linked[square])
            return _ClusterGrouping(cluster, confidence, costs, guess, cache, height).characters()

        key = ("characters", tuple(unit.strokes for unit in members), height)
        found += cache.get_or_make(key, shared)
    return found


def _usual_height(edges: Floats) -> float:
    """How high the usual stroke is, in steps, so that it seldom changes while somebody draws."""
    heights = np.sort(edges[:, 3] - edges[:, 1])
    height = max(float(heights[int(USUAL_QUANTILE * len(heights))]), MIN_SIZE)
    return HEIGHT_STEP ** round(math.log(height, HEIGHT_STEP))


def _height_around(edges: Floats) -> float:
    """The same of a drawing; all of it if its strokes only stand above each other, as an 8's."""
    left, top, right, bottom = edges.T
    if left.max() < right.min():
        return float(bottom.max() - top.min())
    return _usual_height(edges)


def has_stray_dot(strokes: Strokes) -> bool:
    """Whether one of a character's strokes is a dot that stands apart, and so may be a sign."""
    side = bounds(strokes).side if strokes else 0.0
    for dot in strokes:
        room = dot.box.grown(STRAY_GAP_SHARE * side)
        others = [each.box for each in strokes if each is not dot]
        if dot.box.side < DOT_SHARE * side and not any(map(room.meets, others)):
            return True
    return False


def _units(
    strokes: Sequence[Stroke], costs: GroupingCosts, cache: Cache, usual: float | None
) -> tuple[list[StrokeUnit], Floats, NDArray[np.bool_]]:
    """All units, what it costs to join each two, and whether they may be neighbours in one."""
    units = [cache.get_or_make(stroke, partial(_unit, (stroke,))) for stroke in strokes]
    units.sort(key=lambda unit: unit.edges)
    joins, linked = _joins(units, costs, cache, usual)
    crowded = linked.sum(axis=1) > MAX_LINKS
    if crowded.any():
        units = _with_scribbles(units, linked, crowded, cache)
        joins, linked = _joins(units, costs, cache, usual)
    return units, joins, linked


def _unit(strokes: Strokes) -> StrokeUnit:
    box = bounds(strokes)
    points = np.concatenate([evenly(stroke.points, SAMPLED_POINTS) for stroke in strokes])
    return StrokeUnit(strokes, (box.x, box.y, box.right, box.bottom), points)


def _edges(units: Sequence[StrokeUnit]) -> Floats:
    return np.array([unit.edges for unit in units]).reshape(-1, 4)


def _with_scribbles(
    units: list[StrokeUnit], linked: NDArray[np.bool_], crowded: NDArray[np.bool_], cache: Cache
) -> list[StrokeUnit]:
    """The same with crowded strokes made one where they meet, since ways to part them abound."""
    changed = [unit for unit, in_crowd in zip(units, crowded, strict=True) if not in_crowd]
    members = np.flatnonzero(crowded)
    for crowd in _connected(linked[np.ix_(members, members)]):
        strokes = sum((units[number].strokes for number in members[crowd]), ())
        changed.append(cache.get_or_make(("scribble", strokes), partial(_unit, strokes)))
    return sorted(changed, key=lambda unit: unit.edges)


def _connected(linked: NDArray[np.bool_]) -> Iterator[list[int]]:
    """The connected parts of a graph (n, n), each as the numbers of its nodes, ascending."""
    others: list[list[int]] = [[] for _ in linked]
    for one, other in np.argwhere(linked).tolist():
        others[one].append(other)
    reached: set[int] = set()
    for first in range(len(linked)):
        if first in reached:
            continue
        inside, left = {first}, [first]
        while left:
            new = [other for other in others[left.pop()] if other not in inside]
            inside.update(new)
            left += new
        reached |= inside
        yield sorted(inside)


def _joins(
    units: list[StrokeUnit], costs: GroupingCosts, cache: Cache, usual: float | None
) -> tuple[Floats, NDArray[np.bool_]]:
    """What it costs to join each two units, (n, n), and whether they may be neighbours in one."""
    left, top, right, bottom = _edges(units).T
    sides = np.maximum(right - left, bottom - top)
    size = np.maximum(np.maximum(sides[:, None], sides), usual or MIN_SIZE)
    gap_share = MAX_GAP_SHARE if usual is None else MAX_SIGN_GAP_SHARE
    beside = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    above = np.maximum(top[:, None], top) - np.minimum(bottom[:, None], bottom)
    apart = np.maximum(np.maximum(beside, above), 0.0)
    near = apart <= gap_share * size
    crowded = near.sum(axis=1) > MAX_NEAR
    near &= ~(crowded[:, None] & crowded)
    for a, b in np.argwhere(np.triu(near, 1)).tolist():
        first, second = units[a], units[b]
        measure = partial(nearest, first.points, second.points)
        apart[a, b] = apart[b, a] = cache.get_or_make((first.strokes, second.strokes), measure)
    off = np.abs((left + right)[:, None] - (left + right)) / 2
    joins = costs.join + (costs.apart * apart + costs.beside * beside + costs.off * off) / size
    joins += costs.above * _steepness(
        off, np.abs((top + bottom)[:, None] - (top + bottom)) / 2, size
    )
    linked = (apart <= gap_share * size) & (joins <= MAX_LINK_COST_NATS)
    np.fill_diagonal(linked, False)
    return joins, linked


def _steepness(off: Floats, over: Floats, size: Floats) -> Floats:
    """How much one stands above the other: 1 if it does exactly or they cross, 0 from 45° on."""
    slope = off / np.maximum(over, CROSSING_SHARE * size)
    return np.asarray(np.clip(1 - slope, 0, 1))


@dataclass(frozen=True, eq=False)
class _ClusterGrouping:
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
