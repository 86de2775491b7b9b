"""Which pieces make one digit, and which digits make a line."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

Group = tuple[int, ...]
"""Numbers of the pieces that make one digit, ascending."""
Area = tuple[float, float, float, float]
"""Left, top, width, height."""

SAME_LINE = 0.4
"""Neighbours stand on one line if they share this much of the lower one's height."""
_MOST_OPEN = 64
"""So many sets of pieces are followed at a time; numbers need less, a scribble may have more."""


def cheapest_groups(count: int, costs: Mapping[Group, float]) -> list[Group]:
    """Put every piece into exactly one group, at the least sum of costs.

    count: number of pieces, numbered 0, 1, … in the order in which they are read.
    costs: what each group that may be made costs; for a row that is only cut into slices,
    the groups are tuple(range(first, last + 1)), for others they may leave pieces out.
    Returns the groups by their first pieces. Raises ValueError if no groups hold them all;
    that cannot happen where every piece may be a group of its own.

    The first piece that is in no group yet opens the next one, so what is best for the
    pieces left depends on which are left and on nothing else: dynamic programming over
    those sets, which for slices of a row are as many as pieces (Bellman: Dynamic
    programming, 1957).
    """
    opened: dict[int, list[tuple[int, float, Group]]] = defaultdict(list)
    for group, cost in costs.items():
        opened[group[0]].append((_members(group), cost, group))
    # For every set of pieces in groups: its cost, the set before, and the group added to that.
    best: dict[int, tuple[float, int, Group]] = {0: (0.0, 0, ())}
    open_sets: dict[int, set[int]] = defaultdict(set, {0: {0}})
    for piece in range(count):
        sets = open_sets.pop(piece, set())
        for taken in sorted(sets, key=lambda taken: best[taken][0])[:_MOST_OPEN]:
            for members, cost, group in opened[piece]:
                if members & taken:
                    continue
                total, joined = best[taken][0] + cost, taken | members
                if total < best.get(joined, (math.inf,))[0]:
                    best[joined] = (total, taken, group)
                    open_sets[_first_free(joined)].add(joined)
    return _traced(best, (1 << count) - 1)


def _members(group: Group) -> int:
    """The group as a set: a bit for each of its pieces."""
    members = 0
    for piece in group:
        members |= 1 << piece
    return members


def _first_free(taken: int) -> int:
    return (~taken & (taken + 1)).bit_length() - 1


def _traced(best: Mapping[int, tuple[float, int, Group]], taken: int) -> list[Group]:
    if taken not in best:
        raise ValueError("the groups that may be made do not hold all pieces")
    groups: list[Group] = []
    while taken:
        _, taken, group = best[taken]
        groups.append(group)
    return groups[::-1]


def lines(areas: Sequence[Area]) -> list[list[int]]:
    """Put digits into lines of writing, which may be slanted.

    Returns the numbers of the areas from left to right, line by line from the top.
    """
    found: list[list[int]] = []
    for number in sorted(range(len(areas)), key=lambda n: areas[n][0] + areas[n][2] / 2):
        shares = [_shared(areas[line[-1]], areas[number]) for line in found]
        if shares and max(shares) >= SAME_LINE:
            found[shares.index(max(shares))].append(number)
        else:
            found.append([number])
    return sorted(found, key=lambda line: sum(_middle(areas[n]) for n in line) / len(line))


def _shared(a: Area, b: Area) -> float:
    """How much of the lower one's height lies beside the other."""
    lower = min(a[3], b[3])
    shared = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return shared / lower if lower > 0 else float(shared >= 0)


def _middle(area: Area) -> float:
    return area[1] + area[3] / 2
