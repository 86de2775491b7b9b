"""Drawings are redrawn where and as large as is said, by processes that load no more than that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recognizer.datasets import Drawing
from recognizer.evaluation import robustness
from recognizer.ink import render
from recognizer.strokes import Stroke

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(("size", "pen"), robustness.redrawn_ways())
def test_a_redrawn_drawing_fills_its_share_in_its_corner(size: float, pen: int) -> None:
    side = robustness.REDRAWN_SIDE_PX
    lines = [[(0.0, 0.0), (90.0, 90.0)], [(0.0, 90.0), (90.0, 0.0)]]
    cross = Drawing(tuple(Stroke(np.array(line)) for line in lines), "x", 1)
    redrawn = robustness.redraw(cross, side, size, pen, at=(1.0, 0.0))
    rows, columns = np.nonzero(render(redrawn, (side, side)) > 128)
    assert np.ptp(rows) + 1 == pytest.approx(size * side, abs=2)
    assert (rows.min(), columns.max()) == pytest.approx((0, side - 1), abs=2)


def test_processes_load_nothing_that_trains_or_draws_reports() -> None:
    code = (
        "import recognizer.evaluation.robustness, recognizer.evaluation.perturbations, sys;"
        "print({'keras', 'tensorflow', 'matplotlib', 'sklearn'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
