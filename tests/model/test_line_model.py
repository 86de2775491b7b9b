"""The line network's files: what is missing or wrong is named, with what to do."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from recognizer.files import SAVED_MODEL
from recognizer.model.card import ModelError
from recognizer.model.line_model import (
    COLUMNS_PER_STEP,
    LINE_CARD_FILE,
    LINE_FILE,
    LineModel,
    LineNetwork,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (LINE_FILE, LINE_CARD_FILE):
        shutil.copy(SAVED_MODEL / name, tmp_path)
    return tmp_path


def test_a_strip_has_a_row_of_probabilities_for_every_second_column(folder: Path) -> None:
    model = LineModel(folder)
    for width in (28, 47, 100, 333):
        seen = model.see(np.zeros((28, width), np.uint8))
        assert seen.shape == ((width - 28) // COLUMNS_PER_STEP + 1, len(model.labels) + 1)
        np.testing.assert_allclose(seen.sum(axis=1), 1, atol=1e-4)


def test_a_strip_is_seen_alike_whatever_was_seen_before(folder: Path) -> None:
    model, rng = LineModel(folder), np.random.default_rng(0)
    strip = rng.integers(0, 256, (28, 90)).astype(np.uint8)
    first = model.see(strip)
    model.see(rng.integers(0, 256, (28, 300)).astype(np.uint8))
    np.testing.assert_allclose(model.see(strip), first, atol=1e-6)


def test_another_file_than_the_card_tells_of_is_refused(folder: Path) -> None:
    content = (folder / LINE_FILE).read_bytes()
    (folder / LINE_FILE).write_bytes(content[:-1] + b"?")
    with pytest.raises(ModelError, match=LINE_FILE):
        LineModel(folder)


@pytest.mark.parametrize(
    "change", [{"labels": "abc"}, {"acceptance_threshold": {"digits": 3}}, {"files": {}}]
)
def test_a_damaged_card_is_named(folder: Path, change: dict[str, object]) -> None:
    path = folder / LINE_CARD_FILE
    content = json.loads(path.read_text(encoding="utf-8")) | change
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ModelError, match=r"line\.(json|tflite)"):
        LineModel(folder)


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(ModelError, match="another kind"):
        LineNetwork(b"no network", Path("line.tflite"))
