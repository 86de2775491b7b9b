"""Drawings and pictures are read in processes of their own, killed if one takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import io
import json
import signal
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from typing import Any

import numpy as np
from pebble import ProcessExpired, ProcessPool

from recognizer.console import suppress_stderr
from recognizer.errors import SketchpadError
from recognizer.reading import Reading, Recognizer
from recognizer.strokes import as_strokes
from recognizer.web.sent_hands import SentHands

PATIENCE_FACTOR = 3
"""Who asks waits no longer than this many times what it may take, for its turn included."""
MAX_BATCH, MAX_SMALL_STROKES, MAX_SMALL_BYTES = 16, 4, 4096
"""So many jobs are handed over together, drawings and pictures of no more than this."""
READY_BATCHES = 2
"""So many are handed over for each process: the next lies ready when it is done with one."""
LAST_SECONDS = 5.0
"""What is still being read when the server stops has so long to end."""


class ReadingTimeoutError(SketchpadError):
    """What was sent took too long to read; the message says what to do."""


class ReaderDiedError(SketchpadError):
    """The process that read it died; the message says what to do."""


@dataclass(frozen=True)
class Answer:
    """The JSON of a reading, with what is counted of it: whether it is sure; None of nothing."""

    content: bytes
    sure: bool | None

    @classmethod
    def of(cls, reading: Reading, recognizer: Recognizer, **wanted: Any) -> Answer:
        """What a recognizer has read; wanted: as for `Reading.as_json`."""
        told = {"labels": list(recognizer.labels), **reading.as_json(**wanted)}
        content = json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return cls(content.encode(), reading.sure if reading.digits else None)


@dataclass(frozen=True)
class SentDrawing:
    """A drawing that was sent whole.

    hand: the JSON of a hand that it is read by. glyphs, parts: whether each character tells what
    was seen of it, and which strokes it is.
    """

    strokes: Sequence[Any]
    extent: tuple[float, float]
    labels: str
    hand: str = ""
    glyphs: bool = False
    parts: bool = False

    what, remedy = "drawing", "Send it in parts."

    @property
    def is_small(self) -> bool:
        """Whether it is read so fast that others may be handed over with it."""
        return len(self.strokes) <= MAX_SMALL_STROKES and not self.hand

    def read(self, readers: SentHands) -> Answer:
        """Its answer. Raises ValueError for what cannot be read."""
        recognizer, drawing = readers.reader(self.labels, self.hand), as_strokes(self.strokes)
        reading = recognizer.read_strokes(drawing, self.extent)
        told = drawing if self.parts else None
        return Answer.of(reading, recognizer, glyphs=self.glyphs, drawing=told)


@dataclass(frozen=True)
class SentPicture:
    """A picture file; glyphs: whether each character tells what was seen of it."""

    content: bytes
    labels: str
    glyphs: bool = False

    what, remedy = "picture", "Send a smaller one, or only the part with the number."

    @property
    def is_small(self) -> bool:
        """Whether it is read so fast that others may be handed over with it."""
        return len(self.content) <= MAX_SMALL_BYTES

    def read(self, readers: SentHands) -> Answer:
        """Its answer. Raises ValueError for what is no picture."""
        recognizer = readers.reader(self.labels)
        reading = recognizer.read_image(io.BytesIO(self.content))
        return Answer.of(reading, recognizer, glyphs=self.glyphs)


Job = SentDrawing | SentPicture


@dataclass(eq=False)
class _Waiting:
    """A job that waits for its answer. alone: whether no other may be handed over with it."""

    job: Job
    alone: bool
    answer: asyncio.Future[Answer]

    def end(self, found: Answer | BaseException) -> None:
        """Tell who waits, if anyone still does."""
        if self.answer.done():
            return
        if isinstance(found, Answer):
            self.answer.set_result(found)
        else:
            self.answer.set_exception(found)


class Readers:
    """Processes that read drawings and pictures, each with a network of its own.

    load: gives each its recognizer; can be pickled. workers: how many processes. seconds: how long
    one reading may take before its process is killed and another takes its place.
    """

    def __init__(self, load: Callable[[], Recognizer], workers: int, seconds: float) -> None:
        self.seconds = seconds
        self._workers, self._places = workers, READY_BATCHES * workers
        self._queue: deque[_Waiting] = deque()
        self._pool: Any = ProcessPool(
            workers, initializer=_begin, initargs=(load,), context=get_context("spawn")
        )
        self._pool.schedule(_warm_up)  # with its first job, the pool starts its processes

    async def read(self, job: Job) -> Answer:
        """The answer to a job. Raises ValueError for what cannot be read.

        Raises ReadingTimeoutError, or ReaderDiedError if its process was killed from outside.
        """
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(job, not job.is_small, answer))
        self._hand_over()
        try:
            async with asyncio.timeout(PATIENCE_FACTOR * self.seconds):
                return await answer
        except TimeoutError:
            raise ReadingTimeoutError(
                f"The {job.what} takes more than {self.seconds:g} s to read. {job.remedy}"
            ) from None
        except ProcessExpired:
            raise ReaderDiedError(
                f"Reading this {job.what} was interrupted. Send it again."
            ) from None

    def _hand_over(self) -> None:
        """Give what waits to the processes, as long as there is a place."""
        while self._places and self._queue:
            # Some may be awaited no longer.
            if batch := [each for each in self._next_batch() if not each.answer.done()]:
                self._places -= 1
                jobs = [each.job for each in batch]
                begun = self._pool.schedule(_read_all, (jobs,), timeout=self.seconds)
                asyncio.wrap_future(begun).add_done_callback(partial(self._end, batch))

    def _next_batch(self) -> list[_Waiting]:
        """What waits longest; and if it is small, what is small after it.

        Handing over one small job takes a good part of the time that reading it takes.
        """
        share = min(-(-len(self._queue) // self._workers), MAX_BATCH)
        batch = [self._queue.popleft()]
        while len(batch) < share and not (batch[0].alone or self._queue[0].alone):
            batch.append(self._queue.popleft())
        return batch

    def _end(self, batch: list[_Waiting], begun: asyncio.Future[list[Answer | Exception]]) -> None:
        if begun.cancelled():  # the server ends
            return
        self._places += 1
        error = begun.exception()
        if len(batch) > 1 and isinstance(error, TimeoutError | ProcessExpired):
            # One of them is to blame: each is read again alone, and the others are answered.
            self._queue.extendleft(replace(each, alone=True) for each in reversed(batch))
        else:
            found = begun.result() if error is None else [error] * len(batch)
            for waiting, answer in zip(batch, found, strict=True):
                waiting.end(answer)
        self._hand_over()

    def close(self) -> None:
        """End the processes when what they have begun is done, or soon after."""
        self._pool.close()
        with contextlib.suppress(TimeoutError):
            self._pool.join(timeout=LAST_SECONDS)
            return
        self._pool.stop()
        self._pool.join()


_readers: SentHands
"""What this process reads with."""


def _begin(load: Callable[[], Recognizer]) -> None:
    global _readers
    # Ctrl+C is for the server, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress_stderr():
        _readers = SentHands(load())
    gc.freeze()  # what stands now stays; searching it for garbage would hold up answers


def _warm_up() -> None:
    _readers.recognizer.read_image(np.eye(28))


def _read_all(jobs: list[Job]) -> list[Answer | Exception]:
    return [_read(job) for job in jobs]


def _read(job: Job) -> Answer | Exception:
    try:
        return job.read(_readers)
    except Exception as error:
        error.add_note(traceback.format_exc())  # which is lost between processes
        return error
