"""Copies of what was read, with a box around every character and its label above."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from recognizer import ink
from recognizer.batch.results import DEFAULT_EXTENT, INKML_SUFFIX, FileReading
from recognizer.files import atomic_write
from recognizer.geometry import Points
from recognizer.images import upright_colours
from recognizer.inkml import read_inkml
from recognizer.reading import Prediction, Reading
from recognizer.strokes import transformed

Colours = NDArray[np.uint8]

MIN_COPY_SIDE_PX, MAX_COPY_SIDE_PX = 400, 2000
"""Pixels of a copy's longest side; smaller pictures are enlarged, larger ones made smaller."""
_SURE, _UNSURE = (178, 114, 0), (0, 94, 213)  # blue and vermilion, in OpenCV's order BGR
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_ABOVE, _ROOT = "(above)", "(root)"
"""Folders that stand for `..` and for the root of a path."""
MAX_NAME_BYTES = 240
"""Of a copy's name; a longer one is cut and made distinct by a hash."""
_NAME_TROUBLES = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.EEXIST, errno.EISDIR)
"""What is wrong with one copy's place; all else, as a full disk, would be with the next one's."""
MAX_LINE_POINTS = 20_000
"""Points of a drawing in a copy, about."""
_MAX_PLACE_PX = 30_000
"""OpenCV draws nothing that lies further off."""


def copy_of(path: Path, folder: Path) -> Path:
    """Where the annotated copy of a file belongs.

    The file's own place below `folder`, so that files of one name in several folders, or of
    several kinds, do not take each other's place.
    """
    parts = [_ROOT if part == path.anchor else part for part in path.parts]
    parts = [_ABOVE if part == ".." else part for part in parts]
    return folder.joinpath(*parts[:-1], _short(f"{parts[-1] if parts else _ABOVE}") + ".png")


def _short(name: str) -> str:
    data = name.encode("utf-8", "surrogateescape")
    if len(data) <= MAX_NAME_BYTES:
        return name
    sign = hashlib.sha256(data).hexdigest()[:16]
    return f"{data[: MAX_NAME_BYTES - 20].decode('utf-8', 'ignore')}-{sign}"


def annotate(found: FileReading, folder: Path) -> FileReading:
    """Write the annotated copy of a file that was read; returns its reading.

    That is an error if the copy has no possible place. Raises OSError if there is no room for it.
    """
    if found.reading is None:
        return found
    path = Path(found.path)
    written = copy_of(path, folder)
    try:
        picture, size = _drawing(path) if path.suffix.lower() == INKML_SUFFIX else _picture(path)
        _, data = cv2.imencode(".png", drawn(picture, size, found.reading))
        written.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(written, data.tobytes())
    except ValueError as error:
        return FileReading(found.path, None, f"{path} has changed: {error}")
    except OSError as error:
        if error.errno not in _NAME_TROUBLES:
            raise
        reason = f"{path} is read, but its copy cannot be written: {error.strerror}"
        return FileReading(found.path, None, reason)
    return found


def drawn(picture: Colours, size: tuple[float, float], reading: Reading) -> Colours:
    """The picture (height, width, 3) BGR in a legible size, with the reading drawn on it.

    size: its (width, height) in the unit of the reading's boxes.
    """
    width, height = _copy_size(picture.shape[1], picture.shape[0])
    way = cv2.INTER_NEAREST if width > picture.shape[1] else cv2.INTER_AREA
    canvas = cv2.resize(picture, (width, height), interpolation=way)
    # Room above for the labels of characters at the upper edge.
    room = max(24, round(0.06 * max(width, height)))
    edge = tuple(int(value) for value in np.median(canvas.reshape(-1, 3), axis=0))
    canvas = cv2.copyMakeBorder(canvas, room, 0, 0, 0, cv2.BORDER_CONSTANT, value=edge)
    for each in reading.digits:
        _draw(canvas, each, (width / size[0], height / size[1]), room)
    return np.asarray(canvas, dtype=np.uint8)


def _copy_size(width: float, height: float) -> tuple[int, int]:
    """The width and height of a copy in pixels."""
    longest = max(width, height)
    scale = min(max(MIN_COPY_SIDE_PX / longest, 1.0), MAX_COPY_SIDE_PX / longest)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _draw(canvas: MatLike, character: Prediction, scale: tuple[float, float], room: int) -> None:
    assert character.box is not None
    corners = [character.box.corner, (character.box.right, character.box.bottom)]
    (left, top), (right, bottom) = _places(np.array(corners) * scale).tolist()
    colour = _SURE if character.sure else _UNSURE
    line = max(1, round(room / 24))
    cv2.rectangle(canvas, (left, top + room), (right, bottom + room), colour, line, cv2.LINE_AA)
    text = character.sign if character.sure else f"{character.sign}?".replace("??", "?")
    place = (left, top + room - 2 * line - 1)
    for thickness, shade in ((4 * line, (255, 255, 255)), (2 * line, colour)):
        cv2.putText(canvas, text, place, _FONT, room / 30, shade, thickness, cv2.LINE_AA)


def _places(points: Points) -> NDArray[np.int32]:
    return np.asarray(np.clip(np.rint(points), -_MAX_PLACE_PX, _MAX_PLACE_PX), dtype=np.int32)


def _picture(path: Path) -> tuple[Colours, tuple[float, float]]:
    colours, size = upright_colours(path, MAX_COPY_SIDE_PX)
    return np.ascontiguousarray(colours[..., ::-1]), size


def _drawing(path: Path) -> tuple[Colours, tuple[float, float]]:
    """An InkML file's strokes on white, for a person to look at, and its writing area."""
    strokes, extent = read_inkml(path)
    area = extent or DEFAULT_EXTENT
    size = _copy_size(*area)
    canvas = np.full((size[1], size[0], 3), 255, dtype=np.uint8)
    scale = size[0] / area[0] if area[0] >= area[1] else size[1] / area[1]
    lines = transformed(strokes, scale)
    step = max(0.5, sum(ink.length(line.points) for line in lines) / MAX_LINE_POINTS)
    for line in lines:
        pen = min(max(1, round(line.width or 1)), max(size))
        points = _places(ink.thin_out(line.points, step))[:, None]
        cv2.polylines(canvas, [points], False, (0, 0, 0), pen, cv2.LINE_AA)
    return canvas, area
