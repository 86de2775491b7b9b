"""What is told of the validation writers, by made answers and by the saved model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import classification_report

from recognizer import Recognizer
from recognizer.datasets import DataError, MissingDataError, Sample, catalog
from recognizer.datasets.slashed_zeros import is_slashed_zero
from recognizer.evaluation import hands, report, writers
from recognizer.evaluation.predictions import as_glyph, classification_text, describe, picture_of
from recognizer.evaluation.writers import WrittenCharacters
from recognizer.files import REPORTS, SAVED_MODEL
from recognizer.labels import label_set
from recognizer.model import card
from recognizer.strokes import Stroke
from tests import samples

KNOWN = (*label_set("digits"), *"abcABC+=")
RNG = np.random.default_rng(23)


def written(
    labels: list[str], read: list[str], of: list[str], *, countries: list[str] | None = None
) -> WrittenCharacters:
    """Characters that were read as others, with much confidence; of: "set/writer" of each."""
    n = len(labels)
    # Nothing is ever as sure as another, so that a threshold can part any two.
    shares = RNG.uniform(0.97, 0.99, n)
    probabilities = np.full((n, len(KNOWN)), 1e-4)
    known = np.array([KNOWN.index(label) if label else 0 for label in read])
    probabilities[np.arange(n), known] = np.where([label == "" for label in read], 1e-4, shares)
    return WrittenCharacters(
        known=KNOWN,
        probabilities=probabilities.astype(np.float32),
        labels=np.array(labels),
        sets=np.array([name.rpartition("/")[0] for name in of]),
        writers=np.array(of),
        pictures=np.array([name.startswith("mnist") for name in of]),
        doubtful=np.zeros(n, dtype=bool),
        glyphs=np.zeros((n, 28, 28), dtype=np.uint8),
        countries=np.array(countries or ["DE"] * n),
        slashed=np.zeros(n, dtype=bool),
    )


def ten_writers() -> WrittenCharacters:
    """Ten writers of ten digits; the last of them had half misread, and all drew other things."""
    labels, read, of = [], [], []
    for writer in range(10):
        name = f"unipen/{'ab'[writer % 2]}/{writer}"
        digits = [*"0123456789"]
        labels += [*digits, "a", "B", "+", "", "?"]
        read += [*digits, "A", "B", "+", "", ""]
        if writer == 9:
            read[-15:-10] = ["9"] * 5
        of += [name] * 14 + ["doodles/x"]
    labels += ["7"] * 4
    return written(labels, [*read, *"7777"], [*of, *["mnist/1"] * 4])


def rows_of(told: dict[str, Any], version: str = hands.AS_DISTRIBUTED) -> dict[str, Any]:
    return {row["name"]: row for row in told["sets"][version]}


def test_each_set_and_the_kinds_of_them_have_a_row() -> None:
    told, _ = hands.describe(ten_writers())
    rows = rows_of(told)
    assert set(rows) == {
        *("pen strokes", "pictures", "unipen", "mnist", "unipen/a", "unipen/b"),
    }
    strokes = rows["pen strokes"]
    assert (strokes["n"], strokes["writers"]) == (100, 10)
    assert strokes["accuracy"]["right"] == 95
    assert strokes["mean"]["value"] == pytest.approx(0.95)
    assert strokes["worst_tenth"] == pytest.approx(0.5)
    low, high = strokes["mean"]["interval"]
    assert low < 0.95 < high
    assert rows["unipen/a"]["mean"] == {"value": 1.0, "interval": None}
    assert rows["unipen/b"]["worst_tenth"] == pytest.approx(0.5)
    countries = [row["name"] for row in told["countries"][hands.AS_DISTRIBUTED]]
    assert countries == ["DE, pen strokes", "DE, pictures"]


def test_the_mean_is_over_writers_not_over_drawings() -> None:
    labels = ["1"] * 90 + ["7"] * 10
    made = written(labels, ["1"] * 100, ["uji/1"] * 90 + ["uji/2"] * 10)
    row = rows_of(hands.describe(made)[0])["pen strokes"]
    assert row["accuracy"]["value"] == pytest.approx(0.9)
    assert row["mean"]["value"] == pytest.approx(0.5)


def test_doubtful_labels_are_left_out_in_the_second_version_alone() -> None:
    made = ten_writers()
    assert [*hands.describe(made)[0]["sets"]] == [hands.AS_DISTRIBUTED]
    wrong = (made.writers == "unipen/b/9") & (made.labels == "0")
    told, _ = hands.describe(replace(made, doubtful=wrong))
    assert rows_of(told)["unipen"]["n"] == 100
    clean = rows_of(told, hands.CLEAN)["unipen"]
    assert (clean["n"], clean["accuracy"]["right"]) == (99, 95)
    assert told["worst_writer"]["accuracy"]["n"] == 9
    shares = [told["modes"][name]["digits"]["accuracy"] for name in told["modes"]]
    assert [(one["right"], one["n"]) for one in shares] == [(99, 104), (99, 103)]
    figures = hands.figures(told)
    assert figures["writers_strokes"]["value"] == pytest.approx(100 * clean["mean"]["value"])
    assert figures["writers_strokes"]["n"] == 99


def test_the_worst_writer_is_named_with_every_error() -> None:
    told, sets = hands.describe(ten_writers())
    worst = told["worst_writer"]
    assert (worst["name"], worst["country"]) == ("unipen/b/9", "DE")
    assert (worst["accuracy"]["right"], worst["accuracy"]["n"]) == (5, 10)
    digits = sets[0]
    assert digits.name == "writers_digits"
    assert sorted(one["truth"] for one in worst["misread"]) == [*"01234"]
    assert {one["predicted"] for one in worst["misread"]} == {"9"}
    assert sorted(one["number"] for one in worst["misread"]) == [0, 1, 2, 3, 4]
    assert {one["picture"] for one in worst["misread"]} == {picture_of(digits.glyphs[0])}


def test_slashed_zeros_have_a_figure() -> None:
    made = ten_writers()
    slashed = (made.labels == "0") & ~made.pictures
    told, _ = hands.describe(replace(made, slashed=slashed))
    assert (told["slashed_zeros"]["right"], told["slashed_zeros"]["n"]) == (9, 10)
    assert hands.figures(told)["writers_slashed_zeros"]["value"] == pytest.approx(90)
    assert "writers_slashed_zeros" not in hands.figures(hands.describe(made)[0])


def test_what_is_no_digit_is_counted_by_kind_and_told_from_digits() -> None:
    told, _ = hands.describe(ten_writers())
    kinds = {one["kind"]: one for one in told["others"][hands.AS_DISTRIBUTED]}
    assert {name: one["sure"]["n"] for name, one in kinds.items()} == {
        "letters": 20,
        "signs": 10,
        "other signs": 10,
        "doodles": 10,
        "together": 50,
    }
    # All of it was read as what it is, or as nothing.
    assert all(one["auroc"] == pytest.approx(1) for one in kinds.values())
    assert all(one["sure"]["right"] == 0 for one in kinds.values())


def test_letters_are_right_in_either_case_and_signs_are_told_apart() -> None:
    told, sets = hands.describe(ten_writers())
    modes = told["modes"][hands.AS_DISTRIBUTED]
    assert modes["letters"]["accuracy"]["value"] == 1.0
    assert (modes["sums"]["signs"]["right"], modes["sums"]["signs"]["n"]) == (10, 10)
    assert (modes["sums"]["signs_alone"]["right"], modes["sums"]["signs_alone"]["n"]) == (10, 10)
    names = {a.name: a for a in sets}
    assert set(names) == {"writers_digits", "writers_letters", "writers_sums"}
    letters = names["writers_letters"]
    assert letters.labels == ("a", "b", "c") and letters.right.all()
    figures = hands.figures(told)
    assert figures["writers_letters"]["n"] == 20 and figures["writers_signs"]["n"] == 10


def test_a_sign_that_looks_like_a_digit_is_right_where_only_signs_may_be_answered() -> None:
    characters = ten_writers()
    probabilities = characters.probabilities.copy()
    probabilities[characters.labels == "+", KNOWN.index("+")] = 0.2
    probabilities[characters.labels == "+", KNOWN.index("4")] = 0.7
    told, _ = hands.describe(replace(characters, probabilities=probabilities))
    found = told["modes"][hands.AS_DISTRIBUTED]["sums"]
    assert (found["signs"]["right"], found["signs_alone"]["right"]) == (0, 10)


def test_the_sections_are_scikit_learn_s() -> None:
    _, (digits, *_) = hands.describe(ten_writers())
    text = classification_report(digits.truth, digits.predicted, digits=4, zero_division=0)
    assert classification_text(digits).split()[-10:] == text.split()[-10:]
    assert describe(digits)["classification_report"] == classification_text(digits)


def test_a_picture_of_a_glyph_keeps_its_sixteen_greys() -> None:
    glyph = RNG.integers(0, 256, (28, 28)).astype(np.uint8)
    np.testing.assert_array_equal(as_glyph(picture_of(glyph)), glyph // 17 * 17)


def test_a_writer_spoils_the_threshold_of_all_others_but_not_their_own() -> None:
    """As one does who is always wrong with much confidence."""
    labels = [str(n % 10) for n in range(3000)]
    of = [f"uji/{n // 100:02}" for n in range(3000)]
    read = ["3" if writer == "uji/00" else label for label, writer in zip(labels, of, strict=True)]
    told, _ = hands.describe(written(labels, read, of))
    own = np.arange(5) == 0
    limits = np.array([found["digits"] for found in told["thresholds"]])
    assert limits[own].max() < limits[~own].min()


def test_a_model_of_digits_alone_has_no_letters_and_the_auroc_of_its_confidence() -> None:
    made = ten_writers()
    digits = label_set("digits")
    alone = replace(made, known=digits, probabilities=made.probabilities[:, :10])
    told, sets = hands.describe(alone)
    assert [*told["modes"][hands.AS_DISTRIBUTED]] == ["digits"] and [a.name for a in sets] == [
        "writers_digits"
    ]
    assert told["others"][hands.AS_DISTRIBUTED][-1]["auroc"] == pytest.approx(1)


@pytest.fixture
def serial(monkeypatch: pytest.MonkeyPatch) -> None:
    def serially(work: Any, jobs: Any, title: str) -> list[Any]:
        return [work(job) for job in jobs]

    monkeypatch.setattr(writers, "in_parallel", serially)


def made_samples() -> list[Sample]:
    """Strokes of three writers, glyphs of MNIST, and a scan in colour."""
    drawings = samples.pen_digits()
    found = [
        Sample(str(digit), "uji", f"uji/{number % 3}", "ES", tuple(Stroke(line) for line in lines))
        for number, (lines, digit) in enumerate(drawings)
    ]
    glyphs, digits = samples.mnist()
    found += [
        Sample(str(digit), "mnist", "mnist/1", "US", picture=glyph)
        for digit, glyph in zip(digits[:10], glyphs, strict=False)
    ]
    scan = np.asarray(samples.picture_of(7).convert("RGB"))
    found.append(Sample("7", "swiss", "swiss/1", None, picture=scan))
    turns = np.linspace(0, 2 * np.pi, 40)
    ring = np.stack([60 * np.sin(turns), -90 * np.cos(turns)], axis=1)
    slash = np.array([[45.0, -70.0], [-45.0, 70.0]])
    return [*found, Sample("0", "uji", "uji/1", "ES", (Stroke(ring), Stroke(slash)))]


def test_characters_are_read_as_the_recognizer_reads_them(serial: None) -> None:
    given = made_samples()
    doubtful = np.arange(len(given)) == 4
    read = writers.read_characters(SAVED_MODEL, given, doubtful)
    answers, recognizer = read.answers("digits"), Recognizer()
    for number, sample in enumerate(given):
        if sample.picture is None:
            alone = recognizer.classify_strokes(sample.strokes, (500, 500))
        elif sample.set == "swiss":
            alone = recognizer.classify_image(sample.picture)
        else:
            np.testing.assert_array_equal(read.glyphs[number], sample.picture)
            expected = recognizer.predict_joint(sample.picture[None])
            np.testing.assert_allclose(answers.joint[number], expected[0], atol=1e-6)
            continue
        np.testing.assert_allclose(answers.joint[number], alone.joint, atol=1e-6)
        assert answers.confidence[number] == pytest.approx(alone.confidence, abs=1e-6)
        np.testing.assert_array_equal(read.glyphs[number], alone.glyph)
    assert read.doubtful.tolist() == doubtful.tolist()
    assert read.countries.tolist() == [sample.country or "" for sample in given]
    zeros = [s.label == "0" and bool(s.strokes) and is_slashed_zero(s.strokes) for s in given]
    assert read.slashed.tolist() == zeros
    assert zeros[-1]


def test_a_model_of_other_labels_is_read_with_all_that_it_knows(
    serial: None, tmp_path: Path
) -> None:
    folder = samples.sign_model(tmp_path)
    given = [
        Sample(sign, "made", "made/1", None, tuple(Stroke(line) for line in lines))
        for sign, (lines,) in ((sign, samples.signs(sign)) for sign in "A7+")
    ]
    read = writers.read_characters(folder, given)
    assert read.known == ("A", "7", "+")
    assert [read.known[n] for n in read.probabilities.argmax(axis=1)] == ["A", "7", "+"]


def test_a_small_mark_is_a_dot_beside_the_writer_s_own_characters(serial: None) -> None:
    """No set tells how large its tablet is; the writer's other characters do."""
    seven = tuple(Stroke(np.array(line, dtype=float)) for line in samples.SIGNS["7"])
    mark = (Stroke(np.array([(0.0, 0.0), (1.0, 0.4)])),)
    dot = Sample(".", "a", "a/1", None, mark)
    sevens = [Sample("7", "a", "a/1", None, seven)] * 3
    beside, alone = (
        writers.read_characters(SAVED_MODEL, given).glyphs[-1] for given in ([*sevens, dot], [dot])
    )
    # A dot is as wide as high and fills the glyph; a line that is all that there is does not.
    assert np.count_nonzero(beside > 128) > 2 * np.count_nonzero(alone > 128)


