"""Where each window keeps its unsaved sketch: in a file of its own, whose lock it holds."""

from __future__ import annotations

import os
import weakref
from pathlib import Path

from recognizer.files import try_lock

UNSAVED_FILE = "unsaved.inkml"
"""Of the first window; further ones have a number in its name."""
MAX_WINDOWS = 99
"""More windows than these share the first one's file."""


class SketchSlot:
    """The file of one window's unsaved sketch.

    The lock goes with the process, however that ends, so that the sketch of a window that was
    killed is found by the next one that opens.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self.path = data / UNSAVED_FILE
        self._release: weakref.finalize[[int], SketchSlot] | None = None

    def claim(self) -> None:
        """Take the first file with a sketch that no window shows, else the first that is free.

        Where no lock can be had, it is the first file.
        """
        self.release()
        paths = [self._path(number) for number in range(1, MAX_WINDOWS + 1)]
        for path in sorted(paths, key=lambda path: not path.exists()):
            lock = _lock(path.with_suffix(".lock"))
            if lock is not None:
                self.path, self._release = path, weakref.finalize(self, os.close, lock)
                return
        self.path = paths[0]

    def release(self) -> None:
        """Leave the file to the next window."""
        if self._release:
            self._release()

    def _path(self, number: int) -> Path:
        first = self._data / UNSAVED_FILE
        return first if number == 1 else first.with_stem(f"{first.stem}-{number}")


def _lock(path: Path) -> int | None:
    """An open file that is locked; None if another window holds it or it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    if try_lock(file):
        return file
    os.close(file)
    return None
