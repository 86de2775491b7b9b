"""The pictures of each step, beside what is read."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer.inkml import write_inkml
from tests.batch.command import read
from tests.samples import pen_digits, picture_of

LAST = ("what-the-network-sees", "answer")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_steps_of_one_file_stand_in_the_folder(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "steps"
    assert read(folder / "4.png", "--steps", out) == 0
    with_steps = capsys.readouterr().out
    assert read(folder / "4.png") == 0
    assert with_steps == capsys.readouterr().out
    names = names_in(out)
    assert names[:2] == ["1-grey.png", "2-black-and-white.png"]
    count = len(names)
    assert names[-2:] == [f"{count - 1}-{LAST[0]}.png", f"{count}-{LAST[1]}.png"]
    for name in names:
        with Image.open(out / name) as picture:
            assert picture.mode == "RGB" and max(picture.size) >= 400
    assert read(folder / "4.png", "--steps", out) == 0  # they are made anew


def test_several_files_have_a_folder_each(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "1.png", folder / "more" / "1.png")
    out = tmp_path / "steps"
    assert read(folder, "--steps", out, "--annotate", tmp_path / "copies", "--processes", 2) == 0
    answers = list(out.rglob("*-answer.png"))
    assert len(answers) == len({answer.parent for answer in answers}) == 6
    assert {answer.parent.name for answer in answers} == {f"{n}.png" for n in range(5)}
    assert len(list((tmp_path / "copies").rglob("*.png"))) == 6


def test_steps_in_the_folder_that_is_read_are_not_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert read(folder, "--steps", folder / "steps") == 0
        assert len(capsys.readouterr().out.splitlines()) == 5


def test_no_step_of_an_earlier_file_is_left_and_nothing_else_is_touched(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "steps"
    write_inkml(tmp_path / "sketch.inkml", pen_digits()[3][0], (500, 500))
    assert read(folder / "4.png", "--steps", out) == 0
    (out / "1-holiday.png").write_bytes(b"mine")
    assert read(tmp_path / "sketch.inkml", "--steps", out) == 0
    ours = ["1-drawing.png", f"2-{LAST[0]}.png", f"3-{LAST[1]}.png"]
    assert names_in(out) == sorted(["1-holiday.png", *ours])
    assert (out / "1-holiday.png").read_bytes() == b"mine"


def test_a_picture_without_digits_has_steps_to_look_at(tmp_path: Path) -> None:
    Image.fromarray(np.full((200, 300), 200, np.uint8)).save(tmp_path / "blank.png")
    assert read(tmp_path / "blank.png", "--steps", tmp_path / "steps") == 0
    names = names_in(tmp_path / "steps")
    assert names[0] == "1-grey.png" and names[-1].endswith("-answer.png")


def test_a_file_that_cannot_be_read_has_no_steps(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.png").write_bytes(b"bad")
    assert read(folder, "--steps", tmp_path / "steps") == 1
    assert len(list((tmp_path / "steps").rglob("*-answer.png"))) == 5


def test_a_place_that_is_no_folder_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(folder / "1.png", folder / "2.png", "--steps", folder / "0.png") == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2
    assert all("is read, but its steps cannot be written" in line for line in told)


def test_a_full_disk_is_told_with_the_file(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    assert read(folder / "1.png", "--steps", tmp_path / "steps") == 2
    error = capsys.readouterr().err
    assert "1-grey.png: No space left on device." in error and len(error.splitlines()) == 1


def test_on_a_cluster_there_are_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(folder, "--ray", "--parquet", folder / "out", "--steps", folder / "steps") == 2
    assert "no --steps" in capsys.readouterr().err


def test_long_names_find_a_place(tmp_path: Path) -> None:
    for letter in "nm":
        picture_of(1).save(tmp_path / (246 * letter + ".png"))
    files = sorted(tmp_path.glob("*.png"))
    assert read(*files, "--steps", tmp_path / "steps") == 0
    assert len(list((tmp_path / "steps").rglob("*-answer.png"))) == 2
