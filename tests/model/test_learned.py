"""What learned drawings tell of another one, and how they are kept in a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognizer.inkml import demo_drawings
from recognizer.model.hand_file import HandError, as_json, as_name, read_hands, write_hands
from recognizer.model.learned import (
    MAX_DRAWINGS,
    UNIT_SIDE,
    LearnedDrawing,
    LearnedHand,
    Prototypes,
    together,
)
from recognizer.strokes import Stroke, bounds

KNOWN = np.array([[0.90, 0.05, 0.01], [0.02, 0.96, 0.01]], dtype=np.float32)
FEATURES = np.array([[1.0, 0.0, 0.2], [0.0, 1.0, 0.1]], dtype=np.float32)
MISREAD = Prototypes.of(KNOWN[:1], FEATURES[:1], [1])
"""Of a drawing that is read as label 0 and was corrected to label 1."""


def seven() -> LearnedDrawing:
    return LearnedDrawing.of("7", demo_drawings()[7], (500.0, 500.0))


def picture() -> LearnedDrawing:
    glyph = np.zeros((28, 28), dtype=np.uint8)
    glyph[4:24, 12:16] = 255
    return LearnedDrawing("1", picture=glyph)


def test_a_corrected_drawing_is_read_right() -> None:
    after = MISREAD.weighed(KNOWN[0], FEATURES[0])
    assert after.argmax() == 1 and after[1] > 0.9


def test_a_drawing_like_it_is_read_right_and_one_unlike_it_as_before() -> None:
    like = np.array([1.0, 0.1, 0.3], dtype=np.float32)
    assert MISREAD.weighed(KNOWN[0], like).argmax() == 1
    np.testing.assert_allclose(MISREAD.weighed(KNOWN[1], FEATURES[1]), KNOWN[1], atol=1e-6)
    np.testing.assert_allclose(MISREAD.weighed(KNOWN[0], FEATURES[1]), KNOWN[0], atol=1e-6)


def test_a_drawing_counts_the_same_however_strong_its_features_are() -> None:
    np.testing.assert_allclose(
        MISREAD.weighed(KNOWN[0], 7 * FEATURES[0]), MISREAD.weighed(KNOWN[0], FEATURES[0])
    )


def test_what_was_taken_for_none_of_the_labels_becomes_its_label() -> None:
    nothing = np.array([[0.01, 0.02, 0.01]], dtype=np.float32)
    after = Prototypes.of(nothing, FEATURES[:1], [2]).weighed(nothing[0], FEATURES[0])
    assert after.argmax() == 2 and 0.9 < after[2] < after.sum() <= 1


def test_what_was_read_right_already_changes_little() -> None:
    right = Prototypes.of(KNOWN[:1], FEATURES[:1], [0])
    after = right.weighed(KNOWN[0], FEATURES[0])
    assert KNOWN[0, 0] < after[0] < 1
    assert right.bonuses[0] < MISREAD.bonuses[0]


def test_a_hand_keeps_the_newest_drawings() -> None:
    drawings = [LearnedDrawing(str(number % 10)) for number in range(MAX_DRAWINGS + 3)]
    hand = LearnedHand().with_drawings(drawings)
    assert hand.drawings == tuple(drawings[3:])
    assert hand.without(0).drawings == tuple(drawings[4:])


def test_several_hands_are_learned_from_as_one() -> None:
    both = together([LearnedHand("Anna", (seven(),)), LearnedHand("Ben", (picture(), seven()))])
    assert both.name == "Anna" and [each.label for each in both.drawings] == ["7", "1", "7"]


def test_a_drawing_is_kept_in_its_own_unit() -> None:
    drawing = seven()
    box = bounds(drawing.strokes)
    assert (box.x, box.y, box.side) == (0, 0, UNIT_SIDE)
    assert drawing.extent[0] / box.side == pytest.approx(
        500 / bounds(demo_drawings()[7]).side, rel=0.01
    )


@pytest.mark.parametrize("points", [[[3.0, 4.0]], [[3.0, 4.0], [3.0, 4.0]]])
def test_a_dot_can_be_learned_and_kept(points: list[list[float]], tmp_path: Path) -> None:
    dot = LearnedDrawing.of(".", [Stroke(np.array(points))], (500.0, 500.0))
    write_hands(tmp_path / "a.hand", [LearnedHand("Anna", (dot,))])
    (hand,) = read_hands(tmp_path / "a.hand")
    assert hand.drawings[0].extent == dot.extent


def test_hands_are_read_as_they_were_written(tmp_path: Path) -> None:
    written = [LearnedHand("Anna Ö. 😀", (seven(), picture())), LearnedHand("Ben")]
    write_hands(tmp_path / "a.hand", written)
    anna, ben = read_hands(tmp_path / "a.hand")
    assert (anna.name, ben.name, ben.drawings) == ("Anna Ö. 😀", "Ben", ())
    drawn, pictured = anna.drawings
    assert (drawn.label, drawn.extent, drawn.picture) == ("7", seven().extent, None)
    for read, kept in zip(drawn.strokes, seven().strokes, strict=True):
        np.testing.assert_array_equal(read.points, kept.points)
    assert pictured.strokes == () and pictured.picture is not None
    np.testing.assert_array_equal(pictured.picture, picture().picture)
    assert (tmp_path / "a.hand").stat().st_size < 4000


def spoilt(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A hand's file after a change of what it holds."""
    found = json.loads(as_json([LearnedHand("Anna", (seven(), picture()))]))
    change(found)
    return json.dumps(found).encode()


def drawing(number: int, **changes: object) -> bytes:
    return spoilt(lambda found: found["hands"][0]["drawings"][number].update(changes))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"[1, 2]",
        b"null",
        b"[" * 100_000,
        as_json([LearnedHand("Anna", (seven(),))]).encode()[:-40],
        b"<ink/>",
        spoilt(lambda found: found.update(format="another")),
        spoilt(lambda found: found.update(version=2)),
        spoilt(lambda found: found.update(hands=[])),
        spoilt(lambda found: found.pop("hands")),
        spoilt(lambda found: found["hands"][0].update(name="")),
        spoilt(lambda found: found["hands"][0].update(name="x\ny")),
        spoilt(lambda found: found["hands"][0].update(drawings=7)),
        drawing(0, label="ten"),
        drawing(0, label=7),
        drawing(0, strokes=[]),
        drawing(0, strokes=[[1, 2, 3]]),
        drawing(0, strokes=[[1, float("nan")]]),
        drawing(0, strokes=[["a", "b"]]),
        drawing(0, strokes=[[1e300, 1]]),
        drawing(0, pen=-1),
        drawing(0, pen="thick"),
        drawing(0, extent=[0, 1]),
        drawing(0, extent="wide"),
        drawing(1, picture="no base64"),
        drawing(1, picture="aGVsbG8="),
        drawing(1, picture=7),
    ],
)
def test_a_damaged_file_is_named_in_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "spoilt.hand"
    path.write_bytes(content)
    with pytest.raises(HandError, match=r"spoilt\.hand .*\. .*\.$"):
        read_hands(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.hand", tmp_path):
        with pytest.raises(HandError, match="cannot be read"):
            read_hands(path)


@pytest.mark.parametrize("name", ["", "  ", "x" * 41, "a\tb", 7, None])
def test_a_name_is_a_line_of_text(name: object) -> None:
    with pytest.raises(ValueError, match="1 to 40 letters"):
        as_name(name)
