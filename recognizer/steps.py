"""The way from a picture or a drawing to its answer, step by step, as pictures for people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognizer import ink
from recognizer.files import FONTS
from recognizer.geometry import Points
from recognizer.glyph import SIZE_PX
from recognizer.images import Steps
from recognizer.reading import Prediction, Reading
from recognizer.strokes import Stroke, transformed

Colours = NDArray[np.uint8]
"""(height, width, 3), red, green and blue."""

MIN_SIDE_PX, MAX_SIDE_PX = 400, 2000
"""Pixels of the longest side of what is written; smaller pictures are enlarged, larger ones made
smaller."""
MAX_LINE_POINTS = 20_000
"""Points of a drawing in its picture, about."""
MAX_PLACE_PX = 30_000
"""OpenCV draws nothing that lies further off."""
MIN_LABEL_PX, LABEL_SHARE = 24, 0.06
"""Of a label above a box: at least so many pixels, or this share of the longest side."""
ZOOM = 4
"""Pixels of each side of a glyph's pixel, as people are shown it."""
GAP_PX, WORDS_PX = 14, 30
"""Between glyphs and lines, and of the words below a glyph."""
GLYPHS_ACROSS, MAX_GLYPHS, MAX_STRIPS = 14, 210, 30
"""So many glyphs are shown beside each other; of more, and of more strips, the first are."""
_SURE, _UNSURE, _PAPER = (0, 114, 178), (213, 94, 0), (255, 255, 255)
_BAND = (226, 231, 238)
_FONT_FILE = "Inter-SemiBold.otf"
_MARGIN = (GAP_PX, 0), (GAP_PX, GAP_PX), (0, 0)


class StepText(NamedTuple):
    """What is said of a step: its name, and in a sentence what was done."""

    name: str
    sentence: str


_TEXTS = {
    "grey": StepText("Grey", "Its colours as greys, along the line from the paper's to the ink's."),
    "sheet": StepText("Sheet", "The sheet is cut out of what lies around it."),
    "ink": StepText("Black and white", "What is darker than the paper around it is ink."),
    "without rules": StepText("Without rules", "Rules, grids, boxes and specks are taken away."),
    "level": StepText("Level", "The writing is cut out and turned until its lines are level."),
}
"""Of the stages of a picture, by their names in `Steps`."""
_DRAWING = StepText("Drawing", "The strokes as the pen drew them.")
_LINES = StepText("Lines", "The lines, one below the other.")
_SEEN = StepText(
    "What the network sees", "Each character in 28 × 28 pixels, and what it is read as."
)
_SEEN_LINES = StepText(
    "What the network sees",
    "Each line, 28 pixels high, and each character in 28 × 28 pixels with its answer.",
)
_SEEN_DRAWN = StepText(
    "What the network sees",
    "Each character in 28 × 28 pixels, below it where the pen went right, left, down and up.",
)
_ANSWER = StepText("Answer", "What was read, and where; what is not sure has a question mark.")
NAMES = [text.name for text in (*_TEXTS.values(), _DRAWING, _LINES, _SEEN, _ANSWER)]
"""Of all steps that there may be."""


@dataclass(frozen=True, eq=False)
class StepPicture:
    """A step on the way: its name, what was done, in a sentence, and how it looks then."""

    name: str
    sentence: str
    pixels: Colours


def of_picture(
    steps: Steps, reading: Reading, colours: Colours, size: tuple[float, float]
) -> list[StepPicture]:
    """The way of a picture.

    steps: as `Recognizer.read_image` filled them. colours: the picture as a person sees it, and
    size: its (width, height) in the unit of the reading's boxes. What a step leaves as it was
    is left out.
    """
    found: list[StepPicture] = []
    before = None
    for name, grey in steps:
        if name in _TEXTS and not (before is not None and np.array_equal(before, grey)):
            shown = grey if name in ("grey", "sheet") else 255 - grey
            found.append(_step(_TEXTS[name], _framed(shown) if name == "level" else shown))
            before = grey
    if lines := [255 - grey for name, grey in steps if name.startswith("line ")]:
        found.append(_step(_LINES, _stacked(lines)))
    strips = [grey for name, grey in steps if name == "strip"]
    if strips or reading.digits:
        found.append(_step(_SEEN_LINES if strips else _SEEN, _seen(strips, reading)))
    return [*found, _step(_ANSWER, answer_on(colours, size, reading))]


