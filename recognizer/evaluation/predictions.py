"""What a model predicts on a data set, asked once, and every figure that comes from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import classification_report, confusion_matrix

from recognizer import Recognizer
from recognizer.datasets import Drawing, Images
from recognizer.model import card
from recognizer.training import metrics
from recognizer.training.config import LABELS
from recognizer.training.metrics import Labels, Probabilities
from recognizer.training.synthesis import EXTENT


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a model answered on the n digits of a data set.

    name: of the data set in figures, such as "mnist_test"; of: the same in words.
    glyphs: (n, 28, 28) uint8, what the network saw; labels: (n,); probabilities: (n, 10).
    """

    name: str
    of: str
    glyphs: NDArray[np.uint8]
    labels: Labels
    probabilities: Probabilities

    @property
    def digits(self) -> NDArray[np.intp]:
        """(n,) the likeliest digits."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def confidence(self) -> Probabilities:
        """(n,) probabilities of the likeliest digits."""
        return np.asarray(self.probabilities.max(axis=1))

    @property
    def right(self) -> NDArray[np.bool_]:
        """(n,) whether the likeliest digit is the true one."""
        return np.asarray(self.digits == self.labels)


def of_images(recognizer: Recognizer, name: str, of: str, images: Images) -> Predictions:
    """Answers on pictures that are glyphs already."""
    probabilities = recognizer.predict_proba(images.images)
    return Predictions(name, of, images.images, images.labels, probabilities)


def of_drawings(recognizer: Recognizer, name: str, of: str, drawings: list[Drawing]) -> Predictions:
    """Answers on drawings, read from the pen's strokes."""
    read = [recognizer.classify_strokes(d.strokes, extent=EXTENT) for d in drawings]
    return Predictions(
        name,
        of,
        np.stack([prediction.glyph for prediction in read]),
        np.array([drawing.digit for drawing in drawings], dtype=np.uint8),
        np.stack([prediction.probabilities for prediction in read]),
    )


Figures = dict[str, dict[str, Any]]


def accuracy_figure(right: int, n: int, of: str) -> dict[str, Any]:
    """The percentage that is right, with its interval."""
    low, high = metrics.interval(right, n)
    return card.figure(100 * right / n, "%", of, n=n, interval=(100 * low, 100 * high))


def confidence_figures(answers: Predictions, threshold: float) -> Figures:
    """Loss, calibration, and how good the answers are that are sure."""
    name, of, n = answers.name, answers.of, len(answers.labels)
    sure = answers.confidence > threshold
    error = metrics.calibration_error(answers.probabilities, answers.labels)
    loss = metrics.loss(answers.probabilities, answers.labels)
    found = {
        f"{name}_loss": card.figure(loss, "nats", of, n=n),
        f"ece_{name}": card.figure(100 * error, "%", f"{of}, {metrics.BINS} bins", n=n),
        f"{name}_sure": card.figure(100 * float(sure.mean()), "%", f"answers sure on {of}", n=n),
    }
    if not sure.any():
        return found
    right = int(answers.right[sure].sum())
    return found | {
        f"{name}_sure_accuracy": accuracy_figure(right, int(sure.sum()), f"{of}, where sure")
    }


def paint_figure(right: int, n: int) -> Figures:
    """How many of the digits from paint programs are right."""
    low, high = metrics.interval(right, n)
    of = "digits drawn in paint programs"
    return {"paint_correct": card.figure(right, "digits", of, n=n, interval=(low * n, high * n))}


COVERAGE_POINTS = 200
"""Points kept of the curve of accuracy against share of answers given."""


def describe(answers: Predictions, threshold: float) -> dict[str, Any]:
    """Shares are 0..1; intervals are of 95 % (Wilson)."""
    probabilities, labels = answers.probabilities, answers.labels
    sure = answers.confidence > threshold
    matrix = confusions(answers)
    return {
        "of": answers.of,
        "n": len(labels),
        "accuracy": _share(int(answers.right.sum()), len(labels)),
        "top_2": _share(metrics.top(probabilities, labels, 2), len(labels)),
        "loss": metrics.loss(probabilities, labels),
        "calibration_error": metrics.calibration_error(probabilities, labels),
        "sure": _share(int(sure.sum()), len(labels)),
        "sure_accuracy": _share(int(answers.right[sure].sum()), int(sure.sum())),
        "digits": per_label(answers),
        "confusion_matrix": matrix,
        "commonest_confusions": _commonest(matrix),
        "reliability": _bins(answers),
        "coverage": _coverage(answers),
        "misread": _misread(answers),
    }


def confusions(answers: Predictions) -> list[list[int]]:
    """10 rows, the true digits, of 10 columns, the answers."""
    matrix = confusion_matrix(answers.labels, answers.digits, labels=range(len(LABELS)))
    return [[int(count) for count in row] for row in matrix]


def classification_text(answers: Predictions) -> str:
    """scikit-learn's classification report."""
    return str(_report(answers, as_json=False))


def per_label(answers: Predictions) -> dict[str, dict[str, float]]:
    """scikit-learn's classification report, an object a digit, and its means."""
    return dict(_report(answers, as_json=True))


def _report(answers: Predictions, as_json: bool) -> Any:
    return classification_report(
        answers.labels,
        answers.digits,
        labels=range(len(LABELS)),
        digits=4,
        output_dict=as_json,
        zero_division=0,
    )


def _share(right: int, of: int) -> dict[str, Any]:
    """A share with its interval; None of nothing."""
    if of == 0:
        return {"value": None, "interval": None, "right": 0, "n": 0}
    return {"value": right / of, "interval": metrics.interval(right, of), "right": right, "n": of}


def _commonest(matrix: list[list[int]]) -> list[dict[str, int]]:
    wrong = [
        {"truth": truth, "answer": answer, "count": count}
        for truth, row in enumerate(matrix)
        for answer, count in enumerate(row)
        if count and truth != answer
    ]
    return sorted(wrong, key=lambda found: -found["count"])


def _bins(answers: Predictions) -> list[dict[str, Any]]:
    return [
        {
            "from": b.low,
            "to": b.high,
            "n": b.n,
            "confidence": b.confidence,
            "accuracy": b.right / b.n,
            "interval": metrics.interval(b.right, b.n),
        }
        for b in metrics.reliability(answers.probabilities, answers.labels)
    ]


def _coverage(answers: Predictions) -> list[tuple[float, float]]:
    given, accuracy = metrics.coverage(answers.probabilities, answers.labels)
    # The end of the curve, where the unsure answers are, is what matters.
    evenly = np.linspace(0, len(given) - 1, COVERAGE_POINTS)
    end = np.arange(max(0, len(given) - COVERAGE_POINTS), len(given))
    kept = np.unique(np.concatenate([evenly.astype(int), end]))
    return [(float(given[at]), float(accuracy[at])) for at in kept]


def _misread(answers: Predictions) -> list[dict[str, Any]]:
    """The most confident first; `number` counts from 0 in the data set."""
    wrong = np.flatnonzero(~answers.right)
    wrong = wrong[np.argsort(-answers.confidence[wrong], kind="stable")]
    return [
        {
            "number": int(at),
            "truth": int(answers.labels[at]),
            "answer": int(answers.digits[at]),
            "confidence": float(answers.confidence[at]),
        }
        for at in wrong
    ]
