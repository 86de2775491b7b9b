"""The card: what it tells, and cards that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from recognizer.model.card import CARD_FILE
from tests.samples import copied_model, refusal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied_model(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '"x"', "7", '{"sure_threshold": "a"}', '{"sure_threshold": 2}']
)
def test_a_damaged_card_is_named(folder: Path, text: str) -> None:
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
    assert f"{folder / CARD_FILE} is damaged" in refusal(folder)


def test_a_card_of_other_bytes_is_named(folder: Path) -> None:
    (folder / CARD_FILE).write_bytes(b"\xff\xfe\x00\x01")
    assert f"{folder / CARD_FILE} is damaged" in refusal(folder)
