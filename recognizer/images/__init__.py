"""Pictures of any kind to grey: formats, transparency, colour, sixteen bits, large sizes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

Grey = NDArray[np.uint8]
"""(height, width), 0 for black and 255 for white; (height, width, 3) with colours."""
Steps = list[tuple[str, Grey]]
"""The pictures of the way from a picture to its lines, each with the name of its stage.

Who wants to see them hands in an empty list, as in `lines.page_of(grey, size, steps=steps)`, and
finds them there: "grey", "sheet", "ink", "without rules", "level", and "line 1", "line 2", …;
`Recognizer.read_image` adds a "strip" for each line, as the line network sees it.
"""

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
MIN_SIDE_PX = 8
"""In pixels."""
MAX_PIXELS = 40_000_000
MAX_FILE_BYTES = 512 * 2**20
"""In bytes; more than the most pixels with all that a file may hold of them."""
_ALLOWED = "pictures of 8 × 8 pixels to 40 megapixels can be read"
_KINDS = "a PNG, JPEG, BMP, GIF, WebP or TIFF picture is needed"
CLASSIFIED_SIDE_PX = 1024
"""Pictures are made no larger than this in pixels; a digit is read from twenty."""
_OPAQUE = 255
_SAMPLE_PIXELS = 100_000
"""Pixels that tell a picture's main colours."""


def show(steps: Steps | None, name: str, picture: Grey) -> None:
    """Add the picture of a stage to the steps, if anybody wants to see them."""
    if steps is not None:
        steps.append((name, picture.copy()))


class PictureError(ValueError):
    """A picture that cannot be read; the message names the file and the trouble."""


def grey_of(image: Any, longest: int) -> tuple[Grey, tuple[int, int]]:
    """The grey of a picture, made smaller until its longest side has so many pixels, or less.

    image: a path (PNG, JPEG, BMP, GIF, WebP, TIFF; the first frame), such a file in memory
    (BytesIO), or an array, grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4), uint8, uint16, bool or
    float 0..1. Ink may be
    dark on light, light on dark, or on nothing. Returns the grey, upright, and the (width,
    height) that the upright picture has by itself. Raises PictureError for a file and
    ValueError for an array that cannot be read.
    """
    if isinstance(image, str | os.PathLike):
        image = Path(image)
    if isinstance(image, Path | BytesIO):
        return _decoded(image, lambda picture: _grey_of_picture(picture, longest), longest)
    if isinstance(image, np.ndarray):
        return _grey_of_array(image, longest), (image.shape[1], image.shape[0])
    raise ValueError(
        "a picture must be a path or an array (h, w), (h, w, 3) or (h, w, 4), or a file "
        "in memory (io.BytesIO); "
        f"got {type(image).__name__}"
    )


def upright_colours(path: Path, longest: int | None = None) -> tuple[Grey, tuple[int, int]]:
    """A file's picture as a person sees it, and the (width, height) that it has by itself.

    Returns (height, width, 3) red, green, blue, made smaller until its longest side has
    `longest` pixels, if that is given. Raises PictureError.
    """
    return _decoded(path, lambda picture: colours_of(picture, longest), longest)


