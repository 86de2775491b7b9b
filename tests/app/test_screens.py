"""Layout, resizing, repainting, themes, help and the list of files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pygame
import pytest
from pygame import Rect
from pygame.event import Event

from recognizer.app.layout import arrange
from recognizer.app.screens.file_dialog import FileDialog
from recognizer.app.screens.help import HelpScreen
from recognizer.app.screens.sketch import SketchScreen
from recognizer.app.style import DARK, LIGHT, Colour, Theme, choose_theme
from recognizer.app.widgets.canvas import holds_all
from recognizer.app.window import as_pointer
from recognizer.inkml import write_inkml
from recognizer.session import Message
from tests.app.conftest import Opened
from tests.app.hand import CTRL, Hand

SIZES = [
    *((640, 480), (641, 483), (800, 600), (960, 640), (1024, 768), (1280, 800), (1920, 1080)),
    *((3840, 2160), (2560, 1080), (3440, 700), (640, 900), (640, 2000), (1080, 1920), (900, 900)),
]


@pytest.mark.parametrize("size", SIZES)
def test_nothing_overlaps_and_all_is_inside(size: tuple[int, int]) -> None:
    layout = arrange(size)
    whole = Rect((0, 0), size)
    in_panel = [layout.result, *layout.bar_rects(10), layout.glyph, layout.caption]
    for group, around in (
        ([layout.toolbar, layout.canvas, layout.panel], whole),
        (in_panel, layout.panel),
        (list(layout.buttons.values()), layout.toolbar),
    ):
        for number, rect in enumerate(group):
            assert rect.width > 0 and rect.height > 0 and around.contains(rect)
            assert rect.collidelist(group[number + 1 :]) == -1
    assert min(layout.canvas.size) >= 250
    assert layout.glyph.width % 28 == 0 and layout.glyph.width == layout.glyph.height
    assert all(min(rect.size) >= 36 for rect in layout.buttons.values())
    assert all(bar.height >= 12 for bar in layout.bar_rects(10))
    assert len({bar.size for bar in layout.bar_rects(10)}) == 1


def test_a_window_that_is_too_small_is_laid_out_as_the_smallest() -> None:
    assert arrange((100, 100)) == arrange((640, 480))


@pytest.mark.parametrize("size", SIZES[:9])
def test_resizing_keeps_all_ink_and_its_shape(hand: Hand, size: tuple[int, int]) -> None:
    hand.draw(7, 0.05, 0.9, 0.1)
    hand.draw(4, 0.95, 0.1, 0.1)
    before, title = hand.screen.session.sketch.strokes, hand.title
    hand.resize(size)
    hand.resize((640, 1000))
    assert hand.screen.session.sketch.strokes is before and hand.title == title
    assert holds_all(hand.screen.view.canvas.view, before, hand.canvas)
    hand.resize(size)
    assert holds_all(hand.screen.view.canvas.view, before, hand.canvas)
    assert hand.canvas == arrange(size).canvas


def test_ink_is_where_the_pen_was_at_every_size(hand: Hand) -> None:
    for size in ((640, 480), (700, 1000), (1280, 800)):
        hand.resize(size)
        hand.key(pygame.K_c)
        place = hand.at(0.3, 0.7)
        hand.drag([place, place])
        ink = np.argwhere(pygame.surfarray.array2d(hand.screen.view.canvas.surface) > 128)
        middle = ink.mean(axis=0) + hand.canvas.topleft
        assert np.abs(middle - place).max() <= 1


def test_the_mouse_counts_in_steps_and_the_window_in_pixels() -> None:
    event = Event(pygame.MOUSEBUTTONDOWN, pos=(100, 50), button=1)
    what = as_pointer(event, (2000, 1000), (2.0, 2.0))
    assert what and what.position == (201, 101)


def test_a_window_at_rest_repaints_nothing(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.draw(8)
    updates: list[object] = []
    monkeypatch.setattr(pygame.display, "update", updates.append)
    for _ in range(5):
        hand.step()
    hand.step(Event(pygame.KEYDOWN, key=pygame.K_q, mod=0, unicode="q"))
    assert updates == []
    assert hand.screen.due() is None


def test_a_move_repaints_only_what_changed(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.down(hand.at(0.3, 0.3))
    for step in range(20):
        hand.move(hand.at(0.3 + step / 100, 0.3), button=1)
    updates: list[list[Rect]] = []
    monkeypatch.setattr(pygame.display, "update", updates.append)
    hand.move(hand.at(0.505, 0.3), button=1)
    (rects,) = updates
    whole = hand.window.surface.get_size()
    assert sum(r.width * r.height for r in rects) < 0.2 * whole[0] * whole[1]


def test_what_is_repainted_in_parts_is_the_same_as_the_whole(hand: Hand) -> None:
    hand.draw(6)
    hand.move(hand.at(0.9, 0.9))
    hand.click("eraser")
    hand.draw(2, 0.4, 0.4, 0.3)
    shown = pygame.surfarray.array3d(hand.window.surface)
    hand.window._renew()
    hand.step()
    anew = pygame.surfarray.array3d(hand.window.surface).astype(int)
    different = np.argwhere(np.abs(shown - anew).max(axis=2) > 8)
    # The answer may stand elsewhere, as it stays in place while one draws.
    ink = hand.screen.view.canvas
    assert all(ink.rect.collidepoint(x, y) for x, y in different.tolist())


def test_a_message_goes_when_its_time_is_over(hand: Hand) -> None:
    hand.screen.view.tell(Message("Something"))
    hand.step()
    due = hand.screen.due()
    assert due is not None and due > hand.clock()
    hand.clock.time = due
    hand.step()
    assert hand.message == "" and hand.screen.due() is None


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_texts_are_legible_in_both_themes(colours: Theme) -> None:
    for ground in (colours.background, colours.card, colours.paper):
        for text in (colours.text, colours.muted, colours.sure, colours.unsure):
            assert contrast(text, ground) >= 4.5
    assert contrast(colours.on_accent, colours.sure) >= 4.5


def contrast(a: Colour, b: Colour) -> float:
    """As the Web Content Accessibility Guidelines 2.1 define it."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    shares = (c / 255 for c in colour)
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_theme_switches_by_key_and_button(hand: Hand) -> None:
    hand.line()
    hand.key(pygame.K_t)
    assert hand.window.style.theme is DARK
    assert hand.window.surface.get_at((0, 0)) == pygame.Color(*DARK.background)
    hand.click("theme")
    assert hand.window.style.theme is LIGHT and hand.strokes == 1


