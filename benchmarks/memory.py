"""What the window's process holds in memory."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import lines
from benchmarks.figures import Figure, median_of
from benchmarks.window import play

if TYPE_CHECKING:
    from benchmarks.driver import Hand, Watch

REPEATS, DRAWINGS = 3, 10
_STATUS = Path("/proc/self/status")


def measure(repeats: int = REPEATS) -> dict[str, Figure]:
    """Resident memory in MB after some drawing; nothing where only Linux would tell."""
    sizes = [play("memory")["megabytes"] for _ in range(repeats)]
    if None in sizes:
        return {}
    of = f"resident memory after {DRAWINGS} drawings, median of {repeats} windows"
    return {"memory_mb": median_of(sizes, "MB", of)}


def prepare(watch: Watch) -> None:
    """Draw some digits, then look."""
    from benchmarks import driver

    driver.once_shown(watch, _draw)


def _draw(watch: Watch, hand: Hand) -> dict[str, Any]:
    for number in range(DRAWINGS):
        hand.draw(lines.eight(300, left=0.3 + 0.04 * number, size=0.2 + 0.06 * number))
        time.sleep(0.1)
        if number < DRAWINGS - 1:
            hand.clear()
    return {"megabytes": resident()}


def resident() -> float | None:
    """Resident memory of this process in MB of 1,000,000 bytes; None where it is not told."""
    if not _STATUS.exists():
        return None
    (line,) = (line for line in _STATUS.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6
