"""Lines that follow rules: what is read otherwise so that they do, and what stays."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from recognizer.expression import is_begun, is_usual
from recognizer.labels import label_set
from recognizer.model import Prediction
from recognizer.segmentation.syntax import as_allowed

SUMS = label_set("sums")
BLANK = np.zeros((28, 28), dtype=np.uint8)


def seen(shares: dict[str, float], sure: bool = False) -> Prediction:
    """A character with these joint probabilities."""
    joint = np.array([shares.get(label, 0.0) for label in SUMS], dtype=np.float32)
    best = int(joint.argmax())
    inside = joint.sum()
    return Prediction(
        SUMS[best], float(joint[best]), SUMS, joint / inside, sure, BLANK, float(1 - inside)
    )


def line(*characters: str | dict[str, float]) -> list[Prediction]:
    shares = ({each: 1.0} if isinstance(each, str) else each for each in characters)
    return [seen(each, sure=max(each.values()) > 0.95) for each in shares]


def text(characters: list[Prediction]) -> str:
    return "".join(each.label or "" for each in characters)


def test_a_line_that_is_allowed_stays_as_it_is() -> None:
    known = line("4", {"/": 0.6, "1": 0.4}, "2", "=")
    assert as_allowed(known, is_begun) == known
    assert as_allowed([], is_begun) == []


def test_a_slash_that_cannot_be_one_is_a_one() -> None:
    found = as_allowed(line("0", "+", {"/": 0.6, "1": 0.3, "7": 0.05}, "5"), is_begun)
    assert text(found) == "0+15"
    assert found[2].confidence == pytest.approx(0.95 * 0.3 / 0.35, abs=1e-3)
    assert [each.sure for each in found] == [True, True, False, True]


def test_the_likeliest_of_all_allowed_texts_is_taken() -> None:
    characters = [{"1": 0.5, "/": 0.45}, {"+": 0.5, "4": 0.4}, {"+": 0.6, "4": 0.1}, {"=": 0.9}]
    found = text(as_allowed(line(*characters), is_begun))
    texts = {
        "".join(labels): np.prod([share for _, share in each])
        for each in itertools.product(*(shares.items() for shares in characters))
        for labels in [[label for label, _ in each]]
    }
    allowed = {text: share for text, share in texts.items() if is_begun(text)}
    assert found == max(allowed, key=lambda text: allowed[text])


def test_without_a_probable_text_that_is_allowed_nothing_changes() -> None:
    known = line(")", ")", "+")
    assert as_allowed(known, is_begun) == known


def test_what_is_unusual_is_read_otherwise_only_if_that_is_probable() -> None:
    for share, expected in ((0.04, "4112="), (0.1, "4/12=")):
        characters = line("4", {"1": 1 - share, "/": share}, "1", "2", "=")
        found = as_allowed(characters, is_usual, 0.05)
        assert text(found) == expected
        assert found[1].sure == (expected == "4112=")
