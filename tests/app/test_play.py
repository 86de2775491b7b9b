"""Play in the window: every game to its end, by mouse, finger and keyboard; kept over a kill."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame
import pytest
from pygame.event import Event

from recognizer.app import motion
from recognizer.app.screens.fool_gallery import FoolGalleryScreen
from recognizer.app.screens.game_screen import GameScreen
from recognizer.app.screens.help import HelpScreen
from recognizer.app.screens.play import PlayScreen
from recognizer.app.sounds import NOTES, Sounds, wave
from recognizer.games import GAMES
from recognizer.games.draw_it import DrawItGame, turned
from recognizer.games.fool_it import FoolItGame
from recognizer.games.game import CARD, DRAWING, OVER, RIGHT, VERDICT
from recognizer.games.guess_early import GuessEarlyGame
from recognizer.games.match import GameRoom
from recognizer.games.sums_game import SumsGame
from recognizer.inkml import demo_drawings
from recognizer.reading import Recognizer
from recognizer.strokes import bounds, transformed
from tests.app.conftest import Opened
from tests.app.hand import CTRL, Hand, open_sketch
from tests.app.test_my_hand import press, push, showing, tap
from tests.samples import sign_model

SMALL, WIDE, TALL = (640, 480), (1280, 720), (640, 900)


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    monkeypatch.setattr("recognizer.app.screens.play.system_reduces_motion", lambda: True)


def opened_play(hand: Hand) -> PlayScreen:
    press(hand, "p")
    found = showing(hand)
    assert isinstance(found, PlayScreen)
    return found


def opened_game(hand: Hand, number: int) -> GameScreen:
    """The card of a game, by its number on the screen Play."""
    press(hand, f"{number}")
    found = showing(hand)
    assert isinstance(found, GameScreen)
    return found


def wait(hand: Hand, seconds: float) -> None:
    """Let the window wake up whenever it is due."""
    end = hand.clock.time + seconds
    while hand.window.screen and (due := hand.window.screen.due()) is not None and due < end:
        hand.clock.time = max(due, hand.clock.time)
        hand.step()
    hand.clock.time = end
    hand.step()


def write(
    hand: Hand,
    digit: str,
    at: tuple[float, float] = (0.5, 0.5),
    size: float = 0.5,
    turn: float = 0,
    finger: bool = False,
) -> None:
    """A digit of the demo on a game's paper, as a pen or finger writes it."""
    screen = showing(hand)
    assert isinstance(screen, GameScreen)
    paper, strokes = screen.board.paper, turned(demo_drawings()[int(digit)], turn)
    if box := screen.game.box if isinstance(screen.game, DrawItGame) else None:
        paper = pygame.Rect(*map(round, screen.board.canvas.view.box_outwards(box)))
        size = 0.8
    found = bounds(strokes)
    to = paper.left + at[0] * paper.width, paper.top + at[1] * paper.height
    scale = size * min(paper.size) / found.side
    for stroke in transformed(strokes, scale, origin=found.middle, to=to):
        wait(hand, 0.3)
        points = [(round(x), round(y)) for x, y in stroke.points.tolist()]
        if not finger:
            hand.drag(points)
            continue
        hand.finger(pygame.FINGERDOWN, points[0])
        for point in points[1:]:
            hand.finger(pygame.FINGERMOTION, point)
        hand.finger(pygame.FINGERUP, points[-1])


def write_number(hand: Hand, text: str) -> None:
    for number, digit in enumerate(text, 1):
        write(hand, digit, (number / (len(text) + 1), 0.5), 0.4)


def scores(hand: Hand, key: str, name: str = "My hand") -> list[int]:
    """A best list, as it is written."""
    return [score.points for score in GameRoom(hand.screen.session).scores.best(key, name)]


