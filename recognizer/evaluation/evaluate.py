"""How well a model reads: measured on every data set that is there, written into its card.

Every data set is read once; the card, the files of figures and the report tell the same
predictions. The baselines, which are other recognizers, stand beside it.
"""

from __future__ import annotations

import timeit
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from recognizer import Recognizer
from recognizer.datasets import Drawing, Images
from recognizer.datasets.mnist import load_mnist
from recognizer.datasets.pendigits import load_pen, load_pen_test, split_writers
from recognizer.evaluation import (
    corrections,
    hands,
    perturbations,
    predictions,
    real_pictures,
    report,
    robustness,
    sums,
)
from recognizer.evaluation.predictions import Figures, Predictions, accuracy_figure
from recognizer.evaluation.writers import doodle_samples, read_characters, validation_samples
from recognizer.files import REPORTS, SAVED_MODEL
from recognizer.glyph import SIZE_PX
from recognizer.labels import known_sets
from recognizer.model import answered, card
from recognizer.model.card import CARD_FILE, KERAS_FILE, MODEL_FILE, ModelError
from recognizer.model.line_model import LINE_FILE, LineModel
from recognizer.model.ruling_model import RULING_FILE, saved_ruling
from recognizer.processes import in_parallel
from recognizer.training import FULL, metrics, models
from recognizer.training.collection import Collection
from recognizer.training.models import ARCHITECTURES
from recognizer.training.validation import predict

PAINT_FOLDER = "paint"
RUNS_FOLDER = SAVED_MODEL.parent / "runs"
VARIED_ARCHITECTURES = ("ours", "float", "ensemble")
"""Architectures that learn, or are made of what learned, from varied digits."""
CARD_FIELDS = (
    *("name", "architecture", "parameters", "training_minutes", "chosen", "acceptance_means"),
    *("data", "versions"),
)
"""What the report tells from the card."""
PICTURE_CARD_FIELDS = ("architecture", "parameters", "configuration", "training_minutes")
"""And from those of the networks for lines and for ruling."""
VALIDATION_FIGURES = ("validation_accuracy", "validation_lost", "validation_kept")
"""Of those networks' last epochs."""
TIMED_CALLS = 300
"""Calls with one glyph whose median is the time that a character takes."""
COMPARED_FIGURES = (
    *("mnist_test_accuracy_exported", "pen_validation_accuracy"),
    *("pen_test_accuracy", "paint_correct"),
)
"""The figures of a card that are compared."""
ARCHITECTURE_ORDER = [architecture.name for architecture in ARCHITECTURES]


def evaluate(
    folder: Path, data_folder: Path | None, reports: Path, prepared: Path | None = None
) -> Figures:
    """Measure the model in `folder`, write its card and the reports; returns the card's figures.

    reports: the folder for the reports. prepared: the file of training's data, which tells whose
    labels are doubtful; without it all figures are of the labels as distributed. Of the data, only
    characters whose labels the model has are measured. Raises DataError without the data,
    ModelError without the model or if it has none of these labels, and ReportError if a report
    cannot be written: then what was measured is in the card all the same.
    """
    recognizer = Recognizer(folder)
    mnist = load_mnist(data_folder).test
    validation = _known_to(recognizer, split_writers(load_pen(data_folder))[1])
    sets = read_sets(recognizer, mnist, validation, load_pen_test(data_folder))
    cells = robustness.read_redrawn(folder, validation)
    found = figures_of(sets, folder)
    found |= _paint(recognizer, data_folder)
    pictures = real_pictures.read_pictures(recognizer, data_folder)
    found |= real_pictures.picture_figures(pictures)
    found |= robustness.robustness_figures(cells, int(sets[1].right.sum()), len(validation))
    writers, in_detail = _writers(folder, data_folder, prepared)
    found |= hands.figures(writers) if writers else {}
    content = card.read(folder / CARD_FILE)
    # A figure that this data folder could not give stays: it was measured on the same model.
    content["figures"] = content.get("figures", {}) | found
    card.write(folder / CARD_FILE, content)
    kinds = robustness.read_out_of_distribution(recognizer, validation)
    perturbed = perturbations.read_perturbed(folder, validation)
    told = _about(folder, content) | _measured(recognizer, sets, cells, perturbed, kinds)
    told["writers"], told["pictures"] = writers, real_pictures.describe_pictures(pictures)
    told["sets"] |= {a.name: predictions.describe(a) for a in in_detail}
    told["recognizers"] = _recognizers(folder, found, sets, reports)
    report.write(reports, told, [*sets, *in_detail], kinds)
    return found


def _measured(
    recognizer: Recognizer,
    sets: list[Predictions],
    cells: list[robustness.RedrawnCell],
    perturbed: list[perturbations.PerturbationPoint],
    kinds: list[robustness.OutOfDistribution],
) -> dict[str, Any]:
    """What the report tells of the model's predictions."""
    threshold, trained = recognizer.threshold, _was_varied(recognizer.card)
    confidence = sets[1].confidence
    return {
        "labels": list(recognizer.labels),
        "threshold": threshold,
        "sets": {a.name: predictions.describe(a) for a in sets},
        "redrawn": robustness.describe_cells(cells, len(sets[1].truth)),
        "perturbations": perturbations.describe_perturbations(perturbed, trained=trained),
        "out_of_distribution": robustness.out_of_distribution_figures(kinds, confidence, threshold),
    }


