"""Processes that read pictures: one that hangs or dies takes nothing with it but its picture."""

from __future__ import annotations

import asyncio
import io
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess

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
def others() -> set[BaseProcess]:
    """The processes of other tests, which are left alone."""
    return set(multiprocessing.active_children())


@pytest.fixture
def readers(others: set[BaseProcess]) -> Iterator[PictureReaders]:
    """One process that reads."""
    found = PictureReaders(None, 1, PATIENCE_SECONDS)
    yield found
    found.close()


def large_picture() -> bytes:
    """One that takes long enough to be interrupted."""
    file = io.BytesIO()
    Image.new("L", (6000, 6000), "white").save(file, "PNG", compress_level=1)
    return file.getvalue()


def interrupted(readers: PictureReaders, others: set[BaseProcess], by: signal.Signals) -> Reading:
    """Reading a picture whose process gets this signal in the middle."""
    job = readers.begin(large_picture(), "digits")
    while not job.running():
        assert not job.done()
        time.sleep(0.001)
    (child,) = set(multiprocessing.active_children()) - others
    assert child.pid
    os.kill(child.pid, by)
    return asyncio.run(readers.end(job))


def reads_seven(readers: PictureReaders) -> bool:
    return asyncio.run(readers.read(picture(), "digits")).text == "7"


def test_a_picture_that_takes_too_long_ends_with_its_process(
    readers: PictureReaders, others: set[BaseProcess]
) -> None:
    assert reads_seven(readers)
    readers.seconds = 0.5
    with pytest.raises(PictureTimeoutError, match="Send a smaller one"):
        interrupted(readers, others, signal.SIGSTOP)
    readers.seconds = PATIENCE_SECONDS
    assert reads_seven(readers)


def test_a_process_that_is_killed_is_replaced(
    readers: PictureReaders, others: set[BaseProcess]
) -> None:
    assert reads_seven(readers)
    with pytest.raises(ReaderDiedError, match="Send it again"):
        interrupted(readers, others, signal.SIGKILL)
    assert reads_seven(readers)


def test_the_api_says_that_a_picture_takes_too_long() -> None:
    with client_of(picture_seconds=0.001) as client:
        refused(client.post("/api/read", content=large_picture()), 408, "Send a smaller one")
