"""The data sets: MNIST's pictures and the pen strokes of UCI's Pendigits.

A file is taken from the data folder that was named, from the folder in the environment
variable DIGITS_DATA, or from the cache; if none has it, it is downloaded into the cache.
Whatever its source, its content must have the hash that is written down here.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import platformdirs
import unlzw3
from numpy.typing import NDArray

from recognizer.errors import SketchpadError
from recognizer.strokes import Stroke

MNIST_FILE = "mnist.npz"
PEN_FILE = "pendigits-orig.tra"
PEN_TEST_FILE = "pendigits-orig.tes"
PACKINGS = ("", ".gz", ".Z")

TABLET = 500
"""Side of the writing area of the pen strokes, in their own unit."""
MNIST_VALIDATION = 5000
"""The last training images of MNIST, kept for choosing."""
VALIDATION_WRITERS = (5, 11, 17, 23, 29)
"""Every sixth of the 30 writers, kept for choosing."""

_MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
_MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
_ARRAYS_SHA256 = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}
_PEN_URL = (
    "https://archive.ics.uci.edu/ml/machine-learning-databases/pendigits/pendigits-orig.tra.Z"
)
PEN_SHA256 = "a66225d68d7d68591e62944df1ad33b3f5aa608e2df2505844b41f5568a80da4"


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


@dataclass(frozen=True)
class Mnist:
    """MNIST, its training part split into what is learned from and what is chosen on."""

    train: Images
    validation: Images
    test: Images
    sha256: str


def load_mnist(folder: Path | None = None) -> Mnist:
    """MNIST in its original order. Raises DataError."""
    path = _find(MNIST_FILE, folder) or _download(MNIST_FILE, _MNIST_URL, _MNIST_SHA256)
    try:
        with path.open("rb") as packed, np.load(packed, allow_pickle=False) as file:
            arrays = {name: file[name] for name in _ARRAYS_SHA256}
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(_wrong(path, _MNIST_URL, error)) from None
    for name, expected in _ARRAYS_SHA256.items():
        if hashlib.sha256(arrays[name].tobytes()).hexdigest() != expected:
            raise DataError(_wrong(path, _MNIST_URL, f"{name} has another hash"))
    images, labels = arrays["x_train"], arrays["y_train"]
    split = len(images) - MNIST_VALIDATION
    return Mnist(
        train=Images(images[:split], labels[:split]),
        validation=Images(images[split:], labels[split:]),
        test=Images(arrays["x_test"], arrays["y_test"]),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def load_pen(folder: Path | None = None) -> list[Drawing]:
    """The drawings of UCI's 30 training writers. Raises DataError."""
    path = _find(PEN_FILE, folder) or _download(PEN_FILE + ".Z", _PEN_URL, None)
    text = _unpack(path)
    if hashlib.sha256(text).hexdigest() != PEN_SHA256:
        raise DataError(_wrong(path, _PEN_URL, "its text has another hash"))
    return parse_unipen(text.decode("ascii"))


def load_pen_test(folder: Path | None = None) -> list[Drawing] | None:
    """The drawings of UCI's 14 test writers if a folder holds them; they are never fetched."""
    path = _find(PEN_TEST_FILE, folder)
    return None if path is None else parse_unipen(_unpack(path).decode("ascii", "replace"))


def split_writers(drawings: list[Drawing]) -> tuple[list[Drawing], list[Drawing]]:
    """What is learned from, and what is chosen on: no writer is in both."""
    train = [drawing for drawing in drawings if drawing.writer not in VALIDATION_WRITERS]
    validation = [drawing for drawing in drawings if drawing.writer in VALIDATION_WRITERS]
    return train, validation


def parse_unipen(text: str) -> list[Drawing]:
    """Drawings in UNIPEN's format, as UCI wrote it.

    Raises DataError that names the line if it is not in that format.
    """
    drawings: list[Drawing] = []
    digit, writer, pen, strokes = 0, 0, False, list[list[tuple[int, int]]]()

    def finished() -> Iterator[Drawing]:
        lines = [np.array(points, dtype=np.float64) for points in strokes if points]
        if lines:
            yield Drawing(tuple(Stroke(points) for points in lines), digit, writer)

    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        try:
            match words:
                case [".SEGMENT", *_, label]:
                    drawings.extend(finished())
                    digit, strokes = int(label.strip('"')), []
                case [".COMMENT", _, name, _]:
                    writer = int(name)
                case [".PEN_DOWN"]:
                    pen = True
                    strokes.append([])
                case [".PEN_UP"]:
                    pen = False
                case [x, y] if pen:
                    strokes[-1].append((int(x), TABLET - int(y)))
        except ValueError:
            raise DataError(f"line {number} of the pen strokes is not UNIPEN: {line!r}") from None
    drawings.extend(finished())
    return drawings


def cache_folder() -> Path:
    """Where downloads are kept."""
    return Path(platformdirs.user_cache_dir("digit-sketchpad", appauthor=False))


def _find(name: str, folder: Path | None) -> Path | None:
    named = folder or (Path(os.environ["DIGITS_DATA"]) if os.environ.get("DIGITS_DATA") else None)
    if named is not None and not named.is_dir():
        raise DataError(f"There is no data folder {named}.")
    folders = [named, cache_folder()] if named is not None else [cache_folder()]
    candidates = (place / (name + packing) for place in folders for packing in PACKINGS)
    return next((path for path in candidates if path.is_file()), None)


def _download(name: str, url: str, sha256: str | None) -> Path:
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


def _unpack(path: Path) -> bytes:
    try:
        packed = path.read_bytes()
        match path.suffix:
            case ".gz":
                return gzip.decompress(packed)
            case ".Z":
                return bytes(unlzw3.unlzw(packed))
        return packed
    except (OSError, EOFError, ValueError) as error:
        raise DataError(_wrong(path, _PEN_URL, error)) from None


def _wrong(path: Path, url: str, trouble: object) -> str:
    return f"{path} is damaged or another file ({trouble}). Delete it, or replace it by {url}"
