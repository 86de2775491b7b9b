"""`predict_proba` of one glyph, on one thread."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.figures import Figure, median_of, percentile
from recognizer import Recognizer

CALLS, REPEATS = 2000, 7


def measure(calls: int = CALLS, repeats: int = REPEATS) -> dict[str, Figure]:
    """Median over the calls, and its spread over the repeats."""
    recognizer = Recognizer()
    glyphs = np.random.default_rng(0).integers(0, 256, (1, 28, 28), dtype=np.uint8)
    _one(recognizer, glyphs)
    medians = [
        percentile([_one(recognizer, glyphs) for _ in range(calls)], 0.5) for _ in range(repeats)
    ]
    of = f"median of {calls} calls with one glyph, one thread; median of {repeats} such runs"
    return {"predict_ms": median_of(medians, "ms", of)}


def _one(recognizer: Recognizer, glyphs: np.typing.NDArray[np.uint8]) -> float:
    """Milliseconds of one call."""
    started = time.perf_counter()
    recognizer.predict_proba(glyphs)
    return 1000 * (time.perf_counter() - started)
