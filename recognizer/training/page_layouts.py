"""Where on a page writing stands, and what was printed or drawn there before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from recognizer.geometry import Points
from recognizer.training.made_lines import LETTERS, NUMBER, SUM, LineWriters
from recognizer.training.pen import Rng, between, chance

KIND_SHARES = {NUMBER: 0.6, SUM: 0.28, LETTERS: 0.12}
STRAIGHT, STRAIGHT_SHARE = "147", 0.1
"""What looks most like rules, and how often nothing else is written."""
BAR_SHARE = 0.08
"""So many hands write digits of straight bars, numbered as they are on a pocket calculator."""
ONE_SHARE = 0.25
"""So many of those are ones, which look most like rules."""
BARS = np.array(
    [
        [(0, -1), (1, -1)],
        [(1, -1), (1, -0.5)],
        [(1, -0.5), (1, 0)],
        [(0, 0), (1, 0)],
        [(0, -0.5), (0, 0)],
        [(0, -1), (0, -0.5)],
        [(0, -0.5), (1, -0.5)],
    ]
)
BARS_OF = (
    *((0, 1, 2, 3, 4, 5), (1, 2), (0, 1, 6, 4, 3), (0, 1, 2, 3, 6), (5, 6, 1, 2)),
    *((0, 5, 6, 2, 3), (0, 5, 4, 3, 2, 6), (0, 1, 2), (0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 5, 6)),
)
PAGE_PX = 330.0
"""Pages are about so wide and high."""


class PageLayout(NamedTuple):
    """What stands on a page (width, height), in pixels."""

    size: tuple[float, float]
    strokes: list[Points]
    rules: list[Points]
    frames: list[Points]
    """Lines that may be thicker and drawn by hand: of boxes and tables."""


class Scribe:
    """One writer's characters at one height in pixels."""

    def __init__(self, writers: LineWriters, height: float, rng: Rng) -> None:
        kinds = [kind for kind in KIND_SHARES if kind in writers.kinds]
        shares = np.array([KIND_SHARES[kind] for kind in kinds])
        self._kind = str(rng.choice(kinds, p=shares / shares.sum()))
        self._writers, self.height, self._rng = writers, height, rng
        own = writers.writer(self._kind, rng)
        straight = {label: own[label] for label in STRAIGHT if label in own}
        is_straight = self._kind != LETTERS and chance(rng, STRAIGHT_SHARE)
        self._own = straight if straight and is_straight else own
        self._gap = rng.uniform(-0.12, 0.05) if chance(rng, 0.2) else rng.uniform(0.05, 0.5)
        self._bars = rng.uniform(0.4, 0.9) if chance(rng, BAR_SHARE) else 0.0

    def word(self, length: int) -> tuple[list[Points], float]:
        """The strokes of some characters, their base line at y = 0, and how wide they are."""
        strokes: list[Points] = []
        x = 0.0
        if self._bars:
            for _ in range(length):
                strokes += [points * self.height + (x, 0) for points in self._of_bars()]
                x += (self._bars + max(0.1, self._gap)) * self.height
            return strokes, x - max(0.1, self._gap) * self.height
        for each in self._writers.characters(self._kind, length, self._own, self._rng)[1]:
            at = np.array([x, -each.low])
            strokes += [(points + at) * self.height for points in each.lines]
            x += each.width + max(-0.15, self._gap + self._rng.normal(0, 0.04))
        return strokes, (x - self._gap) * self.height

    def _of_bars(self) -> list[Points]:
        """A digit of straight bars as wide as they are, like those of a pocket calculator."""
        number = 1 if chance(self._rng, ONE_SHARE) else int(self._rng.integers(len(BARS_OF)))
        bars = BARS_OF[number]
        ends = BARS[[*bars]] * np.array([self._bars, 1])
        return [*(ends + self._rng.normal(0, 0.012, ends.shape))]


def _moved(strokes: Sequence[Points], x: float, y: float) -> list[Points]:
    return [points + np.array([x, y]) for points in strokes]


