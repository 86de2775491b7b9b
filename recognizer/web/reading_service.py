"""Reads for the server: live drawings in its own process, all else in others; and bounds both."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from recognizer.errors import SketchpadError
from recognizer.reading import Recognizer
from recognizer.strokes import Cache, Stroke
from recognizer.web.limits import ServiceSettings
from recognizer.web.readers import Answer, Job, Readers
from recognizer.web.sent_hands import SentHands
from recognizer.web.telemetry import Metrics

_BUSY = "Too much is being read already. Ask again in a second."
RETRY_SECONDS = 1
"""After so long, a client whom a busy server sent away may ask again."""


class BusyError(SketchpadError):
    """More is asked than the server can do at a time; ask again soon."""


class ReadingService:
    """What all routes of one server share.

    settings: how it runs. load: gives the recognizer of this process, which reads live drawings,
    and those of the processes that read what is sent whole.
    """

    def __init__(self, settings: ServiceSettings, load: Callable[[], Recognizer]) -> None:
        self.settings, self.recognizer, self.metrics = settings, load(), Metrics()
        self._load, self._hands = load, SentHands(self.recognizer)
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, "live")
        self._readers: Readers | None = None
        self._requests = self._bytes = self.sockets = 0

    def start(self) -> None:
        """Start the processes that read what is sent whole."""
        found = self.settings
        self._readers = Readers(self._load, found.workers, found.limits.reading_seconds)

    def close(self) -> None:
        """End what reads, when it is done with what it has begun."""
        self._threads.shutdown(cancel_futures=True)
        if self._readers is not None:
            self._readers.close()

    def take(self, length: int) -> None:
        """Make room for so many bytes of a request. Raises BusyError if there is none."""
        if self._bytes + length > self.settings.limits.request_bytes:
            raise BusyError(_BUSY)
        self._bytes += length

    def give_back(self, length: int) -> None:
        """Free the room of a request that ended."""
        self._bytes -= length

    @contextmanager
    def _place(self) -> Iterator[None]:
        """A place among what is being read. Raises BusyError if there is none."""
        if self._requests >= self.settings.limits.requests:
            raise BusyError(_BUSY)
        self._requests += 1
        self.metrics.under_way.inc()
        try:
            yield
        finally:
            self._requests -= 1
            self.metrics.under_way.dec()

    def sets(self) -> dict[str, list[str]]:
        """The sets of labels that may be asked for by name, with their labels."""
        return {name: list(labels) for name, labels in self.recognizer.sets.items()}

    async def read(self, source: str, job: Job) -> Answer:
        """The answer to a drawing or a picture that was sent whole. Raises ValueError.

        source: what it is counted as. Raises ReadingTimeoutError and ReaderDiedError as
        `Readers.read` does.
        """
        assert self._readers is not None, "the service has not started"
        with self._place():
            answer = await self._readers.read(job)
        self.metrics.count(source, answer.sure)
        return answer

    async def read_live(
        self,
        strokes: Sequence[Stroke],
        extent: tuple[float, float],
        labels: str,
        cache: Cache,
        *,
        hand: str = "",
        **wanted: Any,
    ) -> Answer:
        """The answer to a drawing under way. Raises ValueError for what cannot be read.

        cache: as for `Recognizer.read_strokes`. hand: the JSON of a hand that it is read by.
        wanted: as for `Reading.as_json`.
        """

        def work() -> Answer:
            recognizer = self._hands.reader(labels, hand)
            return Answer.of(recognizer.read_strokes(strokes, extent, cache), recognizer, **wanted)

        with self._place():
            # In a thread, so that a long drawing does not hold up the others.
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        self.metrics.count("live", answer.sure)
        return answer
