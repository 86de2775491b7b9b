"""Hands that the window exported are learned from as the sets are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognizer.datasets import DataError
from recognizer.inkml import demo_drawings
from recognizer.model.hand_file import HandError, write_hands
from recognizer.model.learned import LearnedDrawing, LearnedHand
from recognizer.training import LABELS
from recognizer.training.taught import HANDS, from_hands
from tests.training.test_collection import whole


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The hands of two people: a 7 in strokes and a picture, a 4, and what is no label."""
    picture = np.zeros((28, 28), dtype=np.uint8)
    picture[4:24, 12:16] = 255
    drawn = {d: LearnedDrawing.of(str(d), demo_drawings()[d], (500.0, 500.0)) for d in (4, 7)}
    hands = [
        LearnedHand("Anna", (drawn[7], LearnedDrawing("1", picture=picture))),
        LearnedHand("Ben", (drawn[4], LearnedDrawing("ß", picture=picture))),
    ]
    write_hands(tmp_path / "class.hand", hands)
    return tmp_path / "class.hand"


def test_all_of_a_hand_is_learned_from(path: Path) -> None:
    found = from_hands([path])
    assert [LABELS[label] for label in found.labels] == ["7", "1", "4"]
    assert found.writer_names.tolist() == ["class/Anna", "class/Ben"]
    assert found.set_names.tolist() == [HANDS]
    assert found.learned.all() and found.is_picture.tolist() == [False, True, False]


def test_it_is_learned_from_beside_the_sets(path: Path) -> None:
    before, hands = whole(), from_hands([path])
    both = before.joined(hands)
    count = len(before.labels)
    assert both.described["characters"] == before.described["characters"] | {HANDS: 3}
    assert both.validation.sum() == before.validation.sum()
    for number in np.flatnonzero(~before.is_picture)[:20].tolist():
        assert (
            both.writer_names[both.writers[number]] == before.writer_names[before.writers[number]]
        )
        for one, other in zip(both.drawn(number), before.drawn(number), strict=True):
            np.testing.assert_array_equal(one.points, other.points)
    for one, other in zip(both.drawn(count), hands.drawn(0), strict=True):
        np.testing.assert_array_equal(one.points, other.points)
    chosen = np.arange(len(both.labels)) == count + 1
    np.testing.assert_array_equal(both.images(chosen).images, hands.pictures)


def test_files_without_anything_to_learn_are_named(tmp_path: Path) -> None:
    write_hands(tmp_path / "empty.hand", [LearnedHand("Anna")])
    with pytest.raises(DataError, match=r"empty\.hand"):
        from_hands([tmp_path / "empty.hand"])
    with pytest.raises(HandError, match=r"none\.hand"):
        from_hands([tmp_path / "none.hand"])