def test_sums_are_played_to_the_end_with_the_mouse_and_kept_over_a_kill(opened: Opened) -> None:
    hand = opened(SMALL)
    hand.click("play")
    push(hand, "sums")
    screen = showing(hand)
    assert isinstance(screen, GameScreen) and screen.game.stage == CARD
    push(hand, "go")
    game = screen.game
    assert isinstance(game, SumsGame)
    for _ in range(4):
        write_number(hand, game.expected)
        wait(hand, 1)
    assert game.points == 3 + 2 and game.level == 2
    write_number(hand, "8" if game.expected != "8" else "3")
    wait(hand, 4)
    assert game.stage == VERDICT
    push(hand, "yes")
    assert game.points == 7
    wait(hand, 61)
    assert game.stage == OVER
    hand = opened(SMALL)  # nobody closed the first window
    assert scores(hand, "sums, 60 seconds") == [7]


def test_draw_it_is_played_to_the_end_with_a_finger(opened: Opened) -> None:
    hand = opened(TALL)
    opened_play(hand)
    screen = opened_game(hand, 2)
    game = screen.game
    assert isinstance(game, DrawItGame)
    for number in range(3):
        tap(hand, screen.buttons()["go"].center)
        assert (game.round, game.stage) == (number, DRAWING)
        for _ in range(3):
            write(hand, game.digit, turn=game.turn, finger=True)
            wait(hand, 1)
        wait(hand, 31)
    assert game.stage == OVER and game.points == 3 * (1 + 2 + 3)
    assert scores(hand, "draw it") == [18]


def test_fool_it_fills_the_gallery_which_is_kept_over_a_kill(opened: Opened) -> None:
    hand = opened()
    opened_play(hand)
    game = opened_game(hand, 3).game
    assert isinstance(game, FoolItGame)
    press(hand, "enter")
    for answer in "yny":
        wait(hand, 1)
        write(hand, "4" if game.digit != "4" else "7")
        push(hand, "go")
        assert game.stage == VERDICT
        push(hand, "yes" if answer == "y" else "no")
    assert game.stage == OVER
    hand = opened()
    opened_play(hand)
    push(hand, "gallery")
    gallery = showing(hand)
    assert isinstance(gallery, FoolGalleryScreen) and len(gallery.fools) == 2
    digit = gallery.fools[1].digit
    push(hand, "fool 1")
    push(hand, "teach")
    assert [each.label for each in hand.screen.session.learning.hand.drawings] == [digit]
    press(hand, "delete")
    assert len(gallery.fools) == 1
    press(hand, "delete")
    assert gallery.fools == [] and list(gallery.buttons()) == ["back"]
    press(hand, "esc", "esc")
    assert showing(hand) is hand.screen


@pytest.mark.parametrize("mode", [0, 1])
def test_guess_early_is_played_to_the_end(hand: Hand, mode: int) -> None:
    opened_play(hand)
    screen = opened_game(hand, 4)
    push(hand, f"mode {mode}")
    push(hand, "go")
    game = screen.game
    assert isinstance(game, GuessEarlyGame) and game.doubt == bool(mode)
    for _ in range(5):
        write(hand, game.digit)
        wait(hand, 2)
        if game.stage == VERDICT:
            press(hand, "y")
    assert game.stage == OVER and game.points > 0
    assert scores(hand, screen.match.key) == [game.points]


def test_all_screens_of_play_are_reached_by_keyboard_alone(hand: Hand) -> None:
    play = opened_play(hand)
    press(hand, "tab", "enter")
    screen = showing(hand)
    assert isinstance(screen, GameScreen) and screen.game.name == "sums"
    screen.focus = None
    for name in ("mode 0", "mode 1", "duel"):
        press(hand, "tab")
        assert screen.focus == name
    press(hand, "enter")
    assert screen.match.opponent == "Guest"
    press(hand, "tab", "enter")
    assert screen.game.stage == DRAWING and screen.match.player == "My hand"
    press(hand, "esc")
    assert showing(hand) is play
    names = list(play.buttons())
    play.focus = names[-1]
    for name in names:
        press(hand, "tab")
        assert play.focus == name
    press(hand, "esc", "esc")
    assert showing(hand) is None


