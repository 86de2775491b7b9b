"""A folder of pictures of one digit each, read by `python -m recognizer read` on all cores."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.figures import Figure, median_of
from benchmarks.window import ROOT
from recognizer import ink
from recognizer.inkml import demo_drawings
from recognizer.strokes import bounds, transformed

PICTURES, REPEATS = 10_000, 3
SIDE_PX, PEN_PX = 64, 5.0


def measure(pictures: int = PICTURES, repeats: int = REPEATS) -> dict[str, Figure]:
    """Pictures a second, with the start of the processes and the table of readings."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "pictures"
        folder.mkdir()
        draw(folder, pictures)
        rates = [read(folder, Path(place) / f"{n}.csv", pictures) for n in range(repeats)]
    of = f"{pictures} pictures of one digit, {SIDE_PX} × {SIDE_PX}, with --csv; median of {repeats}"
    return {"folder_per_second": median_of(rates, "a second", of)}


def read(folder: Path, table: Path, pictures: int) -> float:
    """Pictures a second that the command reads from a folder into a table."""
    command = [sys.executable, "-m", "recognizer", "read", str(folder), "--csv", str(table)]
    started = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return pictures / (time.perf_counter() - started)


def draw(folder: Path, pictures: int) -> None:
    """Write so many pictures: the demo's digits by turns, each at another place."""
    digits = list(demo_drawings().values())
    rng = np.random.default_rng(0)
    for number in range(pictures):
        drawing = digits[number % len(digits)]
        box = bounds(drawing)
        start = PEN_PX + rng.uniform(0, 0.3 * SIDE_PX - 2 * PEN_PX, 2)
        moved = transformed(
            drawing, 0.7 * SIDE_PX / box.side, origin=box.corner, to=start, pen=PEN_PX
        )
        paper = 255 - ink.render(moved, (SIDE_PX, SIDE_PX))
        Image.fromarray(paper).save(folder / f"{number:05}.png", compress_level=1)
