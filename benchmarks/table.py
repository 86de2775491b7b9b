"""Figures beside their goals, as rows of words, for the terminal and for the README."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.figures import Figure
from benchmarks.goals import AIM, MINIMUM, MISSED, Goal
from recognizer.console import in_columns

JUDGEMENTS = {AIM: "reaches the aim", MINIMUM: "meets the minimum", MISSED: "missed", "": ""}
HEADS = ("what", "measured", "spread", "minimum", "aim", "", "the usual Keras way")


def rows(figures: Mapping[str, Figure], goals: Mapping[str, Goal]) -> list[tuple[str, ...]]:
    """A row of `HEADS` for every goal whose figure was measured."""
    return [
        _row(goal, figures[name], figures.get(goal.ratio or ""))
        for name, goal in goals.items()
        if name in figures
    ]


def plain(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """The table for a terminal."""
    table = [heads, *([cell.replace("`", "") for cell in line] for line in lines)]
    return in_columns(table, words=range(len(heads)))


def markdown(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """The table for the README."""
    table = [heads, ["---"] * len(heads), *lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in table)


def _row(goal: Goal, figure: Figure, ratio: Figure | None) -> tuple[str, ...]:
    return (
        goal.title,
        amount(figure.value, goal),
        _spread(figure, goal),
        amount(goal.minimum, goal),
        amount(goal.aim, goal),
        JUDGEMENTS[goal.reached(figure)],
        "" if ratio is None else f"{_factor(1 / ratio.value)} × as much",
    )


def amount(value: float | None, goal: Goal) -> str:
    """A figure or goal in words: "99.80 %"; "–" for None."""
    return "–" if value is None else f"{value:.{goal.digits}f} {goal.unit}"


def _spread(figure: Figure, goal: Goal) -> str:
    if figure.interval is None:
        return ""
    low, high = figure.interval
    return f"{low:.{goal.digits}f}–{high:.{goal.digits}f}"


def _factor(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
