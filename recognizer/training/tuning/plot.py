"""The parallel-coordinates plot: an axis for each setting, a line for each trial."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from recognizer.files import write_beside
from recognizer.training.tuning.plan import Plan
from recognizer.training.tuning.spaces import SPACES
from recognizer.training.tuning.trials import Trial, best_first

PLOT_FILE = "parallel_coordinates.png"
COLOURS = colormaps["viridis_r"]
"""Told apart with any kind of colour vision, and in grey: the better, the darker."""
SPREAD = 0.035
"""How far lines through the same value are off it at most, as a share of the axis."""
MARGIN = 1.3
"""How far the scale goes beyond the shares misread by the best and the worst trial, as a factor."""
REACH = 16
"""How many times as much as the best a trial may misread before it stands below the scale."""
TICKS = (90, 80, 70, 60, 50, 40, 30, 20, 15, 10, 7, 5, 4, 3, 2, 1.5, 1, 0.7, 0.5, 0.3, 0.2, 0.1)
"""Shares misread that are written on the scale, percent."""
STRIP = 0.08
"""Width of the scale; axes are 1 apart."""


def write(folder: Path, plan: Plan, trials: Sequence[Trial]) -> None:
    """Draw the trials (at least one) into `folder`."""
    file = io.BytesIO()
    draw(plan, trials).savefig(file, format="png", dpi=150)
    write_beside(folder / PLOT_FILE, file.getvalue())


def draw(plan: Plan, trials: Sequence[Trial]) -> Figure:
    """The figure; lines are coloured by accuracy, and the best one is thick."""
    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.subplots()
    columns, scale = _columns(plan, trials), _Scale.of(trials)
    for at, (name, values) in enumerate(columns.items()):
        _axis(axes, at, name, values)
    _accuracy_axis(axes, len(columns), scale)
    best, *others = best_first(trials)
    for rank, trial in enumerate([*reversed(others), best]):
        offset = SPREAD * (2 * (rank + 0.5) / len(trials) - 1)
        heights = [height + offset for height in _heights(columns, trial)]
        share = scale.share(trial.accuracy)
        style = {"linewidth": 4, "marker": "o"} if trial is best else {"linewidth": 1.6}
        axes.plot([*heights, share], color=COLOURS(share), **style)
    axes.set_title(
        f"“{plan.space}” by {plan.method}: number {best.number} of {len(trials)} trials (thick) "
        f"reads {100 * best.accuracy:.2f} % of the validation images",
        fontsize=10,
    )
    axes.set(xlim=(-0.45, len(columns) + 0.55), ylim=(-0.08, 1.15))
    axes.set_axis_off()
    return figure


@dataclass(frozen=True)
class _Scale:
    """Accuracy as a height, 0..1, logarithmic in the share misread.

    99 % is as far above 98 % as 98 % above 96 %. worst, best: percent misread at its ends;
    what is worse stands at 0.
    """

    worst: float
    best: float

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> _Scale:
        missed = [_missed(trial.accuracy) for trial in trials]
        worst = min(max(missed), REACH * min(missed))
        return cls(MARGIN * worst, min(missed) / MARGIN)

    def share(self, accuracy: float) -> float:
        share = math.log(self.worst / _missed(accuracy)) / math.log(self.worst / self.best)
        return max(share, 0.0)


def _missed(accuracy: float) -> float:
    """Percent misread, never quite none, whose logarithm there is not."""
    return max(100 * (1 - accuracy), 0.01)


def _columns(plan: Plan, trials: Sequence[Trial]) -> dict[str, list[float]]:
    """The values on each axis, from bottom to top; epochs only where trials differ in them."""
    columns = {name: sorted(values) for name, values in SPACES[plan.space].settings.items()}
    epochs = sorted({float(trial.epochs) for trial in trials})
    return columns | ({"epochs": epochs} if len(epochs) > 1 else {})


def _heights(columns: dict[str, list[float]], trial: Trial) -> list[float]:
    own = {**trial.values, "epochs": trial.epochs}
    return [dict(_places(values))[own[name]] for name, values in columns.items()]


def _places(values: list[float]) -> list[tuple[float, float]]:
    """Values and how high they stand, 0..1, evenly."""
    heights = np.linspace(SPREAD, 1 - SPREAD, len(values)).tolist()
    return list(zip(values, heights, strict=True))


def _axis(axes: Axes, at: int, name: str, values: list[float]) -> None:
    axes.plot([at, at], [0, 1], color="black", linewidth=0.8, zorder=0)
    _headline(axes, at, name)
    for value, height in _places(values):
        axes.annotate(
            f"{value:g}",
            (at, height),
            (-8, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            zorder=10,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"},
        )


def _accuracy_axis(axes: Axes, at: int, scale: _Scale) -> None:
    strip = np.linspace(0, 1, 256)[:, None]
    axes.imshow(strip, cmap=COLOURS, origin="lower", extent=(at, at + STRIP, 0, 1), aspect="auto")
    _headline(axes, at, "accuracy")
    for missed in TICKS:
        if scale.best < missed < scale.worst:
            height = scale.share(1 - missed / 100)
            axes.text(at + 1.5 * STRIP, height, f"{100 - missed:g} %", va="center")
    axes.text(at + STRIP / 2, -0.02, "and less", ha="center", va="top")


def _headline(axes: Axes, at: int, name: str) -> None:
    axes.text(at, 1.07, name, ha="center", va="bottom", fontweight="bold")
