"""The training of the ruling network on parts of pages that are made anew for each epoch."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer.processes import in_order
from recognizer.training import RulingConfig
from recognizer.training.collection import Collection
from recognizer.training.line_training import claim, optimizer, save
from recognizer.training.made_lines import LineWriters
from recognizer.training.made_pages import INK_WEIGHT, MadePage, made_page
from recognizer.training.models.arithmetic import calculating
from recognizer.training.models.ruling_network import ruling_network
from recognizer.training.train import LAST_FILE, fix_seeds, history_of

CHUNK_BATCHES, VALIDATION_PAGES, SEEN_TOGETHER = 8, 256, 16

Batch = tuple[NDArray[np.uint8], NDArray[np.uint8]]
"""What the network sees (n, side, side, 1), and the targets of `ink_loss`."""


class Printing:
    """Makes the batches of an epoch; is sent to the processes that do so."""

    def __init__(self, writers: LineWriters, config: RulingConfig) -> None:
        self._writers, self._config = writers, config

    def __call__(self, job: tuple[int, int]) -> Batch:
        """A batch by the numbers of its epoch and itself."""
        rng = np.random.default_rng([self._config.seed, 30, *job])
        return _batch([made_page(self._writers, rng) for _ in range(self._config.batch)])


def _batch(pages: Sequence[MadePage]) -> Batch:
    pictures = np.stack([page.picture for page in pages])
    targets = [np.stack([page.is_written, page.weights], axis=-1) for page in pages]
    return pictures[..., None], np.stack(targets)


@keras.saving.register_keras_serializable("recognizer")  # type: ignore[untyped-decorator]
def ink_loss(targets: Any, scores: Any) -> Any:
    """The mean cross-entropy of the ink's pixels in nats.

    targets: bytes (n, height, width, 2), whether each is written, 0 or 1, and how much it counts;
    scores: (n, height, width, 1).
    """
    targets = ops.cast(targets, scores.dtype)
    written, weights = targets[..., :1], targets[..., 1:]
    each = ops.softplus(scores) - written * scores
    return ops.sum(weights * each) / (ops.sum(weights) + 1.0)


def train_ruling(
    run: Path, config: RulingConfig, collection: Collection, *, minutes: float | None = None
) -> list[Any]:
    """Train in the folder `run`, from its last epoch on if it has one.

    Leaves there `last.keras` and `history.json`; returns the history. minutes: no epoch begins
    that would probably end later. Raises RunError if the folder holds a run with other settings.
    """
    run.mkdir(parents=True, exist_ok=True)
    claim(run, config)
    fix_seeds(config.seed)
    history = history_of(run)
    model = keras.models.load_model(run / LAST_FILE) if history else _learner(config)
    validation = validation_pages(collection, config.seed, VALIDATION_PAGES)
    began, count = time.monotonic(), config.pages // config.batch
    left = range(len(history), config.epochs)
    jobs = ((epoch, number) for epoch in left for number in range(count))
    printing = Printing(LineWriters(collection, collection.learned), config)
    with closing(in_order(printing, jobs, chunk=CHUNK_BATCHES)) as batches:
        for epoch in left:
            spent = time.monotonic() - began
            if minutes and history and spent + history[-1]["seconds"] > 60 * minutes:
                break
            history.append(_epoch(model, islice(batches, count), count, epoch, validation))
            save(model, run, history)
    return list(history)


def _learner(config: RulingConfig) -> keras.Model:
    """What learns: from pages of bytes to their scores."""
    with calculating(config.arithmetic):
        pages = keras.Input((None, None, 1), dtype="uint8")
        model = keras.Model(pages, ruling_network()(keras.layers.Rescaling(1 / 255)(pages)))
    model.compile(optimizer(config, config.pages // config.batch), ink_loss)
    return model


def _epoch(
    model: keras.Model, batches: Iterator[Batch], count: int, epoch: int, validation: list[MadePage]
) -> dict[str, float]:
    """Learn from each batch, and look at the validation pages; returns the epoch's figures."""
    started = time.monotonic()
    shown = tqdm(batches, total=count, desc=f"epoch {epoch + 1}", unit=" batches", leave=False)
    losses = [float(model.train_on_batch(pictures, targets)) for pictures, targets in shown]
    lost, kept = judged_pages(model, validation)
    record = {
        "loss": float(np.mean(losses)),
        "validation_lost": lost,
        "validation_kept": kept,
        "seconds": time.monotonic() - started,
    }
    tqdm.write("  ".join(f"{name} {value:.4f}" for name, value in record.items()))
    return record


def judged_pages(model: keras.Model, pages: Sequence[MadePage]) -> tuple[float, float]:
    """The share of the written ink that is lost, and that of the print that is kept."""
    counts = np.zeros((2, 2))
    for start in range(0, len(pages), SEEN_TOGETHER):
        pictures, targets = _batch(pages[start : start + SEEN_TOGETHER])
        found = np.asarray(model.predict_on_batch(pictures))[..., 0] > 0
        for written in (0, 1):
            some = (targets[..., 1] >= INK_WEIGHT) & (targets[..., 0] == written)
            counts[written] += np.bincount(found[some], minlength=2)
    (_, kept), (lost, _) = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return float(lost), float(kept)


def validation_pages(collection: Collection, seed: int, count: int) -> list[MadePage]:
    """Parts of pages by validation writers, as they are made for learning."""
    writers = LineWriters(collection, collection.validation & ~collection.doubtful)
    rng = np.random.default_rng([seed, 31])
    return [made_page(writers, rng) for _ in range(count)]