def _line(x0: float, y0: float, x1: float, y1: float) -> Points:
    return np.array([(x0, y0), (x1, y1)], np.float64)


def _rectangle(x: float, y: float, width: float, height: float) -> list[Points]:
    return [
        _line(x, y, x + width, y),
        _line(x, y + height, x + width, y + height),
        _line(x, y, x, y + height),
        _line(x + width, y, x + width, y + height),
    ]


def _text(
    scribe: Scribe, rng: Rng, spacing: tuple[float, float]
) -> tuple[PageLayout, float, float]:
    """Lines of writing below each other; also their distance, and where the first one stands."""
    step = scribe.height * rng.uniform(*spacing)
    margin = scribe.height * rng.uniform(0.2, 2.0, 2)
    if chance(rng, 0.3):
        margin += rng.uniform(0, PAGE_PX / 3, 2)
    most = max(1, int((PAGE_PX - 2 * margin[1]) / step))
    count = 1 if chance(rng, 0.35) else between(rng, 1, most)
    longest = max(1, round(PAGE_PX / (scribe.height * 0.9)))
    strokes: list[Points] = []
    width = scribe.height
    for number in range(count):
        drawn, wide = scribe.word(between(rng, 1, longest))
        x = margin[0] + (rng.uniform(0, 2) * scribe.height if chance(rng, 0.3) else 0)
        y = margin[1] + scribe.height + number * step + rng.normal(0, 0.04) * scribe.height
        strokes += _moved(drawn, x, y)
        width = max(width, x - margin[0] + wide)
    size = (
        width + 2 * margin[0] + (rng.uniform(0, 5) * scribe.height if chance(rng, 0.4) else 0),
        (count - 1) * step + scribe.height + 2 * margin[1],
    )
    return PageLayout(size, strokes, [], []), step, margin[1] + scribe.height


def _plain(scribe: Scribe, rng: Rng) -> PageLayout:
    layout, _, _ = _text(scribe, rng, (1.15, 2.6))
    if chance(rng, 0.12):  # the line under a sum
        width, height = layout.size
        y = height - scribe.height * rng.uniform(-0.1, 0.15)
        layout.rules.append(_line(0, y, max(width, 3 * scribe.height), y))
    return layout


def _columns(scribe: Scribe, rng: Rng) -> PageLayout:
    """Characters exactly below each other, as if there were a grid."""
    across, down = np.multiply(scribe.height, (rng.uniform(0.8, 2.2), rng.uniform(1.2, 2.4)))
    count = between(rng, 1, max(1, int(PAGE_PX / across)))
    rows = between(rng, 1, max(1, int(PAGE_PX / down)))
    same = [scribe.word(1) for _ in range(count)]
    if chance(rng, 0.3):
        same = same[:1] * count
    is_same = chance(rng, 0.4)
    strokes = []
    for row in range(rows):
        for column in range(count):
            drawn, wide = same[column] if is_same else scribe.word(1)
            x = column * across + (across - wide) / 2
            strokes += _moved(drawn, x, row * down + (down + scribe.height) / 2)
    return PageLayout((count * across, rows * down), strokes, [], [])


def _ruled(scribe: Scribe, rng: Rng) -> PageLayout:
    layout, step, base = _text(scribe, rng, (1.0, 2.2))
    width, height = layout.size
    base += scribe.height * rng.uniform(-0.1, 0.25)
    for number in range(-2, int(height / step) + 2):
        y = base + number * step
        if 0 <= y <= height:
            layout.rules.append(_line(0, y, width, y))
    return _with_margin(layout, scribe, rng)


def _with_margin(layout: PageLayout, scribe: Scribe, rng: Rng) -> PageLayout:
    width, height = layout.size
    if chance(rng, 0.35):
        x = rng.uniform(0, 1.5 * scribe.height) if chance(rng, 0.7) else rng.uniform(0, width)
        layout.rules.append(_line(x, 0, x, height))
    return layout


