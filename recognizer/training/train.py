"""The training run: one seeded command, which goes on where it was interrupted."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer.datasets import Images
from recognizer.errors import SketchpadError
from recognizer.files import atomic_write
from recognizer.model import as_images, card
from recognizer.training import CONFIG_FILE, COSINE, HISTORY_FILE, Config, augment, metrics, models
from recognizer.training.batches import Epoch
from recognizer.training.synthesis import TrainingData

LAST_FILE, BEST_FILE = "last.keras", "best.keras"
"""The network after the last epoch and after the best one."""
LOGS_FOLDER = "logs"
VALIDATION_VIEWS, VALIDATION_VIEWS_STRENGTH, VALIDATION_VIEWS_SEED = 6, 0.5, 77
"""How often and how far digits are varied on which the checkpoint is chosen."""


class RunError(SketchpadError):
    """A run cannot begin or go on; the message says what to do."""


@dataclass(frozen=True, eq=False)
class Validation:
    """What the checkpoint is chosen on.

    of: what it is in words, if not MNIST's last training images and the validation writers.
    """

    mnist: Images
    pen: Images
    of: str | None = None

    @cached_property
    def varied(self) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """All of them in several mild variations, (n, 28, 28) in 0..1, and their labels (n,).

        Of a few thousand plain digits, good networks misread about as many; of their variations
        the better one misreads fewer.
        """
        images = np.concatenate([self.mnist.images, self.pen.images])
        rng = np.random.default_rng(VALIDATION_VIEWS_SEED)
        strength, times = VALIDATION_VIEWS_STRENGTH, range(VALIDATION_VIEWS)
        views = [augment.distort(images, rng, strength) for _ in times]
        labels = np.concatenate([self.mnist.labels, self.pen.labels])
        return np.concatenate(views), np.tile(labels, VALIDATION_VIEWS)


@dataclass(frozen=True)
class Stage:
    """Epochs in a row that have the same optimizer and strength of variations."""

    first: int
    epochs: int
    rate: float
    strength: tuple[float, float]


def stages(config: Config) -> list[Stage]:
    """What a run consists of: learning and fine-tuning."""
    learning = Stage(0, config.epochs, config.learning_rate, (1.0, 1.0))
    rate, strength = config.fine_tuning_rate, (0.0, config.fine_tuning_strength)
    fine_tuning = Stage(config.epochs, config.fine_tuning_epochs, rate, strength)
    return [stage for stage in (learning, fine_tuning) if stage.epochs]


def _stage_of(epoch: int, config: Config) -> Stage:
    return next(stage for stage in reversed(stages(config)) if epoch >= stage.first)


def fix_seeds(seed: int) -> None:
    """Make everything that follows depend on the seed alone, the order of sums included."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def train(
    run: Path,
    config: Config,
    data: TrainingData,
    validation: Validation,
    *,
    tensorboard: bool = False,
    on_epoch: Callable[[list[Any]], None] | None = None,
) -> list[Any]:
    """Train in the folder `run`, from its last epoch on if it has one.

    Leaves there `best.keras`, the weights of the epoch that read the validation data best,
    `history.json` and, if wanted, `logs` for TensorBoard; returns the history, one dict for
    each epoch, and hands it to `on_epoch` after each. Raises RunError if the folder holds a run
    with other settings.
    """
    run.mkdir(parents=True, exist_ok=True)
    _claim(run, config)
    fix_seeds(config.seed)
    history: list[Any] = _read(run / HISTORY_FILE) or []
    model = keras.models.load_model(run / LAST_FILE) if history else models.build(config)
    logs = _fresh_log(run / LOGS_FOLDER, history) if tensorboard else None
    for epoch in range(len(history), sum(stage.epochs for stage in stages(config))):
        if stopped(history, config):
            break
        history.append(_train_epoch(model, epoch, config, data, validation))
        _save(model, run, config, history)
        if logs is not None:
            _log(logs, history, epoch)
        if on_epoch is not None:
            on_epoch(list(history))
    return list(history)


def stopped(history: list[dict[str, float]], config: Config) -> bool:
    """Whether training ends early: `patience` epochs in a row were no better than one before.

    Each stage begins anew, since its first epoch is better than all before by definition.
    """
    if not config.patience or not history:
        return False
    return len(history) - 1 - best_epoch(history, config) >= config.patience


def _fresh_log(folder: Path, history: list[dict[str, float]]) -> Any:
    """A new log for TensorBoard, which is told the epochs before."""
    shutil.rmtree(folder, ignore_errors=True)
    writer = tf.summary.create_file_writer(str(folder))
    _log(writer, history)
    return writer


def _log(writer: Any, history: list[dict[str, float]], first: int = 0) -> None:
    """Tell TensorBoard the figures of the epochs from the first on."""
    with writer.as_default():
        for step, record in enumerate(history[first:], first + 1):
            for name, value in record.items():
                tf.summary.scalar(name, value, step=step)
    writer.flush()


