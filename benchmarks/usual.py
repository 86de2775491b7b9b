"""The usual Keras way, to compare with: import TensorFlow, load the model, `model.predict`."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.figures import Figure, median_of
from recognizer.files import SAVED_MODEL
from recognizer.model.card import KERAS_FILE

MODEL = SAVED_MODEL / KERAS_FILE
STARTS = 3

RATIOS = {
    "ratio_start": ("start_seconds", "usual_start_seconds"),
    "ratio_predict": ("predict_ms", "usual_predict_ms"),
    "ratio_latency": ("latency_p99_ms", "usual_predict_ms"),
    "ratio_memory": ("memory_mb", "usual_memory_mb"),
}
"""Each ratio's own figure and the usual one that it is divided by.

A pen move is compared with the prediction alone: the usual way needs at least that.
"""

_PROGRAM = """
import json, sys, time
import numpy
import tensorflow
import keras
model = keras.models.load_model(sys.argv[1])
glyph = numpy.zeros((1, *model.input_shape[1:]), "float32")
model.predict(glyph, verbose=0)
ready = time.monotonic()
times = []
for _ in range(30):
    started = time.perf_counter()
    model.predict(glyph, verbose=0)
    times.append(1000 * (time.perf_counter() - started))
from benchmarks import memory
print(json.dumps({"ready": ready, "predict": times, "memory": memory.resident()}))
"""


class UsualError(Exception):
    """The usual way failed; the message holds its words."""


def why_not() -> str | None:
    """Why the usual way cannot be measured here; None if it can."""
    if not MODEL.is_file():
        return f"there is no {MODEL}"
    if importlib.util.find_spec("tensorflow") is None:
        return "TensorFlow is not installed (requirements.txt)"
    return None


def measure(starts: int = STARTS) -> dict[str, Figure]:
    """Start, one prediction and memory of the usual way. Raises UsualError."""
    runs = [_run(MODEL) for _ in range(starts)]
    of = f"the usual Keras way, median of {starts} processes"
    return {
        f"usual_{name}": median_of([run[name] for run in runs], unit, of)
        for name, unit in (("start_seconds", "s"), ("predict_ms", "ms"), ("memory_mb", "MB"))
        if all(name in run for run in runs)
    }


def ratios(figures: Mapping[str, Figure], usual: Mapping[str, Figure]) -> dict[str, Figure]:
    """Ours divided by the usual, for every pair that was measured."""
    return {
        name: _ratio(figures[ours], usual[theirs])
        for name, (ours, theirs) in RATIOS.items()
        if ours in figures and theirs in usual
    }


def _ratio(ours: Figure, usual: Figure) -> Figure:
    of = f"of {usual.value:.3g} {usual.unit}, the usual Keras way in the same run"
    return Figure(ours.value / usual.value, "×", of)


def _run(model: Path) -> dict[str, float]:
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(model)],
        cwd=SAVED_MODEL.parent,
        env=quiet,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise UsualError(f"The usual Keras way failed:\n{done.stderr.strip()}")
    found = json.loads(done.stdout.splitlines()[-1])
    run = {
        "start_seconds": found["ready"] - started,
        "predict_ms": median_of(found["predict"], "ms", "").value,
    }
    return run if found["memory"] is None else run | {"memory_mb": found["memory"]}
