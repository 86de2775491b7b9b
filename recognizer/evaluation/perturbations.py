"""Perturbations: the same drawings smaller, elsewhere, turned, noisy, blurred, pale …

A perturbation changes one thing, as a picture that is saved and opened again would show it.
Two readers get the same picture: ours, and the usual one, which shrinks the whole canvas to
28 × 28 for the same network.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from recognizer import Recognizer, glyph, ink
from recognizer.datasets import Drawing, Images
from recognizer.datasets.pendigits import TABLET_SIDE
from recognizer.evaluation.robustness import redraw
from recognizer.processes import in_parallel
from recognizer.strokes import Stroke, transformed
from recognizer.training.synthesis import class_numbers

Picture = NDArray[np.uint8]
Draw = Callable[[Drawing, float, np.random.Generator], Picture]
CANVAS_SIDE_PX = 280
CANVAS_SIZE_PX = (CANVAS_SIDE_PX, CANVAS_SIDE_PX)
"""Side of the picture in pixels, ten for each of a glyph's."""
WHOLE_CANVAS_PEN_PX = 20
"""Width of the pen where nothing is cropped: shrunk, it is about as wide as MNIST's."""
DRAWING_SHARE, PEN_SHARE = 0.7, 0.1
"""What is not varied: longest side of the drawing as a share of the canvas, and width of the
pen as a share of that side. MNIST's digits are as large and as thick, so the usual reader
gets what suits it best."""
MOVED_DRAWING_SHARE = 0.4
"""Size of a drawing that is moved about."""
ANGLES_DEG = (-45, -30, -15, 0, 15, 30, 45)
EVERY_NTH_DRAWING = 5
"""Every fifth drawing is enough to see where reading ends, and takes a fifth of the time."""


@dataclass(frozen=True)
class Perturbation:
    """One thing that is changed, at several levels.

    note: what is changed, in words. levels: in `unit`, each drawn by `draw` as a picture, dark
    on light. trained: the range of levels on which the network was trained; None where its
    training does not tell.
    """

    name: str
    unit: str
    note: str
    levels: tuple[float, ...]
    draw: Draw
    trained: tuple[float, float] | None = None
    logarithmic: bool = False


def _drawn(
    drawing: Drawing,
    size: float = DRAWING_SHARE,
    pen: float = PEN_SHARE,
    at: tuple[float, float] = (0.5, 0.5),
) -> Picture:
    """Black on white; pen as a share of the drawing's side."""
    strokes = redraw(drawing, CANVAS_SIDE_PX, size, pen * size * CANVAS_SIDE_PX, at)
    return np.asarray(255 - ink.render(strokes, CANVAS_SIZE_PX), dtype=np.uint8)


