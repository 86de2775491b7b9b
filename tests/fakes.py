"""Recognizers without a network: they compare with drawings, such as the ten of the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from recognizer import glyph, ink
from recognizer.files import SAVED_MODEL
from recognizer.inkml import demo_drawings
from recognizer.model import Features, Model, Probabilities
from recognizer.model.card import load
from recognizer.model.stages import SeenStages, StageFacts
from recognizer.reading import Reading, Recognizer
from recognizer.strokes import Cache, Stroke, bounds, transformed


class NearestModel(Model):
    """Knows the glyphs of drawings, by label; its card is the saved model's, but for `sure`.

    softness: how little likelier a nearer drawing is. learns: whether it tells its features.
    """

    def __init__(
        self,
        drawings: Mapping[str, Sequence[Stroke]],
        threshold: float,
        softness: float,
        *,
        learns: bool = True,
    ) -> None:
        self._softness, self._learns = softness, learns
        self.folder = Path("made")
        self.card = replace(
            load(SAVED_MODEL),
            labels=tuple(drawings),
            acceptance_thresholds={"digits": threshold},
        )
        inks = [ink.render_to_fit(strokes, (500, 500)) for strokes in drawings.values()]
        self._known = np.stack([glyph.normalize(drawn) for drawn in inks]).astype(np.float32) / 255

    @property
    def gives_features(self) -> bool:
        return self._learns

    def see(self, glyphs: Any, directions: Any = None) -> tuple[Probabilities, Features]:
        pixels = np.asarray(glyphs, dtype=np.float32).reshape(len(glyphs), -1)
        return self.predict_proba(glyphs, directions), pixels

    def predict_proba(self, glyphs: Any, directions: Any = None) -> Probabilities:
        seen = np.asarray(glyphs, dtype=np.float32)[:, None] / 255
        differences = ((self._known - seen) ** 2).sum(axis=(2, 3))
        weights = np.exp((differences.min(axis=1, keepdims=True) - differences) / self._softness)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


def _ring(x: float, y: float) -> list[tuple[float, float]]:
    angles = np.linspace(0, 2 * np.pi, 16)
    return [(x + 13 * np.cos(a), y + 13 * np.sin(a)) for a in angles.tolist()]


SIGN_LINES: dict[str, list[list[tuple[float, float]]]] = {
    "+": [[(30, 20), (30, 80)], [(0, 50), (60, 50)]],
    "−": [[(0, 50), (60, 50)]],
    "×": [[(0, 25), (50, 75)], [(50, 25), (0, 75)]],
    "·": [[(0, 48), (3, 51)]],
    "÷": [[(29, 26), (31, 28)], [(0, 50), (60, 50)], [(29, 72), (31, 74)]],
    "/": [[(50, -10), (0, 105)]],
    "=": [[(0, 38), (60, 38)], [(0, 62), (60, 62)]],
    "(": [[(30, -10), (5, 25), (5, 75), (30, 110)]],
    ")": [[(0, -10), (25, 25), (25, 75), (0, 110)]],
    ".": [[(0, 95), (3, 98)]],
    ",": [[(14, 88), (16, 100), (0, 116)]],
    ":": [[(0, 38), (3, 41)], [(0, 80), (3, 83)]],
    "<": [[(60, 20), (0, 50), (60, 80)]],
    ">": [[(0, 20), (60, 50), (0, 80)]],
    "%": [_ring(13, 20), [(70, 0), (8, 100)], _ring(65, 82)],
}
"""The signs on a line 100 high, whose base line is at 100, y downwards."""


def sign_drawings() -> dict[str, list[Stroke]]:
    """The demo's digits and the signs, all on a line 100 high."""
    found = {}
    for digit, strokes in sorted(demo_drawings().items()):
        box = bounds(strokes)
        found[str(digit)] = list(transformed(strokes, 100 / box.height, origin=box.corner))
    for sign, lines in SIGN_LINES.items():
        found[sign] = [Stroke(np.array(line, dtype=np.float64)) for line in lines]
    return found


def written_sum(text: str, gap: float = 30, size: float = 1.0) -> list[Stroke]:
    """The characters of a text side by side, each as `sign_drawings` has it."""
    strokes: list[Stroke] = []
    left = 50.0
    for sign in text:
        drawn = sign_drawings()[sign]
        box = bounds(drawn)
        strokes += transformed(drawn, size, origin=(box.x, 0.0), to=(left, 60.0))
        left += (box.width + gap) * size
    return strokes


class NearestSign(Recognizer):
    """Reads digits and signs as the drawing that their glyph is most like."""

    def __init__(self, labels: str = "sums") -> None:
        self._model = NearestModel(sign_drawings(), threshold=0.9, softness=3.0)
        self._asked = labels


class NearestDrawing(Recognizer):
    """Reads a digit as the drawing that its glyph is most like; counts how often it read.

    learns: whether its model tells what it judges by.
    """

    readings = 0

    def __init__(
        self, threshold: float = 0.5, softness: float = 6.0, *, learns: bool = True
    ) -> None:
        drawings = {str(digit): strokes for digit, strokes in sorted(demo_drawings().items())}
        self._model = NearestModel(drawings, threshold, softness, learns=learns)

    def read_strokes(
        self, drawing: Iterable[Any], extent: Any = (500, 500), cache: Cache | None = None
    ) -> Reading:
        self.readings += 1
        return super().read_strokes(drawing, extent, cache)


def made_stages(asked: list[Any]) -> Callable[..., Any]:
    """What opens stages that are made of the glyph alone; notes what each look asked for."""
    sides = ((26, 3), (12, 5), (8, 13), (2, 25))
    facts = tuple(
        StageFacts(side, 4, sees, (sees - 1) / 2, 1 if side == 26 else 2, (2, 0, 1, 3))
        for side, sees in sides
    )

    class MadeStages:
        def __init__(self, *_: Any) -> None:
            pass

        def see(self, picture: glyph.Glyph, directions: Any, wanted: Any) -> SeenStages:
            asked.append(wanted)
            maps = [
                np.stack([np.roll(_small(picture, side), n, axis=0) for n in range(4)], axis=2)
                for side, _ in sides
            ]
            return SeenStages(facts, tuple(maps), _small(picture, 12) - 0.3)

    return MadeStages


def _small(picture: glyph.Glyph, side: int) -> Any:
    at = (np.arange(side) + 0.5) * len(picture) / side
    return (picture[np.ix_(at.astype(int), at.astype(int))] / 255).astype(np.float32)
