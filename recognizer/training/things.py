"""Things that people draw where nobody asked for a character: faces, houses, flowers, clouds.

Each is made as paths for a pen, about from -1 to 1, and so that it is no character: a note with
an empty head is a d, a thin moon a bracket.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recognizer.geometry import Points
from recognizer.training.pen import (
    SQUARE,
    Paths,
    Rng,
    arc,
    between,
    chance,
    curve,
    dot,
    hatching,
    line,
    mirrored,
    moved,
    outline,
    polyline,
    rays,
    regular,
    ring,
    sides,
    turned,
)

HEAD_SHARES = 0.25, 0.5
"""How long the head of an arrow is, of the arrow."""


def face(rng: Rng) -> Paths:
    high, wide = rng.uniform(-0.4, -0.15), rng.uniform(0.25, 0.45)
    ways: list[Callable[[float], Points]] = [
        lambda x: dot(rng, 0.15, (x, high)),
        lambda x: line((x, high - 0.15), (x, high + 0.12), rng),
        lambda x: ring(rng, 0.14, (x, high)),
    ]
    eye = ways[int(rng.integers(3))]
    smile = moved(arc(160, 20, (0.5, rng.uniform(-0.3, 0.4))), 0, 0.3)
    mouth = ring(rng, 0.15, (0, 0.5)) if chance(rng, 0.15) else smile
    parts = [eye(-wide), eye(wide), mouth]
    if chance(rng, 0.3):
        parts.append(line((0, -0.1), (rng.uniform(-0.1, 0.1), 0.2), rng))
    return [ring(rng), *parts] if chance(rng, 0.8) else [*parts, ring(rng)]


def arrow(rng: Rng) -> Paths:
    """A line with a head at one end or both, in one stroke or several, or an outline."""
    if chance(rng, 0.2):
        half, neck = rng.uniform(0.15, 0.3), rng.uniform(-0.1, 0.3)
        upper = polyline((-1, -half), (neck, -half), (neck, -0.7), (1, 0))
        return [outline(np.vstack([upper, upper[-2::-1] * (1, -1)]), rng)]
    back, out = rng.uniform(*HEAD_SHARES) * 2, rng.uniform(0.35, 0.6)
    barbs = polyline((1 - back, -out), (1, 0), (1 - back, out))
    shaft = line((-1, 0), (1, 0), rng)
    if chance(rng, 0.2):
        shaft = curve(polyline((-1, 0.6), (-0.3, -0.2), (0.5, 0.05), (1, 0)), rng, 0.05)
    heads = [barbs, barbs * (-1, 1)] if chance(rng, 0.15) else [barbs]
    if chance(rng, 0.25):
        return [np.vstack([shaft, barbs])]
    if chance(rng, 0.2):
        return [shaft, barbs[:2], barbs[:0:-1]]
    return [shaft, *heads]


def house(rng: Rng) -> Paths:
    apex = (rng.normal(0, 0.1), -rng.uniform(1.6, 2.1))
    if chance(rng, 0.3):
        left, right = polyline((-1, 1), (-1, -1)), polyline((1, -1), (1, 1))
        one_line = np.vstack([left[0], right[1], right[0], left[1], left[0], right[0], apex])
        return mirrored([np.vstack([one_line, left[1], right[1]])], rng)
    roof = polyline((-1.15, -0.95), apex, (1.15, -0.95))
    parts = [*sides(SQUARE, rng), roof]
    if chance(rng, 0.6):
        parts.append(polyline((-0.2, 1), (-0.2, 0.2), (0.3, 0.2), (0.3, 1)))
    if chance(rng, 0.5):
        parts.append(outline(SQUARE * 0.2 + (rng.choice((-0.6, 0.65)), -0.4), rng))
    return parts


def flower(rng: Rng) -> Paths:
    number = between(rng, 5, 8)
    if chance(rng):
        at = np.linspace(0, 2 * np.pi, 150, endpoint=False)
        reach = 1 + rng.uniform(0.25, 0.45) * np.cos(number * at)
        round_ = np.stack([np.cos(at), np.sin(at)], axis=1) * reach[:, None]
        petals = [outline(round_, rng)]
    else:
        middles = (regular(number) * 0.75).tolist()
        petals = [ring(rng, rng.uniform(0.28, 0.4), (x, y)) for x, y in middles]
    parts = [ring(rng, 0.35), *petals]
    if chance(rng, 0.4):
        leaf = polyline((0.05, 2), (0.6, 1.4), (0.7, 1.7), (0.05, 2))
        stem = curve(polyline((0, 1), (0.05, 1.6), (0, 2.3)), rng, 0.08)
        parts += [stem, *mirrored([leaf], rng)]
    return parts


def sun(rng: Rng) -> Paths:
    return [ring(rng, 0.55), *rays(rng, between(rng, 7, 12), 0.7, 1.2)]


def lightning(rng: Rng) -> Paths:
    corners = polyline(
        (0.2, -1), (-0.5, 0.1), (0, 0.05), (-0.3, 1), (0.6, -0.2), (0.1, -0.15), (0.6, -1)
    )
    return mirrored([outline((corners + rng.normal(0, 0.04, (7, 2))) * (1.3, 1), rng)], rng)


def cloud(rng: Rng) -> Paths:
    """Its bumps are few and large: with small ones it is a 0."""
    at = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    bumps = np.abs(np.sin(at * between(rng, 5, 7) / 2 + rng.uniform(0, np.pi)))
    reach = 0.55 + rng.uniform(0.4, 0.6) * bumps
    found = np.stack([np.cos(at) * 1.6, np.sin(at)], axis=1) * reach[:, None]
    if chance(rng, 0.4):
        found[:, 1] = np.minimum(found[:, 1], 0.35)
    return [outline(found, rng)]


def moon(rng: Rng) -> Paths:
    """A thick crescent: a thin one is a bracket."""
    tip, middle = rng.uniform(50, 75), rng.uniform(0.4, 0.8)
    outer = arc(tip, 360 - tip)
    sine, cosine = np.sin(np.radians(tip)), np.cos(np.radians(tip))
    inner = arc(*(np.degrees(np.arctan2(s, cosine - middle)) % 360 for s in (-sine, sine)))
    inner = inner * float(np.hypot(sine, cosine - middle)) + (middle, 0)
    return mirrored([outline(np.vstack([outer, inner[1:-1]]), rng, starts=(0, len(outer)))], rng)


def fish(rng: Rng) -> Paths:
    high, tail = rng.uniform(0.35, 0.6), rng.uniform(0.3, 0.5)
    back = np.stack([np.linspace(-1, 0.5, 40), -high * np.sin(np.linspace(0, np.pi, 40))], axis=1)
    body = np.vstack([back, polyline((1, tail), (0.9, 0), (1, -tail)), back[::-1] * (1, -1)])
    return mirrored([body, dot(rng, 0.12, (-0.6, -0.1))], rng)


def note(rng: Rng) -> Paths:
    """A note with a full head and a flag, or two with a beam."""
    head = turned([hatching(rng, 8, round_=True) * (0.36, 0.28)], -20)[0]
    head = moved(head, 0, 0.8)
    stem = line((0.28, 0.7), (0.28, -1), rng)
    if chance(rng):
        flag = curve(polyline((0.28, -1), (0.6, -0.6), (0.75, -0.2), (0.6, 0.2)), rng, 0.04)
        return [head, stem, flag]
    apart = rng.uniform(0.8, 1.1), -rng.uniform(0, 0.3)
    beam = np.stack([stem[-1], stem[-1] + apart])
    beams = [moved(beam, 0, 0.25 * number) for number in range(between(rng, 1, 2))]
    return [head, stem, moved(head, *apart), moved(stem, *apart), *beams]


def person(rng: Rng) -> Paths:
    arms = rng.uniform(-0.4, 0.3)
    return [
        ring(rng, 0.35, (0, -1.1)),
        line((0, -0.75), (0, 0.4), rng),
        polyline((-0.6, arms), (0, -0.4), (0.6, arms + rng.normal(0, 0.2))),
        polyline((-0.5, 1.2), (0, 0.4), (0.5, 1.2)),
    ]


def cube(rng: Rng) -> Paths:
    shift = np.array([rng.uniform(0.5, 0.9), -rng.uniform(0.4, 0.8)])
    edges = [np.stack([corner, corner + shift]) for corner in SQUARE]
    return mirrored([outline(SQUARE, rng), outline(SQUARE + shift, rng), *edges], rng)


def envelope(rng: Rng) -> Paths:
    corners = SQUARE * (rng.uniform(1.3, 1.8), 1)
    flap = np.stack([corners[0], (rng.normal(0, 0.1), rng.uniform(0, 0.4)), corners[1]])
    return [*sides(corners, rng), flap]


def tree(rng: Rng) -> Paths:
    trunk = [line((x, 0.6), (x * 1.2, 1.8), rng) for x in (-0.2, 0.2)]
    if chance(rng):
        return [*cloud(rng), *trunk]
    tiers = [regular(3) * size + (0, y) for size, y in ((0.6, -0.6), (0.85, 0), (1.1, 0.6))]
    return [*(outline(tier, rng) for tier in tiers), *(moved(each, 0, 0.6) for each in trunk)]


def car(rng: Rng) -> Paths:
    half = polyline((-1.5, 0.4), (-1.5, -0.1), (-0.9, -0.2), (-0.6, -0.8))
    body = np.vstack([half, (half * (-rng.uniform(0.9, 1.1), 1))[::-1]])
    wheels = [ring(rng, 0.3, (x, 0.5)) for x in (-0.8, 0.8)]
    return [outline(body, rng), *wheels]


THINGS: dict[str, tuple[Callable[[Rng], Paths], float]] = {
    "face": (face, 15),
    "arrow": (arrow, 180),
    "house": (house, 10),
    "flower": (flower, 15),
    "sun": (sun, 180),
    "lightning": (lightning, 20),
    "cloud": (cloud, 10),
    "moon": (moon, 40),
    "fish": (fish, 20),
    "note": (note, 10),
    "person": (person, 10),
    "cube": (cube, 10),
    "envelope": (envelope, 8),
    "tree": (tree, 6),
    "car": (car, 8),
}
"""Each kind: what makes it, and by how many degrees it is turned at most, either way."""
