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
from recognizer.training import augment, models
from recognizer.training.batches import Epoch
from recognizer.training.config import CONFIG_FILE, COSINE, HISTORY_FILE, MNIST_AND_PEN, Config
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
        views = [
            augment.distort(images, rng, VALIDATION_VIEWS_STRENGTH) for _ in range(VALIDATION_VIEWS)
        ]
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
    fine_tuning = Stage(
        config.epochs,
        config.fine_tuning_epochs,
        config.fine_tuning_rate,
        (0.0, config.fine_tuning_strength),
    )
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
    history = history_of(run)
    model = _begin(config, data) if not history else keras.models.load_model(run / LAST_FILE)
    logs = _logs(run / LOGS_FOLDER, history) if tensorboard else None
    for epoch in range(len(history), sum(stage.epochs for stage in stages(config))):
        if stopped(history, config):
            break
        stage = _stage_of(epoch, config)
        if epoch and epoch == stage.first:
            _compile(model, stage, config, data)
        batches = _epoch(epoch, config, data)
        history.append(_train_epoch(model, epoch, config, batches, validation))
        _save(model, run, config, history)
        if logs is not None:
            _log(logs, epoch, history[-1])
        if on_epoch is not None:
            on_epoch(list(history))
    return list(history)


def history_of(run: Path) -> list[Any]:
    """What was recorded of each epoch that the run in this folder has finished."""
    return _read(run / HISTORY_FILE) or []


def stopped(history: list[dict[str, float]], config: Config) -> bool:
    """Whether training ends early: `patience` epochs in a row were no better than one before.

    Each stage begins anew, since its first epoch is better than all before by definition.
    """
    if not config.patience or not history:
        return False
    return len(history) - 1 - best_epoch(history, config) >= config.patience


def _logs(folder: Path, history: list[dict[str, float]]) -> Any:
    """A fresh writer of logs for TensorBoard, told the epochs before."""
    shutil.rmtree(folder, ignore_errors=True)
    writer = tf.summary.create_file_writer(str(folder))
    for epoch, record in enumerate(history):
        _log(writer, epoch, record)
    return writer


def _log(writer: Any, epoch: int, record: dict[str, float]) -> None:
    with writer.as_default():
        for name, value in record.items():
            tf.summary.scalar(name, value, step=epoch + 1)
    writer.flush()


def _claim(run: Path, config: Config) -> None:
    before = _read(run / CONFIG_FILE)
    if before is not None and before != asdict(config):
        raise RunError(
            f"{run} holds a run with other settings. Name another folder with --run, "
            "or delete that one."
        )
    _write(run / CONFIG_FILE, asdict(config))


def _begin(config: Config, data: TrainingData) -> keras.Model:
    model = models.build(config)
    _compile(model, stages(config)[0], config, data)
    return model


def _compile(model: keras.Model, stage: Stage, config: Config, data: TrainingData) -> None:
    """Begin a stage with a fresh optimizer, its rate constant or rising and falling."""
    steps = stage.epochs * len(_epoch(stage.first, config, data))
    schedule: Any = stage.rate
    if config.schedule == COSINE:
        schedule = _cosine(stage.rate, steps)
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=config.weight_decay)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])


def _cosine(rate: float, steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    return keras.optimizers.schedules.CosineDecay(
        rate / 20, decay_steps=steps, warmup_target=rate, warmup_steps=steps // 50, alpha=0.001
    )


def _epoch(epoch: int, config: Config, data: TrainingData) -> Epoch:
    with_pen = config.data == MNIST_AND_PEN
    stage = _stage_of(epoch, config)
    return Epoch(
        data,
        seed=config.seed,
        epoch=epoch,
        batch=config.batch,
        pen_copies=config.pen_copies if with_pen else 0.0,
        out_of_distribution_share=config.out_of_distribution_share if with_pen else 0.0,
        segment_share=config.segment_share if with_pen else 0.0,
        augmentation=config.augmentation,
        strength=stage.strength,
        branches=models.find(config.architecture).branches,
    )


def _train_epoch(
    model: keras.Model, epoch: int, config: Config, batches: Epoch, validation: Validation
) -> dict[str, float]:
    started = time.monotonic()
    _seed_dropout(model, [config.seed, epoch])
    record = _learn(model, batches, f"epoch {epoch + 1}")
    for name, images in (("mnist", validation.mnist), ("pen", validation.pen)):
        accuracy, loss = _judge(model, images)
        record |= {f"{name}_validation_accuracy": accuracy, f"{name}_validation_loss": loss}
    if _stage_of(epoch, config) == stages(config)[-1]:
        varied, labels = validation.varied
        record["varied_misread"] = int(
            (_probabilities(model, varied).argmax(axis=1) != labels).sum()
        )
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


def predict(model: keras.Model, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, 28, 28) uint8 to probabilities (n, number of labels), by Keras; the mean of branches."""
    return _probabilities(model, np.asarray(images / np.float32(255), np.float32))


def _probabilities(model: keras.Model, images: NDArray[np.float32]) -> NDArray[np.float32]:
    parts = [images[first : first + 500, ..., None] for first in range(0, len(images), 500)]
    probabilities = np.concatenate([model.predict_on_batch(part) for part in parts])
    return probabilities if probabilities.ndim == 2 else probabilities.mean(axis=1)


def _judge(model: keras.Model, images: Images) -> tuple[float, float]:
    probabilities = predict(model, images.images)
    right = probabilities[np.arange(len(probabilities)), images.labels]
    accuracy = float(np.mean(probabilities.argmax(axis=1) == images.labels))
    return accuracy, float(-np.log(np.maximum(right, 1e-7)).mean())


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
    _write(run / HISTORY_FILE, history)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise RunError(
            f"{path} is damaged. Delete the folder {path.parent} and train anew."
        ) from None


def _write(path: Path, content: Any) -> None:
    atomic_write(path, (json.dumps(content, indent=1) + "\n").encode("utf-8"))
