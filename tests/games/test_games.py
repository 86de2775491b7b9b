"""The four games without a window, played with recorded strokes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from recognizer.games.draw_it import TURNS, DrawItGame, turned
from recognizer.games.fool_it import FoolItGame
from recognizer.games.game import (
    CARD,
    CLAIM,
    DRAWING,
    GO,
    NO,
    OVER,
    RIGHT,
    STREAK,
    VERDICT,
    WIPE,
    WRONG,
    YES,
)
from recognizer.games.guess_early import CLAIM_POINTS, GuessEarlyGame, line_length, usual_length
from recognizer.games.match import GameRoom
from recognizer.games.sums_game import BELOW_ZERO, LEVELS, SumsGame
from recognizer.inkml import demo_drawings
from recognizer.session.storage import CANVAS_EXTENT
from recognizer.strokes import Sketch, bounds
from tests.fakes import NearestSign
from tests.games.player import Player, open_room


@pytest.fixture
def room(tmp_path: Path) -> GameRoom:
    return open_room(tmp_path)


def learned(room: GameRoom) -> list[str]:
    return [each.label for each in room.session.learning.hand.drawings]


def sums(room: GameRoom, mode: int = 0) -> tuple[SumsGame, Player]:
    game = SumsGame(room.referee, mode, 1)
    player = Player(game)
    player.start()
    return game, player


def ask(game: SumsGame, text: str, answer: int) -> None:
    game.sum, game.answer = text, answer


@pytest.mark.parametrize("level", [*LEVELS, BELOW_ZERO])
def test_sums_of_every_level_are_right(level: object) -> None:
    assert isinstance(level, type(BELOW_ZERO))
    for seed in range(20):
        text, answer = level.task(random.Random(seed))
        a, sign, b = text.split()
        results = {"+": int(a) + int(b), "−": int(a) - int(b), "×": int(a) * int(b)}
        results["÷"] = int(a) // int(b)
        assert results[sign] == answer and (sign != "÷" or int(a) == answer * int(b))
        assert answer >= 0 or level is BELOW_ZERO


def test_a_right_answer_is_taken_at_once_and_counts_its_level(room: GameRoom) -> None:
    game, player = sums(room)
    ask(game, "3 × 4", 12)
    player.write("12")
    assert (game.points, game.streak) == (1, 1)
    assert game.feedback and game.feedback.kind == RIGHT and game.feedback.words == "+1"
    assert game.sum != "3 × 4" and not game.sketch.strokes


def test_the_level_follows_the_player(room: GameRoom) -> None:
    game, player = sums(room)
    for _ in range(3):
        player.wait(1)
        player.write(game.expected)
    assert game.level == 2 and game.points == 3
    for _ in range(2):
        ask(game, "1 + 1", 2)
        player.draw("8")
        player.wait(4)
        player.choose(GO)
    assert game.level == 1 and game.streak == 0


def test_five_in_a_row_are_a_streak(room: GameRoom) -> None:
    game, player = sums(room)
    for _ in range(5):
        ask(game, "4 + 4", 8)
        player.draw("8")
    assert game.feedback and game.feedback.kind == STREAK and "5 in a row" in game.feedback.words


def test_a_wrong_answer_is_judged_when_the_pen_rests_and_the_clock_stands_still(
    room: GameRoom,
) -> None:
    game, player = sums(room)
    ask(game, "2 + 2", 4)
    player.draw("8")
    assert game.stage == DRAWING
    player.wait(1.5)
    assert game.stage == VERDICT and game.feedback and game.feedback.kind == WRONG
    assert game.state().task == "2 + 2 = 4" and game.state().words == "I read 8"
    left = game.clock.left(player.now)
    player.wait(30)
    assert game.clock.left(player.now) == left
    player.choose(GO)
    assert (game.stage, game.points) == (DRAWING, 0)


def test_an_answer_of_fewer_digits_gets_more_time(room: GameRoom) -> None:
    game, player = sums(room)
    ask(game, "5 + 7", 12)
    player.draw("1", (100, 280))
    player.wait(2)
    assert game.stage == DRAWING
    player.wait(2)
    assert game.stage == VERDICT


def test_that_was_a_7_is_learned_and_counts(room: GameRoom) -> None:
    game, player = sums(room, mode=1)
    ask(game, "20 + 7", 27)
    player.write("24")
    player.wait(2)
    assert game.stage == VERDICT and game.lives == 2
    assert game.choices()[CLAIM] == "That was 27!"
    player.choose(CLAIM)
    assert (game.points, game.lives, game.streak, game.stage) == (1, 3, 1, DRAWING)
    assert learned(room) == ["7"], "the 2 was read right"
    assert game.note and game.note.text == "I know your 7 now"


def test_sixty_seconds_end_and_what_is_written_in_time_counts(room: GameRoom) -> None:
    game, player = sums(room)
    player.wait(59)
    ask(game, "4 + 4", 8)
    player.draw("8", look=0.5)
    player.wait(1)
    assert (game.stage, game.points) == (OVER, 1)


def test_endless_sums_end_with_the_third_life(room: GameRoom) -> None:
    game, player = sums(room, mode=1)
    player.wait(500)
    for lives in (2, 1, 0):
        assert game.stage == DRAWING
        ask(game, "1 + 1", 2)
        player.draw("8")
        player.wait(2)
        assert game.lives == lives
        player.choose(GO)
    assert game.stage == OVER


def test_answers_below_zero_are_asked_only_of_a_model_that_knows_minus(tmp_path: Path) -> None:
    with_minus = open_room(tmp_path / "a", NearestSign())
    for room, expected in ((open_room(tmp_path / "b"), False), (with_minus, True)):
        assert room.referee.knows_minus == expected
        game = SumsGame(room.referee, 0, 3)
        game.level = len(LEVELS)
        below = 0
        for _ in range(60):
            game.next_task()
            below += game.answer < 0
        assert (below > 0) == expected
    assert game.expected.replace("−", "-") == str(game.answer)


def test_the_bar_of_a_7_does_not_begin_the_next_answer(room: GameRoom) -> None:
    game, player = sums(room)
    ask(game, "1 + 3", 4)
    player.draw("4")
    player.wait(1)
    game.pen_down(280, 280, player.now - 0.7)  # on the 4, soon after it was taken
    game.pen_move(330, 280)
    game.pen_up(player.now)
    assert not game.sketch.strokes
    game.pen_down(280, 280, player.now + 1)
    assert game.sketch.strokes


def draw_it(room: GameRoom) -> tuple[DrawItGame, Player]:
    game = DrawItGame(room.referee, 0, 2)
    player = Player(game)
    player.start()
    return game, player


def draw_task(game: DrawItGame, player: Player, digit: str = "") -> None:
    """Draw the digit that is asked for, where and how it is asked for."""
    middle, size = (280.0, 280.0), 250.0
    if game.box:
        middle, size = game.box.middle, 0.75 * game.box.side
    before = game.sketch
    player.draw(digit or game.digit, middle, size)
    assert before is game.sketch or digit == ""


def test_draw_it_has_three_rounds(room: GameRoom) -> None:
    game, player = draw_it(room)
    sides = []
    for number in range(3):
        assert game.round == number and game.stage == DRAWING
        for _ in range(4):
            if number == 2:
                game.turn = 0  # turned drawings are tried below
            sides += [game.box.side] if game.box else []
            draw_task(game, player)
        player.wait(31)
        if number < 2:
            assert game.stage == CARD and game.card[0].startswith(f"Round {number + 2} of 3")
            player.start()
    assert game.stage == OVER and game.points == 4 * (1 + 2 + 3)
    assert sides == sorted(sides, reverse=True) and sides[-1] < 0.7 * sides[0]


@pytest.mark.parametrize("degrees", TURNS)
def test_a_drawing_on_a_turned_paper_is_read_upright(room: GameRoom, degrees: int) -> None:
    game, player = draw_it(room)
    game.round, game.turn, game.digit = 2, degrees, "4"
    strokes = turned(demo_drawings()[4], degrees)
    game.sketch = Sketch(strokes, 7)
    player.wait(0.1)
    assert game.prediction and game.prediction.label == "4"
    back = turned(turned(strokes, degrees), -degrees)
    assert bounds(back) == pytest.approx(bounds(strokes))


def test_on_a_turned_paper_nobody_is_asked_for_a_6_or_9(room: GameRoom) -> None:
    game, _ = draw_it(room)
    game.round = 2
    asked = set()
    for _ in range(60):
        game.next_task()
        asked.add(game.digit)
    assert asked == set("01234578")


def test_ink_beside_the_box_does_not_count(room: GameRoom) -> None:
    game, player = draw_it(room)
    player.wait(31)
    player.start()
    assert game.box
    player.draw(game.digit, game.box.middle, 2 * game.box.side)
    player.wait(2)
    assert game.points == 0 and game.feedback and game.feedback.words == "Inside the box, please"
    assert not game.can(CLAIM)


def test_a_misread_digit_is_claimed_by_one_tap_even_after_it_is_gone(room: GameRoom) -> None:
    game, player = draw_it(room)
    game.digit = "9"
    player.draw("4")
    player.wait(2)
    assert not game.sketch.strokes and game.feedback and game.feedback.words == "I read 4"
    player.choose(CLAIM)
    assert game.points == 1 and learned(room) == ["9"] and game.digit != "9"
    assert not game.can(CLAIM)
    game.digit = "9"
    player.draw("4")
    assert game.points == 2, "what was learned counts at once"


def fool_it(room: GameRoom) -> tuple[FoolItGame, Player]:
    game = FoolItGame(room.referee, 0, 4)
    game.gallery, game.player = room.gallery, "Anna"
    player = Player(game)
    player.start()
    return game, player


def test_a_fool_counts_if_a_friend_says_so_and_goes_to_the_gallery(room: GameRoom) -> None:
    game, player = fool_it(room)
    for answer in (YES, NO, YES):
        game.digit = "9"
        player.draw("4")
        player.choose(GO)
        assert game.stage == VERDICT and "is this a 9?" in game.state().words
        player.choose(answer)
    assert game.stage == OVER and 100 < game.points <= 198
    assert [(fool.digit, fool.label, fool.player) for fool in room.gallery.fools] == [
        ("9", "4", "Anna")
    ] * 2
    first, second = room.gallery.fools[0].reasons
    assert first.startswith("It weighed 4 (") and "part" in second
    assert learned(room) == [], "a network that is fooled should not learn it by the way"


def test_who_is_read_right_fools_nobody(room: GameRoom) -> None:
    game, player = fool_it(room)
    game.digit = "4"
    player.draw("4")
    assert game.worth == 0
    player.choose(GO)
    assert game.stage == DRAWING and game.feedback and game.feedback.kind == WRONG
    before = game.digit
    player.choose("other")
    assert game.digit != before and not game.sketch.strokes


def guess(room: GameRoom, mode: int) -> tuple[GuessEarlyGame, Player]:
    game = GuessEarlyGame(room.referee, mode, 5)
    player = Player(game)
    player.start()
    return game, player


def test_a_short_line_ends_when_the_network_is_sure(room: GameRoom) -> None:
    game, player = guess(room, 0)
    for _ in range(5):
        player.draw(game.digit)
        player.wait(2)
        if game.stage == VERDICT:
            player.choose(CLAIM)
    assert game.stage == OVER and game.points > 0


def test_less_line_gives_more_points(room: GameRoom) -> None:
    game, player = guess(room, 0)
    game.digit, worths = "4", []
    player.wait(1)
    game.pen_down(100, 100, player.now)
    for x in (150, 200, 180, 160, 200):
        game.pen_move(x, 300 - x)
        worths.append(game.worth)
    assert worths == sorted(worths, reverse=True) and worths[0] > worths[-1]


def test_long_doubt_counts_what_was_drawn_before_it_was_sure(room: GameRoom) -> None:
    game, player = guess(room, 1)
    for digit in "48375":
        game.digit = digit
        player.draw(digit)
        player.wait(2)
    assert game.stage == OVER and 0 < game.points <= 500


def test_who_is_misread_in_doubt_may_claim_half_the_points(room: GameRoom) -> None:
    game, player = guess(room, 1)
    game.digit = "9"
    player.draw("4")
    player.wait(2)
    assert game.stage == VERDICT
    player.choose(CLAIM)
    assert game.points == CLAIM_POINTS and learned(room) == ["9"]


def test_the_size_of_a_drawing_does_not_count() -> None:
    strokes = demo_drawings()[3]
    assert line_length(strokes) == pytest.approx(usual_length("3"))
    assert line_length(turned(strokes, 90)) == pytest.approx(usual_length("3"))
    assert line_length(()) == 0


def test_a_drawing_can_be_wiped_and_the_last_stroke_undone(room: GameRoom) -> None:
    game, player = draw_it(room)
    game.digit = "9"
    player.draw("7")
    count = len(game.sketch.strokes)
    game.undo(player.now)
    assert len(game.sketch.strokes) == count - 1
    player.choose(WIPE)
    assert not game.sketch.strokes and game.points == 0


def test_a_game_that_waits_for_its_player_is_never_due(room: GameRoom) -> None:
    for kind in (SumsGame, DrawItGame, FoolItGame, GuessEarlyGame):
        assert kind(room.referee, 0, 1).due(100.0) is None
    game, player = fool_it(room)
    assert game.due(player.now) is None
    timed, player = draw_it(room)
    due = timed.due(player.now)
    assert due is not None and player.now < due <= player.now + 1


def test_the_referee_reads_by_what_the_session_has_learned(room: GameRoom) -> None:
    strokes = demo_drawings()[4]
    assert room.referee.classify(strokes).label == "4"
    room.session.learning.learn_strokes([("9", strokes)], CANVAS_EXTENT)
    assert room.referee.classify(strokes).label == "9"
