"""How long after a pen move the screen has changed."""

from __future__ import annotations

from benchmarks.figures import Figure, percentile
from benchmarks.window import play


def latency_of(scenario: str, repeats: int, of: str) -> Figure:
    """The 99th percentile over all moves of a scenario in ms, and its spread over the repeats."""
    runs = [play(scenario)["latencies"] for _ in range(repeats)]
    each = [1000 * percentile(run, 0.99) for run in runs]
    together = [latency for run in runs for latency in run]
    value = 1000 * percentile(together, 0.99)
    return Figure(value, "ms", of, (min(each), max(each)), len(together))
