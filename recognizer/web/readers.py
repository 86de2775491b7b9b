"""Pictures and whole drawings are read in processes, which are killed if one takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import numpy as np
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from recognizer.console import suppress_stderr
from recognizer.errors import SketchpadError
from recognizer.reading import Reading, Recognizer
from recognizer.strokes import as_strokes
from recognizer.web.sent_hands import SentHands

PATIENCE_FACTOR = 3
"""A request waits no longer than this many times what it may take, for its turn included."""
LAST_SECONDS = 5.0
"""What is still being read when the server stops has so long to end."""


class ReadingTimeoutError(SketchpadError):
    """A picture or a drawing took too long; the message says what to do."""


class ReaderDiedError(SketchpadError):
    """The process that read a request died; the message says what to do."""


@dataclass(frozen=True)
class Answer:
    """What a reading came to.

    content: its JSON. sure: whether all of it is sure; None if nothing was read.
    """

    content: bytes
    sure: bool | None


class Readers:
    """Processes that read pictures and whole drawings, each with a network of its own.

    load: gives each its recognizer. workers: how many processes. seconds: how long one request
    may take before its process is killed and another takes its place.
    """

    def __init__(self, load: Callable[[], Recognizer], workers: int, seconds: float) -> None:
        self.seconds = seconds
        self._pool: Any = ProcessPool(
            workers, initializer=_start, initargs=(load,), context=get_context("spawn")
        )
        self._pool.schedule(_warm_up)  # with its first job, the pool starts its processes

    async def read_picture(self, content: bytes, labels: str, *, glyphs: bool = False) -> Answer:
        """Read the number in a picture file. Raises ValueError for what is no picture.

        glyphs: whether each character tells what was seen of it. Raises ReadingTimeoutError, or
        ReaderDiedError if its process was killed from outside.
        """
        job = self._begin(_read_picture, content, labels, glyphs)
        return await self._end(
            job, "picture", "Send a smaller one, or only the part with the number."
        )

    async def read_drawing(
        self,
        strokes: Sequence[Any],
        extent: tuple[float, float],
        labels: str,
        *,
        hand: str = "",
        glyphs: bool = False,
        parts: bool = False,
    ) -> Answer:
        """Read the number in a whole drawing. Raises as `read_picture`.

        hand: the JSON of a hand that it is read by; "" for none. parts: whether each character
        tells which strokes it is.
        """
        job = self._begin(_read_drawing, strokes, extent, labels, hand, glyphs, parts)
        return await self._end(job, "drawing", "Send it in parts.")

    def _begin(self, work: Callable[..., Answer], *given: Any) -> ProcessFuture[Answer]:
        """Hand a request to the next process that is free."""
        job: ProcessFuture[Answer] = self._pool.schedule(work, given, timeout=self.seconds)
        return job

    async def _end(self, job: ProcessFuture[Answer], sent: str, remedy: str) -> Answer:
        try:
            async with asyncio.timeout(PATIENCE_FACTOR * self.seconds):
                return await asyncio.wrap_future(job)
        except TimeoutError:
            raise ReadingTimeoutError(
                f"The {sent} takes more than {self.seconds:g} s to read. {remedy}"
            ) from None
        except ProcessExpired:
            raise ReaderDiedError(f"Reading this {sent} was interrupted. Send it again.") from None

    def close(self) -> None:
        """End the processes when what they have begun is done, or soon after."""
        self._pool.close()
        with contextlib.suppress(TimeoutError):
            self._pool.join(timeout=LAST_SECONDS)
            return
        self._pool.stop()
        self._pool.join()


_hands: SentHands
"""What this process reads by."""


def _start(load: Callable[[], Recognizer]) -> None:
    global _hands
    # Ctrl+C is for the server, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress_stderr():
        _hands = SentHands(load())


def _warm_up() -> None:
    _hands.recognizer.read_image(np.eye(28))


def _read_picture(content: bytes, labels: str, glyphs: bool) -> Answer:
    recognizer = _hands.reader(labels)
    reading = recognizer.read_image(io.BytesIO(content))
    return _answer(reading_json(reading, recognizer, glyphs=glyphs))


def _read_drawing(
    strokes: Sequence[Any],
    extent: tuple[float, float],
    labels: str,
    hand: str,
    glyphs: bool,
    parts: bool,
) -> Answer:
    recognizer, drawing = _hands.reader(labels, hand), as_strokes(strokes)
    reading = recognizer.read_strokes(drawing, extent)
    told = drawing if parts else None
    return _answer(reading_json(reading, recognizer, glyphs=glyphs, drawing=told))


def reading_json(reading: Reading, recognizer: Recognizer, **wanted: Any) -> dict[str, Any]:
    """A reading as the API gives it; what is wanted is as for `Reading.as_json`."""
    return {"labels": list(recognizer.labels), **reading.as_json(**wanted)}


def _answer(found: dict[str, Any]) -> Answer:
    content = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Answer(content.encode(), found["sure"] if found["digits"] else None)
