"""Strokes to grey ink: the only rasterizer, for the canvas, the network and its training.

A pixel's grey is the share of it that the pen covers, computed from its distance to the
line, so that ink is equally smooth at every size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points
from recognizer.strokes import Stroke, bounds, transformed

Ink = NDArray[np.uint8]
"""(height, width), 0 where the paper is blank and 255 where the pen covers it."""
Directions = NDArray[np.uint8]
"""(height, width, 4): how far the pen went right, left, down and up there, of 255; 0 on paper."""
Planes = NDArray[np.float32]
"""(1 or 5, height, width): the ink, and the four directions where they are wanted."""

RENDERED_PX = 60
"""Longest side in pixels of a drawing rendered to be read: three times the glyph's 20."""
THINNED_PX = RENDERED_PX / 24
"""Points of a drawing that lie closer in it are left out."""
MAX_LINE_PX = 4000 * THINNED_PX
"""Of a longer line, as of a scribble, more points are left out."""
MIN_PEN_SHARE, USUAL_PEN_SHARE, MAX_PEN_SHARE = 0.09, 0.13, 0.18
"""Pen width as a share of the drawing's longest side when it is rendered to be read.

People write with any pen at any size; the network sees it no thinner and no thicker than
these, and the usual one where the pen is not known. MNIST's digits average the usual one.
"""
MIN_DRAWING_SHARE = 0.02
"""A drawing smaller than this share of the writing area is shown as small as it is: a dot."""
LEGIBLE_PENS, MIN_FINE_DRAWING_SHARE = 4, 0.001
"""If its pen is fine, it is a dot only if it is smaller than so many pens, or than this share."""
BLOT_PENS = 2.0
"""A drawing smaller than so many pens is a dot: on paper it is a blot, whatever the pen did."""
_TILE_STEP_PX = 16
"""Segments of a line are drawn together with those whose sides differ by less, in pixels."""
_TILE_PIXELS = 1 << 17
"""Of so many pixels at a time, so that they stay in the processor's cache."""
_CURVE_STEPS = 4
_CURVE_FROM_PX = 3.0


def render(
    strokes: Sequence[Stroke], size: tuple[int, int], origin: tuple[float, float] = (0, 0)
) -> Ink:
    """Draw the part of the strokes that lies in a rectangle of the canvas.

    size: (width, height) of the rectangle in pixels; origin: its left top corner.
    Points and pen widths are in pixels. Returns Ink of shape (height, width).
    """
    return np.asarray(_rendered(strokes, size, origin, planes=1)[0])


def _rendered(
    strokes: Sequence[Stroke], size: tuple[int, int], origin: tuple[float, float], planes: int
) -> NDArray[np.uint8]:
    """The ink, and the pen's directions if 5 planes are wanted, (planes, height, width)."""
    (left, top), (width, height) = origin, size
    drawn = np.zeros((planes, height, width), dtype=np.float32)
    corner, lines, reaches = np.array([left, top], dtype=np.float64), [], []
    for stroke in strokes:
        reach = max(stroke.reach, 0.5) + 0.5
        box = stroke.box.moved(-left, -top).grown(reach)
        if box.right >= 0 and box.bottom >= 0 and box.x <= width and box.y <= height:
            lines.append(smooth(stroke.points - corner))
            reaches.append(reach)
    if lines:
        _draw_lines(drawn, lines, reaches)
    return np.asarray(np.clip(drawn, 0, 1) * 255 + 0.5, dtype=np.uint8)


def render_to_fit(strokes: Sequence[Stroke], extent: tuple[float, float]) -> Ink:
    """Draw all strokes as large as they are read, whatever their size, place and pen.

    Returns Ink with a longest side of about `RENDERED_PX`; of one blank pixel without a stroke.
    """
    return np.asarray(_fitted(strokes, extent, planes=1)[0])


