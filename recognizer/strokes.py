"""What the pen did: strokes, the sketch they make, and what was worked out of them before.

Points are (x, y) with y downwards, in any unit: pixels of a canvas, steps of a tablet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from numbers import Real
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from recognizer.errors import brief
from recognizer.geometry import Box, Points, distance_to_segment, union

V = TypeVar("V")
MAX_COORDINATE = 1e9
"""The largest coordinate that a stroke may have, in its own unit."""
MIN_EXTENT = 1 / MAX_COORDINATE
"""The smallest side of a writing area, in the strokes' unit."""
MAX_POINTS_ADDED = 20_000
"""Points that the eraser adds to a stroke at most, to cut it between its own."""
MAX_UNDO_STEPS = 500
"""So many gestures can be undone."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """What the pen drew from touching the paper to leaving it.

    points: (n, 2) float64, n >= 1; a single point is a dot.
    width: diameter of the pen in the points' unit; None where it is not known.
    """

    points: Points
    width: float | None = None

    @property
    def reach(self) -> float:
        """How far the ink reaches from the middle of the line."""
        return (self.width or 0.0) / 2

    @cached_property
    def box(self) -> Box:
        """The box around the middle of the line."""
        return Box.around(self.points)


def as_strokes(strokes: Iterable[Any], cache: Cache | None = None) -> tuple[Stroke, ...]:
    """Strokes from anything that looks like them: `Stroke` objects or sequences of (x, y).

    Strokes without a point are left out. cache: knows those that were checked before. Raises
    ValueError that names the stroke if a point is no pair of finite numbers.
    """
    if isinstance(strokes, str | bytes) or not isinstance(strokes, Iterable):
        raise ValueError(
            f"strokes must be a sequence of strokes, each a sequence of (x, y) points; "
            f"got {type(strokes).__name__}"
        )
    known = Cache() if cache is None else cache
    checked = (_checked(stroke, number, known) for number, stroke in enumerate(strokes))
    return tuple(stroke for stroke in checked if len(stroke.points))


def _checked(stroke: Any, number: int, cache: Cache) -> Stroke:
    if not isinstance(stroke, Stroke):
        return _as_stroke(stroke, number)
    return cache.get_or_make(("checked", stroke), lambda: _as_stroke(stroke, number))


def _as_stroke(stroke: Any, number: int) -> Stroke:
    width = stroke.width if isinstance(stroke, Stroke) else None
    if width is not None and not (_is_number(width) and 0 <= width <= MAX_COORDINATE):
        raise ValueError(
            f"stroke {number} has the pen width {brief(width)}; it must be a number from 0 to "
            f"{MAX_COORDINATE:g}"
        )
    points = _as_floats(stroke.points if isinstance(stroke, Stroke) else stroke, number)
    if points.size == 0:
        points = points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(
            f"stroke {number} must be points (x, y), an array of shape (n, 2); "
            f"its shape is {points.shape}"
        )
    if not np.all(np.abs(points) <= MAX_COORDINATE):
        raise ValueError(
            f"stroke {number} has a point that is not finite or beyond {MAX_COORDINATE:g}; "
            "every coordinate must be an ordinary number"
        )
    if isinstance(stroke, Stroke) and points is stroke.points:
        return stroke
    return Stroke(points, width)


def _as_floats(points: Any, number: int) -> NDArray[np.float64]:
    """An array of numbers; neither texts nor dates are taken for some, nor parts of complex ones.

    Raises ValueError that names the stroke.
    """
    try:
        values = np.asarray(points)
        if values.size and values.dtype.kind not in "iufO":
            raise ValueError(f"its values are {values.dtype}, not numbers")
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"stroke {number} is not a sequence of (x, y) points: {reason}") from None


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def as_extent(extent: Any) -> tuple[float, float]:
    """The size (width, height) of a writing area; ValueError unless both are positive."""
    try:
        width, height = (float(side) if _is_number(side) else math.nan for side in extent)
    except (TypeError, ValueError, OverflowError):
        width = height = math.nan
    if math.isnan(width) or math.isnan(height):
        raise ValueError(f"extent must be (width, height), two numbers; got {brief(extent)}")
    if not (min(width, height) >= MIN_EXTENT and max(width, height) <= MAX_COORDINATE):
        raise ValueError(
            f"extent must be two positive numbers from {MIN_EXTENT:g} to {MAX_COORDINATE:g}; "
            f"got {brief(extent)}"
        )
    return width, height


def bounds(strokes: Sequence[Stroke]) -> Box:
    """The box around the lines' middles; there must be a stroke."""
    return union([stroke.box for stroke in strokes])


def ink_bounds(strokes: Sequence[Stroke]) -> Box:
    """The box around the ink, as far as the widest pen reaches; there must be a stroke."""
    return bounds(strokes).grown(max(stroke.reach for stroke in strokes))


def transformed(
    strokes: Iterable[Stroke],
    scale: float = 1.0,
    *,
    origin: tuple[float, float] = (0.0, 0.0),
    to: tuple[float, float] | Points = (0.0, 0.0),
    pen: float | None = None,
) -> tuple[Stroke, ...]:
    """The strokes made `scale` times as large, so that what was at `origin` is at `to`.

    pen: the width of every stroke then; without it, widths grow with the strokes.
    """
    return tuple(
        Stroke(
            (stroke.points - origin) * scale + to,
            stroke.width * scale if pen is None and stroke.width is not None else pen,
        )
        for stroke in strokes
    )


SketchState = tuple[tuple[Stroke, ...], object]


