"""Pictures are read in processes of their own, which are killed if one takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import io
import signal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from recognizer.console import suppress_stderr
from recognizer.errors import SketchpadError
from recognizer.reading import Reading, Recognizer

PATIENCE_FACTOR = 3
"""A picture waits no longer than this many times what it may take, for its turn included."""
LAST_SECONDS = 5.0
"""What is still being read when the server stops has so long to end."""


class PictureTimeoutError(SketchpadError):
    """A picture took too long; the message says what to do."""


class ReaderDiedError(SketchpadError):
    """The process that read a picture died; the message says what to do."""


class PictureReaders:
    """Processes that read pictures, each with a network of its own.

    model: its folder; None for the saved one. workers: how many processes. seconds: how long one
    picture may take before its process is killed and another takes its place.
    """

    def __init__(self, model: Path | None, workers: int, seconds: float) -> None:
        self.seconds = seconds
        self._pool: Any = ProcessPool(
            workers, initializer=_begin, initargs=(model,), context=get_context("spawn")
        )
        self._pool.schedule(_warm_up)  # with its first job, the pool starts its processes

    async def read(self, content: bytes, labels: str) -> Reading:
        """Read the number in a picture file. Raises ValueError for what is no picture.

        Raises PictureTimeoutError, or ReaderDiedError if its process was killed from outside.
        """
        return await self.end(self.begin(content, labels))

    def begin(self, content: bytes, labels: str) -> ProcessFuture[Reading]:
        """Hand a picture to the next process that is free."""
        job: ProcessFuture[Reading] = self._pool.schedule(
            _read, (content, labels), timeout=self.seconds
        )
        return job

    async def end(self, job: ProcessFuture[Reading]) -> Reading:
        """The reading of a picture that was handed over; raises as `read` does."""
        try:
            async with asyncio.timeout(PATIENCE_FACTOR * self.seconds):
                found = await asyncio.wrap_future(job)
        except TimeoutError:
            raise PictureTimeoutError(
                f"The picture takes more than {self.seconds:g} s to read. Send a smaller one, "
                "or only the part with the number."
            ) from None
        except ProcessExpired:
            raise ReaderDiedError("Reading this picture was interrupted. Send it again.") from None
        return found

    def close(self) -> None:
        """End the processes when what they have begun is done, or soon after."""
        self._pool.close()
        with contextlib.suppress(TimeoutError):
            self._pool.join(timeout=LAST_SECONDS)
            return
        self._pool.stop()
        self._pool.join()


_recognizer: Recognizer
"""What this process reads with."""


def _begin(model: Path | None) -> None:
    global _recognizer
    # Ctrl+C is for the server, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress_stderr():
        _recognizer = Recognizer(model)


def _warm_up() -> None:
    _recognizer.read_image(np.eye(28))


def _read(content: bytes, labels: str) -> Reading:
    return _recognizer.asking_for(labels).read_image(io.BytesIO(content))
