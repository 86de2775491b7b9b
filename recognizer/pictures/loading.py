"""Pictures to ink: what is written, wherever the picture came from."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from recognizer.ink import Ink
from recognizer.pictures import colours, paper
from recognizer.pictures.shading import Grey

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
SMALLEST_SIDE = 8
"""In pixels."""
MOST_PIXELS = 40_000_000
LARGEST_FILE = 512 * 2**20
"""In bytes; more than the most pixels with all that a file may hold of them."""
_ALLOWED = "pictures of 8 × 8 pixels to 40 megapixels can be read"
_KINDS = "a PNG, JPEG, BMP, GIF, WebP or TIFF picture is needed"


class PictureError(ValueError):
    """A picture that cannot be read; the message names the file and the trouble."""


def ink_of(image: Any) -> Ink:
    """The ink of a picture, (height, width) uint8, 0 paper and 255 ink.

    image: a path (PNG, JPEG, BMP, GIF, WebP, TIFF; the first frame), or an array, grey
    (h, w), RGB (h, w, 3) or RGBA (h, w, 4), uint8, uint16, bool or float 0..1. Ink may be
    dark on light, light on dark, or on nothing. A picture of more than 1024 pixels on its
    longest side comes out smaller; a blank one comes out all 0.

    Raises PictureError for a file and ValueError for an array that cannot be read.
    """
    return paper.ink_on(grey_of(image, colours.LARGEST_SIDE)[0])


def grey_of(image: Any, longest: int) -> tuple[Grey, tuple[int, int]]:
    """The grey of a picture, made smaller until its longest side has so many pixels, or less.

    image: as for `ink_of`. Returns the grey, upright, and the (width, height) that the upright
    picture has by itself. Raises PictureError for a file and ValueError for an array that
    cannot be read.
    """
    if isinstance(image, str | os.PathLike):
        return _grey_of_file(Path(image), longest)
    if isinstance(image, np.ndarray):
        return _grey_of_array(image, longest), (image.shape[1], image.shape[0])
    raise ValueError(
        "a picture must be a path or an array (h, w), (h, w, 3) or (h, w, 4); "
        f"got {type(image).__name__}"
    )


def upright_colours(path: Path) -> Grey:
    """A picture as a person sees it, (height, width, 3) red, green, blue; raises PictureError."""
    return _decoded(path, colours.colours_of, None)[0]


def _grey_of_file(path: Path, longest: int) -> tuple[Grey, tuple[int, int]]:
    return _decoded(path, lambda picture: colours.grey_of(picture, longest), (longest, longest))


def _decoded(
    path: Path, values_of: Callable[[Image.Image], Grey], needed: tuple[int, int] | None
) -> tuple[Grey, tuple[int, int]]:
    """The values of a file's picture, turned as its camera was held, and its whole size.

    needed: a size in pixels that suffices, which saves time with a JPEG.
    """
    _check_file(path)
    with warnings.catch_warnings():
        # What Pillow warns of is either read all the same or raised below.
        warnings.simplefilter("ignore")
        try:
            with Image.open(path, formats=FORMATS) as picture:
                size = picture.size
                _check_size(str(path), size)
                if needed:
                    picture.draft(None, needed)
                ImageOps.exif_transpose(picture, in_place=True)
                # A picture that lay on its side is as wide as its file is high.
                lay = (size[0] > size[1]) != (picture.size[0] > picture.size[1])
                return values_of(picture), size[::-1] if lay else size
        except PictureError:
            raise
        except Image.DecompressionBombError:
            raise PictureError(f"{path} has too many pixels; {_ALLOWED}") from None
        except UnidentifiedImageError:
            raise PictureError(f"{path} is no picture of a known kind; {_KINDS}") from None
        except Exception as error:
            # A decoder may raise anything when it meets a damaged file.
            raise PictureError(f"{path} is damaged ({error}); {_KINDS}") from error


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise PictureError(f"{path} is no file; {_KINDS}")
        with path.open("rb"):
            pass
    except OSError as error:
        raise PictureError(f"{path} cannot be opened: {error.strerror}; {_KINDS}") from None
    except ValueError as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"{str(path)!r} is no path: {error}; {_KINDS}") from None
    if size == 0:
        raise PictureError(f"{path} is empty; {_KINDS}")
    if size > LARGEST_FILE:
        raise PictureError(f"{path} has {size // 2**20} MB, which is too large; {_ALLOWED}")


def _check_size(name: str, size: tuple[int, int]) -> None:
    """Refuse a picture by its width and height; raises PictureError."""
    width, height = size
    trouble = None
    if width * height > MOST_PIXELS:
        trouble = "large"
    elif min(size) < SMALLEST_SIDE:
        trouble = "small"
    if trouble:
        raise PictureError(f"{name} is too {trouble}, {width} × {height} pixels; {_ALLOWED}")


def _grey_of_array(values: NDArray[Any], longest: int) -> Grey:
    name = f"the array of shape {values.shape} and type {values.dtype}"
    if not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] in (3, 4))):
        raise ValueError(f"{name} is no picture; its shape must be (h, w), (h, w, 3) or (h, w, 4)")
    _check_size(name, (values.shape[1], values.shape[0]))
    picture = Image.fromarray(np.ascontiguousarray(_eight_bits(values, name)))
    return colours.grey_of(picture, longest)


def _eight_bits(values: NDArray[Any], name: str) -> NDArray[np.uint8]:
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.bool_:
        return np.asarray(values * np.uint8(255), dtype=np.uint8)
    if values.dtype == np.uint16:
        return np.asarray(values >> 8, dtype=np.uint8)
    if not np.issubdtype(values.dtype, np.floating):
        raise ValueError(f"{name} is no picture; it must be uint8, uint16, bool or float 0..1")
    if not (values.min() >= 0 and values.max() <= 1):
        raise ValueError(f"{name} has values that are not between 0 and 1")
    return np.asarray(values.astype(np.float32) * 255 + 0.5, dtype=np.uint8)
