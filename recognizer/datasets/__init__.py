"""The data sets, as they are distributed.

A file is taken from the data folder that was named, from the folder in the environment
variable DIGITS_DATA, or from the cache; if none has it, it is downloaded into the cache.
Whatever its source, its content must have the hash that is written down beside its loader.
"""

from __future__ import annotations

import gzip
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import unlzw3
from numpy.typing import NDArray

from recognizer.datasets.pendigits import PEN_URL
from recognizer.errors import SketchpadError
from recognizer.files import cache_folder
from recognizer.strokes import Stroke

PACKINGS = ("", ".gz", ".Z")


class DataError(SketchpadError):
    """A data set is missing or is not what it should be; the message says what to do."""


class MissingDataError(DataError):
    """A data set is in no folder and could not be downloaded."""


@dataclass(frozen=True, eq=False)
class Images:
    """images: (n, 28, 28) uint8, white on black; labels: (n,) uint8."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Drawing:
    """One digit as a writer drew it, in tablet units with y downwards."""

    strokes: tuple[Stroke, ...]
    digit: int
    writer: int


def find(name: str, folder: Path | None) -> Path | None:
    named = folder or (Path(os.environ["DIGITS_DATA"]) if os.environ.get("DIGITS_DATA") else None)
    if named is not None and not named.is_dir():
        raise DataError(f"There is no data folder {named}.")
    folders = [named, cache_folder()] if named is not None else [cache_folder()]
    candidates = (place / (name + packing) for place in folders for packing in PACKINGS)
    return next((path for path in candidates if path.is_file()), None)


def download(name: str, url: str, sha256: str | None) -> Path:
    import keras

    folder = cache_folder()
    try:
        return Path(
            keras.utils.get_file(
                name, url, file_hash=sha256, cache_dir=str(folder), cache_subdir="."
            )
        )
    except Exception as error:  # get_file raises bare Exception for everything
        raise MissingDataError(
            f"{name} is in no data folder and could not be downloaded ({error}). "
            f"Put {name} from {url} into {folder}, or name the folder that has it: --data-dir DIR"
        ) from None


def unpack(path: Path) -> bytes:
    try:
        packed = path.read_bytes()
        match path.suffix:
            case ".gz":
                return gzip.decompress(packed)
            case ".Z":
                return bytes(unlzw3.unlzw(packed))
        return packed
    except (OSError, EOFError, ValueError) as error:
        raise DataError(damaged(path, PEN_URL, error)) from None


def damaged(path: Path, url: str, trouble: object) -> str:
    return f"{path} is damaged or another file ({trouble}). Delete it, or replace it by {url}"
