"""A hand that is sent along: it is read by, and refused with a sentence where it cannot be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from recognizer.model.hand_file import HandError, as_json, write_hands
from recognizer.model.learned import LearnedDrawing, LearnedHand
from recognizer.strokes import as_strokes
from recognizer.web import sent_hands
from recognizer.web.limits import MAX_HAND_DRAWINGS, MAX_HAND_POINTS
from tests.fakes import NearestDrawing
from tests.samples import number
from tests.web.served import SEVEN, client_of
from tests.web.test_api import of_strokes, refused
from tests.web.test_live import answer, drawing


@pytest.fixture(scope="module")
def learning() -> Iterator[TestClient]:
    """Asks a server whose network tells what it judges by."""
    with client_of(reader=NearestDrawing()) as found:
        yield found


def hand_of(*labels: str, lines: Any = SEVEN) -> Any:
    """The JSON of a hand that writes each of these labels as these lines."""
    learned = [LearnedDrawing.of(label, as_strokes(lines), (500, 500)) for label in labels]
    return json.loads(as_json([LearnedHand("Anna", tuple(learned))]))


def test_a_drawing_is_read_by_the_hand_that_comes_with_it(learning: TestClient) -> None:
    assert learning.get("/api/hand").json()["learns"] is True
    before = of_strokes(learning).json()["text"]
    assert of_strokes(learning, hand=hand_of("1")).json()["text"] == "1" != before
    assert of_strokes(learning, hand=hand_of("4")).json()["text"] == "4"
    assert of_strokes(learning, hand=None).json()["text"] == before
    assert of_strokes(learning, hand=hand_of()).json()["text"] == before
    assert of_strokes(learning, hand=hand_of("1"), labels="17").json()["text"] == "1"


def test_a_file_that_was_exported_is_a_hand(learning: TestClient, tmp_path: Path) -> None:
    reader = NearestDrawing()
    reader.learn(SEVEN, "1")
    reader.learn_drawing(LearnedDrawing("7", picture=reader.classify_strokes(SEVEN).glyph))
    write_hands(tmp_path / "anna.hand", [reader.hand])
    hand = json.loads((tmp_path / "anna.hand").read_text(encoding="utf-8"))
    assert of_strokes(learning, hand=hand).json()["text"] == "1"


def test_a_live_drawing_keeps_its_hand_until_another_comes(learning: TestClient) -> None:
    with drawing(learning) as socket:
        before = answer(socket, strokes=SEVEN)["text"]
        assert answer(socket, keep=1, strokes=[], hand=hand_of("1"))["text"] == "1" != before
        assert answer(socket, keep=0, strokes=SEVEN)["text"] == "1"
        assert answer(socket, keep=1, strokes=[], hand=hand_of("4"))["text"] == "4"
        assert answer(socket, keep=1, strokes=[], hand=hand_of())["text"] == before
    with drawing(learning) as socket:
        assert answer(socket, strokes=SEVEN)["text"] == before


def test_a_hand_that_is_refused_is_put_away(learning: TestClient) -> None:
    with drawing(learning) as socket:
        before = answer(socket, strokes=SEVEN)["text"]
        damaged = hand_of("1")
        damaged["hands"][0]["drawings"][0]["strokes"] = [[1, 2, 3]]
        assert "damaged" in answer(socket, keep=1, strokes=[], hand=damaged)["detail"]
        assert answer(socket, keep=0, strokes=SEVEN)["text"] == before


def with_drawing(**changes: Any) -> Any:
    hand = hand_of("1")
    hand["hands"][0]["drawings"][0] |= changes
    return hand


HANDS_REFUSED: list[tuple[Any, str]] = [
    ([], "hand"),
    ({"hands": []}, "hands"),
    ({**hand_of("1"), "version": 2}, "version"),
    ({**hand_of("1"), "format": "another"}, "format"),
    (with_drawing(label="12"), "label"),
    (with_drawing(strokes=[]), "no strokes"),
    (with_drawing(strokes=[[1]]), "strokes 0"),
    (with_drawing(strokes=[[1, 2, 3]]), "damaged"),
    (with_drawing(strokes=[[1, 1e12]]), "strokes 0 1"),
    (with_drawing(extent=[0, 1]), "extent 0"),
    (with_drawing(picture="no picture"), "damaged"),
    (hand_of(*["1"] * (MAX_HAND_DRAWINGS + 1)), f"{MAX_HAND_DRAWINGS} can be sent along"),
    (with_drawing(strokes=[[1, 2] * (MAX_HAND_POINTS + 1)]), f"{MAX_HAND_POINTS} can be sent"),
]


@pytest.mark.parametrize(("hand", "named"), HANDS_REFUSED)
def test_a_hand_that_is_none_is_refused(learning: TestClient, hand: Any, named: str) -> None:
    refused(of_strokes(learning, hand=hand), 422, named)


def test_a_network_that_cannot_learn_says_so() -> None:
    reader = NearestDrawing(learns=False)
    with client_of(reader=reader) as client:
        assert client.get("/api/hand").json()["learns"] is False
    with pytest.raises(HandError, match="cannot learn"):
        sent_hands.SentHands(lambda _: reader).reader("digits", json.dumps(hand_of("1")))


def test_only_so_many_hands_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(sent_hands, "KEPT_HANDS", 2)

    class Watched(NearestDrawing):
        def reading_by(self, hand: LearnedHand) -> Any:
            looked_at.append(hand.drawings[0].label)
            return super().reading_by(hand)

    hands = sent_hands.SentHands(lambda _: Watched())
    for label in "112131":
        reader = hands.reader("digits", json.dumps(hand_of(label)))
        assert reader.classify_strokes(SEVEN).label == label
    assert looked_at == ["1", "2", "3"]
    hands.reader("digits", json.dumps(hand_of("2")))
    assert looked_at == ["1", "2", "3", "2"]


def test_each_character_tells_its_strokes_if_asked(learning: TestClient) -> None:
    lines = [line.tolist() for digit in number([4, 7, 1]) for line in digit]
    counts = [len(digit) for digit in number([4, 7, 1])]
    found = of_strokes(learning, lines, extent=[1000, 300], parts=True).json()
    assert [len(each["strokes"]) for each in found["digits"]] == counts
    assert sorted(n for each in found["digits"] for n in each["strokes"]) == [*range(len(lines))]
    assert "strokes" not in of_strokes(learning, lines).json()["digits"][0]
