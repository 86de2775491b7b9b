"""Evaluating writes the card and the reports, which tell the same, whatever goes wrong."""

from __future__ import annotations

import errno
import html
import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, classification_report, confusion_matrix

from recognizer import Recognizer, cli
from recognizer.datasets import Drawing, Images, Sample
from recognizer.datasets.mnist import Mnist
from recognizer.evaluation import (
    evaluate,
    perturbations,
    predictions,
    report,
    robustness,
)
from recognizer.evaluation.predictions import Predictions, classification_text, describe
from recognizer.files import REPORTS, SAVED_MODEL, ReportError, atomic_write
from recognizer.labels import label_set
from recognizer.model import card
from recognizer.model.card import CARD_FILE, KERAS_FILE, MODEL_FILE, ModelError
from recognizer.strokes import Stroke
from recognizer.training import export
from tests import samples
from tests.evaluation.test_real_pictures import data_folder, picture

HOSTILE = '<script>alert("7")</script> & Söhne'
FILES = {
    "evaluation.html",
    "confusion_matrix.png",
    "classification_report.txt",
    "classification_report.json",
    "metrics.json",
}


def drawings() -> list[Drawing]:
    """Real drawings, as if by a validation writer."""
    return [
        Drawing(tuple(Stroke(points) for points in strokes), str(digit), 5)
        for strokes, digit in samples.pen_digits()
    ]


def samples_of_writers() -> list[Sample]:
    """The same, by six validation writers of two sets; and some signs and lines."""
    found = [
        Sample(each.label, f"unipen/{'ab'[number % 2]}", f"unipen/{number % 6}", "DE", each.strokes)
        for number, each in enumerate(drawings())
    ]
    cross = (Stroke(np.array([(0, 50), (100, 50)])), Stroke(np.array([(50, 0), (50, 100)])))
    others = [Sample(label, "unipen/a", "unipen/0", "DE", cross) for label in ("+", "+", "x")]
    glyphs, digits = samples.mnist()
    pictures = [
        Sample(str(digit), "mnist", f"mnist/{number % 5}", "US", picture=glyph)
        for number, (glyph, digit) in enumerate(zip(glyphs[:10], digits, strict=False))
    ]
    return [*found, *others, *pictures]


def serially(work: Any, jobs: Any, title: str) -> list[Any]:
    return [work(job) for job in jobs]


@pytest.fixture(scope="module")
def prepared() -> Iterator[pytest.MonkeyPatch]:
    """Evaluation of a few digits in one process."""
    images, labels = samples.mnist()
    few = Images(images, labels.astype(np.uint8))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "load_mnist", lambda folder: Mnist(few, few))
        patch.setattr(evaluate, "load_pen", lambda folder: drawings()[:3])
        patch.setattr(evaluate, "load_pen_test", lambda folder: drawings()[6:9])
        patch.setattr(evaluate, "validation_samples", lambda folder: samples_of_writers())
        patch.setattr("recognizer.evaluation.writers.in_parallel", serially)
        patch.setattr("recognizer.evaluation.writers.DOODLES", 15)
        patch.setattr("recognizer.evaluation.robustness.in_parallel", serially)
        patch.setattr("recognizer.evaluation.perturbations.in_parallel", serially)
        patch.setattr("recognizer.evaluation.evaluate.in_parallel", serially)
        patch.setattr("recognizer.evaluation.robustness.REDRAWN_PENS_PX", (5, 20))
        patch.setattr(robustness, "DRAWINGS_PER_KIND", 15)
        yield patch


def copy_model(folder: Path) -> Path:
    """A copy of the saved model under a hostile name, with a history and no figures."""
    shutil.copytree(SAVED_MODEL, folder)
    content = card.read(folder / CARD_FILE)
    history = [
        {"accuracy": 0.9, "loss": 0.3, "mnist_validation_accuracy": 1.0, "seconds": 3.0},
        {"accuracy": 0.95, "loss": 0.2, "mnist_validation_accuracy": 1.0, "seconds": 3.0},
    ]
    figures = {"paint_correct": card.figure(64, "digits", "digits drawn in paint programs", n=64)}
    content |= {"name": HOSTILE, "figures": figures, "history": card.curves(history)}
    card.write(folder / CARD_FILE, content)
    return folder


