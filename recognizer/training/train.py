"""The training run: one seeded command, which goes on where it was interrupted.

It uses Keras alone, so that it runs on TensorFlow, JAX or PyTorch: KERAS_BACKEND says which.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from recognizer.errors import SketchpadError
from recognizer.files import atomic_write
from recognizer.glyph import SIZE_PX
from recognizer.model import card
from recognizer.training import (
    CONFIG_FILE,
    COSINE,
    HISTORY_FILE,
    NO_VARIATION,
    Config,
    metrics,
    models,
)
from recognizer.training.batches import Epoch
from recognizer.training.distortion import Distortion, no_variations
from recognizer.training.models.arithmetic import in_floats
from recognizer.training.synthesis import TrainingData
from recognizer.training.validation import Validation, ValidationPart, predict

LAST_FILE, BEST_FILE = "last.keras", "best.keras"
"""What learned up to the last epoch, and the network after the best one."""
LOGS_FOLDER = "logs"


class RunError(SketchpadError):
    """A run cannot begin or go on; the message says what to do."""


class UnfinishedError(SketchpadError):
    """A run has stopped before there is a model; the message says how it goes on."""


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
    os.environ["TF_DETERMINISTIC_OPS"] = "1"


@keras.saving.register_keras_serializable("recognizer")  # type: ignore[untyped-decorator]
def partial_label_loss(targets: Any, probabilities: Any) -> Any:
    """The cross-entropy where several classes may be right, in nats.

    It is that of their summed probability: the loss of partial labels (Jin, Ghahramani: Learning
    with multiple labels, 2002). targets: (..., classes) of 0 and 1.
    """
    right = ops.sum(ops.multiply(targets, probabilities), axis=-1)
    return -ops.log(ops.clip(right, 1e-7, 1.0))


@keras.saving.register_keras_serializable("recognizer")  # type: ignore[untyped-decorator]
def accuracy(targets: Any, probabilities: Any) -> Any:
    """Whether the likeliest class is a right one."""
    likeliest = ops.one_hot(ops.argmax(probabilities, axis=-1), targets.shape[-1])
    return ops.sum(ops.multiply(targets, likeliest), axis=-1)


def learner(network: keras.Model, config: Config) -> keras.Model:
    """What learns: from glyphs of bytes, and how they vary, to what the network gives of them."""
    inputs = {
        "glyphs": keras.Input((SIZE_PX, SIZE_PX, config.channels), dtype="uint8", name="glyphs")
    }
    shown = keras.layers.Rescaling(1 / 255)(inputs["glyphs"])
    if config.augmentation != NO_VARIATION:
        how = {name: keras.Input(each.shape[1:], name=name) for name, each in _one_variation()}
        shown = Distortion(config.seed)({"glyphs": shown} | how)
        inputs |= how
    return keras.Model(inputs, network(shown))


def _one_variation() -> Any:
    return no_variations(1).items()


def train(
    run: Path,
    config: Config,
    data: TrainingData,
    validation: Validation,
    *,
    tensorboard: bool = False,
    minutes: float | None = None,
    on_epoch: Callable[[list[Any]], None] | None = None,
) -> list[Any]:
    """Train in the folder `run`, from its last epoch on if it has one.

    Leaves there `best.keras`, the weights of the epoch that read the validation data best,
    `history.json` and, if wanted, `logs` for TensorBoard; returns the history, one dict for
    each epoch, and hands it to `on_epoch` after each. minutes: no epoch begins that would
    probably end later. Raises RunError if the folder holds a run with other settings.
    """
    run.mkdir(parents=True, exist_ok=True)
    _claim(run, config)
    fix_seeds(config.seed)
    began = time.monotonic()
    history = history_of(run)
    model = (
        keras.models.load_model(run / LAST_FILE)
        if history
        else learner(models.build(config), config)
    )
    logs = _fresh_log(run / LOGS_FOLDER, history) if tensorboard else None
    for epoch in range(len(history), epochs_of(config)):
        if stopped(history, config):
            break
        if minutes and history and _ends_after(60 * minutes, began, history):
            break
        history.append(_train_epoch(model, epoch, config, data, validation))
        _save(model, run, config, history)
        if logs is not None:
            _log(logs, history, epoch)
        if on_epoch is not None:
            on_epoch(list(history))
    return list(history)


def history_of(run: Path) -> list[Any]:
    """The figures of each epoch that a run has had. Raises RunError if they are damaged."""
    return _read(run / HISTORY_FILE) or []


def epochs_of(config: Config) -> int:
    """How many epochs a run has at most."""
    return sum(stage.epochs for stage in stages(config))


def finished(history: list[dict[str, float]], config: Config) -> bool:
    """Whether nothing is left to train."""
    return len(history) >= epochs_of(config) or stopped(history, config)


def _ends_after(seconds: float, began: float, history: list[dict[str, float]]) -> bool:
    return time.monotonic() - began + history[-1]["seconds"] > seconds


def stopped(history: list[dict[str, float]], config: Config) -> bool:
    """Whether training ends early: `patience` epochs in a row were no better than one before.

    Each stage begins anew, since its first epoch is better than all before by definition.
    """
    if not config.patience or not history:
        return False
    return len(history) - 1 - best_epoch(history, config) >= config.patience


def _fresh_log(folder: Path, history: list[dict[str, float]]) -> Any:
    """A new log for TensorBoard, which is told the epochs before."""
    import tensorflow as tf  # its format of logs; all else is Keras

    shutil.rmtree(folder, ignore_errors=True)
    writer = tf.summary.create_file_writer(str(folder))
    _log(writer, history)
    return writer


def _log(writer: Any, history: list[dict[str, float]], first: int = 0) -> None:
    """Tell TensorBoard the figures of the epochs from the first on."""
    import tensorflow as tf

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
        steps = stage.epochs * len(Epoch(config, data, stage.first))
        rate = keras.optimizers.schedules.CosineDecay(
            rate / 20, steps, alpha=0.001, warmup_target=rate, warmup_steps=steps // 50
        )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=config.weight_decay)
    model.compile(optimizer, partial_label_loss, metrics=[accuracy])


def _train_epoch(
    model: keras.Model, epoch: int, config: Config, data: TrainingData, validation: Validation
) -> dict[str, float]:
    """Learn, and read the validation data; returns the epoch's figures."""
    stage = _stage_of(epoch, config)
    if epoch == stage.first:
        _compile(model, stage, config, data)
    branches = models.find(config.architecture).branches
    batches = Epoch(config, data, epoch, stage.strength, branches)
    started = time.monotonic()
    seed_layers([*model.layers, *model.get_layer("digits").layers], [config.seed, epoch])
    record = _learn(model, batches, f"epoch {epoch + 1}")
    network = model.get_layer("digits")
    for name, part in validation.parts.items():
        judged = part.judged(predict(network, part.glyphs), config)
        record[f"{name}_validation_accuracy"] = metrics.accuracy(*judged)
        record[f"{name}_validation_loss"] = metrics.loss(*judged)
    if stage == stages(config)[-1]:
        errors = [_varied_error(network, part, config) for part in validation.parts.values()]
        record["varied_error"] = float(np.mean(errors))
    record["seconds"] = time.monotonic() - started
    tqdm.write("  ".join(f"{k} {v:.4f}" for k, v in record.items() if "validation_acc" in k))
    return record


