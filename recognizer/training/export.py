"""From a trained network to the three files that a model consists of.

TensorFlow alone writes LiteRT files: whatever backend trained, this room runs on TensorFlow.
"""

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

from recognizer.files import atomic_write
from recognizer.glyph import SIZE_PX
from recognizer.labels import Labels
from recognizer.model import FEATURES, PROBABILITIES, Network, Probabilities, card
from recognizer.model.card import CARD_FILE, KERAS_FILE, MODEL_FILE
from recognizer.training import INTEGERS, Config, calibration, metrics, models
from recognizer.training.models import Claim, networks
from recognizer.training.stroke_costs import unfitted_costs
from recognizer.training.train import BEST_FILE, best_epoch
from recognizer.training.validation import Validation, predict, shown

SegmentationOf = Callable[[bytes], dict[str, Any]]
"""Gives the costs of segmentation, as a card keeps them, for the content of a LiteRT file."""
PACKAGES = (
    *("tensorflow", "keras", "scikit-learn", "numpy"),
    *("ai-edge-litert", "pillow", "opencv-python-headless"),
)
_FLOAT_OPERATIONS = (
    *("FULLY_CONNECTED", "SOFTMAX", "RESHAPE", "ADD", "MUL", "MEAN", "MAXIMUM", "LOG"),
    *("STRIDED_SLICE", "CONCATENATION"),
)
"""What stays in floats when the rest is quantized, so that probabilities still sum to 1."""
REPRESENTATIVE_GLYPHS = 250
"""Glyphs of each part of the validation data by which a network is quantized."""


def export(
    run: Path,
    folder: Path,
    config: Config,
    history: list[dict[str, float]],
    validation: Validation,
    data: dict[str, Any],
    segmentation: SegmentationOf = unfitted_costs,
) -> None:
    """Calibrate the run's best epoch and write it to `folder`: Keras file, LiteRT file, card.

    data: what the card tells of it. segmentation: see `write`.
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
            "by": f"{last}the least error on the validation data in mild variations",
            "validation": validation.of,
            "figures": history[epoch],
        },
        "history": card.curves(history),
        "claim": claimed(models.find(config.architecture).claim, history),
        "training_minutes": round(sum(record["seconds"] for record in history) / 60, 1),
        "training_accuracy": history[-1]["accuracy"],
        "temperature": calibrate(model, validation, config.labels),
        "data": data,
    }
    write(folder, model, validation, about, config, segmentation=segmentation)


def claimed(claim: Claim | None, history: list[dict[str, float]]) -> dict[str, Any] | None:
    """What the source claims, and what was measured if it is of the training images; percent."""
    if claim is None:
        return None
    told: dict[str, Any] = {"percent": claim.accuracy, "of": claim.of}
    if claim.training_epoch is not None and len(history) >= claim.training_epoch:
        told["measured"] = 100 * history[claim.training_epoch - 1]["accuracy"]
    return told


def calibrate(model: keras.Model, validation: Validation, labels: Labels) -> float:
    """Put the model's temperature into the weights of its last layer; returns it.

    So the Keras file and the exported one both give calibrated probabilities.
    """
    characters = validation.characters(lambda glyphs: predict(model, glyphs), labels)
    scale = calibration.temperature_of(characters)
    last = model.get_layer("digits")
    last.set_weights([weight / scale for weight in last.get_weights()])
    return scale


def write(
    folder: Path,
    model: keras.Model,
    validation: Validation,
    about: dict[str, Any],
    config: Config,
    *,
    segmentation: SegmentationOf,
) -> None:
    """Write the model to `folder` with a card that tells `about` it.

    model: of one output, probabilities (n, classes). about: at least the `configuration` with its
    `architecture`, and the `temperature`. config: tells labels and precision. segmentation: the
    costs of segmentation for the content of a LiteRT file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"writing-{KERAS_FILE}"
    model.save(beside)
    reader = networks.reader(model, len(config.labels))
    integers = config.precision == INTEGERS
    content = as_int8(reader, representative(validation)) if integers else as_litert(reader)
    keras_file = card.sha256(beside.read_bytes())
    told = {
        **_described(reader, about["configuration"]["architecture"], config),
        "files": {KERAS_FILE: keras_file, MODEL_FILE: card.sha256(content)},
        **about,
        **_accepted(content, validation, config),
        "segmentation": segmentation(content),
        "versions": {"python": platform.python_version()} | {p: version(p) for p in PACKAGES},
    }
    # Together, and only when all is known, for the card tells the hashes of the other two.
    beside.replace(folder / KERAS_FILE)
    atomic_write(folder / MODEL_FILE, content)
    card.write(folder / CARD_FILE, told)