def render_with_directions(
    strokes: Sequence[Stroke], extent: tuple[float, float]
) -> tuple[Ink, Directions]:
    """The ink of `render_to_fit`, and where the pen went in it.

    A pixel's directions are the parts of the line's own direction, a vector of length 1, that
    point right, left, down and up, where the pen covers it; of several lines the largest parts
    count. Known as directional feature maps (Bai, Huo: A study on the use of 8-directional
    features for online handwritten Chinese character recognition, 2005) and as path signature
    features of level one (Graham: Sparse arrays of signatures for online character recognition,
    2013). A dot goes nowhere.
    """
    drawn = _fitted(strokes, extent, planes=5)
    return drawn[0], np.ascontiguousarray(drawn[1:].transpose(1, 2, 0))


def _fitted(
    strokes: Sequence[Stroke], extent: tuple[float, float], planes: int
) -> NDArray[np.uint8]:
    if not strokes:
        return np.zeros((planes, 1, 1), dtype=np.uint8)
    box = bounds(strokes)
    side = max(box.side, _full_size_from(strokes, extent))
    scale = RENDERED_PX / side
    lines = transformed(strokes, scale, origin=box.corner)
    step = THINNED_PX * max(1.0, sum(length(line.points) for line in lines) / MAX_LINE_PX)
    fitted = [
        Stroke(thin_out(line.points, step), RENDERED_PX * _pen(stroke, side))
        for stroke, line in zip(strokes, lines, strict=True)
    ]
    margin = RENDERED_PX * MAX_PEN_SHARE / 2 + 1
    size = (
        int(np.ceil(box.width * scale + 2 * margin)),
        int(np.ceil(box.height * scale + 2 * margin)),
    )
    return _rendered(fitted, size, (-margin, -margin), planes)


def _full_size_from(strokes: Sequence[Stroke], extent: tuple[float, float]) -> float:
    """The longest side from which on a drawing is shown in full size."""
    pen = max(stroke.width or 0.0 for stroke in strokes)
    # Without a known pen, anything may be legible.
    fine = LEGIBLE_PENS * pen or np.inf
    legible = np.clip(fine, MIN_FINE_DRAWING_SHARE * max(extent), MIN_DRAWING_SHARE * max(extent))
    return float(max(legible, BLOT_PENS * pen))


def _pen(stroke: Stroke, side: float) -> float:
    if stroke.width is None:
        return USUAL_PEN_SHARE
    return float(np.clip(stroke.width / (side + stroke.width), MIN_PEN_SHARE, MAX_PEN_SHARE))


