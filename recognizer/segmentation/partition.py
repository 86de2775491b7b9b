"""The cheapest way to share parts among groups, each in one: strokes among characters."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

Group = tuple[int, ...]
"""Numbers of the parts that make one character, ascending."""

MAX_OPEN_SETS = 64
"""So many sets of parts are followed at a time; numbers need less, a scribble may have more."""


def cheapest_groups(count: int, costs: Mapping[Group, float]) -> list[Group]:
    """Put every part into exactly one group, at the least sum of costs.

    count: number of parts, numbered 0, 1, … in the order in which they are read.
    costs: what each group that may be made costs.
    Returns the groups by their first parts. Raises ValueError if no groups hold them all;
    that cannot happen where every part may be a group of its own.

    The first part that is in no group yet opens the next one, so what is best for the
    parts left depends on which are left and on nothing else: dynamic programming over
    those sets (Bellman: Dynamic programming, 1957).
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
