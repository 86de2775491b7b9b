"""What can be opened: InkML files, pictures, the clipboard, and what a folder offers."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageGrab

from recognizer.errors import SketchpadError
from recognizer.geometry import Box, View, union
from recognizer.images import Steps, colours_of, upright_colours
from recognizer.ink import USUAL_PEN_SHARE, render_to_fit
from recognizer.inkml import read_inkml
from recognizer.reading import Reading, Recognizer
from recognizer.session.storage import CANVAS_EXTENT, MAX_PEN_WIDTH, MIN_PEN_WIDTH
from recognizer.strokes import Stroke, bounds, transformed

if TYPE_CHECKING:
    from recognizer.steps import StepPicture

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
READABLE_SUFFIXES = (".inkml", *PICTURE_SUFFIXES)
MAX_SHOWN_SIDE_PX = 1600
"""Pixels of the longest side of a picture that is kept for showing, at most."""
MAX_ENTRIES = 5000
"""So many entries of a folder are looked at."""
MAX_THUMBNAIL_BYTES = 4_000_000
"""Larger files get an icon instead of a thumbnail."""


DARK_INK, LIGHT_INK, MIDDLE_GREY = (24, 30, 40), (242, 245, 249), 128
MAX_PICTURE_SHARE, ONE_CHARACTER_SHARE = 0.9, 0.62
"""How much of the paper a picture takes at most; the answer to one character stands beside it."""


@dataclass(eq=False)
class Picture:
    """A picture that was opened, and what it was read as; ink may lie over it.

    path: None if it was pasted. pixels: (height, width, 3) uint8, as it is shown. size: its
    own (width, height) in pixels. area: the part of the sketch in which it was opened, and
    place: where it lies, both in the sketch's unit. reading: with its boxes in that unit; None
    until it is read. steps: the stages that reading it takes.
    """

    path: Path | None
    pixels: NDArray[np.uint8]
    size: tuple[int, int]
    area: Box
    place: Box
    reading: Reading | None = None
    steps: Steps = field(default_factory=list)

    @classmethod
    def unread(
        cls, path: Path | None, pixels: NDArray[np.uint8], size: tuple[int, int], area: Box
    ) -> Picture:
        """A picture that is to be read, in the middle of the area."""
        return cls(path, pixels, size, area, _middle(size, area, MAX_PICTURE_SHARE))

    @cached_property
    def is_light(self) -> bool:
        """Whether there is more light than dark in it."""
        return bool(self.pixels.mean() >= MIDDLE_GREY)

    @property
    def ink_colour(self) -> tuple[int, int, int]:
        """Red, green and blue of strokes that can be told from it."""
        return DARK_INK if self.is_light else LIGHT_INK

    def take(self, reading: Reading) -> None:
        """Keep what it was read as, with boxes in the picture's pixels."""
        if len(reading.digits) == 1:
            self.place = _middle(self.size, self.area, ONE_CHARACTER_SHARE)
        self.reading = _with_boxes(reading, self._view.box_outwards)

    def way(self) -> list[StepPicture]:
        """The way to its answer, step by step; none before it is read."""
        from recognizer import steps  # OpenCV would make the window open later

        if self.reading is None:
            return []
        reading = _with_boxes(self.reading, self._view.box_inwards)
        return steps.of_picture(self.steps, reading, self.pixels, self.size)

    @property
    def _view(self) -> View:
        return View(self.place.width / self.size[0], *self.place.corner)


def _with_boxes(reading: Reading, move: Callable[[Box], Box]) -> Reading:
    """The reading, its boxes moved to another plane."""
    digits = [
        each if each.box is None else replace(each, box=move(each.box)) for each in reading.digits
    ]
    return replace(reading, digits=tuple(digits))


def _middle(size: tuple[int, int], area: Box, share: float) -> Box:
    """The place of a picture in the middle of an area; small pictures are shown large."""
    scale = share * min(area.width / size[0], area.height / size[1])
    width, height = (side * scale for side in size)
    x, y = area.middle
    return Box(x - width / 2, y - height / 2, width, height)


Opened = tuple[Stroke, ...] | Picture
Step = Opened | Reading | Exception
"""What opening brings: strokes, or a picture and then its reading; or why it failed."""
Load = Callable[[], tuple[Opened, Any]]
"""Finds strokes, or a picture and what a recognizer reads it from."""
Tell = Callable[[str], object]
"""Is called with the reason why something cannot be opened."""
Background = Callable[[Callable[[], None]], None]
"""Has something done, at once or beside all else."""


class Opening:
    """A file or a picture on its way to the sketch, which need not wait for it."""

    def __init__(self, load: Load, recognizer: Recognizer, fail: Tell) -> None:
        self._load, self._recognizer, self.fail = load, recognizer, fail
        self._steps: SimpleQueue[Step | None] = SimpleQueue()
        self.picture: Picture | None = None

    def run(self) -> None:
        """Open and read, in any thread."""
        try:
            found, source = self._load()
            self._steps.put(found)
            if isinstance(found, Picture):
                self._steps.put(self._recognizer.read_image(source, found.steps))
        except Exception as error:  # told or raised by who takes the steps
            self._steps.put(error)
        self._steps.put(None)

    def steps(self) -> Iterator[Step | None]:
        """What there is to take by now, None at the end."""
        while not self._steps.empty():
            yield self._steps.get()


def at_once(work: Callable[[], None]) -> None:
    """Do it now."""
    work()


def in_thread(work: Callable[[], None]) -> None:
    """Have it done beside all else; the program does not wait for it at its end."""
    threading.Thread(target=work, daemon=True).start()


def load_file(path: Path, area: Box) -> tuple[Opened, Any]:
    """Strokes that fill the area as they filled theirs, or a picture and its path.

    A picture that this program saved has its strokes beside it; they are what is opened.
    Raises ValueError that names the file and the trouble.
    """
    path = source_of(path)
    if path.suffix.lower() != ".inkml":
        return Picture.unread(path, *upright_colours(path, MAX_SHOWN_SIDE_PX), area), path
    strokes, extent = read_inkml(path)
    if not strokes:
        raise ValueError(f"{path} holds no strokes.")
    return _placed(strokes, extent, area), None


def load_pasted(area: Box) -> tuple[Opened, Any]:
    """What was copied elsewhere: a file, or a picture and its pixels.

    Raises ClipboardError, or ValueError that says what is wrong with it.
    """
    found = pasted()
    if isinstance(found, Path):
        return load_file(found, area)
    shown = colours_of(found, MAX_SHOWN_SIDE_PX)
    return Picture.unread(None, shown, found.size, area), np.asarray(found.convert("RGBA"))


def source_of(path: Path) -> Path:
    """The strokes that a picture was made of, if this program made it; else the path itself."""
    strokes = path.with_suffix(".inkml")
    ours = path.suffix.lower() in PICTURE_SUFFIXES and path.name.startswith("sketch-")
    return strokes if ours and strokes.exists() else path


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
    raise ClipboardError("There is no picture on the clipboard. Copy one first.")
