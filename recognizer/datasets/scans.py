"""Sets of pictures: the Swiss scans, BHMSDS and the symbols of MDAS."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.datasets import MINUS, Files, Sample, Source, load_set

SWISS = Source("swiss-numbers", "https://github.com/kensanata/numbers", 12_221)
BHMSDS = Source("bhmsds", "https://github.com/wblachowski/bhmsds", 27_000)
MDAS = Source("mdas-symbols.npz", "MacLeod's set of handwritten symbols for arithmetic", 1500)

SIGNS = {
    "plus": "+",
    "minus": MINUS,
    "cross": "×",
    "obelus": "÷",
    "dot": "·",
    "slash": "/",
}
"""The names of signs in BHMSDS and, behind what they do (division_slash), in MDAS."""

PAPER = (255, 255, 255)

_SWISS_FILE = re.compile(r"(?:^|/)(\d{4}_([A-Z]{2})[0-9X][MFX])/(\d)/[^/]+\.png$")
_BHMSDS_FILE = re.compile(r"(?:^|/)symbols/(\w+)-\d+\.png$")


def load_swiss(folder: Path | None = None) -> list[Sample]:
    """The scanned digits of 21 writers, most of them Swiss. Raises DataError."""
    return load_set(SWISS, swiss_samples, folder)


def load_bhmsds(folder: Path | None = None) -> list[Sample]:
    """The photographed characters of BHMSDS, which names no writer. Raises DataError."""
    return load_set(BHMSDS, bhmsds_samples, folder)


def load_mdas(folder: Path | None = None) -> list[Sample]:
    """The pictures of signs of MDAS, which names no writer, without copies. Raises DataError."""
    return load_set(MDAS, mdas_samples, folder)


def swiss_samples(files: Files) -> Iterator[Sample]:
    """Scans in colour; folders are named by writer_country-age-sex and digit.

    Raises ValueError that names the file that is no picture.
    """
    for name, content in files.items():
        if match := _SWISS_FILE.search(name):
            scan = _opened(name, content).convert("RGBA")
            paper = Image.new("RGBA", scan.size, (*PAPER, 255))
            picture = np.asarray(Image.alpha_composite(paper, scan).convert("RGB"))
            yield Sample(match[3], "swiss", f"swiss/{match[1]}", match[2], picture=picture)


def bhmsds_samples(files: Files) -> Iterator[Sample]:
    """Grey pictures of 28 × 28, their black ink turned to white; names begin with the character.

    Raises ValueError that names the file that is no picture, or the name that is no character.
    """
    for name, content in files.items():
        if match := _BHMSDS_FILE.search(name):
            picture = 255 - np.asarray(_opened(name, content).convert("L"))
            yield Sample(_character(match[1]), "bhmsds", picture=picture)


def _character(name: str) -> str:
    character = SIGNS.get(name, name)
    if len(character) != 1:
        raise ValueError(f"{name!r} is the name of no sign")
    return character


def _opened(name: str, content: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(content))
        picture.load()
    except (OSError, SyntaxError) as error:
        raise ValueError(f"{name}: {error}") from None
    return picture


def mdas_samples(files: Files) -> Iterator[Sample]:
    """Grey pictures of 28 × 28, white on black, without the copies that were made of them.

    Of pictures that are one another's mirror images or rotations, the first is kept: each of
    these signs stays what it is when it is mirrored, and the slash comes rotated by half a turn
    alone. Raises KeyError or ValueError if the arrays are others.
    """
    for content in files.values():
        with zipfile.ZipFile(io.BytesIO(content)):  # or it is no archive of arrays
            arrays = np.load(io.BytesIO(content), allow_pickle=False)
        pictures, labels = arrays["x"], arrays["label"]
        if pictures.dtype != np.uint8 or pictures.shape[1:] != (28, 28):
            raise ValueError(f"pictures of 28 × 28 were expected: {pictures.shape}")
        seen: set[tuple[str, bytes]] = set()
        for picture, label in zip(pictures, labels, strict=True):
            sign = _character(str(label).rpartition("_")[2])
            if (key := (sign, _without_direction(picture))) not in seen:
                seen.add(key)
                yield Sample(sign, "mdas", picture=picture)


def _without_direction(picture: NDArray[np.uint8]) -> bytes:
    """The same bytes for a picture, its mirror images and its rotations by quarter turns."""
    turned = [np.rot90(each, turns) for each in (picture, picture.T) for turns in range(4)]
    return min(each.tobytes() for each in turned)
