"""Drawings with their features in one small file, and the most similar of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognizer.files import SAVED_MODEL
from recognizer.model import card
from recognizer.model.card import SIMILAR_FILE, ModelCard, ModelError
from recognizer.model.neighbours import Neighbours
from recognizer.strokes import Stroke

LABELS, SOURCES = ["1", "7", "x"], ["one set", "other set", "one set"]


def lines(*lengths: int) -> tuple[Stroke, ...]:
    rng = np.random.default_rng(sum(lengths))
    return tuple(Stroke(rng.integers(0, 250, (n, 2)).astype(np.float64)) for n in lengths)


DRAWINGS = [lines(4), lines(3, 1), lines(2, 5, 6)]
FEATURES = np.array([[1, 0, 0, 0.2], [3, 4, 0, 0], [0, 0, 2, 2]], dtype=np.float32)


def saved(folder: Path, content: bytes) -> ModelCard:
    """The card of a model beside which such a file lies."""
    (folder / SIMILAR_FILE).write_bytes(content)
    known = card.load(SAVED_MODEL)
    told = known.content | {"files": {SIMILAR_FILE: card.sha256(content)}}
    return replace(known, content=told)


def test_what_was_packed_is_found_again_the_most_similar_first(tmp_path: Path) -> None:
    packed = Neighbours.of(LABELS, SOURCES, DRAWINGS, FEATURES).packed()
    found = Neighbours.load(tmp_path, saved(tmp_path, packed)).nearest(5 * FEATURES[1], 2)
    assert [(each.label, each.source) for each in found] == [("7", "other set"), ("1", "one set")]
    assert found[0].similarity == pytest.approx(1, abs=1e-3)
    cosine = FEATURES[0] @ FEATURES[1] / np.prod(np.linalg.norm(FEATURES[:2], axis=1))
    assert found[1].similarity == pytest.approx(cosine, abs=0.01)
    for stroke, drawn in zip(found[0].strokes, DRAWINGS[1], strict=True):
        np.testing.assert_array_equal(stroke.points, drawn.points)


def test_features_of_another_network_are_refused(tmp_path: Path) -> None:
    neighbours = Neighbours.of(LABELS, SOURCES, DRAWINGS, FEATURES)
    with pytest.raises(ModelError, match="another model"):
        neighbours.nearest(np.ones(5, np.float32), 1)


def test_nothing_is_like_nothing() -> None:
    neighbours = Neighbours.of(LABELS, SOURCES, DRAWINGS, FEATURES)
    assert [each.similarity for each in neighbours.nearest(np.zeros(4, np.float32), 3)] == [0] * 3


def test_a_missing_damaged_or_other_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    known = saved(tmp_path, b"no such file")
    with pytest.raises(ModelError, match="another kind"):
        Neighbours.load(tmp_path, known)
    (tmp_path / SIMILAR_FILE).write_bytes(b"damaged")
    with pytest.raises(ModelError, match="damaged"):
        Neighbours.load(tmp_path, known)
    (tmp_path / SIMILAR_FILE).unlink()
    with pytest.raises(ModelError, match="python -m recognizer export --format inside"):
        Neighbours.load(tmp_path, known)