def length(points: Points) -> float:
    """How long the line through points (n, 2) is; 0 for one point."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def thin_out(points: Points, step: float) -> Points:
    """Leave out points that lie within `step` along the line of the last one kept."""
    if len(points) < 3:
        return points
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    kept = np.zeros(len(points), dtype=np.bool_)
    kept[np.searchsorted(along, np.arange(0.0, along[-1], step))] = kept[-1] = True
    return points[kept]


def smooth(points: Points) -> Points:
    """The line bent through its points, where they lie so far apart that corners would show.

    Centripetal Catmull-Rom spline (Yuksel, Schaefer, Keyser: On the parameterization of
    Catmull-Rom curves, 2009), which makes neither loops nor overshoots.
    """
    moved = np.concatenate([[True], np.any(np.diff(points, axis=0) != 0, axis=1)])
    points = points[moved]
    if len(points) < 3:
        return points
    first, last = 2 * points[0] - points[1], 2 * points[-1] - points[-2]
    p = np.vstack([first, points, last])
    knots = np.sqrt(np.hypot(*np.diff(p, axis=0).T))
    wide = knots[1:-1] ** 2 > _CURVE_FROM_PX
    if not wide.any():
        return points
    t1, t2, t3 = (k[:, None] for k in (knots[:-2], knots[1:-1], knots[2:]))
    p0, p1, p2, p3 = p[:-3], p[1:-2], p[2:-1], p[3:]
    # Tangents at both ends of every segment, then the cubic Hermite curve between them.
    m1 = t2 * ((p1 - p0) / t1 - (p2 - p0) / (t1 + t2) + (p2 - p1) / t2)
    m2 = t2 * ((p2 - p1) / t2 - (p3 - p1) / (t2 + t3) + (p3 - p2) / t3)
    s = (np.arange(_CURVE_STEPS) / _CURVE_STEPS)[None, :, None]
    curve = (
        (2 * s**3 - 3 * s**2 + 1) * p1[:, None]
        + (s**3 - 2 * s**2 + s) * m1[:, None]
        + (3 * s**2 - 2 * s**3) * p2[:, None]
        + (s**3 - s**2) * m2[:, None]
    )
    use = np.ones((len(p1), _CURVE_STEPS), dtype=bool)
    use[~wide, 1:] = False
    return np.vstack([curve[use], points[-1]])


def _draw_lines(drawn: Planes, lines: Sequence[Points], reaches: Sequence[float]) -> None:
    """Raise `drawn` to what round pens cover; a reach is a pen's radius plus half a pixel."""
    _, height, width = drawn.shape
    starts = np.concatenate([line[:-1] if len(line) > 1 else line for line in lines])
    ends = np.concatenate([line[1:] if len(line) > 1 else line for line in lines])
    reach = np.repeat(reaches, [max(len(line) - 1, 1) for line in lines])[:, None]
    low = np.minimum(np.maximum(np.floor(np.minimum(starts, ends) - reach), 0), (width, height))
    high = np.minimum(np.maximum(np.ceil(np.maximum(starts, ends) + reach), 0), (width, height))
    low, high = low.astype(np.intp), high.astype(np.intp)
    sides = (high - low).max(axis=1)
    sides[np.any(high <= low, axis=1)] = 0
    kinds = -(-sides // _TILE_STEP_PX)
    for kind in np.unique(kinds[kinds > 0]).tolist():
        (alike,) = np.nonzero(kinds == kind)
        tile = int(sides[alike].max())
        size = (min(tile, width), min(tile, height))
        most = max(1, _TILE_PIXELS // (size[0] * size[1]))
        for first in range(0, len(alike), most):
            some = alike[first : first + most]
            corners = np.minimum(low[some], np.array((width, height)) - size)
            steps = ends[some] - starts[some]
            _draw_segments(drawn, starts[some], steps, reach[some], corners, size)


def _draw_segments(
    drawn: Planes,
    starts: Points,
    steps: Points,
    reach: Points,
    corners: NDArray[np.intp],
    size: tuple[int, int],
) -> None:
    """Straight segments, each within a tile of the same (width, height), all at once.

    reach: (n, 1), that of each one's pen.
    """
    columns, rows = (np.arange(side) for side in size)
    half, starts = np.float32(0.5), starts.astype(np.float32)
    x = ((corners[:, :1] + columns).astype(np.float32) + half - starts[:, :1])[:, None, :]
    y = ((corners[:, 1:] + rows).astype(np.float32) + half - starts[:, 1:])[:, :, None]
    squares = np.maximum(np.einsum("ij,ij->i", steps, steps), 1e-12)
    dx, dy = (steps.T.astype(np.float32))[:, :, None, None]
    shares = (steps.T / squares).astype(np.float32)[:, :, None, None]
    along = x * shares[0] + y * shares[1]
    np.minimum(np.maximum(along, 0, out=along), 1, out=along)
    away = x - along * dx
    away *= away
    along *= dy
    down = np.subtract(y, along, out=along)
    down *= down
    away += down
    covered = np.subtract(reach.astype(np.float32)[:, :, None], np.sqrt(away, out=away), out=away)
    stride = drawn.shape[2]
    places = (corners[:, 1] * stride + corners[:, 0])[:, None, None]
    pixels = places + (rows[:, None] * stride + columns)
    np.maximum.at(drawn[0].reshape(-1), pixels.reshape(-1), covered.reshape(-1))
    if len(drawn) == 1:
        return
    np.minimum(np.maximum(covered, 0, out=covered), 1, out=covered)
    right, down = (steps / np.sqrt(squares)[:, None]).astype(np.float32).T
    for plane, parts in zip(drawn[1:], (right, -right, down, -down), strict=True):
        there = parts > 0
        values = covered[there] * parts[there, None, None]
        np.maximum.at(plane.reshape(-1), pixels[there].reshape(-1), values.reshape(-1))
