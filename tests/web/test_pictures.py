"""Processes that read pictures: one that hangs or dies takes nothing with it but its picture."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys

import pytest

from recognizer.web.pictures import PictureReaders, PictureTimeoutError, ReaderDiedError
from tests.web.served import client_of, picture
from tests.web.test_api import refused

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="processes are stopped by signals that Windows lacks"
)


async def read(readers: PictureReaders) -> str:
    return (await readers.read(picture(), "digits")).text


def stop_readers() -> list[int]:
    """Freeze the processes that read, as a picture does that takes for ever."""
    found = [child.pid for child in multiprocessing.active_children() if child.pid]
    for number in found:
        os.kill(number, signal.SIGSTOP)
    return found


@pytest.mark.parametrize("seconds", [1.0])
def test_a_picture_that_takes_too_long_ends_with_its_process(seconds: float) -> None:
    readers = PictureReaders(None, 1, seconds=60)
    try:
        assert asyncio.run(read(readers)) == "7"
        readers.seconds = seconds
        stop_readers()
        with pytest.raises(PictureTimeoutError, match="Send a smaller one"):
            asyncio.run(read(readers))
        readers.seconds = 60
        assert asyncio.run(read(readers)) == "7"
    finally:
        readers.close()


def test_a_process_that_is_killed_is_replaced() -> None:
    async def killed_in_the_middle(readers: PictureReaders) -> None:
        stopped = stop_readers()
        reading = asyncio.create_task(read(readers))
        await asyncio.sleep(0.3)
        for number in stopped:
            os.kill(number, signal.SIGKILL)
        await reading

    readers = PictureReaders(None, 1, seconds=60)
    try:
        assert asyncio.run(read(readers)) == "7"
        with pytest.raises(ReaderDiedError, match="Send it again"):
            asyncio.run(killed_in_the_middle(readers))
        assert asyncio.run(read(readers)) == "7"
    finally:
        readers.close()


def test_the_api_says_that_a_picture_takes_too_long() -> None:
    with client_of(picture_seconds=0.2) as client:
        before = set(multiprocessing.active_children())
        assert before
        stop_readers()
        refused(client.post("/api/read", content=picture()), 408, "Send a smaller one")
