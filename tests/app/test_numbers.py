"""Numbers of several digits in the window: boxes, answers, the panel and the title."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame
import pytest
from PIL import Image, ImageGrab
from pygame import Rect

from recognizer.app.style import BOLD
from recognizer.app.widgets.panel import ResultText, fitted_rows
from recognizer.reading import Recognizer
from tests.app.conftest import Opened
from tests.app.hand import CTRL, Hand, placed
from tests.fakes import NearestDrawing


@pytest.fixture
def reader(hand: Hand) -> Hand:
    """A hand at a window that reads with the trained network."""
    return reading(hand)


def reading(hand: Hand) -> Hand:
    hand.screen.session.recognizer = Recognizer()
    return hand


def write(
    hand: Hand, text: str, y: float = 0.5, left: float = 0.12, step: float = 0.17, size: float = 0.2
) -> None:
    for number, sign in enumerate(text):
        hand.draw(int(sign), left + step * number, y, size)


def parts(hand: Hand, kind: str) -> list[Rect]:
    """The rectangles of the boxes or labels that are shown."""
    return [part.rect for part in hand.screen.parts() if part.name.startswith(f"{kind} ")]


def boxes(hand: Hand) -> list[Rect]:
    return parts(hand, "box")


def labels(hand: Hand) -> list[Rect]:
    return parts(hand, "label")


def test_a_number_is_read_as_it_grows(reader: Hand) -> None:
    for count, title in enumerate(("2 (99 %)", "20", "204", "2047"), 1):
        write(reader, "2047"[count - 1], left=0.12 + 0.17 * (count - 1))
        assert reader.title == f"{title} - Digit Sketchpad"
        names = {part.name for part in reader.screen.parts()}
        assert ("answer" in names) == (count == 1)
        assert len(boxes(reader)) == len(labels(reader)) == (count if count > 1 else 0)


def test_second_strokes_may_come_late(reader: Hand) -> None:
    lines = [placed(d, reader.canvas, 0.2 + 0.25 * n, 0.5, 0.3) for n, d in enumerate((4, 7, 7))]
    for stroke in (0, 1):
        for digit in lines:
            reader.drag(digit[stroke])
    assert reader.title == "477 - Digit Sketchpad" and reader.strokes == 6


@pytest.mark.parametrize("size", [(640, 480), (960, 640), (1920, 1080), (700, 1000), (1600, 500)])
def test_boxes_hold_the_digits_and_answers_hide_nothing(
    opened: Opened, size: tuple[int, int]
) -> None:
    hand = reading(opened(size))
    hand.key(pygame.K_c)
    write(hand, "2047", y=0.3)
    write(hand, "318", y=0.75)
    assert hand.title == "2047 318 - Digit Sketchpad"
    around, answers = boxes(hand), labels(hand)
    assert len(around) == len(answers) == 7
    for number, label in enumerate(answers):
        assert hand.screen.view.canvas.is_blank(label)
        assert label.collidelist(around) == -1
        assert label.collidelist(answers[number + 1 :]) == -1
    assert all(hand.canvas.contains(box) for box in around)
    assert all(boxed(hand, x, y) for x, y in ink(hand)[::50])


def ink(hand: Hand) -> list[tuple[int, int]]:
    """The pixels of the window that are inked."""
    places = np.argwhere(pygame.surfarray.array2d(hand.screen.view.canvas.surface) > 0)
    return [tuple(place) for place in (places + hand.canvas.topleft).tolist()]


def boxed(hand: Hand, x: int, y: int) -> bool:
    return hand.screen.view.box_under((x, y), hand.screen.session) is not None


def test_the_panel_looks_at_the_digit_drawn_last_or_pointed_at(reader: Hand) -> None:
    write(reader, "204")
    session = reader.screen.session
    reader.move((1, 1))
    assert session.chosen == 2 and session.prediction.digit == 4
    for number, box in enumerate(boxes(reader)):
        reader.move(box.center)
        assert session.chosen == number and session.prediction.digit == (2, 0, 4)[number]
    reader.move(reader.canvas.midtop)
    assert session.chosen == 2
    reader.draw(7, 0.12, 0.85, 0.2)
    reader.move((1, 1))
    assert session.prediction.digit == 7


def test_while_a_digit_is_drawn_it_is_the_one_looked_at(reader: Hand) -> None:
    write(reader, "20")
    (line,) = placed(3, reader.canvas, 0.5, 0.5, 0.25)
    reader.down(line[0])
    for place in line[1:]:
        reader.move(place, button=1)
    reader.move(boxes(reader)[0].center, button=1)
    assert reader.screen.session.chosen != 0


def test_erasing_a_part_reads_the_rest(reader: Hand) -> None:
    write(reader, "2047")
    box = boxes(reader)[1]
    for y in range(box.top, box.bottom, 8):
        reader.drag([(box.left, y), (box.right, y)], button=3)
    assert reader.title == "247 - Digit Sketchpad"
    while reader.title != "2047 - Digit Sketchpad":
        assert reader.screen.session.sketch.can_undo
        reader.key(pygame.K_z, CTRL)


def said_of_boxes(hand: Hand) -> list[str]:
    """What stands at the boxes."""
    keys = [part.key for part in hand.screen.parts() if part.name.startswith("label")]
    return [str(key[0]) for key in keys if isinstance(key, tuple)]


def test_an_unsure_digit_is_marked_and_its_candidate_is_shown(hand: Hand) -> None:
    hand.screen.session.recognizer = NearestDrawing(softness=60.0)
    write(hand, "20", step=0.4)
    assert hand.title == "?? - Digit Sketchpad"
    assert said_of_boxes(hand) == ["?", "?"], "candidates stand only in the panel"
    (said,) = (part.key for part in hand.screen.parts() if part.name == "result")
    assert isinstance(said, ResultText) and said.first.startswith("Not sure: 0 (")


def test_a_probable_digit_is_shown_and_said_to_be(hand: Hand) -> None:
    hand.screen.session.recognizer = NearestDrawing(threshold=1.0)
    write(hand, "20", step=0.4)
    assert hand.title == "20, probably - Digit Sketchpad"
    assert said_of_boxes(hand) == ["2, probably", "0, probably"]
    result = next(part.key for part in hand.screen.parts() if part.name == "result")
    assert isinstance(result, ResultText) and result.signs == "20, probably"
    assert result.first.startswith("0, probably (")


def test_a_number_as_wide_as_the_canvas(opened: Opened) -> None:
    hand = reading(opened((1900, 500)))
    hand.key(pygame.K_c)
    text = "31415926535897932"
    write(hand, text, left=0.04, step=0.057, size=0.22)
    assert hand.title == f"{text} - Digit Sketchpad"
    hand.resize((640, 480))
    assert hand.title == f"{text} - Digit Sketchpad"
    assert all(hand.canvas.contains(box) for box in boxes(hand))


def test_both_themes_and_help_keep_the_number(reader: Hand) -> None:
    write(reader, "38")
    reader.key(pygame.K_t)
    reader.key(pygame.K_F1)
    assert reader.title == "38 - Digit Sketchpad"
    reader.key(pygame.K_ESCAPE)
    assert len(labels(reader)) == 2


def test_what_is_repainted_in_parts_is_the_same_as_the_whole(reader: Hand) -> None:
    write(reader, "2047")
    reader.move(boxes(reader)[1].center)
    reader.key(pygame.K_z, CTRL)
    shown = pygame.surfarray.array3d(reader.window.surface).astype(int)
    reader.window._renew()
    reader.step()
    anew = pygame.surfarray.array3d(reader.window.surface).astype(int)
    assert abs(shown - anew).max() <= 8


@pytest.mark.parametrize(
    "text", ["12", "2047\n31", "7" * 30, "12345678901234567890\n" * 3, "9" * 900]
)
def test_a_number_of_any_length_fits_the_panel(hand: Hand, text: str) -> None:
    layout, style = hand.window.layout, hand.window.style
    room = layout.result.size
    rows, size = fitted_rows(text.strip(), room, layout, style)
    font = style.font(BOLD, size)
    assert size >= 12 and len(rows) * font.get_linesize() <= room[1]
    assert all(font.size(row)[0] <= room[0] for row in rows)
    written = "".join(rows)
    assert written == text.replace("\n", "") or written.endswith("…")


@pytest.fixture
def picture(hand: Hand, tmp_path: Path) -> Path:
    """A picture of 2047 above 38, which the program drew."""
    reading(hand)
    write(hand, "2047", y=0.3)
    write(hand, "38", y=0.75)
    hand.key(pygame.K_s, CTRL)
    hand.key(pygame.K_c)
    hand.screen.view.toast.dismiss()
    (ours,) = (tmp_path / "sketches").glob("*.png")
    return ours.rename(tmp_path / "number.png")


def test_a_picture_is_shown_with_its_boxes(hand: Hand, picture: Path) -> None:
    hand.drop(picture)
    assert hand.title == "2047 38 - Digit Sketchpad"
    around = boxes(hand)
    assert len(around) == len(labels(hand)) == 6
    (shown,) = (part.rect for part in hand.screen.parts() if part.name == "picture")
    assert all(shown.contains(box) for box in around)


def test_clicking_a_box_in_a_picture_looks_at_its_digit(hand: Hand, picture: Path) -> None:
    hand.drop(picture)
    place = boxes(hand)[3].center
    hand.move(place)
    hand.down(place)
    hand.up(place)
    hand.move((1, 1))
    session = hand.screen.session
    assert session.picture and hand.strokes == 0
    assert session.chosen == 3 and session.prediction.digit == 7
    hand.drop(picture)
    hand.finger(pygame.FINGERDOWN, boxes(hand)[5].center)
    hand.finger(pygame.FINGERUP, boxes(hand)[5].center)
    assert session.prediction.digit == 8 and hand.strokes == 0


def test_ink_over_a_picture_is_read_after_it_and_can_be_undone(hand: Hand, picture: Path) -> None:
    hand.drop(picture)
    hand.drag([(hand.canvas.right - 20, hand.canvas.top + y) for y in (100, 200, 300)])
    assert hand.screen.session.picture and hand.title == "2047 38 1 - Digit Sketchpad"
    hand.resize((700, 1000))
    rect = next(part.rect for part in hand.screen.parts() if part.name == "picture")
    assert hand.canvas.contains(rect) and len(boxes(hand)) == 7
    hand.key(pygame.K_z, CTRL)
    assert hand.title == "2047 38 - Digit Sketchpad"
    hand.key(pygame.K_z, CTRL)
    assert hand.screen.session.picture is None and hand.title == "Digit Sketchpad"
    hand.key(pygame.K_y, CTRL)
    assert hand.title == "2047 38 - Digit Sketchpad"


def test_a_blank_picture_holds_no_digit(hand: Hand, tmp_path: Path) -> None:
    reading(hand)
    Image.new("RGB", (80, 60), "white").save(tmp_path / "blank.png")
    hand.drop(tmp_path / "blank.png")
    assert hand.title == "Digit Sketchpad" and hand.screen.session.picture
    (said,) = (part.key for part in hand.screen.parts() if part.name == "result")
    assert "No digits found" in str(said)


def paste(hand: Hand, monkeypatch: pytest.MonkeyPatch, found: object) -> None:
    def grabbed() -> object:
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(ImageGrab, "grabclipboard", grabbed)
    hand.key(pygame.K_v, CTRL)


def test_a_picture_is_pasted(hand: Hand, picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Image.open(picture) as image:
        paste(hand, monkeypatch, image.copy())
    assert hand.title == "2047 38 - Digit Sketchpad" and len(boxes(hand)) == 6
    hand.key(pygame.K_s, CTRL)
    assert "pasted" in hand.message


def test_a_copied_file_is_pasted(
    hand: Hand, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paste(hand, monkeypatch, [str(picture)])
    assert hand.title == "2047 38 - Digit Sketchpad"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "no picture on the clipboard"),
        ([], "no picture on the clipboard"),
        (NotImplementedError("wl-paste or xclip is required"), "apt install xclip"),
        (ChildProcessError("xclip error"), "xclip error"),
        (Image.new("RGB", (3, 3)), "too small"),
    ],
)
def test_what_cannot_be_pasted_is_told(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, found: object, words: str
) -> None:
    hand.line()
    paste(hand, monkeypatch, found)
    message = hand.screen.view.toast.message
    assert message and message.trouble and words in message.text
    assert hand.strokes == 1


def test_boxes_follow_the_drawing_when_the_window_changes(reader: Hand) -> None:
    write(reader, "25", step=0.5)
    for size in ((640, 480), (1400, 900), (700, 1000)):
        reader.resize(size)
        assert all(boxed(reader, x, y) for x, y in ink(reader)[::50])
