"""The command reads by what was learned from a person."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognizer import Recognizer
from recognizer.model.hand_file import write_hands
from recognizer.model.learned import LearnedDrawing, LearnedHand
from tests.batch.command import read


def test_a_hand_that_is_damaged_or_missing_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not Recognizer().can_learn:
        pytest.skip("the saved network tells no features")
    for content in ("{}", None):
        path = tmp_path / "anna.hand"
        path.unlink(missing_ok=True)
        if content:
            path.write_text(content)
        assert read(folder / "1.png", "--hand", path) == 2
        out, err = capsys.readouterr()
        assert not out and "anna.hand" in err and err.count("\n") == 1


def test_pictures_of_one_character_are_read_by_a_hand(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = Recognizer()
    if not reader.can_learn:
        pytest.skip("the saved network tells no features")
    glyph = reader.classify_image(folder / "4.png").glyph
    hand = LearnedHand("Anna", (LearnedDrawing("9", picture=glyph),))
    write_hands(tmp_path / "anna.hand", [hand])
    assert read(folder / "4.png", folder / "1.png", "--hand", tmp_path / "anna.hand") == 0
    texts = [line.partition(": ")[2][0] for line in capsys.readouterr().out.splitlines()]
    assert texts == ["9", "1"]
    assert np.count_nonzero(glyph)
