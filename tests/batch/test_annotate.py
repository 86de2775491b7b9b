"""Copies with a box round every digit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer.batch.annotate import copy_of
from recognizer.cli import main
from recognizer.inkml import write_inkml
from tests import samples


def read(*arguments: object) -> int:
    return main(["read", *map(str, arguments)])


def test_an_inkml_file_is_read_from_its_strokes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strokes, digit = samples.pen_digits()[3]
    path = tmp_path / "sketch.inkml"
    write_inkml(path, strokes, (500, 500))
    assert read(path, "--annotate", tmp_path / "copies") == 0
    assert f": {digit} (" in capsys.readouterr().out
    assert copy_of(path, tmp_path / "copies").exists()


def test_copies_show_boxes_and_are_not_made_or_read_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = folder / "copies"
    assert read(folder, "--annotate", copies) == 0
    with Image.open(copy_of(folder / "1.png", copies)) as copy:
        red, _, blue = np.moveaxis(np.asarray(copy.convert("RGB")).astype(int), 2, 0)
        assert max(copy.size) >= 400
    assert np.sum(blue - red > 100) > 100
    capsys.readouterr()
    assert read(folder, "--annotate", copies) == 0
    assert capsys.readouterr().out == ""


def test_a_full_disk_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(path: Path, _: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("recognizer.batch.annotate.atomic_write", full)
    assert read(folder / "1.png", "--annotate", folder / "copies") == 2
    assert "No space left" in capsys.readouterr().err
