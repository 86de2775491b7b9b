"""The ruling network's files: what is missing or wrong is named, with what to do."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from recognizer.files import SAVED_MODEL
from recognizer.model.card import ModelError
from recognizer.model.ruling_model import RULING_CARD_FILE, RULING_FILE, RulingModel


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (RULING_FILE, RULING_CARD_FILE):
        shutil.copy(SAVED_MODEL / name, tmp_path)
    return tmp_path


def test_a_page_of_any_size_is_seen_alike_whatever_was_seen_before(folder: Path) -> None:
    model, rng = RulingModel(folder), np.random.default_rng(0)
    page = rng.integers(0, 256, (45, 90)).astype(np.uint8)
    first = model.see(page)
    assert first.shape == page.shape and 0 <= first.min() <= first.max() <= 1
    assert model.see(rng.integers(0, 256, (100, 33)).astype(np.uint8)).shape == (100, 33)
    np.testing.assert_allclose(model.see(page), first, atol=1e-6)


def test_another_file_than_the_card_tells_of_is_refused(folder: Path) -> None:
    content = (folder / RULING_FILE).read_bytes()
    (folder / RULING_FILE).write_bytes(content[:-1] + b"?")
    with pytest.raises(ModelError, match=RULING_FILE):
        RulingModel(folder)


@pytest.mark.parametrize("content", [None, "", "[]", "{}"])
def test_a_missing_or_damaged_card_is_named(folder: Path, content: str | None) -> None:
    (folder / RULING_CARD_FILE).unlink()
    if content is not None:
        (folder / RULING_CARD_FILE).write_text(content)
    with pytest.raises(ModelError, match=r"ruling\.(json|tflite)"):
        RulingModel(folder)
