"""Strokes to digits: which strokes make one digit, by where they lie and how well it reads.

A digit may be drawn in several strokes, at any time: the bar of a 7 may come after the next
digit. All ways to share the strokes among digits are weighed against each other by what
they cost, and a digit costs the more the less the network is sure of it, the less its strokes
belong together, and the more it is out of proportion.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recognizer.layout import Group, cheapest_groups
from recognizer.memory import Memory
from recognizer.strokes import Box, Points, Stroke, bounds

Strokes = tuple[Stroke, ...]
Numbers = NDArray[np.intp]

MOST_STROKES = 4
"""More strokes than these make no digit."""
NEAR = 0.35
"""Neighbours in a digit are no further apart than this share of the larger one's size."""
LINKING = 0.0
"""Nor does it cost more than this to join them."""
TALLEST = 2.2
"""No digit of several strokes is taller than this, in heights of the usual stroke around it."""
WIDEST = 1.5
"""Nor is it wider than this, in its own height, or that of the usual stroke if it is lower."""

# Costs are in nats, as the logarithm of the network's doubt is. They were fitted to numbers
# made of the training writers' digits, touching, uneven and in two lines; a fifth more or
# less of any of them changes the reading of at most one number in a hundred.
_LEAST_DOUBT, _WRONG = 1e-3, 1.25
"""Doubt less than this counts as none, and the weight of the reading being wrong beside doubt."""
_JOIN, _APART, _BESIDE, _OFF = -1.85, 2.35, 3.55, 1.85
"""Joining two strokes: always, and for each of their sizes that they are apart, that one stands
to the right of the other (less if they overlap), and that their middles are off sideways."""
_SMALL, _SMALL_BELOW = 2.4, 0.6
_TALL, _TALL_ABOVE = 3.0, 1.2
"""For each height of the usual stroke that a digit is smaller, or taller, than so many of them."""

_LEAST_SIZE = 1e-9
"""Stands for the size of dots and the height of level lines, which have none."""
_SAMPLES = 24
"""Points of a stroke that stand for it when distances are measured."""
_USUAL = 0.75
"""The usual stroke around is higher than this share of them; the others are bars and dots."""
_MANY = 400
"""With so many groups to weigh, none of more strokes are looked for: it is a scribble."""


@dataclass(frozen=True, eq=False)
class _Shape:
    """Where a stroke lies: its box, and points along it (n, 2)."""

    stroke: Stroke
    box: Box
    points: Points


@dataclass(frozen=True, eq=False)
class _Cluster:
    """Strokes of one digit or more that are near each other.

    boxes: (n, 4); joins: (n, n), what it costs to join two strokes; linked: (n, n), whether
    they may be neighbours in one digit.
    """

    strokes: Strokes
    boxes: NDArray[np.float64]
    joins: NDArray[np.float64]
    linked: NDArray[np.bool_]


def digits(
    strokes: Sequence[Stroke], confidence: Callable[[Strokes], float], memory: Memory
) -> list[Strokes]:
    """Share the strokes of a drawing among digits.

    confidence: the probability of what strokes are read as when they are one digit; asked
    for no more groups than it takes. Returns the strokes of each digit, in no order.
    """
    shapes = [memory.once(stroke, partial(_shape, stroke)) for stroke in strokes]
    shapes.sort(key=lambda shape: shape.box)
    found: list[Strokes] = []
    for cluster in _clusters(shapes, memory):
        share_out = partial(_shared_out, cluster, confidence, memory)
        found += memory.once(("digits", cluster.strokes), share_out)
    return found


def _shape(stroke: Stroke) -> _Shape:
    box = bounds([stroke])
    assert box is not None
    return _Shape(stroke, box, _sampled(stroke.points))


def _sampled(points: Points) -> Points:
    """Points at equal distances along the line."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, along[-1], _SAMPLES)
    return np.stack([np.interp(at, along, axis) for axis in points.T], axis=1)


def _clusters(shapes: list[_Shape], memory: Memory) -> Iterator[_Cluster]:
    """Strokes that may be joined, however many steps it takes from one to the next."""
    boxes = np.array([shape.box for shape in shapes]).reshape(-1, 4)
    joins, linked = _joins(shapes, boxes, memory)
    left = list(range(len(shapes)))
    while left:
        inside = np.zeros(len(shapes), dtype=bool)
        reached = inside.copy()
        reached[left[0]] = True
        while not np.array_equal(inside, reached):
            inside = reached
            reached = inside | linked[inside].any(axis=0)
        numbers = np.flatnonzero(inside)
        left = [number for number in left if not inside[number]]
        square = np.ix_(numbers, numbers)
        members = tuple(shapes[number].stroke for number in numbers)
        yield _Cluster(members, boxes[numbers], joins[square], linked[square])


def _joins(
    shapes: list[_Shape], boxes: NDArray[np.float64], memory: Memory
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What it costs to join each two strokes, (n, n), and whether they may be neighbours in one."""
    left, top, right, bottom = boxes.T
    sides = np.maximum(right - left, bottom - top)
    size = np.maximum(np.maximum(sides[:, None], sides), _LEAST_SIZE)
    beside = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    above = np.maximum(top[:, None], top) - np.minimum(bottom[:, None], bottom)
    apart = np.maximum(np.maximum(beside, above), 0.0)
    for a, b in np.argwhere(np.triu(apart <= NEAR * size, 1)).tolist():
        first, second = shapes[a], shapes[b]
        key = (first.stroke, second.stroke)
        apart[a, b] = apart[b, a] = memory.once(key, partial(_distance, first, second))
    off = np.abs((left + right)[:, None] - (left + right)) / 2
    joins = _JOIN + (_APART * apart + _BESIDE * beside + _OFF * off) / size
    return joins, (apart <= NEAR * size) & (joins <= LINKING)


