"""Which files are to be read: those that are named, and all in the folders that are named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def files_in(paths: Iterable[Path], without: Iterable[Path] = ()) -> Iterator[Path]:
    """Every file, folder by folder and by name, so that each run finds the same order.

    Hidden files (`.name`) inside folders are passed over, and so is what lies in `without`:
    files and folders that the reading itself writes. A path that is named is always given,
    also where there is nothing, and so is a folder that cannot be opened.
    """
    left_out = {path.resolve() for path in without}
    for path in paths:
        if _is_folder(path):
            yield from _in_folder(path, left_out)
        else:
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # what lies in a folder that cannot be searched is told of when it is read
        return False


def _in_folder(folder: Path, left_out: set[Path]) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.is_dir(follow_symlinks=False), entry.name) for entry in entries)
    except OSError:
        yield folder
        return
    for is_folder, name in names:
        path = folder / name
        if name.startswith(".") or (left_out and path.resolve() in left_out):
            continue
        if is_folder:
            yield from _in_folder(path, left_out)
        else:
            yield path
