"""The report's diagrams: SVG whose colours follow the reader's light or dark theme."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from recognizer.training import metrics

INK, MUTED, GRID = "#1a1c1f", "#5c6470", "#d5d9df"

OURS, OTHER, THIRD = "#0072b2", "#d55e00", "#009e73"

TRAINED = "#e3eaf2"

_DARK = {
    INK: "#e9ebee",
    MUTED: "#a5adb8",
    GRID: "#3c434c",
    OURS: "#56b4e9",
    OTHER: "#f0944d",
    THIRD: "#35c795",
    TRAINED: "#2a3440",
}
"""Colours on light paper, and on dark; the lines' are those of Okabe and Ito, which colour-blind
people can tell apart (Color universal design, 2008). Lines differ by their marks, too."""

SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "digit-sketchpad",
    "font.size": 10,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "grid.color": GRID,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}


@contextmanager
def drawn(width: float, height: float) -> Iterator[tuple[Figure, list[str]]]:
    """A figure to draw on; when the context ends, the list holds it as a data URI."""
    saved: list[str] = []
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure, saved
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    saved.append(_themed(file.getvalue()))


def _themed(svg: str) -> str:
    """The SVG as a data URI, its colours looked up by the theme."""
    names = {colour: f"--c{number}" for number, colour in enumerate(_DARK)}
    for colour, name in names.items():
        svg = svg.replace(colour, f"var({name})")
    light, dark = (
        "".join(f"{names[colour]}:{shown};" for colour, shown in theme.items())
        for theme in ({colour: colour for colour in _DARK}, _DARK)
    )
    style = (
        f"<style>:root{{{light}}}text{{font-family:system-ui,sans-serif!important}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}</style>"
    )
    text = svg[svg.index("<svg") :].replace("<defs>", f"{style}<defs>", 1)
    return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()


CHART_WIDTH_IN, CHART_HEIGHT_IN = 4.4, 3.6

SMALL_CHART_WIDTH_IN, SMALL_CHART_HEIGHT_IN = 3.2, 2.6
"""Inches of a diagram, and of one among many; the page makes it as wide as there is room."""

MIN_RANGE_SHARE = 0.002
"""The axis of the accuracy of answers given spans at least this share."""


@dataclass(frozen=True)
class Chart:
    """A diagram as a data URI, and what it shows in words."""

    source: str
    alt: str


def reliability(found: Mapping[str, Any], name: str) -> Chart:
    """How often answers of each confidence are right; found: the details of a data set."""
    bins = found["reliability"]
    confidence = [b["confidence"] for b in bins]
    accuracy = [b["accuracy"] for b in bins]
    errors = [
        [b["accuracy"] - b["interval"][0] for b in bins],
        [b["interval"][1] - b["accuracy"] for b in bins],
    ]
    with drawn(CHART_WIDTH_IN, CHART_HEIGHT_IN) as (figure, saved):
        upper, lower = figure.subplots(2, 1, height_ratios=[4, 1], sharex=True)
        upper.plot([0, 1], [0, 1], color=MUTED, linestyle="--", linewidth=1, label="honest")
        upper.errorbar(
            confidence, accuracy, errors, color=OURS, fmt="o", elinewidth=1.2, label="measured"
        )
        upper.set(ylabel="right", ylim=(-0.03, 1.03), xlim=(0, 1.02))
        upper.legend(loc="lower right")
        middles = [(b["from"] + b["to"]) / 2 for b in bins]
        lower.bar(middles, [b["n"] for b in bins], width=0.9 / metrics.BINS, color=OURS)
        lower.set(yscale="log", ylabel="answers", xlabel="confidence", ylim=(0.5, None))
        lower.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        for axis in (upper.xaxis, upper.yaxis, lower.xaxis):
            axis.set_major_formatter(_PERCENT)
    words = ", ".join(
        f"{_percent(b['confidence'])} confident: {_percent(b['accuracy'])} of {b['n']} right"
        for b in bins
    )
    return Chart(saved[0], f"Reliability diagram, {name}. {words}.")


def coverage(found: Mapping[str, Any], name: str) -> Chart:
    """Accuracy against the share of answers given, the threshold of `sure` marked."""
    given, accuracy = zip(*found["coverage"], strict=True)
    sure, good = found["sure"]["value"], found["sure_accuracy"]["value"]
    # Where next to everything is given and right, the beginning of the curve is empty.
    low = max(0.0, 1 - 6 * max(1 - sure, 0.01))
    with drawn(CHART_WIDTH_IN, CHART_HEIGHT_IN) as (figure, saved):
        axes = figure.subplots()
        axes.plot(given, accuracy, color=OURS, label="answers given by confidence")
        if good is not None:
            axes.plot([sure], [good], "D", color=OTHER, markersize=8, label="sure")
            axes.axvline(sure, color=OTHER, linestyle=":", linewidth=1.2)
        seen = [a for g, a in found["coverage"] if g >= low]
        bottom = min(*seen, 1 - MIN_RANGE_SHARE)
        margin = (1 - bottom) * 0.12
        axes.set(xlabel="answers given", ylabel="of these right")
        axes.set(xlim=(low, 1 + 0.02 * (1 - low)), ylim=(bottom - margin, 1 + margin))
        axes.legend(loc="lower left")
        _in_percent(axes)
    words = f"At the threshold, {_percent(sure)} of the answers are given"
    words += "" if good is None else f", and {_percent(good)} of them are right"
    return Chart(saved[0], f"Accuracy against share of answers given, {name}. {words}.")


def perturbation(found: Mapping[str, Any]) -> Chart:
    """Accuracy of both readers against one thing that was varied."""
    points = found["points"]
    levels = [point["level"] for point in points]
    with drawn(SMALL_CHART_WIDTH_IN, SMALL_CHART_HEIGHT_IN) as (figure, saved):
        axes = figure.subplots()
        if found["trained"]:
            axes.axvspan(*found["trained"], color=TRAINED, linewidth=0, label="in training")
        for reader, colour, mark, name in _READERS:
            shares = [point[reader] / point["n"] for point in points]
            low, high = zip(
                *(metrics.interval(point[reader], point["n"]) for point in points), strict=True
            )
            axes.fill_between(levels, low, high, color=colour, alpha=0.2, linewidth=0)
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
    return Chart(saved[0], f"{found['title']} in {found['unit']}, accuracy: {words}.")


def curves(history: Mapping[str, Sequence[float]], figure_name: str) -> Chart:
    """Learning curves: "loss", or "error", the share misread, of training and validation."""
    with drawn(CHART_WIDTH_IN, CHART_HEIGHT_IN) as (figure, saved):
        axes = figure.subplots()
        ends = []
        for prefix, suffix, colour, line, name in _PARTS:
            values = _curve(history, prefix, suffix, figure_name)
            if values:
                axes.plot(range(1, len(values) + 1), values, line, color=colour, label=name)
                ends.append(f"{name} {values[-1]:.4f}")
        axes.set(xlabel="epoch", ylabel=_CURVES[figure_name], yscale="log")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if figure_name == "error":
            axes.yaxis.set_major_formatter(_PERCENT)
        figure.legend(loc="outside upper center", ncols=len(_PARTS), columnspacing=1.2)
    alt = f"Learning curves: {_CURVES[figure_name]} against epochs. At the end: {', '.join(ends)}."
    return Chart(saved[0], alt)


def confusion_matrices(sets: Mapping[str, Mapping[str, Any]]) -> bytes:
    """A PNG of the confusion matrix of every data set: counts, coloured by their share."""
    figure = Figure(figsize=(6.2 * len(sets), 6.4), layout="constrained")
    for axes, found in zip(
        figure.subplots(1, len(sets), squeeze=False)[0], sets.values(), strict=True
    ):
        _matrix(axes, found)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _matrix(axes: Axes, found: Mapping[str, Any]) -> None:
    matrix = found["confusion_matrix"]
    shares = [[count / max(sum(row), 1) for count in row] for row in matrix]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for truth, row in enumerate(matrix):
        for answer, count in enumerate(row):
            wrong = count and answer != truth
            if wrong:
                axes.add_patch(
                    Rectangle((answer - 0.5, truth - 0.5), 1, 1, color=OTHER, alpha=0.25)
                )
            axes.text(
                answer,
                truth,
                str(count) if count else "·",
                ha="center",
                va="center",
                color="white" if shares[truth][answer] > 0.5 else INK,
                fontweight="bold" if wrong else "normal",
            )
    axes.set(xticks=range(10), yticks=range(10), xlabel="read as", ylabel="true digit")
    axes.set_title(f"{found['of'][:1].upper()}{found['of'][1:]} (n = {found['n']:,})", fontsize=11)


_READERS = (
    ("usual", OTHER, "s--", "usual reader"),
    ("ours", OURS, "o-", "ours"),
)

_PARTS = (
    ("", "", MUTED, ":", "training"),
    ("mnist_validation_", "mnist_", OURS, "-", "MNIST validation"),
    ("pen_validation_", "pen_", OTHER, "--", "pen validation"),
)

_CURVES = {"loss": "loss in nats", "error": "misread"}


def _curve(
    history: Mapping[str, Sequence[float]], prefix: str, suffix: str, name: str
) -> list[float]:
    if name == "loss":
        return list(history.get(f"{prefix}loss", []))
    # A logarithmic axis has no zero; what is not seen among some thousands is drawn at its foot.
    return [max(1 - value, 1e-4) for value in history.get(f"{prefix}accuracy", [])]


def _percent(share: float) -> str:
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + " %"


_PERCENT = FuncFormatter(lambda value, _: _percent(value))


def _in_percent(axes: Axes) -> None:
    axes.xaxis.set_major_formatter(_PERCENT)
    axes.yaxis.set_major_formatter(_PERCENT)
