"""How what was read is said: "7", "7, probably" or "?"."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.labels import label_set
from recognizer.model import Prediction
from recognizer.reading import reading_of

BLANK = np.zeros((28, 28), dtype=np.uint8)


def read_as(shares: dict[str, float], other: float = 0.0, sure: bool = False) -> Prediction:
    """A prediction of digits with these joint probabilities; the others share the rest."""
    labels = label_set("digits")
    rest = (1 - other - sum(shares.values())) / (len(labels) - len(shares))
    joint = np.array([shares.get(label, rest) for label in labels], dtype=np.float32)
    best = int(joint.argmax())
    return Prediction(
        labels[best], float(joint[best]), labels, joint / joint.sum(), sure, BLANK, other
    )


@pytest.mark.parametrize(
    ("shares", "other", "sure", "words", "candidates"),
    [
        ({"7": 0.99}, 0.0, True, "7", ["7"]),
        ({"7": 0.98}, 0.0, False, "7, probably", ["7"]),
        ({"7": 0.6, "1": 0.39}, 0.0, False, "7, probably", ["7", "1"]),
        ({"7": 0.9, "1": 0.09}, 0.0, False, "7, probably", ["7"]),
        ({"7": 0.45, "1": 0.4}, 0.0, False, "?", ["7", "1"]),
        ({"7": 0.1, "1": 0.1}, 0.7, False, "?", []),
        ({"7": 0.4}, 0.55, False, "?", ["7"]),
        ({"7": 0.03}, 0.95, False, "?", []),
        ({}, 0.0, False, "?", []),
    ],
)
def test_it_is_sure_or_probable_or_a_question_mark(
    shares: dict[str, float], other: float, sure: bool, words: str, candidates: list[str]
) -> None:
    prediction = read_as(shares, other, sure)
    assert prediction.words == words
    assert prediction.sign == words[0]
    assert [label for label, _ in prediction.candidates] == candidates
    told = [shares[label] for label in candidates]
    assert [share for _, share in prediction.candidates] == pytest.approx(told, abs=1e-6)
    assert prediction.joint.sum() == pytest.approx(1 - other, abs=1e-6)


def test_an_empty_drawing_says_nothing() -> None:
    even = np.full(10, 0.1, dtype=np.float32)
    nothing = Prediction(None, 0.0, label_set("digits"), even, False, BLANK)
    assert (nothing.sign, nothing.words, nothing.candidates) == ("", "", [])
    assert reading_of([nothing]).words == ""