@pytest.fixture(scope="module")
def evaluated(
    prepared: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The folders of a model and of its reports."""
    place = tmp_path_factory.mktemp("evaluated")
    runs, reports = place / "runs", place / "reports"
    model, other = copy_model(runs / "ours"), copy_model(runs / "other")
    content = card.read(other / CARD_FILE)
    content |= {"figures": {}, "claim": {"percent": 99.999, "of": "everything"}}
    card.write(other / CARD_FILE, content)
    reports.mkdir()
    gone = evaluate.comparison_rows([other], {}, [], [])
    gone[0] |= {"name": "gone", "date": "2001-02-03", "figures": {}}
    (reports / "metrics.json").write_text(json.dumps({"recognizers": gone}))
    prepared.setattr(evaluate, "RUNS_FOLDER", runs)
    pictures = data_folder(place, picture("2047"), picture("2047", text="9\n<99>"))
    evaluate.evaluate(model, pictures, reports)
    return model, reports


def read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def test_all_reports_are_written(evaluated: tuple[Path, Path]) -> None:
    _, reports = evaluated
    assert {path.name for path in reports.iterdir()} == FILES
    assert (reports / "confusion_matrix.png").read_bytes().startswith(b"\x89PNG")
    assert (reports / "evaluation.html").stat().st_size < 2_000_000


def test_card_and_reports_tell_the_same_figures(evaluated: tuple[Path, Path]) -> None:
    model, reports = evaluated
    content, told = card.read(model / CARD_FILE), read_json(reports / "metrics.json")
    assert told["figures"] == content["figures"]
    for name, figure in (
        ("mnist_test", "mnist_test_accuracy_exported"),
        ("pen_validation", "pen_validation_accuracy"),
        ("pen_test", "pen_test_accuracy"),
    ):
        found, expected = told["sets"][name], content["figures"][figure]
        assert 100 * found["accuracy"]["value"] == pytest.approx(expected["value"], abs=1e-9)
        assert found["loss"] == content["figures"][f"{name}_loss"]["value"]
        assert 100 * found["calibration_error"] == content["figures"][f"ece_{name}"]["value"]
        assert 100 * found["sure"]["value"] == content["figures"][f"{name}_sure"]["value"]
    page = (reports / "evaluation.html").read_text(encoding="utf-8")
    assert f"{content['figures']['mnist_test_accuracy_exported']['value']:.2f} %" in page


def test_what_the_card_had_besides_stays(evaluated: tuple[Path, Path]) -> None:
    content = card.read(evaluated[0] / CARD_FILE)
    assert content["benchmarks"] == card.read(SAVED_MODEL / CARD_FILE)["benchmarks"]
    assert content["figures"]["paint_correct"]["value"] == 64


def test_the_page_escapes_what_it_shows(evaluated: tuple[Path, Path]) -> None:
    page = (evaluated[1] / "evaluation.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#34;7&#34;)&lt;/script&gt; &amp; Söhne" in page


def test_the_page_needs_nothing_else_and_every_picture_has_words(
    evaluated: tuple[Path, Path],
) -> None:
    page = (evaluated[1] / "evaluation.html").read_text(encoding="utf-8")
    links = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"'\s>)]+)""", page)
    assert links and all(link.startswith(("data:image/", "#")) for link in links)
    pictures = re.findall(r"<img [^>]*>", page)
    assert pictures and all(re.search(r'alt="[^"]+"', picture) for picture in pictures)
    anchors = {link[1:] for link in links if link.startswith("#")}
    assert anchors <= set(re.findall(r'id="([^"]+)"', page))


def test_every_misread_digit_is_shown(evaluated: tuple[Path, Path]) -> None:
    page = (evaluated[1] / "evaluation.html").read_text(encoding="utf-8")
    told = read_json(evaluated[1] / "metrics.json")["sets"]
    misread = sum(len(found["misread"]) for found in told.values())
    assert len(re.findall(r'alt="A \S+ that was read as \S+"', page)) == misread


