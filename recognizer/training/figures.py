"""Figures that people draw where nobody asked for a character: stars, boxes, zigzags, marks.

Each is made as paths for a pen, about from -1 to 1. What some hand writes as a character is left
out, or drawn so that it is none: a plain ring or a hexagon is a 0, an upright infinity an 8, two
teeth of a zigzag an N, a spiral of one turn a 6.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recognizer.training.pen import (
    SQUARE,
    Paths,
    Rng,
    between,
    chance,
    curve,
    dot,
    line,
    mirrored,
    moved,
    outline,
    polyline,
    rays,
    regular,
    ring,
    shuffled,
    sides,
    turned,
)


def heart(rng: Rng) -> Paths:
    t = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    whole = np.stack([np.sin(t) ** 3, -y / 16], axis=1) * (rng.uniform(0.8, 1.15), 1)
    if chance(rng, 0.75):
        return [outline(whole, rng, starts=(0, 0, 40))]
    return shuffled([whole[:41], np.roll(whole, -40, axis=0)[:41]], rng)


def star(rng: Rng) -> Paths:
    corners = regular(2 * int(rng.choice((5, 5, 5, 6, 8))))
    corners[1::2] *= rng.uniform(0.35, 0.5)
    return [outline(corners, rng)]


def crossed_star(rng: Rng) -> Paths:
    """The pentagram in one line, or two triangles."""
    if chance(rng, 0.7):
        return [outline(regular(5)[[0, 2, 4, 1, 3]], rng)]
    return [*sides(regular(3), rng), *sides(-regular(3), rng)]


def asterisk(rng: Rng) -> Paths:
    """Four lines or more through one point; fewer are a multiplication sign."""
    number = between(rng, 8, 12)
    if number % 2:
        return shuffled(rays(rng, number, 0.05, 1), rng)
    lines = [np.vstack([ray[::-1], -ray]) for ray in rays(rng, number, 0.01, 1)[: number // 2]]
    return shuffled(lines, rng)


def box(rng: Rng) -> Paths:
    """A square or an oblong, plain, doubled or with lines in it."""
    corners = SQUARE * (rng.uniform(0.75, 2.2), 1)
    inner: Paths = []
    if chance(rng, 0.4):
        width = float(corners[1, 0])
        upright, level = line((0, -1), (0, 1), rng), line((-width, 0), (width, 0), rng)
        crossing = [polyline((-width, -1), (width, 1)), polyline((width, -1), (-width, 1))]
        ways = [upright, level], crossing, [outline(corners * rng.uniform(0.4, 0.75), rng)]
        inner = [*ways[int(rng.integers(3))]]
    return [*sides(corners, rng), *inner]


def triangle(rng: Rng) -> Paths:
    corners = regular(3) + rng.normal(0, 0.15, (3, 2))
    inner = [outline(corners * 0.4, rng)] if chance(rng, 0.2) else []
    return [*sides(corners, rng, 0.75), *inner]


def diamond(rng: Rng) -> Paths:
    corners = regular(4) * (rng.uniform(0.65, 1.2), 1)
    inner = [line((-0.7, 0), (0.7, 0), rng)] if chance(rng, 0.2) else []
    return [*sides(corners, rng), *inner]


def grid(rng: Rng) -> Paths:
    """Lines across lines, four at least: two are a plus."""
    upright, level = [(2, 2), (2, 2), (2, 3), (3, 3), (1, 3)][int(rng.integers(5))]
    reach = rng.uniform(0.25, 0.4)
    downs = [line((x, -1), (x, 1), rng) for x in np.linspace(-1, 1, upright + 2)[1:-1] * 1.2]
    heights = np.linspace(-1, 1, level + 2)[1:-1] * 1.2
    acrosses = [line((-0.6 - reach, y), (0.6 + reach, y), rng) for y in heights]
    slant = rng.normal(0, 0.15)
    return [each - np.outer(each[:, 1], (slant, 0)) for each in (*downs, *acrosses)]


def tally(rng: Rng) -> Paths:
    lines = [line((x, -1), (x, 1), rng) for x in np.linspace(-1, 1, 4) * rng.uniform(0.8, 1.2)]
    return [*lines, line((-1.3, 0.7), (1.3, -0.7), rng)]


def target(rng: Rng) -> Paths:
    """A ring with something in it: smaller rings, a dot, or a cross."""
    way = rng.integers(3)
    if way == 0:
        return [ring(rng), ring(rng, 0.55), ring(rng, 0.2)][: between(rng, 2, 3)]
    if way == 1:
        return [ring(rng), dot(rng, 0.25)]
    cross = line((-1, 0), (1, 0), rng), line((0, -1), (0, 1), rng)
    return [ring(rng), *turned(cross, rng.uniform(0, 45))]


def check_mark(rng: Rng) -> Paths:
    """Its arms are very unequal: of like arms it is a V."""
    short = rng.uniform(0.32, 0.45)
    return [polyline((-0.25 - short, 0.9 - short), (-0.25, 0.9), (1, -rng.uniform(0.2, 0.9)))]


def spiral(rng: Rng) -> Paths:
    """Two turns or more, from inside or from outside."""
    angles = np.linspace(0, 2 * np.pi * rng.uniform(2.1, 3.6), 200)
    reach = np.linspace(rng.uniform(0, 0.1), 1, 200) ** rng.uniform(0.8, 1.2)
    found = np.stack([np.cos(angles), np.sin(angles)], axis=1) * reach[:, None]
    return mirrored([found[:: rng.choice((1, -1))]], rng)


def zigzag(rng: Rng) -> Paths:
    """Six lines or more; three are an N or a Z, four an M or a W."""
    number = between(rng, 6, 10)
    x = np.linspace(-1, 1, number + 1) + rng.normal(0, 0.2 / number, number + 1)
    high = rng.uniform(0.22, 0.6) * rng.uniform(0.75, 1.2, number + 1)
    return [np.stack([x, high * (-1) ** np.arange(number + 1)], axis=1)]


def wave(rng: Rng) -> Paths:
    """Three swings or more; there may be several beneath each other, as of water."""
    at = np.linspace(0, 2 * np.pi * rng.uniform(3.4, 5), 200)
    one = np.stack([np.linspace(-1, 1, 200), rng.uniform(0.18, 0.4) * np.sin(at)], axis=1)
    lines = between(rng, 1, 3) if chance(rng, 0.3) else 1
    return [moved(one, rng.normal(0, 0.05), 0.7 * down) for down in range(lines)]


def coil(rng: Rng) -> Paths:
    """Loops that roll along a line."""
    turns = rng.uniform(4, 7)
    at = np.linspace(0, 2 * np.pi * turns, 200)
    radius = rng.uniform(0.5, 0.9) * (1 + 0.15 * np.sin(at / rng.uniform(1.5, 4)))
    x = np.linspace(-1, 1, 200) + radius * np.cos(at) * 0.6
    return mirrored([np.stack([x, radius * np.sin(at)], axis=1)], rng)


def knot(rng: Rng) -> Paths:
    """A closed line that crosses itself many times."""
    at = np.linspace(0, 2 * np.pi, 200)
    waves = np.sin(np.outer(at, (3, 4, 5, 6)) + rng.uniform(0, 2 * np.pi, 4))
    found = waves @ np.linalg.qr(rng.normal(0, 1, (4, 2)))[0]
    return [found / np.ptp(found, axis=0) * (1, rng.uniform(0.6, 1))]


def question_mark(rng: Rng) -> Paths:
    hook = polyline((-0.5, -0.5), (-0.1, -0.95), (0.45, -0.7), (0.4, -0.25), (0.02, 0.1), (0, 0.45))
    return [curve(hook, rng, 0.05), dot(rng, 0.12, (rng.normal(0, 0.05), 0.95))]


def exclamation_mark(rng: Rng) -> Paths:
    upper, lower = (rng.normal(0.05, 0.1), -1), (0, rng.uniform(0.1, 0.4))
    return [line(upper, lower, rng), dot(rng, 0.1, (0, rng.uniform(0.85, 1)))]


def ampersand(rng: Rng) -> Paths:
    corners = polyline(
        (0.9, 0.95), (-0.35, -0.45), (0, -0.9), (0.35, -0.5), (-0.6, 0.35), (-0.2, 0.95),
        (0.5, 0.55), (0.85, 0),
    )  # fmt: skip
    return [curve(corners, rng, 0.06)[:: rng.choice((1, -1))]]


def at_sign(rng: Rng) -> Paths:
    corners = polyline(
        (0.3, -0.2), (-0.1, -0.4), (-0.35, 0.05), (0, 0.35), (0.3, 0), (0.35, -0.3), (0.33, 0.25),
        (0.65, 0.35), (0.9, -0.15), (0.5, -0.85), (-0.3, -0.95), (-0.95, -0.2), (-0.75, 0.65),
        (0, 1), (0.7, 0.8),
    )  # fmt: skip
    return [curve(corners, rng, 0.05)]


def infinity(rng: Rng) -> Paths:
    """It lies; it may have a third loop."""
    at = np.linspace(0, 2 * np.pi, 120) + rng.choice((0.5, 1.5)) * np.pi
    loops, high = int(rng.choice((2, 2, 2, 3))), rng.uniform(0.3, 0.45)
    return mirrored([np.stack([np.cos(at), high * np.sin(loops * at)], axis=1)], rng)


FIGURES: dict[str, tuple[Callable[[Rng], Paths], float]] = {
    "heart": (heart, 20),
    "star": (star, 180),
    "crossed star": (crossed_star, 180),
    "asterisk": (asterisk, 180),
    "box": (box, 15),
    "triangle": (triangle, 180),
    "diamond": (diamond, 10),
    "grid": (grid, 20),
    "tally": (tally, 15),
    "target": (target, 15),
    "check mark": (check_mark, 10),
    "spiral": (spiral, 180),
    "zigzag": (zigzag, 180),
    "wave": (wave, 30),
    "coil": (coil, 180),
    "knot": (knot, 180),
    "question mark": (question_mark, 8),
    "exclamation mark": (exclamation_mark, 6),
    "ampersand": (ampersand, 10),
    "at sign": (at_sign, 10),
    "infinity": (infinity, 20),
}
"""Each kind: what makes it, and by how many degrees it is turned at most, either way."""