def _squared(scribe: Scribe, rng: Rng) -> PageLayout:
    layout, step, _ = _text(scribe, rng, (1.1, 2.2))
    width, height = layout.size
    finest = 0.12 if chance(rng, 0.12) else 0.3
    side = step if chance(rng, 0.15) else scribe.height * rng.uniform(finest, 1.5)
    side = max(side, 5.0)
    high = side * (rng.uniform(0.7, 1.4) if chance(rng, 0.15) else 1)
    for x in np.arange(rng.uniform(0, side), width, side):
        layout.rules.append(_line(x, 0, x, height))
    for y in np.arange(rng.uniform(0, high), height, high):
        layout.rules.append(_line(0, y, width, y))
    return layout


def _table(scribe: Scribe, rng: Rng) -> PageLayout:
    high = scribe.height * rng.uniform(0.85, 2.2)
    length = between(rng, 1, 4)
    wide = scribe.height * (0.85 * length + rng.uniform(-0.1, 1.2))
    count = between(rng, 1, max(1, int(PAGE_PX / wide)))
    rows = between(rng, 1, max(2, int(PAGE_PX / high)))
    margin = scribe.height * rng.uniform(0, 1.5)
    strokes: list[Points] = []
    for row in range(rows):
        for column in range(count):
            if chance(rng, 0.1):
                continue
            drawn, own = scribe.word(length if chance(rng, 0.7) else between(rng, 1, length))
            x = margin + column * wide + (wide - own) * (0.5 + rng.normal(0, 0.15))
            free = high - scribe.height
            y = margin + row * high + scribe.height + free * (0.5 + rng.normal(0, 0.25))
            strokes += _moved(drawn, x, y)
    width, height = count * wide, rows * high
    frames = [
        _line(margin, margin + row * high, margin + width, margin + row * high)
        for row in range(rows + 1)
    ]
    if chance(rng, 0.9):
        frames += [
            _line(margin + column * wide, margin, margin + column * wide, margin + height)
            for column in range(count + 1)
        ]
    if chance(rng, 0.15):  # open at its sides
        frames = [each for each in frames if chance(rng, 0.8)]
    return PageLayout((width + 2 * margin, height + 2 * margin), strokes, [], frames)


def _form(scribe: Scribe, rng: Rng) -> PageLayout:
    """Boxes for one character each, joined or apart."""
    side = scribe.height * rng.uniform(0.85, 1.9)
    wide = side * rng.uniform(0.65, 1.2)
    apart = side * rng.uniform(0.05, 0.4) if chance(rng, 0.3) else 0.0
    count = between(rng, 1, max(1, min(10, int(PAGE_PX / wide))))
    rows = 1 if chance(rng, 0.7) else between(rng, 1, max(1, int(PAGE_PX / side / 2)))
    margin = scribe.height * rng.uniform(0.05, 1.5)
    below = side * rng.uniform(0.3, 1.2)
    strokes: list[Points] = []
    frames: list[Points] = []
    is_comb, careless = chance(rng, 0.15), 0.15 if chance(rng, 0.25) else 0.07
    for row in range(rows):
        y = margin + row * (side + below)
        for column in range(count):
            x = margin + column * (wide + apart)
            sides = _rectangle(x, y, wide, side)
            if is_comb:
                short = side * rng.uniform(0.2, 0.5)
                frames += [sides[1], _line(x, y + side - short, x, y + side)]
            else:
                frames += sides
            if chance(rng, 0.92):
                drawn, own = scribe.word(1)
                off = rng.normal(0, careless, 2) * side
                foot = y + (side + scribe.height) / 2 + off[1]
                strokes += _moved(drawn, x + (wide - own) / 2 + off[0], foot)
    size = (
        count * (wide + apart) + 2 * margin,
        rows * side + (rows - 1) * below + 2 * margin,
    )
    return PageLayout(size, strokes, [], frames)