def test_the_page_tells_of_lines_by_gap_and_of_real_pictures(
    evaluated: tuple[Path, Path],
) -> None:
    _, reports = evaluated
    told = read_json(reports / "metrics.json")
    page = html.unescape((reports / "evaluation.html").read_text(encoding="utf-8"))
    lines = page[page.index('<section aria-labelledby="lines">') :]
    lines = lines[: lines.index("</section>")]
    strings = [one for name, one in told["costs"].items() if name.startswith("strings_")]
    assert len(strings) >= 5 and told["writers"]["lines"]
    for one in [*told["writers"]["lines"].values(), *strings]:
        cell = f'<td class="words wide">{one["of"].capitalize()}</td>'
        assert page.count(cell) == lines.count(cell) == 1
    shown = [one for kind in told["writers"]["misread_lines"] for one in kind["shown"]]
    for one in shown:
        assert one["picture"] in lines
    assert "1 of 2 are right" in lines and "<b>2047</b>" in lines and "9 | <99>" in lines
    assert told["figures"]["pictures_right"]["value"] == 1
    assert "SHA-256" not in lines and lines.count("<img") == len(shown)


def test_the_page_tells_what_the_networks_for_pictures_are_and_how_they_were_trained(
    evaluated: tuple[Path, Path],
) -> None:
    content = read_json(evaluated[1] / "metrics.json")
    content["line_network"] = {
        "architecture": "layers <along> the line",
        "parameters": 467_890,
        "configuration": {"lines": 40_960, "epochs": 24},
        "training_minutes": 98.4,
        "validation_accuracy": 0.9512,
    }
    content["ruling_network"] = {
        "architecture": "a U of layers",
        "parameters": 512_345,
        "configuration": {"pages": 16_384, "epochs": 12},
        "training_minutes": 41.2,
        "validation_lost": 0.0123,
        "validation_kept": 0.0234,
    }
    for found in content["sets"].values():
        found["misread"] = []
    sets = [replace(made_predictions(10), name=name) for name in content["sets"]]
    page = html.unescape(report.render(content, sets, []))
    for words in (
        "the line network: layers <along> the line; 467,890 parameters, ",
        "40,960 made lines in each of 24 epochs, in 98 minutes",
        "damaged ones among them, 95.12 % are read right",
        "the ruling network, takes away what was printed",
        "a U of layers; 512,345 parameters, ",
        "16,384 made parts of pages in each of 12 epochs, in 41 minutes",
        "it loses 1.23 % of the written ink and keeps 2.34 % of the printed",
    ):
        assert words in re.sub("</?em>", "", page)
    assert "This model has no line network" not in page
    content["line_network"] = None
    assert "This model has no line network" in report.render(content, sets, [])


def test_recognizers_stand_side_by_side(evaluated: tuple[Path, Path]) -> None:
    rows = {row["name"]: row for row in read_json(evaluated[1] / "metrics.json")["recognizers"]}
    assert {"ours", "other", "saved_model", "gone"} == set(rows)
    accuracy = rows["ours"]["figures"]["mnist_test_accuracy_exported"]
    assert rows["other"]["figures"]["mnist_test_accuracy_exported"] == accuracy | {
        "of": "MNIST's test images"
    }
    assert rows["other"]["claim"]["measured"] == accuracy["value"]
    assert rows["other"]["milliseconds"] > 0 and rows["other"]["bytes"] > 1000
    page = (evaluated[1] / "evaluation.html").read_text(encoding="utf-8")
    assert "Measured on 2001-02-03; its folder is not here now." in page


