"""Work that is shared out among processes, its results in the order of the jobs."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

from tqdm import tqdm

from recognizer.errors import SketchpadError

Job = TypeVar("Job")
Result = TypeVar("Result")

CHUNKS_AHEAD = 4
"""Chunks of jobs for each process that may be worked on before their results are asked for."""


class WorkerError(SketchpadError):
    """A process died; the message says what to do."""


def in_order(
    work: Callable[[Job], Result],
    jobs: Iterable[Job],
    *,
    processes: int | None = None,
    chunk: int = 1,
    remedy: str = "Close other programs and begin again.",
) -> Iterator[Result]:
    """The results of the jobs in their order, as soon as they are there.

    work: is sent to each process once, so what it keeps is kept between jobs. processes: as
    many as there are cores by default; a single one is this process. chunk: jobs that a process
    takes at a time. remedy: what to do if a process dies, for the message of WorkerError, which
    is raised then.
    """
    count = processes or os.cpu_count() or 1
    if count == 1:
        yield from map(work, jobs)
        return
    # A spawned process does not inherit the threads that TensorFlow has started.
    with ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_begin, initargs=(work,)
    ) as pool:
        try:
            yield from _ahead(pool, iter(jobs), chunk, CHUNKS_AHEAD * count)
        except BrokenProcessPool:
            raise WorkerError(f"A process died, perhaps for want of memory. {remedy}") from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def in_parallel(
    work: Callable[[Job], Result],
    jobs: Sequence[Job],
    title: str,
    *,
    unit: str = "it",
    chunk: int = 1,
) -> list[Result]:
    """The results of the jobs in their order, worked out on all cores, with a progress bar."""
    results = in_order(work, jobs, chunk=chunk)
    return list(tqdm(results, total=len(jobs), desc=title, unit=unit, leave=False))


def _ahead(pool: ProcessPoolExecutor, jobs: Iterator[Any], chunk: int, ahead: int) -> Iterator[Any]:
    # Only so many jobs are under way that memory does not grow with their number.
    under_way: deque[Future[list[Any]]] = deque()
    while True:
        while len(under_way) < ahead and (batch := list(islice(jobs, chunk))):
            under_way.append(pool.submit(_run, batch))
        if not under_way:
            return
        yield from under_way.popleft().result()


_work: Callable[[Any], Any]
"""What this process does with each job."""


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    # Ctrl+C is for the main process, which then ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work = work


def _run(jobs: list[Any]) -> list[Any]:
    return [_work(job) for job in jobs]
