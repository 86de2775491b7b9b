"""The network in LiteRT: what it takes, what it gives, and files that are refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recognizer import Recognizer
from recognizer.files import SAVED_MODEL
from recognizer.model import card
from recognizer.model.card import CARD_FILE, MODEL_FILE
from tests.samples import DATA, changed, copied_model, mnist, recognizer, refusal

GLYPHS, DIGITS = mnist()


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_predict_proba_gives_a_row_a_glyph(count: int) -> None:
    rows = recognizer().predict_proba(GLYPHS[:count])
    assert rows.shape == (count, 10)
    assert rows.dtype == np.float32
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-4)
    assert (rows >= 0).all()


def test_a_batch_equals_its_glyphs_one_by_one() -> None:
    many = np.concatenate([GLYPHS, GLYPHS[::-1], GLYPHS[:29]])
    singles = np.concatenate([recognizer().predict_proba(glyph[None]) for glyph in many])
    assert np.allclose(recognizer().predict_proba(many), singles, atol=1e-5)


def test_bytes_equal_shares() -> None:
    bytes_, shares = recognizer().predict_proba(GLYPHS), recognizer().predict_proba(GLYPHS / 255)
    assert np.allclose(bytes_, shares, atol=1e-6)


def test_probabilities_outlast_the_next_call() -> None:
    first = recognizer().predict_proba(GLYPHS[:1])
    before = first.copy()
    recognizer().predict_proba(GLYPHS[7:8])
    assert np.array_equal(first, before)


@pytest.mark.parametrize(
    ("glyphs", "words"),
    [
        (GLYPHS[0], r"shape \(n, 28, 28\)"),
        (np.zeros((1, 28, 28, 1)), "shape"),
        (np.zeros((1, 32, 32)), "shape"),
        (None, "shape"),
        ("seven", "shape"),
        (GLYPHS.astype(np.int64), "uint8 0..255 or float 0..1"),
        (GLYPHS.astype(float), "between 0 and 1"),
        (np.full((1, 28, 28), np.nan), "between 0 and 1"),
        (np.full((1, 28, 28), -0.1), "between 0 and 1"),
    ],
    ids=range(9),
)
def test_other_glyphs_are_refused(glyphs: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        recognizer().predict_proba(glyphs)


def test_mnist_digits_are_read() -> None:
    found = recognizer().predict_proba(GLYPHS).argmax(axis=1)
    assert (found == DIGITS).sum() >= 49


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied_model(tmp_path)


@pytest.mark.parametrize("name", [MODEL_FILE, CARD_FILE])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert str(folder / name) in refusal(folder)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_model_is_named(folder: Path, share: float) -> None:
    path = folder / MODEL_FILE
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    assert f"{path} is damaged" in refusal(folder)


def flipped(data: bytearray, rng: np.random.Generator) -> bytearray:
    """One to twenty bytes changed."""
    for place in rng.integers(len(data), size=rng.integers(1, 21)):
        data[place] ^= rng.integers(1, 256)
    return data


def flipped_bit(data: bytearray, rng: np.random.Generator) -> bytearray:
    data[rng.integers(len(data))] ^= 1 << rng.integers(8)
    return data


def cut(data: bytearray, rng: np.random.Generator) -> bytearray:
    return data[: rng.integers(len(data))]


def zeroed(data: bytearray, rng: np.random.Generator) -> bytearray:
    """A sector of a disk lost, where there was something."""
    place = 512 * rng.integers(len(data) // 512)
    assert any(data[place : place + 512])
    data[place : place + 512] = bytes(512)
    return data


def longer(data: bytearray, rng: np.random.Generator) -> bytearray:
    return data + rng.bytes(int(rng.integers(1, 100)))


@pytest.mark.parametrize("seed", range(16))
@pytest.mark.parametrize("damaged", [flipped, flipped_bit, cut, zeroed, longer])
def test_a_damaged_model_is_named(
    folder: Path, damaged: Callable[[bytearray, np.random.Generator], bytearray], seed: int
) -> None:
    path = folder / MODEL_FILE
    path.write_bytes(damaged(bytearray(path.read_bytes()), np.random.default_rng(seed)))
    assert f"{path} is damaged" in refusal(folder)


@pytest.mark.parametrize("data", [b"", b"\x89PNG" * 99, (DATA / "three_signs.tflite").read_bytes()])
def test_a_model_that_the_card_does_not_tell_of_is_named(folder: Path, data: bytes) -> None:
    (folder / MODEL_FILE).write_bytes(data)
    assert "is damaged, or not the one that card.json beside it tells of" in refusal(folder)


@pytest.mark.parametrize("data", [b"", b"\x89PNG" * 99])
def test_a_model_of_another_kind_is_named(folder: Path, data: bytes) -> None:
    (folder / MODEL_FILE).write_bytes(data)
    changed(folder, files={MODEL_FILE: card.sha256(data)})
    assert f"{folder / MODEL_FILE} is of another kind" in refusal(folder)


def test_a_model_of_other_labels_than_its_card_is_named(folder: Path) -> None:
    data = (DATA / "three_signs.tflite").read_bytes()
    (folder / MODEL_FILE).write_bytes(data)
    changed(folder, files={MODEL_FILE: card.sha256(data)})
    told = refusal(folder)
    assert f"{folder / MODEL_FILE} has 3 outputs" in told
    assert f"{len(card.load(SAVED_MODEL).labels)} labels" in told


def test_another_folder_works(folder: Path) -> None:
    assert Recognizer(str(folder)).predict_proba(GLYPHS[:1]).shape == (1, 10)
