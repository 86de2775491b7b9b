"""One person's work under way, without a screen: nothing here loads pygame."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageGrab

from recognizer.geometry import Box
from recognizer.images import Steps
from recognizer.inkml import demo_drawings, read_inkml, write_inkml
from recognizer.reading import MAX_STROKES_READ, Reading, Recognizer
from recognizer.session import Message, Session, storage, window_title
from recognizer.session.slots import UNSAVED_FILE
from recognizer.session.storage import (
    CANVAS_EXTENT,
    MAX_PEN_WIDTH,
    MIN_ERASER_WIDTH,
    MIN_PEN_WIDTH,
    Storage,
)
from recognizer.strokes import MAX_UNDO_STEPS, Stroke, bounds, transformed
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
    """Opens sessions; each call is another start of the program, after the one before ended."""
    before: list[Work] = []

    def start(recognizer: Recognizer | None = None) -> Work:
        for work in before:
            work.session.storage.release()
        before.append(Work(tmp_path, recognizer or NearestDrawing()))
        return before[-1]

    return start


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
    for _ in range(60):
        work.session.thinner()
    assert work.session.pen_width == MIN_PEN_WIDTH


def test_the_eraser_has_a_size_of_its_own_that_is_remembered(opened: Open) -> None:
    session = opened().session
    pen, eraser = session.pen_width, session.eraser_width
    assert eraser > pen, "so that it takes a line in one sweep"
    session.thicker()
    assert session.eraser_width == eraser and session.pen_width > pen
    session.toggle_eraser()
    session.thicker()
    assert session.eraser_width > eraser and session.tool_width == session.eraser_width
    for _ in range(60):
        session.thinner()
    assert session.eraser_width == MIN_ERASER_WIDTH and session.pen_width > pen
    session.close()
    assert opened().session.eraser_width == MIN_ERASER_WIDTH


def test_the_eraser_takes_whole_strokes_if_asked_to(work: Work) -> None:
    work.draw(4)
    session = work.session
    session.toggle_whole_strokes()
    first, second = session.sketch.strokes
    x, y = second.points[0].tolist()
    session.sketch.begin_erasing()
    session.erase((x, y), (x, y))
    assert list(session.sketch.strokes) == [first]
    session.undo()
    assert list(session.sketch.strokes) == [first, second]
    session.toggle_whole_strokes()
    session.sketch.begin_erasing()
    session.erase((x, y), (x, y))
    assert len(session.sketch.strokes) >= 2 and second not in session.sketch.strokes


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
    (tmp_path / "data" / UNSAVED_FILE).write_text("<ink")
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


def test_saving_twice_without_a_change_makes_one_file(work: Work, tmp_path: Path) -> None:
    work.draw(5)
    for _ in range(2):
        work.session.save(AREA)
    (picture,) = (tmp_path / "sketches").glob("*.png")
    assert "Nothing changed" in work.told[-1].text and str(picture) in work.told[-1].text
    work.draw(1, left=420.0)
    work.session.save(AREA)
    work.session.undo()
    work.session.redo()
    work.session.save(AREA)
    assert len(list((tmp_path / "sketches").glob("*.png"))) == 2
    picture.unlink()
    work.session.undo()
    work.session.save(AREA)
    assert len(list((tmp_path / "sketches").glob("*.png"))) == 2


def test_finished_strokes_are_kept_while_the_next_one_is_drawn(work: Work, tmp_path: Path) -> None:
    work.draw(4)
    unsaved = tmp_path / "data" / UNSAVED_FILE
    unsaved.unlink()
    work.session.sketch.begin_stroke(10.0, 10.0, 5.0)
    work.session.sketch.extend_stroke(20.0, 10.0)
    work.session.autosave(under_way=True)
    assert not unsaved.exists(), "the finished ones were kept already"
    work.session.sketch.begin_stroke(30.0, 10.0, 5.0)
    work.session.autosave(under_way=True)
    assert len(read_inkml(unsaved)[0]) == 3


def test_two_windows_have_a_sketch_each(tmp_path: Path) -> None:
    one, two = Work(tmp_path, NearestDrawing()), Work(tmp_path, NearestDrawing())
    one.draw(4)
    two.draw(7)
    two.session.save(AREA)
    assert len(read_inkml(one.session.storage.unsaved)[0]) == 2
    two.draw(1, left=420.0)
    for closed in (one, two):
        closed.session.close()
    found = [Work(tmp_path, NearestDrawing()) for _ in range(3)]
    assert [each.session.reading.text for each in found] == ["4", "71", ""]


def test_the_sketch_of_a_window_that_was_killed_is_found_in_any_order(tmp_path: Path) -> None:
    windows = [Work(tmp_path, NearestDrawing()) for _ in range(3)]
    windows[1].draw(7)
    kept = windows[0]
    kept.draw(4)
    del windows[1:]
    again = Work(tmp_path, NearestDrawing())
    assert again.session.reading.text == "7" and kept.session.reading.text == "4"


def test_undo_is_bounded(work: Work) -> None:
    for number in range(MAX_UNDO_STEPS + 20):
        work.session.sketch.begin_stroke(float(number), 5.0, 2.0)
    count = 0
    while work.session.can_undo:
        work.session.undo()
        count += 1
    assert count == MAX_UNDO_STEPS and len(work.session.sketch.strokes) == 20


def test_ink_lies_over_a_picture_and_undo_takes_one_by_one(work: Work, tmp_path: Path) -> None:
    picture = Image.new("L", (200, 200), 255)
    picture.paste(0, (95, 30, 108, 170))
    picture.save(tmp_path / "one.png")
    work.session.open(tmp_path / "one.png", AREA)
    shown = work.session.picture
    work.draw(4, left=10.0, size=120.0)
    assert work.session.picture is shown and work.session.reading.text == "1\n4"
    assert work.session.prediction.label == "4"
    work.session.save(AREA)
    (saved,) = (tmp_path / "sketches").iterdir()
    with Image.open(saved) as image:
        grey = np.asarray(image.convert("L"))
    assert grey[:, : grey.shape[1] // 3].min() < 50, "the ink is in it"
    assert grey.shape == (200, 200) or min(grey.shape) >= 200
    assert work.session.can_learn(0) and work.session.can_learn(1)
    for _ in range(2):
        work.session.undo()
    work.session.read()
    assert work.session.reading.text == "1" and work.session.picture is shown
    work.session.undo()
    assert work.session.picture is None and work.session.empty
    work.session.redo()
    work.session.read()
    assert work.session.picture is shown and work.session.reading.text == "1"


def test_opening_goes_on_beside_all_else_and_can_be_cancelled(
    tmp_path: Path,
) -> None:
    works: list[Callable[[], None]] = []
    told: list[Message] = []
    files = Storage(tmp_path / "data", tmp_path / "sketches")
    session = Session(NearestDrawing(), files, told.append, works.append)
    picture = Image.new("L", (100, 100), 255)
    picture.paste(0, (47, 15, 54, 85))
    picture.save(tmp_path / "one.png")
    session.open(tmp_path / "one.png", AREA)
    assert session.opening and session.loading and session.picture is None
    assert session.cancel_opening() and session.opening is None
    works.pop()()
    session.take_opened()
    assert session.empty, "what was cancelled does not come later"
    session.open(tmp_path / "one.png", AREA)
    works.pop()()
    session.take_opened()
    assert session.opening is None and session.reading.text == "1" and not told
    session.open(tmp_path / "gone.png", AREA)
    works.pop()()
    session.take_opened()
    assert told[-1].trouble and session.reading.text == "1"


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


def test_a_picture_that_is_read_in_part_is_told(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = work.session.recognizer.read_image

    def in_part(image: object, steps: Steps) -> Reading:
        return replace(whole(image, steps), partial=True, sure=False)

    monkeypatch.setattr(work.session.recognizer, "read_image", in_part)
    picture = Image.new("L", (100, 100), 255)
    picture.paste(0, (47, 15, 54, 85))
    picture.save(tmp_path / "one.png")
    work.session.open(tmp_path / "one.png", AREA)
    assert work.session.reading.partial and work.session.reading.text == "1"
    assert [message.text for message in work.told] == [
        "This picture is read in part: it holds more than 2,000 characters or 200 lines."
    ]
    work.draw(4)
    assert work.session.reading.text == "1\n4" and work.session.reading.partial


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
    work.session.paste(AREA)
    assert work.session.reading.text == "1" and work.session.picture
    work.session.save(AREA)
    assert "pasted" in work.told[-1].text
    picture.save(tmp_path / "a.png")
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: [str(tmp_path / "a.png")])
    work.session.paste(AREA)
    assert work.session.picture and work.session.picture.path == tmp_path / "a.png"
    monkeypatch.setattr(ImageGrab, "grabclipboard", lambda: None)  # as of a text
    work.session.paste(AREA)
    assert work.told[-1].trouble and "no picture on the clipboard" in work.told[-1].text


@pytest.mark.parametrize(
    ("line", "begun"),
    [
        ([(100.0, 100.0), (110.0, 108.0)], True),
        ([(100.0, 100.0), (260.0, 110.0)], True),
        ([(100.0, 100.0), (260.0, 260.0), (100.0, 260.0), (260.0, 100.0)], False),
    ],
)
def test_a_dash_and_the_beginning_of_a_stroke_are_begun(
    opened: Open, line: list[tuple[float, float]], begun: bool
) -> None:
    session = opened(NearestDrawing(softness=1000.0)).session
    session.sketch.replace([line])
    session.read()
    assert session.prediction.sign == "?" and session.begun is begun


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
