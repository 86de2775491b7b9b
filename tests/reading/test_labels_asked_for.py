"""What may be answered: a set of labels, its look-alikes, and whatever is none of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognizer import Recognizer
from recognizer.labels import asked_for, counted_for, label_set
from tests.samples import mnist, pen_digits, sign_model, signs


def test_digits_are_asked_for_where_the_model_knows_them() -> None:
    assert Recognizer().labels == Recognizer(labels="digits").labels == tuple("0123456789")


def test_a_model_without_digits_answers_what_it_knows(tmp_path: Path) -> None:
    assert Recognizer(sign_model(tmp_path)).labels == ("A", "7", "+")


def test_what_is_not_asked_for_is_other(tmp_path: Path) -> None:
    recognizer = Recognizer(sign_model(tmp_path), labels="7+")
    (letter,), (seven,) = signs("A"), signs("7")
    asked = recognizer.classify_strokes(letter)
    assert asked.labels == ("7", "+") and asked.other > 0.9
    assert asked.confidence < 0.1 and not asked.sure
    assert asked.probabilities.sum() == pytest.approx(1, abs=1e-5)
    known = recognizer.classify_strokes(seven)
    assert (known.label, known.sure) == ("7", True) and known.other < 0.1
    assert known.confidence == pytest.approx(
        (1 - known.other) * known.probabilities.max(), abs=1e-5
    )


def test_few_digits_may_be_asked_for() -> None:
    recognizer = Recognizer(labels="17")
    glyphs, digits = mnist()
    shares = recognizer.predict_proba(glyphs)
    assert shares.shape == (50, 2) and np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    for strokes, digit in pen_digits():
        prediction = recognizer.classify_strokes(strokes)
        if digit in (1, 7):
            plain = Recognizer().classify_strokes(strokes)
            assert prediction.digit == plain.digit == digit
            assert prediction.sure == plain.sure, "the other digits are other then"
            assert prediction.confidence == pytest.approx(plain.confidence, abs=1e-5)
        else:
            assert prediction.other > 0.5 and not prediction.sure
    assert Recognizer(labels="17").read_strokes(pen_digits()[1][0]).sure is False
    assert len(digits) == 50


@pytest.mark.parametrize("labels", ["sums7?", "", "7", "äöü"])
def test_labels_that_the_model_does_not_know_are_refused(labels: str) -> None:
    with pytest.raises(ValueError, match="0123456789") as error:
        Recognizer(labels=labels)
    assert repr(labels) in str(error.value) and "\n" not in str(error.value)


def test_a_set_means_what_the_model_knows_of_it() -> None:
    assert asked_for("sums", tuple("0123456789+x")) == tuple("0123456789+")
    assert asked_for("letters", tuple("0aBc")) == tuple("acB")


def test_look_alikes_count_for_the_label_that_is_asked_for() -> None:
    known = tuple("0O1lI2ZxA×.·q9")
    digits = label_set("digits")
    counted = {
        label: None if place is None else digits[place]
        for label, place in zip(known, counted_for(known, digits), strict=True)
    }
    assert {label for label, digit in counted.items() if digit is None} == set("xA×.·")
    assert {label: digit for label, digit in counted.items() if digit} == {
        "0": "0",
        "O": "0",
        "1": "1",
        "l": "1",
        "I": "1",
        "2": "2",
        "Z": "2",
        "q": "9",
        "9": "9",
    }
    assert counted_for(("x", "X", "×"), ("×", "+")) == [0, 0, 0]
    assert counted_for(("0", "O", "o"), ("O", "o")) == [0, 0, 1]
