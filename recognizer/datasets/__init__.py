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
    """Glyphs, and what each is.

    images: (n, 28, 28) uint8, white on black. labels: (n,) uint8, class numbers: the places of
    their labels among those that are learned.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawing, its label ("7"), and the number of its writer; y points downwards."""

    strokes: tuple[Stroke, ...]
    label: str
    writer: int


def find(name: str, folder: Path | None) -> Path | None:
    """The file of that name, packed or not, in the data folder or the cache; None if nowhere.

    Raises DataError if the data folder that was named does not exist.
    """
    named = folder or (Path(os.environ["DIGITS_DATA"]) if os.environ.get("DIGITS_DATA") else None)
    if named is not None and not named.is_dir():
        raise DataError(f"There is no data folder {named}.")
    folders = [named, cache_folder()] if named is not None else [cache_folder()]
    candidates = (place / (name + packing) for place in folders for packing in PACKINGS)
    return next((path for path in candidates if path.is_file()), None)


def download(name: str, url: str, sha256: str | None) -> Path:
    """Download a file into the cache; returns its path.

    sha256: of the file, if it is to be checked. Raises MissingDataError if that fails.
    """
    import pooch

    folder = cache_folder()
    pooch.get_logger().setLevel("WARNING")  # otherwise it tells of every download
    try:
        return Path(pooch.retrieve(url, sha256, name, folder, progressbar=True))
    except (OSError, ValueError) as error:
        raise MissingDataError(
            f"{name} is in no data folder and could not be downloaded ({error}). "
            f"Put {name} from {url} into {folder}, or name the folder that has it: --data-dir DIR"
        ) from None


def unpack(path: Path, url: str) -> bytes:
    """The content of a file, unpacked. Raises DataError that names `url`, where it is from."""
    try:
        packed = path.read_bytes()
        match path.suffix:
            case ".gz":
                return gzip.decompress(packed)
            case ".Z":
                return bytes(unlzw3.unlzw(packed))
        return packed
    except (OSError, EOFError, ValueError) as error:
        raise DataError(damaged(path, url, error)) from None


def damaged(path: Path, url: str, trouble: object) -> str:
    """The message about a file that is not what it should be."""
    return f"{path} is damaged or another file ({trouble}). Delete it, or replace it by {url}"