def of_drawing(
    strokes: Sequence[Stroke], area: tuple[float, float], reading: Reading
) -> list[StepPicture]:
    """The way of a drawing in a writing area of (width, height): it is ink from the beginning."""
    drawing = drawing_of(strokes, area)
    seen = [_step(_SEEN_DRAWN, _glyphs(reading))] if reading.digits else []
    return [_step(_DRAWING, drawing), *seen, _step(_ANSWER, answer_on(drawing, area, reading))]


def _step(text: StepText, pixels: NDArray[np.uint8]) -> StepPicture:
    colours = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    return StepPicture(*text, legible(colours))


def legible(colours: Colours) -> Colours:
    """The picture, its longest side of `MIN_SIDE_PX` to `MAX_SIDE_PX`."""
    width, height = legible_size(colours.shape[1], colours.shape[0])
    if (height, width) == colours.shape[:2]:
        return colours
    way = cv2.INTER_NEAREST if width > colours.shape[1] else cv2.INTER_AREA
    return np.asarray(cv2.resize(colours, (width, height), interpolation=way), np.uint8)


def legible_size(width: float, height: float) -> tuple[int, int]:
    """The width and height of such a picture in pixels; small ones grow by a whole number."""
    longest = max(width, height)
    scale = min(math.ceil(MIN_SIDE_PX / longest), MAX_SIDE_PX / longest)
    return max(1, round(width * scale)), max(1, round(height * scale))


def drawing_of(strokes: Sequence[Stroke], area: tuple[float, float]) -> Colours:
    """The strokes on white paper, for a person to look at."""
    size = legible_size(*area)
    canvas = np.full((size[1], size[0], 3), 255, dtype=np.uint8)
    scale = size[0] / area[0] if area[0] >= area[1] else size[1] / area[1]
    lines = transformed(strokes, scale)
    step = max(0.5, sum(ink.length(line.points) for line in lines) / MAX_LINE_POINTS)
    for line in lines:
        pen = min(max(1, round(line.width or 1)), max(size))
        points = _places(ink.thin_out(line.points, step))[:, None]
        cv2.polylines(canvas, [points], False, (0, 0, 0), pen, cv2.LINE_AA)
    return canvas


def answer_on(colours: Colours, size: tuple[float, float], reading: Reading) -> Colours:
    """The picture in a legible size, with a box around each character and its label above.

    size: the picture's (width, height) in the unit of the reading's boxes.
    """
    canvas = legible(colours)
    height, width = canvas.shape[:2]
    scale = width / size[0], height / size[1]
    label = max(MIN_LABEL_PX, round(LABEL_SHARE * max(width, height)))
    highest = min((each.box.y * scale[1] for each in reading.digits if each.box), default=label)
    # Room above for the labels of characters at the upper edge.
    room = max(0, math.ceil(label - highest))
    red, green, blue = np.median(canvas.reshape(-1, 3), axis=0).astype(int).tolist()
    picture = Image.new("RGB", (width, height + room), (red, green, blue))
    picture.paste(Image.fromarray(canvas), (0, room))
    pen = ImageDraw.Draw(picture)
    for each in reading.digits:
        _mark(pen, each, scale, room, label)
    return np.asarray(picture)


def _mark(
    pen: ImageDraw.ImageDraw,
    character: Prediction,
    scale: tuple[float, float],
    room: int,
    label: int,
) -> None:
    assert character.box is not None
    corners = [character.box.corner, (character.box.right, character.box.bottom)]
    (left, top), (right, bottom) = _places(np.array(corners) * scale).tolist()
    colour, line = _colour(character), max(1, round(label / 24))
    pen.rectangle((left, top + room, right, bottom + room), outline=colour, width=line)
    pen.text(
        (left, top + room - 2 * line), _label(character), colour, _font(0.7 * label), "ls",
        stroke_width=line, stroke_fill=_PAPER,
    )  # fmt: skip


def _label(character: Prediction) -> str:
    return character.sign if character.sure else f"{character.sign}?".replace("??", "?")


def _colour(character: Prediction) -> tuple[int, int, int]:
    return _SURE if character.sure else _UNSURE


def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / _FONT_FILE, max(8, round(size)))


