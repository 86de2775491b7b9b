"""Corrected once, a drawing is read right, and others as before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognizer import Recognizer
from recognizer.inkml import demo_drawings
from recognizer.model.card import ModelError
from recognizer.model.hand_file import HandError
from recognizer.strokes import Cache, Stroke, transformed
from tests.fakes import NearestDrawing
from tests.samples import sign_model

EXTENT = (500.0, 500.0)
LIKE_A_SEVEN = [[(120, 100), (340, 100), (180, 400)]]
"""Read as 7; its writer means a 1."""


def shifted(lines: list[list[tuple[int, int]]], by: int) -> list[list[tuple[int, int]]]:
    return [[(x + by, y + (by if number else 0)) for number, (x, y) in enumerate(lines[0])]]


def label_of(reader: Recognizer, drawing: object = LIKE_A_SEVEN) -> str | None:
    return reader.classify_strokes(drawing, EXTENT).label  # type: ignore[arg-type]


def others(reader: Recognizer) -> list[str | None]:
    return [label_of(reader, demo_drawings()[digit]) for digit in range(10)]


def test_corrected_once_it_knows() -> None:
    reader = NearestDrawing()
    before = label_of(reader)
    assert before != "1"
    reader.learn(LIKE_A_SEVEN, "1", EXTENT)
    assert label_of(reader) == "1"
    assert label_of(reader, shifted(LIKE_A_SEVEN, 4)) == "1"
    assert reader.read_strokes(LIKE_A_SEVEN, EXTENT).text == "1"
    assert others(reader) == [*"0123456789"]
    reader.forget()
    assert label_of(reader) == before


def test_where_and_how_large_it_was_drawn_does_not_matter() -> None:
    reader = NearestDrawing()
    large = [Stroke(np.array(line, dtype=float)) for line in LIKE_A_SEVEN]
    reader.learn(transformed(large, 0.3, to=(300, 20)), "1", EXTENT)
    assert label_of(reader) == "1"


def test_one_drawing_is_forgotten_and_the_others_stay() -> None:
    reader = NearestDrawing()
    reader.learn(demo_drawings()[4], "9", EXTENT)
    reader.learn(LIKE_A_SEVEN, "1", EXTENT)
    reader.forget(0)
    assert label_of(reader, demo_drawings()[4]) == "4" and label_of(reader) == "1"
    with pytest.raises(IndexError):
        reader.forget(1)


def test_a_drawing_under_way_is_read_anew_after_a_correction() -> None:
    reader, cache = NearestDrawing(), Cache()
    drawn = tuple(Stroke(np.array(line, dtype=float)) for line in LIKE_A_SEVEN)
    before = reader.read_strokes(drawn, EXTENT, cache).text
    reader.learn(drawn, "1", EXTENT)
    assert reader.read_strokes(drawn, EXTENT, cache).text == "1"
    reader.forget()
    assert reader.read_strokes(drawn, EXTENT, cache).text == before


def test_each_character_of_a_reading_tells_its_strokes() -> None:
    drawn = [*transformed(demo_drawings()[4], 0.5), *transformed(LIKE, to=(320.0, 0.0))]
    found = NearestDrawing().read_strokes(drawn, (800, 500)).digits
    assert {stroke for each in found for stroke in each.strokes} == set(drawn)
    assert all(each.strokes for each in found)


LIKE = [Stroke(np.array(line, dtype=float)) for line in LIKE_A_SEVEN]


def test_it_acts_on_pictures_of_one_character() -> None:
    reader = NearestDrawing()
    picture = 255 - np.pad(reader.classify_strokes(demo_drawings()[7], EXTENT).glyph, 30)
    assert reader.classify_image(picture).label == "7"
    reader.learn_image(picture, "1")
    assert reader.classify_image(picture).label == "1"
    assert reader.read_image(picture).text == "1"
    reader.forget()
    reader.learn(demo_drawings()[7], "1", EXTENT)
    assert reader.classify_image(picture).label == "1"
    two = np.hstack([picture, picture])
    assert reader.read_image(two).text == "7 7"


def test_a_hand_is_saved_and_loaded(tmp_path: Path) -> None:
    path, reader = tmp_path / "anna.hand", NearestDrawing()
    reader.learn(LIKE_A_SEVEN, "1", EXTENT)
    reader.save_hand(path)
    other = NearestDrawing()
    other.learn(demo_drawings()[4], "9", EXTENT)
    other.load_hand(path)
    assert label_of(other) == "1" and label_of(other, demo_drawings()[4]) == "4"
    path.write_text("{}")
    with pytest.raises(HandError, match=r"anna\.hand"):
        other.load_hand(path)
    assert label_of(other) == "1", "what was learned before stays"


@pytest.mark.parametrize(
    ("drawing", "label", "trouble"),
    [
        ([], "7", "no strokes"),
        ([[(1, float("nan"))]], "7", "not finite"),
        (LIKE_A_SEVEN, "ten", "'ten' cannot be learned; the model knows '0123456789'"),
        (LIKE_A_SEVEN, "x", "'x' cannot be learned"),
    ],
)
def test_what_cannot_be_learned_is_told(
    drawing: list[list[tuple[float, float]]], label: str, trouble: str
) -> None:
    reader = NearestDrawing()
    with pytest.raises(ValueError, match=trouble):
        reader.learn(drawing, label, EXTENT)
    with pytest.raises(ValueError, match="blank"):
        reader.learn_image(np.full((40, 40), 255, dtype=np.uint8), "7")
    assert reader.hand.drawings == ()


def test_a_network_without_features_says_that_it_cannot_learn(tmp_path: Path) -> None:
    reader = Recognizer(sign_model(tmp_path))
    assert not reader.can_learn
    with pytest.raises(ModelError, match="cannot learn from a person"):
        reader.learn(LIKE_A_SEVEN, reader.labels[0], EXTENT)
    with pytest.raises(ModelError, match="cannot learn from a person"):
        reader.load_hand(tmp_path / "none.hand")


def test_the_saved_network_learns_a_person_s_seven() -> None:
    reader = Recognizer()
    if not reader.can_learn:
        pytest.skip("the saved network tells no features")
    reader.learn(demo_drawings()[7], "3", EXTENT)
    assert others(reader) == [*"0123456389"]
    assert reader.classify_strokes(demo_drawings()[7], EXTENT).sure