def three_label_model(folder: Path, labels: tuple[str, ...]) -> Path:
    """A made model that compares a glyph with the mean sevens, ones and zeros of MNIST."""
    glyphs, digits = samples.mnist()
    means = np.stack([glyphs[digits == digit].mean(axis=0).ravel() / 255 for digit in (7, 1, 0)])
    nearest = keras.layers.Dense(3, activation="softmax", name="digits")
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), nearest])
    nearest.set_weights([means.T, -(means**2).sum(axis=1) / 2])
    folder.mkdir(parents=True)
    model.save(folder / KERAS_FILE)
    (folder / MODEL_FILE).write_bytes(export.as_litert(model))
    saved = card.read(SAVED_MODEL / CARD_FILE)
    content = {"name": "three labels", "labels": list(labels), "acceptance_threshold": 0.9}
    content["segmentation"] = saved["segmentation"]
    names = (MODEL_FILE, KERAS_FILE)
    content["files"] = {name: card.sha256((folder / name).read_bytes()) for name in names}
    card.write(folder / CARD_FILE, content)
    return folder


def test_of_a_network_that_knows_letters_a_round_one_counts_for_a_zero_by_keras_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = (*label_set("digits"), "O", "X")
    answers = np.zeros((3, len(known) + 1), np.float32)
    answers[0, known.index("O")], answers[0, 8] = 0.6, 0.4
    answers[1, known.index("X")], answers[1, 8] = 0.6, 0.4
    answers[2, -1], answers[2, 8] = 0.6, 0.4
    monkeypatch.setattr("recognizer.training.models.load", lambda folder: None)
    monkeypatch.setattr(evaluate, "predict", lambda model, glyphs: answers)
    monkeypatch.setattr("recognizer.model.card.load", lambda folder: SimpleNamespace(labels=known))
    glyphs, nothing = np.zeros((3, 28, 28), np.uint8), np.zeros((3, 10), np.float32)
    truth, sure = np.array([0, 8, 8], np.uint8), np.zeros(3, dtype=bool)
    read = Predictions("mnist_test", "", glyphs, label_set("digits"), truth, nothing, sure)
    assert evaluate._by_keras(SAVED_MODEL, read) == 3