def test_a_drawing_is_done_wiped_undone_and_claimed_by_keys(hand: Hand) -> None:
    opened_play(hand)
    screen = opened_game(hand, 2)
    press(hand, "enter")
    game = screen.game
    assert isinstance(game, DrawItGame)
    game.digit = "9"
    write(hand, "7")
    hand.key(pygame.K_z, CTRL)
    press(hand, "c")
    assert not game.sketch.strokes
    write(hand, "4")
    press(hand, "y")
    assert game.points == 1
    assert [each.label for each in hand.screen.session.learning.hand.drawings] == ["9"]
    assert screen.note and screen.note.text == "I know your 9 now"
    game.digit = "3"
    wait(hand, 1)
    write(hand, "7")
    press(hand, "enter")
    assert game.feedback and game.feedback.words == "I read 7"


def test_a_duel_goes_on_to_the_guest_and_ends_with_a_winner(hand: Hand) -> None:
    opened_play(hand)
    screen = opened_game(hand, 2)
    press(hand, "v")
    for player in ("My hand", "Guest"):
        assert screen.match.player == player
        for number in range(3):
            press(hand, "enter")
            assert isinstance(screen.game, DrawItGame)
            if (player, number) == ("My hand", 0):
                write(hand, screen.game.digit)
            wait(hand, 31)
        press(hand, *["enter"] * (player == "My hand"))
    assert screen.match.player == "Guest" and screen.match.results == [1, 0]
    assert screen.match.outcome() == "My hand wins 1 to 0"


def test_the_clock_stands_still_while_the_help_is_read(hand: Hand) -> None:
    opened_play(hand)
    screen = opened_game(hand, 1)
    press(hand, "enter")
    wait(hand, 5)
    left = screen.game.clock.left(hand.clock.time)
    press(hand, "h")
    assert isinstance(showing(hand), HelpScreen)
    wait(hand, 100)
    press(hand, "h")
    assert showing(hand) is screen
    assert screen.game.clock.left(hand.clock.time) == pytest.approx(left)


