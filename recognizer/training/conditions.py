"""Where reading ends: the same drawings smaller, elsewhere, turned, noisy, blurred, pale …

One thing at a time is changed, as a picture that is saved and opened again would show it, and
two readers get the same picture: ours, and the usual one, which shrinks the whole canvas to
28 × 28 for the same network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer import Recognizer, glyph
from recognizer.training.changes import CONDITIONS, Picture
from recognizer.training.data import Drawing
from recognizer.training.robustness import in_parallel

EVERY = 5
"""Every fifth drawing is enough to see where reading ends, and takes a fifth of the time."""


@dataclass(frozen=True)
class Point:
    """How many of n drawings each reader read right at a level."""

    condition: str
    level: float
    n: int
    ours: int
    usual: int


def read_under(folder: Path, drawings: Sequence[Drawing]) -> list[Point]:
    """Both readers with the model in `folder`, at every level of every condition."""
    jobs = [(number, level) for number, c in enumerate(CONDITIONS) for level in c.levels]
    return in_parallel(partial(_read_at, folder, drawings[::EVERY]), jobs, "changing")


def _read_at(folder: Path, drawings: Sequence[Drawing], job: tuple[int, float]) -> Point:
    recognizer = Recognizer(folder)
    condition, level = CONDITIONS[job[0]], job[1]
    rng = np.random.default_rng([job[0], condition.levels.index(level)])
    pictures = [condition.draw(drawing, level, rng) for drawing in drawings]
    labels = np.array([drawing.digit for drawing in drawings])
    ours = [recognizer.classify_image(picture).digit for picture in pictures]
    usual = recognizer.predict_proba(shrunk(pictures)).argmax(axis=1)
    right = [int(np.sum(answers == labels)) for answers in (np.array(ours, dtype=object), usual)]
    return Point(condition.name, level, len(drawings), *right)


def shrunk(pictures: Sequence[Picture]) -> NDArray[np.uint8]:
    """Whole pictures made 28 × 28, light on dark, as the usual programs do."""
    small = [
        Image.fromarray(255 - picture).resize((glyph.SIZE, glyph.SIZE)) for picture in pictures
    ]
    return np.stack([np.asarray(picture) for picture in small])


def describe(points: Sequence[Point], trained: bool) -> list[dict[str, Any]]:
    """The conditions with their points, as objects of JSON.

    trained: whether the network was trained on the full range of variations.
    """
    return [
        {
            "name": c.name,
            "title": c.title,
            "unit": c.unit,
            "note": c.note,
            "trained": c.trained if trained else None,
            "logarithmic": c.logarithmic,
            "points": [asdict(point) for point in points if point.condition == c.name],
        }
        for c in CONDITIONS
    ]
