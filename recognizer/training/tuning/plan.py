"""What a search is asked to do, and the trials that came out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras

from recognizer.console import in_columns
from recognizer.errors import SketchpadError
from recognizer.model import card
from recognizer.training import COSINE, MNIST_AND_PEN, Config, models, train
from recognizer.training.models import networks

Values = Mapping[str, Any]
PLAN_FILE, TRIALS_FILE = "plan.json", "trials.json"
METHODS = ("hyperband", "random")
LEARNING_RATE, WEIGHT_DECAY = "learning rate", "weight decay"
DRAWING_VARIANTS = 2
"""How often each pen drawing is drawn anew."""


@dataclass(frozen=True, eq=False)
class Space:
    """Settings to choose among; all else is as the architecture is usually trained.

    settings: the values of each, in their order. build: the network for a choice of values, its
    channels and classes.
    """

    config: Config
    settings: Mapping[str, tuple[float, ...]]
    build: Callable[[Values, int, int], keras.Model]

    def begin(self, values: Values, steps: int) -> keras.Model:
        """What learns in a trial, compiled; steps: of the longest ones."""
        network = self.build(values, self.config.channels, self.config.classes)
        model = train.learner(network, self.config)
        rate: Any = values[LEARNING_RATE]
        if self.config.schedule == COSINE:
            rate = keras.optimizers.schedules.CosineDecay(rate, steps)
        decay = values.get(WEIGHT_DECAY, self.config.weight_decay)
        optimizer = keras.optimizers.AdamW(rate, weight_decay=decay)
        model.compile(optimizer, train.partial_label_loss)
        return model


_TUNED = models.find("tuned").configure({})
SPACES: Mapping[str, Space] = {
    "simple": Space(
        _TUNED,
        {
            "filters": (32, 64, 128),
            "dense units": (32, 64, 128),
            LEARNING_RATE: (0.01, 0.001, 0.0001),
        },
        lambda values, *shape: networks.tuned(
            values["filters"], values["dense units"], _TUNED.dropout, *shape
        ),
    ),
    "ours": Space(
        models.find("ours").configure(
            {"data": MNIST_AND_PEN, "segment_share": 0.0, "variants": DRAWING_VARIANTS}
        ),
        {
            "dropout": (0.2, 0.3, 0.4, 0.5, 0.6),
            LEARNING_RATE: (0.0005, 0.001, 0.002, 0.004),
            WEIGHT_DECAY: (0.005, 0.01, 0.02, 0.04),
        },
        lambda values, *shape: networks.ours(values["dropout"], *shape),
    ),
}


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
        before = card.read(path)
    except FileNotFoundError:
        before = asdict(plan)
        card.write(path, before)
    except ValueError:
        raise TuneError(f"{path} is damaged. Delete the folder {folder} and tune anew.") from None
    if before != asdict(plan):
        held = ", ".join(f"{name} {value}" for name, value in before.items())
        raise TuneError(
            f"{folder} holds another search ({held}). Name another folder with --run, or delete "
            "that one."
        )


def _one_of(what: str, name: str, names: tuple[str, ...]) -> None:
    if name not in names:
        raise TuneError(f"There is no {what} {name!r} to tune. There are: {', '.join(names)}.")


def _at_least(what: str, number: int, least: int) -> None:
    if number < least:
        raise TuneError(f"{what} must be at least {least}, not {number}.")


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


def in_words(values: Values) -> str:
    """The values in words: "filters 64, learning rate 0.001"."""
    return ", ".join(f"{name} {value:g}" for name, value in values.items())


def write_trials(folder: Path, plan: Plan, trials: Sequence[Trial]) -> None:
    """Keep the trials, best first, in `folder`."""
    content = {"plan": asdict(plan), "trials": [asdict(trial) for trial in best_first(trials)]}
    card.write(folder / TRIALS_FILE, content)


def trials_table(trials: Sequence[Trial]) -> str:
    """The trials in columns, best first."""
    names = list(trials[0].values) if trials else []
    rows = [["trial", *names, "epochs", "accuracy", "loss", "time"]]
    for trial in best_first(trials):
        found = f"{100 * trial.accuracy:.2f} %", f"{trial.loss:.4f}", f"{trial.seconds:.0f} s"
        values = (f"{value:g}" for value in trial.values.values())
        rows.append([str(trial.number), *values, str(trial.epochs), *found])
    return in_columns(rows)
