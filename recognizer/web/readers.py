"""Drawings and pictures are read in processes of their own, killed if one takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from recognizer.console import suppress_stderr
from recognizer.errors import SketchpadError
from recognizer.reading import Reading, Recognizer
from recognizer.strokes import as_strokes
from recognizer.web.sent_hands import KEPT_LABEL_SETS, SentHands

PATIENCE_FACTOR = 3
"""Who asks waits no longer than this many times what it may take, for its turn included."""
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
        content = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(content, reading.sure if reading.digits else None)


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

    what = "drawing"

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

    what = "picture"

    def read(self, readers: SentHands) -> Answer:
        """Its answer. Raises ValueError for what is no picture."""
        recognizer = readers.reader(self.labels)
        reading = recognizer.read_image(io.BytesIO(self.content))
        return Answer.of(reading, recognizer, glyphs=self.glyphs)


Job = SentDrawing | SentPicture


class Readers:
    """Processes that read drawings and pictures, each with a network of its own.

    model: its folder; None for the saved one. workers: how many processes. seconds: how long one
    reading may take before its process is killed and another takes its place.
    """

    def __init__(self, model: Path | None, workers: int, seconds: float) -> None:
        self.seconds = seconds
        self._pool: Any = ProcessPool(
            workers, initializer=_begin, initargs=(model,), context=get_context("spawn")
        )
        self._pool.schedule(_warm_up)  # with its first job, the pool starts its processes

    async def read(self, job: Job) -> Answer:
        """The answer to a job. Raises ValueError for what cannot be read.

        Raises ReadingTimeoutError, or ReaderDiedError if its process was killed from outside.
        """
        return await self.end(self.begin(job), job.what)

    def begin(self, job: Job) -> ProcessFuture[Answer]:
        """Hand a job to the next process that is free."""
        begun: ProcessFuture[Answer] = self._pool.schedule(_read, (job,), timeout=self.seconds)
        return begun

    async def end(self, begun: ProcessFuture[Answer], what: str = "picture") -> Answer:
        """The answer to a job that was handed over; raises as `read` does."""
        try:
            async with asyncio.timeout(PATIENCE_FACTOR * self.seconds):
                return await asyncio.wrap_future(begun)
        except TimeoutError:
            raise ReadingTimeoutError(
                f"The {what} takes more than {self.seconds:g} s to read. Send a smaller one, "
                "or only the part with the number."
            ) from None
        except ProcessExpired:
            raise ReaderDiedError(f"Reading this {what} was interrupted. Send it again.") from None

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


def _begin(model: Path | None) -> None:
    global _readers
    # Ctrl+C is for the server, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress_stderr():
        _readers = SentHands(lru_cache(KEPT_LABEL_SETS)(Recognizer(model).asking_for))


def _warm_up() -> None:
    _readers.reader("digits").read_image(np.eye(28))


def _read(job: Job) -> Answer:
    return job.read(_readers)
