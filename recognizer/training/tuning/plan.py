"""What a search is asked to do, and its mark in the folder that it works in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from recognizer.errors import SketchpadError
from recognizer.files import write_beside
from recognizer.training.tuning.spaces import SPACES

PLAN_FILE = "plan.json"
METHODS = ("hyperband", "random")


class TuneError(SketchpadError):
    """A search cannot begin or go on; the message says what to do."""


@dataclass(frozen=True)
class Plan:
    """What is searched and how; with the data it determines every trial.

    space: a name in SPACES. method: one of METHODS. epochs: the length of the longest trials.
    subset: how many of MNIST's training images a trial learns from, and the same share of the
    pen strokes. Raises TuneError for what is not possible.
    """

    space: str = "simple"
    method: str = "hyperband"
    epochs: int = 8
    subset: int = 15_000
    seed: int = 1

    def __post_init__(self) -> None:
        _one_of("space", self.space, tuple(SPACES))
        _one_of("method", self.method, METHODS)
        _at_least("epochs", self.epochs, 1)
        _at_least("subset", self.subset, SPACES[self.space].config.batch)
        _at_least("seed", self.seed, 1)


@dataclass(frozen=True)
class Limits:
    """How long a search goes on: trials in all, and hours from now on (None: any number)."""

    trials: int
    hours: float | None = None

    def __post_init__(self) -> None:
        _at_least("trials", self.trials, 1)
        if self.hours is not None and not self.hours > 0:
            raise TuneError(f"hours must be more than 0, not {self.hours:g}.")


def claim(folder: Path, plan: Plan) -> None:
    """Mark the folder as this search's. Raises TuneError if another search was there before."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PLAN_FILE
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        before = asdict(plan)
        write_beside(path, (json.dumps(before, indent=1) + "\n").encode())
    except ValueError:
        raise TuneError(f"{path} is damaged. Delete the folder {folder} and tune anew.") from None
    if before != asdict(plan):
        raise TuneError(
            f"{folder} holds another search ({_told(before)}). Name another folder with --run, "
            "or delete that one."
        )


def _told(before: object) -> str:
    pairs = before.items() if isinstance(before, dict) else ()
    return ", ".join(f"{name} {value}" for name, value in pairs)


def _one_of(what: str, name: str, names: tuple[str, ...]) -> None:
    if name not in names:
        raise TuneError(f"There is no {what} {name!r} to tune. There are: {', '.join(names)}.")


def _at_least(what: str, number: int, least: int) -> None:
    if number < least:
        raise TuneError(f"{what} must be at least {least}, not {number}.")
