"""What can be opened: InkML files, pictures, the clipboard, and what a folder offers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageGrab

from recognizer.errors import SketchpadError
from recognizer.geometry import Box, union
from recognizer.images import colours_of, upright_colours
from recognizer.ink import USUAL_PEN_SHARE, render_to_fit
from recognizer.inkml import read_inkml
from recognizer.reading import Reading, Recognizer
from recognizer.session.storage import CANVAS_EXTENT, MAX_PEN_WIDTH, MIN_PEN_WIDTH
from recognizer.strokes import Stroke, bounds, transformed

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
READABLE_SUFFIXES = (".inkml", *PICTURE_SUFFIXES)
MAX_SHOWN_SIDE_PX = 1600
"""Pixels of the longest side of a picture that is kept for showing, at most."""
MAX_ENTRIES = 5000
"""So many entries of a folder are looked at."""
MAX_THUMBNAIL_BYTES = 4_000_000
"""Larger files get an icon instead of a thumbnail."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture that was opened, and what it was read as.

    path: None if it was pasted. pixels: (height, width, 3) uint8, as it is shown. size: its
    own (width, height) in pixels, which the boxes of the reading are in.
    """

    path: Path | None
    pixels: NDArray[np.uint8]
    size: tuple[int, int]
    reading: Reading


def open_file(path: Path, recognizer: Recognizer, area: Box) -> tuple[Stroke, ...] | Picture:
    """Strokes that fill the area as they filled theirs, or a picture.

    A picture that this program saved has its strokes beside it; they are what is opened.
    Raises ValueError that names the file and the trouble.
    """
    path = source_of(path)
    if path.suffix.lower() != ".inkml":
        return _picture(path, recognizer)
    strokes, extent = read_inkml(path)
    if not strokes:
        raise ValueError(f"{path} holds no strokes.")
    return _placed(strokes, extent, area)


def source_of(path: Path) -> Path:
    """The strokes that a picture was made of, if this program made it; else the path itself."""
    strokes = path.with_suffix(".inkml")
    ours = path.suffix.lower() in PICTURE_SUFFIXES and path.name.startswith("sketch-")
    return strokes if ours and strokes.exists() else path


def picture_of(image: Image.Image, recognizer: Recognizer) -> Picture:
    """A picture that is in no file. Raises ValueError that says what is wrong with it."""
    reading = recognizer.read_image(np.asarray(image.convert("RGBA")))
    return Picture(None, colours_of(image, MAX_SHOWN_SIDE_PX), image.size, reading)


def _picture(path: Path, recognizer: Recognizer) -> Picture:
    reading = recognizer.read_image(path)
    pixels, size = upright_colours(path, MAX_SHOWN_SIDE_PX)
    return Picture(path, pixels, size, reading)


def _placed(
    strokes: tuple[Stroke, ...], extent: tuple[float, float] | None, area: Box
) -> tuple[Stroke, ...]:
    """The strokes in the middle of the area, as large as the whole of their writing area fits."""
    box = bounds(strokes)
    margin = max(box.side, 1.0) / 4
    paper = box.grown(margin) if extent is None else union([box, Box(0, 0, *extent)])
    scale = min(area.width / paper.width, area.height / paper.height)
    usual = USUAL_PEN_SHARE * box.side
    left = area.x + (area.width - paper.width * scale) / 2 - paper.x * scale
    top = area.y + (area.height - paper.height * scale) / 2 - paper.y * scale
    inked = [replace(stroke, width=stroke.width or usual) for stroke in strokes]
    return tuple(
        replace(stroke, width=min(max(stroke.width or 0.0, MIN_PEN_WIDTH), MAX_PEN_WIDTH))
        for stroke in transformed(inked, scale, to=(left, top))
    )


@dataclass(frozen=True)
class FolderEntry:
    """A line of the list: what it says, where it leads, and the icon where it has no thumbnail."""

    name: str
    path: Path
    icon: str
    detail: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether it leads to another list."""
        return self.icon != "file"


def folder_entries(
    folder: Path, suffixes: tuple[str, ...] = READABLE_SUFFIXES
) -> list[FolderEntry]:
    """The folder above, folders by name, and the files with these suffixes, newest first.

    Raises OSError if the folder cannot be listed.
    """
    above = [FolderEntry("Up to " + (folder.parent.name or "the top"), folder.parent, "up")]
    with os.scandir(folder) as listed:
        found = [item for item in islice(listed, MAX_ENTRIES) if not item.name.startswith(".")]
    folders = [FolderEntry(item.name, Path(item.path), "open") for item in found if item.is_dir()]
    folders.sort(key=lambda entry: entry.name.lower())
    readable = (i for i in found if i.name.lower().endswith(suffixes) and not i.is_dir())
    times = {Path(item.path): _changed(item) for item in readable}
    newest = sorted(times, key=lambda path: (-times[path], path.name))
    files = [FolderEntry(p.name, p, "file", _when(times[p])) for p in _without_pairs(newest)]
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
        path = source_of(path)
        if path.stat().st_size > MAX_THUMBNAIL_BYTES:
            return None
        is_picture = path.suffix.lower() in PICTURE_SUFFIXES
        return upright_colours(path, side)[0] if is_picture else _of_ink(path, side)
    except (OSError, ValueError):
        return None


def _of_ink(path: Path, side: int) -> NDArray[np.uint8]:
    strokes, extent = read_inkml(path)
    drawn = render_to_fit(strokes, extent or CANVAS_EXTENT)
    margin = max(drawn.shape) // 6
    grey = Image.fromarray(255 - np.pad(drawn, margin))
    grey.thumbnail((side, side))
    return np.asarray(grey.convert("RGB"))


class ClipboardError(SketchpadError):
    """There is nothing to paste; the message says why and what to do."""


def pasted() -> Image.Image | Path:
    """The picture in the system's clipboard, or the file. Raises ClipboardError."""
    try:
        found = ImageGrab.grabclipboard()
    except NotImplementedError:
        raise ClipboardError(
            "Pasting needs the program xclip, or wl-clipboard on Wayland. "
            "Install it: sudo apt install xclip wl-clipboard"
        ) from None
    except (OSError, SyntaxError, ValueError) as error:
        raise ClipboardError(f"The clipboard cannot be read: {error}. Copy it again.") from None
    if isinstance(found, list) and found:
        return Path(found[0])
    if isinstance(found, Image.Image):
        return found
    raise ClipboardError("There is no picture to paste. Copy one first.")
