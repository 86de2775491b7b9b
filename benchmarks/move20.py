"""From a pen move to the changed screen while the last of 20 digits is drawn."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.figures import Figure
from benchmarks.latency import latency_of

if TYPE_CHECKING:
    from benchmarks.driver import Hand, Watch
    from recognizer.geometry import Points

REPEATS, DIGITS, A_LINE, MOVES = 3, 20, 10, 500
PAUSE = 0.3
SHARE = 0.8
"""How much of its cell a digit fills, so that neighbours come as close as people write them."""


def measure(repeats: int = REPEATS) -> dict[str, Figure]:
    """The 99th percentile over all moves, and its spread over the repeats."""
    of = (
        f"as for one digit, while the last of {DIGITS} is drawn in two lines of {A_LINE}; every "
        f"digit once as the last, {MOVES} moves a stroke; spread over {repeats} windows"
    )
    return {"move20_p99_ms": latency_of("move20", repeats, of)}


def prepare(watch: Watch) -> None:
    """Draw 19 digits at once, and then each of the ten in turn as the 20th."""
    from benchmarks import driver

    driver.once_shown(watch, _draw)


def _draw(watch: Watch, hand: Hand) -> dict[str, Any]:
    for place in range(DIGITS - 1):
        for line in _placed(place % A_LINE, place):
            hand.draw_at_once(line.tolist())
            hand.lift(line[-1].tolist())
    time.sleep(4 * PAUSE)
    for digit in range(A_LINE):
        lines = [_denser(line) for line in _placed(digit, DIGITS - 1)]
        for line in lines:
            hand.draw(line.tolist())
        time.sleep(PAUSE)
        for _ in lines:
            hand.undo()
        time.sleep(PAUSE)
    return {"latencies": watch.latencies}


def _placed(digit: int, place: int) -> list[Points]:
    """The demo's drawing of a digit in a cell, as shares of the paper."""
    from recognizer.app.demo import drawings
    from recognizer.strokes import bounds

    strokes = drawings()[digit]
    box = bounds(strokes)
    row, column = divmod(place, A_LINE)
    cell = np.array([1 / A_LINE, 1 / 3])
    corner = cell * (column + (1 - SHARE) / 2, row + 0.5 + (1 - SHARE) / 2)
    size = np.array(box.size)
    # As wide as its cell allows; a 1 stays narrow.
    scale = SHARE * cell * np.minimum(size / size.max() * 1.4, 1) / size
    return [(stroke.points - box.corner) * scale + corner for stroke in strokes]


def _denser(line: Points) -> Points:
    """The same line in as many points as moves are made."""
    along = np.linspace(0, len(line) - 1, MOVES)
    return np.stack([np.interp(along, np.arange(len(line)), axis) for axis in line.T], axis=1)
