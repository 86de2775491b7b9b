"""What a file was read as, as JSON and in the table."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer.batch.results import FileReading, reading_or_reason
from recognizer.expression import Result
from recognizer.inkml import demo_drawings
from recognizer.model.card import ModelError
from recognizer.reading import Reading
from tests.batch.command import read, rows
from tests.fakes import NearestDrawing, NearestSign, written_sum
from tests.samples import picture_of


def test_json_gives_objects_on_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(folder / "4.png", folder / "none.png", "--json") == 1
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    read_as = {"text", "lines", "words", "confidence", "sure", "partial", "digits"}
    assert set(good) == set(bad) == {"path", "error", *read_as}
    assert (good["text"], good["lines"], good["words"], good["error"]) == ("4", ["4"], "4", None)
    (digit,) = good["digits"]
    numbers = {"confidence", "other", "probabilities", "candidates", "box"}
    assert set(digit) == {"label", "words", "digit", "sure", *numbers}
    assert (digit["label"], digit["digit"]) == ("4", 4) and 0 <= digit["other"] < 0.1
    assert sum(digit["probabilities"]) == pytest.approx(1, abs=1e-3)
    assert len(digit["box"]) == 4
    assert good["sure"] and digit["sure"]
    assert (bad["text"], bad["confidence"], bad["sure"]) == ("", 0, False)
    assert bad["digits"] == []
    assert "none.png" in bad["error"]


def test_the_table_goes_on_where_it_stopped(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "numbers.csv"
    assert read(folder, "--csv", table) == 0
    whole = table.read_bytes()
    lines = whole.splitlines(keepends=True)
    table.write_bytes(b"".join(lines[:3]) + lines[3][:7])
    (folder / "0.png").write_bytes(b"is in the table and not read again")
    capsys.readouterr()
    assert read(folder, "--csv", table) == 0
    assert table.read_bytes() == whole
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert [row["text"] for row in rows(table)] == list("01243")


def test_another_table_is_left_alone(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "accounts.csv"
    other.write_text("date,amount\n2020-01-01,5\n")
    assert read(folder, "--csv", other) == 2
    assert "accounts.csv" in capsys.readouterr().err
    assert other.read_text() == "date,amount\n2020-01-01,5\n"


def test_the_table_keeps_two_lines_and_odd_names(tmp_path: Path) -> None:
    two_lines = np.vstack([np.asarray(picture_of(1)), np.asarray(picture_of(7))])
    path = tmp_path / 'two, "lines".png'
    Image.fromarray(two_lines).save(path)
    table = tmp_path / "numbers.csv"
    assert read(path, "--csv", table) == 0
    assert read(path, "--csv", table) == 0
    (row,) = rows(table)
    assert row["path"] == str(path)
    assert row["text"] == "1\n7"


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (Result(42), "a.png: 12+30 is 42 (98%)"),
        (Result(42, True), "a.png: 12+30= is right (98%)"),
        (Result(None, None, "it divides by zero"), "a.png: 12+30= (98%), but it divides by zero"),
        (None, "a.png: 12+30= (98%)"),
    ],
)
def test_a_line_says_what_a_sum_comes_to(result: Result | None, line: str) -> None:
    reading = NearestSign().read_strokes(written_sum("12+30="), (900, 300))
    found = FileReading("a.png", replace(reading, confidence=0.98, sure=True, result=result))
    assert found.line() == line


def test_a_line_says_how_sure_it_is() -> None:
    reading = NearestDrawing(threshold=1.0).read_strokes(demo_drawings()[4], (500, 300))
    assert re.fullmatch(r"a.png: 4, probably \(\d+%\)", FileReading("a.png", reading).line())
    nearly = replace(reading, confidence=0.9999)
    assert FileReading("a.png", nearly).line() == "a.png: 4, probably (99%)"
    reading = NearestDrawing(softness=60.0).read_strokes(demo_drawings()[4], (500, 300))
    assert FileReading("a.png", reading).line() == "a.png: ?"


def test_a_picture_without_digits_is_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.fromarray(np.full((200, 300), 200, np.uint8)).save(tmp_path / "blank.png")
    assert read(tmp_path / "blank.png") == 0
    assert capsys.readouterr().out == f"{tmp_path / 'blank.png'}: No digits found\n"


def test_what_was_read_in_part_says_so() -> None:
    reading = NearestDrawing().read_strokes(demo_drawings()[4], (500, 300))
    assert reading.as_json()["partial"] is False
    part = replace(reading, partial=True, sure=False)
    assert part.as_json()["partial"] is True
    told = FileReading("a.png", part).line()
    assert told.endswith(", read in part: it holds more than 2,000 characters or 200 lines")
    assert json.loads(FileReading("a.png", part).json())["partial"] is True


def test_of_a_crowded_page_a_part_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digit = np.asarray(picture_of(3, 40))
    Image.fromarray(np.tile(digit, (44, 50))).save(tmp_path / "page.png")
    assert read(tmp_path / "page.png") == 0
    line = capsys.readouterr().out
    assert line.endswith(", read in part: it holds more than 2,000 characters or 200 lines\n")
    assert read(tmp_path / "page.png", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["partial"] and not found["sure"]
    assert 0 < len(found["digits"]) <= 2000 and len(found["lines"]) <= 200


def test_what_is_wrong_with_a_model_is_told_in_its_own_words() -> None:
    def read() -> Reading:
        raise ModelError("The card is missing. Get it back.")

    found = reading_or_reason("7.png", read)
    assert (found.reading, found.error) == (None, "The card is missing. Get it back.")