def _places(points: Points) -> NDArray[np.int32]:
    return np.asarray(np.clip(np.rint(points), -MAX_PLACE_PX, MAX_PLACE_PX), dtype=np.int32)


def _framed(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same with paper around it."""
    return np.pad(grey, GAP_PX + max(grey.shape) // 50, constant_values=255)


def _stacked(lines: Sequence[NDArray[np.uint8]]) -> Colours:
    """Greys below each other, with a band between them."""
    width = max(line.shape[1] for line in lines) + 2 * GAP_PX
    height = sum(line.shape[0] + 3 * GAP_PX for line in lines) - GAP_PX
    canvas = np.full((height, width, 3), 255, np.uint8)
    top = GAP_PX
    for line in lines:
        rows, columns = line.shape
        canvas[top : top + rows, GAP_PX : GAP_PX + columns] = line[..., None]
        top += rows + GAP_PX
        canvas[top : top + GAP_PX] = _BAND
        top += 2 * GAP_PX
    return canvas


def _seen(strips: Sequence[NDArray[np.uint8]], reading: Reading) -> Colours:
    """The strips of lines and the glyphs, below or beside each other."""
    most = GLYPHS_ACROSS * (ZOOM * SIZE_PX + GAP_PX) - GAP_PX
    rows = []
    for strip in strips[:MAX_STRIPS]:
        width = min(ZOOM * strip.shape[1], most)
        size = width, max(1, round(SIZE_PX * width / strip.shape[1]))
        large = Image.fromarray(strip).resize(size, Image.Resampling.NEAREST)
        rows.append(np.pad(np.asarray(large.convert("RGB")), _MARGIN, constant_values=255))
    blocks = [_joined(rows, 0)] if rows else []
    if reading.digits:
        blocks.append(_glyphs(reading))
    below = _joined(blocks, 0)
    return below if below.shape[0] <= below.shape[1] else _joined(blocks, 1)


def _joined(pictures: Sequence[Colours], axis: int) -> Colours:
    """Pictures below each other (axis 0) or beside each other (1), on paper."""
    longest = max(picture.shape[1 - axis] for picture in pictures)
    padded = []
    for picture in pictures:
        room = [(0, 0), (0, 0), (0, 0)]
        room[1 - axis] = (0, longest - picture.shape[1 - axis])
        padded.append(np.pad(picture, room, constant_values=255))
    return np.concatenate(padded, axis=axis)


def _glyphs(reading: Reading) -> Colours:
    """The glyphs of a reading, line by line, each with its answer."""
    shown = reading.digits[:MAX_GLYPHS]
    rows = [
        shown[start : min(start + GLYPHS_ACROSS, line.stop)]
        for line in reading.line_numbers
        for start in range(line.start, min(line.stop, len(shown)), GLYPHS_ACROSS)
    ]
    side, deep = ZOOM * SIZE_PX, any(each.directions is not None for each in shown)
    high = side + WORDS_PX + (SIZE_PX + GAP_PX // 2 if deep else 0)
    across = max(map(len, rows))
    size = across * (side + GAP_PX) + GAP_PX, len(rows) * (high + GAP_PX) + GAP_PX
    picture = Image.new("RGB", size, _PAPER)
    pen = ImageDraw.Draw(picture)
    for row, characters in enumerate(rows):
        for column, each in enumerate(characters):
            place = (GAP_PX + column * (side + GAP_PX), GAP_PX + row * (high + GAP_PX))
            _show_glyph(picture, pen, each, place)
    return np.asarray(picture)


def _show_glyph(
    picture: Image.Image, pen: ImageDraw.ImageDraw, character: Prediction, place: tuple[int, int]
) -> None:
    """Show a glyph with its answer and, of a drawing, the four ways of the pen below it."""
    left, top = place
    side = ZOOM * SIZE_PX
    glyph = Image.fromarray(character.glyph).resize((side, side), Image.Resampling.NEAREST)
    picture.paste(glyph, place)
    top += side
    if character.directions is not None:
        ways = np.concatenate([*np.moveaxis(character.directions, 2, 0)], axis=1)
        picture.paste(Image.fromarray(ways), (left, top + 2))
        top += SIZE_PX + 2
    words = f"{_label(character)}  {min(round(100 * character.confidence), 99)} %"
    middle = (left + side // 2, top + WORDS_PX // 2)
    pen.text(middle, words, _colour(character), _font(0.6 * WORDS_PX), "mm")
