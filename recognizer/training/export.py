"""From the run's best epoch to the three files that a model consists of."""

from __future__ import annotations

import contextlib
import io
import platform
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import keras

from recognizer.glyph import SIZE
from recognizer.reading import CARD_FILE, DIGITS, MODEL_FILE
from recognizer.training import card, metrics, network
from recognizer.training.data import MNIST_VALIDATION, VALIDATION_WRITERS
from recognizer.training.train import BEST_FILE, Config, Validation, best_epoch, predict

KERAS_FILE = "digits.keras"
PACKAGES = ("tensorflow", "keras", "numpy", "ai-edge-litert", "pillow", "opencv-python-headless")


def export(
    run: Path,
    folder: Path,
    config: Config,
    history: list[dict[str, float]],
    validation: Validation,
    hashes: dict[str, str],
) -> None:
    """Calibrate the run's best epoch and write it to `folder`: Keras file, LiteRT file, card."""
    folder.mkdir(parents=True, exist_ok=True)
    model, scale = calibrated(keras.models.load_model(run / BEST_FILE), config, validation)
    parts = [
        (predict(model, images.images), images.labels)
        for images in (validation.mnist, validation.pen)
    ]
    model.save(folder / KERAS_FILE)
    write_litert(model, folder / MODEL_FILE)
    epoch = best_epoch(history, config.epochs)
    card.write(
        folder / CARD_FILE,
        {
            "name": "Digit Sketchpad, single model",
            "architecture": network.SUMMARY,
            "parameters": model.count_params(),
            "input": f"(n, {SIZE}, {SIZE}, 1) float32 0..1, white ink on black",
            "output": f"(n, {DIGITS}) float32, calibrated probabilities",
            "configuration": asdict(config),
            "chosen": {
                "epoch": epoch + 1,
                "of": len(history),
                "by": "of the settled epochs, the fewest digits misread on both validation sets",
                "validation": f"the last {MNIST_VALIDATION} training images of MNIST, and the pen "
                f"writers {', '.join(map(str, VALIDATION_WRITERS))}",
                "figures": history[epoch],
            },
            "training_minutes": round(sum(record["seconds"] for record in history) / 60, 1),
            "temperature": scale,
            "sure_threshold": metrics.sure_threshold(parts),
            "sure_means": "at most 1 in 1000 such answers was wrong on either validation set",
            "data": hashes,
            "versions": {"python": platform.python_version()}
            | {name: version(name) for name in PACKAGES},
        },
    )


def calibrated(
    model: keras.Model, config: Config, validation: Validation
) -> tuple[keras.Model, float]:
    """The same model with its temperature in the weights of the last layer, and that temperature.

    So the Keras file and the exported one both give calibrated probabilities.
    """
    scale = metrics.temperature(
        [
            (predict(model, images.images), images.labels)
            for images in (validation.mnist, validation.pen)
        ]
    )
    plain = network.build(config.dropout)
    plain.set_weights(model.get_weights())
    last = plain.get_layer("digits")
    last.set_weights([weight / scale for weight in last.get_weights()])
    return plain, scale


def write_litert(model: keras.Model, path: Path) -> None:
    """Write the network as a LiteRT file."""
    with contextlib.redirect_stdout(io.StringIO()):
        model.export(path, format="litert", verbose=False)
