"""Strokes to digits: which strokes make one digit, by where they lie and how well it reads.

A digit may be drawn in several strokes, at any time: the bar of a 7 may come after the next
digit. All ways to share the strokes among digits are weighed against each other by what
they cost, and a digit costs the more the less the network is sure of it, the less its strokes
belong together, and the more it is out of proportion.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence, Set
from functools import partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recognizer.clusters import LEAST_SIZE, Cluster, Numbers, Strokes, clusters
from recognizer.layout import Group, cheapest_groups
from recognizer.memory import Memory
from recognizer.strokes import Stroke

MOST_PIECES = 4
"""More strokes than these make no digit, a scribble counting as one."""
TALLEST = 2.2
"""No digit of several strokes is taller than this, in heights of the usual stroke around it."""
WIDEST = 1.5
"""Nor is it wider than this, in its own height, or that of the usual stroke if it is lower."""

# Costs are in nats, as the logarithm of the network's doubt is. They were fitted to numbers
# made of the training writers' digits, touching, uneven and in two lines; a fifth more or
# less of any of them changes the reading of at most one number in a hundred.
_LEAST_DOUBT, _WRONG = 1e-3, 1.25
"""Doubt less than this counts as none, and the weight of the reading being wrong beside doubt."""
_SMALL, _SMALL_BELOW = 2.4, 0.6
_TALL, _TALL_ABOVE = 3.0, 1.2
"""For each height of the usual stroke that a digit is smaller, or taller, than so many of them."""

_USUAL = 0.75
"""The usual stroke around is higher than this share of them; the others are bars and dots."""
_MOST_ROUNDS = 12
"""Groups are read in so many rounds at most; numbers take half of them."""


def digits(
    strokes: Sequence[Stroke], confidence: Callable[[Strokes], float], memory: Memory
) -> list[Strokes]:
    """Share the strokes of a drawing among digits.

    confidence: the probability of what strokes are read as when they are one digit; asked
    for no more groups than it takes. Returns the strokes of each digit, in no order.
    """
    found: list[Strokes] = []
    for cluster in clusters(strokes, memory):
        key = tuple(piece.strokes for piece in cluster.pieces)
        share_out = partial(_shared_out, cluster, confidence, memory)
        found += memory.once(("digits", key), share_out)
    return found


def _shared_out(
    cluster: Cluster, confidence: Callable[[Strokes], float], memory: Memory
) -> list[Strokes]:
    """The digits of a cluster.

    What a group's shape costs is known at once, while reading it takes time. So the cheapest
    groups are found as if all unread ones read well; those of them that are unread are then
    read, until there are none.
    """
    costs = _shape_costs(cluster)
    members = {group: sum((cluster.pieces[n].strokes for n in group), ()) for group in costs}
    unread = set(costs)

    def read(group: Group, doubt: float) -> None:
        costs[group] += doubt
        unread.remove(group)

    for group in costs:
        doubt = memory.recall(("doubt", members[group]))
        if doubt is not None:
            read(group, doubt)
    for _ in range(_MOST_ROUNDS):
        groups = cheapest_groups(len(cluster.pieces), _worth_it(costs, unread))
        if unread.isdisjoint(groups):
            break
        for group in unread.intersection(groups):
            ask = partial(_doubt, confidence, members[group])
            read(group, memory.once(("doubt", members[group]), ask))
    else:
        known = {g: cost for g, cost in costs.items() if len(g) == 1 or g not in unread}
        groups = cheapest_groups(len(cluster.pieces), known)
    return [members[group] for group in groups]


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


def _shape_costs(cluster: Cluster) -> dict[Group, float]:
    """All groups of strokes that may make a digit, and what their shapes cost."""
    heights = np.sort(cluster.boxes[:, 3] - cluster.boxes[:, 1])
    usual = max(float(heights[int(_USUAL * len(heights))]), LEAST_SIZE)
    groups = np.arange(len(cluster.pieces))[:, None]
    costs: dict[Group, float] = {}
    for _ in range(MOST_PIECES):
        boxes = _around(cluster.boxes[groups])
        shape = _proportions(boxes, usual) + _join_costs(groups, cluster.joins)
        costs |= zip(map(tuple, groups.tolist()), shape.tolist(), strict=True)
        groups = _one_more(groups, cluster, usual)
    return costs


def _one_more(groups: Numbers, cluster: Cluster, usual: float) -> Numbers:
    """The groups with one more stroke, (n, k + 1), as long as they are not too large."""
    near = np.asarray(cluster.linked[groups].any(axis=1))
    np.put_along_axis(near, groups, False, axis=1)
    which, others = np.nonzero(near)
    larger = np.sort(np.column_stack([groups[which], others]), axis=1)
    # Each group once, whichever of its strokes came last.
    names = larger @ (len(cluster.pieces) ** np.arange(larger.shape[1]))
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
