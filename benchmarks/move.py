"""From a pen move to the changed screen, at 1,000 moves a second."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from benchmarks import lines
from benchmarks.figures import Figure
from benchmarks.latency import latency_of

if TYPE_CHECKING:
    from benchmarks.driver import Hand, Watch

REPEATS, DRAWINGS, MOVES = 5, 4, 1000
PAUSE = 0.3


def measure(repeats: int = REPEATS) -> dict[str, Figure]:
    """The 99th percentile over all moves, and its spread over the repeats."""
    of = (
        "from the time a move is due to the end of the screen's update, 1,000 moves a second, "
        f"a second a stroke; spread over {repeats} windows"
    )
    return {"move_p99_ms": latency_of("move", repeats, of)}


def prepare(watch: Watch) -> None:
    """Draw an 8 of a second several times, each on blank paper."""
    from benchmarks import driver

    driver.once_shown(watch, _draw)


def _draw(watch: Watch, hand: Hand) -> dict[str, Any]:
    for _ in range(DRAWINGS):
        time.sleep(PAUSE)
        hand.draw(lines.eight(MOVES))
        time.sleep(PAUSE)
        hand.clear()
    return {"latencies": watch.latencies}
