"""The trials of a search: kept in a file, shown in a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from recognizer.files import write_beside
from recognizer.training.tuning.plan import Plan
from recognizer.training.tuning.spaces import Values

TRIALS_FILE = "trials.json"


@dataclass(frozen=True)
class Trial:
    """A choice of values and how well it read the validation images.

    accuracy: 0..1. loss: nats. epochs: in all, those of the trial that it went on from
    included; seconds: of its own.
    """

    number: int
    values: Values
    epochs: int
    accuracy: float
    loss: float
    seconds: float


def best_first(trials: Sequence[Trial]) -> list[Trial]:
    """By accuracy, then by loss."""
    return sorted(trials, key=lambda trial: (-trial.accuracy, trial.loss))


def told(values: Values) -> str:
    """The values in words: "filters 64, learning rate 0.001"."""
    return ", ".join(f"{name} {value:g}" for name, value in values.items())


def write(folder: Path, plan: Plan, trials: Sequence[Trial]) -> None:
    """Keep the trials, best first, in `folder`."""
    content = {"plan": asdict(plan), "trials": [asdict(trial) for trial in best_first(trials)]}
    write_beside(folder / TRIALS_FILE, (json.dumps(content, indent=1) + "\n").encode())


def table(trials: Sequence[Trial]) -> str:
    """The trials in columns, best first."""
    names = list(trials[0].values) if trials else []
    rows = [["trial", *names, "epochs", "accuracy", "loss", "time"]]
    rows += [_row(trial) for trial in best_first(trials)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )


def _row(trial: Trial) -> list[str]:
    values: list[Any] = list(trial.values.values())
    return [
        str(trial.number),
        *(f"{value:g}" for value in values),
        str(trial.epochs),
        f"{100 * trial.accuracy:.2f} %",
        f"{trial.loss:.4f}",
        f"{trial.seconds:.0f} s",
    ]
