"""Lines to draw, as points in shares of the paper."""

from __future__ import annotations

import math
from collections.abc import Iterator

Line = list[tuple[float, float]]


def eight(moves: int, left: float = 0.5, top: float = 0.5, size: float = 0.5) -> Line:
    """An 8 in one stroke, drawn evenly in so many moves; its middle and height."""

    def points() -> Iterator[tuple[float, float]]:
        for number in range(moves + 1):
            turn = 2 * math.pi * number / moves
            yield left + size / 4 * math.sin(2 * turn), top - size / 2 * math.cos(turn)

    return list(points())
