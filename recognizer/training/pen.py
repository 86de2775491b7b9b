"""Lines as a hand draws them: at uneven speed, a little bent and shaky, corners more or less round.

A path is a line that the pen is to follow, points (n, 2) in any unit, y downwards.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Box, Points
from recognizer.ink import smooth
from recognizer.strokes import Stroke

Rng = np.random.Generator
Paths = list[Points]
MAX_SHAKE_SHARE, MAX_ROUNDING_SHARE = 0.025, 0.05
"""How far a hand strays, as a standard deviation, and how long its corners are, of the drawing."""
STEP_SHARES = 0.015, 0.08
"""Between two points of a stroke, as shares of the drawing's longest side."""
MAX_MISS_SHARE = 0.05
"""So much of an outline's length is left open, or drawn twice, at most."""
_PATH_POINTS = 200
_MIN_POINTS = 4


def along(path: Points, shares: NDArray[np.float64]) -> Points:
    """The points at these shares (0..1) of a path's length."""
    ends = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    at = shares * ends[-1]
    return np.stack([np.interp(at, ends, path[:, axis]) for axis in (0, 1)], axis=1)


def polyline(*corners: tuple[float, float]) -> Points:
    """A path with these corners."""
    return np.array(corners, dtype=np.float64)


SQUARE = polyline((-1, -1), (1, -1), (1, 1), (-1, 1))


def regular(number: int) -> Points:
    """The corners of a regular polygon around (0, 0), the first at the top."""
    angles = np.arange(number) * 2 * np.pi / number
    return np.stack([np.sin(angles), -np.cos(angles)], axis=1)


def rays(rng: Rng, number: int, start: float, end: float) -> Paths:
    """Lines outwards from (0, 0), all around, between these distances from it."""
    directions = turned([regular(number)], rng.uniform(0, 90))[0]
    ends = [(d * start, d * end * rng.uniform(0.8, 1.1)) for d in directions]
    return [line((a[0], a[1]), (b[0], b[1]), rng) for a, b in ends]


def moved(path: Points, right: float, down: float) -> Points:
    """A path elsewhere."""
    return np.asarray(path + np.array((right, down)))


def mirrored(paths: Paths, rng: Rng) -> Paths:
    """The paths as they are, or left and right exchanged."""
    return [path * (-1, 1) for path in paths] if chance(rng) else paths


def chance(rng: Rng, share: float = 0.5) -> bool:
    """Whether something happens that does so in this share of the cases."""
    return bool(rng.random() < share)


def between(rng: Rng, least: int, most: int) -> int:
    """A whole number between these, both included."""
    return int(rng.integers(least, most, endpoint=True))


