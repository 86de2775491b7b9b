"""Files read by several processes, in their order, a few ahead of the one that is asked for."""

from __future__ import annotations

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
from recognizer.bulk.answer import Answer, read_file
from recognizer.errors import SketchpadError
from recognizer.quiet import without_greeting

AT_ONCE = 16
"""Files that a process takes at a time."""
AHEAD = 4
"""Times that for every process may be read before they are asked for."""


class WorkerError(SketchpadError):
    """A process died; the message says what to do."""


@dataclass(frozen=True)
class Job:
    """What is to be done with every file."""

    model: Path | None
    annotate: Path | None


class Worker:
    """Reads files one after the other."""

    def __init__(self, job: Job) -> None:
        self._job = job
        with without_greeting():
            self._recognizer = Recognizer(job.model)

    def read(self, path: Path) -> Answer:
        """Read a file, and write its annotated copy if that is wanted."""
        answer = read_file(self._recognizer, path)
        if self._job.annotate is not None:
            from recognizer.bulk.annotate import annotate

            annotate(answer, self._job.annotate)
        return answer


def answers(paths: Iterable[Path], job: Job, processes: int) -> Iterator[Answer]:
    """Read the files; one after the other if there is one process only.

    Raises ModelError without a model, OSError if a copy cannot be written and WorkerError
    if a process dies.
    """
    if processes == 1:
        yield from map(Worker(job).read, paths)
        return
    with without_greeting():
        Recognizer(job.model)  # a model that is missing is better told once, here
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(job,)
    ) as pool:
        try:
            yield from _in_order(pool, iter(paths), AHEAD * processes)
        except BrokenProcessPool:
            raise WorkerError(
                "A process that was reading died, perhaps for want of memory. What is written "
                "is kept; the same command goes on, with --processes 1 in less memory."
            ) from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, paths: Iterator[Path], ahead: int) -> Iterator[Answer]:
    # Only so many files are under way that memory does not grow with their number.
    under_way: deque[Future[list[Answer]]] = deque()
    while True:
        while len(under_way) < ahead and (batch := list(islice(paths, AT_ONCE))):
            under_way.append(pool.submit(_read_all, batch))
        if not under_way:
            return
        yield from under_way.popleft().result()


_worker: Worker
"""The worker of this process, made once, since a model takes longer to load than to use."""


def _begin(job: Job) -> None:
    global _worker
    # Ctrl+C is for the main process, which then ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker = Worker(job)


def _read_all(paths: list[Path]) -> list[Answer]:
    return [_worker.read(path) for path in paths]
