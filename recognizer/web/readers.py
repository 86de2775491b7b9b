"""Pictures and whole drawings are read in processes, which are killed if one takes too long."""

from __future__ import annotations

import asyncio
import contextlib
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
"""A request waits no longer than this many times what it may take, for its turn included."""
SMALL_PICTURE_BYTES, SMALL_DRAWING_STROKES, MAX_BATCH = 4096, 4, 16
"""No larger requests are handed over together, and not more of them at a time."""
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


@dataclass(eq=False)
class _Request:
    """What waits to be read: a function of this module, what it is given, and its answer.

    is_small: whether it is read so fast that others may be handed over with it.
    """

    work: Callable[..., Answer]
    given: tuple[Any, ...]
    is_small: bool
    answer: asyncio.Future[Answer]


class Readers:
    """Processes that read pictures and whole drawings, each with a network of its own.

    load: gives each its recognizer. workers: how many processes. seconds: how long one request
    may take before its process is killed and another takes its place.
    """

    def __init__(self, load: Callable[[], Recognizer], workers: int, seconds: float) -> None:
        self.seconds = seconds
        self._workers = self._free = workers
        self._waiting: deque[_Request] = deque()
        self._pool: Any = ProcessPool(
            workers, initializer=_start, initargs=(load,), context=get_context("spawn")
        )
        self._pool.schedule(_warm_up)  # with its first job, the pool starts its processes

    async def read_picture(self, content: bytes, labels: str, *, glyphs: bool = False) -> Answer:
        """Read the number in a picture file. Raises ValueError for what is no picture.

        glyphs: whether each character tells what was seen of it. Raises ReadingTimeoutError, or
        ReaderDiedError if its process was killed from outside.
        """
        is_small = len(content) <= SMALL_PICTURE_BYTES
        try:
            return await self._read(is_small, _read_picture, content, labels, glyphs)
        except TimeoutError:
            raise ReadingTimeoutError(
                f"The picture takes more than {self.seconds:g} s to read. Send a smaller one, "
                "or only the part with the number."
            ) from None

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
        is_small = len(strokes) <= SMALL_DRAWING_STROKES and not hand
        given = strokes, extent, labels, hand, glyphs, parts
        try:
            return await self._read(is_small, _read_drawing, *given)
        except TimeoutError:
            raise ReadingTimeoutError(
                f"The drawing takes more than {self.seconds:g} s to read. Send it in parts."
            ) from None

    async def _read(self, is_small: bool, work: Callable[..., Answer], *given: Any) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Request(work, given, is_small, answer))
        self._hand_over()
        try:
            async with asyncio.timeout(PATIENCE_FACTOR * self.seconds):
                return await answer
        except ProcessExpired:
            raise ReaderDiedError("Reading this was interrupted. Send it again.") from None

    def _hand_over(self) -> None:
        """Give what waits to the processes that are free."""
        while self._free and self._waiting:
            # Some may be awaited no longer.
            if batch := [each for each in self._next_batch() if not each.answer.done()]:
                self._free -= 1
                jobs = [(each.work, each.given) for each in batch]
                job = self._pool.schedule(_read_all, (jobs,), timeout=self.seconds)
                asyncio.wrap_future(job).add_done_callback(partial(self._end, batch))

    def _next_batch(self) -> list[_Request]:
        """The request that waits longest, and if it is small, small ones after it.

        Handing one over takes as long as reading a small one.
        """
        share = min(-(-len(self._waiting) // self._workers), MAX_BATCH)
        batch = [self._waiting.popleft()]
        while len(batch) < share and batch[-1].is_small and self._waiting[0].is_small:
            batch.append(self._waiting.popleft())
        return batch

    def _end(self, batch: list[_Request], job: asyncio.Future[list[Answer | Exception]]) -> None:
        if job.cancelled():  # the server ends
            return
        self._free += 1
        error = job.exception()
        if len(batch) > 1 and isinstance(error, TimeoutError | ProcessExpired):
            # One of them is to blame: each is read again alone, and the others are answered.
            self._waiting.extendleft(replace(each, is_small=False) for each in reversed(batch))
        else:
            answers = job.result() if error is None else [error] * len(batch)
            for request, answer in zip(batch, answers, strict=True):
                _settle(request.answer, answer)
        self._hand_over()

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


def _settle(answer: asyncio.Future[Answer], found: Answer | BaseException) -> None:
    if answer.done():  # nobody waits any longer
        return
    if isinstance(found, Answer):
        answer.set_result(found)
    else:
        answer.set_exception(found)


def _read_all(
    jobs: list[tuple[Callable[..., Answer], tuple[Any, ...]]],
) -> list[Answer | Exception]:
    return [_outcome(work, given) for work, given in jobs]


def _outcome(work: Callable[..., Answer], given: tuple[Any, ...]) -> Answer | Exception:
    try:
        return work(*given)
    except Exception as error:
        error.add_note(traceback.format_exc())  # which is lost between processes
        return error


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
