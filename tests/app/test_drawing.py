"""Drawing, erasing, undoing, and the reading that goes with it."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pygame
import pytest
from pygame.event import Event

from recognizer.app.demo import Demo
from recognizer.app.style import LIGHT, StyleCache
from recognizer.app.widgets.callouts import Callout, callout_of, paint_callout
from recognizer.app.widgets.panel import UNLIKE_TEXT, result_text
from recognizer.geometry import Box
from recognizer.labels import label_set
from recognizer.reading import Prediction, Recognizer, reading_of
from recognizer.session import percent, window_title
from tests.app.conftest import Opened
from tests.app.hand import CTRL, SHIFT, Hand
from tests.fakes import NearestDrawing


@pytest.mark.parametrize("digit", range(10))
def test_the_trained_network_reads_a_person_s_strokes(hand: Hand, digit: int) -> None:
    hand.screen.session.recognizer = Recognizer()
    hand.draw(digit)
    assert re.fullmatch(rf"{digit} \(\d\d %\) - Digit Sketchpad", hand.title)


def test_a_seven_with_a_bar_in_a_corner(hand: Hand) -> None:
    hand.screen.session.recognizer = Recognizer()
    hand.draw(7, 0.1, 0.88, 0.16)
    assert hand.title.startswith("7 (")


def test_every_move_is_read(hand: Hand) -> None:
    recognizer = hand.screen.session.recognizer
    assert isinstance(recognizer, NearestDrawing)
    hand.down(hand.at(0.5, 0.2))
    for step in range(1, 20):
        before = recognizer.readings
        hand.move(hand.at(0.5, 0.2 + step / 50), button=1)
        assert recognizer.readings == before + 1
    assert hand.screen.session.prediction.digit == 1
    assert hand.title.startswith("1 (")


def test_many_moves_at_once_are_read_once(hand: Hand) -> None:
    recognizer = hand.screen.session.recognizer
    assert isinstance(recognizer, NearestDrawing)
    hand.down(hand.at(0.5, 0.2))
    before = recognizer.readings
    moves = [
        Event(pygame.MOUSEMOTION, pos=hand.at(0.5, 0.2 + i / 100), buttons=(1, 0, 0))
        for i in range(50)
    ]
    hand.step(*moves)
    assert recognizer.readings == before + 1
    assert len(hand.screen.session.sketch.strokes[0].points) == 50


def test_the_empty_canvas_invites_and_answers_nothing(hand: Hand) -> None:
    names = {part.name for part in hand.screen.parts()}
    assert "invitation" in names and "answer" not in names
    assert hand.title == "Digit Sketchpad"


def test_a_probable_reading_says_so_and_shows_no_question_mark(hand: Hand) -> None:
    hand.screen.session.recognizer = NearestDrawing(threshold=1.0)
    hand.draw(4)
    assert hand.title == "4, probably - Digit Sketchpad"
    said = callout_of(hand.screen.session.prediction)
    assert (said.sign, said.words, said.sure) == ("4", "probably", False)
    result = result_text(hand.screen.session.reading, hand.screen.session.prediction)
    assert (result.signs, result.first) == ("4", "4, probably")
    assert re.fullmatch(r"4 \(\d\d %\)", result.second)


def test_an_unsure_reading_shows_a_question_mark_and_its_candidate(hand: Hand) -> None:
    hand.screen.session.recognizer = NearestDrawing(softness=60.0)
    hand.draw(4)
    assert hand.title == "? - Digit Sketchpad"
    said = callout_of(hand.screen.session.prediction)
    assert (said.sign, said.words, said.sure) == ("?", "4", False)


def test_candidates_that_are_guesses_are_not_shown(hand: Hand) -> None:
    hand.screen.session.recognizer = NearestDrawing(softness=1000.0)
    hand.draw(4)
    result = result_text(hand.screen.session.reading, hand.screen.session.prediction)
    assert (result.signs, result.first, result.second) == ("?", "Not sure", UNLIKE_TEXT)
    assert callout_of(hand.screen.session.prediction).words == ""


def digit(number: int | None, confidence: float, sure: bool, left: float = 0.0) -> Prediction:
    labels = label_set("digits")
    shares = np.full(10, 0.001, dtype=np.float32)
    blank = np.zeros((28, 28), dtype=np.uint8)
    label, box = None if number is None else str(number), Box(left, 0.0, 10.0, 10.0)
    return Prediction(label, confidence, labels, shares, sure, blank, box=box)


def test_titles_carry_the_reading() -> None:
    assert window_title(reading_of([digit(7, 0.99, True)])) == "7 (99 %) - Digit Sketchpad"
    assert window_title(reading_of([digit(7, 0.40, False)])) == "? - Digit Sketchpad"
    assert window_title(reading_of([digit(None, 0.0, False)])) == "Digit Sketchpad"
    number = [digit(2, 0.99, True), digit(0, 0.99, True, 20), digit(4, 0.4, False, 40)]
    assert window_title(reading_of(number)) == "20? - Digit Sketchpad"
    probable = replace(number[2], confidence=0.7)
    assert window_title(reading_of([probable])) == "4, probably - Digit Sketchpad"
    assert window_title(reading_of([*number[:2], probable])) == "204, probably - Digit Sketchpad"
    below = replace(number[0], box=Box(0.0, 30.0, 10.0, 10.0))
    assert window_title(reading_of([*number, below])) == "20? 2 - Digit Sketchpad"
    assert percent(0.9999) == "99 %" and percent(0.0) == "0 %"


def test_undo_and_redo_by_keys_and_buttons(hand: Hand) -> None:
    hand.line()
    hand.draw(4)
    assert hand.strokes == 3
    hand.key(pygame.K_z, CTRL)
    assert hand.strokes == 2
    hand.key(pygame.K_y, CTRL)
    assert hand.strokes == 3
    hand.click("undo")
    hand.click("undo")
    assert hand.strokes == 1
    hand.key(pygame.K_z, CTRL | SHIFT)
    hand.click("redo")
    assert hand.strokes == 3


@pytest.mark.parametrize("key", [pygame.K_c, pygame.K_DELETE])
def test_clear_can_be_undone(hand: Hand, key: int) -> None:
    hand.line()
    hand.key(key)
    assert hand.strokes == 0 and hand.title == "Digit Sketchpad"
    hand.key(pygame.K_z, CTRL)
    assert hand.strokes == 1 and hand.title.startswith("1 (")


def test_the_right_button_erases_and_one_sweep_is_one_step(hand: Hand) -> None:
    hand.line()
    hand.drag([hand.at(0.4, 0.45), hand.at(0.6, 0.45)], button=3)
    assert hand.strokes == 2
    hand.key(pygame.K_z, CTRL)
    assert hand.strokes == 1


def test_e_turns_the_eraser_on_and_off(hand: Hand) -> None:
    hand.line()
    hand.key(pygame.K_e)
    hand.drag([hand.at(0.4, 0.45), hand.at(0.6, 0.45)])
    assert hand.strokes == 2
    hand.click("eraser")
    hand.line()
    assert hand.strokes == 3


def test_the_pen_s_width_by_wheel_keys_and_buttons(hand: Hand) -> None:
    widths = [hand.screen.session.pen_width]
    hand.wheel(1)
    widths.append(hand.screen.session.pen_width)
    hand.key(pygame.K_RIGHTBRACKET, text="]")
    widths.append(hand.screen.session.pen_width)
    hand.click("thicker")
    widths.append(hand.screen.session.pen_width)
    assert widths == sorted(set(widths))
    hand.line()
    assert hand.screen.session.sketch.strokes[0].width == widths[-1]
    for _ in range(40):
        hand.key(pygame.K_LEFTBRACKET, text="[")
    assert hand.screen.session.pen_width == 2
    for _ in range(40):
        hand.wheel(1)
    assert hand.screen.session.pen_width == 40


def test_points_outside_the_canvas_stay_on_its_edge(hand: Hand) -> None:
    hand.drag([hand.at(0.5, 0.5), (5000, 300), (-50, -50)])
    view, rect = hand.screen.view.canvas.view, hand.canvas
    for point in hand.screen.session.sketch.strokes[0].points.tolist():
        x, y = view.outwards(point)
        assert rect.left - 1 <= x <= rect.right + 1 and rect.top - 1 <= y <= rect.bottom + 1


def test_a_button_let_go_outside_of_the_window_ends_the_stroke(hand: Hand) -> None:
    hand.down(hand.at(0.3, 0.3))
    hand.move(hand.at(0.4, 0.4), button=1)
    hand.move(hand.at(0.8, 0.8), button=0)
    assert len(hand.screen.session.sketch.strokes[0].points) == 2


def test_a_finger_draws_and_a_second_one_does_not(hand: Hand) -> None:
    hand.finger(pygame.FINGERDOWN, hand.at(0.5, 0.2))
    hand.finger(pygame.FINGERDOWN, hand.at(0.9, 0.9), number=1)
    for step in range(1, 10):
        hand.finger(pygame.FINGERMOTION, hand.at(0.5, 0.2 + step / 20))
    hand.finger(pygame.FINGERUP, hand.at(0.9, 0.9), number=1)
    hand.finger(pygame.FINGERUP, hand.at(0.5, 0.7))
    assert hand.strokes == 1 and hand.title.startswith("1 (")
    assert "cursor" not in {part.name for part in hand.screen.parts()}


def test_mouse_events_that_sdl_makes_of_a_finger_are_ignored(hand: Hand) -> None:
    place = hand.at(0.5, 0.5)
    hand.step(Event(pygame.MOUSEBUTTONDOWN, pos=place, button=1, touch=True))
    assert hand.strokes == 0


def test_fingers_press_buttons(hand: Hand) -> None:
    hand.line()
    place = hand.window.layout.buttons["undo"].center
    hand.finger(pygame.FINGERDOWN, place)
    hand.finger(pygame.FINGERUP, place)
    assert hand.strokes == 0


def test_the_ink_on_the_screen_is_the_sketch_drawn_at_once(hand: Hand) -> None:
    """Redrawing only what changed leaves the same picture as drawing everything anew."""
    hand.draw(8)
    hand.draw(5, 0.3, 0.4, 0.3)
    hand.drag([hand.at(0.2, 0.5), hand.at(0.5, 0.5)], button=3)
    hand.key(pygame.K_z, CTRL)
    hand.key(pygame.K_z, CTRL)
    shown = pygame.surfarray.array2d(hand.screen.view.canvas.surface)
    hand.screen.resized()
    anew = pygame.surfarray.array2d(hand.screen.view.canvas.surface)
    assert np.abs(shown.astype(int) - anew).max() <= 1


def test_the_answer_never_hides_ink(opened: Opened) -> None:
    for size in ((640, 480), (700, 1000)):
        hand = opened(size)
        hand.key(pygame.K_c)
        for digit, x, y, share in ((7, 0.1, 0.9, 0.15), (3, 0.5, 0.5, 0.9), (1, 0.95, 0.1, 0.1)):
            hand.draw(digit, x, y, share)
            for part in hand.screen.parts():
                if part.name == "answer":
                    assert hand.screen.view.canvas.is_blank(part.rect)


def test_a_canvas_full_of_ink_has_its_answer_in_the_panel_only(hand: Hand) -> None:
    hand.screen.session.set_pen_width(40)
    hand.drag([hand.at(x, y / 20) for y in range(21) for x in ((0, 1) if y % 2 else (1, 0))])
    names = {part.name for part in hand.screen.parts()}
    assert "answer" not in names and "result" in names


def test_keys_while_the_pen_is_down_do_no_harm(hand: Hand) -> None:
    hand.down(hand.at(0.5, 0.3))
    hand.key(pygame.K_z, CTRL)
    hand.key(pygame.K_c)
    hand.move(hand.at(0.5, 0.6), button=1)
    hand.up(hand.at(0.5, 0.6))
    assert hand.strokes == 1


def test_the_demo_writes_ten_digits_and_leaves_the_window(hand: Hand) -> None:
    hand.line()
    hand.screen.session.recognizer = Recognizer()
    demo = Demo(hand.screen, hand.clock())
    read = []
    while demo.due is not None:
        hand.clock.time = demo.due
        events = demo.play([], hand.clock())
        if any(event.type == pygame.KEYDOWN for event in events):
            read.append(hand.screen.session.prediction.digit)
        hand.step(*events)
    assert read == [3, 7, 4, 1, 9, 2, 5, 0, 6]
    assert hand.strokes == 1, "the sketch from before is back"


def test_a_click_ends_the_demo(hand: Hand) -> None:
    demo = Demo(hand.screen, hand.clock())
    hand.clock.time += 1
    hand.step(*demo.play([], hand.clock()))
    assert hand.strokes == 1
    click = Event(pygame.MOUSEBUTTONDOWN, pos=hand.at(0.5, 0.5), button=1, touch=False)
    hand.step(*demo.play([click], hand.clock()))
    assert demo.due is None and hand.strokes == 1
    assert len(hand.screen.session.sketch.strokes[0].points) == 1


@pytest.mark.parametrize("sign", ["7", "W", "%", "?"])
@pytest.mark.parametrize("words", ["probably", "99 %", "W or M or w", ""])
def test_an_answer_keeps_to_its_room(sign: str, words: str) -> None:
    """What is beyond it would stay on the canvas when the answer goes."""
    pygame.font.init()
    for room in (pygame.Rect(60, 50, 92, 100), pygame.Rect(60, 50, 39, 42)):
        surface = pygame.Surface((260, 220))
        paint_callout(surface, room, Callout(sign, words, True), StyleCache(LIGHT))
        inked = pygame.mask.from_threshold(surface, (0, 0, 0), (1, 1, 1, 255))
        inked.invert()
        room_mask = pygame.Mask(surface.get_size())
        room_mask.draw(pygame.Mask(room.size, fill=True), room.topleft)
        assert inked.overlap_area(room_mask, (0, 0)) == inked.count() > 50
