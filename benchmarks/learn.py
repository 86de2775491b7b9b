"""From a correction in the window to a reading that counts it, with the hand kept on the disk."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, percentile
from recognizer import Recognizer
from recognizer.inkml import demo_drawings
from recognizer.session import Session
from recognizer.session.storage import Storage

REPEATS = 20


def measure(repeats: int = REPEATS) -> dict[str, Figure]:
    """Milliseconds of the slower corrections, each of a demo digit that is taken for another."""
    recognizer = Recognizer()
    taken = [_one(recognizer, number % 10) for number in range(repeats)]
    of = f"from the answer chosen to it being read, the 90th percentile of {repeats} corrections"
    return {"learn_ms": Figure(percentile(taken, 0.9), "ms", of, (min(taken), max(taken)), repeats)}


def _one(recognizer: Recognizer, digit: int) -> float:
    wanted = str((digit + 1) % 10)
    with tempfile.TemporaryDirectory() as folder:
        storage = Storage(Path(folder) / "data", Path(folder) / "sketches")
        session = Session(recognizer, storage, lambda message: None)
        session.sketch.replace(demo_drawings()[digit])
        session.read()
        started = time.perf_counter()
        session.correct(0, wanted)
        session.read()
        taken = 1000 * (time.perf_counter() - started)
        if session.reading.text != wanted:
            raise RuntimeError(f"the {digit} was not learned as a {wanted}")
        session.learning.forget_all()
    return taken
