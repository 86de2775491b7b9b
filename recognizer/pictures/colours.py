"""Pictures of any kind to grey: transparency, colour, sixteen bits, large sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.pictures.shading import Grey

LARGEST_SIDE = 1024
"""Pictures are made no larger than this in pixels; a digit is read from twenty."""
_NARROWEST = 8
_OPAQUE = 255
_SAMPLE = 100_000
"""Pixels that tell a picture's main colours."""

Floats = NDArray[np.float32]


def grey_of(picture: Image.Image, longest: int = LARGEST_SIDE) -> Grey:
    """Grey of a decoded picture, (height, width), its longest side made `longest` or less.

    Raises ValueError for a picture whose numbers are not finite or whose mode is unusual.
    """
    picture = _simple(picture)
    picture = picture.reduce(_factors(picture.size, longest))
    values = np.asarray(picture)
    if values.ndim == 2:
        return np.array(values)
    if values.shape[2] == 4:
        values = _on_paper(values[..., :3], values[..., 3])
    return _contrasted(values)


def colours_of(picture: Image.Image) -> Grey:
    """What a person sees of a decoded picture, (height, width, 3) red, green, blue."""
    values = np.asarray(_simple(picture))
    if values.ndim == 2:
        return np.repeat(values[..., None], 3, axis=2)
    return _on_paper(values[..., :3], values[..., 3]) if values.shape[2] == 4 else values


def _simple(picture: Image.Image) -> Image.Image:
    """The picture in eight bits of grey (L), colour (RGB) or colour with transparency (RGBA)."""
    if picture.mode in ("F", "I", "I;16", "I;16B", "I;16L"):
        return Image.fromarray(_eight_bits(np.asarray(picture)))
    return picture if picture.mode == (mode := _simple_mode(picture)) else picture.convert(mode)


def _simple_mode(picture: Image.Image) -> str:
    if picture.mode in ("1", "L"):
        return "RGBA" if "transparency" in picture.info else "L"
    if picture.has_transparency_data:
        return "RGBA"
    return "RGB"


def _factors(size: tuple[int, int], longest: int) -> tuple[int, int]:
    factor = -(-max(size) // longest)
    # A ribbon keeps its few pixels across.
    width, height = (max(1, min(factor, side // _NARROWEST)) for side in size)
    return width, height


def _eight_bits(values: NDArray[Any]) -> Grey:
    """Greys 0..255 from sixteen bits, or from numbers 0..1, 0..255 or 0..65535."""
    if values.dtype == np.uint16:
        return np.asarray(np.right_shift(values, 8), dtype=np.uint8)
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError("it has pixels that are no finite numbers")
    full = next((f for f in (1.0, 255.0, 65535.0) if low >= 0 and high <= f), None)
    if values.dtype.kind != "f" and full == 1.0:
        full = 255.0
    if full is None:
        # No known unit: from its darkest to its lightest.
        values, full = np.asarray(values - np.float64(low), np.float32), high - low
    return np.asarray(values * np.float32(255 / full) + np.float32(0.5), dtype=np.uint8)


def _on_paper(colours: Grey, alpha: Grey) -> Grey:
    """An opaque picture (height, width, 3) from one with transparency.

    Where the picture shows through, paper is laid beneath: white for dark ink, black for
    light ink. A card with transparent corners is filled up with its own colour.
    """
    if alpha.min() == _OPAQUE:
        return colours
    if alpha.max() == 0:
        return np.zeros_like(colours)
    share = (alpha / np.float32(_OPAQUE))[..., None]
    seen = alpha > _OPAQUE // 2 if alpha.max() > _OPAQUE // 2 else alpha > 0
    shown = colours[seen]
    middle = np.median(shown, axis=0)
    card = seen.mean() > 0.5 and np.abs(shown - middle).max(axis=1).mean() > 4
    paper = middle if card else np.float32(0 if middle.mean() > 127 else 255)
    return np.asarray(colours * share + paper * (1 - share) + 0.5, dtype=np.uint8)


def _contrasted(colours: Grey) -> Grey:
    """Grey that shows the picture's main contrast, of lightness or of colour.

    colours: (height, width, 3). Projects on the first principal component of the colours,
    the line from the paper's to the ink's.
    """
    first = colours[..., 0]
    if np.array_equal(first, colours[..., 1]) and np.array_equal(first, colours[..., 2]):
        return np.array(first)
    step = int(np.ceil(np.sqrt(first.size / _SAMPLE)))
    sample = colours[::step, ::step].reshape(-1, 3).astype(np.float32)
    axis = np.linalg.eigh(np.cov(sample, rowvar=False))[1][:, -1]
    axis = axis / np.abs(axis).sum() * (1 if axis.sum() >= 0 else -1)
    # Negative weights look at a channel upside down.
    grey = colours @ axis.astype(np.float32) - 255 * np.minimum(axis, 0).sum()
    return np.asarray(np.clip(grey + 0.5, 0, 255), dtype=np.uint8)
