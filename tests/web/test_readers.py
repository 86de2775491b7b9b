"""Processes that read: one that hangs or dies takes nothing with it but what it was reading."""

from __future__ import annotations

import asyncio
import io
import json
import math
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from recognizer.reading import Recognizer
from recognizer.web import readers as web_readers
from recognizer.web.readers import (
    Answer,
    Job,
    ReaderDiedError,
    Readers,
    ReadingTimeoutError,
    SentDrawing,
    SentPicture,
)
from tests.web.served import SEVEN, client_of, picture
from tests.web.test_api import of_strokes, refused

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="processes are stopped by signals that Windows lacks"
)
PATIENCE_SECONDS = 120.0


@pytest.fixture
def readers() -> Iterator[Readers]:
    """One process that reads."""
    found = Readers(Recognizer, 1, PATIENCE_SECONDS)
    yield found
    found.close()


def large_picture() -> bytes:
    """One that takes long."""
    file = io.BytesIO()
    Image.new("L", (6000, 6000), "white").save(file, "PNG", compress_level=1)
    return file.getvalue()


class Signalling(str):
    """Labels that send a signal to the process that looks them up to read a picture."""

    by: signal.Signals

    def __hash__(self) -> int:
        if multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), self.by)
        return super().__hash__()


def job_of(sent: str, labels: str = "digits") -> Job:
    """A seven that is sent as a picture or a drawing."""
    if sent == "picture":
        return SentPicture(picture(), labels)
    return SentDrawing(SEVEN, (500, 500), labels)


async def interrupted(readers: Readers, sent: str, by: signal.Signals) -> Answer:
    """Reading something whose process gets this signal in the middle."""
    labels = Signalling("digits")
    labels.by = by
    return await readers.read(job_of(sent, labels))


async def reads_seven(readers: Readers) -> bool:
    answers = [await readers.read(job_of(sent)) for sent in ("picture", "drawing")]
    return all(json.loads(each.content)["text"] == "7" for each in answers)


@pytest.mark.parametrize(
    ("sent", "remedy"), [("picture", "Send a smaller one"), ("drawing", "Send it in parts")]
)
def test_what_takes_too_long_ends_with_its_process(
    readers: Readers, sent: str, remedy: str
) -> None:
    async def ask() -> None:
        assert await reads_seven(readers)
        readers.seconds = 0.5
        with pytest.raises(ReadingTimeoutError, match=f"The {sent} takes .* {remedy}"):
            await interrupted(readers, sent, signal.SIGSTOP)
        readers.seconds = PATIENCE_SECONDS
        assert await reads_seven(readers)

    asyncio.run(ask())


@pytest.mark.parametrize("sent", ["picture", "drawing"])
def test_a_process_that_is_killed_is_replaced(readers: Readers, sent: str) -> None:
    async def ask() -> None:
        assert await reads_seven(readers)
        with pytest.raises(ReaderDiedError, match="Send it again"):
            await interrupted(readers, sent, signal.SIGKILL)
        assert await reads_seven(readers)

    asyncio.run(ask())


class Hanging(Recognizer):
    """Hangs at a drawing of two strokes, and kills its process at one of three."""

    def read_strokes(self, drawing: Any, *more: Any) -> Any:
        if len(drawing) == 2:
            time.sleep(PATIENCE_SECONDS)
        if len(drawing) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read_strokes(drawing, *more)


@pytest.mark.parametrize(("strokes", "kind"), [(2, ReadingTimeoutError), (3, ReaderDiedError)])
def test_those_who_wait_with_one_that_hangs_or_dies_are_answered(
    strokes: int, kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_readers, "PATIENCE_FACTOR", PATIENCE_SECONDS)
    readers = Readers(Hanging, 1, seconds=1)
    sent: list[Any] = [SEVEN, SEVEN, SEVEN * strokes, SEVEN, [[[1, math.inf]]], SEVEN]

    async def ask() -> list[Answer | BaseException]:
        reading = (readers.read(SentDrawing(each, (500, 500), "digits")) for each in sent)
        return await asyncio.gather(*reading, return_exceptions=True)

    found = asyncio.run(ask())
    readers.close()
    assert [type(each) for each in found] == [Answer, Answer, kind, Answer, ValueError, Answer]


def test_the_api_says_that_a_picture_takes_too_long() -> None:
    with client_of(reading_seconds=0.001) as client:
        refused(client.post("/api/read", content=large_picture()), 408, "Send a smaller one")


def test_a_drawing_that_hangs_is_refused_and_the_server_goes_on() -> None:
    with client_of(load=Hanging, reading_seconds=3) as client:
        assert of_strokes(client).json()["text"] == "7"
        refused(of_strokes(client, SEVEN * 2), 408, "Send it in parts")
        assert of_strokes(client).json()["text"] == "7"
        refused(of_strokes(client, SEVEN * 3), 503, "Send it again")
        assert of_strokes(client).json()["text"] == "7"
