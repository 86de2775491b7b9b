"""Signs that hardly any set holds, put together from a writer's other signs, or made by hand.

All are in one unit: a writer's capitals and digits are about LETTER_HEIGHT high, so that a dot is
as small beside them as UNIPEN's writers make it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from recognizer.datasets import MINUS
from recognizer.geometry import Points
from recognizer.strokes import Stroke, bounds
from recognizer.training import pen
from recognizer.training.pen import Paths, Rng, arc, chance, dot, line, moved, polyline, ring

Parts = Mapping[str, Sequence[tuple[Stroke, ...]]]
"""What a writer drew, by labels; labels may lack."""

LETTER_HEIGHT = 100.0
BAR_WIDTHS = 35.0, 95.0
"""Of a minus, and of the bars of other signs."""
DOT_SIDES = 2.0, 20.0
"""UNIPEN's full stops measure 5 to 25 % of the same writer's letters."""
OWN_SHARE = 0.7
"""How often a part is the writer's own, where there is one."""
MAX_BAR_SLOPE, MAX_BEND = 0.35, 1.12
"""A bar's height over its width, and a straight stroke's length over the way between its ends."""
MIN_GAP_SHARE = 0.35
"""Between the dots of a colon, of its height: where a bar has room."""


def composed(label: str, parts: Parts, rng: Rng) -> tuple[Stroke, ...]:
    """The strokes of a sign, one of SIGNS, by the writer whose drawings are given.

    What the writer lacks is made. Raises ValueError for another label.
    """
    if label not in SIGNS:
        raise ValueError(f"no sign {label!r} can be composed; there are: {' '.join(SIGNS)}")
    return tuple(Stroke(points) for points in SIGNS[label](parts, rng))


def _own(
    parts: Parts, labels: str, rng: Rng, fits: Callable[[Paths], bool] = lambda _: True
) -> Paths | None:
    """The lines of one of the writer's drawings that fit, about (0, 0) and 1 large; or None."""
    drawn = [strokes for label in labels for strokes in parts.get(label, ())]
    if not drawn or not chance(rng, OWN_SHARE):
        return None
    strokes = drawn[int(rng.integers(len(drawn)))]
    box = bounds(strokes)
    lines = [(stroke.points - box.middle) / (box.side or 1.0) for stroke in strokes]
    return lines if fits(lines) else None


def _made(paths: Paths, rng: Rng) -> Paths:
    return [stroke.points for stroke in pen.by_hand(paths, rng)]


def _is_bar(lines: Paths) -> bool:
    return len(lines) == 1 and bool(np.ptp(lines[0][:, 1]) < MAX_BAR_SLOPE * np.ptp(lines[0][:, 0]))


def _straight(lines: Paths) -> bool:
    lengths = [
        (np.hypot(*np.diff(each, axis=0).T).sum(), np.hypot(*(each[-1] - each[0])))
        for each in lines
    ]
    return all(0 < length < MAX_BEND * direct for length, direct in lengths)


def _bar(parts: Parts, rng: Rng, width: float) -> Points:
    """A level line about (0, 0)."""
    if own := _own(parts, MINUS, rng, _is_bar):
        return own[0] * width
    tilt = rng.normal(0, 0.06) * width
    ends = [(-width / 2, tilt), (width / 2, -tilt)]
    if chance(rng, 0.05):
        ends.reverse()
    return _made([line(ends[0], ends[1], rng)], rng)[0]


def _dot(
    parts: Parts, rng: Rng, at: tuple[float, float] = (0, 0), most: float = DOT_SIDES[1]
) -> Paths:
    """A dot, of one line or, if the writer makes it so, several."""
    side = float(np.exp(rng.uniform(*np.log((DOT_SIDES[0], most)))))
    own = _own(parts, ".", rng) or [dot(rng, 1.0)]
    return [each * side + at for each in own]


def _width(rng: Rng) -> float:
    return float(rng.uniform(*BAR_WIDTHS))


def _divided_by(parts: Parts, rng: Rng) -> Paths:
    """A bar between two dots, or a colon with a bar through it."""
    width = float(rng.uniform(45, BAR_WIDTHS[1]))
    bar = _bar(parts, rng, width)
    up, down = -width * rng.uniform(0.25, 0.5, 2) * (1, -1)
    upper, lower = (
        _dot(parts, rng, (rng.normal(0, 0.06) * width, y), width / 5) for y in (up, down)
    )
    if colon := _own(parts, ":", rng, _has_gap):
        height = width * rng.uniform(0.7, 1.1)
        upper, lower = ([each * height for each in half] for half in _halves(colon))
    orders = (upper, [bar], lower), ([bar], upper, lower), (upper, lower, [bar])
    return [each for part in orders[int(rng.integers(3))] for each in part]


def _halves(colon: Paths) -> tuple[Paths, Paths]:
    """The lines of a colon whose middle lies above the colon's, and the others."""
    high = [float(np.mean(each[:, 1])) < 0 for each in colon]
    upper = [each for each, above in zip(colon, high, strict=True) if above]
    return upper, [each for each, above in zip(colon, high, strict=True) if not above]


def _has_gap(colon: Paths) -> bool:
    upper, lower = _halves(colon)
    if not upper or not lower:
        return False
    gap = np.concatenate(lower)[:, 1].min() - np.concatenate(upper)[:, 1].max()
    return bool(gap > MIN_GAP_SHARE)


