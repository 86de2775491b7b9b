"""One person's work under way, without a screen: nothing here loads pygame."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageGrab

from recognizer.geometry import Box
from recognizer.inkml import demo_drawings, read_inkml, write_inkml
from recognizer.reading import MAX_STROKES_READ, Recognizer
from recognizer.session import Message, Session, storage, window_title
from recognizer.session.storage import CANVAS_EXTENT, MAX_PEN_WIDTH, MIN_PEN_WIDTH, Storage
from recognizer.strokes import Stroke, bounds, transformed
from tests.fakes import NearestDrawing

ROOT = Path(__file__).resolve().parents[2]
AREA = Box(0.0, 0.0, *CANVAS_EXTENT)
Open = Callable[..., "Work"]


class Work:
    """A session with what it told its user."""

    def __init__(self, folder: Path, recognizer: Recognizer) -> None:
        self.told: list[Message] = []
        files = Storage(folder / "data", folder / "sketches")
        self.session = Session(recognizer, files, self.told.append)
        self.session.restore()
        self.session.read()

    def draw(self, digit: int, left: float = 180.0, size: float = 200.0) -> None:
        """The demo's drawing of a digit, as a pen draws it."""
        strokes = demo_drawings()[digit]
        box = bounds(strokes)
        placed = transformed(strokes, size / box.side, origin=box.corner, to=(left, 180.0))
        for stroke in placed:
            (x, y), *others = stroke.points.tolist()
            self.session.sketch.begin_stroke(x, y, self.session.pen_width)
            for x, y in others:
                self.session.sketch.extend_stroke(x, y)
            self.session.read()
            self.session.autosave()


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens sessions; each call is another start of the program with the same data."""
    return lambda recognizer=None: Work(tmp_path, recognizer or NearestDrawing())


@pytest.fixture
def work(opened: Open) -> Work:
    return opened()


def full_disk(*arguments: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_drawing_is_read_while_it_is_drawn(work: Work) -> None:
    assert work.session.reading.text == "" and work.session.prediction.label is None
    assert work.session.empty and work.session.chosen is None
    work.draw(4)
    assert work.session.reading.text == "4" and work.session.chosen == 0
    work.draw(2, left=420.0)
    assert work.session.reading.text == "42"
    assert work.session.prediction.digit == 2  # the one drawn last
    work.session.pointed = 0
    assert work.session.prediction.digit == 4


def test_nothing_is_read_twice(work: Work) -> None:
    work.draw(3)
    assert isinstance(work.session.recognizer, NearestDrawing)
    before = work.session.recognizer.readings
    work.session.read()
    assert work.session.recognizer.readings == before


def test_undo_redo_clear_and_erase(work: Work) -> None:
    session = work.session
    assert not session.can_undo
    work.draw(1)
    session.clear()
    session.read()
    assert session.empty and session.reading.text == ""
    session.undo()
    session.read()
    assert session.reading.text == "1" and session.can_undo
    session.undo()
    assert session.empty and not session.can_undo
    session.redo()
    session.sketch.begin_erasing()
    session.erase((0.0, 0.0), (560.0, 560.0))
    session.read()
    assert session.sketch.revision and session.can_undo


def test_the_pen_has_a_least_and_a_greatest_width(work: Work) -> None:
    for _ in range(60):
        work.session.thicker()
    assert work.session.pen_width == MAX_PEN_WIDTH
    assert work.session.eraser_width > work.session.pen_width
    for _ in range(60):
        work.session.thinner()
    assert work.session.pen_width == MIN_PEN_WIDTH


def test_the_unsaved_sketch_and_the_settings_come_back(opened: Open) -> None:
    work = opened()
    work.draw(7)
    work.session.set_pen_width(21.0)
    work.session.set_theme("dark")
    work.session.close()
    again = opened()
    assert again.session.reading.text == "7" and again.told == []
    assert (again.session.pen_width, again.session.settings.theme) == (21.0, "dark")


def test_a_kill_loses_no_finished_stroke(opened: Open) -> None:
    opened().draw(4)  # and then nothing: no close, as after kill -9
    assert opened().session.reading.text == "4"


def test_a_damaged_sketch_is_set_aside_and_told(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / storage.UNSAVED_FILE).write_text("<ink")
    work = opened()
    (message,) = work.told
    assert message.trouble and "damaged" in message.text and work.session.empty
    (aside,) = (tmp_path / "data").glob("damaged-*.inkml")
    assert str(aside) in message.text and aside.read_text() == "<ink"


def test_a_sketch_that_cannot_be_kept_is_told_once(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "write_inkml", full_disk)
    work.draw(1)
    work.draw(4)
    (message,) = work.told
    assert message.trouble and "No space left on device" in message.text
    assert len(work.session.sketch.strokes) == 3


def test_saving_tells_where_and_forgets_the_unsaved_one(opened: Open, tmp_path: Path) -> None:
    work = opened()
    work.session.save(AREA)
    assert "nothing to save" in work.told[-1].text
    work.draw(5)
    work.session.save(AREA)
    (picture,) = (tmp_path / "sketches").glob("*.png")
    assert str(picture) in work.told[-1].text and not work.told[-1].trouble
    strokes, extent = read_inkml(picture.with_suffix(".inkml"))
    assert extent == CANVAS_EXTENT
    assert np.allclose(strokes[0].points, work.session.sketch.strokes[0].points, atol=1e-6)
    assert opened().session.empty


def test_saving_on_a_full_disk_keeps_the_sketch(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.draw(1)
    monkeypatch.setattr(storage, "atomic_write", full_disk)
    work.session.save(AREA)
    assert work.told[-1].trouble and "still here" in work.told[-1].text
    assert work.session.reading.text == "1"


def test_opened_strokes_fill_the_area_and_undo_brings_back_what_was(
    work: Work, tmp_path: Path
) -> None:
    work.draw(1)
    write_inkml(tmp_path / "seven.inkml", demo_drawings()[7], None)
    work.session.open(tmp_path / "seven.inkml", AREA)
    work.session.read()
    assert work.session.reading.text == "7"
    assert AREA.holds(bounds(work.session.sketch.strokes))
    work.session.undo()
    work.session.read()
    assert work.session.reading.text == "1"


def test_an_opened_picture_is_read_shown_and_put_away(work: Work, tmp_path: Path) -> None:
    picture = tmp_path / "wide.png"
    paper = Image.new("RGBA", (2000, 500), (0, 0, 0, 0))
    paper.paste((0, 0, 0, 255), (960, 60, 1010, 440))
    paper.save(picture)
    work.draw(4)
    work.session.open(picture, AREA)
    shown = work.session.picture
    assert shown and shown.path == picture and shown.size == (2000, 500)
    assert shown.pixels.shape == (400, 1600, 3) and work.session.reading.text == "1"
    assert work.session.can_undo and not work.session.sketch.strokes
    work.session.undo()
    work.session.read()
    assert work.session.picture is None and work.session.reading.text == "4"


@pytest.mark.parametrize("name", ["gone.png", "wrong.png", "empty.inkml", "none.inkml"])
def test_a_file_that_cannot_be_opened_is_told(work: Work, tmp_path: Path, name: str) -> None:
    (tmp_path / "wrong.png").write_text("no picture")
    (tmp_path / "empty.inkml").write_text("")
    write_inkml(tmp_path / "none.inkml", (), None)
    work.draw(1)
    work.session.open(tmp_path / name, AREA)
    assert work.told[-1].trouble and name in work.told[-1].text
    assert work.session.reading.text == "1"


def test_pasting(work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.new("L", (100, 100), 255)
    picture.paste(0, (47, 15, 54, 85))
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: picture)
    assert work.session.paste() is None
    assert work.session.reading.text == "1" and work.session.picture
    work.session.save(AREA)
    assert "pasted" in work.told[-1].text
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: [str(tmp_path / "a.png")])
    assert work.session.paste() == tmp_path / "a.png"
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: None)
    assert work.session.paste() is None
    assert work.told[-1].trouble and "no picture to paste" in work.told[-1].text


def test_what_is_unsure_is_a_question_mark(opened: Open) -> None:
    work = opened(NearestDrawing(softness=1000.0))
    work.draw(1)
    work.draw(4, left=420.0)
    assert work.session.reading.words == "??"
    assert window_title(work.session.reading) == "?? - Digit Sketchpad"


def test_what_is_probable_is_said_to_be(opened: Open) -> None:
    work = opened(NearestDrawing(threshold=1.0))
    work.draw(1)
    assert window_title(work.session.reading) == "1, probably - Digit Sketchpad"
    work.draw(4, left=420.0)
    assert window_title(work.session.reading) == "14, probably - Digit Sketchpad"


def test_strokes_shown_as_if_nothing_had_been_before(work: Work) -> None:
    work.draw(1)
    work.session.start_over((Stroke(np.array([[10.0, 10.0], [20.0, 20.0]]), 5.0),))
    assert not work.session.can_undo and len(work.session.sketch.strokes) == 1


def test_nothing_here_needs_pygame() -> None:
    code = (
        "import sys\n"
        "from tests.session.test_session import Work\n"
        "import pathlib, tempfile\n"
        "from recognizer.reading import Recognizer\n"
        "work = Work(pathlib.Path(tempfile.mkdtemp()), Recognizer())\n"
        "work.draw(7)\n"
        "print(work.session.reading.text, 'pygame' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["7", "False"]


def test_more_strokes_than_are_read_are_told_and_kept(work: Work) -> None:
    dots = [[(float(n % 500), float(n // 500))] for n in range(MAX_STROKES_READ + 1)]
    work.session.sketch.replace(dots)
    work.session.read()
    assert work.session.reading.text == "" and work.session.chosen is None
    assert "read them in parts" in work.told[-1].text and work.told[-1].trouble
    assert len(work.session.sketch.strokes) == len(dots)
    work.session.undo()
    work.draw(4)
    assert work.session.reading.text == "4"