def reports_of(folder: Path) -> Path:
    """Where the reports of a model lie if no other place is named."""
    return REPORTS if folder.resolve() == SAVED_MODEL else folder / "reports"


def _known_to(recognizer: Recognizer, drawings: list[Drawing]) -> list[Drawing]:
    """The drawings whose labels the model has. Raises ModelError if there are none."""
    known = [drawing for drawing in drawings if drawing.label in recognizer.labels]
    if not known:
        raise ModelError(
            f"The model reads {' '.join(recognizer.labels)}, and no data here have these labels. "
            "Evaluate another model: python -m recognizer evaluate --model DIR"
        )
    return known


def read_sets(
    recognizer: Recognizer, mnist: Images, validation: list[Drawing], test: list[Drawing] | None
) -> list[Predictions]:
    """MNIST's test images, the validation writers' drawings and the test writers', if there."""
    of_drawings = partial(predictions.of_drawings, recognizer)
    sets = [
        predictions.of_images(recognizer, "mnist_test", "MNIST's test images", mnist),
        of_drawings("pen_validation", "the drawings of UCI's validation writers", validation),
    ]
    if test is not None:
        of = "the drawings of the test writers of UCI Pendigits"
        sets.append(of_drawings("pen_test", of, _known_to(recognizer, test)))
    return sets


def _writers(
    folder: Path, data_folder: Path | None, prepared: Path | None
) -> tuple[dict[str, Any] | None, list[Predictions]]:
    """What is told of the validation writers and of lines of theirs, and their predictions.

    Nothing is told without them, nor of a model that knows no two digits.
    """
    samples = validation_samples(data_folder)
    if not samples or hands.MAIN_SET not in known_sets(card.load(folder).labels):
        return None, []
    doubtful = np.zeros(len(samples), dtype=bool)
    if prepared is not None:
        doubtful = Collection.load(prepared).doubtful_of(samples)
    certain = [sample for sample, doubt in zip(samples, doubtful, strict=True) if not doubt]
    doodles = doodle_samples()
    doubtful = np.append(doubtful, np.zeros(len(doodles), dtype=bool))
    told, in_detail = hands.describe(read_characters(folder, [*samples, *doodles], doubtful))
    lines = sums.read_validation_lines(certain, folder)
    told["lines"], told["misread_lines"] = sums.line_figures(lines), sums.misread_pictures(lines)
    told["learning"] = corrections.correction_figures(certain, folder)
    return told, in_detail


def figures_of(sets: list[Predictions], folder: Path) -> Figures:
    """The card's figures of every data set."""
    found: Figures = {}
    for a in sets:
        right, n, of = int(a.right.sum()), len(a.truth), a.of
        if a.name == "mnist_test":
            found[f"{a.name}_accuracy"] = accuracy_figure(_by_keras(folder, a), n, of)
            of += ", exported"
        found[_figure_name(a)] = accuracy_figure(right, n, of)
        found |= predictions.confidence_figures(a)
    return found


def _by_keras(folder: Path, a: Predictions) -> int:
    """How many are right by the Keras file; by the exported model where there is no other."""
    if not (folder / KERAS_FILE).is_file():
        return int(a.right.sum())
    known = card.load(folder).labels
    probabilities = predict(models.load(folder), a.glyphs)[:, : len(known)]
    return metrics.top(answered(probabilities, known, a.labels), a.truth, 1)


def _paint(recognizer: Recognizer, data_folder: Path | None) -> Figures:
    """The pictures' file names end with their labels."""
    there = sorted((data_folder / PAINT_FOLDER).glob("*.png")) if data_folder else []
    files = [file for file in there if file.stem[-1] in recognizer.labels]
    if not files:
        return {}
    right = sum(recognizer.classify_image(file).label == file.stem[-1] for file in files)
    return predictions.paint_figure(right, len(files))


def _was_varied(content: dict[str, Any]) -> bool:
    """Whether what it learned from was varied in the full range."""
    settings = content.get("configuration", {})
    ours = settings.get("architecture", VARIED_ARCHITECTURES[0]) in VARIED_ARCHITECTURES
    return ours and settings.get("augmentation", FULL) == FULL


def _about(folder: Path, content: Mapping[str, Any]) -> dict[str, Any]:
    files = {name: folder / name for name in (MODEL_FILE, KERAS_FILE, LINE_FILE)}
    files[RULING_FILE] = SAVED_MODEL / RULING_FILE
    return {
        "date": date.today().isoformat(),
        "model": {name: content[name] for name in CARD_FIELDS if name in content},
        "figures": content["figures"],
        "costs": content.get("benchmarks", {}),
        "costs_on": content.get("benchmarks_on"),
        "bytes": {name: path.stat().st_size for name, path in files.items() if path.is_file()},
        "history": content.get("history", {}),
        "line_network": _line_network(folder),
        "ruling_network": _told(saved_ruling().card),
    }


