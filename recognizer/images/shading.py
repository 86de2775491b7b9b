"""The paper beneath the ink: its shade at every point, from a picture unevenly lit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Floats = NDArray[np.float32]

_WINDOW_PX = 15
"""Side in pixels of the small copy in which thin ink is the minority."""
_PREFERENCE_FACTOR = 1.6
"""How much further the ink must stand out from a less simple shade."""
_SPREAD_PX = 6
"""How far in pixels of the small copy the paper's shade is carried beneath the ink."""


def otsu(values: NDArray[Any]) -> float:
    """The threshold that parts values best into two classes; the upper one lies above it.

    Otsu: A threshold selection method from gray-level histograms, 1979.
    """
    low, high = float(values.min()), float(values.max())
    if low == high:
        return low
    counts, edges = np.histogram(values, bins=256, range=(low, high))
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = sums / below - (sums[-1] - sums) / above
        between = np.nan_to_num(below * (above * apart**2))
    # The middle of all equally good thresholds, which lie between two lone greys.
    best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
    return float(edges[best[len(best) // 2] + 1])


def is_paper(mask: Mask) -> bool:
    """Whether a part of a picture, rather than the rest, is the paper.

    Paper is what the edges of the picture show, and its corners above all: a digit may touch
    every edge, but its corners are round.
    """
    height, width = mask.shape
    edges = np.concatenate([mask[0], mask[-1], mask[1:-1, 0], mask[1:-1, -1]])
    tall, wide = max(1, height // 12), max(1, width // 12)
    corners = [
        mask[rows, columns].mean()
        for rows in (slice(tall), slice(height - tall, None))
        for columns in (slice(wide), slice(width - wide, None))
    ]
    return bool(edges.mean() + np.mean(corners) > 1)


def grown(mask: Mask, steps: int) -> Mask:
    """The mask and all pixels within some steps of it."""
    for _ in range(steps):
        wide = np.pad(mask, 1)
        tall = wide[:-2] | wide[1:-1] | wide[2:]
        mask = tall[:, :-2] | tall[:, 1:-1] | tall[:, 2:]
    return mask


def paper_and_sign(values: Floats) -> tuple[Floats, int]:
    """The paper's shade at every pixel, and 1 if the ink is lighter, -1 if it is darker.

    values: a small copy of the picture. One shade serves an evenly lit picture and ink of
    any width, a smooth surface a picture that is lit from one side, and a shade followed
    from place to place serves shadows, but thin ink only. The one from which the ink stands
    out furthest is taken, and the simpler one where that is about equal.
    """
    best, furthest = _even(values), 0.0
    surface, sign = _surface_and_sign(values)
    followed = ((_followed(values, surface, way), way) for way in (1, -1))
    for shade, way in (best, (surface, sign), *followed):
        apart = _apart(way * (values - shade))
        if apart > _PREFERENCE_FACTOR * furthest:
            best, furthest = (shade, way), apart
    return best


def _even(values: Floats) -> tuple[Floats, int]:
    ink = values > otsu(values)
    if is_paper(ink):
        ink = ~ink
    shade = np.median(values[~ink])
    sign = 1 if values[ink].mean() > shade else -1
    return np.full_like(values, shade), sign


def enlarged(paper: Floats, shape: tuple[int, ...]) -> Floats:
    """The paper's shade at every pixel of the large picture."""
    height, width = shape
    picture = Image.fromarray(paper).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(picture)


def _apart(above: Floats) -> float:
    """How clearly ink and paper differ: their distance over the spread of the paper."""
    ink = above > otsu(above)
    if not ink.any():
        return 0.0
    paper = above[~ink]
    # Paper that lies off its own shade is not the paper.
    spread = float(np.sqrt(np.square(paper).mean()))
    return float(above[ink].mean() - paper.mean()) / max(spread, 0.5)


def _surface_and_sign(values: Floats) -> tuple[Floats, int]:
    surface = _robust_fit(values)
    over = values - surface
    sign = 1 if np.square(np.maximum(over, 0)).sum() > np.square(np.minimum(over, 0)).sum() else -1
    for _ in range(3):
        ink = sign * over > otsu(sign * over)
        if is_paper(ink):
            ink, sign = ~ink, -sign
        # A little weight everywhere, for a picture that is all ink.
        surface = _fit(values, np.where(grown(ink, 1), np.float32(1e-3), np.float32(1)))
        over = values - surface
    return surface, sign


def _robust_fit(values: Floats) -> Floats:
    """The surface through most of the picture, by weights that leave out what lies far off."""
    weights = np.ones_like(values)
    for _ in range(6):
        surface = _fit(values, weights)
        off = np.abs(values - surface)
        reach = max(4.0, 4 * float(np.median(off)))
        weights = np.square(np.clip(1 - np.square(off / reach), 0, 1))
    return surface


def _fit(values: Floats, weights: Floats) -> Floats:
    """The surface of second degree that is nearest to the values."""
    y, x = (np.linspace(-1, 1, 2 * side + 1, dtype=np.float32)[1::2] for side in values.shape)
    across, down = (axis.ravel() for axis in np.meshgrid(x, y))
    ones = np.ones_like(across)
    terms = np.stack([ones, across, down, across * across, across * down, down * down], axis=1)
    weighted = terms * weights.reshape(-1, 1)
    # A little of a flat surface, where the weights leave too few pixels for a bent one.
    ridge = np.diag([0, *[1e-3 * float(weights.sum())] * 5])
    factors = np.linalg.solve(weighted.T @ terms + ridge, weighted.T @ values.ravel())
    return np.asarray(terms @ factors, dtype=np.float32).reshape(values.shape)


def _followed(values: Floats, surface: Floats, sign: int) -> Floats:
    """The surface with what the paper beside thin ink differs from it."""
    over = values - surface
    # Half greys are fine enough to find the ink.
    stepped = Image.fromarray(np.asarray(np.clip(over / 2 + 128, 0, 255), dtype=np.uint8))
    middle = np.asarray(stepped.filter(ImageFilter.MedianFilter(_WINDOW_PX)), dtype=np.float32)
    standing = sign * (over - (middle - 128) * 2)
    paper = (~grown(standing > otsu(standing), 1)).astype(np.float32)
    shade = _spread(over * paper) / (_spread(paper) + np.float32(1e-3))
    return np.asarray(surface + shade, dtype=np.float32)


def _spread(values: Floats) -> Floats:
    """Sums over squares around every pixel, twice, so that the middle counts most."""
    side = 2 * _SPREAD_PX + 1
    for _ in range(2):
        for axis in (0, 1):
            ends = [(0, 0), (0, 0)]
            ends[axis] = (_SPREAD_PX + 1, _SPREAD_PX)
            sums = np.cumsum(np.pad(values, ends), axis=axis)
            count = sums.shape[axis] - side
            values = np.take(sums, np.arange(side, side + count), axis) - np.take(
                sums, np.arange(count), axis
            )
    return values