def _described(reader: keras.Model, name: str, config: Config) -> dict[str, Any]:
    """What a card tells of a network of that architecture."""
    architecture = models.find(name)
    channels = reader.input_shape[-1]
    directions = ", and where the pen went right, left, down and up" if channels > 1 else ""
    none = "; what is missing to 1 is the probability of none of them"
    outputs = {
        PROBABILITIES: f"(n, {len(config.labels)}) float32, calibrated probabilities of the labels"
        + (none if config.classes > len(config.labels) else "")
    }
    if FEATURES in reader.output:
        outputs[FEATURES] = f"(n, {reader.output[FEATURES].shape[-1]}) float32, of the last maps"
    return {
        "name": f"Digit Sketchpad, {architecture.title}",
        "architecture": architecture.description,
        "remark": architecture.deviates or "",
        "parameters": reader.count_params(),
        "precision": config.precision,
        "channels": channels,
        "input": f"(n, {SIZE_PX}, {SIZE_PX}, {channels}) float32 0..1, white ink on black"
        f"{directions}",
        "output": outputs,
        "labels": list(config.labels),
    }


def _accepted(content: bytes, validation: Validation, config: Config) -> dict[str, Any]:
    """How many validation characters are misread, and above which confidence hardly any is."""
    parts = {
        name: part.judged(litert_predictions(content, part.glyphs), config)
        for name, part in validation.parts.items()
    }
    characters = validation.characters(
        lambda glyphs: litert_predictions(content, glyphs), config.labels
    )
    return {
        "validation": {
            name: {"misread": len(part[1]) - metrics.top(*part, 1), "n": len(part[1])}
            for name, part in parts.items()
        },
        "acceptance_threshold": calibration.thresholds_of(characters),
        "acceptance_means": "on the validation writers, at most 1 in 1000 sure characters was "
        "wrong, and at most 1 in 100 of what is no such character was sure",
    }


def representative(validation: Validation) -> list[NDArray[np.uint8]]:
    """Some validation glyphs of each kind, which show what values a network's layers take."""
    kinds = [part.glyphs for part in validation.parts.values()]
    kinds += [] if validation.doodles is None else [validation.doodles]
    return [
        glyphs[np.linspace(0, len(glyphs) - 1, REPRESENTATIVE_GLYPHS).astype(int)]
        for glyphs in kinds
    ]


def as_litert(model: keras.Model) -> bytes:
    """The network as the content of a LiteRT file."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        path = Path(folder) / MODEL_FILE
        model.export(path, format="litert", verbose=False)
        return path.read_bytes()


def as_int8(model: keras.Model, glyphs: list[NDArray[np.uint8]]) -> bytes:
    """The network in 8-bit integers, as the content of a LiteRT file.

    glyphs: (n, 28, 28, 1 or 5) of several kinds, which show what values its layers take. Input
    and outputs stay floats, and so do the last layers: in integers, probabilities would not
    sum to 1.
    """
    channels = model.input_shape[-1]

    def samples() -> Iterator[list[NDArray[np.float32]]]:
        for kind in glyphs:
            for image in shown(kind, channels):
                yield [image[None]]

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


def litert_predictions(content: bytes, glyphs: NDArray[np.uint8]) -> Probabilities:
    """What a LiteRT file gives for glyphs (n, 28, 28, 1 or 5): (n, labels)."""
    network = Network(content, Path(MODEL_FILE))
    return network.run(shown(glyphs, network.channels))
