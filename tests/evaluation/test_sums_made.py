"""Sums and numbers that are made of one writer's characters, and the share that is read right."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from recognizer.datasets import Drawing, Sample
from recognizer.evaluation.predictions import as_glyph
from recognizer.evaluation.sums import (
    MISREAD_SHOWN,
    LineReader,
    ReadLines,
    line_figures,
    misread_pictures,
    read_lines,
    read_validation_lines,
    signs_figure,
)
from recognizer.expression import result_of
from recognizer.files import SAVED_MODEL
from recognizer.model import card
from recognizer.processes import in_order
from recognizer.strokes import Stroke, bounds
from recognizer.training.made_sums import (
    COMPOSED,
    HEIGHT_PX,
    MARGIN_PX,
    SIGN_SIZES,
    SUM_LENGTHS,
    Parts,
    Strokes,
    WrittenLine,
    number_of,
    numbers_of_five,
    sum_text,
    sums,
)
from tests.fakes import NearestSign, sign_drawings
from tests.samples import pen_digits


def composed(label: str, parts: Parts, rng: np.random.Generator) -> Strokes:
    """Stands for what composes signs: the drawing that the reader knows."""
    return tuple(sign_drawings()[label])


def by(writer: int, labels: str) -> list[Drawing]:
    return [Drawing(tuple(sign_drawings()[label]), label, writer) for label in labels]


def made(*drawings: Drawing, per_writer: int = 12, seed: int = 3) -> list[WrittenLine]:
    return list(sums(drawings, per_writer, seed, composed))


def test_sums_are_five_to_nine_characters_and_most_have_a_value() -> None:
    rng = np.random.default_rng(5)
    texts = [sum_text(list("0123456789"), rng) for _ in range(300)]
    assert {len(text) for text in texts} == set(SUM_LENGTHS)
    notes = {result_of(text).note for text in texts}
    assert notes <= {None, "it divides by zero"}
    assert set("".join(texts)) == {*"0123456789", *SIGN_SIZES}


def test_a_writer_s_sums_have_that_writer_s_digits_and_signs() -> None:
    lines = made(*by(1, "123+−=.,/:()%<>"), *by(2, "789+−=.,/:()%<>"))
    assert len(lines) == 24
    assert set("".join(line.text for line in lines[:12])) <= {*"123", *SIGN_SIZES}
    assert set("".join(line.text for line in lines[12:])) <= {*"789", *SIGN_SIZES}


def test_the_same_seed_makes_the_same_sums() -> None:
    first, again = (made(*by(1, "1234567890+−=")) for _ in range(2))
    assert [line.text for line in first] == [line.text for line in again]
    for a, b in zip(first[0].strokes, again[0].strokes, strict=True):
        assert np.array_equal(a.points, b.points)
    other = made(*by(1, "1234567890+−="), seed=4)
    assert [line.text for line in first] != [line.text for line in other]


def test_a_sign_that_a_writer_lacks_is_another_s_of_the_set() -> None:
    zigzag = (Stroke(np.array([(0.0, 0.0), (10, 5), (20, 0), (30, 5), (40, 0)])),)
    lines = made(*by(1, "1"), Drawing(zigzag, "+", 2))
    assert len(lines) == 12  # who drew no digit writes no sums
    plus = [line for line in lines if line.text.count("+") == 1 and "%" not in line.text]
    assert plus
    for line in plus:
        assert any(len(stroke.points) == 5 for stroke in line.strokes)


def test_characters_stand_side_by_side_at_their_heights() -> None:
    base = 1.5 * MARGIN_PX + HEIGHT_PX
    for line in made(*by(1, "1234567890+−=.,/:()%<>"), per_writer=30):
        box = bounds(line.strokes)
        assert box.x >= MARGIN_PX - 1 and box.right <= line.size[0] - MARGIN_PX + 1
        assert box.y > 0 and box.bottom < line.size[1]
        dots = [bounds([stroke]) for stroke in line.strokes if bounds([stroke]).side < 20]
        if "." in line.text and not set(line.text) & set("÷:·%,"):
            assert all(abs(dot.middle[1] - base) < 0.12 * HEIGHT_PX for dot in dots)
        if "·" in line.text and not set(line.text) & set("÷:.%,"):
            assert all(abs(base - dot.middle[1] - HEIGHT_PX / 2) < 0.12 * HEIGHT_PX for dot in dots)


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """To start more takes longer than so few lines."""
    here = partial(in_order, processes=1)
    monkeypatch.setattr("recognizer.processes.in_order", here)


def test_a_dot_of_one_point_takes_no_room() -> None:
    point = Drawing((Stroke(np.array([[7.0, 7.0]])),), ".", 1)
    lines = made(*by(1, "1234567890+−=,/:()%<>"), point, per_writer=30)
    assert any("." in line.text for line in lines)
    assert all(line.size[0] < 12 * HEIGHT_PX for line in lines)


def test_sums_are_read_and_the_share_is_a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = made(*by(1, "1234567890+−=.,/:()%<>"), per_writer=20)
    reader = LineReader(SAVED_MODEL, "sums")
    monkeypatch.setattr(LineReader, "_recognizer", NearestSign())
    texts = [reader.read(line) for line in lines]
    right = [text == line.text for text, line in zip(texts, lines, strict=True)]
    assert sum(right) >= 16
    monkeypatch.setattr(
        "recognizer.evaluation.sums.in_parallel", lambda work, jobs, *_, **__: texts
    )
    read = read_lines(lines, SAVED_MODEL, "sums", "sums", "strokes")
    found = line_figures([ReadLines("sums", "strokes", "sums", read)])["sums_strokes"]
    assert found["value"] == pytest.approx(100 * sum(right) / 20) and found["n"] == 20
    low, high = found["interval"]
    assert 0 <= low < found["value"] < high <= 100


def test_numbers_of_five_are_one_writer_s_digits_in_their_order() -> None:
    drawings = [
        Drawing(tuple(Stroke(line) for line in strokes), str(digit), writer)
        for writer in (2, 1)
        for strokes, digit in pen_digits()[:13]
    ]
    lines = list(numbers_of_five(drawings, 0.3))
    assert len(lines) == 4 and all(len(line.text) == 5 for line in lines)
    assert len(list(numbers_of_five(drawings, 0.3, first=4))) == 2
    touching, apart = (number_of(drawings[:5], gap) for gap in (0.0, 0.3))
    assert apart.size[0] - touching.size[0] == pytest.approx(4 * 0.3 * HEIGHT_PX, abs=1)
    assert apart.size[1] == HEIGHT_PX + 2 * MARGIN_PX


def test_signs_are_counted_in_their_order_whatever_is_misread_between_them() -> None:
    lines = [WrittenLine((), text, (1, 1)) for text in ("12+30=", "4−.5", "(1)÷2")]
    found = signs_figure(zip(lines, ("17+3=", "4.5", "(1÷2"), strict=True), "signs")
    assert (found["value"], found["n"]) == (pytest.approx(100 * 5 / 7), 7)


def test_the_share_of_numbers_read_by_the_trained_network() -> None:
    drawings = [
        Drawing(tuple(Stroke(line) for line in strokes), str(digit), 1)
        for strokes, digit in pen_digits()
    ]
    samples = [Sample(each.label, "lipi", "lipi/1", strokes=each.strokes) for each in drawings]
    read = read_validation_lines(samples, SAVED_MODEL)
    found = line_figures(read)
    for name in ("numbers_apart_strokes", "numbers_touching_strokes", "numbers_apart_picture"):
        assert (found[name]["value"], found[name]["n"], found[name]["unit"]) == (100.0, 4, "%")
    assert ("sums_strokes" in found) == ("+" in card.load(SAVED_MODEL).labels)
    assert found["sums_picture"]["of"] == "sums of 5 to 9 characters of 1 validation writers, " + (
        "from a picture"
    )
    assert read_validation_lines([], SAVED_MODEL) == []
    assert set(COMPOSED) <= set(SIGN_SIZES)


def test_some_misread_pictures_of_each_kind_are_shown_with_what_was_read() -> None:
    (line,) = numbers_of_five(by(1, "12345"), 0.3)
    wrong = [(line, f"1234{number}") for number in range(40)]  # one of which is right
    found = misread_pictures(
        [
            ReadLines("numbers_apart", "picture", "numbers", wrong),
            ReadLines("numbers_touching", "picture", "touching", [(line, "12345")]),
            ReadLines("sums", "strokes", "sums", wrong),
        ]
    )
    (kind,) = found
    assert (kind["of"], kind["misread"]) == ("numbers", 39)
    assert MISREAD_SHOWN - 3 < len(kind["shown"]) <= MISREAD_SHOWN
    for one in kind["shown"]:
        assert one["truth"] == "12345" != one["read"]
        shown = as_glyph(one["picture"])
        assert shown.shape[0] < shown.shape[1] and 0.02 < (shown > 128).mean() < 0.5
