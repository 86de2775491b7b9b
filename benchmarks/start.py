"""From the start of the process to the first reading on the screen."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks import lines

if TYPE_CHECKING:
    from benchmarks.driver import Watch
    from benchmarks.figures import Figure

REPEATS = 9
MOVES = 40


def measure(repeats: int = REPEATS) -> dict[str, Figure]:
    """Seconds until a stroke that is drawn as soon as the window shows has been read."""
    from benchmarks.figures import median_of
    from benchmarks.window import play

    play("start")  # so that the files are in memory, as they are from the second start on
    runs = [play("start") for _ in range(repeats)]
    seconds = [run["read"] - run["started"] for run in runs]
    of = f"process start to the first reading on the screen, median of {repeats} starts"
    return {"start_seconds": median_of(seconds, "s", of)}


def prepare(watch: Watch) -> None:
    """Draw at the first frame; the title changes after the screen that shows the reading."""
    import pygame

    from benchmarks import driver

    def draw() -> None:
        title = pygame.display.get_caption()[0]
        watch.on_frame, watch.on_title = lambda: None, lambda: tell(title)
        driver.Hand().draw_at_once(lines.eight(MOVES))

    def tell(empty: str) -> None:
        if pygame.display.get_caption()[0] == empty:
            return
        watch.on_title = lambda: None
        driver.say({"read": time.monotonic()})
        driver.close()

    watch.on_frame = draw