def test_doodles_repeat_and_each_has_a_writer_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "DOODLES", 20)
    first, again = writers.doodle_samples(), writers.doodle_samples()
    for one, other in zip(first, again, strict=True):
        for stroke, same in zip(one.strokes, other.strokes, strict=True):
            np.testing.assert_array_equal(stroke.points, same.points)
    assert len({sample.writer for sample in first}) == 20
    assert {(sample.label, sample.set) for sample in first} == {("", "doodles")}


def test_sets_that_are_not_there_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(folder: Path | None) -> list[Sample]:
        raise MissingDataError("it is nowhere")

    def damaged(folder: Path | None) -> list[Sample]:
        raise DataError("it is damaged")

    def made(folder: Path | None) -> list[Sample]:
        return [Sample("7", "made", f"made/{number}") for number in range(12)]

    monkeypatch.setattr(catalog, "LOADERS", {"missing": missing, "made": made})
    found = writers.validation_samples(None)
    assert {sample.writer for sample in found} == catalog.validation_writers(made(None))
    monkeypatch.setattr(catalog, "LOADERS", {"damaged": damaged})
    with pytest.raises(DataError, match="damaged"):
        writers.validation_samples(None)


def test_the_page_names_sets_countries_and_the_worst_writer() -> None:
    told, sets = hands.describe(ten_writers())
    sets.append(replace(sets[0], name="mnist_test"))
    content = card.read(REPORTS / "metrics.json") | {"writers": told, "threshold": 0.9}
    content |= {"pictures": {}, "line_network": None}
    page = report.render(content | {"sets": {a.name: describe(a) for a in sets}}, sets, [])
    assert "unipen/b/9" in page and '<th scope="row">DE, pen strokes</th>' in page
    assert page.count("of the worst writer that was read as 9") == 5
    assert page.count("<caption>Set, labels as distributed.") == 1