def _decoded(
    source: Path | BytesIO, values_of: Callable[[Image.Image], Grey], longest: int | None
) -> tuple[Grey, tuple[int, int]]:
    """The values of a file's picture, turned as its camera was held, and its whole size.

    source: a path, or a file in memory. longest: a side in pixels that suffices, which saves
    time with a JPEG.
    """
    name = str(source) if isinstance(source, Path) else "the picture"
    if isinstance(source, Path):
        _check_file(source)
    else:
        _check_length(name, source.getbuffer().nbytes)
    with warnings.catch_warnings():
        # What Pillow warns of is either read all the same or raised below.
        warnings.simplefilter("ignore")
        try:
            with Image.open(source, formats=FORMATS) as picture:
                size = picture.size
                _check_size(name, size)
                if longest:
                    factors = _factors(size, longest)
                    picture.draft(None, (size[0] // factors[0], size[1] // factors[1]))
                ImageOps.exif_transpose(picture, in_place=True)
                # A picture that lay on its side is as wide as its file is high.
                lay = (size[0] > size[1]) != (picture.size[0] > picture.size[1])
                return values_of(picture), size[::-1] if lay else size
        except PictureError:
            raise
        except Image.DecompressionBombError:
            raise PictureError(f"{name} has too many pixels; {_ALLOWED}") from None
        except UnidentifiedImageError:
            raise PictureError(f"{name} is no picture of a known kind; {_KINDS}") from None
        except Exception as error:
            # A decoder may raise anything when it meets a damaged file.
            raise PictureError(f"{name} is damaged ({error}); {_KINDS}") from error


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise PictureError(f"{path} is no file; {_KINDS}")
        with path.open("rb"):
            pass
    except PictureError:
        raise
    except OSError as error:
        raise PictureError(f"{path} cannot be opened: {error.strerror}; {_KINDS}") from None
    except ValueError as error:
        raise PictureError(f"{str(path)!r} is no path: {error}; {_KINDS}") from None
    _check_length(str(path), size)


def _check_length(name: str, length: int) -> None:
    """Refuse a file by its bytes; raises PictureError."""
    if length == 0:
        raise PictureError(f"{name} is empty; {_KINDS}")
    if length > MAX_FILE_BYTES:
        raise PictureError(f"{name} has {length // 2**20} MB, which is too large; {_ALLOWED}")


def _check_size(name: str, size: tuple[int, int]) -> None:
    """Refuse a picture by its width and height; raises PictureError."""
    width, height = size
    trouble = "large" if width * height > MAX_PIXELS else "small"
    if trouble == "large" or min(size) < MIN_SIDE_PX:
        raise PictureError(f"{name} is too {trouble}, {width} × {height} pixels; {_ALLOWED}")


def _grey_of_array(values: NDArray[Any], longest: int) -> Grey:
    name = f"the array of shape {values.shape} and type {values.dtype}"
    if not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] in (3, 4))):
        raise ValueError(f"{name} is no picture; its shape must be (h, w), (h, w, 3) or (h, w, 4)")
    _check_size(name, (values.shape[1], values.shape[0]))
    picture = Image.fromarray(np.ascontiguousarray(_eight_bit_array(values, name)))
    return _grey_of_picture(picture, longest)


def _eight_bit_array(values: NDArray[Any], name: str) -> NDArray[np.uint8]:
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.bool_:
        return np.asarray(values * np.uint8(255), dtype=np.uint8)
    if values.dtype == np.uint16:
        return _eight_bit_greys(values)
    if not np.issubdtype(values.dtype, np.floating):
        raise ValueError(f"{name} is no picture; it must be uint8, uint16, bool or float 0..1")
    if not (values.min() >= 0 and values.max() <= 1):
        raise ValueError(f"{name} has values that are not between 0 and 1")
    return np.asarray(values.astype(np.float32) * 255 + 0.5, dtype=np.uint8)


def _grey_of_picture(picture: Image.Image, longest: int) -> Grey:
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


def colours_of(picture: Image.Image, longest: int | None = None) -> Grey:
    """What a person sees of a decoded picture, as for `upright_colours`."""
    values = np.asarray(_simple(picture))
    if values.ndim == 2:
        values = np.repeat(values[..., None], 3, axis=2)
    if values.shape[2] == 4:
        values = _on_paper(values[..., :3], values[..., 3])
    if longest is None or max(values.shape) <= longest:
        return values
    shown = Image.fromarray(values)
    shown.thumbnail((longest, longest))
    return np.asarray(shown)


def _simple(picture: Image.Image) -> Image.Image:
    """The picture in eight bits of grey (L), colour (RGB) or colour with transparency (RGBA)."""
    if picture.mode in ("F", "I", "I;16", "I;16B", "I;16L"):
        return Image.fromarray(_eight_bit_greys(np.asarray(picture)))
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
    width, height = (max(1, min(factor, side // MIN_SIDE_PX)) for side in size)
    return width, height


def _eight_bit_greys(values: NDArray[Any]) -> Grey:
    """Greys 0..255 from sixteen bits, or from numbers 0..1, 0..255 or 0..65535."""
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ValueError("it has pixels that are no finite numbers")
    if values.dtype == np.uint16:
        # Scanners and cameras put 10, 12 or 14 bits into files of 16.
        bits = max(8, int(high).bit_length())
        return np.asarray(np.right_shift(values, bits + bits % 2 - 8), dtype=np.uint8)
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
    import cv2  # which a window needs for pictures alone, and reads strokes without

    first = colours[..., 0]
    if np.array_equal(first, colours[..., 1]) and np.array_equal(first, colours[..., 2]):
        return np.array(first)
    step = int(np.ceil(np.sqrt(first.size / _SAMPLE_PIXELS)))
    sample = colours[::step, ::step].reshape(-1, 3).astype(np.float32)
    axis = np.linalg.eigh(np.cov(sample, rowvar=False))[1][:, -1]
    axis = axis / np.abs(axis).sum() * (1 if axis.sum() >= 0 else -1)
    # Negative weights look at a channel upside down.
    weights = np.array([[*axis, -255 * np.minimum(axis, 0).sum()]])
    return np.asarray(cv2.transform(colours, weights), np.uint8)
