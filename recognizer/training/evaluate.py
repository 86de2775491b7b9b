"""How well a model reads: measured on every data set that is there, written into its card.

Every data set is read once; the card, the files of figures and the report tell the same answers.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import keras

from recognizer import Recognizer
from recognizer.evaluation import REPORTS
from recognizer.reading import CARD_FILE, MODEL_FILE, SAVED_MODEL
from recognizer.training import (
    answers,
    card,
    conditions,
    data,
    details,
    figures,
    metrics,
    oddities,
    report,
    rivals,
    robustness,
)
from recognizer.training.answers import Answers
from recognizer.training.config import FULL
from recognizer.training.export import KERAS_FILE
from recognizer.training.figures import Figures
from recognizer.training.train import predict

PAINT_FOLDER = "paint"
RUNS = SAVED_MODEL.parent / "runs"
VARIED = ("ours", "int8", "ensemble")
"""Architectures that learn, or are made of what learned, from varied digits."""
OF_MODEL = (
    *("name", "architecture", "parameters", "training_minutes", "chosen", "sure_threshold"),
    *("sure_means", "data", "versions"),
)
"""What the report tells from the card."""


def evaluate(folder: Path, data_folder: Path | None, reports: Path) -> Figures:
    """Measure the model in `folder`, write its card and the reports; returns the card's figures.

    reports: the folder for the reports. Raises DataError without the data, ModelError without
    the model, and ReportError if a report cannot be written: then what was measured is in the
    card all the same.
    """
    recognizer = Recognizer(folder)
    mnist = data.load_mnist(data_folder).test
    _, validation = data.split_writers(data.load_pen(data_folder))
    sets = read_sets(recognizer, mnist, validation, data.load_pen_test(data_folder))
    cells = robustness.read_all_ways(folder, validation)
    found = figures_of(sets, folder, recognizer.threshold)
    found |= _paint(recognizer, data_folder)
    found |= robustness.figures(cells, int(sets[1].right.sum()), len(validation))
    _write_card(folder, found)
    odd = oddities.read(recognizer, validation)
    content = {
        **_about(folder),
        "sets": {a.name: details.describe(a, recognizer.threshold) for a in sets},
        "redrawn": robustness.describe(cells, len(validation)),
        "conditions": conditions.describe(
            conditions.read_under(folder, validation), trained=_was_varied(recognizer.card)
        ),
        "not_a_digit": oddities.figures(odd, sets[1].confidence, recognizer.threshold),
        "recognizers": _recognizers(folder, found, sets, reports),
    }
    report.write(reports, content, sets, odd)
    return found


def reports_of(folder: Path) -> Path:
    """Where the reports of a model lie if no other place is named."""
    return REPORTS if folder.resolve() == SAVED_MODEL else folder / "reports"


def read_sets(
    recognizer: Recognizer,
    mnist: data.Images,
    validation: list[data.Drawing],
    test: list[data.Drawing] | None,
) -> list[Answers]:
    """MNIST's test images, the validation writers' drawings and, where there, the test writers'."""
    of = "the drawings of the 5 validation writers"
    sets = [
        answers.of_images(recognizer, "mnist_test", "MNIST's test images", mnist),
        answers.of_drawings(recognizer, "pen_validation", of, validation),
    ]
    if test is not None:
        of = "the drawings of the test writers of UCI Pendigits"
        sets.append(answers.of_drawings(recognizer, "pen_test", of, test))
    return sets


def figures_of(sets: list[Answers], folder: Path, threshold: float) -> Figures:
    """The card's figures of every data set."""
    found: Figures = {}
    for a in sets:
        right, n = int(a.right.sum()), len(a.labels)
        if a.name == "mnist_test":
            found[f"{a.name}_accuracy"] = figures.accuracy(_by_keras(folder, a), n, a.of)
            found[f"{a.name}_accuracy_exported"] = figures.accuracy(right, n, f"{a.of}, exported")
        else:
            found[f"{a.name}_accuracy"] = figures.accuracy(right, n, a.of)
        found |= figures.of_confidence(a, threshold)
    return found


def _by_keras(folder: Path, a: Answers) -> int:
    """How many are right by the Keras file; by the exported model where there is no other."""
    if not (folder / KERAS_FILE).is_file():
        return int(a.right.sum())
    model = keras.models.load_model(folder / KERAS_FILE)
    return metrics.top(predict(model, a.glyphs), a.labels, 1)


def _paint(recognizer: Recognizer, data_folder: Path | None) -> Figures:
    files = sorted((data_folder / PAINT_FOLDER).glob("*.png")) if data_folder else []
    if not files:
        return {}
    right = sum(recognizer.classify_image(file).digit == int(file.stem[-1]) for file in files)
    return figures.of_paint(right, len(files))


def _write_card(folder: Path, found: Figures) -> None:
    # A figure that this data folder could not give stays: it was measured on the same model.
    content = card.read(folder / CARD_FILE)
    content["figures"] = content.get("figures", {}) | found
    card.write(folder / CARD_FILE, content)


def _was_varied(content: dict[str, Any]) -> bool:
    """Whether what it learned from was varied in the full range."""
    settings = content.get("configuration", {})
    ours = settings.get("architecture", VARIED[0]) in VARIED
    return ours and settings.get("augmentation", FULL) == FULL


def _about(folder: Path) -> dict[str, Any]:
    content = card.read(folder / CARD_FILE)
    files = {name: folder / name for name in (MODEL_FILE, KERAS_FILE)}
    return {
        "date": date.today().isoformat(),
        "model": {name: content[name] for name in OF_MODEL if name in content},
        "figures": content["figures"],
        "costs": content.get("benchmarks", {}),
        "costs_on": content.get("benchmarks_on"),
        "bytes": {name: path.stat().st_size for name, path in files.items() if path.is_file()},
        "history": content.get("history", {}),
    }


def _recognizers(
    folder: Path, found: Figures, sets: list[Answers], reports: Path
) -> list[dict[str, Any]]:
    """This model, the saved one, and those of all runs."""
    others = [SAVED_MODEL, *sorted(RUNS.glob("*/"))]
    folders = [folder, *(other for other in others if other.resolve() != folder.resolve())]
    before = report.last(reports).get("recognizers", [])
    return rivals.rows(folders, {folder: found}, sets, before)