def _times(parts: Parts, rng: Rng) -> Paths:
    side = _width(rng)
    own = _own(parts, "xX", rng, lambda lines: len(lines) == 2 and _straight(lines))
    if own:
        return [each * side for each in own]
    half = side / 2 * rng.uniform(0.75, 1.1, 2)
    falling, rising = line((-1, -1), (1, 1), rng), line((1, -1), (-1, 1), rng)
    moved = rising * rng.uniform(0.8, 1.1) + rng.normal(0, 0.1, 2)
    return _made([each * half for each in pen.shuffled([falling, moved], rng)], rng)


def _plus(parts: Parts, rng: Rng) -> Paths:
    width = _width(rng)
    height, lean = width * rng.uniform(0.8, 1.3), rng.normal(0, 0.06) * width
    upright = _made([line((lean, -height / 2), (-lean, height / 2), rng)], rng)[0]
    lines = [_bar(parts, rng, width), upright + rng.normal(0, 0.05, 2) * width]
    return lines[:: rng.choice((1, -1))]


def _equals(parts: Parts, rng: Rng) -> Paths:
    width = _width(rng)
    upper, lower = (_bar(parts, rng, width * float(np.exp(rng.normal(0, 0.1)))) for _ in range(2))
    slopes = np.ptp(upper[:, 1]) + np.ptp(lower[:, 1])
    gap = max(width * rng.uniform(0.25, 0.55), width * 0.15 + slopes)
    return [upper, moved(lower, rng.normal(0, 0.06) * width, gap)]


def _minus(_: Parts, rng: Rng) -> Paths:
    return [_bar({}, rng, _width(rng))]


def _middle_dot(parts: Parts, rng: Rng) -> Paths:
    return _dot(parts, rng)


def _full_stop(_: Parts, rng: Rng) -> Paths:
    return _dot({}, rng)


def _colon(parts: Parts, rng: Rng) -> Paths:
    lower = rng.normal(0, 4), rng.uniform(35, 75)
    return [*_dot(parts, rng), *_dot(parts, rng, lower)]


def _slash(_: Parts, rng: Rng) -> Paths:
    angle, length = np.radians(rng.uniform(48, 78)), rng.uniform(0.7, 1.6) * LETTER_HEIGHT
    right, down = np.cos(angle) * length, np.sin(angle) * length
    ends = polyline((right, 0), (0, down))[:: rng.choice((1, 1, -1))]
    return _made([line(tuple(ends[0]), tuple(ends[1]), rng)], rng)


def _per_cent(parts: Parts, rng: Rng) -> Paths:
    """Two small rings, at times dots, and a slash between them, in any order."""
    slash = (_own(parts, "/", rng, _straight) or _made([line((0.4, -0.5), (-0.4, 0.5), rng)], rng))[
        0
    ]
    width, height = np.ptp(slash, axis=0)
    at = np.array([max(width, 0.5), height * 0.6]) * rng.uniform(0.42, 0.55)
    rings = []
    dots = chance(rng, 0.15)
    for place in (-at, at):
        side = rng.uniform(0.22, 0.36)
        own = None if dots else _own(parts, "0oO", rng, _is_ring)
        made = dot(rng, 0.12) if dots else _made([ring(rng, 0.5)], rng)[0] * side
        rings.append((own[0] * side if own else made) + place)
    slash = slash[:: rng.choice((1, 1, 1, -1))]
    orders = (rings[0], slash, rings[1]), (*rings, slash), (slash, *rings)
    return [each * LETTER_HEIGHT for each in orders[int(rng.integers(3))]]


def _is_ring(lines: Paths) -> bool:
    """Whether a drawing is one closed line, as a zero without a slash."""
    return (
        len(lines) == 1
        and len(lines[0]) > 4
        and bool(np.hypot(*(lines[0][-1] - lines[0][0])) < 0.3)
    )


def _comma(_: Parts, rng: Rng) -> Paths:
    height, back = rng.uniform(15, 60), rng.uniform(0, 0.6)
    bow = rng.uniform(0, 0.3)
    tail = polyline((0, 0), (bow / 2, 0.3), (bow / 2, 0.6), (-back, 1)) * height
    return _made([pen.curve(tail / 100, rng, 0.01) * 100], rng)


def _less(_: Parts, rng: Rng) -> Paths:
    width, half = rng.uniform(40, 90), rng.uniform(0.25, 0.6)
    arms = polyline((1, -half), (0, rng.normal(0, 0.05)), (1, half)) * width
    return _made([arms[:: rng.choice((1, 1, 1, -1))]], rng)


def _bracket(_: Parts, rng: Rng) -> Paths:
    height, half = rng.uniform(0.9, 1.5) * LETTER_HEIGHT, rng.uniform(35, 75)
    bow = arc(180 + half, 180 - half)
    bow = bow / np.ptp(bow[:, 1]) * height * (rng.uniform(0.7, 1.1), 1)
    return _made([bow[:: rng.choice((1, 1, 1, -1))]], rng)


def _mirror(make: Callable[[Parts, Rng], Paths]) -> Callable[[Parts, Rng], Paths]:
    return lambda parts, rng: [each * (-1, 1) for each in make(parts, rng)]


SIGNS: dict[str, Callable[[Parts, Rng], Paths]] = {
    "÷": _divided_by,
    "×": _times,
    "·": _middle_dot,
    "=": _equals,
    ":": _colon,
    "%": _per_cent,
    MINUS: _minus,
    "+": _plus,
    "/": _slash,
    ".": _full_stop,
    ",": _comma,
    "<": _less,
    ">": _mirror(_less),
    "(": _bracket,
    ")": _mirror(_bracket),
}
"""What composes each sign: from the writer's other signs where that has parts, else by hand."""
