"""A slash in a zero is told by geometry."""

import numpy as np
import pytest

from recognizer.datasets.slashed_zeros import is_slashed_zero
from recognizer.strokes import Stroke

TURNS = np.linspace(-1.6, 4.6, 40)
RING = np.stack([30 * np.cos(TURNS), 50 * np.sin(TURNS)], axis=1)
SLASH = np.array([[25.0, -60.0], [-25.0, 60.0]])
SIDEWAYS = np.array([70.0, 0.0])


def turned(points: np.ndarray, angle: float) -> np.ndarray:
    way = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(points @ way.T * 3 + 700)


SLASHED = {
    "a slash that reaches out": [RING, SLASH],
    "one that begins far above": [RING, SLASH - SLASH[0] * 0.3 + SLASH[0] * 0.5],
    "a short one": [RING, SLASH * 0.4],
    "the slash first": [SLASH, RING],
    "a bar": [RING, np.array([[-40.0, 3.0], [40.0, 0.0]])],
    "without lifting the pen": [np.concatenate([RING, SLASH])],
}
PLAIN = {
    "a ring": [RING],
    "in two strokes": [RING[:20], RING[19:]],
    "with a hook from above": [np.concatenate([[[4.0, -10.0]], RING])],
    "two of them": [RING, RING + SIDEWAYS],
    "three of them": [RING, RING + SIDEWAYS, RING + 2 * SIDEWAYS],
    "a bar alone": [SLASH],
    "a dot": [np.array([[4.0, 4.0]])],
}


@pytest.mark.parametrize("angle", [0.0, 0.5])
@pytest.mark.parametrize("name", [*SLASHED, *PLAIN])
def test_a_slash_is_found_where_there_is_one(name: str, angle: float) -> None:
    lines = SLASHED.get(name) or PLAIN[name]
    strokes = [Stroke(turned(line, angle)) for line in lines]
    assert is_slashed_zero(strokes) == (name in SLASHED)
