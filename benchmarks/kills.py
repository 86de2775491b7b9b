"""Strokes that are lost when the window is killed while somebody draws without a pause."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figures import Figure
from benchmarks.screen import screen
from benchmarks.window import ROOT, TIMEOUT_SECONDS, WindowError

if TYPE_CHECKING:
    from benchmarks.driver import Hand, Watch

KILLS, STROKES, COLUMNS = 30, 200, 20
KEPT_SECONDS = 1.0
"""A stroke that was finished so long before is to be kept."""
PAUSE_SECONDS = 0.02
"""Seconds between two strokes."""


def measure(kills: int = KILLS) -> dict[str, Figure]:
    """How many finished strokes did not come back, of all kills together."""
    with screen() as display:
        lost = [lost_by_kill(number, STROKES, display) for number in range(kills)]
    of = (
        f"strokes finished {KEPT_SECONDS:g} s before a kill that do not come back, over {kills} "
        f"kills while up to {STROKES} are drawn without a pause"
    )
    return {"strokes_lost": Figure(float(sum(lost)), "", of, (min(lost), max(lost)), kills)}


def lost_by_kill(seed: int, strokes: int, display: Mapping[str, str]) -> int:
    """Strokes that one kill takes, at a random one of so many. Raises WindowError."""
    at = random.Random(seed).randint(strokes // 2, strokes)
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.driver", "kills", home],
            cwd=ROOT,
            env={**os.environ, **display, "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        given_up = threading.Timer(TIMEOUT_SECONDS, process.kill)
        given_up.start()
        finished = [json.loads(line)["finished"] for line in islice(process.stdout, at)]
        killed = time.monotonic()
        process.kill()
        process.communicate()
        given_up.cancel()
        if len(finished) < at:
            raise WindowError(f"The sketchpad ended after {len(finished)} strokes.")
        due = sum(moment <= killed - KEPT_SECONDS for moment in finished)
        return int(max(0, due - _kept(Path(home))))


def _kept(home: Path) -> int:
    from recognizer.inkml import read_inkml
    from recognizer.session.slots import UNSAVED_FILE

    path = home / UNSAVED_FILE
    return len(read_inkml(path)[0]) if path.exists() else 0


def prepare(watch: Watch) -> None:
    """Draw strokes side by side, and tell of each when it is finished."""
    from benchmarks import driver

    driver.once_shown(watch, _draw)


def _draw(watch: Watch, hand: Hand) -> dict[str, float]:
    from benchmarks import driver

    rows = STROKES // COLUMNS
    for number in range(10 * STROKES):
        row, column = divmod(number % STROKES, COLUMNS)
        x, top = (column + 0.5) / COLUMNS, (row + 0.2) / rows
        line = [(x, top + 0.06 * step / rows) for step in range(11)]
        hand.draw_at_once(line)
        hand.lift(line[-1])
        driver.say({"finished": time.monotonic()})
        time.sleep(PAUSE_SECONDS)
    return {"finished": time.monotonic()}
