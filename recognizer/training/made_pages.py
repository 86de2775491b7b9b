"""Parts of pages: writing, and what was printed or drawn to write on or around it.

Squared and ruled paper, margins, tables, forms and frames, level, askew, bent and in perspective,
or none of them; digits that overlap them, ones that look like them. Each depends on its seed alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points
from recognizer.images.ruling import shown_to_network
from recognizer.ink import Ink
from recognizer.training.made_lines import LineWriters
from recognizer.training.page_layouts import LAYOUTS, PageLayout, Scribe, large
from recognizer.training.pen import Rng, chance

SIDE_PX = 256
"""Of the part of a page that is learned from."""
HEIGHTS_PX = 10.0, 110.0
PEN_SHARES, PENS_PX = (0.035, 0.2), (1.0, 9.0)
"""Of the pen, in heights of a digit and in pixels."""
RULE_PENS, MIN_RULE_PX = (0.12, 1.1), 0.5
"""How thick rules are, in widths of the pen."""
LARGE_HEIGHTS_PX, LARGE_PEN_SHARES = (90.0, 230.0), (0.012, 0.2)
"""Of a character that fills a picture."""
UNWRITTEN_SHARE = 0.03
"""So many pages are blank but for what is printed on them."""
BENT_SHARE, BENT_POINTS = 0.15, 16
"""How often paper is bent, and by how many points a line follows it."""
SPECKED_SHARE = 0.08
MIN_WRITTEN = 0.08
"""How dark a pen makes a pixel, at least, that it has touched."""
INK_WEIGHT, EDGE_WEIGHT = 10, 3
"""How much a pixel of ink counts, and one where a pen's edge is pale."""
DRAWN_LARGER = 3
"""Pages are drawn so many times larger, and made smaller."""


class MadePage(NamedTuple):
    """A part of a page, (SIDE_PX, SIDE_PX) each.

    picture: its ink as the network sees it; is_written: 1 where something was written; weights:
    how much each pixel counts, 0 to 30.
    """

    picture: Ink
    is_written: NDArray[np.uint8]
    weights: NDArray[np.uint8]


class Rule(NamedTuple):
    """A line: its points, how thick it is in pixels, and how dark, 0 to 1."""

    points: Points
    thickness: float
    darkness: float


class PageView(NamedTuple):
    """How a page is seen: through a map (3, 3), and as a paper that is bent in waves.

    height, length: of the waves, in pixels; phases: where the waves begin along both axes.
    """

    to_part: NDArray[np.float64]
    height: float
    length: float
    phases: NDArray[np.float64]

    def of(self, points: Points) -> Points:
        """Where the points of a page are seen, (n, 2) or more."""
        if self.height and len(points) == 2:
            points = points[0] + np.linspace(0, 1, BENT_POINTS)[:, None] * (points[1] - points[0])
        seen = cv2.perspectiveTransform(points[None].astype(np.float64), self.to_part)[0]
        waves = np.sin(seen[:, ::-1] * (2 * np.pi / self.length) + self.phases)
        return np.asarray(seen + self.height * waves, np.float64)


def made_page(writers: LineWriters, rng: Rng) -> MadePage:
    """A part of a page by one of the writers."""
    shares = np.array([*LAYOUTS.values()])
    make = [*LAYOUTS][int(rng.choice(len(shares), p=shares / shares.sum()))]
    heights, pens = (
        (LARGE_HEIGHTS_PX, LARGE_PEN_SHARES) if make is large else (HEIGHTS_PX, PEN_SHARES)
    )
    height = float(np.exp(rng.uniform(*np.log(heights))))
    pen = float(np.clip(height * np.exp(rng.uniform(*np.log(pens))), *PENS_PX))
    layout = make(Scribe(writers, height, rng), rng)
    if chance(rng, UNWRITTEN_SHARE) and (layout.rules or layout.frames):
        layout = layout._replace(strokes=[])
    view = PageView(_to_part(layout, rng), *_bend(rng))
    writing = _drawn([Rule(points, pen, 1.0) for points in layout.strokes], view)
    print_ = _drawn(_printed(layout, pen, rng), view)
    _disturb(print_, pen, rng)
    return _seen(writing, print_, rng)


