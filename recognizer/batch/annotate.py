"""Copies of what was read, with a box around every character and its label above."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from recognizer import ink
from recognizer.batch.results import DEFAULT_EXTENT, INKML_SUFFIX, FileReading
from recognizer.files import atomic_write
from recognizer.images import upright_colours
from recognizer.inkml import read_inkml
from recognizer.reading import Prediction, Reading

Colours = NDArray[np.uint8]

MIN_COPY_SIDE_PX, MAX_COPY_SIDE_PX = 400, 2000
"""Pixels of a copy's longest side; smaller pictures are enlarged, larger ones made smaller."""
_SURE, _UNSURE = (178, 114, 0), (0, 94, 213)  # blue and vermilion, in OpenCV's order BGR
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def copy_of(path: Path, folder: Path) -> Path:
    """Where the annotated copy of a file belongs.

    The file's own place below `folder`, so that files of one name in several folders, or of
    several kinds, do not take each other's place.
    """
    parts = [part for part in path.parts if part not in (path.anchor, "..")]
    return folder.joinpath(*parts[:-1], f"{path.name}.png")


def annotate(found: FileReading, folder: Path) -> None:
    """Write the annotated copy of a file that was read. Raises OSError if it cannot be written."""
    if found.reading is None:
        return
    path = Path(found.path)
    written = copy_of(path, folder)
    written.parent.mkdir(parents=True, exist_ok=True)
    _, data = cv2.imencode(".png", drawn(_picture(path), found.reading))
    atomic_write(written, data.tobytes())


def drawn(picture: Colours, reading: Reading) -> Colours:
    """The picture (height, width, 3) BGR in a legible size, with the reading drawn on it."""
    longest = max(picture.shape[:2])
    scale = min(max(MIN_COPY_SIDE_PX / longest, 1.0), MAX_COPY_SIDE_PX / longest)
    way = cv2.INTER_NEAREST if scale > 1 else cv2.INTER_AREA
    canvas = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way)
    # Room above for the labels of characters at the upper edge.
    room = max(24, round(0.06 * max(canvas.shape[:2])))
    edge = tuple(int(value) for value in np.median(canvas.reshape(-1, 3), axis=0))
    canvas = cv2.copyMakeBorder(canvas, room, 0, 0, 0, cv2.BORDER_CONSTANT, value=edge)
    for each in reading.digits:
        _draw(canvas, each, scale, room)
    return np.asarray(canvas, dtype=np.uint8)


def _draw(canvas: MatLike, character: Prediction, scale: float, room: int) -> None:
    assert character.box is not None
    left, top, width, height = (value * scale for value in character.box)
    colour = _SURE if character.sure else _UNSURE
    corners = [(round(x), round(y + room)) for x, y in ((left, top), (left + width, top + height))]
    line = max(1, round(room / 24))
    cv2.rectangle(canvas, corners[0], corners[1], colour, line, cv2.LINE_AA)
    text = character.sign if character.sure else f"{character.sign}?".replace("??", "?")
    place = (corners[0][0], corners[0][1] - 2 * line - 1)
    for thickness, shade in ((4 * line, (255, 255, 255)), (2 * line, colour)):
        cv2.putText(canvas, text, place, _FONT, room / 30, shade, thickness, cv2.LINE_AA)


def _picture(path: Path) -> Colours:
    if path.suffix.lower() != INKML_SUFFIX:
        return np.ascontiguousarray(upright_colours(path)[0][..., ::-1])
    strokes, extent = read_inkml(path)
    width, height = extent or DEFAULT_EXTENT
    paper = 255 - ink.render(strokes, (max(1, round(width)), max(1, round(height))))
    return np.repeat(paper[..., None], 3, axis=2)
