"""Characters as they stand on a line: drawn by a pen, photographed, or of a font."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from string import digits
from typing import NamedTuple

import cv2
import matplotlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from recognizer.geometry import Points
from recognizer.strokes import Stroke, bounds
from recognizer.training.made_sums import MAX_WIDTH_SHARE, SIGN_SIZES
from recognizer.training.pen import Rng, chance

FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSerif")
"""Those that matplotlib brings."""
FONT_PX = 64
DESCENDERS, DESCENT = "gjpqy", 0.3
"""Letters that reach below the line, by this share of their height."""


class Placed(NamedTuple):
    """A character in heights of a digit, its box's left bottom corner at (0, 0), y downwards.

    Either lines of a pen, or a picture with its scale.
    """

    lines: list[Points]
    picture: NDArray[np.uint8] | None
    width: float
    height: float
    low: float
    """How far its bottom is above the base line."""


@lru_cache
def of_font(name: str, label: str) -> Placed:
    """A character of a font, as high and as large as it is beside that font's 0."""
    font = ImageFont.truetype(
        Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}.ttf"), FONT_PX
    )
    left, top, right, bottom = font.getbbox(label, anchor="ls")
    picture = Image.new("L", (int(right - left), int(bottom - top)))
    ImageDraw.Draw(picture).text((-left, -top), label, 255, font, anchor="ls")
    unit = -font.getbbox("0", anchor="ls")[1]
    return Placed(
        [], np.asarray(picture), picture.width / unit, picture.height / unit, -bottom / unit
    )


def of_strokes(strokes: Sequence[Stroke], label: str, unit: float | None, rng: Rng) -> Placed:
    """A drawing as large and as high as people write it, more or less, and a little changed.

    unit: what turns its own into that of its writer's usual character; None for a composed sign.
    """
    box = bounds(strokes)
    lines = [stroke.points - box.middle for stroke in strokes]
    matrix = np.diag(np.exp(rng.normal(0, 0.07, 2))) @ slanted(rng.normal(0, 5), rng.normal(0, 0.1))
    lines = _bent([each @ matrix.T for each in lines], max(box.side, 1e-6), rng)
    whole = np.concatenate(lines)
    low, high = whole.min(axis=0), whole.max(axis=0)
    width, height = np.maximum(high - low, 1e-6).tolist()
    scale, foot = _size(label, width, height, unit, rng)
    moved = [(each - (low[0], high[1])) * scale for each in lines]
    return Placed(moved, None, width * scale, height * scale, foot)


def _size(
    label: str, width: float, height: float, unit: float | None, rng: Rng
) -> tuple[float, float]:
    """The scale of a character, and how high its foot is above the base line."""
    off = rng.normal(0, 0.04)
    if label in SIGN_SIZES:
        least, most, middle = SIGN_SIZES[label]
        scale = rng.uniform(least, most) / max(width, height)
        return scale, middle - height * scale / 2 + off
    if label in digits or unit is None:
        even = chance(rng, 0.75)
        most = min(1 / height, MAX_WIDTH_SHARE / width)
        return most * float(rng.uniform(*((0.88, 1.06) if even else (0.65, 1.2)))), off
    scale = unit * float(rng.uniform(0.9, 1.1))
    return scale, off - (DESCENT * height * scale if label in DESCENDERS else 0.0)


def of_picture(picture: NDArray[np.uint8], rng: Rng) -> Placed:
    x, y, width, height = cv2.boundingRect((picture > 60).astype(np.uint8))
    cut = picture[y : y + height, x : x + width]
    scale = min(1 / height, MAX_WIDTH_SHARE / width) * rng.uniform(0.85, 1.1)
    return Placed([], np.ascontiguousarray(cut), width * scale, height * scale, rng.normal(0, 0.04))


def slanted(degrees: float, slant: float) -> NDArray[np.float64]:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.asarray(turn @ np.array([[1, slant], [0, 1]]))


def _bent(lines: list[Points], side: float, rng: Rng) -> list[Points]:
    """The lines, bent by a slow wave along each axis."""
    waves, phases = rng.normal(0, 0.03, (2, 2)), rng.uniform(0, 2 * np.pi, (2, 2))
    bent = []
    for each in lines:
        at = each / side
        shift = waves[0] * np.sin(np.pi * at[:, ::-1] + phases[0])
        shift += waves[1] * np.sin(2 * np.pi * at + phases[1])
        bent.append(each + shift * side)
    return bent
