"""Every kind of picture that people feed to such programs is read, or said to hold nothing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image

from recognizer.images import Steps, grey_of, lines
from recognizer.images.lines import Page, page_of
from tests import made_pictures as made
from tests.samples import checked, recognizer, written

ON_PAPER = made.on_sheet(written("20475", 80, 6), (900, 600))


def text_of(picture: made.Picture) -> str:
    return checked(recognizer().read_image(picture)).text


def page(picture: made.Picture, steps: Steps | None = None) -> Page:
    grey, size = grey_of(picture, lines.READ_SIDE_PX)
    return page_of(grey, size, steps=steps)


def enlarged(digit: int) -> made.Picture:
    small = 255 - made.on_sheet(made.tight(digit, 20, 0.13), (28, 28))
    large = cv2.resize(small, (280, 280), interpolation=cv2.INTER_CUBIC)
    return made.jpeg(np.asarray(large, np.uint8))


@pytest.mark.parametrize("digit", [0, 2, 3, 5, 7, 8, 9])
def test_a_thick_marker_cut_out_tightly(digit: int) -> None:
    for share in (0.12, 0.2, 0.3):
        assert text_of(made.jpeg(255 - made.tight(digit, 200, share))) == str(digit)
    assert text_of(enlarged(digit)) == str(digit)


@pytest.mark.parametrize("pen", [5, 12, 18, 24])
@pytest.mark.parametrize("text", ["75", "20475", "2047519873"])
def test_a_number_cut_out_tightly(text: str, pen: float) -> None:
    """Strokes that meet at the border are no shade."""
    ink = made.cut_out(written(text, 90, pen, 0.5))
    for picture in (
        made.jpeg(255 - ink),
        255 - made.jpeg(255 - ink),
        made.noisy(230 - ink * 0.7, 3),
    ):
        assert text_of(picture) == text


@pytest.mark.parametrize("cell", [66, 80])
def test_the_rows_of_a_table_are_lines(cell: int) -> None:
    rows = ["2047", "519", "7", "9873", "204"]
    picture = 255 - made.table(rows, cell, 56, 6)
    assert text_of(picture) == "\n".join(rows)
    assert text_of(made.jpeg(np.asarray(picture // 2 + 110, np.uint8))) == "\n".join(rows)


def test_a_page_of_small_digits_with_a_thick_pen_on_a_table() -> None:
    rows = ["2047519873", "5198732047", "7320475198", "9873204751", "2047519873"]
    sheet = written("\n".join(rows), 14, 2.4, margin=20)
    lines_read = text_of(made.on_table(255 - sheet, turn=2, margin=12)).split("\n")
    # So small, some may be taken for others.
    assert [len(line) for line in lines_read] == [10] * 5


@pytest.mark.parametrize("dark", [90, 40])
@pytest.mark.parametrize("digit", [0, 2, 3, 5, 7, 8, 9])
def test_a_faint_picture_of_28_pixels_with_soft_edges(digit: int, dark: int) -> None:
    assert text_of(made.soft(digit, dark)) == str(digit)


def test_a_seven_of_three_points_and_a_pen_of_one_pixel() -> None:
    assert text_of(255 - made.of_lines([made.THIN_SEVEN], (500, 500), 1)) == "7"


@pytest.mark.parametrize("pen", [1, 2, 4, 6])
@pytest.mark.parametrize("height", [60, 400])
def test_a_thin_pen_in_a_large_picture(pen: int, height: int) -> None:
    ink = made.on_sheet(written("2047", height, pen), (2400, 3000))
    assert text_of(255 - ink) == "2047"


@pytest.mark.parametrize("grey", [0, 150, 220])
@pytest.mark.parametrize("step", [60, 25])
def test_squared_paper(grey: int, step: int) -> None:
    number = made.on_sheet(written("20475", 100, 6), (1000, 600))
    assert text_of(made.squared(number, step, grey)) == "20475"
    assert text_of(made.noisy(made.squared(number, step, grey) * 0.8, 4)) == "20475"


def test_small_writing_in_a_large_frame() -> None:
    ink = made.on_sheet(written("20475", 60, 5), (1500, 1000))
    for pen in (1, 3):
        assert text_of(255 - made.frame(ink, (20, 20, 1480, 980), pen)) == "20475"
    assert text_of(255 - made.frame(ink, (0, 0, 1499, 999))) == "20475"


@pytest.mark.parametrize("digit", "1234567890")
def test_one_digit_with_a_square_a_margin_or_a_rule(digit: str) -> None:
    small = made.on_sheet(written(digit, 80, 8), (240, 240))
    assert text_of(255 - made.frame(small, (50, 50, 190, 190))) == digit
    ink = made.on_sheet(written(digit, 80, 6), (400, 300))
    assert text_of(255 - made.line(ink, (60, 0), (60, 300))) == digit
    assert text_of(255 - made.line(ink, (0, 200), (400, 200))) == digit


def test_the_boxes_of_a_form() -> None:
    wide = 255 - made.form("20475198")
    assert text_of(wide) == "20475198"
    assert text_of(made.noisy(wide * 0.7, 4)) == "20475198"
    # Where the digits touch the sides.
    assert text_of(255 - made.form("20475198", 70, 58)) == "20475198"


@pytest.mark.parametrize("rule", [((100, 0), (100, 600)), ((0, 350), (900, 350))])
def test_one_margin_line_or_one_rule(rule: tuple[tuple[int, int], tuple[int, int]]) -> None:
    for pen in (1, 3):
        assert text_of(255 - made.line(ON_PAPER, *rule, pen)) == "20475"


@pytest.mark.parametrize("table", [20, 60, 100])
@pytest.mark.parametrize("turn", [0, 6, -15])
def test_a_sheet_on_a_dark_table(table: int, turn: float) -> None:
    assert text_of(made.on_table(255 - ON_PAPER, table, turn=turn)) == "20475"
    assert text_of(made.on_table(made.squared(ON_PAPER), table, turn=turn)) == "20475"


@pytest.mark.parametrize("contrast", [76, 40, 20, 10])
def test_clean_ink_that_is_pale(contrast: int) -> None:
    assert text_of(np.asarray(255 - ON_PAPER * (contrast / 255), dtype=np.uint8)) == "20475"


@pytest.mark.parametrize("digit", "1457")
def test_a_digit_of_bars(digit: str) -> None:
    for pen, margin in ((4, 30), (20, 40), (20, 8)):
        assert text_of(255 - made.of_bars(digit, 200, pen, margin)) == digit


@pytest.mark.parametrize("dim", [0.3, 0.5])
@pytest.mark.parametrize("pen", [6, 16])
def test_half_a_page_in_hard_shade(dim: float, pen: int) -> None:
    ink = made.on_sheet(written("20475", 120, pen), (1200, 800))
    for edge in (0.2, 0.5, 0.8):
        assert text_of(made.in_shade(240 - np.asarray(ink * 0.8, np.uint8), dim, edge)) == "20475"


@pytest.mark.parametrize("lift", [4, 8])
def test_a_pen_that_was_lifted_in_the_middle(lift: int) -> None:
    ink = written("20475", 100, 8)
    ink[76 : 76 + lift] = 0
    assert len(page(255 - ink).lines) == 1
    assert lift > 4 or text_of(255 - ink) == "20475"


@pytest.mark.parametrize("at", [(20, 40), (110, 60), (20, 150)])
def test_a_stray_point_makes_no_seven_of_a_one(at: tuple[int, int]) -> None:
    ink = written("1", 100, 8, margin=60)
    cv2.circle(ink, at, 5, 255, -1)
    assert "7" not in text_of(255 - ink)


@pytest.mark.parametrize("angle", [20, 12, -14, -20])
@pytest.mark.parametrize("text", ["20475", "204"])
def test_a_falling_line(text: str, angle: float) -> None:
    whole = Image.fromarray(written(text, 80, 6, margin=200)).rotate(
        angle, Image.Resampling.BICUBIC
    )
    assert text_of(255 - np.asarray(whole)) == text


def test_two_lines_that_fall_otherwise() -> None:
    parts = [
        np.asarray(Image.fromarray(written("20475", 80, 6, margin=90)).rotate(angle))
        for angle in (7, -7)
    ]
    assert text_of(255 - np.vstack(parts)) == "20475\n20475"


def parts_of(ink: made.Picture) -> int:
    return cv2.connectedComponents((ink > 76).astype(np.uint8), connectivity=8)[0] - 1


@pytest.mark.parametrize("text", ["21,95", "-5", "63÷7"])
def test_signs_are_part_of_their_line(text: str) -> None:
    ink = made.with_signs(text)
    (line,) = page(255 - ink).lines
    assert parts_of(line.ink) == parts_of(ink)


def test_dirt_smaller_than_the_pen_is_no_part_of_a_line() -> None:
    ink = made.on_sheet(written("20475", 80, 9), (900, 600))
    dirty = ink.copy()
    for place in np.random.default_rng(0).integers(0, (900, 600), (60, 2)):
        cv2.circle(dirty, place.tolist(), 2, 255, -1)
    assert text_of(255 - dirty) == "20475"


@pytest.mark.parametrize("kind", ["noise", "mild noise", "leaves", "plasma"])
def test_what_is_no_writing_is_not_read(kind: str) -> None:
    assert recognizer().read_image(made.texture(kind, (1600, 1200))).text == ""


def test_too_many_characters_are_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    ones = np.zeros((1500, 2000), dtype=np.uint8)
    for left in range(20, 1960, 40):
        for top in range(20, 1440, 29):
            ones[top : top + 20, left : left + 3] = 255
    assert page(255 - ones).partial
    monkeypatch.setattr(lines, "MAX_LINES", 2)
    reading = recognizer().read_image(255 - written("12\n345\n67"))
    assert (reading.text, reading.partial, reading.sure) == ("12\n345", True, False)
    assert reading.as_json()["partial"]
    whole = recognizer().read_image(255 - written("12\n345"))
    assert not whole.partial
    assert whole.as_json()["partial"] is False


def test_each_stage_can_be_looked_at() -> None:
    steps: Steps = []
    picture = made.on_table(255 - ON_PAPER)
    found = page(picture, steps)
    names = [name for name, _ in steps]
    assert names == ["grey", "sheet", "ink", "without rules", "level", "line 1"]
    pictures = dict(steps)
    assert np.array_equal(pictures["grey"], picture)
    assert pictures["sheet"].shape == pictures["ink"].shape < picture.shape
    assert np.array_equal(pictures["line 1"], found.lines[0].ink)


@pytest.mark.parametrize("text", ["4", "20475"])
def test_who_looks_at_the_steps_reads_the_same(text: str) -> None:
    picture = made.jpeg(255 - written(text, 60, 5))
    steps: Steps = []
    seen = recognizer().read_image(picture, steps)
    assert steps
    assert seen.as_json() == recognizer().read_image(picture).as_json()


@pytest.mark.parametrize("turns", [2, 3, 5, 8, 12])
@pytest.mark.parametrize("digit", "0235789")
def test_a_digit_that_is_scribbled_out_is_not_sure_and_the_others_are_read(
    digit: str, turns: int
) -> None:
    ink = made.on_sheet(written(f"2{digit}4", 80, 6, 0.5), (500, 300))
    box = recognizer().read_image(255 - ink).digits[1].box
    assert box is not None
    picture = 255 - made.scribbled_out(ink, box.grown(4), turns, 6)
    reading = checked(recognizer().read_image(picture))
    assert not reading.sure
    assert reading.text[0] == "2"
    if turns <= 5:  # a dense scribble may seem to go on into what is beside it
        assert reading.text[-1] == "4"
        scribbled = [each for each in reading.digits if each.box and each.box.meets(box)]
        assert not all(each.sure for each in scribbled)


@pytest.mark.parametrize("lean", [-3, 3])
@pytest.mark.parametrize("cell", [60, 90])
def test_a_one_that_may_be_a_side_of_its_box_is_lost_to_no_sure_answer(
    cell: int, lean: int
) -> None:
    ink = made.form("53 ", cell, 0.8 * cell)
    left, top, width, height = cv2.boundingRect(ink)
    x = left + width * 5 / 6
    whole = made.line(ink, (x + lean, top), (x - lean, top + height), 5)
    reading = recognizer().read_image(255 - whole)
    assert reading.text == "531" or not reading.sure
