"""Drawings as a phone would photograph them: paper, ruling, light, shadow, slant, blur, noise.

Everything is drawn by chance from a generator, so that a seed always gives the same photo.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.ink import Ink

Photo = NDArray[np.uint8]
"""(height, width, 3), red, green and blue."""
Shade = NDArray[np.float32]
Rng = np.random.Generator

MAX_SLANT_DEGREES = 15.0
"""The camera is held askew by up to this many degrees."""
PAPER_COLOUR = (238.0, 234.0, 226.0)
PEN_COLOURS = ((35, 35, 40), (25, 45, 140), (170, 35, 45), (30, 95, 55))
"""Colours of ink: black, blue, red, green."""
RULE_COLOUR = (120, 150, 190)
RULINGS = ("plain", "lines", "squares")
LINE_GAPS_PX, SQUARE_GAPS_PX = (90.0, 150.0), (40.0, 60.0)
"""Between the lines of ruled and squared paper, in pixels."""
RULE_WIDTHS_PX = (1.0, 2.5)
RULE_STRENGTH_SHARES = (0.3, 0.7)
"""How much of the ruling's own colour it has."""
DIMMEST_SHARES = (0.5, 0.8)
"""Light at the darkest end of the paper, as a share of that at the lightest."""
SHADOW_SHARES = (0.5, 0.8)
"""Light within the shadow, as a share of that beside it."""
SHADOW_EDGES_PX = (6.0, 60.0)
BLURS_PX, NOISES_GREYS = (0.4, 1.2), (3.0, 8.0)
"""Standard deviations of the lens's blur in pixels and of the noise in greys."""
JPEG_QUALITY = 60
"""Of the JPEG file."""


def photograph(ink: Ink, rng: Rng) -> Photo:
    """A photo of the ink on paper, (h, w, 3) uint8, slanted and therefore larger than the ink."""
    angle = float(rng.uniform(-MAX_SLANT_DEGREES, MAX_SLANT_DEGREES))
    matrix, (width, height) = _turn(ink.shape, angle)
    turned = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR)
    rules = _ruling((height, width), angle, rng)
    scene = _blend(np.full((height, width, 3), PAPER_COLOUR, np.float32), RULE_COLOUR, rules)
    pen = PEN_COLOURS[rng.integers(len(PEN_COLOURS))]
    scene = _blend(scene, pen, turned * np.float32(rng.uniform(0.8, 1.0) / 255))
    scene *= _light((height, width), rng)[..., None]
    blurred = cv2.GaussianBlur(scene, (0, 0), float(rng.uniform(*BLURS_PX)))
    noise = rng.normal(0, rng.uniform(*NOISES_GREYS), scene.shape).astype(np.float32)
    return _compressed(np.clip(blurred + noise, 0, 255).astype(np.uint8))


def _turn(shape: tuple[int, ...], angle: float) -> tuple[NDArray[Any], tuple[int, int]]:
    """The map that turns a picture about its middle, and the size that holds it whole."""
    height, width = shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(width * cos + height * sin), round(width * sin + height * cos)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return matrix, size


def _blend(scene: Shade, colour: tuple[int, int, int], share: Shade) -> Shade:
    return np.asarray(scene + (np.array(colour, np.float32) - scene) * share[..., None])


def _ruling(shape: tuple[int, int], angle: float, rng: Rng) -> Shade:
    """Ink of the paper's own lines, 0..1; they run along the writing and across it."""
    kind = RULINGS[rng.integers(len(RULINGS))]
    gap = float(rng.uniform(*(LINE_GAPS_PX if kind == "lines" else SQUARE_GAPS_PX)))
    width, strength = float(rng.uniform(*RULE_WIDTHS_PX)), float(rng.uniform(*RULE_STRENGTH_SHARES))
    turns = {"plain": (), "lines": (0,), "squares": (0, 90)}[kind]
    rules = np.zeros(shape, np.float32)
    for turn in turns:
        off = np.abs((_across(shape, angle + turn) + rng.uniform(0, gap)) % gap - gap / 2)
        np.maximum(rules, np.clip(width / 2 + 0.5 - off, 0, 1), out=rules)
    return rules * np.float32(strength)


def _across(shape: tuple[int, int], angle: float) -> Shade:
    """How far every pixel lies below a line through the middle that is turned by `angle`."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    turn = np.radians(angle)
    return np.asarray(
        (y - shape[0] / 2) * np.cos(turn) + (x - shape[1] / 2) * np.sin(turn), np.float32
    )


def _light(shape: tuple[int, int], rng: Rng) -> Shade:
    """Light on the paper, 0..1: falling off to one side, with the edge of a shadow."""
    slope = _across(shape, rng.uniform(0, 360))
    slope = (slope - slope.min()) / np.ptp(slope)
    light = 1 - slope * np.float32(1 - rng.uniform(*DIMMEST_SHARES))
    edge = _across(shape, rng.uniform(0, 360))
    reach = 0.3 * min(shape)
    inside = (edge - np.float32(rng.uniform(-reach, reach))) / np.float32(
        rng.uniform(*SHADOW_EDGES_PX)
    )
    covered = 1 / (1 + np.exp(-np.clip(4 * inside, -30, 30)))
    return np.asarray(
        light * (1 - covered * np.float32(1 - rng.uniform(*SHADOW_SHARES))), np.float32
    )


def _compressed(photo: Photo) -> Photo:
    packed = cv2.imencode(".jpg", photo[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)[..., ::-1]
