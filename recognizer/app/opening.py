"""Files to what the canvas shows: the strokes of InkML, or a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from recognizer.app.canvas import Area
from recognizer.ink import USUAL
from recognizer.inkml import read_inkml
from recognizer.reading import Reading, Recognizer
from recognizer.strokes import Box, Stroke, bounds

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
READABLE = (".inkml", *PICTURES)
LARGEST_SHOWN = 1600
"""A picture is kept for showing with at most so many pixels a side."""
THINNEST, THICKEST = 2.0, 40.0
"""Pen widths in the sketch's unit; see `canvas.SIDE`."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture that was opened, and what it was read as.

    path: None if it was pasted. pixels: (height, width, 3) uint8, as it is shown. size: its
    own (width, height) in pixels, which the boxes of the reading are in.
    """

    path: Path | None
    pixels: NDArray[np.uint8]
    size: tuple[int, int]
    reading: Reading


def open_file(path: Path, recognizer: Recognizer, area: Area) -> tuple[Stroke, ...] | Picture:
    """Strokes that fill the area (left, top, width, height) as they filled theirs, or a picture.

    A picture that this program saved has its strokes beside it; they are what is opened.
    Raises ValueError that names the file and the trouble.
    """
    path = source(path)
    if path.suffix.lower() != ".inkml":
        return _picture(path, recognizer)
    strokes, extent = read_inkml(path)
    if not strokes:
        raise ValueError(f"{path} holds no strokes.")
    return _placed(strokes, extent, area)


def source(path: Path) -> Path:
    """The strokes that a picture was made of, if this program made it; else the path itself."""
    strokes = path.with_suffix(".inkml")
    ours = path.suffix.lower() in PICTURES and path.name.startswith("sketch-")
    return strokes if ours and strokes.exists() else path


def picture_of(image: Image.Image, recognizer: Recognizer) -> Picture:
    """A picture that is in no file. Raises ValueError that says what is wrong with it."""
    pixels = np.asarray(image.convert("RGBA"))
    return _shown(None, image, recognizer.read_image(pixels))


def _picture(path: Path, recognizer: Recognizer) -> Picture:
    reading = recognizer.read_image(path)
    try:
        with Image.open(path) as file:
            return _shown(path, ImageOps.exif_transpose(file), reading)
    except (OSError, ValueError, SyntaxError) as error:
        raise ValueError(f"{path} cannot be shown: {error}") from None


def _shown(path: Path | None, image: Image.Image, reading: Reading) -> Picture:
    size, shown = image.size, image.convert("RGBA")
    shown.thumbnail((LARGEST_SHOWN, LARGEST_SHOWN))
    paper = Image.new("RGBA", shown.size, "white")
    pixels = np.asarray(Image.alpha_composite(paper, shown).convert("RGB"))
    return Picture(path, pixels, size, reading)


def _placed(
    strokes: tuple[Stroke, ...], extent: tuple[float, float] | None, area: Area
) -> tuple[Stroke, ...]:
    """The strokes in the middle of the area, as large as the whole of their writing area fits."""
    box = bounds(strokes) or (0.0, 0.0, 1.0, 1.0)
    paper = _with_margin(box) if extent is None else _together(box, extent)
    width, height = paper[2] - paper[0], paper[3] - paper[1]
    scale = min(area[2] / width, area[3] / height)
    left = area[0] + (area[2] - width * scale) / 2 - paper[0] * scale
    top = area[1] + (area[3] - height * scale) / 2 - paper[1] * scale
    usual = USUAL * max(box[2] - box[0], box[3] - box[1])
    return tuple(
        replace(
            stroke,
            points=stroke.points * scale + (left, top),
            width=_pen((stroke.width or usual) * scale),
        )
        for stroke in strokes
    )


def _pen(width: float) -> float:
    return min(max(width, THINNEST), THICKEST)


def _with_margin(box: Box) -> Box:
    margin = max(box[2] - box[0], box[3] - box[1], 1.0) / 4
    return box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin


def _together(box: Box, extent: tuple[float, float]) -> Box:
    """The writing area, larger where ink lies outside of it."""
    return min(box[0], 0.0), min(box[1], 0.0), max(box[2], extent[0]), max(box[3], extent[1])
