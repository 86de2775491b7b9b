"""How well a model reads: measured on every data set that is there, written into its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np

from recognizer import Recognizer
from recognizer.reading import CARD_FILE
from recognizer.training import card, data, metrics, robustness
from recognizer.training.export import KERAS_FILE
from recognizer.training.material import EXTENT
from recognizer.training.train import predict

Figures = dict[str, dict[str, Any]]

PAINT_FOLDER = "paint"


def evaluate(folder: Path, data_folder: Path | None) -> Figures:
    """Measure the model in `folder`, write the figures into its card and return them.

    Raises DataError without the data and ModelError without the model.
    """
    recognizer = Recognizer(folder)
    figures = _mnist(recognizer, folder, data.load_mnist(data_folder).test)
    _, validation = data.split_writers(data.load_pen(data_folder))
    figures |= _pen(recognizer, "pen_validation", validation, "the 5 validation writers")
    test = data.load_pen_test(data_folder)
    if test is not None:
        figures |= _pen(recognizer, "pen_test", test, "the test writers of UCI Pendigits")
    paint = sorted((data_folder / PAINT_FOLDER).glob("*.png")) if data_folder else []
    if paint:
        figures |= _paint(recognizer, paint)
    figures |= robustness.measure(folder, validation)
    content = card.read(folder / CARD_FILE) | {"figures": figures}
    card.write(folder / CARD_FILE, content)
    return figures


def _mnist(recognizer: Recognizer, folder: Path, test: data.Images) -> Figures:
    of = "MNIST's test images"
    keras_model = keras.models.load_model(folder / KERAS_FILE)
    by_keras = predict(keras_model, test.images)
    exported = recognizer.predict_proba(test.images)
    return (
        {"mnist_test_accuracy": _accuracy(by_keras, test.labels, of)}
        | {"mnist_test_accuracy_exported": _accuracy(exported, test.labels, f"{of}, exported")}
        | _confidence(recognizer, "mnist_test", exported, test.labels, of)
    )


def _pen(recognizer: Recognizer, name: str, drawings: list[data.Drawing], of: str) -> Figures:
    of = f"the drawings of {of}"
    answers = [recognizer.classify_strokes(d.strokes, extent=EXTENT) for d in drawings]
    probabilities = np.stack([answer.probabilities for answer in answers])
    labels = np.array([drawing.digit for drawing in drawings], dtype=np.uint8)
    accuracy = {f"{name}_accuracy": _accuracy(probabilities, labels, of)}
    return accuracy | _confidence(recognizer, name, probabilities, labels, of)


def _accuracy(
    probabilities: metrics.Probabilities, labels: metrics.Labels, of: str
) -> dict[str, Any]:
    right = int(np.sum(probabilities.argmax(axis=1) == labels))
    low, high = metrics.interval(right, len(labels))
    return card.figure(
        100 * right / len(labels), "%", of, n=len(labels), interval=(100 * low, 100 * high)
    )


def _confidence(
    recognizer: Recognizer,
    name: str,
    probabilities: metrics.Probabilities,
    labels: metrics.Labels,
    of: str,
) -> Figures:
    sure = probabilities.max(axis=1) > recognizer.threshold
    error = metrics.calibration_error(probabilities, labels)
    n = len(labels)
    return {
        f"{name}_loss": card.figure(metrics.loss(probabilities, labels), "nats", of, n=n),
        f"ece_{name}": card.figure(100 * error, "%", f"{of}, 15 bins", n=n),
        f"{name}_sure": card.figure(100 * float(sure.mean()), "%", f"answers sure on {of}", n=n),
        f"{name}_sure_accuracy": _accuracy(probabilities[sure], labels[sure], f"{of}, where sure"),
    }


def _paint(recognizer: Recognizer, files: list[Path]) -> Figures:
    right = sum(recognizer.classify_image(file).digit == int(file.stem[-1]) for file in files)
    low, high = metrics.interval(right, len(files))
    return {
        "paint_correct": card.figure(
            right,
            "digits",
            "digits drawn in paint programs",
            n=len(files),
            interval=(low * len(files), high * len(files)),
        )
    }