@dataclass
class Sketch:
    """A drawing under way: it grows by strokes, loses what is erased, and remembers.

    A gesture (one stroke, one sweep of the eraser, one clearing) is one step of undo.
    `below` is what they are drawn on, such as a picture, None for blank paper; it comes and goes
    with undo and redo. `revision` changes whenever the strokes or what is below do.
    """

    strokes: tuple[Stroke, ...] = ()
    revision: int = 0
    below: object = None
    _past: list[SketchState] = field(default_factory=list)
    _future: list[SketchState] = field(default_factory=list)

    def begin_stroke(self, x: float, y: float, width: float) -> None:
        """Put the pen down at (x, y)."""
        self._remember()
        self._show((*self.strokes, Stroke(np.array([[x, y]], dtype=np.float64), width)))

    def extend_stroke(self, x: float, y: float) -> None:
        """Move the pen that is down to (x, y)."""
        *before, last = self.strokes
        if last.points[-1, 0] == x and last.points[-1, 1] == y:
            return
        grown = replace(last, points=np.vstack([last.points, (x, y)]))
        self._show((*before, grown))

    def begin_erasing(self) -> None:
        """Put the eraser down; what `erase` takes until the next gesture is one step."""
        self._remember()

    def erase(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        radius: float,
        whole: bool = False,
    ) -> None:
        """Take away all ink that a disc of this radius touches on its way from start to end.

        whole: whether the whole stroke goes that is touched.
        """
        left: list[Stroke] = []
        for stroke in self.strokes:
            parts = _outside(stroke, np.array(start), np.array(end), radius)
            if not whole or (len(parts) == 1 and parts[0] is stroke):
                left.extend(parts)
        if len(left) != len(self.strokes) or any(
            a is not b for a, b in zip(left, self.strokes, strict=True)
        ):
            self._show(tuple(left))

    def replace(self, strokes: Iterable[Any], below: object = None) -> None:
        """Show other strokes on something else, unless all is blank and was before."""
        strokes = as_strokes(strokes)
        if strokes or self.strokes or below is not self.below:
            self._remember()
            self.below = below
            self._show(strokes)

    def clear(self) -> None:
        """Take away everything."""
        self.replace(())

    @property
    def before_gesture(self) -> tuple[Stroke, ...]:
        """The strokes as they were before the gesture that is under way."""
        return self._past[-1][0] if self._past else ()

    @property
    def can_undo(self) -> bool:
        """Whether there is a gesture to go back."""
        return any(self._differs(before) for before in self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a gesture to go forward."""
        return bool(self._future)

    def undo(self) -> bool:
        """Go one gesture back; False if there is none."""
        while self._past:
            before = self._past.pop()
            if self._differs(before):
                self._future.append((self.strokes, self.below))
                self._go_to(before)
                return True
        return False

    def redo(self) -> bool:
        """Go forward again; False if nothing was undone."""
        if not self._future:
            return False
        self._past.append((self.strokes, self.below))
        self._go_to(self._future.pop())
        return True

    def _differs(self, state: SketchState) -> bool:
        return state[0] is not self.strokes or state[1] is not self.below

    def _remember(self) -> None:
        self._past.append((self.strokes, self.below))
        del self._past[:-MAX_UNDO_STEPS]
        self._future.clear()

    def _go_to(self, state: SketchState) -> None:
        strokes, self.below = state
        self._show(strokes)

    def _show(self, strokes: tuple[Stroke, ...]) -> None:
        self.strokes = strokes
        self.revision += 1


def _outside(stroke: Stroke, start: Points, end: Points, radius: float) -> list[Stroke]:
    """The parts of a stroke that the eraser leaves; the stroke itself if it is not touched."""
    reach = radius + stroke.reach
    low, high = np.minimum(start, end) - reach, np.maximum(start, end) + reach
    if np.any(stroke.points.max(axis=0) < low) or np.any(stroke.points.min(axis=0) > high):
        return [stroke]
    points = _densify(stroke.points, max(radius / 4, 0.5))
    kept = distance_to_segment(points, start, end) > reach
    if kept.all():
        return [stroke]
    cuts = np.flatnonzero(np.diff(kept)) + 1
    runs = zip(np.split(points, cuts), np.split(kept, cuts), strict=True)
    return [replace(stroke, points=run) for run, keep in runs if keep[0]]


def _densify(points: Points, step: float) -> Points:
    """The same line with points at most `step` apart, but not more than so many of them."""
    lengths = np.hypot(*np.diff(points, axis=0).T)
    step = max(step, lengths.sum() / MAX_POINTS_ADDED)
    counts = np.maximum(np.ceil(lengths / step), 1).astype(np.intp)
    start = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(start)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (number / np.repeat(counts, counts))[:, None]
    return np.vstack([points[start] + share * (points[start + 1] - points[start]), points[-1]])


class Cache:
    """Keeps what this round of work and the one before it asked for, and forgets the rest.

    A key tells all that its value depends on. Strokes may be part of it: they never change,
    and two of them are equal only if they are the same.
    """

    def __init__(self) -> None:
        self._now: dict[Hashable, Any] = {}
        self._before: dict[Hashable, Any] = {}
        self._basis: object = None

    def begin_round(self, basis: object = None) -> None:
        """Begin a round of work; what the last one did not ask for is forgotten.

        basis: an object that all values depend on; if it is another than before, all is forgotten.
        """
        self._before, self._now = self._now if basis is self._basis else {}, {}
        self._basis = basis

    def get(self, key: Hashable) -> Any:
        """The value of a key; None if it was forgotten or never there."""
        value = self._now.get(key)
        if value is None and (value := self._before.get(key)) is not None:
            self._now[key] = value
        return value

    def get_or_make(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of a key, made only if it is not there."""
        known: V | None = self.get(key)
        if known is not None:
            return known
        value = self._now[key] = make()
        return value