def _distance(a: _Shape, b: _Shape) -> float:
    x, y = (a.points[:, None, :] - b.points[None, :, :]).transpose(2, 0, 1)
    return math.sqrt(float((x * x + y * y).min()))


def _shared_out(
    cluster: _Cluster, confidence: Callable[[Strokes], float], memory: Memory
) -> list[Strokes]:
    """The digits of a cluster.

    What a group's shape costs is known at once, while reading it takes time. So the cheapest
    groups are found as if all unread ones read well; those of them that are unread are then
    read, until there are none.
    """
    costs = _shape_costs(cluster)
    members = {group: tuple(cluster.strokes[number] for number in group) for group in costs}
    unread = set(costs)

    def read(group: Group, doubt: float) -> None:
        costs[group] += doubt
        unread.remove(group)

    for group in costs:
        known = memory.recall(("doubt", members[group]))
        if known is not None:
            read(group, known)
    while True:
        groups = cheapest_groups(len(cluster.strokes), _worth_it(costs, unread))
        if unread.isdisjoint(groups):
            return [members[group] for group in groups]
        for group in unread.intersection(groups):
            doubt = partial(_doubt, confidence, members[group])
            read(group, memory.once(("doubt", members[group]), doubt))


def _worth_it(costs: Mapping[Group, float], unread: Set[Group]) -> dict[Group, float]:
    """Without the groups that cost more than their strokes do as a digit each."""
    alone = [
        math.inf if group in unread else cost for group, cost in costs.items() if len(group) == 1
    ]
    return {
        group: cost
        for group, cost in costs.items()
        if len(group) == 1 or cost < sum(alone[number] for number in group)
    }


def _doubt(confidence: Callable[[Strokes], float], strokes: Strokes) -> float:
    """What a reading costs: 0 if it is certain, more for a shade of doubt, most for a guess."""
    # The likeliest of ten digits has a tenth at least, or nothing was read.
    sure = min(max(confidence(strokes), 0.1), 1.0)
    return math.log((1 - sure + _LEAST_DOUBT) / _LEAST_DOUBT) - _WRONG * math.log(sure)


def _shape_costs(cluster: _Cluster) -> dict[Group, float]:
    """All groups of strokes that may make a digit, and what their shapes cost."""
    heights = np.sort(cluster.boxes[:, 3] - cluster.boxes[:, 1])
    usual = max(float(heights[int(_USUAL * len(heights))]), _LEAST_SIZE)
    groups = np.arange(len(cluster.strokes))[:, None]
    costs: dict[Group, float] = {}
    for _ in range(MOST_STROKES):
        boxes = _around(cluster.boxes[groups])
        shape = _proportions(boxes, usual) + _join_costs(groups, cluster.joins)
        costs |= zip(map(tuple, groups.tolist()), shape.tolist(), strict=True)
        if len(costs) >= _MANY:
            break
        groups = _one_more(groups, cluster, usual)
    return costs


def _one_more(groups: Numbers, cluster: _Cluster, usual: float) -> Numbers:
    """The groups with one more stroke, (n, k + 1), as long as they are not too large."""
    near = np.asarray(cluster.linked[groups].any(axis=1))
    np.put_along_axis(near, groups, False, axis=1)
    which, others = np.nonzero(near)
    larger = np.sort(np.column_stack([groups[which], others]), axis=1)
    # Each group once, whichever of its strokes came last.
    names = larger @ (len(cluster.strokes) ** np.arange(larger.shape[1]))
    larger = larger[np.unique(names, return_index=True)[1]]
    left, top, right, bottom = _around(cluster.boxes[larger]).T
    height, width = bottom - top, right - left
    fits = (height <= TALLEST * usual) & (width <= WIDEST * np.maximum(height, usual))
    return np.asarray(larger[fits], dtype=np.intp)


def _around(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The boxes (n, 4) around the strokes' boxes (n, k, 4)."""
    return np.concatenate([boxes[..., :2].min(axis=1), boxes[..., 2:].max(axis=1)], axis=1)


def _proportions(boxes: NDArray[np.float64], usual: float) -> NDArray[np.float64]:
    """What it costs that a digit is much smaller or taller than the usual stroke around it."""
    left, top, right, bottom = boxes.T / usual
    side = np.maximum(right - left, bottom - top)
    small, tall = _SMALL_BELOW - side, bottom - top - _TALL_ABOVE
    return np.asarray(_SMALL * np.maximum(small, 0) + _TALL * np.maximum(tall, 0))


def _join_costs(groups: Numbers, joins: NDArray[np.float64]) -> NDArray[np.float64]:
    """What it costs to join a group's strokes: the mean of its pairs, for each but the first."""
    size = groups.shape[1]
    pairs = list(combinations(range(size), 2))
    total = sum((joins[groups[:, a], groups[:, b]] for a, b in pairs), np.zeros(len(groups)))
    return np.asarray(total * (size - 1) / max(len(pairs), 1))
