"""The way from a picture to its answer, as pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer import Reading, steps
from recognizer.geometry import Box
from recognizer.images import Steps
from recognizer.inkml import demo_drawings
from recognizer.reading import NOTHING_READ, reading_of_lines
from tests.fakes import NearestDrawing, NearestSign, written_sum
from tests.samples import recognizer, written

Pixels = NDArray[np.uint8]
WHITE = np.full((60, 400, 3), 255, np.uint8)


def on_table() -> Pixels:
    """Two numbers on a ruled sheet, which lies on a dark table."""
    ink = written("204\n7", height=70)
    sheet = np.full((300, 460), 230, np.uint8)
    sheet[60::80] = 170
    part = sheet[40 : 40 + ink.shape[0], 60 : 60 + ink.shape[1]]
    np.minimum(part, 255 - ink, out=part)
    table = np.full((460, 700), 40, np.uint8)
    table[80:380, 120:580] = sheet
    return table


def way_of(picture: Pixels) -> tuple[Reading, list[steps.StepPicture]]:
    taken: Steps = []
    reading = recognizer().read_image(picture, taken)
    colours = np.repeat(picture[..., None], 3, axis=2)
    return reading, steps.of_picture(taken, reading, colours, picture.shape[1::-1])


def is_blue(pixels: Pixels) -> NDArray[np.bool_]:
    red, _, blue = np.moveaxis(pixels.astype(int), 2, 0)
    return np.asarray(blue - red > 100)


def test_a_photo_goes_through_all_steps_in_their_order() -> None:
    reading, way = way_of(on_table())
    assert reading.text == "204\n7"
    names = [step.name for step in way]
    assert names == sorted(names, key=steps.NAMES.index)
    assert {"Grey", "Sheet", "Black and white", "Level", "Lines"} < set(names)
    assert names[-2:] == ["What the network sees", "Answer"]
    for step in way:
        assert step.pixels.dtype == np.uint8 and step.pixels.shape[2] == 3
        assert steps.MIN_SIDE_PX <= max(step.pixels.shape) <= steps.MAX_SIDE_PX
        assert step.sentence.endswith(".")


def test_reading_with_steps_gives_the_same() -> None:
    reading, _ = way_of(on_table())
    plain = recognizer().read_image(on_table())
    assert plain.as_json() == reading.as_json()


def test_ink_is_dark_on_light_whatever_the_picture() -> None:
    for picture in (on_table(), 255 - written("204"), written("204")):
        _, way = way_of(picture)
        for step in way:
            if step.name in ("Black and white", "Without rules", "Level", "Lines"):
                assert step.pixels.mean() > 128 > step.pixels.min()


def test_what_a_step_leaves_as_it_was_is_left_out() -> None:
    page = 255 - written("204")
    _, way = way_of(page)
    names = [step.name for step in way]
    assert "Sheet" not in names and "Without rules" not in names
    assert names[0] == "Grey" and len(names) == len(set(names))


def test_a_picture_without_digits_has_a_way_too() -> None:
    reading, way = way_of(np.full((200, 300), 200, np.uint8))
    assert not reading.digits
    assert way[-1].name == "Answer" and "What the network sees" not in [s.name for s in way]
    assert steps.of_picture([], NOTHING_READ, WHITE, (400, 60))[-1].name == "Answer"


def test_each_glyph_is_shown_with_its_answer() -> None:
    reading, _ = way_of(on_table())
    shown = steps._glyphs(reading)
    side, gap = steps.ZOOM * 28, steps.GAP_PX
    rows = [range(3), range(3, 4)]
    height = side + steps.WORDS_PX + gap
    for row, numbers in enumerate(rows):
        for column, number in enumerate(numbers):
            top, left = gap + row * height, gap + column * (side + gap)
            cells = shown[top : top + side : steps.ZOOM, left : left + side : steps.ZOOM, 0]
            assert np.array_equal(cells, reading.digits[number].glyph)
            words = shown[top + side : top + side + steps.WORDS_PX, left : left + side]
            assert np.ptp(words.astype(int), axis=2).max() > 100


def test_each_line_is_shown_as_the_line_network_sees_it() -> None:
    taken: Steps = []
    recognizer().read_image(on_table(), taken)
    strips = [picture for name, picture in taken if name == "strip"]
    assert len(strips) == 2
    shown = steps._seen(strips, NOTHING_READ)
    zoom, gap, top = steps.ZOOM, steps.GAP_PX, steps.GAP_PX
    for strip in strips:
        rows, columns = (zoom * side for side in strip.shape)
        part = shown[top : top + rows : zoom, gap : gap + columns : zoom, 0]
        assert np.array_equal(part, strip)
        top += rows + gap


def test_a_model_that_reads_no_lines_shows_its_characters_alone() -> None:
    (digit,) = NearestDrawing().read_strokes(demo_drawings()[4], (500, 300)).digits
    reading = reading_of_lines([[digit]])
    seen, _ = steps.of_picture([], reading, WHITE, (500, 300))
    assert "line" not in seen.sentence and "28 × 28" in seen.sentence


def test_of_thousands_of_characters_the_first_are_shown() -> None:
    (digit,) = NearestDrawing().read_strokes(demo_drawings()[4], (500, 300)).digits
    for lines in ([[digit] * 2000], [[digit]] * 200):
        reading = reading_of_lines(lines)
        strips = [("strip", np.zeros((28, 8192), np.uint8))] * 200
        seen, _ = steps.of_picture(strips, reading, WHITE, (500, 300))
        assert max(seen.pixels.shape) <= steps.MAX_SIDE_PX


def test_a_drawing_is_shown_with_the_ways_of_the_pen() -> None:
    strokes = demo_drawings()[4]
    reading = recognizer().read_strokes(strokes, (500, 500))
    way = steps.of_drawing(strokes, (500, 500), reading)
    assert [step.name for step in way] == ["Drawing", "What the network sees", "Answer"]
    assert "right, left, down and up" in way[1].sentence
    (digit,) = reading.digits
    assert digit.directions is not None
    top, left = steps.GAP_PX + steps.ZOOM * 28 + 2, steps.GAP_PX
    seen = steps._glyphs(reading)[top : top + 28, left : left + 4 * 28, 0]
    assert np.array_equal(seen, np.concatenate([*np.moveaxis(digit.directions, 2, 0)], axis=1))


def test_a_label_above_the_picture_has_room() -> None:
    (digit,) = NearestDrawing().read_strokes(demo_drawings()[4], (500, 300)).digits
    heights = []
    for y in (0.0, 30.0):
        reading = reading_of_lines([[replace(digit, box=Box(10, y, 20, 20), sure=True)]])
        answer = steps.answer_on(WHITE, (400, 60), reading)
        assert is_blue(answer).any()
        heights.append(len(answer))
    assert heights == [60 + steps.MIN_LABEL_PX, 60]


def test_signs_are_written_as_they_are() -> None:
    drawing = written_sum("7÷7×7")
    reading = NearestSign().read_strokes(drawing, (900, 300))
    assert reading.text == "7÷7×7"
    pictures = {
        label: steps.answer_on(
            WHITE, (400, 60),
            reading_of_lines([[replace(each, box=Box(50, 30, 20, 20), sure=True)]]),
        ).tobytes()
        for label, each in zip(reading.text, reading.digits, strict=True)
    }  # fmt: skip
    assert len(set(pictures.values())) == 3


@pytest.mark.parametrize("sure", [True, False])
def test_what_is_not_sure_has_a_question_mark(sure: bool) -> None:
    (digit,) = NearestDrawing().read_strokes(demo_drawings()[4], (500, 300)).digits
    assert steps._label(replace(digit, sure=sure)) == ("4" if sure else "4?")
    unknown = replace(digit, sure=False, confidence=0.1)
    assert unknown.sign == "?" and steps._label(unknown) == "?"
