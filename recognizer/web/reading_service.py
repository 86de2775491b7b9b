"""Reads for the server: drawings in its own process, pictures in others; and bounds both."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from recognizer.errors import SketchpadError
from recognizer.reading import Reading, Recognizer
from recognizer.strokes import Cache, as_strokes
from recognizer.web.limits import ServiceSettings
from recognizer.web.pictures import PictureReaders
from recognizer.web.sent_hands import SentHands
from recognizer.web.telemetry import Metrics

KEPT_LABEL_SETS = 16
"""So many sets of labels that were asked for stay ready."""
_BUSY = "Too much is being read already. Ask again in a second."
RETRY_SECONDS = 1
"""After so long, a client whom a busy server sent away may ask again."""


class BusyError(SketchpadError):
    """More is asked than the server can do at a time; ask again soon."""


class ReadingService:
    """What all routes of one server share.

    settings: how it runs. recognizer: reads drawings; loaded from the settings' folder.
    """

    def __init__(self, settings: ServiceSettings, recognizer: Recognizer) -> None:
        self.settings, self.recognizer, self.metrics = settings, recognizer, Metrics()
        self._for_labels = lru_cache(KEPT_LABEL_SETS)(recognizer.asking_for)
        self._hands = SentHands(self._for_labels)
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, "strokes")
        self._pictures: PictureReaders | None = None
        self._requests = self._bytes = self.sockets = 0

    def start(self) -> None:
        """Start the processes that read pictures."""
        found = self.settings
        self._pictures = PictureReaders(found.model, found.workers, found.limits.picture_seconds)

    def close(self) -> None:
        """End what reads, when it is done with what it has begun."""
        self._threads.shutdown(cancel_futures=True)
        if self._pictures is not None:
            self._pictures.close()

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

    async def read_strokes(
        self,
        strokes: Sequence[Any],
        extent: tuple[float, float],
        labels: str,
        *,
        hand: str = "",
        glyphs: bool = False,
        parts: bool = False,
        live: Cache | None = None,
    ) -> dict[str, Any]:
        """The JSON of a drawing's reading. Raises ValueError for what cannot be read.

        hand: the JSON of a hand that it is read by. glyphs, parts: whether each character tells
        what was seen of it, and which strokes it is. live: of a drawing under way, as for
        `Recognizer.read_strokes`.
        """
        drawing = as_strokes(strokes)

        def work() -> tuple[Recognizer, Reading]:
            recognizer = self._hands.reader(labels, hand)
            return recognizer, recognizer.read_strokes(drawing, extent, live)

        with self._place():
            # In a thread, so that a long drawing does not hold up the others.
            found = await asyncio.get_running_loop().run_in_executor(self._threads, work)
        recognizer, reading = found
        self.metrics.count("strokes" if live is None else "live", reading)
        return _as_json(reading, recognizer, glyphs=glyphs, drawing=drawing if parts else None)

    async def read_picture(
        self, content: bytes, labels: str, *, glyphs: bool = False
    ) -> dict[str, Any]:
        """The JSON of a picture's reading. Raises ValueError for what cannot be read.

        Raises PictureTimeoutError and ReaderDiedError as `PictureReaders.read` does.
        """
        assert self._pictures is not None, "the service has not started"
        recognizer = self._for_labels(labels)
        with self._place():
            reading = await self._pictures.read(content, labels)
        self.metrics.count("picture", reading)
        return _as_json(reading, recognizer, glyphs=glyphs)


def _as_json(reading: Reading, recognizer: Recognizer, **wanted: Any) -> dict[str, Any]:
    return {"labels": list(recognizer.labels), **reading.as_json(**wanted)}
