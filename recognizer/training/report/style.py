"""How the report's diagrams look: SVG whose colours follow the reader's light or dark theme."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

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