def _line_network(folder: Path) -> dict[str, Any] | None:
    """What the card of the line network tells of it and of its training; None without one."""
    return _told(LineModel(folder).card) if (folder / LINE_FILE).exists() else None


def _told(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the report tells from the card of a network for pictures."""
    found = {name: content[name] for name in PICTURE_CARD_FIELDS if name in content}
    history = content.get("history", {})
    last = {name: history[name][-1] for name in VALIDATION_FIGURES if history.get(name)}
    return found | last


def _recognizers(
    folder: Path, found: Figures, sets: list[Predictions], reports: Path
) -> list[dict[str, Any]]:
    """This model, the saved one, and those of all runs."""
    baselines = [SAVED_MODEL, *sorted(RUNS_FOLDER.glob("*/"))]
    folders = [folder, *(each for each in baselines if each.resolve() != folder.resolve())]
    before = report.last_metrics(reports).get("recognizers", [])
    return comparison_rows(folders, {folder: found}, sets, before)


def comparison_rows(
    folders: Iterable[Path],
    measured: Mapping[Path, Figures],
    sets: Sequence[Predictions],
    before: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """A row for every folder that holds a model, and the rows of `before` whose folder is gone.

    measured: the figures of folders that were measured just now; the others' are those of their
    cards or of `before`, or are measured on the glyphs of `sets` if neither has them.
    """
    there = [f for f in folders if (f / MODEL_FILE).is_file() and (f / CARD_FILE).is_file()]
    known = {folder: _known(folder, sets, before) for folder in there} | dict(measured)
    unknown = [folder for folder in there if not known[folder]]
    if unknown:
        measured_now = in_parallel(partial(_measure_baseline, sets), unknown, "comparing")
        known |= zip(unknown, measured_now, strict=True)
    found = [_comparison_row(folder, known[folder]) for folder in there]
    names = {row["name"] for row in found}
    found += [dict(row) for row in before if row["name"] not in names]
    # By the table of architectures; what it does not know goes last.
    places = {name: place for place, name in enumerate(ARCHITECTURE_ORDER)}
    return sorted(found, key=lambda row: places.get(row["architecture"], len(places)))


def _known(
    folder: Path, sets: Sequence[Predictions], before: Sequence[Mapping[str, Any]]
) -> Figures:
    """The figures that the card has, or that were measured of the same file before."""
    found = card.read(folder / CARD_FILE).get("figures")
    if found:
        return dict(found)
    sha256 = card.sha256((folder / MODEL_FILE).read_bytes())
    same = (row["figures"] for row in before if row["sha256"] == sha256)
    return next((dict(row) for row in same if all(_figure_name(a) in row for a in sets)), {})


def _comparison_row(folder: Path, found: Figures) -> dict[str, Any]:
    recognizer = Recognizer(folder)
    content, file = recognizer.card, (folder / MODEL_FILE).read_bytes()
    configuration = content.get("configuration", {})
    return {
        "name": folder.name,
        "architecture": configuration.get("architecture", ARCHITECTURE_ORDER[0]),
        "title": str(content.get("name", "")).removeprefix("Digit Sketchpad, "),
        "claim": _claim_measured(content, found),
        "figures": {name: found[name] for name in COMPARED_FIGURES if name in found},
        "parameters": content.get("parameters"),
        "training_minutes": content.get("training_minutes"),
        "milliseconds": milliseconds(recognizer),
        "bytes": len(file),
        "sha256": card.sha256(file),
        "remark": content.get("remark", ""),
        "date": date.today().isoformat(),
    }


def _claim_measured(content: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the source claims in percent, and the same as measured here, with its interval."""
    claim = content.get("claim")
    if claim is None or "measured" in claim:
        return claim
    measured = found.get("mnist_test_accuracy_exported", {"value": None, "interval": None})
    return {**claim, "measured": measured["value"], "interval": measured["interval"]}


def _measure_baseline(sets: Sequence[Predictions], folder: Path) -> Figures:
    recognizer = Recognizer(folder)
    return {
        _figure_name(a): accuracy_figure(_right_of(recognizer, a), len(a.truth), a.of) for a in sets
    }


def _right_of(recognizer: Recognizer, a: Predictions) -> int:
    """How many of the glyphs another model reads right, which may have other labels."""
    predicted = recognizer.predict_proba(a.glyphs).argmax(axis=1)
    right = np.array(recognizer.labels)[predicted] == np.array(a.labels)[a.truth]
    return int(right.sum())


def _figure_name(a: Predictions) -> str:
    """Name of the figure that is compared."""
    return f"{a.name}_accuracy" + ("_exported" if a.name == "mnist_test" else "")


def milliseconds(recognizer: Recognizer) -> float:
    """Milliseconds of `predict_proba` with one glyph, on one thread: the median of many calls."""
    glyphs = np.zeros((1, SIZE_PX, SIZE_PX), dtype=np.uint8)
    seconds = timeit.repeat(
        lambda: recognizer.predict_proba(glyphs), number=1, repeat=TIMED_CALLS + 1
    )
    return 1000 * float(np.median(seconds[1:]))  # the first call prepares the others
