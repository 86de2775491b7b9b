"""What a model predicts on a data set, asked once, and every figure that comes from it."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import classification_report, confusion_matrix

from recognizer import Recognizer
from recognizer.datasets import Drawing, Images
from recognizer.glyph import Glyph
from recognizer.labels import Labels
from recognizer.model import Probabilities, card, given_inside
from recognizer.training import LABELS, metrics
from recognizer.training.synthesis import EXTENT

Figures = dict[str, dict[str, Any]]
COVERAGE_POINTS = 200
"""Points kept of the curve of accuracy against coverage."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model predicts on the n characters of a data set.

    name: of the data set in figures, such as "mnist_test"; of: the same in words.
    glyphs: (n, 28, 28) uint8, what the network saw; labels: those that could be answered; truth:
    (n,) class numbers, which are places in them; probabilities: (n, number of labels), of which
    the rest to 1 is of none of them; sure: (n,) whether the prediction is sure.
    """

    name: str
    of: str
    glyphs: NDArray[np.uint8]
    labels: Labels
    truth: NDArray[np.uint8]
    probabilities: Probabilities
    sure: NDArray[np.bool_]

    @property
    def predicted(self) -> NDArray[np.intp]:
        """(n,) class numbers of the likeliest labels."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def given_inside(self) -> Probabilities:
        """(n, number of labels) probabilities given that it is one of them, as all n are."""
        return given_inside(self.probabilities)[0]

    @property
    def confidence(self) -> Probabilities:
        """(n,) probabilities of the likeliest labels."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def right(self) -> NDArray[np.bool_]:
        """(n,) whether the likeliest label is the true one."""
        return np.asarray(self.predicted == self.truth)


def of_images(recognizer: Recognizer, name: str, of: str, images: Images) -> Predictions:
    """Predictions on pictures that are glyphs already, as far as the model has their labels."""
    labels = recognizer.labels
    classes = np.array([labels.index(x) if x in labels else -1 for x in LABELS])[images.labels]
    glyphs, truth = images.images[classes >= 0], classes[classes >= 0].astype(np.uint8)
    probabilities = recognizer.predict_joint(glyphs)
    sure = probabilities.max(axis=1) > recognizer.threshold
    return Predictions(name, of, glyphs, labels, truth, probabilities, sure)


def of_drawings(recognizer: Recognizer, name: str, of: str, drawings: list[Drawing]) -> Predictions:
    """Predictions on drawings, read from the pen's strokes; the model must have their labels."""
    read = [recognizer.classify_strokes(d.strokes, extent=EXTENT) for d in drawings]
    labels, glyphs = recognizer.labels, np.stack([prediction.glyph for prediction in read])
    truth = np.array([labels.index(drawing.label) for drawing in drawings], dtype=np.uint8)
    probabilities = np.stack([each.probabilities * np.float32(1 - each.other) for each in read])
    sure = np.array([prediction.sure for prediction in read])
    return Predictions(name, of, glyphs, labels, truth, probabilities, sure)


def accuracy_figure(right: int, n: int, of: str) -> dict[str, Any]:
    """The percentage that is right, with its interval."""
    low, high = metrics.interval(right, n)
    return card.figure(100 * right / n, "%", of, n=n, interval=(100 * low, 100 * high))


def confidence_figures(predictions: Predictions) -> Figures:
    """Loss, calibration, and how good the sure predictions are."""
    name, of, n = predictions.name, predictions.of, len(predictions.truth)
    sure = predictions.sure
    error = metrics.calibration_error(predictions.given_inside, predictions.truth)
    loss = metrics.loss(predictions.given_inside, predictions.truth)
    found = {
        f"{name}_loss": card.figure(loss, "nats", of, n=n),
        f"ece_{name}": card.figure(100 * error, "%", f"{of}, {metrics.BINS} bins", n=n),
        f"{name}_sure": card.figure(100 * float(sure.mean()), "%", f"answers sure on {of}", n=n),
    }
    if sure.any():
        right, given = int(predictions.right[sure].sum()), int(sure.sum())
        found[f"{name}_sure_accuracy"] = accuracy_figure(right, given, f"{of}, where sure")
    return found


def paint_figure(right: int, n: int) -> Figures:
    """How many of the n digits drawn in paint programs are right."""
    low, high = metrics.interval(right, n)
    of = "digits drawn in paint programs"
    return {"paint_correct": card.figure(right, "digits", of, n=n, interval=(low * n, high * n))}


