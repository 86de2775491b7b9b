"""Many files: which ones, read by several processes, in their order."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from recognizer import Recognizer
from recognizer.batch.results import TableRow, read_file
from recognizer.console import suppress_stderr
from recognizer.errors import SketchpadError
from recognizer.images import Steps
from recognizer.processes import in_order

CHUNK_FILES = 16
"""Files that a process takes at a time."""


def files_in(paths: Iterable[Path], without: Iterable[Path] = ()) -> Iterator[Path]:
    """Every file, folder by folder and by name, so that each run finds the same order.

    Hidden files (`.name`) inside folders are passed over, and so are links to folders, which may
    lead anywhere, and what lies in `without`: files and folders that the reading itself writes. A
    path that is named is always given, also where there is nothing, and so is a folder that
    cannot be opened.
    """
    left_out = {os.path.realpath(path) for path in without}
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir() raises where it may not look
            yield from _in_folder(path, left_out)
        else:
            yield path


def _in_folder(folder: Path, left_out: set[str]) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted((entry.name, _is_folder(entry)) for entry in entries)
        except OSError:
            yield folder
            continue
        inside = []
        for name, is_folder in found:
            path = folder / name
            own = left_out and os.path.realpath(path) in left_out
            if own or name.startswith(".") or is_folder is None:
                continue
            if is_folder:
                inside.append(path)
            else:
                yield path
        waiting += reversed(inside)


def _is_folder(entry: os.DirEntry[str]) -> bool | None:
    """Whether it is a folder; None for a link to one."""
    if entry.is_symlink():
        return None if os.path.isdir(entry.path) else False  # noqa: PTH112 - see above
    return entry.is_dir()


@dataclass(frozen=True)
class BatchJob:
    """What is to be done with every file.

    model: its folder; annotate: the folder of copies; hand: the file of what was learned.
    steps: the folder of the pictures of each step; apart: whether each file has its own in there.
    """

    model: Path | None
    annotate: Path | None
    labels: str | None = None
    hand: Path | None = None
    json: bool = False
    steps: Path | None = None
    apart: bool = True


@dataclass(frozen=True)
class FileResult:
    """What is printed of a file that was read, and its row: much less to send than a reading."""

    line: str
    row: TableRow

    @property
    def failed(self) -> bool:
        """Whether the file could not be read, or its copy not be written."""
        return bool(self.row.error)


class LabelsError(SketchpadError):
    """The model does not know the labels asked for; the message says which it knows."""


class Worker:
    """Reads files one after the other."""

    def __init__(self, job: BatchJob) -> None:
        self._job = job

    @cached_property
    def recognizer(self) -> Recognizer:
        """Loaded once in each process, since that takes longer than reading a file."""
        with suppress_stderr():
            try:
                found = Recognizer(self._job.model, labels=self._job.labels)
            except ValueError as error:
                raise LabelsError(f"The option --{error}.") from None
        if self._job.hand is not None:
            found.load_hand(self._job.hand)
        return found

    def read(self, path: Path) -> FileResult:
        """Read a file, and write its annotated copy and its steps if they are wanted."""
        job = self._job
        if job.annotate is None and job.steps is None:
            found = read_file(self.recognizer, path)
        else:
            from recognizer.batch.annotate import annotate, place_of, write_steps

            taken: Steps = []
            found = read_file(self.recognizer, path, taken if job.steps else None)
            if job.annotate is not None:
                found = annotate(found, job.annotate)
            if job.steps is not None:
                place = place_of(path, job.steps) if job.apart else job.steps
                found = write_steps(found, taken, place)
        return FileResult(found.json() if job.json else found.line(), found.row())


def readings(
    paths: Iterable[Path], job: BatchJob, processes: int
) -> Generator[FileResult, None, None]:
    """Read the files; one after the other if there is one process only.

    Raises ModelError without a model, LabelsError for labels that it does not know, HandError for
    a hand that cannot be read, OSError if there is no room for a copy and WorkerError if a
    process dies.
    """
    here = Worker(job)
    _ = here.recognizer  # a model that is missing is better told once, here
    worker = here if processes == 1 else Worker(job)  # a loaded model cannot be sent
    return in_order(
        worker.read,
        paths,
        processes=processes,
        chunk=CHUNK_FILES,
        remedy="What is written is kept; the same command goes on, with --processes 1 in less "
        "memory.",
    )
