"""Which segments of a line of ink make one character."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.model.card import FEATURES
from recognizer.segmentation import lattice
from tests.samples import checked, recognizer, written


def text_of(image: Any) -> str:
    return checked(recognizer().read_image(image)).text


def test_touching_digits_are_cut_apart() -> None:
    for text in ("2047", "123", "68", "905"):
        assert text_of(255 - written(text, gap=0.02)) == text, text


def test_digits_of_several_strokes_stay_whole() -> None:
    assert text_of(255 - written("457547")) == "457547"


def test_dirt_and_lines_are_left_out() -> None:
    ink = written("2047")
    ink[10:12, 10:12] = 255
    ink[-12:-9, 20:-20] = 255
    ink[80:84, 15:19] = 255
    assert text_of(255 - ink) == "2047"


def test_broken_strokes_are_joined() -> None:
    ink = written("2047", 100, 8)
    ink[70:73] = 0
    assert text_of(255 - ink) == "2047"


def test_weights_are_put_into_the_order_of_the_features() -> None:
    weights = {name: float(number) for number, name in enumerate(FEATURES)}
    backwards = dict(reversed(weights.items()))
    assert lattice.weights_of(backwards).tolist() == list(range(len(FEATURES)))


def test_every_feature_has_a_value() -> None:
    box = Box(0, 0, 30, 60)
    values = lattice.features(lattice.Candidate((0,), box, [], []), 0.5, 0.75, 60.0)
    told = dict(zip(FEATURES, values.tolist(), strict=True))
    assert told["character"] == 1
    assert told["uncertainty"] == pytest.approx(np.log(2))
    assert told["rest"] == pytest.approx(np.log(0.25), abs=1e-3)
    assert told["low"] == told["narrow"] == told["cut"] == told["joint"] == 0
    assert told["wide"] == 0.25
    assert told["wide and uncertain"] == pytest.approx(np.log(2) / 2)


def test_several_inks_agree_by_their_geometric_mean() -> None:
    label, confidence = lattice.agreed(np.array([[0.9, 0.1, 0.0], [0.1, 0.2, 0.7]], np.float32))
    assert label == 0
    assert confidence == pytest.approx(0.3 / (0.3 + 0.02**0.5 + 0.0), abs=1e-2)
