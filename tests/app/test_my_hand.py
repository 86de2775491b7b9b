"""Correcting an answer, and the screens of what was learned: by mouse, finger and keyboard."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest
from pygame import Rect

from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.screens.chooser import Chooser
from recognizer.app.screens.file_dialog import FileDialog
from recognizer.app.screens.hand_list import HandListScreen, NameScreen
from recognizer.app.screens.my_hand import MyHandScreen
from recognizer.app.screens.sample_sheet import SampleSheet
from recognizer.app.screens.sketch import SketchScreen
from recognizer.inkml import demo_drawings
from tests.app.conftest import Opened
from tests.app.hand import SHIFT, Hand, placed

KEYS = {
    "tab": pygame.K_TAB,
    "enter": pygame.K_RETURN,
    "delete": pygame.K_DELETE,
    "esc": pygame.K_ESCAPE,
    "down": pygame.K_DOWN,
    "right": pygame.K_RIGHT,
}


def press(hand: Hand, *names: str) -> None:
    for name in names:
        hand.key(KEYS.get(name) or ord(name.lower()), 0, name if len(name) == 1 else "")


def text(hand: Hand) -> str:
    return hand.screen.session.reading.text


def labels(hand: Hand) -> list[str]:
    return [each.label for each in hand.screen.session.learning.hand.drawings]


def answer(hand: Hand, number: int = 0) -> tuple[int, int]:
    """The middle of an answer on the canvas."""
    return hand.screen.view._answers[number].center


def showing(hand: Hand) -> object:
    """The screen that is shown now."""
    return hand.window.screen


def screen(hand: Hand) -> ButtonScreen:
    found = showing(hand)
    assert isinstance(found, ButtonScreen)
    return found


def click(hand: Hand, place: tuple[int, int]) -> None:
    hand.move(place)
    hand.down(place)
    hand.up(place)


def push(hand: Hand, name: str) -> None:
    """A click on a button of a screen."""
    click(hand, screen(hand).buttons()[name].center)


def tap(hand: Hand, place: tuple[int, int]) -> None:
    hand.finger(pygame.FINGERDOWN, place)
    hand.finger(pygame.FINGERUP, place)


def test_an_answer_is_corrected_with_the_mouse(hand: Hand) -> None:
    hand.draw(4)
    strokes = hand.strokes
    click(hand, answer(hand))
    assert isinstance(showing(hand), Chooser)
    push(hand, "9")
    assert showing(hand) is hand.screen and hand.strokes == strokes
    assert (text(hand), labels(hand), hand.message) == ("9", ["9"], "I know your 9 now")
    assert hand.title.startswith("9 ")


def test_an_answer_is_corrected_with_a_finger(hand: Hand) -> None:
    hand.draw(4, 0.25, 0.5, 0.3)
    hand.draw(7, 0.75, 0.5, 0.3)
    tap(hand, answer(hand, 0))
    tap(hand, screen(hand).buttons()["9"].center)
    assert text(hand) == "97" and showing(hand) is hand.screen


def test_an_answer_is_corrected_with_the_keyboard(hand: Hand) -> None:
    hand.draw(4, 0.25, 0.5, 0.3)
    hand.draw(7, 0.75, 0.5, 0.3)
    press(hand, "tab", "1")
    assert text(hand) == "41"
    press(hand, "tab", "tab", "9")
    assert text(hand) == "91"
    press(hand, "tab", "right", "right", "enter")
    assert labels(hand) == ["1", "9", "1"]


def test_the_answer_in_the_panel_can_be_tapped_as_well(hand: Hand) -> None:
    hand.draw(4)
    click(hand, hand.window.layout.result.center)
    press(hand, "9")
    assert text(hand) == "9"


def test_esc_closes_the_chooser_and_only_then_the_window(hand: Hand) -> None:
    hand.draw(4)
    press(hand, "tab", "esc")
    assert showing(hand) is hand.screen and labels(hand) == []
    press(hand, "esc")
    assert showing(hand) is None


def test_tab_goes_through_all_answers_and_delete_takes_one_away(hand: Hand) -> None:
    for number, digit in enumerate((4, 7, 1)):
        hand.draw(digit, 0.2 + 0.3 * number, 0.5, 0.25)
    press(hand, "tab")
    chooser = showing(hand)
    assert isinstance(chooser, Chooser)
    seen = [chooser.number]
    for _ in range(3):
        press(hand, "tab")
        seen.append(chooser.number)
    assert seen == [2, 0, 1, 2]
    hand.key(pygame.K_TAB, SHIFT)
    press(hand, "delete")
    assert text(hand) == "41"
    hand.key(pygame.K_z, pygame.KMOD_CTRL)
    assert text(hand) == "471"


def test_delete_clears_while_nothing_is_selected(hand: Hand) -> None:
    hand.draw(4)
    press(hand, "delete")
    assert hand.strokes == 0


def test_tab_on_an_empty_canvas_does_nothing(hand: Hand) -> None:
    press(hand, "tab")
    assert showing(hand) is hand.screen


def test_another_answer_is_taken_by_a_click_and_a_stroke_goes_on_at_once(hand: Hand) -> None:
    hand.draw(4, 0.2, 0.5, 0.25)
    hand.draw(7, 0.75, 0.5, 0.25)
    click(hand, answer(hand, 1))
    chooser = showing(hand)
    assert isinstance(chooser, Chooser) and chooser.number == 1
    click(hand, answer(hand, 0))
    assert showing(hand) is chooser and chooser.number == 0
    before = hand.strokes
    hand.drag([hand.at(0.45, y) for y in (0.05, 0.1, 0.15)])
    assert showing(hand) is hand.screen and hand.strokes == before + 1


def test_a_stroke_may_begin_on_an_answer(hand: Hand) -> None:
    hand.draw(4, 0.3, 0.5, 0.3)
    x, y = answer(hand)
    before = hand.strokes
    hand.drag([(x, y), (x, y + 20), (x, y + 40), (x + 5, y + 60)])
    assert hand.strokes == before + 1
    first, *_ = hand.screen.session.sketch.strokes[-1].points
    assert hand.screen.view.canvas.view.outwards((first[0], first[1])) == pytest.approx((x, y), 1)


def test_a_tap_on_the_ink_is_a_dot(hand: Hand) -> None:
    hand.draw(4)
    before = hand.strokes
    click(hand, hand.at(0.5, 0.55))
    assert hand.strokes == before + 1 and showing(hand) is hand.screen


def test_a_picture_of_several_characters_says_what_can_be_learned(
    hand: Hand, tmp_path: Path
) -> None:
    hand.draw(4, 0.2, 0.5, 0.3)
    hand.draw(7, 0.7, 0.5, 0.3)
    hand.key(pygame.K_s, pygame.KMOD_CTRL)
    (saved,) = (tmp_path / "sketches").glob("*.png")
    saved = saved.rename(tmp_path / "photo.png")
    hand.drop(saved)
    assert text(hand) == "47"
    press(hand, "tab")
    assert showing(hand) is hand.screen
    hand.screen.correct(0)
    assert "pictures of one character" in hand.message


def opened_hand(hand: Hand) -> MyHandScreen:
    press(hand, "m")
    found = showing(hand)
    assert isinstance(found, MyHandScreen)
    return found


def teach(hand: Hand, digits: str) -> None:
    learning = hand.screen.session.learning
    learning.learn_strokes([(d, demo_drawings()[int(d)]) for d in digits], (500.0, 500.0))


def test_what_was_learned_is_seen_and_deleted_by_keyboard(hand: Hand) -> None:
    teach(hand, "3141")
    mine = opened_hand(hand)
    assert [each.label for each in mine.drawings] == ["1", "1", "3", "4"]
    mine.focus = "switch"
    press(hand, "down", "right", "right", "delete")
    assert labels(hand) == ["1", "4", "1"] and mine.focus == "drawing 2"
    press(hand, "delete", "delete", "delete")
    assert labels(hand) == []
    press(hand, "esc")
    assert showing(hand) is hand.screen


def test_what_was_learned_is_deleted_by_mouse(hand: Hand) -> None:
    teach(hand, "35")
    mine = opened_hand(hand)
    push(hand, "drawing 1")
    push(hand, "delete")
    assert labels(hand) == ["3"] and mine.note and mine.note.text == "This 5 is forgotten"
    push(hand, "forget")
    assert labels(hand) == ["3"], "it asks first"
    push(hand, "switch")
    push(hand, "forget")
    assert labels(hand) == ["3"], "another button in between is a no"
    push(hand, "forget")
    push(hand, "forget")
    assert labels(hand) == []
    push(hand, "back")
    assert showing(hand) is hand.screen


def test_it_is_switched_off_for_the_next_start_as_well(opened: Opened) -> None:
    hand = opened()
    hand.draw(4)
    press(hand, "tab", "9")
    opened_hand(hand)
    push(hand, "switch")
    push(hand, "back")
    assert text(hand) == "4"
    hand = opened()
    assert not hand.screen.session.learning.on and labels(hand) == ["9"]


def written_sample(hand: Hand, digits: str) -> SampleSheet:
    """Fields of a sample that were written in with the mouse."""
    push(hand, "sample")
    sheet = showing(hand)
    assert isinstance(sheet, SampleSheet)
    for digit in digits:
        for points in placed(int(digit), sheet.rects()[int(digit)], 0.5, 0.55, 0.6):
            hand.drag(points)
    return sheet


def test_a_sample_is_written_and_learned(hand: Hand) -> None:
    opened_hand(hand)
    sheet = written_sample(hand, "0123456789")
    assert [each.read for each in sheet.fields] == [*"0123456789"]
    push(hand, "learn")
    mine = showing(hand)
    assert isinstance(mine, MyHandScreen) and mine.note
    assert labels(hand) == [*"0123456789"]
    assert "I know your 0, 1, 2" in mine.note.text


def test_a_sample_needs_not_be_whole_and_a_stroke_comes_back(hand: Hand) -> None:
    opened_hand(hand)
    sheet = written_sample(hand, "47")
    push(hand, "undo")
    hand.key(pygame.K_z, pygame.KMOD_CTRL)
    left = sum(len(each.strokes) for each in sheet.fields)
    assert left == len(demo_drawings()[4]) + len(demo_drawings()[7]) - 2
    press(hand, "esc")
    push(hand, "sample")
    assert showing(hand) is sheet and any(each.strokes for each in sheet.fields)
    push(hand, "clear")
    push(hand, "learn")
    assert labels(hand) == [] and showing(hand) is sheet


def test_a_stroke_stays_in_its_field(hand: Hand) -> None:
    opened_hand(hand)
    push(hand, "sample")
    sheet = screen(hand)
    assert isinstance(sheet, SampleSheet)
    first, second = sheet.rects()[:2]
    hand.drag([first.center, second.center, (5, 5)])
    assert [len(each.strokes) for each in sheet.fields[:2]] == [1, 0]
    assert sheet.fields[0].strokes[0].points.min() >= 0
    assert sheet.fields[0].strokes[0].points.max() <= 1


def test_people_are_named_and_chosen_by_keyboard(opened: Opened) -> None:
    hand = opened()
    teach(hand, "3")
    opened_hand(hand)
    push(hand, "hands")
    people = showing(hand)
    assert isinstance(people, HandListScreen)
    push(hand, "new")
    assert isinstance(showing(hand), NameScreen)
    press(hand, "A", "n", "n", "a", "enter")
    assert showing(hand) is people and list(people.hands) == ["Anna", "My hand"]
    press(hand, "esc", "esc")
    hand = opened()
    assert hand.screen.session.learning.hand.name == "Anna" and labels(hand) == []
    opened_hand(hand)
    push(hand, "hands")
    push(hand, "hand My hand")
    assert isinstance(showing(hand), MyHandScreen) and labels(hand) == ["3"]
    push(hand, "hands")
    push(hand, "rename")
    press(hand, "B", "e", "n", "enter")
    push(hand, "remove")
    assert set(screen(hand).hands) == {"Anna", "Ben"}  # type: ignore[attr-defined]
    push(hand, "remove")
    assert set(screen(hand).hands) == {"Anna"}  # type: ignore[attr-defined]


def test_a_new_hand_needs_no_keyboard(hand: Hand) -> None:
    opened_hand(hand)
    push(hand, "hands")
    push(hand, "new")
    push(hand, "Keep")
    assert hand.screen.session.learning.hand.name == "Hand 2"
    push(hand, "new")
    push(hand, "Cancel")
    assert hand.screen.session.learning.hand.name == "Hand 2"


def test_a_name_that_is_typed_and_taken_back(hand: Hand) -> None:
    opened_hand(hand)
    push(hand, "hands")
    push(hand, "new")
    hand.key(pygame.K_BACKSPACE)
    press(hand, "enter")
    assert isinstance(showing(hand), NameScreen), "there is no name yet"
    press(hand, "B", "o", "b")
    hand.key(pygame.K_BACKSPACE)
    press(hand, "enter")
    assert hand.screen.session.learning.hand.name == "Bo"


def test_a_hand_is_exported_and_imported(hand: Hand) -> None:
    teach(hand, "35")
    mine = opened_hand(hand)
    push(hand, "export")
    assert mine.note and mine.note.text.startswith("2 drawings exported")
    push(hand, "forget")
    push(hand, "forget")
    push(hand, "import")
    dialog = showing(hand)
    assert isinstance(dialog, FileDialog)
    assert [entry.name for entry in dialog.entries if not entry.is_folder] == ["hand-My hand.hand"]
    press(hand, "enter")
    assert showing(hand) is mine and labels(hand) == ["3", "5"]
    push(hand, "hands")
    push(hand, "export all")
    people = showing(hand)
    assert isinstance(people, HandListScreen) and people.note
    assert people.note.text.startswith("2 drawings exported")


def test_many_drawings_are_scrolled(opened: Opened) -> None:
    hand = opened((640, 480))
    teach(hand, "0123456789" * 8)
    mine = opened_hand(hand)
    first = next(name for name in mine.buttons() if name.startswith("drawing"))
    assert first == "drawing 0"
    hand.wheel(-3)
    assert "drawing 0" not in mine.buttons()
    mine.focus = next(name for name in mine.buttons() if name.startswith("drawing"))
    press(hand, *["down"] * 12)
    assert mine.focus in mine.buttons() and "drawing 79" in mine.buttons()


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (640, 1000), (3440, 1440)])
def test_on_every_screen_all_buttons_have_room(opened: Opened, size: tuple[int, int]) -> None:
    hand = opened(size)
    teach(hand, "0123456789" * 3)
    hand.draw(4, 0.1, 0.1, 0.15)
    hand.draw(7, 0.9, 0.9, 0.15)
    press(hand, "tab")
    seen = [check_room(hand)]
    press(hand, "tab")
    seen.append(check_room(hand))
    press(hand, "esc")
    opened_hand(hand)
    seen.append(check_room(hand))
    for name in ("sample", "back", "hands", "new"):
        push(hand, name)
        seen.append(check_room(hand))
    kinds = [Chooser, Chooser, MyHandScreen, SampleSheet, MyHandScreen, HandListScreen, NameScreen]
    assert seen == kinds


def check_room(hand: Hand) -> type[object]:
    """Every button of a screen lies in the window, over no other, and is large enough to tap."""
    rects = list(screen(hand).buttons().values())
    whole = Rect((0, 0), hand.window.surface.get_size())
    for number, rect in enumerate(rects):
        assert whole.contains(rect) and min(rect.size) >= 26
        assert rect.collidelist(rects[number + 1 :]) == -1
    return type(screen(hand))


def test_every_screen_is_left_when_the_window_closes(hand: Hand) -> None:
    opened_hand(hand)
    push(hand, "hands")
    push(hand, "new")
    hand.step(pygame.event.Event(pygame.QUIT))
    assert showing(hand) is None


def test_a_file_that_is_dropped_opens_on_the_sketch(hand: Hand, tmp_path: Path) -> None:
    opened_hand(hand)
    push(hand, "hands")
    hand.drop(tmp_path / "none.png")
    assert isinstance(showing(hand), SketchScreen)
    assert "none.png" in hand.message
