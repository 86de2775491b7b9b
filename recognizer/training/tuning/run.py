"""A whole search, from the data to the table and the plot of its trials."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from tqdm import tqdm

from recognizer.training import data, material
from recognizer.training.data import Images
from recognizer.training.material import Material
from recognizer.training.tuning import plot, search, trials
from recognizer.training.tuning.plan import Limits, Plan
from recognizer.training.tuning.spaces import SPACES

VARIANTS = 2
"""How often each pen drawing is drawn anew."""


def tune(folder: Path, data_folder: Path | None, plan: Plan, limits: Limits) -> None:
    """Search in `folder` and leave there `trials.json` and `parallel_coordinates.png`.

    The validation data are MNIST's own; what finished is written down even if the search is
    interrupted. Raises TuneError or DataError.
    """
    does = search.role()
    searching = search.Search(folder, plan, limits)
    learned, chosen = (None, None) if does == "chief" else _load(data_folder, plan)
    tqdm.write(_GREETINGS[does].format(folder=folder, **os.environ))
    try:
        searching.go(learned, chosen)
    finally:
        if does != "worker":
            report(folder, plan, limits, searching.finished)


_GREETINGS = {
    "alone": "Tuning in {folder}; Ctrl+C stops it, and the same command goes on.",
    "chief": "Chief: giving out trials at {KERASTUNER_ORACLE_IP}:{KERASTUNER_ORACLE_PORT} until "
    "the workers have finished them.",
    "worker": "Worker {KERASTUNER_TUNER_ID}: training what the chief at "
    "{KERASTUNER_ORACLE_IP}:{KERASTUNER_ORACLE_PORT} gives out.",
}


def report(folder: Path, plan: Plan, limits: Limits, finished: list[trials.Trial]) -> None:
    """Write the trials down, draw them and show them."""
    if not finished:
        tqdm.write("No trial has finished yet.")
        return
    trials.write(folder, plan, finished)
    plot.write(folder, plan, finished)
    best = trials.best_first(finished)[0]
    tqdm.write(trials.table(finished))
    tqdm.write(
        f"{len(finished)} of {limits.trials} trials are done. Best is trial {best.number} with "
        f"{trials.told(best.values)}. Table and plot are in {folder}."
    )


def _load(folder: Path | None, plan: Plan) -> tuple[Material, Images]:
    mnist = data.load_mnist(folder)
    share = min(plan.subset / len(mnist.train.labels), 1)
    train = _some(mnist.train, share, plan.seed)
    if not SPACES[plan.space].with_pen:
        return material.mnist_alone(train), mnist.validation
    drawings, _ = data.split_writers(data.load_pen(folder))
    kept = drawings[:: round(1 / share)]
    return material.prepare(train, kept, VARIANTS, plan.seed), mnist.validation


def _some(images: Images, share: float, seed: int) -> Images:
    n = round(share * len(images.labels))
    kept = np.random.default_rng([seed, 5]).permutation(len(images.labels))[:n]
    return Images(images.images[kept], images.labels[kept])