def test_a_model_of_three_labels_is_measured_on_these_and_reported(
    prepared: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = three_label_model(tmp_path / "runs" / "three", ("7", "1", "0"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "load_pen", lambda folder: drawings())
        patch.setattr(evaluate, "load_pen_test", lambda folder: None)
        patch.setattr(evaluate, "RUNS_FOLDER", tmp_path / "runs")
        figures = evaluate.evaluate(model, None, tmp_path / "reports")
    assert {path.name for path in (tmp_path / "reports").iterdir()} == FILES
    told = read_json(tmp_path / "reports" / "metrics.json")
    assert told["labels"] == ["7", "1", "0"]
    found = told["sets"]["mnist_test"]
    assert found["n"] == figures["mnist_test_accuracy"]["n"] == 15
    assert figures["mnist_test_accuracy"]["value"] > 90
    assert figures["mnist_test_accuracy"]["value"] == 100 * found["accuracy"]["value"]
    assert [sum(row) for row in found["confusion_matrix"]] == [5, 5, 5]
    assert {"7", "1", "0", "macro avg"} <= set(found["per_label"])
    page = (tmp_path / "reports" / "evaluation.html").read_text(encoding="utf-8")
    for label in told["labels"]:
        assert page.count(f'<th scope="row">{label}</th>') == 3 * len(told["sets"])
    assert not re.search(r'<th scope="(row|col)">[2-9]</th>', page.replace(">7<", "><"))
    # The saved model, which has more labels, is measured on the same glyphs.
    rows = {row["name"]: row for row in told["recognizers"]}
    assert {"three", "saved_model"} == set(rows)


def test_a_baseline_with_other_labels_is_measured_by_their_names(tmp_path: Path) -> None:
    glyphs, digits = samples.mnist()
    images = Images(glyphs, digits.astype(np.uint8))
    ours = predictions.of_images(Recognizer(), "made", "made digits", images)
    baseline = Recognizer(three_label_model(tmp_path / "three", ("7", "1", "0")))
    theirs = predictions.of_images(baseline, "made", "made digits", images)
    assert evaluate._right_of(baseline, ours) == theirs.right.sum() >= 14
    assert evaluate._right_of(Recognizer(), theirs) == 15


def test_a_model_without_any_label_of_the_data_is_refused(
    prepared: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = three_label_model(tmp_path / "signs", ("+", "-", "="))
    with pytest.raises(ModelError, match=r"reads \+ - =, and no data here have these labels"):
        evaluate.evaluate(model, None, tmp_path / "reports")


def test_what_was_measured_is_kept_without_matplotlib(
    prepared: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = copy_model(tmp_path / "model")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("charts",):
            patch.delitem(sys.modules, f"recognizer.evaluation.report.{name}", raising=False)
            patch.delattr(f"recognizer.evaluation.report.{name}", raising=False)
        patch.setitem(sys.modules, "matplotlib.figure", None)
        assert cli.main(["evaluate", "--model", str(model)]) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert "evaluation.html was not written" in error and "pip install" in error
    figures = read_json(model / "reports" / "metrics.json")["figures"]
    assert figures == card.read(model / CARD_FILE)["figures"]
    assert not (model / "reports" / "evaluation.html").exists()


def test_a_full_disk_is_told_and_what_was_written_is_whole(
    evaluated: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        if path.name == "classification_report.json":
            raise OSError(errno.ENOSPC, "No space left on device")
        atomic_write(path, content)

    monkeypatch.setattr(report, "atomic_write", full)
    content = read_json(evaluated[1] / "metrics.json")
    with pytest.raises(ReportError, match=r"report.json could not be written: No space"):
        report.write(tmp_path, content, [], [])
    assert read_json(tmp_path / "metrics.json") == content


def made_predictions(n: int = 3000) -> Predictions:
    """Predictions of every confidence, honest ones, on digits of which one is missing."""
    rng = np.random.default_rng(3)
    probabilities = rng.dirichlet(np.full(10, 0.1), n).astype(np.float32)
    truth = np.array([rng.choice(10, p=row / row.sum()) for row in probabilities.astype(float)])
    truth[truth == 4] = 9
    glyphs = np.zeros((n, 28, 28), dtype=np.uint8)
    labels = label_set("digits")
    sure = probabilities.max(axis=1) > 0.9
    return Predictions(
        "made", "made digits", glyphs, labels, truth.astype(np.uint8), probabilities, sure
    )


def test_details_agree_with_scikit_learn() -> None:
    made = made_predictions()
    truth, read = made.truth, made.probabilities.argmax(axis=1)
    found = describe(made)
    assert found["accuracy"]["value"] == accuracy_score(truth, read)
    expected = confusion_matrix(truth, read, labels=range(10))
    np.testing.assert_array_equal(found["confusion_matrix"], expected)
    text = classification_report(truth, read, labels=range(10), digits=4, zero_division=0)
    assert classification_text(made) == text
    accuracy, confidence = calibration_curve(made.right, made.confidence, n_bins=15)
    np.testing.assert_allclose([b["accuracy"] for b in found["reliability"]], accuracy)
    np.testing.assert_allclose([b["confidence"] for b in found["reliability"]], confidence)


def test_confusions_and_misread_digits_count_the_same() -> None:
    found = describe(made_predictions())
    wrong = found["n"] - found["accuracy"]["right"]
    assert len(found["misread"]) == wrong
    assert sum(one["count"] for one in found["commonest_confusions"]) == wrong
    first = found["commonest_confusions"][0]
    assert first["count"] == max(one["count"] for one in found["commonest_confusions"])
    confidences = [one["confidence"] for one in found["misread"]]
    assert confidences == sorted(confidences, reverse=True)


def test_the_curve_of_coverage_passes_through_every_threshold() -> None:
    made = made_predictions()
    points = describe(made)["coverage"]
    assert points[-1] == (1.0, pytest.approx(made.right.mean()))
    for given, accuracy in points[::20]:
        threshold = np.sort(made.confidence)[::-1][round(given * len(made.truth)) - 1]
        kept = made.confidence >= threshold
        assert kept.mean() == pytest.approx(given)
        assert made.right[kept].mean() == pytest.approx(accuracy)


@pytest.mark.parametrize("perturbation", perturbations.PERTURBATIONS, ids=lambda p: p.name)
def test_perturbations_change_what_they_say(perturbation: perturbations.Perturbation) -> None:
    drawing, rng = drawings()[3], np.random.default_rng(1)
    low, high = (perturbation.draw(drawing, perturbation.levels[at], rng) for at in (0, -1))
    assert low.shape == high.shape == (perturbations.CANVAS_SIDE_PX, perturbations.CANVAS_SIDE_PX)
    assert low.dtype == np.uint8
    pale, dark = (255 - picture.astype(float) for picture in (low, high))
    match perturbation.name:
        case "size":
            heights = [np.ptp(np.flatnonzero((ink > 128).any(axis=1))) + 1 for ink in (pale, dark)]
            assert heights[1] == pytest.approx(heights[0] * 100 / 6, rel=0.2)
        case "pen width":
            assert dark.sum() > 5 * pale.sum()
        case "contrast":
            assert pale.max() == pytest.approx(0.03 * 255, abs=1)
        case "noise":
            assert dark[0].std() > 20 > pale[0].std()
        case "blur":
            assert dark.max() < 0.8 * pale.max()
        case _:
            assert not np.array_equal(low, high)


def test_the_usual_reader_sees_the_whole_picture_small() -> None:
    picture = np.full((280, 280), 255, dtype=np.uint8)
    picture[:140] = 0
    (small,) = perturbations.shrunk([picture])
    assert small.shape == (28, 28)
    assert (small[:13] == 255).all() and (small[15:] == 0).all()


def test_ours_reads_small_drawings_in_corners_and_the_usual_reader_does_not() -> None:
    few = drawings()
    number = [p.name for p in perturbations.PERTURBATIONS].index("place")
    point = perturbations._read_at(SAVED_MODEL, few, (number, 100))
    assert point.n == len(few)
    assert point.ours > 2 * point.usual


def test_what_is_out_of_distribution_repeats_and_is_told_from_digits() -> None:
    few, recognizer = drawings(), Recognizer()
    first, again = (robustness.read_out_of_distribution(recognizer, few) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.glyphs, other.glyphs)
    digits = np.array([recognizer.classify_strokes(d.strokes).confidence for d in few])
    found = robustness.out_of_distribution_figures(first, digits, recognizer.threshold)
    assert set(found) == {"scribbles", "fragments", "merged", "together"}
    assert found["together"]["auroc"] > 0.75
    pairs = np.subtract.outer(digits, first[0].confidence)
    by_hand = np.mean((pairs > 0) + 0.5 * (pairs == 0))
    assert found["scribbles"]["auroc"] == pytest.approx(by_hand)


def test_a_fragment_is_half_of_the_pen_s_way() -> None:
    line = Stroke(np.linspace((0.0, 0.0), (100.0, 0.0), 101))
    hook = Stroke(np.linspace((100.0, 0.0), (100.0, 100.0), 101))
    drawing = Drawing((line, hook), "7", 5)
    for seed in range(5):
        glyph = robustness._fragment([drawing], np.random.default_rng(seed))
        rows, columns = (np.ptp(np.flatnonzero(glyph.any(axis=axis))) + 1 for axis in (1, 0))
        assert max(rows, columns) > 3 * min(rows, columns)


def test_json_for_people_keeps_numbers_on_a_line_and_its_content() -> None:
    content = {
        "a": [1, 2.5, -3e-7],
        "b": [],
        "c": [["x", 1], [None, "[ 1,\n 2 ]"]],
        "d": {"e": [[1, 2], [3, 4]]},
    }
    text = card.as_text(content)
    assert json.loads(text) == content
    assert '"a": [1, 2.5, -3e-07]' in text and "[3, 4]" in text


def test_reports_lie_beside_the_model_they_are_of() -> None:
    assert evaluate.reports_of(SAVED_MODEL) == REPORTS
    assert evaluate.reports_of(Path("runs/deep")) == Path("runs/deep/reports")
