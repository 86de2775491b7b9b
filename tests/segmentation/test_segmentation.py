"""The cheapest way to put parts into groups, and the cache of what was found before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.segmentation import Cache, Group, cheapest_groups

calm = settings(deadline=None, max_examples=40, derandomize=True)


def partitions(parts: Group) -> Iterator[list[Group]]:
    """All ways to put parts into groups of at most three."""
    if not parts:
        yield []
        return
    first, rest = parts[0], parts[1:]
    for count in range(3):
        for others in combinations(rest, count):
            for groups in partitions(tuple(p for p in rest if p not in others)):
                yield [(first, *others), *groups]


@given(count=st.integers(0, 6), seed=st.integers(0, 2**32 - 1))
@calm
def test_the_cheapest_groups_are_those_that_trying_all_finds(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = {group for ways in partitions(tuple(range(count))) for group in ways}
    costs = {group: float(rng.normal()) for group in sorted(groups)}
    found = cheapest_groups(count, costs)
    best = min(sum(costs[g] for g in ways) for ways in partitions(tuple(range(count))))
    assert sorted(part for group in found for part in group) == list(range(count))
    assert sum(costs[group] for group in found) == pytest.approx(best)


def test_a_line_is_cut_into_segments() -> None:
    costs = {tuple(range(a, b + 1)): float((b - a - 1) ** 2) for a in range(9) for b in range(a, 9)}
    assert cheapest_groups(9, costs | {(8,): 0.0}) == [(0, 1), (2, 3), (4, 5), (6, 7), (8,)]


def test_groups_that_cannot_hold_all_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="do not hold all parts"):
        cheapest_groups(2, {(0,): 1.0})


def test_the_cache_keeps_what_was_asked_for_lately() -> None:
    cache, made = Cache(), list[str]()

    def make(key: str) -> str:
        made.append(key)
        return key

    def ask(key: str) -> str:
        return cache.get_or_make(key, lambda: make(key))

    for wanted in ("ab", "a", "ab", "a", "a", "ab"):
        cache.begin_round()
        assert [ask(key) for key in wanted] == list(wanted)
    assert made == ["a", "b", "b", "b"]
