"""Real digits for the tests; tests/data/README.md tells where they are from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.geometry import Points
from recognizer.ink import Ink, render
from recognizer.strokes import Stroke

DATA = Path(__file__).parent / "data"


def mnist() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """50 glyphs of MNIST, (50, 28, 28), and their digits."""
    with Image.open(DATA / "mnist_digits.png") as picture:
        sheet = np.asarray(picture)
    glyphs = sheet.reshape(5, 28, 10, 28).transpose(0, 2, 1, 3).reshape(-1, 28, 28)
    return glyphs, np.tile(np.arange(10), 5)


def pen_digits() -> list[tuple[list[Points], int]]:
    """20 drawings in 500 × 500, y downwards, and their digits."""
    text = (DATA / "pen_digits.json").read_text(encoding="utf-8")
    drawings: list[dict[str, Any]] = json.loads(text)
    return [
        ([np.array(stroke, dtype=np.float64) for stroke in drawing["strokes"]], drawing["digit"])
        for drawing in drawings
    ]


def number(
    digits: Sequence[int], gap: float = 0.15, height: float = 120, top: float = 60
) -> list[list[Points]]:
    """The strokes of each digit of a number, side by side from x = 50 on.

    gap: room between two digits as a share of their height.
    """
    drawings = {digit: strokes for strokes, digit in pen_digits()}
    left, placed = 50.0, []
    for digit in digits:
        points = np.concatenate(drawings[digit])
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = height / size[1]
        placed.append([(line - low) * scale + (left, top) for line in drawings[digit]])
        left += size[0] * scale + gap * height
    return placed


def drawn(
    strokes: list[Points],
    side: int,
    pen: float,
    share: float = 0.6,
    at: tuple[float, float] = (0.5, 0.5),
) -> Ink:
    """A drawing as ink of side × side pixels.

    pen in pixels; share: the digit's longest side over the picture's; at: where it stands,
    from (0, 0) for the left top corner to (1, 1).
    """
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    scale = (share * side - pen) / size.max()
    start = (side - size * scale - pen) * np.array(at) + pen / 2
    return render([Stroke((s - low) * scale + start, pen) for s in strokes], (side, side))


def save_photo(path: Path, upright: Image.Image, turned: int, quality: int) -> None:
    """Save a picture as a camera does that was held so; turned: EXIF's orientation, 1 to 8."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = turned
    lying = upright.transpose(back[turned]) if turned in back else upright
    lying.save(path, exif=exif, quality=quality)


def likeness(a: Ink, b: Ink) -> float:
    """Cosine of the angle between two pictures, a pixel to each side allowed; 1 if alike."""
    shifts = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return max(_cosine(np.roll(a, shift, (0, 1)), b) for shift in shifts)


def _cosine(a: Ink, b: Ink) -> float:
    x, y = a.ravel().astype(float), b.ravel().astype(float)
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))
