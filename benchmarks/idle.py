"""What the window costs while nobody draws."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from benchmarks import lines
from benchmarks.figures import Figure, median_of
from benchmarks.window import play

if TYPE_CHECKING:
    from benchmarks.driver import Hand, Watch

REPEATS, IDLE_SECONDS, SETTLING_SECONDS = 3, 10, 3


def measure(repeats: int = REPEATS) -> dict[str, Figure]:
    """Share of one core in percent, with a digit on the paper."""
    shares = [play("idle")["percent"] for _ in range(repeats)]
    of = f"processor time over {IDLE_SECONDS} s with a digit drawn, median of {repeats} windows"
    return {"idle_cpu_percent": median_of(shares, "%", of)}


def prepare(watch: Watch) -> None:
    """Draw a digit and wait."""
    from benchmarks import driver

    driver.once_shown(watch, _wait)


def _wait(watch: Watch, hand: Hand) -> dict[str, Any]:
    hand.draw(lines.eight(300))
    time.sleep(SETTLING_SECONDS)
    # Every thread of the process counts; this one sleeps.
    used, begun = time.process_time(), time.perf_counter()
    time.sleep(IDLE_SECONDS)
    share = (time.process_time() - used) / (time.perf_counter() - begun)
    return {"percent": 100 * share}