def test_the_system_s_theme_is_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("GTK_THEME", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert choose_theme("auto") is LIGHT
    (tmp_path / "gtk-3.0").mkdir()
    (tmp_path / "gtk-3.0" / "settings.ini").write_text("[Settings]\ngtk-theme-name=Adwaita-dark\n")
    assert choose_theme("auto") is DARK
    monkeypatch.setenv("GTK_THEME", "Adwaita:light")
    assert choose_theme("auto") is LIGHT


def shows(hand: Hand, screen: type) -> bool:
    return isinstance(hand.window.screen, screen)


def test_help_opens_and_any_key_closes_it(hand: Hand) -> None:
    hand.line()
    for key in (pygame.K_F1, pygame.K_h):
        hand.key(key)
        assert shows(hand, HelpScreen)
        hand.key(pygame.K_ESCAPE)
        assert shows(hand, SketchScreen)
    hand.click("help")
    assert shows(hand, HelpScreen)
    hand.resize((640, 480))
    hand.down((5, 5))
    assert hand.window.screen is hand.screen and hand.strokes == 1


def test_full_screen_and_back(hand: Hand) -> None:
    hand.line()
    hand.key(pygame.K_F11)
    hand.click("full")
    assert hand.window.layout.size == hand.window.surface.get_size() and hand.strokes == 1


def test_closing_the_window_quits(hand: Hand) -> None:
    hand.key(pygame.K_F1)
    hand.step(Event(pygame.QUIT))
    assert hand.window.screen is None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the saved sketches, with one, a picture, a note, and a folder in it."""
    folder = tmp_path / "sketches"
    (folder / "old").mkdir(parents=True)
    write_inkml(folder / "one.inkml", [[(50, 10), (50, 90)]], (100, 100))
    pygame.image.save(pygame.Surface((20, 20)), folder / "black.png")
    (folder / "note.txt").write_text("not to be opened")
    return folder


def dialog(hand: Hand) -> FileDialog:
    hand.key(pygame.K_o, CTRL)
    shown = hand.window.screen
    assert isinstance(shown, FileDialog)
    return shown


def test_the_dialog_lists_folders_and_readable_files(hand: Hand, folder: Path) -> None:
    listed = [entry.name for entry in dialog(hand).entries]
    assert listed[1] == "old" and sorted(listed[2:]) == ["black.png", "one.inkml"]


def test_choosing_by_keys(hand: Hand, folder: Path) -> None:
    shown = dialog(hand)
    hand.key(pygame.K_HOME)
    names = [entry.name for entry in shown.entries]
    for _ in range(names.index("one.inkml")):
        hand.key(pygame.K_DOWN)
    hand.key(pygame.K_RETURN)
    assert hand.window.screen is hand.screen and hand.title.startswith("1 (")


def test_choosing_by_a_click_and_going_into_folders(hand: Hand, folder: Path) -> None:
    shown = dialog(hand)
    click_row(hand, shown, "old")
    assert shown.folder == folder / "old"
    hand.key(pygame.K_BACKSPACE)
    click_row(hand, shown, "one.inkml")
    assert hand.window.screen is hand.screen and hand.strokes == 1


def click_row(hand: Hand, shown: FileDialog, name: str) -> None:
    number = [entry.name for entry in shown.entries].index(name) - shown.first
    (row,) = (part for part in shown.parts() if part.name == f"row {number}")
    hand.move(row.rect.center)
    hand.down(row.rect.center)
    hand.up(row.rect.center)


def test_escape_leaves_the_dialog_as_it_was(hand: Hand, folder: Path) -> None:
    hand.line()
    dialog(hand)
    hand.key(pygame.K_ESCAPE)
    assert hand.window.screen is hand.screen and hand.strokes == 1


def test_a_long_list_scrolls(hand: Hand, folder: Path) -> None:
    for number in range(60):
        (folder / f"{number:02}.png").write_bytes(b"no picture")
    shown = dialog(hand)
    hand.key(pygame.K_END)
    assert shown.first == len(shown.entries) - shown.view.rows
    hand.wheel(100)
    assert shown.first == 0
    middle = hand.window.surface.get_rect().center
    hand.finger(pygame.FINGERDOWN, middle)
    hand.finger(pygame.FINGERMOTION, (middle[0], middle[1] - 200))
    hand.finger(pygame.FINGERUP, (middle[0], middle[1] - 200))
    assert shown.first > 0 and hand.window.screen is shown


def test_a_folder_that_is_gone_or_closed_is_told(hand: Hand, folder: Path) -> None:
    shown = dialog(hand)
    shown.show(folder / "gone")
    hand.step()
    assert "cannot be listed" in shown.trouble
    hand.key(pygame.K_LEFT)
    assert shown.folder == folder


def test_the_dialog_starts_above_a_folder_that_is_not_there_yet(
    opened: Opened, tmp_path: Path
) -> None:
    assert dialog(opened()).folder == tmp_path