def _varied_error(network: keras.Model, part: ValidationPart, config: Config) -> float:
    judged = (part.judged(predict(network, view), config) for view in part.varied)
    return float(np.mean([1 - metrics.accuracy(*each) for each in judged]))


def _learn(model: keras.Model, batches: Epoch, title: str) -> dict[str, float]:
    """Learn from each of the batches once; returns the means over them.

    Keras' own `fit` often keeps to one core for a whole epoch, single steps do not.
    """
    results = [
        model.train_on_batch(*batches[number], return_dict=True)
        for number in tqdm(range(len(batches)), desc=title, unit=" batches", leave=False)
    ]
    return {name: float(np.mean([result[name] for result in results])) for name in results[0]}


def seed_layers(layers: Sequence[keras.Layer], seed: list[int]) -> None:
    """Begin an epoch with random generators that depend on a seed alone.

    Keras does not save their state with the model.
    """
    for number, layer in enumerate(layers):
        if isinstance(layer, Distortion) or (
            isinstance(layer, keras.layers.Dropout) and layer.rate
        ):
            state = np.random.default_rng([*seed, number]).integers(0, 2**31, 2)
            layer.seed_generator.state.assign(state)


def score(record: dict[str, float]) -> tuple[float, float]:
    """How good an epoch is: the least error on varied characters, then the least loss.

    They are read in the last stage only, of which the best epoch is kept in the end.
    """
    losses = sum(value for name, value in record.items() if name.endswith("validation_loss"))
    return -record.get("varied_error", 0.0), -losses


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
        (model if name == LAST_FILE else in_floats(model.get_layer("digits"))).save(beside)
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
