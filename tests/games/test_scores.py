"""What is kept of games: best lists, the gallery; and matches of one and two players."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recognizer.games import GAMES
from recognizer.games.draw_it import DrawItGame
from recognizer.games.fool_it import FoolItGame
from recognizer.games.gallery import MAX_FOOLS, Fool, FoolGallery
from recognizer.games.game import DRAWING, OVER
from recognizer.games.match import GUEST, GameRoom, Match
from recognizer.games.scores import MAX_SCORES, ScoreBook
from recognizer.games.sums_game import SumsGame
from recognizer.inkml import demo_drawings
from recognizer.session.storage import CANVAS_EXTENT
from tests.fakes import NearestDrawing, NearestSign
from tests.games.player import open_room
from tests.samples import sign_model

DAMAGED = ["", "{", "[]", '{"scores": {"sums": {"Anna": [["7", "x"]]}}}', '{"scores": {"a": 3}}']


def points(book: ScoreBook, game: str, hand: str) -> list[int]:
    return [score.points for score in book.best(game, hand)]


def test_the_best_scores_of_each_hand_and_game_are_kept(tmp_path: Path) -> None:
    book = ScoreBook(tmp_path / "a" / "scores.json")
    places = [book.add("sums", "Anna", each)[0] for each in (5, 9, 7, 0, 3, 8, 2, 9)]
    assert places == [0, 0, 1, None, 3, 1, None, 1]
    book.add("sums", "Ben", 4)
    again = ScoreBook(tmp_path / "a" / "scores.json")
    assert again.load() is None
    assert points(again, "sums", "Anna") == [9, 9, 8, 7, 5] and MAX_SCORES == 5
    assert points(again, "sums", "Ben") == [4] and points(again, "draw it", "Anna") == []
    assert again.champion("sums") == ("Anna", 9) and again.champion("draw it") is None


def test_two_windows_keep_the_scores_of_both(tmp_path: Path) -> None:
    one, other = (ScoreBook(tmp_path / "scores.json") for _ in range(2))
    one.add("sums", "Anna", 5)
    other.add("sums", "Anna", 6)
    one.add("sums", "Ben", 1)
    assert points(one, "sums", "Anna") == [6, 5]


@pytest.mark.parametrize("content", DAMAGED)
def test_damaged_scores_are_set_aside_with_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "scores.json"
    path.write_text(content, encoding="utf-8")
    book = ScoreBook(path)
    told = book.load()
    assert told and told.trouble and told.text.startswith("The file of scores is damaged.")
    (aside,) = tmp_path.glob("damaged-*scores.json")
    assert aside.read_text(encoding="utf-8") == content
    assert book.add("sums", "Anna", 3) == (0, None)


def test_scores_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place, told = ScoreBook(tmp_path / "file" / "scores.json").add("sums", "Anna", 3)
    assert place in (0, None) and told and told.trouble


def fool(confidence: float) -> Fool:
    why = ("It weighed 4 (80 %) against 9 (12 %).",)
    return Fool("9", "4", confidence, "Anna", why, demo_drawings()[4], CANVAS_EXTENT)


def test_the_gallery_keeps_the_best_fools_as_they_were_drawn(tmp_path: Path) -> None:
    gallery = FoolGallery(tmp_path / "fools.json")
    for number in range(MAX_FOOLS):
        gallery.add(fool(0.5 + number / 100))
    assert gallery.add(fool(0.4)).text == "The gallery has better ones"
    assert gallery.add(fool(0.95)).text == "Place 1 in the gallery"
    again = FoolGallery(tmp_path / "fools.json")
    assert again.load() is None and len(again.fools) == MAX_FOOLS
    best = again.fools[0]
    assert (best.digit, best.label, best.confidence, best.reasons) == (
        *("9", "4", 0.95, fool(0.1).reasons),
    )
    assert NearestDrawing().classify_strokes(best.strokes, best.extent).label == "4"
    again.remove(0)
    assert gallery.load() is None and gallery.fools[0].confidence < 0.95


@pytest.mark.parametrize(
    "change",
    [{"digit": ""}, {"label": 4}, {"confidence": 2}, {"strokes": []}, {"extent": [0, 1]},
     {"reasons": "it"}, {"player": None}, {"strokes": [{"points": [["a", 1]], "width": 3}]}],
)  # fmt: skip
def test_a_damaged_gallery_is_set_aside(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "fools.json"
    FoolGallery(path).add(fool(0.9))
    content = json.loads(path.read_text(encoding="utf-8"))
    content["fools"][0] |= change
    path.write_text(json.dumps(content), encoding="utf-8")
    gallery = FoolGallery(path)
    told = gallery.load()
    assert told and told.trouble and "The gallery of fools is damaged" in told.text
    assert gallery.fools == [] and list(tmp_path.glob("damaged-*fools.json"))


def test_a_model_that_knows_no_digits_has_no_games(tmp_path: Path) -> None:
    from recognizer.reading import Recognizer

    with pytest.raises(ValueError, match="does not know"):
        open_room(tmp_path, Recognizer(sign_model(tmp_path)))


def test_games_read_digits_whatever_the_window_reads(tmp_path: Path) -> None:
    room = open_room(tmp_path, NearestSign())
    assert room.referee.classify(demo_drawings()[7]).labels == room.referee.digits


def play(match: Match, points: int) -> None:
    """Play the game of whose turn it is, as if somebody had won so many points."""
    match.start(100.0)
    match.game.points = points
    match.game.stage = OVER
    match.update(200.0)


def duel(room: GameRoom) -> Match:
    match = Match(room, DrawItGame, lambda: 11)
    match.next_opponent()
    return match


def test_a_duel_is_played_in_turn_with_the_same_tasks_and_each_in_the_own_hand(
    tmp_path: Path,
) -> None:
    room = open_room(tmp_path)
    room.session.learning.create("Ben")
    room.session.learning.create("Anna")
    match = duel(room)
    assert match.players == ["Anna", "Ben"]
    play(match, 7)
    first = match.game
    assert match.outcome() == "" and not match.over
    match.go_on()
    assert room.player == "Ben" and match.game is not first and match.place is None
    match.start(300.0)
    assert isinstance(first, DrawItGame) and isinstance(match.game, DrawItGame)
    again = DrawItGame(room.referee, 0, 11)
    again.start(300.0)
    assert again.digit == match.game.digit
    match.game.points, match.game.stage = 9, OVER
    match.update(400.0)
    assert match.outcome() == "Ben wins 9 to 7"
    assert [points(room.scores, "draw it", name) for name in ("Anna", "Ben")] == [[7], [9]]
    match.go_on()
    assert room.player == "Anna" and match.game.stage != OVER


def test_who_is_alone_on_a_machine_plays_against_a_guest_and_then_alone_again(
    tmp_path: Path,
) -> None:
    match = duel(open_room(tmp_path))
    assert match.opponent == GUEST
    play(match, 3)
    match.go_on()
    play(match, 3)
    assert match.outcome() == "A draw: 3 to 3"
    match.go_on()
    match.next_opponent()
    assert match.opponent is None and match.players == ["My hand"]


def test_who_leaves_a_duel_has_the_own_hand_again(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    match = duel(room)
    play(match, 3)
    match.go_on()
    match.start(300.0)
    match.leave()
    assert room.player == "My hand"
    assert points(room.scores, "draw it", GUEST) == []


def test_an_endless_game_counts_when_one_leaves_it(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    for mode, expected in ((0, []), (1, [6])):
        match = Match(room, SumsGame, lambda: 1)
        match.set_mode(mode)
        match.start(100.0)
        match.game.points = 6
        match.leave()
        match.leave()
        assert points(room.scores, match.key, "My hand") == expected
        assert match.game.stage in (DRAWING, OVER)


def test_every_game_has_a_name_rules_and_lists_of_its_own(tmp_path: Path) -> None:
    room = open_room(tmp_path)
    keys = []
    for kind in GAMES:
        assert kind.invitation and 2 <= len(kind.rules) <= 3
        match = Match(room, kind, lambda: 1)
        for mode in range(len(kind.modes)):
            match.set_mode(mode)
            keys.append(match.key)
    assert len(keys) == len(set(keys)) == 6
    fools = Match(room, FoolItGame, lambda: 1).game
    assert isinstance(fools, FoolItGame) and fools.gallery is room.gallery
