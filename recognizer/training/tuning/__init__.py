"""The search for good settings, by KerasTuner: from the data to the table and the plot."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from tqdm import tqdm

from recognizer.files import atomic_write
from recognizer.training import MNIST_ALONE, synthesis
from recognizer.training.collection import BASE_SETS, gather, nothing_doubtful
from recognizer.training.synthesis import TrainingData
from recognizer.training.tuning import search
from recognizer.training.tuning.plan import (
    SPACES,
    Limits,
    Plan,
    Trial,
    best_first,
    in_words,
    trials_table,
    write_trials,
)
from recognizer.training.validation import ValidationPart, validation_of

_GREETINGS = {
    "alone": "Tuning in {folder}; Ctrl+C stops it, and the same command goes on.",
    "chief": "Chief: giving out trials at {KERASTUNER_ORACLE_IP}:{KERASTUNER_ORACLE_PORT} until "
    "the workers have finished them.",
    "worker": "Worker {KERASTUNER_TUNER_ID}: training what the chief at "
    "{KERASTUNER_ORACLE_IP}:{KERASTUNER_ORACLE_PORT} gives out.",
}
PLOT_FILE = "parallel_coordinates.png"
COLOUR_MAP = colormaps["viridis_r"]
"""Told apart with any kind of colour vision, and in grey: the better, the darker."""
LINE_SPREAD = 0.035
"""How far lines through the same value are off it at most, as a share of the axis."""
SCALE_MARGIN = 1.3
"""How far the scale goes beyond the shares misread by the best and the worst trial, as a factor."""
SCALE_REACH = 16
"""How many times as much as the best a trial may misread before it stands below the scale."""
SCALE_TICKS = (*range(90, 19, -10), 15, 10, 7, 5, 4, 3, 2, 1.5, 1, 0.7, 0.5, 0.3, 0.2, 0.1)
"""Shares misread that are written on the scale, percent."""
SCALE_WIDTH = 0.08
"""Width of the scale; axes are 1 apart."""


def tune(folder: Path, data_folder: Path | None, plan: Plan, limits: Limits) -> None:
    """Search in `folder` and leave there `trials.json` and `parallel_coordinates.png`.

    Trials are judged by MNIST's validation writers. What finished is written down even if the
    search is interrupted. Raises TuneError or DataError.
    """
    does = search.role()
    searching = search.Search(folder, plan, limits)
    learned, chosen = (None, None) if does == "chief" else _load(data_folder, plan)
    tqdm.write(_GREETINGS[does].format(folder=folder, **os.environ))
    try:
        searching.go(learned, chosen)
    finally:
        if does != "worker":
            report_trials(folder, plan, limits, searching.finished)


def report_trials(folder: Path, plan: Plan, limits: Limits, finished: list[Trial]) -> None:
    """Write the trials down, draw them and show them."""
    if not finished:
        tqdm.write("No trial has finished yet.")
        return
    write_trials(folder, plan, finished)
    plot = io.BytesIO()
    draw_plot(plan, finished).savefig(plot, format="png", dpi=150)
    atomic_write(folder / PLOT_FILE, plot.getvalue())
    best = best_first(finished)[0]
    tqdm.write(trials_table(finished))
    tqdm.write(
        f"{len(finished)} of {limits.trials} trials are done. Best is trial {best.number} with "
        f"{in_words(best.values)}. Table and plot are in {folder}."
    )


def _load(folder: Path | None, plan: Plan) -> tuple[TrainingData, ValidationPart]:
    """What each trial learns from, and MNIST's validation writers."""
    whole = gather(folder, plan.seed, nothing_doubtful, BASE_SETS)
    share = plan.subset / int(np.sum(whole.learned & whole.of_sets("mnist")))
    config = replace(SPACES[plan.space].config, seed=plan.seed)
    data = synthesis.prepare(whole.part(min(share, 1), plan.seed), config)
    chosen = validation_of(whole, replace(config, data=MNIST_ALONE))
    return data, chosen.parts["mnist"]