def _framed(scribe: Scribe, rng: Rng) -> PageLayout:
    """A frame around all, or lines at some of its sides."""
    layout, _, _ = _text(scribe, rng, (1.2, 2.0))
    whole = np.concatenate(layout.strokes)
    low, high = whole.min(axis=0), whole.max(axis=0)
    near = np.array([rng.uniform(-0.08, 0.8, 2), rng.uniform(-0.08, 0.8, 2)]) * scribe.height
    low, high = low - near[0], high + near[1]
    sides = _rectangle(*low, *(high - low))
    if chance(rng, 0.2):
        sides = [_ring(low, high, rng)]
    elif chance(rng, 0.3):
        sides = [side for side in sides if chance(rng)]
    if chance(rng, 0.3):  # longer than the writing
        sides = [
            points + np.array([[-1], [1]]) * (points[1] - points[0]) * rng.uniform(0, 0.5)
            if len(points) == 2
            else points
            for points in sides
        ]
    out = scribe.height * rng.uniform(0.05, 1.0)
    strokes, frames = (
        _moved(some, *(out - np.minimum(low, 0))) for some in (layout.strokes, sides)
    )
    size = np.maximum(high, layout.size) - np.minimum(low, 0) + 2 * out
    return PageLayout((float(size[0]), float(size[1])), strokes, [], frames)


def _ring(low: Points, high: Points, rng: Rng) -> Points:
    """A line around what lies between two corners: an ellipse, or a box with round corners."""
    turns = np.linspace(0, 2 * np.pi, 48) + rng.uniform(0, 2 * np.pi)
    around = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    power = 1.0 if chance(rng) else rng.uniform(0.2, 0.6)
    around = np.sign(around) * np.abs(around) ** power
    reach = 1.3 if power == 1 else 1.05
    return np.asarray((low + high) / 2 + around * (high - low) / 2 * reach, np.float64)


def _square(scribe: Scribe, rng: Rng) -> PageLayout:
    """A box, hardly larger than the character or two in it, which may touch or cross its sides."""
    strokes, width = scribe.word(1 if chance(rng, 0.75) else 2)
    high = scribe.height * rng.uniform(0.85, 1.3)
    wide = high if chance(rng) else max(width, 0.3 * high) * rng.uniform(0.9, 1.4)
    margin = scribe.height * rng.uniform(0.1, 1.0)
    at = margin + (wide - width) * rng.uniform(-0.1, 1.1)
    foot = margin + scribe.height + (high - scribe.height) * rng.uniform(-0.1, 1.1)
    frames = _rectangle(margin, margin, wide, high)
    size = wide + 2 * margin, high + 2 * margin
    return PageLayout(size, _moved(strokes, at, foot), [], frames)


def _lined(scribe: Scribe, rng: Rng) -> PageLayout:
    """A line or two across the page, wherever they are."""
    layout, _, _ = _text(scribe, rng, (1.2, 2.2))
    width, height = layout.size
    for _ in range(between(rng, 1, 2)):
        if chance(rng, 0.6):
            y = height * rng.uniform(0.03, 0.97)
            layout.rules.append(_line(0, y, width, y + rng.normal(0, 0.01) * width))
        else:
            x = width * rng.uniform(0.03, 0.97)
            layout.rules.append(_line(x, 0, x + rng.normal(0, 0.01) * height, height))
    return layout


def large(scribe: Scribe, rng: Rng) -> PageLayout:
    """One character, or two, and perhaps a frame."""
    strokes, width = scribe.word(1 if chance(rng, 0.7) else 2)
    margin = scribe.height * rng.uniform(0.02, 0.25)
    size = width + 2 * margin, scribe.height + 2 * margin
    frames: list[Points] = []
    if chance(rng, 0.3):
        inset = margin * rng.uniform(0, 1)
        frames = _rectangle(inset, inset, size[0] - 2 * inset, size[1] - 2 * inset)
    return PageLayout(size, _moved(strokes, margin, scribe.height + margin), [], frames)


LAYOUTS: dict[Callable[[Scribe, Rng], PageLayout], float] = {
    _plain: 0.18,
    _columns: 0.09,
    _ruled: 0.14,
    _squared: 0.15,
    _table: 0.17,
    _form: 0.12,
    _square: 0.06,
    _framed: 0.09,
    _lined: 0.08,
    large: 0.1,
}
"""How often each is made."""
