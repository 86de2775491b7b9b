"""Processes that read pictures: one that hangs or dies takes nothing with it but its picture."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from PIL import Image

from recognizer.reading import Reading
from recognizer.web.pictures import PictureReaders, PictureTimeoutError, ReaderDiedError
from tests.web.served import client_of, picture
from tests.web.test_api import refused

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="processes are stopped by signals that Windows lacks"
)
PATIENCE_SECONDS = 120.0


@pytest.fixture
def readers() -> Iterator[PictureReaders]:
    """One process that reads."""
    found = PictureReaders(None, 1, PATIENCE_SECONDS)
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


def interrupted(readers: PictureReaders, by: signal.Signals) -> Reading:
    """Reading a picture whose process gets this signal in the middle."""
    labels = Signalling("digits")
    labels.by = by
    return asyncio.run(readers.end(readers.begin(picture(), labels)))


def reads_seven(readers: PictureReaders) -> bool:
    return asyncio.run(readers.read(picture(), "digits")).text == "7"


def test_a_picture_that_takes_too_long_ends_with_its_process(readers: PictureReaders) -> None:
    assert reads_seven(readers)
    readers.seconds = 0.5
    with pytest.raises(PictureTimeoutError, match="Send a smaller one"):
        interrupted(readers, signal.SIGSTOP)
    readers.seconds = PATIENCE_SECONDS
    assert reads_seven(readers)


def test_a_process_that_is_killed_is_replaced(readers: PictureReaders) -> None:
    assert reads_seven(readers)
    with pytest.raises(ReaderDiedError, match="Send it again"):
        interrupted(readers, signal.SIGKILL)
    assert reads_seven(readers)


def test_the_api_says_that_a_picture_takes_too_long() -> None:
    with client_of(picture_seconds=0.001) as client:
        refused(client.post("/api/read", content=large_picture()), 408, "Send a smaller one")
