"""Starts the sketchpad in a process of its own and lets a scenario play in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.screen import screen

ROOT = Path(__file__).resolve().parent.parent
TIMEOUT_SECONDS = 120
"""Seconds after which a scenario is given up."""


class WindowError(Exception):
    """The sketchpad did not do what the scenario expects; the message holds its words."""


def play(scenario: str) -> dict[str, Any]:
    """What the scenario found, and `started`: when its process was, by `time.monotonic()`.

    The window finds no sketch and no settings, and leaves none. Raises ScreenError, WindowError.
    """
    with screen() as display, tempfile.TemporaryDirectory() as home:
        started = time.monotonic()
        try:
            done = _run([sys.executable, "-m", "benchmarks.driver", scenario, home], display)
        except subprocess.TimeoutExpired:
            raise WindowError(
                f"The sketchpad did not finish in {TIMEOUT_SECONDS} s: {scenario}"
            ) from None
    if done.returncode != 0 or not done.stdout.strip():
        raise WindowError(f"The sketchpad ended early: {scenario}\n{done.stderr.strip()}")
    return {**json.loads(done.stdout.splitlines()[-1]), "started": started}


def _run(command: list[str], display: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **display, "PYGAME_HIDE_SUPPORT_PROMPT": "1"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
