"""What is written beside a file that was read: a copy with its answer, and the steps to it."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable
from pathlib import Path

import cv2

from recognizer import steps
from recognizer.batch.results import DEFAULT_EXTENT, INKML_SUFFIX, FileReading
from recognizer.files import atomic_write
from recognizer.images import Steps, upright_colours
from recognizer.inkml import read_inkml
from recognizer.reading import Reading
from recognizer.steps import Colours, StepPicture

_ABOVE, _ROOT = "(above)", "(root)"
"""Folders that stand for `..` and for the root of a path."""
MAX_NAME_BYTES = 240
"""Of a copy's name; a longer one is cut and made distinct by a hash."""
_NAME_TROUBLES = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.EEXIST, errno.EISDIR)
"""What is wrong with one copy's place; all else, as a full disk, would be with the next one's."""


def copy_of(path: Path, folder: Path) -> Path:
    """Where the annotated copy of a file belongs.

    The file's own place below `folder`, so that files of one name in several folders, or of
    several kinds, do not take each other's place.
    """
    place = place_of(path, folder)
    return place.with_name(f"{place.name}.png")


def place_of(path: Path, folder: Path) -> Path:
    """The same without a suffix: the folder of a file's steps."""
    parts = [_ROOT if part == path.anchor else part for part in path.parts]
    parts = [_ABOVE if part == ".." else part for part in parts]
    return folder.joinpath(*parts[:-1], _short(f"{parts[-1] if parts else _ABOVE}"))


def _short(name: str) -> str:
    data = name.encode("utf-8", "surrogateescape")
    if len(data) <= MAX_NAME_BYTES:
        return name
    sign = hashlib.sha256(data).hexdigest()[:16]
    return f"{data[: MAX_NAME_BYTES - 20].decode('utf-8', 'ignore')}-{sign}"


def annotate(found: FileReading, folder: Path) -> FileReading:
    """Write the annotated copy of a file that was read; returns its reading.

    That is an error if the copy has no possible place. Raises OSError if there is no room for it.
    """

    def write(path: Path, reading: Reading) -> None:
        colours, size = _shown(path)
        _write(copy_of(path, folder), steps.answer_on(colours, size, reading))

    return _beside(found, write, "its copy")


def write_steps(found: FileReading, taken: Steps, folder: Path) -> FileReading:
    """Write the pictures of the way from a file to its reading, which is returned.

    taken: the stages that reading a picture took. folder: holds nothing else of this kind later:
    what an earlier call has written of other steps is removed. Raises as `annotate`.
    """

    def write(path: Path, reading: Reading) -> None:
        names = []
        for number, step in enumerate(_steps(path, taken, reading), start=1):
            names.append(f"{number}-{_in_name(step.name)}.png")
            _write(folder / names[-1], step.pixels)
        for name in map(_in_name, steps.NAMES):
            for old in folder.glob(f"[0-9]-{name}.png"):
                if old.name not in names:
                    old.unlink()

    return _beside(found, write, "its steps")


def _beside(found: FileReading, write: Callable[[Path, Reading], None], what: str) -> FileReading:
    """Write something of a file that was read, if it was; what is wrong with that is its error."""
    if found.reading is None:
        return found
    path = Path(found.path)
    try:
        write(path, found.reading)
    except ValueError as error:
        return FileReading(found.path, None, f"{path} has changed: {error}")
    except OSError as error:
        if error.errno not in _NAME_TROUBLES:
            raise
        reason = f"{path} is read, but {what} cannot be written: {error.strerror}"
        return FileReading(found.path, None, reason)
    return found


def _steps(path: Path, taken: Steps, reading: Reading) -> list[StepPicture]:
    if path.suffix.lower() != INKML_SUFFIX:
        return steps.of_picture(taken, reading, *_shown(path))
    strokes, extent = read_inkml(path)
    return steps.of_drawing(strokes, extent or DEFAULT_EXTENT, reading)


def _in_name(name: str) -> str:
    return name.lower().replace(" ", "-")


def _write(path: Path, colours: Colours) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _, data = cv2.imencode(".png", colours[..., ::-1])
    atomic_write(path, data.tobytes())


def _shown(path: Path) -> tuple[Colours, tuple[float, float]]:
    """A file as a person sees it, and its (width, height) in the unit of its reading's boxes."""
    if path.suffix.lower() != INKML_SUFFIX:
        return upright_colours(path, steps.MAX_SIDE_PX)
    strokes, extent = read_inkml(path)
    area = extent or DEFAULT_EXTENT
    return steps.drawing_of(strokes, area), area