def _printed(layout: PageLayout, pen: float, rng: Rng) -> list[Rule]:
    """How the rules of a page are drawn: all alike, but for a few."""
    darkness = 1.0 if chance(rng, 0.35) else rng.uniform(0.15, 1.0)
    thickness = max(pen * np.exp(rng.uniform(*np.log(RULE_PENS))), MIN_RULE_PX)
    by_hand = chance(rng, 0.25)
    found = []
    for points in [*layout.rules, *layout.frames]:
        thick = thickness * (rng.uniform(1.2, 2.5) if chance(rng, 0.04) else 1.0)
        found.append(Rule(points, thick, darkness))
    if by_hand:
        found = found[: len(layout.rules)]
        found += [Rule(_by_hand(points, pen, rng), pen, 1.0) for points in layout.frames]
    if chance(rng, 0.06):
        found = [dash for rule in found for dash in _dashed(rule, pen, rng)]
    return found


def _by_hand(points: Points, pen: float, rng: Rng) -> Points:
    """A line that a hand has drawn."""
    shares = np.linspace(0, 1, len(points) if len(points) > 2 else 12)[:, None]
    found = points.copy() if len(points) > 2 else points[0] + (points[1] - points[0]) * shares
    found += rng.normal(0, 0.25 * pen, found.shape)
    found += np.sin(np.pi * shares) * rng.normal(0, pen, 2)
    return np.asarray(found + rng.normal(0, pen, 2), np.float64)


def _dashed(rule: Rule, pen: float, rng: Rng) -> list[Rule]:
    length = float(np.hypot(*(rule.points[-1] - rule.points[0])))
    step = pen * 3.0
    cuts = np.arange(0, length, step) / max(length, 1e-6)
    if len(rule.points) != 2 or not 2 < len(cuts) < 200:
        return [rule]
    along = rule.points[1] - rule.points[0]
    return [
        rule._replace(points=rule.points[0] + np.outer((cut, cut + 0.6 * step / length), along))
        for cut in cuts
    ]


def _bend(rng: Rng) -> tuple[float, float, NDArray[np.float64]]:
    """How paper is bent, see `PageView`."""
    height = rng.uniform(1, 10) if chance(rng, BENT_SHARE) else 0.0
    return height, rng.uniform(0.8, 3) * SIDE_PX, rng.uniform(0, 2 * np.pi, 2)


def _to_part(layout: PageLayout, rng: Rng) -> NDArray[np.float64]:
    """(3, 3), the map from a page to the part of it that is seen."""
    width, height = layout.size
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64)
    angle = 0.0 if chance(rng, 0.35) else rng.normal(0, 3)
    if chance(rng, 0.12):
        angle = rng.uniform(-20, 20)
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turned = (corners - corners[2] / 2) @ np.array([[cos, sin], [-sin, cos]])
    if chance(rng, 0.35):
        far = 0.2 if chance(rng, 0.25) else 0.07
        turned += rng.uniform(-far, far, (4, 2)) * (width, height)
    # A small page lies anywhere in the part; of a large one, that shows anything.
    low, high = turned.min(axis=0), turned.max(axis=0)
    ends = np.sort(np.stack([-low, SIDE_PX - high]), axis=0)
    to = (turned + rng.uniform(ends[0], ends[1])).astype(np.float32)
    return np.asarray(cv2.getPerspectiveTransform(corners.astype(np.float32), to), np.float64)