def describe(predictions: Predictions) -> dict[str, Any]:
    """All details of a data set for `metrics.json`; shares are 0..1, intervals 95 % (Wilson)."""
    probabilities, truth, sure = predictions.probabilities, predictions.truth, predictions.sure
    # A row for every true label, with a column for every predicted one.
    classes = range(len(predictions.labels))
    matrix = confusion_matrix(truth, predictions.predicted, labels=classes).tolist()
    return {
        "of": predictions.of,
        "n": len(truth),
        "labels": list(predictions.labels),
        "accuracy": share(int(predictions.right.sum()), len(truth)),
        "top_2": share(metrics.top(probabilities, truth, 2), len(truth)),
        "loss": metrics.loss(predictions.given_inside, truth),
        "calibration_error": metrics.calibration_error(predictions.given_inside, truth),
        "sure": share(int(sure.sum()), len(truth)),
        "sure_accuracy": share(int(predictions.right[sure].sum()), int(sure.sum())),
        "per_label": _report(predictions, output_dict=True),  # and their means
        "classification_report": classification_text(predictions),
        "confusion_matrix": matrix,
        "commonest_confusions": _commonest(matrix, predictions.labels),
        "reliability": _bins(predictions),
        "coverage": _coverage(predictions),
        "misread": misread(predictions),
    }


def classification_text(predictions: Predictions) -> str:
    """scikit-learn's classification report."""
    return str(_report(predictions))


def _report(predictions: Predictions, **options: Any) -> Any:
    names, truth = predictions.labels, predictions.truth
    options |= {"labels": range(len(names)), "target_names": names, "zero_division": 0}
    return classification_report(truth, predictions.predicted, digits=4, **options)


def share(right: int, of: int) -> dict[str, Any]:
    """A share with its interval; None of nothing."""
    value, interval = (right / of, metrics.interval(right, of)) if of else (None, None)
    return {"value": value, "interval": interval, "right": right, "n": of}


def _commonest(matrix: list[list[int]], labels: Labels) -> list[dict[str, Any]]:
    wrong = [
        {"truth": truth, "predicted": predicted, "count": count}
        for truth, row in zip(labels, matrix, strict=True)
        for predicted, count in zip(labels, row, strict=True)
        if count and truth != predicted
    ]
    return sorted(wrong, key=lambda found: -found["count"])


def _bins(predictions: Predictions) -> list[dict[str, Any]]:
    return [
        {"from": b.low, "to": b.high, "n": b.n, "confidence": b.confidence}
        | {"accuracy": b.right / b.n, "interval": metrics.interval(b.right, b.n)}
        for b in metrics.reliability(predictions.given_inside, predictions.truth)
    ]


def _coverage(predictions: Predictions) -> list[tuple[float, float]]:
    given, accuracy = metrics.coverage(predictions.probabilities, predictions.truth)
    # The end of the curve, where the unsure predictions are, is what matters.
    evenly = np.linspace(0, len(given) - 1, COVERAGE_POINTS)
    end = np.arange(max(0, len(given) - COVERAGE_POINTS), len(given))
    kept = np.unique(np.concatenate([evenly.astype(int), end]))
    return [(float(given[at]), float(accuracy[at])) for at in kept]


def misread(predictions: Predictions) -> list[dict[str, Any]]:
    """All of them, the most confident first; `number` counts from 0 in the data set."""
    wrong = np.flatnonzero(~predictions.right)
    wrong = wrong[np.argsort(-predictions.confidence[wrong], kind="stable")]
    return [
        {
            "number": int(at),
            "truth": predictions.labels[predictions.truth[at]],
            "predicted": predictions.labels[predictions.predicted[at]],
            "confidence": float(predictions.confidence[at]),
            "sure": bool(predictions.sure[at]),
        }
        for at in wrong
    ]


def picture_of(glyph: Glyph) -> str:
    """A glyph as a data URI, a PNG of dark ink on white."""
    file = io.BytesIO()
    # Sixteen greys are enough to see a character, and take half the room.
    greys = Image.fromarray(np.asarray(255 - glyph // 17 * 17, dtype=np.uint8))
    greys.quantize(16).save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def as_glyph(picture: str) -> Glyph:
    """The glyph that `picture_of` made a picture of, in its sixteen greys."""
    file = io.BytesIO(base64.b64decode(picture.partition(",")[2]))
    with Image.open(file) as opened:
        return np.asarray(255 - np.asarray(opened.convert("L")), dtype=np.uint8)
