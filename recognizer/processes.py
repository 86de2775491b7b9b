"""Work that is shared out among processes, its results in the order of the jobs."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from tqdm import tqdm

from recognizer.errors import SketchpadError

Job = TypeVar("Job")
Result = TypeVar("Result")

MAX_PROCESSES = 61
"""Windows waits for no more at a time."""
CHUNKS_AHEAD = 4
"""Chunks of jobs for each process that may be worked on before their results are asked for."""
MAX_LAST_JOB_SECONDS = 2.0
"""How long a process may still work on its job when its results are no longer wanted."""


class WorkerError(SketchpadError):
    """A process died; the message says what to do."""


def in_order(
    work: Callable[[Job], Result],
    jobs: Iterable[Job],
    *,
    processes: int | None = None,
    chunk: int = 1,
    remedy: str = "Close other programs and begin again.",
) -> Generator[Result, None, None]:
    """The results of the jobs in their order, as soon as they are there.

    work: is sent to each process once, so what it keeps is kept between jobs. processes: as
    many as there are cores by default; a single one is this process. chunk: jobs that a process
    takes at a time. remedy: what to do if a process dies, for the message of WorkerError, which
    is raised then.
    """
    count = min(processes or os.cpu_count() or 1, MAX_PROCESSES)
    if count == 1:
        yield from map(work, jobs)
        return
    # A spawned process does not inherit the threads that TensorFlow has started.
    context = get_context("spawn")
    # It ends as soon as nobody holds the other end of this pipe, however this process ended.
    lifeline, held = context.Pipe(duplex=False)
    with (
        lifeline,
        held,
        ProcessPoolExecutor(
            count, mp_context=context, initializer=_begin, initargs=(work, lifeline)
        ) as pool,
    ):
        try:
            yield from _ahead(pool, iter(jobs), chunk, CHUNKS_AHEAD * count)
        except BrokenProcessPool:
            raise WorkerError(f"A process died, perhaps for want of memory. {remedy}") from None
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            held.close()


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
_at_work, _unwanted = threading.Lock(), threading.Event()
"""Held while a job is done; set when no more are wanted."""


def _begin(work: Callable[[Any], Any], lifeline: Connection) -> None:
    global _work
    # Ctrl+C is for the main process, which then ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work = work
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()


def _end_with(lifeline: Connection) -> None:
    """End this process when its main one lets it go or is no more, but not amid a short job."""
    with contextlib.suppress(EOFError, OSError):
        lifeline.recv_bytes()
    _unwanted.set()
    _at_work.acquire(timeout=MAX_LAST_JOB_SECONDS)
    os._exit(0)


def _run(jobs: list[Any]) -> list[Any]:
    results = []
    for job in jobs:
        with _at_work:
            if _unwanted.is_set():
                break
            results.append(_work(job))
    return results
