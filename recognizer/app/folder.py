"""What a folder offers to open, and small pictures of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from recognizer.app.canvas import EXTENT
from recognizer.app.opening import PICTURES, READABLE, source
from recognizer.ink import render_to_fit
from recognizer.inkml import read_inkml

MOST = 5000
"""So many entries of a folder are looked at."""
THUMBNAIL_FILE, THUMBNAIL_PIXELS = 4_000_000, 16_000_000
"""Larger files, in bytes, and larger pictures, in pixels, get an icon instead of a thumbnail."""


@dataclass(frozen=True)
class Entry:
    """A line of the list: what it says, where it leads, and the icon where it has no thumbnail."""

    name: str
    path: Path
    icon: str
    detail: str = ""

    @property
    def is_folder(self) -> bool:
        return self.icon != "file"


def entries(folder: Path) -> list[Entry]:
    """The folder above, the folders inside by name, and the readable files, newest first.

    Raises OSError if the folder cannot be listed.
    """
    above = [Entry("Up to " + (folder.parent.name or "the top"), folder.parent, "up")]
    with os.scandir(folder) as listed:
        found = [item for item in islice(listed, MOST) if not item.name.startswith(".")]
    folders = [Entry(item.name, Path(item.path), "open") for item in found if item.is_dir()]
    folders.sort(key=lambda entry: entry.name.lower())
    readable = (i for i in found if i.name.lower().endswith(READABLE) and not i.is_dir())
    times = {Path(item.path): _changed(item) for item in readable}
    newest = sorted(times, key=lambda path: (-times[path], path.name))
    files = [Entry(p.name, p, "file", _when(times[p])) for p in _without_pairs(newest)]
    return (above if folder.parent != folder else []) + folders + files


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _changed(item: os.DirEntry[str]) -> float:
    try:
        return item.stat().st_mtime
    except OSError:
        return 0.0


def _without_pairs(paths: Iterable[Path]) -> list[Path]:
    """A sketch that was saved as PNG and InkML is shown once, as its PNG."""
    paths = list(paths)
    there = set(paths)
    return [
        path
        for path in paths
        if not (path.suffix == ".inkml" and path.with_suffix(".png") in there)
    ]


def thumbnail(path: Path, side: int) -> NDArray[np.uint8] | None:
    """A small picture (height, width, 3) of a file, at most `side` pixels; None if it has none."""
    try:
        path = source(path)
        if path.stat().st_size > THUMBNAIL_FILE:
            return None
        return _of_picture(path, side) if path.suffix.lower() in PICTURES else _of_ink(path, side)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _of_picture(path: Path, side: int) -> NDArray[np.uint8] | None:
    with Image.open(path) as file:
        if file.width * file.height > THUMBNAIL_PIXELS:
            return None
        file.draft("RGB", (2 * side, 2 * side))
        shown = ImageOps.exif_transpose(file).convert("RGBA")
    shown.thumbnail((side, side))
    paper = Image.new("RGBA", shown.size, "white")
    return np.asarray(Image.alpha_composite(paper, shown).convert("RGB"))


def _of_ink(path: Path, side: int) -> NDArray[np.uint8]:
    strokes, extent = read_inkml(path)
    drawn = render_to_fit(strokes, extent or EXTENT)
    margin = max(drawn.shape) // 6
    grey = Image.fromarray(255 - np.pad(drawn, margin))
    grey.thumbnail((side, side))
    return np.asarray(grey.convert("RGB"))
