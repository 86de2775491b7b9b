"""Many files: which ones, read by several processes, in their order."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from recognizer import Recognizer
from recognizer.batch.results import FileReading, read_file
from recognizer.console import suppress_stderr
from recognizer.errors import SketchpadError

CHUNK_FILES = 16
"""Files that a process takes at a time."""
CHUNKS_AHEAD = 4
"""So many times that may be under way for every process before it is asked for."""


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


class WorkerError(SketchpadError):
    """A process died; the message says what to do."""


@dataclass(frozen=True)
class BatchJob:
    """What is to be done with every file."""

    model: Path | None
    annotate: Path | None


class Worker:
    """Reads files one after the other."""

    def __init__(self, job: BatchJob) -> None:
        self._job = job
        with suppress_stderr():
            self._recognizer = Recognizer(job.model)

    def read(self, path: Path) -> FileReading:
        """Read a file, and write its annotated copy if that is wanted."""
        found = read_file(self._recognizer, path)
        if self._job.annotate is not None:
            from recognizer.batch.annotate import annotate

            annotate(found, self._job.annotate)
        return found


def readings(paths: Iterable[Path], job: BatchJob, processes: int) -> Iterator[FileReading]:
    """Read the files; one after the other if there is one process only.

    Raises ModelError without a model, OSError if a copy cannot be written and WorkerError
    if a process dies.
    """
    if processes == 1:
        yield from map(Worker(job).read, paths)
        return
    with suppress_stderr():
        Recognizer(job.model)  # a model that is missing is better told once, here
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(job,)
    ) as pool:
        try:
            yield from _in_order(pool, iter(paths), CHUNKS_AHEAD * processes)
        except BrokenProcessPool:
            raise WorkerError(
                "A process that was reading died, perhaps for want of memory. What is written "
                "is kept; the same command goes on, with --processes 1 in less memory."
            ) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, paths: Iterator[Path], ahead: int
) -> Iterator[FileReading]:
    # Only so many files are under way that memory does not grow with their number.
    under_way: deque[Future[list[FileReading]]] = deque()
    while True:
        while len(under_way) < ahead and (batch := list(islice(paths, CHUNK_FILES))):
            under_way.append(pool.submit(_read_all, batch))
        if not under_way:
            return
        yield from under_way.popleft().result()


_worker: Worker
"""The worker of this process, made once, since a model takes longer to load than to use."""


def _begin(job: BatchJob) -> None:
    global _worker
    # Ctrl+C is for the main process, which then ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker = Worker(job)


def _read_all(paths: list[Path]) -> list[FileReading]:
    return [_worker.read(path) for path in paths]
