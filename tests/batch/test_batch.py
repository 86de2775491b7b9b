"""Many files at once: which ones, in their order, by several processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from recognizer.batch import files_in
from recognizer.inkml import write_inkml
from tests.batch.command import read, rows
from tests.samples import inked, picture_of, sign_model, signs


def test_there_is_a_line_for_each_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.rsplit(": ", 1)[1][0] for line in lines] == list("01243")
    assert lines[0].startswith(str(folder / "0.png"))


def test_bad_files_are_named_and_the_others_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "0-empty.png").touch()
    (folder / "0-text.txt").write_text("no picture")
    damaged = (folder / "1.png").read_bytes()
    (folder / "0-damaged.png").write_bytes(damaged[: len(damaged) // 2])
    (folder / ".hidden").write_text("not looked at")
    assert read(folder) == 1
    told = capsys.readouterr()
    assert "3 of 8 files could not be read" in told.err
    for name, reason in (("empty.png", "is empty"), ("text.txt", "no picture"), ("damaged", "dam")):
        (line,) = [line for line in told.out.splitlines() if name in line]
        assert reason in line
    assert sum("%" in line for line in told.out.splitlines()) == 5


def test_a_folder_that_cannot_be_opened_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuses(path: Path) -> Any:  # as it does to all but the superuser
        if path == folder / "more":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuses)
    assert read(folder) == 1
    *others, last = capsys.readouterr().out.splitlines()
    assert len(others) == 4
    assert "more is a folder that cannot be opened" in last


def test_a_sketch_in_a_folder_that_cannot_be_searched_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stat = os.stat

    def refuses(path: Any, **options: Any) -> os.stat_result:
        if str(path).endswith("a.inkml"):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **options)

    (folder / "a.inkml").touch()
    monkeypatch.setattr(os, "stat", refuses)
    assert read(folder, "--processes", 1) == 1
    assert "a.inkml" in capsys.readouterr().out


def test_several_processes_give_the_same_in_the_same_order(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(40):
        picture_of(number % 10).save(folder / f"more-{number:02}.png")
    assert read(folder, "--json", "--processes", 2) == 0
    together = capsys.readouterr().out
    assert read(folder, "--json", "--processes", 1) == 0
    assert together == capsys.readouterr().out
    assert len(together.splitlines()) == 45


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_reading_goes_on(tmp_path: Path) -> None:
    pictures, table = tmp_path / "many", tmp_path / "numbers.csv"
    pictures.mkdir()
    data = [picture_of(digit) for digit in range(10)]
    for number in range(300):
        data[number % 10].save(pictures / f"{number:03}.png")
    command = [sys.executable, "-m", "recognizer", "read", str(pictures), "--csv", str(table)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None and not (table.exists() and len(table.read_bytes()) > 2000):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = len(rows(table))
    assert 0 < before < 300
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert [Path(row["path"]).name for row in rows(table)] == [f"{n:03}.png" for n in range(300)]


def test_without_a_model_it_says_what_to_do(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(folder, "--model", tmp_path / "none") == 2
    assert "python -m recognizer train" in capsys.readouterr().err


def test_labels_may_be_asked_for(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "model").mkdir()
    model = sign_model(tmp_path / "model")
    sketch = tmp_path / "sketch.inkml"
    write_inkml(sketch, inked(line for sign in signs("7+7") for line in sign), (900, 300))
    assert read(sketch, "--model", model, "--labels", "sums", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["text"], found["value"], found["correct"]) == ("7+7", 14, None)
    assert read(sketch, "--model", model, "--labels", "sums") == 0
    assert "sketch.inkml: 7+7 is 14" in capsys.readouterr().out
    assert read(folder / "1.png", folder / "2.png", "--labels", "12") == 0
    assert [line.split(": ")[1][0] for line in capsys.readouterr().out.splitlines()] == ["1", "2"]


@pytest.mark.parametrize(("labels", "trouble"), [("12ä", "does not know 'ä'"), ("7", "two")])
def test_labels_that_the_model_does_not_know_are_refused(
    folder: Path, labels: str, trouble: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(folder / "1.png", "--labels", labels) == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and f"--labels='{labels}'" in error
    assert trouble in error and "0123456789" in error


def test_what_is_written_is_not_looked_for(folder: Path) -> None:
    found = {path.name for path in files_in([folder], without=[folder / "more", folder / "0.png"])}
    assert found == {"1.png", "2.png", "4.png"}


def test_reading_many_needs_no_tensorflow(folder: Path) -> None:
    code = (
        "import sys; from recognizer.cli import main; main(['read', sys.argv[1]]); "
        "assert not {'tensorflow', 'keras', 'matplotlib', 'sklearn', 'pygame'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, folder], check=True, capture_output=True)
