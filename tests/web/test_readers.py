"""Processes that read: one that hangs or dies takes nothing with it but what it was reading."""

from __future__ import annotations

import asyncio
import io
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from recognizer.web.readers import (
    Answer,
    Job,
    ReaderDiedError,
    Readers,
    ReadingTimeoutError,
    SentDrawing,
    SentPicture,
)
from tests.web.served import client_of, picture
from tests.web.test_api import refused

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="processes are stopped by signals that Windows lacks"
)
PATIENCE_SECONDS = 120.0


@pytest.fixture
def readers() -> Iterator[Readers]:
    """One process that reads."""
    found = Readers(None, 1, PATIENCE_SECONDS)
    yield found
    found.close()


def large_picture() -> bytes:
    """One that takes long."""
    file = io.BytesIO()
    Image.new("L", (6000, 6000), "white").save(file, "PNG", compress_level=1)
    return file.getvalue()


class Signalling(str):
    """Labels that send a signal to the process that looks them up to read something."""

    by: signal.Signals

    def __hash__(self) -> int:
        if multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), self.by)
        return super().__hash__()


SEVEN = [[(150, 120), (350, 120), (220, 400)]]


def drawn(labels: str) -> Job:
    return SentDrawing(SEVEN, (500.0, 500.0), labels)


def shown(labels: str) -> Job:
    return SentPicture(picture(), labels)


SENT = pytest.mark.parametrize("job_of", [drawn, shown])


def interrupted(readers: Readers, job_of: Callable[[str], Job], by: signal.Signals) -> Answer:
    """Reading something whose process gets this signal in the middle."""
    labels = Signalling("digits")
    labels.by = by
    return asyncio.run(readers.read(job_of(labels)))


def reads_seven(readers: Readers, job_of: Callable[[str], Job]) -> bool:
    answer = asyncio.run(readers.read(job_of("digits")))
    return bool(json.loads(answer.content)["text"] == "7")


@SENT
def test_what_takes_too_long_ends_with_its_process(
    readers: Readers, job_of: Callable[[str], Job]
) -> None:
    assert reads_seven(readers, job_of)
    readers.seconds = 0.5
    what = job_of("digits").what
    with pytest.raises(ReadingTimeoutError, match=f"The {what} takes .* Send a smaller one"):
        interrupted(readers, job_of, signal.SIGSTOP)
    readers.seconds = PATIENCE_SECONDS
    assert reads_seven(readers, job_of)


@SENT
def test_a_process_that_is_killed_is_replaced(
    readers: Readers, job_of: Callable[[str], Job]
) -> None:
    assert reads_seven(readers, job_of)
    with pytest.raises(ReaderDiedError, match="Send it again"):
        interrupted(readers, job_of, signal.SIGKILL)
    assert reads_seven(readers, job_of)


def test_the_api_says_that_a_picture_takes_too_long() -> None:
    with client_of(reading_seconds=0.001) as client:
        refused(client.post("/api/read", content=large_picture()), 408, "Send a smaller one")
