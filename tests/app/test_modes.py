"""Presenting, modes, answers to sums, the menu, and how Esc leads out of all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pygame
import pytest
from PIL import Image
from pygame.event import Event

from recognizer.app import window as window_module
from recognizer.app.demo import Demo
from recognizer.app.layout import arrange
from recognizer.app.screens.file_dialog import FileDialog
from recognizer.app.screens.menu import MenuScreen
from recognizer.app.screens.sketch import SketchScreen
from recognizer.app.style import LIGHT, StyleCache
from recognizer.app.widgets.panel import BEGUN_TEXT, ResultText, paint_presented
from recognizer.app.window import INVITE_SECONDS, Window, fitting
from recognizer.inkml import read_inkml
from recognizer.session.opening import in_thread
from recognizer.session.slots import UNSAVED_FILE
from recognizer.session.storage import Storage
from recognizer.strokes import Stroke, bounds, transformed
from tests.app.conftest import Opened
from tests.app.hand import CTRL, Clock, Hand
from tests.fakes import NearestDrawing, NearestSign, written_sum


def names(hand: Hand) -> set[str]:
    return {part.name.split(" ")[0] for part in hand.window.screen.parts()}  # type: ignore[union-attr]


def result(hand: Hand) -> ResultText:
    (said,) = (part.key for part in hand.screen.parts() if part.name == "result")
    assert isinstance(said, ResultText)
    return said


def sums(hand: Hand) -> list[tuple[str, str]]:
    """The mark and the value of what is said to sums."""
    keys = [part.key for part in hand.screen.parts() if part.name.startswith("sum ")]
    return [(key[0], key[1]) for key in keys if isinstance(key, tuple)]


def calculates(hand: Hand, *lines: str) -> Hand:
    """The hand at a window that reads sums, after it wrote some."""
    hand.screen.session.recognizer = NearestSign()
    strokes: list[Stroke] = []
    for number, line in enumerate(lines):
        drawn = transformed(written_sum(line), 0.5)
        strokes += transformed(drawn, 1.0, to=(0.0, 40 + 130.0 * number))
    hand.screen.session.sketch.replace(strokes)
    hand.step()
    return hand


def test_f5_presents_and_esc_leads_back(hand: Hand) -> None:
    hand.draw(7)
    hand.key(pygame.K_F5)
    assert hand.window.layout.presenting
    assert names(hand) <= {"background", "paper", "frame", "result", "bar", "cursor", "button"}
    assert list(hand.window.layout.buttons) == ["menu"]
    hand.draw(4, 0.8, 0.5, 0.3)
    assert hand.title == "74 - Digit Sketchpad", "one can draw on"
    hand.key(pygame.K_ESCAPE)
    assert not hand.window.layout.presenting and hand.window.screen is hand.screen
    hand.key(pygame.K_F5)
    hand.click("present")
    assert not hand.window.layout.presenting, "fingers find the way back in the menu"


def _rects(mask: pygame.Mask) -> list[pygame.Rect]:
    found: Any = mask.get_bounding_rects()
    return [pygame.Rect(rect) for rect in found]


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (1920, 1080), (700, 1000)])
def test_a_presented_answer_takes_a_third_of_the_height(size: tuple[int, int]) -> None:
    pygame.font.init()
    layout = arrange(size, presenting=True)
    surface = pygame.Surface(size)
    paint_presented(surface, ResultText("7", "", "", True), layout, StyleCache(LIGHT))
    inked = pygame.mask.from_threshold(surface, LIGHT.sure, (8, 8, 8, 255))
    rect = max(_rects(inked), key=lambda rect: rect.height)
    assert rect.height >= size[1] / 3 and layout.result.contains(rect)
    rects = [layout.result, layout.canvas, layout.bars, layout.buttons["menu"]]
    for number, each in enumerate(rects):
        assert pygame.Rect((0, 0), size).contains(each)
        assert each.collidelist(rects[number + 1 :]) == -1
    assert layout.canvas.height >= 0.3 * size[1]


def test_the_mode_goes_round_and_is_remembered(opened: Opened) -> None:
    hand = opened()
    hand.screen.session.recognizer = NearestSign("digits")
    assert hand.screen.session.modes == ["digits", "sums"], "there are no letters that it knows"
    hand.key(pygame.K_s)
    assert hand.screen.session.mode == "sums"
    state = [part.key for part in hand.screen.parts() if part.name == "button mode"]
    assert "Sums" in state[0]  # type: ignore[operator]
    hand.click("mode")
    assert hand.screen.session.mode == "digits"
    hand.click("mode")
    hand.key(pygame.K_ESCAPE)
    again = opened().screen.session
    assert again.settings.mode == "sums"
    again.restore_mode()
    assert again.mode == "digits", "this model knows no signs"
    again.recognizer = NearestSign("digits")
    again.restore_mode()
    assert again.mode == "sums" and again.learning._recognizer is again.recognizer


def test_a_mode_keeps_the_hand_that_writes(hand: Hand) -> None:
    session = hand.screen.session
    session.recognizer = NearestSign("digits")
    session.learning.use(session.recognizer)
    hand.draw(4)
    session.correct(0, "9")
    session.set_mode("sums")
    hand.step()
    assert session.recognizer.hand is session.learning.hand
    assert [each.label for each in session.recognizer.hand.drawings] == ["9"]


def test_a_sum_gets_its_answer_beside_the_sign(hand: Hand) -> None:
    calculates(hand, "12+30=")
    assert sums(hand) == [("", "42")]
    (place,) = (part.rect for part in hand.screen.parts() if part.name == "sum 0")
    boxes = [part.rect for part in hand.screen.parts() if part.name.startswith("box ")]
    assert hand.screen.view.canvas.is_blank(place) and place.collidelist(boxes) == -1
    assert place.left > max(box.right for box in boxes)
    assert hand.title == "12+30 is 42 - Digit Sketchpad"


def test_right_and_wrong_lines_are_marked(hand: Hand) -> None:
    calculates(hand, "2+3=5", "2×3=7")
    assert sums(hand) == [("done", ""), ("cross", "6")]
    calculates(hand, "12+3")
    assert sums(hand) == []


def test_digits_have_no_sums(hand: Hand) -> None:
    hand.draw(4)
    hand.draw(7, 0.8, 0.5, 0.3)
    assert sums(hand) == []


def test_the_menu_holds_what_has_no_button(hand: Hand) -> None:
    hand.key(pygame.K_F10)
    menu = hand.window.screen
    assert isinstance(menu, MenuScreen)
    assert {"paste", "copy", "present", "theme", "full", "report", "strokes"} <= set(menu.buttons())
    assert not {"undo", "menu", "draw"} & set(menu.buttons())
    hand.press(menu.buttons()["strokes"])
    assert hand.screen.session.whole_strokes and hand.window.screen is hand.screen
    hand.key(pygame.K_F10)
    hand.key(pygame.K_ESCAPE)
    assert hand.window.screen is hand.screen
    hand.click("menu")
    hand.finger(pygame.FINGERDOWN, hand.at(0.1, 0.9))
    assert hand.window.screen is hand.screen and hand.strokes == 0


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (640, 900)])
@pytest.mark.parametrize("presenting", [False, True])
def test_all_rows_of_the_menu_have_room(
    opened: Opened, size: tuple[int, int], presenting: bool
) -> None:
    hand = opened(size)
    if presenting:
        hand.key(pygame.K_F5)
    hand.click("menu")
    menu = hand.window.screen
    assert isinstance(menu, MenuScreen)
    rects = list(menu.buttons().values())
    whole = pygame.Rect((0, 0), size)
    for number, rect in enumerate(rects):
        assert whole.contains(rect) and rect.height >= 24
        assert rect.collidelist(rects[number + 1 :]) == -1


@pytest.mark.parametrize("key", [pygame.K_q, pygame.K_w])
def test_ctrl_q_and_ctrl_w_quit_from_every_screen(opened: Opened, key: int) -> None:
    for way in (pygame.K_F1, pygame.K_F10, pygame.K_m, None):
        hand = opened()
        if way:
            hand.key(way)
        hand.key(key, CTRL)
        assert hand.window.screen is None


def test_esc_closes_the_innermost_and_only_then_quits(hand: Hand) -> None:
    hand.draw(4)
    hand.key(pygame.K_F11)
    hand.key(pygame.K_F5)
    hand.key(pygame.K_TAB)
    assert hand.window.screen is not hand.screen
    hand.key(pygame.K_ESCAPE)
    assert hand.window.screen is hand.screen and hand.window.layout.presenting
    hand.key(pygame.K_ESCAPE)
    assert not hand.window.layout.presenting and hand.window.screen is hand.screen
    hand.key(pygame.K_ESCAPE)
    assert hand.window.screen is hand.screen, "full screen was left"
    hand.key(pygame.K_ESCAPE)
    assert hand.window.screen is None


def test_ctrl_c_copies_the_reading(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []
    monkeypatch.setattr(window_module, "put_text", copied.append)
    hand.key(pygame.K_c, CTRL)
    assert not copied and "nothing to copy" in hand.message
    hand.draw(4)
    hand.key(pygame.K_c, CTRL)
    assert copied == ["4"] and "4" in hand.message and hand.strokes == 2


def test_a_dash_and_a_beginning_say_keep_drawing(hand: Hand) -> None:
    hand.screen.session.recognizer = NearestDrawing(softness=1000.0)
    hand.drag([hand.at(0.3, 0.5), hand.at(0.5, 0.5)])
    assert result(hand).first == BEGUN_TEXT and "answer" not in names(hand)
    hand.draw(4)
    assert result(hand).first != BEGUN_TEXT


def test_opening_does_not_hold_up_the_window_and_esc_cancels_it(tmp_path: Path, hand: Hand) -> None:
    works: list[Callable[[], None]] = []
    hand.screen.session.in_background = works.append
    picture = Image.new("L", (200, 200), 255)
    picture.paste(0, (95, 30, 108, 170))
    picture.save(tmp_path / "one.png")
    hand.drop(tmp_path / "one.png")
    assert "Reading" in hand.message and result(hand).first == "Reading…"
    hand.line()
    assert hand.strokes == 1, "one can draw meanwhile"
    hand.key(pygame.K_ESCAPE)
    assert hand.window.screen is hand.screen and hand.message == ""
    works.pop()()
    hand.step()
    assert hand.screen.session.picture is None and hand.strokes == 1
    hand.drop(tmp_path / "one.png")
    works.pop()()
    assert hand.screen.due() is not None
    hand.step()
    assert hand.title.startswith("1 (") and hand.message == ""


def test_a_picture_is_read_in_a_thread(tmp_path: Path, hand: Hand) -> None:
    hand.screen.session.in_background = in_thread
    picture = Image.new("L", (200, 200), 255)
    picture.paste(0, (95, 30, 108, 170))
    picture.save(tmp_path / "one.png")
    hand.drop(tmp_path / "one.png")
    for thread in threading.enumerate():
        if thread.daemon and thread is not threading.current_thread():
            thread.join()
    hand.step()
    assert hand.title.startswith("1 (") and hand.screen.session.opening is None


def test_a_wrong_file_leaves_the_list_open(hand: Hand, tmp_path: Path) -> None:
    folder = tmp_path / "sketches"
    folder.mkdir()
    (folder / "wrong.png").write_text("no picture")
    Image.new("L", (60, 60), 255).save(folder / "right.png")
    hand.key(pygame.K_o, CTRL)
    dialog = hand.window.screen
    assert isinstance(dialog, FileDialog)
    (foot,) = (part.key for part in dialog.parts() if part.name == "foot")
    assert foot[2] == "1–2 of 2", "the way up is no entry"  # type: ignore[index]
    listed = [entry.name for entry in dialog.entries]
    dialog.select(listed.index("wrong.png"))
    hand.key(pygame.K_RETURN)
    assert hand.window.screen is dialog and "wrong.png" in dialog.trouble
    row = next(p.rect for p in dialog.parts() if p.name == f"row {listed.index('right.png')}")
    hand.finger(pygame.FINGERDOWN, row.center)
    hand.finger(pygame.FINGERUP, row.center)
    shown: object = hand.window.screen
    assert shown is hand.screen and hand.screen.session.picture


def test_the_window_s_size_and_place_are_remembered(opened: Opened) -> None:
    hand = opened()
    hand.step(Event(pygame.WINDOWMOVED, x=40, y=30))
    hand.resize((800, 600))
    hand.key(pygame.K_ESCAPE)
    settings = opened().screen.session.settings
    assert settings.size == (800, 600) and settings.place == (40, 30)


def test_a_window_is_never_larger_than_the_screen() -> None:
    assert fitting((5000, 3000), None, (1920, 1080)) == ((1920, 1080), None)
    assert fitting((800, 600), (1500, -20), (1920, 1080)) == ((800, 600), (1120, 0))


def test_an_idle_empty_window_invites_once_and_the_first_touch_ends_it(hand: Hand) -> None:
    window = hand.window
    window.invite = lambda: Demo(hand.screen, hand.clock(), invites=True)
    window._note_idleness(True)
    hand.clock.time += INVITE_SECONDS - 1
    window._note_idleness(False)
    assert window.demo is None
    hand.clock.time += 1
    window._note_idleness(False)
    demo = window.demo
    assert demo and demo.due is not None
    hand.clock.time = demo.due
    hand.step(*demo.play([], hand.clock()))
    touch = Event(pygame.MOUSEBUTTONDOWN, pos=hand.at(0.5, 0.5), button=1, touch=False)
    hand.step(*demo.play([touch], hand.clock()))
    assert demo.due is None and hand.strokes == 1
    window._note_idleness(False)
    assert window.demo is demo, "not again until something happens"


def test_an_invitation_leaves_the_paper_and_its_past(hand: Hand) -> None:
    hand.line()
    hand.key(pygame.K_c)
    demo = Demo(hand.screen, hand.clock(), invites=True)
    while demo.due is not None:
        hand.clock.time = demo.due
        hand.step(*demo.play([], hand.clock()))
    assert hand.screen.session.empty
    hand.key(pygame.K_z, CTRL)
    assert hand.strokes == 1


def test_strokes_are_kept_while_the_window_lags(hand: Hand, tmp_path: Path) -> None:
    """Many strokes come in one step, and the pen is down again at its end."""
    events = []
    for number in range(40):
        x = 0.05 + 0.022 * number
        events += [
            Event(pygame.MOUSEBUTTONDOWN, pos=hand.at(x, 0.4), button=1, touch=False),
            Event(pygame.MOUSEMOTION, pos=hand.at(x, 0.6), buttons=(1, 0, 0), touch=False),
            Event(pygame.MOUSEBUTTONUP, pos=hand.at(x, 0.6), button=1, touch=False),
        ]
    hand.step(*events[:-1])
    assert len(read_inkml(tmp_path / "data" / UNSAVED_FILE)[0]) == 39


def test_two_windows_lose_nothing(tmp_path: Path) -> None:
    clock = Clock()
    window = Window((960, 640), "light", clock)
    files = [Storage(tmp_path / "data", tmp_path / "sketches") for _ in range(2)]
    screens = [SketchScreen(window, NearestDrawing(), each) for each in files]
    for screen in screens:
        screen.restore()
    assert files[0].unsaved != files[1].unsaved
    for number, screen in enumerate(screens):
        window.screen = screen
        window.step([])
        hand = Hand(window, screen, clock)
        for _ in range(number + 1):
            hand.line()
    screens[0].leave()
    files[1].release()
    window.close()
    again = [Storage(tmp_path / "data", tmp_path / "sketches") for _ in range(2)]
    assert sorted(len(each.restore()[0]) for each in again) == [1, 2]
    for each in again:
        each.release()


def test_numbers_three_heights_apart_are_two_words(hand: Hand) -> None:
    hand.draw(4, 0.1, 0.5, 0.15)
    hand.draw(2, 0.22, 0.5, 0.15)
    hand.draw(7, 0.8, 0.5, 0.15)
    first, second = (each.box for each in hand.screen.session.reading.digits[1:])
    assert first and second and second.x - first.right >= 3 * second.height
    assert hand.screen.session.reading.text == "42 7"
    assert hand.title == "42 7 - Digit Sketchpad"
    assert bounds(hand.screen.session.sketch.strokes).width > 0


def test_the_panel_shows_five_lines_readably(hand: Hand) -> None:
    layout = hand.window.layout
    tall = layout.for_lines(5)
    assert tall.result.height >= 1.9 * layout.result.height
    rects = [tall.result, *tall.bar_rects(10), tall.glyph, tall.caption]
    for number, rect in enumerate(rects):
        assert layout.panel.contains(rect) and rect.collidelist(rects[number + 1 :]) == -1
    assert min(rect.height for rect in tall.bar_rects(10)) >= 12
