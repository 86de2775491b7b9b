"""The training of the line network: lines made anew for each epoch, read by CTC.

Connectionist temporal classification (Graves, Fernández, Gomez, Schmidhuber, 2006) learns from the
text alone where in a line its characters stand.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer.files import atomic_write
from recognizer.glyph import SIZE_PX
from recognizer.model import card
from recognizer.model.line_model import BLANK
from recognizer.processes import in_order
from recognizer.training import CONFIG_FILE, HISTORY_FILE, LABELS, LineConfig, RulingConfig
from recognizer.training.collection import Collection
from recognizer.training.made_lines import (
    KIND_SHARES,
    NUMBER,
    PICTURES,
    PRINT,
    LineWriters,
    MadeLine,
)
from recognizer.training.models.arithmetic import calculating
from recognizer.training.models.line_network import line_network, take_over
from recognizer.training.train import LAST_FILE, RunError, fix_seeds, history_of, seed_layers

LENGTH_SHARES = (0.07, 0.09, 0.11, 0.15, 0.20, 0.13, 0.11, 0.08, 0.06)
"""How often a line has one, two, three … characters."""
WIDTH_STEP_PX = 32
"""Batches are made wider to multiples of this, so that few shapes occur."""
MAX_WIDTH_PX = 448
CHUNK_BATCHES = 4
VALIDATION_LINES, VALIDATION_LENGTH, READ_TOGETHER = 512, 5, 64
MAX_GRADIENT_NORM = 5.0


Batch = tuple[NDArray[np.uint8], NDArray[np.int32]]
"""Strips (n, 28, width), and the classes of their characters (n, most), BLANK after the last."""


class Writing:
    """Makes the batches of an epoch; is sent to the processes that do so."""

    def __init__(self, hands: LineWriters, config: LineConfig) -> None:
        self._hands, self._config = hands, config

    def __call__(self, job: tuple[int, int]) -> Batch:
        """A batch by the numbers of its epoch and itself; lines of about the same length."""
        rng = np.random.default_rng([self._config.seed, 20, *job])
        length = 1 + int(rng.choice(len(LENGTH_SHARES), p=LENGTH_SHARES))
        known = [kind for kind in KIND_SHARES if kind in (*self._hands.kinds, PRINT)]
        shares = np.array([KIND_SHARES[kind] for kind in known])
        kinds = rng.choice(known, self._config.batch, p=shares / shares.sum())
        lines: list[MadeLine] = []
        for kind in kinds.tolist():
            line = self._hands.line(kind, length, rng)
            while line.picture.shape[1] > MAX_WIDTH_PX:
                line = self._hands.line(kind, 1, rng)
            lines.append(line)
        return batch_of(lines)


def batch_of(lines: Sequence[MadeLine]) -> Batch:
    """The lines, padded to one width and one length."""
    widest = max(line.picture.shape[1] for line in lines)
    width = -(-widest // WIDTH_STEP_PX) * WIDTH_STEP_PX
    pictures = np.zeros((len(lines), SIZE_PX, width), np.uint8)
    most = max(len(line.text) for line in lines)
    classes = np.full((len(lines), most), BLANK, np.int32)
    for number, line in enumerate(lines):
        pictures[number, :, : line.picture.shape[1]] = line.picture
        classes[number, : len(line.text)] = [1 + LABELS.index(label) for label in line.text]
    return pictures, classes


@keras.saving.register_keras_serializable("recognizer")  # type: ignore[untyped-decorator]
def ctc(targets: Any, scores: Any) -> Any:
    """The CTC loss of each line in nats, over the number of its characters.

    targets: (n, most) classes; scores: (n, steps, classes).
    """
    lengths = ops.sum(ops.cast(ops.not_equal(targets, BLANK), "int32"), axis=-1)
    steps = ops.full((ops.shape(scores)[0],), ops.shape(scores)[1], dtype="int32")
    loss = ops.ctc_loss(targets, scores, lengths, steps, mask_index=BLANK)
    return loss / ops.cast(ops.maximum(lengths, 1), loss.dtype)


def greedy(scores: NDArray[np.float32]) -> list[str]:
    """The text of each line (n, steps, classes) by its likeliest class at every step."""
    found = []
    for best in scores.argmax(axis=-1):
        kept = best[np.concatenate([[True], best[1:] != best[:-1]])]
        found.append("".join(LABELS[number - 1] for number in kept if number != BLANK))
    return found


def train_lines(
    run: Path,
    config: LineConfig,
    collection: Collection,
    glyph_network: keras.Model,
    *,
    minutes: float | None = None,
) -> list[Any]:
    """Train in the folder `run`, from its last epoch on if it has one.

    glyph_network: whose weights are begun with. Leaves there `last.keras` and `history.json`;
    returns the history. minutes: no epoch begins that would probably end later. Raises RunError
    if the folder holds a run with other settings.
    """
    run.mkdir(parents=True, exist_ok=True)
    claim(run, config)
    fix_seeds(config.seed)
    history = history_of(run)
    model = keras.models.load_model(run / LAST_FILE) if history else _learner(config, glyph_network)
    validation = [
        line
        for kind in (NUMBER, PICTURES)
        for line in validation_lines(collection, config.seed, kind, VALIDATION_LINES)
    ]
    began, count = time.monotonic(), config.lines // config.batch
    left = range(len(history), config.epochs)
    jobs = ((epoch, number) for epoch in left for number in range(count))
    writing = Writing(LineWriters(collection, collection.learned), config)
    with closing(in_order(writing, jobs, chunk=CHUNK_BATCHES)) as batches:
        for epoch in left:
            spent = time.monotonic() - began
            if minutes and history and spent + history[-1]["seconds"] > 60 * minutes:
                break
            seed_layers(model.get_layer("lines").layers, [config.seed, epoch])
            history.append(_epoch(model, islice(batches, count), count, epoch, validation))
            save(model, run, history)
    return list(history)


def _learner(config: LineConfig, glyph_network: keras.Model) -> keras.Model:
    """What learns: from strips of bytes (n, 28, width) to the scores along them."""
    with calculating(config.arithmetic):
        network = line_network(len(LABELS) + 1, config.dropout)
        take_over(network, glyph_network)
        strips = keras.Input((SIZE_PX, None, 1), dtype="uint8")
        model = keras.Model(strips, network(keras.layers.Rescaling(1 / 255)(strips)))
    model.compile(optimizer(config, config.lines // config.batch), ctc)
    return model


def _epoch(
    model: keras.Model, batches: Iterator[Batch], count: int, epoch: int, validation: list[MadeLine]
) -> dict[str, float]:
    """Learn from each batch, and read the validation lines; returns the epoch's figures."""
    started = time.monotonic()
    shown = tqdm(batches, total=count, desc=f"epoch {epoch + 1}", unit=" batches", leave=False)
    losses = [
        float(model.train_on_batch(pictures[..., None], classes)) for pictures, classes in shown
    ]
    found = zip(read(model, validation), validation, strict=True)
    right = [text == line.text for text, line in found]
    record = {
        "loss": float(np.mean(losses)),
        "validation_accuracy": float(np.mean(right)),
        "seconds": time.monotonic() - started,
    }
    tqdm.write("  ".join(f"{name} {value:.4f}" for name, value in record.items()))
    return record


