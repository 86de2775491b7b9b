"""What is changed about a drawing, one thing at a time, to see where reading ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from recognizer.ink import render
from recognizer.strokes import Stroke
from recognizer.training.data import Drawing
from recognizer.training.robustness import redraw

Picture = NDArray[np.uint8]

CANVAS = 280
"""Side of the picture in pixels, ten for each of a glyph's."""
SIZE, PEN = 0.7, 0.1
"""What is not varied: longest side of the drawing as a share of the canvas, and width of the
pen as a share of that side. MNIST's digits are as large and as thick, so the usual reader
gets what suits it best."""
SIZE_TO_MOVE = 0.4
"""Size of a drawing that is moved about."""
Draw = Callable[[Drawing, float, np.random.Generator], Picture]


@dataclass(frozen=True)
class Condition:
    """One thing that is varied.

    note: what is varied, in words. levels: in `unit`, each drawn by `draw` as a picture, dark
    on light. trained: the range of levels on which the network was trained; None where its
    training does not tell.
    """

    name: str
    title: str
    unit: str
    note: str
    levels: tuple[float, ...]
    draw: Draw
    trained: tuple[float, float] | None = None
    logarithmic: bool = False


def _drawn(
    drawing: Drawing, size: float = SIZE, pen: float = PEN, at: tuple[float, float] = (0.5, 0.5)
) -> Picture:
    """Black on white; pen as a share of the drawing's side."""
    strokes = redraw(drawing, CANVAS, size, pen * size * CANVAS, at)
    return np.asarray(255 - render(strokes, (CANVAS, CANVAS)), dtype=np.uint8)


def _sized(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    return _drawn(drawing, size=level / 100)


def _moved(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    """Away from the middle, towards a corner."""
    corner = rng.choice((-1, 1), 2) * level / 200
    return _drawn(drawing, SIZE_TO_MOVE, at=(0.5 + float(corner[0]), 0.5 + float(corner[1])))


def _penned(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    return _drawn(drawing, pen=level / 100)


def _turned(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    angle = np.radians(level)
    return _bent(
        drawing, np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    )


def _slanted(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    return _bent(drawing, np.array([[1, -np.tan(np.radians(level))], [0, 1]]))


def _bent(drawing: Drawing, matrix: NDArray[np.float64]) -> Picture:
    strokes = tuple(Stroke(stroke.points @ matrix.T) for stroke in drawing.strokes)
    return _drawn(Drawing(strokes, drawing.digit, drawing.writer))


def _noisy(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    noise = rng.normal(0, 255 * level / 100, (CANVAS, CANVAS))
    return np.asarray(np.clip(_drawn(drawing) + noise + 0.5, 0, 255), dtype=np.uint8)


def _blurred(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    blur = ImageFilter.GaussianBlur(level / 100 * SIZE * CANVAS)
    return np.asarray(Image.fromarray(_drawn(drawing)).filter(blur))


def _pale(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    ink = (255 - _drawn(drawing)) * (level / 100)
    return np.asarray(255 - ink + 0.5, dtype=np.uint8)


CONDITIONS = (
    Condition(
        "size",
        "Size",
        "% of the canvas",
        "The drawing’s longest side.",
        (6, 10, 20, 35, 50, 70, 85, 100),
        _sized,
    ),
    Condition(
        "place",
        "Place",
        "% of the way",
        f"From the middle towards a corner, {100 * SIZE_TO_MOVE:.0f} % of the canvas large.",
        (0, 25, 50, 75, 100),
        _moved,
    ),
    Condition(
        "pen",
        "Pen width",
        "% of the drawing",
        "As a share of the drawing’s longest side.",
        (1, 2, 4, 8, 12, 17, 24),
        _penned,
        trained=(2, 24),
        logarithmic=True,
    ),
    Condition(
        "rotation",
        "Rotation",
        "° clockwise",
        "The drawing turned.",
        (-45, -30, -15, 0, 15, 30, 45),
        _turned,
        trained=(-13, 13),
    ),
    Condition(
        "slant",
        "Slant",
        "° to the right",
        "The drawing sheared, as in slanted writing.",
        (-45, -30, -15, 0, 15, 30, 45),
        _slanted,
        trained=(-8.5, 8.5),
    ),
    Condition(
        "noise",
        "Noise",
        "% of black",
        "Standard deviation of every pixel.",
        (0, 10, 20, 40),
        _noisy,
    ),
    Condition(
        "blur",
        "Blur",
        "% of the drawing",
        "Standard deviation, as a share of the drawing’s longest side.",
        (0, 2, 4, 8),
        _blurred,
        trained=(1.5, 4),
    ),
    Condition(
        "contrast",
        "Contrast",
        "% of black",
        "How dark the ink is on white paper.",
        (3, 5, 10, 25, 50, 100),
        _pale,
        logarithmic=True,
    ),
)
"""The ranges that were trained are those of `augment`: its pens, its turning and shearing of
every glyph, and the blur of some; there, 20 pixels of a glyph are the drawing's side."""
