"""Saving, opening, restoring, and what happens when that does not work."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pygame
import pytest
from PIL import Image

from recognizer.inkml import read_inkml, write_inkml
from recognizer.reading import Recognizer
from recognizer.session import storage
from recognizer.session.slots import UNSAVED_FILE
from recognizer.session.storage import SAVED_SIDE_PX, SETTINGS_FILE, Settings
from tests.app.conftest import Opened
from tests.app.hand import CTRL, Hand


def saved(tmp_path: Path) -> list[str]:
    return sorted(path.suffix for path in (tmp_path / "sketches").iterdir())


def test_saving_writes_picture_and_strokes_and_tells_where(hand: Hand, tmp_path: Path) -> None:
    hand.draw(3)
    hand.key(pygame.K_s, CTRL)
    assert saved(tmp_path) == [".inkml", ".png"]
    assert str(tmp_path / "sketches") in hand.message
    (picture,) = (tmp_path / "sketches").glob("*.png")
    with Image.open(picture) as image:
        grey = np.asarray(image)
    assert min(grey.shape) == SAVED_SIDE_PX and grey[0, 0] == 255 and grey.min() == 0
    assert Recognizer().classify_image(picture).digit == 3


def test_two_saves_in_one_second_are_two_sketches(hand: Hand, tmp_path: Path) -> None:
    for _ in range(2):
        hand.line()
        hand.click("save")
    assert saved(tmp_path) == [".inkml", ".inkml", ".png", ".png"]


def test_nothing_is_saved_of_an_empty_canvas(hand: Hand, tmp_path: Path) -> None:
    hand.key(pygame.K_s, CTRL)
    assert "nothing to save" in hand.message and not (tmp_path / "sketches").exists()


def test_a_saved_sketch_opens_where_it_was(hand: Hand, tmp_path: Path) -> None:
    hand.draw(5, 0.2, 0.8, 0.3)
    before = hand.screen.session.sketch.strokes
    hand.key(pygame.K_s, CTRL)
    hand.key(pygame.K_c)
    (picture,) = (tmp_path / "sketches").glob("*.png")
    hand.drop(picture)
    after = hand.screen.session.sketch.strokes
    assert [len(s.points) for s in after] == [len(s.points) for s in before]
    assert np.allclose(after[0].points, before[0].points, atol=0.01)
    assert after[0].width == pytest.approx(before[0].width, abs=0.01)
    assert hand.title.startswith("5 (")


def test_opening_strokes_can_be_undone(hand: Hand, tmp_path: Path) -> None:
    write_inkml(tmp_path / "a.inkml", [[(0, 0), (50, 50)], [(50, 0), (0, 50)]], (100, 100))
    hand.line()
    hand.drop(tmp_path / "a.inkml")
    assert hand.strokes == 2
    hand.key(pygame.K_z, CTRL)
    assert hand.strokes == 1


def test_strokes_of_another_program_fit_the_canvas(hand: Hand, tmp_path: Path) -> None:
    write_inkml(tmp_path / "a.inkml", [[(10000, 10000), (10000, 30000)]], None)
    hand.drop(tmp_path / "a.inkml")
    left, top, width, height = hand.screen.view.area
    (stroke,) = hand.screen.session.sketch.strokes
    assert np.all((stroke.points > (left, top)) & (stroke.points < (left + width, top + height)))
    assert stroke.width and 2 <= stroke.width <= 40 and hand.title.startswith("1 (")


def test_a_picture_is_shown_and_read_and_drawn_on(hand: Hand, tmp_path: Path) -> None:
    hand.draw(4)
    hand.key(pygame.K_s, CTRL)
    (ours,) = (tmp_path / "sketches").glob("*.png")
    picture = ours.rename(tmp_path / "four.png")
    hand.key(pygame.K_c)
    hand.line()
    hand.drop(picture)
    assert hand.title.startswith("4 (") and hand.strokes == 0
    assert {"picture", "answer"} <= {part.name for part in hand.screen.parts()}
    hand.key(pygame.K_z, CTRL)
    assert hand.title.startswith("1 (") and hand.strokes == 1
    hand.drop(picture)
    hand.drag([hand.at(0.04, y) for y in (0.3, 0.4, 0.5, 0.6, 0.7)])
    assert hand.screen.session.picture is not None
    assert hand.title == "4 1 - Digit Sketchpad" and hand.strokes == 1
    hand.key(pygame.K_z, CTRL)
    assert hand.screen.session.picture is not None and hand.title.startswith("4 (")
    hand.line()  # begins on the digit's box, and is a stroke all the same
    assert hand.strokes == 1
    hand.key(pygame.K_s, CTRL)
    (annotated,) = (tmp_path / "sketches").glob("picture-*.png")
    assert str(annotated) in hand.message
    hand.key(pygame.K_c)
    assert hand.title == "Digit Sketchpad"


@pytest.mark.parametrize("name", ["wrong.png", "wrong.inkml", "gone.png", "note.txt"])
def test_a_file_that_cannot_be_read_is_named(hand: Hand, tmp_path: Path, name: str) -> None:
    hand.line()
    if name != "gone.png":
        (tmp_path / name).write_text("no digit at all")
    hand.drop(tmp_path / name)
    message = hand.screen.view.toast.message
    assert message and message.trouble and name in message.text
    assert hand.strokes == 1


def test_an_unsaved_sketch_comes_back(opened: Opened) -> None:
    hand = opened()
    hand.draw(7)
    hand.key(pygame.K_ESCAPE)
    assert hand.window.screen is None
    again = opened()
    assert again.strokes == 2 and again.title.startswith("7 (")


def test_a_sketch_saved_on_purpose_does_not_come_back(opened: Opened) -> None:
    hand = opened()
    hand.draw(7)
    hand.key(pygame.K_s, CTRL)
    assert opened().strokes == 0


def test_a_file_that_was_opened_leaves_the_unsaved_sketch_for_later(
    opened: Opened, tmp_path: Path
) -> None:
    write_inkml(tmp_path / "a.inkml", [[(0, 0), (50, 50)]] * 3, (100, 100))
    hand = opened()
    hand.line()
    hand.drop(tmp_path / "a.inkml")
    hand.key(pygame.K_ESCAPE)
    assert opened().strokes == 1


def test_pen_and_theme_are_remembered(opened: Opened) -> None:
    hand = opened()
    hand.wheel(3)
    hand.key(pygame.K_t)
    hand.key(pygame.K_ESCAPE)
    settings = opened().screen.session.settings
    assert settings.pen_width == hand.screen.session.pen_width and settings.theme == "dark"


@pytest.mark.parametrize("content", ["", "<ink", "<ink><trace>a b</trace></ink>", "\x00\x01"])
def test_a_damaged_saved_sketch_is_set_aside(opened: Opened, tmp_path: Path, content: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / UNSAVED_FILE).write_text(content)
    hand = opened()
    (aside,) = data.glob("damaged-*.inkml")
    assert aside.read_text() == content and str(aside) in hand.message
    hand.line()
    assert (data / UNSAVED_FILE).exists() and aside.exists()


@pytest.mark.parametrize("content", ["", "[]", '{"theme": "pink", "pen_width": 16}', "{", "7"])
def test_damaged_settings_are_the_usual_ones(opened: Opened, tmp_path: Path, content: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / SETTINGS_FILE).write_text(content)
    assert opened().screen.session.settings == Settings()


def full_disk(*arguments: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("writer", ["write_inkml", "atomic_write"])
def test_a_full_disk_while_saving(hand: Hand, monkeypatch: pytest.MonkeyPatch, writer: str) -> None:
    hand.line()
    monkeypatch.setattr(storage, writer, full_disk)
    hand.key(pygame.K_s, CTRL)
    assert "No space left on device" in hand.message and hand.strokes == 1
    monkeypatch.undo()
    hand.key(pygame.K_s, CTRL)
    assert hand.message.startswith("Saved")


def test_a_full_disk_while_keeping_is_told_once_and_tried_again(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = opened()
    monkeypatch.setattr(storage, "write_inkml", full_disk)
    hand.line()
    assert "No space left on device" in hand.message and "Save it before you quit" in hand.message
    hand.screen.view.toast.dismiss()
    hand.line()
    assert hand.message == "" and hand.strokes == 2
    monkeypatch.undo()
    hand.key(pygame.K_ESCAPE)
    assert opened().strokes == 2


def test_a_folder_that_cannot_be_written(opened: Opened, tmp_path: Path) -> None:
    # A file where the folder should be: even root cannot write there.
    (tmp_path / "sketches").write_text("in the way")
    (tmp_path / "data").write_text("in the way")
    hand = opened()
    hand.line()
    assert str(tmp_path / "data") in hand.message
    hand.key(pygame.K_s, CTRL)
    assert str(tmp_path / "sketches") in hand.message and hand.strokes == 1
    hand.key(pygame.K_ESCAPE)
    assert hand.window.screen is None


def test_what_is_kept_is_inkml(hand: Hand, tmp_path: Path) -> None:
    hand.draw(4)
    strokes, _ = read_inkml(tmp_path / "data" / UNSAVED_FILE)
    assert len(strokes) == 2 and strokes[0].width == hand.screen.session.pen_width
    hand.key(pygame.K_c)
    assert not (tmp_path / "data" / UNSAVED_FILE).exists()
