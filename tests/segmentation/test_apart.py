"""Lines whose characters stand apart, read without a line network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognizer import Recognizer
from recognizer.images.paper import FRINGE_GREY
from recognizer.ink import Ink, render
from recognizer.model import card
from recognizer.model.card import ModelError
from recognizer.model.line_model import LINE_CARD_FILE, LINE_FILE
from recognizer.segmentation.apart import characters_in
from recognizer.strokes import Stroke
from tests.fakes import written_sum
from tests.samples import checked, copied_model, written

PEN = 6.0


@pytest.fixture
def reader(tmp_path: Path) -> Recognizer:
    """The saved model's character network alone."""
    return Recognizer(copied_model(tmp_path))


def drawn(text: str) -> Ink:
    strokes = [Stroke(stroke.points, PEN) for stroke in written_sum(text)]
    return render(strokes, (100 + 130 * len(text), 240))


def test_a_model_without_a_line_network_reads_digits_that_stand_apart(reader: Recognizer) -> None:
    for text in ("2047", "457", "7", "12\n345"):
        assert checked(reader.read_image(255 - written(text))).text == text


@pytest.mark.parametrize("text", ["=", "÷", ":", "7=7", "8:4", "6÷3"])
def test_parts_above_each_other_are_one_character(text: str) -> None:
    assert len(characters_in(drawn(text))) == len(text)


def test_the_bar_of_a_digit_may_stand_apart_from_it() -> None:
    ink = np.zeros((60, 100), np.uint8)
    ink[20:58, 20:24] = ink[20:58, 60:64] = 255
    ink[4:8, 18:50] = 255
    first, second = characters_in(ink)
    assert (first.left, first.top, first.box.right) == (17, 3, 51)
    assert second.left == 59


def test_all_ink_is_of_one_character_and_where_it_was() -> None:
    ink = drawn("6÷3=2")
    seen = np.zeros(ink.shape, np.intp)
    found = characters_in(ink)
    for part in found:
        rows, columns = part.ink.shape
        place = np.s_[part.top : part.top + rows, part.left : part.left + columns]
        np.testing.assert_array_equal(part.ink[part.ink > 0], ink[place][part.ink > 0])
        seen[place] += part.ink > FRINGE_GREY
    np.testing.assert_array_equal(seen, ink > FRINGE_GREY)
    lefts = [part.left for part in found]
    assert lefts == sorted(lefts)


@pytest.mark.parametrize("text", ["20", "56", "80"])
def test_digits_that_touch_are_one_character_which_is_not_sure(
    reader: Recognizer, text: str
) -> None:
    reading = reader.read_image(255 - written(text, gap=-0.1))
    assert len(reading.digits) == 1
    assert not reading.sure


def test_a_line_network_without_its_card_is_refused(tmp_path: Path) -> None:
    (copied_model(tmp_path) / LINE_FILE).write_bytes(b"a network")
    with pytest.raises(ModelError, match=LINE_CARD_FILE):
        Recognizer(tmp_path).read_image(255 - written("20"))


def test_a_card_without_its_line_network_is_refused(tmp_path: Path) -> None:
    content = {"labels": ["1", "2"], "acceptance_threshold": {"digits": 0.9}, "files": {}}
    card.write(copied_model(tmp_path) / LINE_CARD_FILE, content)
    with pytest.raises(ModelError, match=LINE_FILE):
        Recognizer(tmp_path).read_image(255 - written("20"))
