"""The report's diagrams: SVG whose colours follow the reader's light or dark theme."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from recognizer.training import metrics

INK_COLOUR, MUTED_COLOUR, GRID_COLOUR = "#1a1c1f", "#5c6470", "#d5d9df"
OURS_COLOUR, BASELINE_COLOUR, TRAINED_COLOUR = "#0072b2", "#d55e00", "#e3eaf2"
_DARK_COLOURS = {
    INK_COLOUR: "#e9ebee",
    MUTED_COLOUR: "#a5adb8",
    GRID_COLOUR: "#3c434c",
    OURS_COLOUR: "#56b4e9",
    BASELINE_COLOUR: "#f0944d",
    TRAINED_COLOUR: "#2a3440",
}
"""Colours on light paper, and on dark; the lines' are those of Okabe and Ito, which colour-blind
people can tell apart (Color universal design, 2008). Lines differ by their marks, too."""
CHART_IN, SMALL_CHART_IN = (4.4, 3.6), (3.2, 2.6)
"""Width and height in inches of a diagram, and of one among many; the page makes it as wide as
there is room."""
MATRIX_CELL_IN = 0.62
"""Inches of a cell of a confusion matrix."""
MIN_RANGE_SHARE = 0.002
"""The axis of the accuracy against coverage spans at least this share."""
_READER_STYLES = (
    ("usual", BASELINE_COLOUR, "s--", "usual reader"),
    ("ours", OURS_COLOUR, "o-", "ours"),
)
_CURVE_STYLES = (
    ("", MUTED_COLOUR, ":", "training"),
    ("mnist_validation_", OURS_COLOUR, "-", "MNIST validation"),
    ("pen_validation_", BASELINE_COLOUR, "--", "pen validation"),
)
_CURVE_FIGURES = {"loss": ("loss", "loss in nats"), "error": ("accuracy", "misread")}
MATPLOTLIB_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "digit-sketchpad",
    "font.size": 10,
    "axes.edgecolor": MUTED_COLOUR,
    "axes.labelcolor": INK_COLOUR,
    "text.color": INK_COLOUR,
    "xtick.color": MUTED_COLOUR,
    "ytick.color": MUTED_COLOUR,
    "grid.color": GRID_COLOUR,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}
_styled = mpl.rc_context(MATPLOTLIB_SETTINGS)
"""Decorates a function that draws a diagram with these settings."""


def _themed(figure: Figure) -> str:
    """The figure as a data URI of SVG, its colours looked up by the theme."""
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    svg = file.getvalue()
    names = {colour: f"--c{number}" for number, colour in enumerate(_DARK_COLOURS)}
    for colour, name in names.items():
        svg = svg.replace(colour, f"var({name})")
    light, dark = (
        "".join(f"{names[colour]}:{shown};" for colour, shown in theme.items())
        for theme in ({colour: colour for colour in _DARK_COLOURS}, _DARK_COLOURS)
    )
    style = (
        f"<style>:root{{{light}}}text{{font-family:system-ui,sans-serif!important}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"
    )
    text = svg[svg.index("<svg") :].replace("<defs>", f"{style}<defs>", 1)
    return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()


@dataclass(frozen=True)
class Chart:
    """A diagram as a data URI, and what it shows in words."""

    source: str
    alt: str


@_styled
def reliability(found: Mapping[str, Any], name: str) -> Chart:
    """How often predictions of each confidence are right; found: the details of a data set."""
    bins = found["reliability"]
    confidence = [b["confidence"] for b in bins]
    accuracy = np.array([b["accuracy"] for b in bins])
    errors = np.abs(accuracy - np.array([b["interval"] for b in bins]).T)
    figure = Figure(CHART_IN, layout="constrained")
    upper, lower = figure.subplots(2, 1, height_ratios=[4, 1], sharex=True)
    upper.plot([0, 1], [0, 1], color=MUTED_COLOUR, linestyle="--", linewidth=1, label="honest")
    style: Any = {"color": OURS_COLOUR, "fmt": "o", "elinewidth": 1.2, "label": "measured"}
    upper.errorbar(confidence, accuracy, errors, **style)
    upper.set(ylabel="right", ylim=(-0.03, 1.03), xlim=(0, 1.02))
    upper.legend(loc="lower right")
    middles = [(b["from"] + b["to"]) / 2 for b in bins]
    lower.bar(middles, [b["n"] for b in bins], width=0.9 / metrics.BINS, color=OURS_COLOUR)
    lower.set(yscale="log", ylabel="predictions", xlabel="confidence", ylim=(0.5, None))
    lower.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    for axis in (upper.xaxis, upper.yaxis, lower.xaxis):
        axis.set_major_formatter(_PERCENT)
    words = ", ".join(
        f"{_percent(b['confidence'])} confident: {_percent(b['accuracy'])} of {b['n']} right"
        for b in bins
    )
    return Chart(_themed(figure), f"Reliability diagram, {name}. {words}.")


@_styled
def coverage(found: Mapping[str, Any], name: str) -> Chart:
    """Accuracy against coverage, the share accepted, with the acceptance threshold."""
    shares, accuracy = zip(*found["coverage"], strict=True)
    sure, good = found["sure"]["value"], found["sure_accuracy"]["value"]
    # Where next to everything is accepted and right, the beginning of the curve is empty.
    low = max(0.0, 1 - 6 * max(1 - sure, 0.01))
    figure = Figure(CHART_IN, layout="constrained")
    axes = figure.subplots()
    axes.plot(shares, accuracy, color=OURS_COLOUR, label="the most confident")
    if good is not None:
        axes.plot([sure], [good], "D", color=BASELINE_COLOUR, markersize=8, label="sure")
        axes.axvline(sure, color=BASELINE_COLOUR, linestyle=":", linewidth=1.2)
    seen = [right for share, right in found["coverage"] if share >= low]
    bottom = min(*seen, 1 - MIN_RANGE_SHARE)
    margin = (1 - bottom) * 0.12
    axes.set(xlabel="coverage, the share accepted", ylabel="of these right")
    axes.set(xlim=(low, 1 + 0.02 * (1 - low)), ylim=(bottom - margin, 1 + margin))
    axes.legend(loc="lower left")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_PERCENT)
    words = f"At the threshold, {_percent(sure)} of the predictions are accepted"
    words += "" if good is None else f", and {_percent(good)} of them are right"
    return Chart(_themed(figure), f"Accuracy against coverage, {name}. {words}.")


@_styled
def perturbation(found: Mapping[str, Any]) -> Chart:
    """Accuracy of both readers against the levels of a perturbation."""
    points = found["points"]
    levels = [point["level"] for point in points]
    figure = Figure(SMALL_CHART_IN, layout="constrained")
    axes = figure.subplots()
    if found["trained"]:
        axes.axvspan(*found["trained"], color=TRAINED_COLOUR, linewidth=0, label="in training")
    for reader, colour, mark, name in _READER_STYLES:
        shares = [point[reader] / point["n"] for point in points]
        intervals = [metrics.interval(point[reader], point["n"]) for point in points]
        axes.fill_between(levels, *np.transpose(intervals), color=colour, alpha=0.2, linewidth=0)
        axes.plot(levels, shares, mark, color=colour, label=name)
    if found["logarithmic"]:
        axes.set_xscale("log")
        axes.minorticks_off()
    if found["logarithmic"] or min(levels) < 0:
        axes.set_xticks(levels, [f"{level:g}".replace("-", "−") for level in levels])
    axes.set(xlabel=found["unit"], ylabel="right", ylim=(-0.03, 1.03))
    axes.yaxis.set_major_formatter(_PERCENT)
    axes.legend(loc="best")
    words = "; ".join(
        f"at {point['level']:g}, ours {_percent(point['ours'] / point['n'])}, "
        f"the usual reader {_percent(point['usual'] / point['n'])}"
        for point in points
    )
    told = f"{found['name'].capitalize()} in {found['unit']}, accuracy: {words}."
    return Chart(_themed(figure), told)


@_styled
def curves(history: Mapping[str, Sequence[float]], figure_name: str) -> Chart:
    """Learning curves: "loss", or "error", the share misread, of training and validation."""
    figure = Figure(CHART_IN, layout="constrained")
    axes = figure.subplots()
    key, title = _CURVE_FIGURES[figure_name]
    ends = []
    for prefix, colour, line, name in _CURVE_STYLES:
        values = np.array(history.get(prefix + key, []))
        if figure_name == "error":
            # A logarithmic axis has no zero; what is not seen among thousands is drawn at its foot.
            values = np.maximum(1 - values, 1e-4)
        if len(values):
            axes.plot(range(1, len(values) + 1), values, line, color=colour, label=name)
            ends.append(f"{name} {values[-1]:.4f}")
    axes.set(xlabel="epoch", ylabel=title, yscale="log")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if figure_name == "error":
        axes.yaxis.set_major_formatter(_PERCENT)
    figure.legend(loc="outside upper center", ncols=len(_CURVE_STYLES), columnspacing=1.2)
    told = f"Learning curves: {title} against epochs. At the end: {', '.join(ends)}."
    return Chart(_themed(figure), told)


def confusion_matrices(sets: Mapping[str, Mapping[str, Any]], labels: Sequence[str]) -> bytes:
    """A PNG of the confusion matrix of every data set: counts, coloured by their share."""
    side = max(4.0, MATRIX_CELL_IN * len(labels))
    figure = Figure(figsize=(side * len(sets), side + 0.2), layout="constrained")
    panels = figure.subplots(1, len(sets), squeeze=False)[0]
    for axes, found in zip(panels, sets.values(), strict=True):
        _matrix(axes, found, labels)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _matrix(axes: Axes, found: Mapping[str, Any], labels: Sequence[str]) -> None:
    matrix = found["confusion_matrix"]
    shares = [[count / max(sum(row), 1) for count in row] for row in matrix]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    centred: Any = {"ha": "center", "va": "center"}
    for truth, predicted in product(range(len(labels)), repeat=2):
        count = matrix[truth][predicted]
        wrong = count and predicted != truth
        if wrong:
            corner = (predicted - 0.5, truth - 0.5)
            axes.add_patch(Rectangle(corner, 1, 1, color=BASELINE_COLOUR, alpha=0.25))
        colour = "white" if shares[truth][predicted] > 0.5 else INK_COLOUR
        weight = "bold" if wrong else "normal"
        axes.text(predicted, truth, str(count or "·"), color=colour, fontweight=weight, **centred)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="read as", ylabel="true label")
    axes.set_title(f"{found['of'][:1].upper()}{found['of'][1:]} (n = {found['n']:,})", fontsize=11)


def _percent(share: float) -> str:
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + " %"


_PERCENT = FuncFormatter(lambda value, _: _percent(value))