def _claim(run: Path, config: Config) -> None:
    before = _read(run / CONFIG_FILE)
    if before is not None and before != asdict(config):
        raise RunError(
            f"{run} holds a run with other settings. Name another folder with --run, "
            "or delete that one."
        )
    card.write(run / CONFIG_FILE, asdict(config))


def _compile(model: keras.Model, stage: Stage, config: Config, data: TrainingData) -> None:
    """Begin a stage with a fresh optimizer, its rate constant or rising and falling."""
    rate: Any = stage.rate
    if config.schedule == COSINE:
        steps = stage.epochs * len(Epoch.of(config, data, stage.first))
        rate = keras.optimizers.schedules.CosineDecay(
            rate / 20, steps, alpha=0.001, warmup_target=rate, warmup_steps=steps // 50
        )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=config.weight_decay)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])


def _train_epoch(
    model: keras.Model, epoch: int, config: Config, data: TrainingData, validation: Validation
) -> dict[str, float]:
    """Learn, and read the validation data; returns the epoch's figures."""
    stage = _stage_of(epoch, config)
    if epoch == stage.first:
        _compile(model, stage, config, data)
    batches = Epoch.of(config, data, epoch, strength=stage.strength)
    started = time.monotonic()
    _seed_dropout(model, [config.seed, epoch])
    record = _learn(model, batches, f"epoch {epoch + 1}")
    for name, images in (("mnist", validation.mnist), ("pen", validation.pen)):
        judged = predict(model, images.images), images.labels
        record[f"{name}_validation_accuracy"] = metrics.accuracy(*judged)
        record[f"{name}_validation_loss"] = metrics.loss(*judged)
    if stage == stages(config)[-1]:
        varied, labels = validation.varied
        misread = predict(model, varied).argmax(axis=1) != labels
        record["varied_misread"] = int(misread.sum())
    record["seconds"] = time.monotonic() - started
    tqdm.write("  ".join(f"{k} {v:.4f}" for k, v in record.items() if "validation" in k))
    return record


def _learn(model: keras.Model, batches: Epoch, title: str) -> dict[str, float]:
    """Learn from each of the batches once; returns the means over them.

    Keras' own `fit` often keeps to one core for a whole epoch, single steps do not.
    """
    results = [
        model.train_on_batch(*batches[number], return_dict=True)
        for number in tqdm(range(len(batches)), desc=title, unit=" batches", leave=False)
    ]
    return {name: float(np.mean([result[name] for result in results])) for name in results[0]}


def _seed_dropout(model: keras.Model, seed: list[int]) -> None:
    # Keras does not save the state of the layers' random generators with the model.
    for number, layer in enumerate(model.layers):
        if isinstance(layer, keras.layers.Dropout) and layer.rate:
            state = np.random.default_rng([*seed, number]).integers(0, 2**31, 2)
            layer.seed_generator.state.assign(state)


def predict(model: keras.Model, glyphs: NDArray[Any]) -> NDArray[np.float32]:
    """Glyphs (n, 28, 28), uint8 or 0..1, to probabilities (n, number of labels) by Keras.

    Of a network with branches it is their mean.
    """
    images = as_images(glyphs)
    parts = [images[first : first + 500, ..., None] for first in range(0, len(images), 500)]
    probabilities = np.concatenate([model.predict_on_batch(part) for part in parts])
    return probabilities if probabilities.ndim == 2 else probabilities.mean(axis=1)


def score(record: dict[str, float]) -> tuple[float, float]:
    """How good an epoch is: the fewest varied digits misread, then the least loss.

    Varied digits are read in the last stage only, of which the best epoch is kept in the end.
    """
    losses = record["mnist_validation_loss"] + record["pen_validation_loss"]
    return -record.get("varied_misread", 0), -losses


def best_epoch(history: list[dict[str, float]], config: Config) -> int:
    """Number of the epoch that read the validation data best, from 0.

    Only epochs of the latest stage count: at a high rate weights jump about, and the luckiest
    of many jumps is no better than the others.
    """
    first = _stage_of(len(history) - 1, config).first
    return max(range(first, len(history)), key=lambda epoch: score(history[epoch]))


def _save(model: keras.Model, run: Path, config: Config, history: list[dict[str, float]]) -> None:
    # The history is written last: it tells which epoch the other files belong to.
    best = best_epoch(history, config) == len(history) - 1
    for name in [LAST_FILE, BEST_FILE] if best else [LAST_FILE]:
        beside = run / f"writing-{name}"
        model.save(beside)
        beside.replace(run / name)
    text = json.dumps(history, indent=1) + "\n"
    atomic_write(run / HISTORY_FILE, text.encode("utf-8"))


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise RunError(
            f"{path} is damaged. Delete the folder {path.parent} and train anew."
        ) from None
