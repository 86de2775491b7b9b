"""The training run: one seeded command, which goes on where it was interrupted."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer.errors import SketchpadError
from recognizer.training import network
from recognizer.training.data import Images
from recognizer.training.dataset import Epoch
from recognizer.training.material import Material

CONFIG_FILE, HISTORY_FILE = "config.json", "history.json"
LAST_FILE, BEST_FILE = "last.keras", "best.keras"


class RunError(SketchpadError):
    """A run cannot begin or go on; the message says what to do."""


@dataclass(frozen=True)
class Config:
    """The settings of a run; with the data they determine its weights.

    After `epochs` with the full range of variations, the network settles for some more at a
    lower rate with variations of `settling_strength`, nearer to what it will be shown.
    """

    seed: int = 1
    epochs: int = 64
    settling_epochs: int = 6
    settling_rate: float = 2e-4
    settling_strength: float = 0.3
    batch: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    dropout: float = 0.4
    variants: int = 10
    pen_copies: int = 2
    odd_share: float = 0.03


@dataclass(frozen=True, eq=False)
class Validation:
    """What the checkpoint is chosen on."""

    mnist: Images
    pen: Images


def fix_seeds(seed: int) -> None:
    """Make everything that follows depend on the seed alone, the order of sums included."""
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def train(run: Path, config: Config, material: Material, validation: Validation) -> list[Any]:
    """Train in the folder `run`, from its last epoch on if it has one.

    Leaves there `best.keras`, the weights of the epoch that read the validation data best,
    and `history.json`; returns that history, a dict an epoch. Raises RunError if the folder
    holds a run with other settings.
    """
    run.mkdir(parents=True, exist_ok=True)
    _claim(run, config)
    fix_seeds(config.seed)
    history = _read(run / HISTORY_FILE) or []
    model = _begin(config, material) if not history else keras.models.load_model(run / LAST_FILE)
    for epoch in range(len(history), config.epochs + config.settling_epochs):
        if epoch == config.epochs:
            _compile(model, config.settling_rate, config.settling_epochs, config, material)
        history.append(_train_epoch(model, epoch, config, material, validation))
        _save(model, run, config, history)
    return list(history)


def _claim(run: Path, config: Config) -> None:
    before = _read(run / CONFIG_FILE)
    if before is not None and before != asdict(config):
        raise RunError(
            f"{run} holds a run with other settings. Name another folder with --run, "
            "or delete that one."
        )
    _write(run / CONFIG_FILE, asdict(config))


def _begin(config: Config, material: Material) -> keras.Model:
    model = network.build(config.dropout)
    _compile(model, config.learning_rate, config.epochs, config, material)
    return model


def _compile(
    model: keras.Model, rate: float, epochs: int, config: Config, material: Material
) -> None:
    """Begin with a fresh optimizer, whose rate rises to `rate` and falls over the epochs."""
    steps = epochs * len(_epoch(0, config, material))
    schedule = keras.optimizers.schedules.CosineDecay(
        rate / 20,
        decay_steps=steps,
        warmup_target=rate,
        warmup_steps=steps // 50,
        alpha=0.001,
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=config.weight_decay)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])


def _epoch(epoch: int, config: Config, material: Material) -> Epoch:
    return Epoch(
        material,
        seed=config.seed,
        epoch=epoch,
        batch=config.batch,
        pen_copies=config.pen_copies,
        odd_share=config.odd_share,
        strength=1.0 if epoch < config.epochs else config.settling_strength,
    )


def _train_epoch(
    model: keras.Model, epoch: int, config: Config, material: Material, validation: Validation
) -> dict[str, float]:
    started = time.monotonic()
    _seed_dropout(model, [config.seed, epoch])
    fitted = model.fit(
        _epoch(epoch, config, material), initial_epoch=epoch, epochs=epoch + 1, shuffle=False
    )
    record = {name: float(values[-1]) for name, values in fitted.history.items()}
    for name, images in (("mnist", validation.mnist), ("pen", validation.pen)):
        accuracy, loss = _judge(model, images)
        record["misread"] = record.get("misread", 0) + round((1 - accuracy) * len(images.labels))
        record |= {f"{name}_validation_accuracy": accuracy, f"{name}_validation_loss": loss}
    record["seconds"] = time.monotonic() - started
    tqdm.write("  ".join(f"{k} {v:.4f}" for k, v in record.items() if "validation" in k))
    return record


def _seed_dropout(model: keras.Model, seed: list[int]) -> None:
    # Keras does not save the state of the layers' random generators with the model.
    for number, layer in enumerate(model.layers):
        if isinstance(layer, keras.layers.Dropout):
            state = np.random.default_rng([*seed, number]).integers(0, 2**31, 2)
            layer.seed_generator.state.assign(state)


def predict(model: keras.Model, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, 28, 28) uint8 to probabilities (n, 10), by Keras."""
    inputs = images.astype(np.float32)[..., None] / 255
    return np.asarray(model.predict(inputs, batch_size=500, verbose=0))


def _judge(model: keras.Model, images: Images) -> tuple[float, float]:
    probabilities = predict(model, images.images)
    right = probabilities[np.arange(len(probabilities)), images.labels]
    accuracy = float(np.mean(probabilities.argmax(axis=1) == images.labels))
    return accuracy, float(-np.log(np.maximum(right, 1e-7)).mean())


def score(record: dict[str, float]) -> tuple[float, float]:
    """How good an epoch is: the fewest digits misread on both validation sets, then the loss."""
    losses = record["mnist_validation_loss"] + record["pen_validation_loss"]
    return -record["misread"], -losses


def best_epoch(history: list[dict[str, float]], settled_from: int) -> int:
    """Number of the epoch that read the validation data best, from 0.

    Only epochs that have settled count, as soon as there are any: at a high rate weights jump
    about, and the luckiest of many jumps is no better than the others.
    """
    first = settled_from if len(history) > settled_from else 0
    return max(range(first, len(history)), key=lambda epoch: score(history[epoch]))


def _save(model: keras.Model, run: Path, config: Config, history: list[dict[str, float]]) -> None:
    # The history is written last: it tells which epoch the other files belong to.
    best = best_epoch(history, config.epochs) == len(history) - 1
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
    beside = path.with_name(f"writing-{path.name}")
    beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)