def read(model: keras.Model, lines: Sequence[MadeLine]) -> list[str]:
    """What the model reads in the lines, each by itself."""
    found = []
    for start in range(0, len(lines), READ_TOGETHER):
        pictures, _ = batch_of(lines[start : start + READ_TOGETHER])
        found += greedy(np.asarray(model.predict_on_batch(pictures[..., None])))
    return found


def validation_lines(
    collection: Collection, seed: int, kind: str, count: int, *, legible: bool = False
) -> list[MadeLine]:
    """Lines of a kind by validation writers, as they are made for learning, by their width."""
    hands = LineWriters(collection, collection.validation & ~collection.doubtful)
    rng = np.random.default_rng([seed, 21, [*KIND_SHARES].index(kind)])
    lines = count if kind in hands.kinds else 0
    made = [hands.line(kind, VALIDATION_LENGTH, rng, legible=legible) for _ in range(lines)]
    return sorted(made, key=lambda line: line.picture.shape[1])


def optimizer(config: LineConfig | RulingConfig, batches: int) -> keras.optimizers.Optimizer:
    """What learns with the rate of a configuration, whose epochs have so many batches."""
    steps = config.epochs * batches
    rate = keras.optimizers.schedules.CosineDecay(
        config.learning_rate / 20,
        steps,
        alpha=0.001,
        warmup_target=config.learning_rate,
        warmup_steps=steps // 50,
    )
    return keras.optimizers.AdamW(
        rate, weight_decay=config.weight_decay, global_clipnorm=MAX_GRADIENT_NORM
    )


def claim(run: Path, config: LineConfig | RulingConfig) -> None:
    """Write the settings of a run. Raises RunError if it has others already."""
    path = run / CONFIG_FILE
    if path.exists() and json.loads(path.read_text(encoding="utf-8")) != asdict(config):
        raise RunError(
            f"{run} holds a run with other settings. Name another folder with --run, "
            "or delete that one."
        )
    card.write(path, asdict(config))


def save(model: keras.Model, run: Path, history: list[Any]) -> None:
    """Write the network and the history of a run."""
    # The history is written last: it tells which epoch the network belongs to.
    beside = run / f"writing-{LAST_FILE}"
    model.save(beside)
    beside.replace(run / LAST_FILE)
    atomic_write(run / HISTORY_FILE, (json.dumps(history, indent=1) + "\n").encode("utf-8"))