def _moved(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    """Away from the middle, towards a corner."""
    across, down = (0.5 + rng.choice((-1, 1), 2) * level / 200).tolist()
    return _drawn(drawing, MOVED_DRAWING_SHARE, at=(across, down))


def _turned(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    cos, sin = np.cos(np.radians(level)), np.sin(np.radians(level))
    return _bent(drawing, np.array([[cos, -sin], [sin, cos]]))


def _slanted(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    return _bent(drawing, np.array([[1, -np.tan(np.radians(level))], [0, 1]]))


def _bent(drawing: Drawing, matrix: NDArray[np.float64]) -> Picture:
    strokes = tuple(Stroke(stroke.points @ matrix.T) for stroke in drawing.strokes)
    return _drawn(Drawing(strokes, drawing.label, drawing.writer))


def _noisy(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    noise = rng.normal(0, 255 * level / 100, CANVAS_SIZE_PX)
    return np.asarray(np.clip(_drawn(drawing) + noise + 0.5, 0, 255), dtype=np.uint8)


def _blurred(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    blur = ImageFilter.GaussianBlur(level / 100 * DRAWING_SHARE * CANVAS_SIDE_PX)
    return np.asarray(Image.fromarray(_drawn(drawing)).filter(blur))


def _pale(drawing: Drawing, level: float, rng: np.random.Generator) -> Picture:
    paled = (255 - _drawn(drawing)) * (level / 100)
    return np.asarray(255 - paled + 0.5, dtype=np.uint8)


PERTURBATIONS = (
    Perturbation(
        "size",
        "% of the canvas",
        "The drawing’s longest side.",
        (6, 10, 20, 35, 50, 70, 85, 100),
        lambda drawing, level, rng: _drawn(drawing, size=level / 100),
    ),
    Perturbation(
        "place",
        "% of the way",
        f"From the middle towards a corner, {100 * MOVED_DRAWING_SHARE:.0f} % of the canvas large.",
        (0, 25, 50, 75, 100),
        _moved,
    ),
    Perturbation(
        "pen width",
        "% of the drawing",
        "As a share of the drawing’s longest side.",
        (1, 2, 4, 8, 12, 17, 24),
        lambda drawing, level, rng: _drawn(drawing, pen=level / 100),
        trained=(2, 24),
        logarithmic=True,
    ),
    Perturbation(
        "rotation", "° clockwise", "The drawing turned.", ANGLES_DEG, _turned, trained=(-13, 13)
    ),
    Perturbation(
        "slant",
        "° to the right",
        "The drawing sheared, as in slanted writing.",
        ANGLES_DEG,
        _slanted,
        trained=(-8.5, 8.5),
    ),
    Perturbation(
        "noise", "% of black", "Standard deviation of every pixel.", (0, 10, 20, 40), _noisy
    ),
    Perturbation(
        "blur",
        "% of the drawing",
        "Standard deviation, as a share of the drawing’s longest side.",
        (0, 2, 4, 8),
        _blurred,
        trained=(1.5, 4),
    ),
    Perturbation(
        "contrast",
        "% of black",
        "How dark the ink is on white paper.",
        (3, 5, 10, 25, 50, 100),
        _pale,
        logarithmic=True,
    ),
)
"""The ranges that were trained are those of `augment`: its pens, its turning and shearing of
every glyph, and the blur of some; there, 20 pixels of a glyph are the drawing's side."""


@dataclass(frozen=True)
class PerturbationPoint:
    """How many of n drawings each reader read right at a level."""

    perturbation: str
    level: float
    n: int
    ours: int
    usual: int


def read_perturbed(folder: Path, drawings: Sequence[Drawing]) -> list[PerturbationPoint]:
    """Both readers with the model in `folder`, at every level of every perturbation."""
    jobs = [(number, level) for number, p in enumerate(PERTURBATIONS) for level in p.levels]
    some = drawings[::EVERY_NTH_DRAWING]
    return in_parallel(partial(_read_at, folder, some), jobs, "perturbing")


def _read_at(
    folder: Path, drawings: Sequence[Drawing], job: tuple[int, float]
) -> PerturbationPoint:
    recognizer = Recognizer(folder)
    perturbation, level = PERTURBATIONS[job[0]], job[1]
    rng = np.random.default_rng([job[0], perturbation.levels.index(level)])
    pictures = [perturbation.draw(drawing, level, rng) for drawing in drawings]
    ours = [recognizer.classify_image(picture).label for picture in pictures]
    usual = recognizer.predict_proba(shrunk(pictures)).argmax(axis=1)
    truth = [drawing.label for drawing in drawings]
    right = (
        sum(map(operator.eq, labels, truth))
        for labels in (ours, [recognizer.labels[number] for number in usual])
    )
    return PerturbationPoint(perturbation.name, level, len(drawings), *right)


def shrunk(pictures: Sequence[Picture]) -> NDArray[np.uint8]:
    """Whole pictures made 28 × 28, light on dark, as the usual programs do."""
    small = (glyph.SIZE_PX, glyph.SIZE_PX)
    return np.stack([np.asarray(Image.fromarray(255 - one).resize(small)) for one in pictures])


def describe_perturbations(
    points: Sequence[PerturbationPoint], trained: bool
) -> list[dict[str, Any]]:
    """The perturbations with their points, as objects of JSON.

    trained: whether the network was trained on the full range of variations.
    """
    return [
        {"name": p.name, "unit": p.unit, "note": p.note, "trained": p.trained if trained else None}
        | {
            "logarithmic": p.logarithmic,
            "points": [asdict(point) for point in points if point.perturbation == p.name],
        }
        for p in PERTURBATIONS
    ]


def canvas(drawing: Drawing) -> ink.Ink:
    """The drawing at the size and place that its writer chose, (280, 280)."""
    scale = CANVAS_SIDE_PX / TABLET_SIDE
    strokes = transformed(drawing.strokes, scale, pen=WHOLE_CANVAS_PEN_PX)
    return ink.render(strokes, CANVAS_SIZE_PX)


def whole_canvas(drawings: Sequence[Drawing]) -> Images:
    """The usual way: the whole canvas made 28 × 28, nothing cropped and nothing centred."""
    glyphs = shrunk([255 - canvas(drawing) for drawing in drawings])
    return Images(glyphs, class_numbers(drawings))


def normalized(drawings: Sequence[Drawing]) -> Images:
    """The same canvases as glyphs."""
    glyphs = [glyph.normalize(canvas(drawing)) for drawing in drawings]
    return Images(np.stack(glyphs), class_numbers(drawings))