def arc(start: float, end: float, radius: float | tuple[float, float] = 1.0) -> Points:
    """A part of an ellipse around (0, 0), between two angles in degrees: 0 right, 90 below."""
    angles = np.radians(np.linspace(start, end, _PATH_POINTS // 4))
    return np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius


def curve(points: Points, rng: Rng, jitter: float) -> Points:
    """A bent line through points, each of them shifted at random; jitter: standard deviation."""
    shifted = points + rng.normal(0, jitter, points.shape)
    return smooth(shifted * 100) / 100


def turned(paths: Sequence[Points], degrees: float) -> Paths:
    """Paths turned around (0, 0), clockwise."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return [path @ np.array([[cos, sin], [-sin, cos]]) for path in paths]


def outline(corners: Points, rng: Rng, starts: Sequence[int] = ()) -> Points:
    """A closed line in one go, either way round, that misses its start or passes it a little.

    starts: the corners where it may begin; empty for all.
    """
    first = int(rng.choice(starts or range(len(corners))))
    once = np.roll(corners, -first, axis=0)
    if chance(rng):
        once = np.roll(once[::-1], 1, axis=0)
    twice = np.vstack([once, once, once[:1]])
    end = (1 + rng.uniform(-MAX_MISS_SHARE, MAX_MISS_SHARE)) / 2
    shares = np.linspace(0, end, _PATH_POINTS)
    astray = rng.normal(0, MAX_MISS_SHARE / 2, 2) * np.ptp(corners, axis=0)
    return along(twice, shares) + np.outer(shares, astray)


def ring(rng: Rng, radius: float = 1.0, at: tuple[float, float] = (0, 0)) -> Points:
    """A ring in one go; most hands begin near its top."""
    start = rng.normal(-90, 40)
    round_ = arc(start, start + 360, radius)[:-1] * np.exp(rng.normal(0, 0.08, 2))
    return outline(round_, rng, starts=(0,)) + at


def sides(corners: Points, rng: Rng, whole_share: float = 0.6) -> Paths:
    """A closed line in one go, or in several lines from corner to corner, in any order.

    whole_share: how often it is drawn in one go.
    """
    if chance(rng, whole_share):
        return [outline(corners, rng)]
    number = len(corners)
    cuts = np.sort(rng.choice(number, between(rng, 2, number), replace=False))
    ends = [*cuts[1:], cuts[0] + number]
    runs = [corners[np.arange(a, b + 1) % number] for a, b in zip(cuts, ends, strict=True)]
    return shuffled([stretched(run, rng) for run in runs], rng)


def shuffled(paths: Sequence[Points], rng: Rng) -> Paths:
    """Paths in any order, each in either direction."""
    return [paths[at][:: rng.choice((1, -1))] for at in rng.permutation(len(paths))]


def stretched(path: Points, rng: Rng) -> Points:
    """A path whose ends lie a little too far, or not far enough."""
    found = path.copy()
    for end, next_ in ((0, 1), (-1, -2)):
        found[end] += (path[end] - path[next_]) * rng.uniform(-0.04, 0.08)
    return found


def line(start: tuple[float, float], end: tuple[float, float], rng: Rng) -> Points:
    """A line that is straight but for a slight bow."""
    ends = polyline(start, end)
    across = np.array([-1, 1]) * (ends[1] - ends[0])[::-1]
    bow = np.sin(np.linspace(0, np.pi, 9))[:, None] * rng.normal(0, 0.03)
    return np.asarray(along(ends, np.linspace(0, 1, 9)) + bow * across)


def dot(rng: Rng, side: float, at: tuple[float, float] = (0, 0)) -> Points:
    """What a hand makes for a dot: a point, a short dash or a tiny scribble; a ring is an o."""
    way = rng.integers(3)
    if way == 0:
        return polyline(at)
    if way == 1:
        angle = rng.uniform(0, 2 * np.pi)
        step = side / 2 * np.array([np.cos(angle), np.sin(angle)])
        return np.array([-step, rng.normal(0, side / 12, 2), step]) + at
    tiny = np.cumsum(rng.normal(0, 1, (int(rng.integers(4, 10)), 2)), axis=0)
    box = Box.around(tiny)
    return (tiny - box.middle) * (side / box.side) + at


def hatching(rng: Rng, teeth: int, *, round_: bool) -> Points:
    """A zigzag of so many lines that fills a box from -1 to 1, or the ellipse in it."""
    x = np.linspace(-1, 1, teeth + 1)
    high = np.sqrt(1 - (x * 0.95) ** 2) if round_ else np.ones(teeth + 1)
    y = high * rng.uniform(0.75, 1.05, teeth + 1) * (-1) ** np.arange(teeth + 1)
    return np.stack([x + rng.normal(0, 0.5 / teeth, teeth + 1), y], axis=1)


def by_hand(paths: Sequence[Points], rng: Rng) -> tuple[Stroke, ...]:
    """The strokes of a hand that follows paths, none of them quite."""
    side = Box.around(np.concatenate(paths)).side
    shake = rng.uniform(0, MAX_SHAKE_SHARE)
    rounding = rng.uniform(0, MAX_ROUNDING_SHARE)
    step = float(np.exp(rng.uniform(*np.log(STEP_SHARES))))
    followed = [_followed(each / side, shake, rounding, step, rng) * side for each in paths]
    return tuple(Stroke(points) for points in followed)


def _followed(path: Points, shake: float, rounding: float, step: float, rng: Rng) -> Points:
    length = float(np.hypot(*np.diff(path, axis=0).T).sum())
    if length == 0:
        return path[:1].copy()
    # Faster and slower in slow waves, so that the points lie far apart and near.
    count = max(_MIN_POINTS, round(length / step))
    even = np.linspace(0, 1, count)
    waves, phase = rng.integers(1, 4), rng.uniform(0, 2 * np.pi)
    pace = rng.uniform(0, 0.8) / (2 * np.pi * waves)
    uneven = even + pace * (np.sin(2 * np.pi * waves * even + phase) - np.sin(phase))
    found = along(_rounded(path, min(rounding / length, 0.1)), uneven)
    for wave in range(1, 5):
        swing = np.sin(np.pi * wave * (even * length + rng.uniform(0, 2)))
        found += np.outer(swing, rng.normal(0, shake * min(1.0, length) / wave, 2))
    return found


def _rounded(path: Points, share: float) -> Points:
    """A path whose corners are rounded over this share of its length."""
    even = along(path, np.linspace(0, 1, 2 * _PATH_POINTS))
    reach = round(share * _PATH_POINTS)
    wide = np.pad(even, ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd")
    kernel = np.full(2 * reach + 1, 1 / (2 * reach + 1))
    return np.stack([np.convolve(wide[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)