def draw_plot(plan: Plan, trials: Sequence[Trial]) -> Figure:
    """The figure of at least one trial; lines are coloured by accuracy, the best one is thick."""
    figure = Figure(figsize=(9, 5), layout="constrained")
    axes = figure.subplots()
    columns, scale = _columns(plan, trials), _scale(trials)
    for at, (name, values) in enumerate(columns.items()):
        _axis(axes, at, name, values)
    _accuracy_axis(axes, len(columns), scale)
    best, *others = best_first(trials)
    for rank, trial in enumerate([*reversed(others), best]):
        offset = LINE_SPREAD * (2 * (rank + 0.5) / len(trials) - 1)
        own = {**trial.values, "epochs": trial.epochs}
        heights = [_places(values)[own[name]] + offset for name, values in columns.items()]
        share = 1 - float(scale(_missed(trial.accuracy)))
        style = {"linewidth": 4, "marker": "o"} if trial is best else {"linewidth": 1.6}
        axes.plot([*heights, share], color=COLOUR_MAP(share), **style)
    axes.set_title(
        f"“{plan.space}” by {plan.method}: number {best.number} of {len(trials)} trials (thick) "
        f"reads {100 * best.accuracy:.2f} % of the validation images",
        fontsize=10,
    )
    axes.set(xlim=(-0.45, len(columns) + 0.55), ylim=(-0.08, 1.15))
    axes.set_axis_off()
    return figure


def _scale(trials: Sequence[Trial]) -> LogNorm:
    """Percent misread as a depth, 0..1: 1 % is as far above 2 % as 2 % above 4 %."""
    missed = [_missed(trial.accuracy) for trial in trials]
    worst = min(max(missed), SCALE_REACH * min(missed))
    return LogNorm(min(missed) / SCALE_MARGIN, SCALE_MARGIN * worst, clip=True)


def _missed(accuracy: float) -> float:
    """Percent misread, never quite none, whose logarithm there is not."""
    return max(100 * (1 - accuracy), 0.01)


def _columns(plan: Plan, trials: Sequence[Trial]) -> dict[str, list[float]]:
    """The values on each axis, from bottom to top; epochs only where trials differ in them."""
    columns = {name: sorted(values) for name, values in SPACES[plan.space].settings.items()}
    epochs = sorted({float(trial.epochs) for trial in trials})
    return columns | ({"epochs": epochs} if len(epochs) > 1 else {})


def _places(values: list[float]) -> dict[float, float]:
    """How high each value stands, 0..1, evenly."""
    heights = np.linspace(LINE_SPREAD, 1 - LINE_SPREAD, len(values)).tolist()
    return dict(zip(values, heights, strict=True))


def _axis(axes: Axes, at: int, name: str, values: list[float]) -> None:
    axes.plot([at, at], [0, 1], color="black", linewidth=0.8, zorder=0)
    _headline(axes, at, name)
    label: Any = {"textcoords": "offset points", "ha": "right", "va": "center", "zorder": 10}
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
    for value, height in _places(values).items():
        axes.annotate(f"{value:g}", (at, height), (-8, 0), bbox=box, **label)


def _accuracy_axis(axes: Axes, at: int, scale: LogNorm) -> None:
    strip, place = np.linspace(0, 1, 256)[:, None], (at, at + SCALE_WIDTH, 0, 1)
    axes.imshow(strip, cmap=COLOUR_MAP, origin="lower", extent=place, aspect="auto")
    _headline(axes, at, "accuracy")
    for missed in SCALE_TICKS:
        if scale.vmin < missed < scale.vmax:
            height = 1 - float(scale(missed))
            axes.text(at + 1.5 * SCALE_WIDTH, height, f"{100 - missed:g} %", va="center")
    axes.text(at + SCALE_WIDTH / 2, -0.02, "and less", ha="center", va="top")


def _headline(axes: Axes, at: int, name: str) -> None:
    axes.text(at, 1.07, name, ha="center", va="bottom", fontweight="bold")