def _drawn(lines: Sequence[Rule], view: PageView) -> NDArray[np.float32]:
    """How dark lines make the part, 0 to 1."""
    side = SIDE_PX * DRAWN_LARGER
    canvas = np.zeros((side, side), np.uint8)
    for points, thickness, darkness in lines:
        fixed = np.round(view.of(points) * 16 * DRAWN_LARGER).clip(-(2**20), 2**20).astype(np.int32)
        thick = max(1, round(thickness * DRAWN_LARGER))
        grey = max(1, round(255 * darkness))
        if len(fixed) == 1:  # OpenCV draws no line of one point
            cv2.circle(canvas, fixed[0].tolist(), 8 * thick, grey, -1, cv2.LINE_8, 4)
        cv2.polylines(canvas, [fixed], False, grey, thick, cv2.LINE_8, 4)
    small = cv2.resize(canvas, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(small / np.float32(255))


def _disturb(print_: NDArray[np.float32], pen: float, rng: Rng) -> None:
    """Holes of a binder, a dark edge, a texture, and print that is worn."""
    if chance(rng, 0.06):
        x, radius = rng.uniform(0, SIDE_PX), max(2.0, pen * rng.uniform(1.5, 7))
        step, thick = radius * rng.uniform(2.6, 8), -1 if chance(rng, 0.75) else max(1, round(pen))
        for y in np.arange(rng.uniform(0, step), SIDE_PX, step):
            cv2.circle(print_, (round(x), round(y)), round(radius), 1.0, thick, cv2.LINE_AA)
    if chance(rng, 0.04):
        wide, side = pen * rng.uniform(1.5, 8), int(rng.integers(4))
        edge = np.rot90(print_, side)
        slope = np.linspace(0, rng.normal(0, 8), SIDE_PX)
        if chance(rng, 0.4):  # torn
            slope += np.cumsum(rng.normal(0, rng.uniform(0.2, 1), SIDE_PX))
        edge[np.arange(SIDE_PX)[:, None] < wide + slope[None]] = rng.uniform(0.5, 1)
    if chance(rng, 0.03):  # leaves, cloth, wood
        sigma = np.exp(rng.uniform(*np.log((1.0, 12.0))))
        texture = cv2.GaussianBlur(rng.normal(0, 1, print_.shape), (0, 0), sigma)
        dark = texture > rng.uniform(-0.5, 1.5) * texture.std()
        print_[dark] = np.maximum(print_[dark], rng.uniform(0.3, 1))
    if chance(rng, 0.15):
        worn = rng.normal(0, 1, (SIDE_PX // 8,) * 2).astype(np.float32)
        print_ *= np.clip(1 + 0.4 * cv2.resize(worn, print_.shape), 0.2, 1)


def _speck(dark: NDArray[np.float32], rng: Rng) -> None:
    """Dirt and flaws, of a pixel or some."""
    specks = rng.random(dark.shape) < np.exp(rng.uniform(*np.log((0.001, 0.06))))
    if chance(rng):
        specks = cv2.dilate(specks.astype(np.uint8), np.ones((2, 2), np.uint8)) > 0
    is_flaw = rng.random(dark.shape) < (0.3 if chance(rng) else 0.0)
    dark[specks] = np.where(is_flaw[specks], 0, rng.uniform(60, 255))


def _seen(writing: NDArray[np.float32], print_: NDArray[np.float32], rng: Rng) -> MadePage:
    """What camera and binarization make of the page."""
    writing = writing * np.float32(1.0 if chance(rng) else rng.uniform(0.6, 1.0))
    if chance(rng, 0.5):
        blur = rng.uniform(0.3, 1.1)
        writing, print_ = (
            np.asarray(cv2.GaussianBlur(each, (0, 0), blur), np.float32)
            for each in (writing, print_)
        )
    dark = np.maximum(writing, print_) * 255
    faintest = rng.uniform(12, 90)
    if chance(rng, 0.5):
        noise = rng.uniform(2, 20) if chance(rng, 0.85) else rng.uniform(20, 60)
        dark = dark + rng.normal(0, noise, dark.shape)
        faintest = max(faintest, rng.uniform(0.8, 2.5) * noise)
    if chance(rng, SPECKED_SHARE):
        _speck(dark, rng)
    dark = np.clip(dark, 0, 255)
    if chance(rng, 0.3):
        dark = np.where(dark > max(faintest, rng.uniform(75, 150)), 255, 0)
    picture = shown_to_network(np.where(dark > faintest, dark, 0).astype(np.uint8))
    written = (writing > MIN_WRITTEN) & (writing > print_ / 2)
    is_edge = (writing > MIN_WRITTEN) & (writing < 0.5)
    weights = np.where(picture > 0, np.where(is_edge, EDGE_WEIGHT, INK_WEIGHT), 0)
    # A gap in a digit does more harm than a crumb of a rule.
    weights *= np.where(written & (print_ > 0.1), 3, 1)
    return MadePage(picture, written.astype(np.uint8), weights.astype(np.uint8))
