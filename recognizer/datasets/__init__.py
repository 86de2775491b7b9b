"""The data sets, as they are distributed.

A set is taken from the data folder that was named, from the folder in the environment
variable DIGITS_DATA, or from the cache. If none has it, MNIST, its writers and Pendigits are
downloaded into the cache, and whatever their source, their content must have the hash that is
written down beside the loader. Of the others there may be the archive or its folder, which must
be complete.
"""

from __future__ import annotations

import gzip
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.errors import SketchpadError
from recognizer.files import cache_folder
from recognizer.strokes import Stroke

PACKINGS = ("", ".gz", ".Z", ".tar.xz")

MINUS = "−"
"""The label of minus, which the sets write as a hyphen or as a word."""

_CHUNK_BYTES = 1 << 20

_BROKEN = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    lzma.LZMAError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading an archive raises that is cut off, damaged or another one."""


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


@dataclass(frozen=True, eq=False)
class Sample:
    """One character of a data set, as somebody wrote it: strokes, or a picture.

    label: the character, such as "7", "a", "×" or "−".
    set: where it is from: "mnist", "pendigits", "unipen/ced", "uji", "lipi", "swiss", "bhmsds"
    or "mdas"; each provider of UNIPEN is a set.
    writer: who wrote it, by a name that nobody else has in any set; None if the set names nobody.
    country: where the writer is from or, if that is not told, wrote it: ISO 3166, two letters.
    strokes: as the pen moved, y downwards, in the unit of the tablet; empty if there is a picture.
    picture: uint8, (height, width) of ink that is white on black, or (height, width, 3) of a
    scan in colour, dark on light; None if there are strokes.
    """

    label: str
    set: str
    writer: str | None = None
    country: str | None = None
    strokes: tuple[Stroke, ...] = ()
    picture: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class Source:
    """How a set is distributed.

    name: of its folder; its archive has ".tar.xz" after that. origin: who distributes it.
    samples: how many there are; a set that is not complete is refused.
    """

    name: str
    origin: str
    samples: int


Files = dict[str, bytes]
"""The files of a set by their paths in its archive, in the order of these."""


def find(name: str, folder: Path | None) -> Path | None:
    """The file or folder of that name, packed or not, in the data folder or the cache, or None.

    Raises DataError if the data folder that was named does not exist.
    """
    named = folder or (Path(os.environ["DIGITS_DATA"]) if os.environ.get("DIGITS_DATA") else None)
    if named is not None and not named.is_dir():
        raise DataError(f"There is no data folder {named}.")
    folders = [named, cache_folder()] if named is not None else [cache_folder()]
    candidates = (place / (name + packing) for place in folders for packing in PACKINGS)
    return next((path for path in candidates if path.exists()), None)


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
                import unlzw3

                return bytes(unlzw3.unlzw(packed))
        return packed
    except _BROKEN as error:
        raise DataError(damaged(path, url, error)) from None


def damaged(path: Path, url: str, trouble: object) -> str:
    """The message about a file that is not what it should be."""
    return f"{path} is damaged or another file ({trouble}). Delete it, or replace it by {url}"


def load_set(
    source: Source, parse: Callable[[Files], Iterable[Sample]], folder: Path | None
) -> list[Sample]:
    """All samples of a set, from its archive or from the folder that it unpacks to.

    parse: makes the samples of the set's files, or raises ValueError that says what is wrong.
    Raises MissingDataError if no folder has the set, DataError if it is damaged or incomplete.
    """
    path = find(source.name, folder)
    if path is None:
        raise MissingDataError(
            f"{source.name} is in no data folder. Get it from {source.origin}, and put its "
            f"folder or {source.name}.tar.xz into {cache_folder()}, or name the folder that has "
            "it: --data-dir DIR"
        )
    try:
        samples = list(parse(_files(path)))
    except _BROKEN as error:
        raise DataError(damaged(path, source.origin, error)) from None
    if len(samples) != source.samples:
        trouble = f"it holds {len(samples)} samples, not {source.samples}"
        raise DataError(damaged(path, source.origin, trouble))
    return samples


def _files(path: Path) -> Files:
    """The content of all files of an archive or a folder; of a single file, that one."""
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.is_file())
        return {file.relative_to(path).as_posix(): file.read_bytes() for file in found}
    if not path.name.endswith(".tar.xz"):
        return {path.name: path.read_bytes()}
    # Read in one pass: to go back in an archive means to unpack it from its start again.
    with lzma.open(path) as unpacked, tarfile.open(fileobj=unpacked, mode="r|") as archive:
        files = {
            member.name: content.read()
            for member in archive
            if (content := archive.extractfile(member)) is not None
        }
        while unpacked.read(_CHUNK_BYTES):  # the end of the file says whether it is whole
            pass
    return dict(sorted(files.items()))
