"""From a trained network to the three files that a model consists of."""

from __future__ import annotations

import contextlib
import io
import platform
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from recognizer.datasets import Images
from recognizer.datasets.mnist import VALIDATION_IMAGES
from recognizer.datasets.pendigits import VALIDATION_WRITERS
from recognizer.files import atomic_write
from recognizer.glyph import SIZE_PX
from recognizer.model import Network, as_images, card
from recognizer.model.card import CARD_FILE, KERAS_FILE, MODEL_FILE
from recognizer.training import LABELS, Config, calibration, metrics, models
from recognizer.training.models import Claim, networks
from recognizer.training.segmentation_weights import unfitted_segmentation
from recognizer.training.train import BEST_FILE, Validation, best_epoch, predict

SegmentationOf = Callable[[bytes], dict[str, Any]]
"""Gives the costs of segmentation, as a card keeps them, for the content of a LiteRT file."""
PACKAGES = (
    *("tensorflow", "keras", "scikit-learn", "numpy"),
    *("ai-edge-litert", "pillow", "opencv-python-headless"),
)
_IDS = ", ".join(map(str, VALIDATION_WRITERS))
_CHOSEN_ON = f"the last {VALIDATION_IMAGES} training images of MNIST, and the pen writers {_IDS}"
_FLOAT_OPERATIONS = ("FULLY_CONNECTED", "SOFTMAX")
"""What stays in floats when the rest is quantized, so that probabilities still sum to 1."""


def export(
    run: Path,
    folder: Path,
    config: Config,
    history: list[dict[str, float]],
    validation: Validation,
    hashes: dict[str, str],
    segmentation: SegmentationOf = unfitted_segmentation,
) -> None:
    """Calibrate the run's best epoch and write it to `folder`: Keras file, LiteRT file, card.

    hashes: of the data's files. segmentation: see `write`.
    """
    best = keras.models.load_model(run / BEST_FILE, compile=False)
    model = networks.mean_of_branches(best)
    epoch = best_epoch(history, config)
    last = "of the last stage, " if len(history) > config.epochs else ""
    about = {
        "configuration": asdict(config),
        "chosen": {
            "epoch": epoch + 1,
            "of": len(history),
            "by": f"{last}the fewest misread of both validation sets in mild variations",
            "validation": validation.of or _CHOSEN_ON,
            "figures": history[epoch],
        },
        "history": card.curves(history),
        "claim": claimed(models.find(config.architecture).claim, history),
        "training_minutes": round(sum(record["seconds"] for record in history) / 60, 1),
        "training_accuracy": history[-1]["accuracy"],
        "temperature": calibrate(model, validation),
        "data": hashes,
    }
    write(folder, model, validation, about, segmentation=segmentation)


def claimed(claim: Claim | None, history: list[dict[str, float]]) -> dict[str, Any] | None:
    """What the source claims, and what was measured if it is of the training images; percent."""
    if claim is None:
        return None
    told: dict[str, Any] = {"percent": claim.accuracy, "of": claim.of}
    if claim.training_epoch is not None and len(history) >= claim.training_epoch:
        told["measured"] = 100 * history[claim.training_epoch - 1]["accuracy"]
    return told


def calibrate(model: keras.Model, validation: Validation) -> float:
    """Put the model's temperature into the weights of its last layer; returns it.

    So the Keras file and the exported one both give calibrated probabilities.
    """
    both = (validation.mnist, validation.pen)
    one_right = np.eye(len(LABELS), dtype=bool)
    scale = calibration.temperature(
        [(predict(model, part.images), one_right[part.labels]) for part in both]
    )
    last = model.get_layer("digits")
    last.set_weights([weight / scale for weight in last.get_weights()])
    return scale


def write(
    folder: Path,
    model: keras.Model,
    validation: Validation,
    about: dict[str, Any],
    *,
    segmentation: SegmentationOf,
    representative: NDArray[np.uint8] | None = None,
) -> None:
    """Write the model to `folder` with a card that tells `about` it.

    about: at least the `configuration` with its `architecture`, and the `temperature`.
    segmentation: the costs of segmentation for the content of a LiteRT file. representative:
    glyphs for which the LiteRT file is quantized, if it is to be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"writing-{KERAS_FILE}"
    model.save(beside)
    content = as_litert(model) if representative is None else as_int8(model, representative)
    keras_file = card.sha256(beside.read_bytes())
    told = {
        **_described(model, about["configuration"]["architecture"]),
        "files": {KERAS_FILE: keras_file, MODEL_FILE: card.sha256(content)},
        **about,
        **_accepted(content, validation),
        "segmentation": segmentation(content),
        "versions": {"python": platform.python_version()} | {p: version(p) for p in PACKAGES},
    }
    # Together, and only when all is known, for the card tells the hashes of the other two.
    beside.replace(folder / KERAS_FILE)
    atomic_write(folder / MODEL_FILE, content)
    card.write(folder / CARD_FILE, told)


def _described(model: keras.Model, name: str) -> dict[str, Any]:
    """What a card tells of a network of that architecture."""
    architecture = models.find(name)
    return {
        "name": f"Digit Sketchpad, {architecture.title}",
        "architecture": architecture.description,
        "remark": architecture.deviates or "",
        "parameters": model.count_params(),
        "input": f"(n, {SIZE_PX}, {SIZE_PX}, 1) float32 0..1, white ink on black",
        "output": f"(n, {len(LABELS)}) float32, calibrated probabilities",
        "labels": list(LABELS),
    }


def _accepted(content: bytes, validation: Validation) -> dict[str, Any]:
    """How many validation digits are misread, and the confidence above which hardly any is."""
    sets = {"mnist": validation.mnist, "pen": validation.pen}
    parts = {name: litert_predictions(content, images) for name, images in sets.items()}
    return {
        "validation": {
            name: {"misread": len(part[1]) - metrics.top(*part, 1), "n": len(part[1])}
            for name, part in parts.items()
        },
        "acceptance_threshold": max(_threshold(*part) for part in parts.values()),
        "acceptance_means": "at most 1 in 1000 such predictions was wrong on either validation set",
    }


def _threshold(probabilities: NDArray[np.float32], labels: NDArray[np.uint8]) -> float:
    right = probabilities.argmax(axis=1) == labels
    return calibration.threshold(probabilities.max(axis=1), right)


def as_litert(model: keras.Model) -> bytes:
    """The network as the content of a LiteRT file."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        path = Path(folder) / MODEL_FILE
        model.export(path, format="litert", verbose=False)
        return path.read_bytes()


def as_int8(model: keras.Model, representative: NDArray[np.uint8]) -> bytes:
    """The network in 8-bit integers, as the content of a LiteRT file.

    representative: (n, 28, 28) glyphs that show which values its layers take. Input and
    output stay floats, and so does the last layer: in integers, probabilities would not
    sum to 1.
    """

    def samples() -> Iterator[list[NDArray[np.float32]]]:
        for image in as_images(representative):
            yield [image[None, ..., None]]

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = samples
    # Only the debugger can leave out operations. It warns of its own old interpreter.
    options = tf.lite.experimental.QuantizationDebugOptions(denylisted_ops=list(_FLOAT_OPERATIONS))
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore", UserWarning)
        debugger = tf.lite.experimental.QuantizationDebugger(
            converter=converter, debug_dataset=samples, debug_options=options
        )
        return bytes(debugger.get_nondebug_quantized_model())


def litert_predictions(content: bytes, images: Images) -> metrics.Judged:
    """The probabilities that a LiteRT file gives for the images, with the right class numbers."""
    return Network(content, Path(MODEL_FILE)).run(as_images(images.images)), images.labels