def test_a_screen_of_play_at_rest_repaints_nothing_and_is_never_due(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_play(hand)
    for number in range(len(GAMES) + 1):
        if number:
            opened_game(hand, number)
        updates: list[object] = []
        monkeypatch.setattr(pygame.display, "update", updates.append)
        for _ in range(3):
            hand.step()
        assert hand.window.screen and hand.window.screen.due() is None and updates == []
        if number:
            press(hand, "esc")


def test_with_animations_a_right_answer_moves_for_a_moment_and_without_it_stands(
    hand: Hand,
) -> None:
    opened_play(hand)
    for moves in (True, False):
        press(hand, "a")
        screen = opened_game(hand, 2)
        assert screen.feedback.moves == moves
        press(hand, "enter")
        assert isinstance(screen.game, DrawItGame)
        write(hand, screen.game.digit)
        due = screen.due()
        assert due is not None
        assert (due - hand.clock.time < 0.1) == moves
        shown = {part.name for part in screen.feedback.parts(screen.board.canvas)}
        assert shown == {"ghost", "badge"}, "a word and a sign say it, moving or not"
        wait(hand, 3)
        assert screen.feedback.due() is None
        press(hand, "esc")


def test_animations_and_sounds_are_remembered(opened: Opened) -> None:
    hand = opened()
    opened_play(hand)
    push(hand, "sounds")
    push(hand, "animations")
    hand = opened()
    play = opened_play(hand)
    assert play.moves and not hand.screen.session.settings.sounds
    press(hand, "a", "s")
    assert not play.moves and hand.screen.session.settings.sounds


@pytest.mark.parametrize(
    ("content", "expected"),
    [("gtk-enable-animations=false", True), ("gtk-enable-animations=1", False), ("", False)],
)
def test_reduced_motion_is_asked_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, expected: bool
) -> None:
    (tmp_path / "gtk-3.0").mkdir()
    (tmp_path / "gtk-3.0/settings.ini").write_text(f"[Settings]\n{content}\n", encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert motion.system_reduces_motion() == expected
    assert motion.eased(0) == 0 and motion.eased(1) == 1 and motion.eased(0.3) > 0.3


def test_without_a_device_for_sound_there_are_no_sounds_and_no_trouble(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "none of these")
    sounds = Sounds(on=True)
    sounds.open()
    sounds.play(RIGHT)
    sounds.close()
    opened_play(hand)
    opened_game(hand, 2)
    press(hand, "enter", "esc", "esc")
    assert showing(hand) is hand.screen


@pytest.mark.parametrize("name", NOTES)
def test_sounds_are_short_soft_and_begin_and_end_in_silence(name: str) -> None:
    samples = wave(name)
    assert 0.1 < len(samples) / 22_050 < 0.8
    assert abs(int(samples[0])) < 200 and abs(int(samples[-1])) < 700
    assert 3000 < np.abs(samples.astype(int)).max() < 9000


def test_a_second_finger_does_not_draw_and_a_lost_button_lifts_the_pen(hand: Hand) -> None:
    opened_play(hand)
    screen = opened_game(hand, 3)
    press(hand, "enter")
    x, y = screen.board.paper.center
    hand.finger(pygame.FINGERDOWN, (x, y), 1)
    hand.finger(pygame.FINGERDOWN, (x + 50, y), 2)
    hand.finger(pygame.FINGERMOTION, (x + 60, y), 2)
    hand.finger(pygame.FINGERMOTION, (x, y + 30), 1)
    hand.finger(pygame.FINGERUP, (x, y + 30), 1)
    (stroke,) = screen.game.sketch.strokes
    assert len(stroke.points) == 2
    hand.down((x, y))
    hand.move((x, y + 20), button=1)
    hand.move((x, y + 40))
    hand.move((x, y + 60))
    assert len(screen.game.sketch.strokes[1].points) == 2


def test_every_size_and_theme_shows_all_buttons_apart(opened: Opened) -> None:
    hand = opened()
    for size in (SMALL, WIDE, TALL):
        hand.resize(size)
        play = opened_play(hand)
        screens = [play.buttons()]
        for number in range(1, len(GAMES) + 1):
            screen = opened_game(hand, number)
            screens.append(screen.buttons())
            press(hand, "enter")
            board = screen.board
            screens.append(screen.buttons() | {"paper": board.paper, "task": board.task})
            assert min(board.paper.size) >= 180
            press(hand, "esc")
        press(hand, "t", "esc")
        whole = pygame.Rect((0, 0), size)
        for rects in screens:
            shown = list(rects.values())
            for number, rect in enumerate(shown):
                assert whole.contains(rect) and min(rect.size) >= 28
                assert rect.collidelist(shown[number + 1 :]) == -1


def test_a_game_survives_a_change_of_the_windows_size(hand: Hand) -> None:
    opened_play(hand)
    screen = opened_game(hand, 3)
    press(hand, "enter")
    write(hand, "4")
    strokes = screen.game.sketch.strokes
    hand.resize(SMALL)
    hand.resize((900, 1200))
    assert screen.game.sketch.strokes is strokes and screen.board.canvas.rect == screen.board.paper


def test_a_model_without_digits_says_so(tmp_path: Path) -> None:
    hand = open_sketch(tmp_path, Recognizer(sign_model(tmp_path)))
    press(hand, "p")
    assert showing(hand) is hand.screen and "need a model that reads digits" in hand.message
    hand.window.close()


def test_closing_the_window_or_dropping_a_file_ends_a_duel(hand: Hand, tmp_path: Path) -> None:
    opened_play(hand)
    screen = opened_game(hand, 2)
    press(hand, "v", "enter")
    for _ in range(3):
        wait(hand, 31)
        press(hand, "enter")
    press(hand, "enter")
    assert screen.match.room.player == "Guest"
    hand.drop(tmp_path / "nothing.png")
    assert showing(hand) is hand.screen
    assert hand.screen.session.learning.hand.name == "My hand"
    opened_play(hand)
    opened_game(hand, 1)
    hand.step(Event(pygame.QUIT))
    assert showing(hand) is None
