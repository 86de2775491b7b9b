"""Servers for the tests."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.testclient import TestClient

from recognizer.reading import Recognizer
from recognizer.web.api import create_app
from recognizer.web.limits import ServiceLimits, ServiceSettings
from recognizer.web.serving import listening
from tests.samples import picture_of, recognizer

ROOT = Path(__file__).resolve().parents[2]
SEVEN = [[[150, 120], [350, 120], [220, 400]]]
"""A 7 in one stroke."""


@contextlib.contextmanager
def client_of(
    token: str | None = None,
    hosts: tuple[str, ...] = (),
    load: Callable[[], Recognizer] = recognizer,
    **limits: Any,
) -> Iterator[Any]:
    """Asks a server in this process that has these settings and reads with this."""
    settings = ServiceSettings(None, token, frozenset(hosts), 1, ServiceLimits(**limits))
    app = create_app(settings, load)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def picture(digit: int = 7, kind: str = "PNG") -> bytes:
    """A picture file of a digit."""
    file = io.BytesIO()
    picture_of(digit).save(file, kind)
    return file.getvalue()


@dataclass
class Served:
    """A server in another process. told: the first lines that it printed."""

    process: subprocess.Popen[str]
    told: str

    @property
    def address(self) -> str:
        """What it says to open in a browser."""
        found = re.search(r"http://\S+", self.told)
        assert found, self.told
        return found[0]

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    def connection(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)


@contextlib.contextmanager
def serving(*options: str) -> Iterator[Served]:
    """A server that was started by the command, on a free port."""
    environment = {name: value for name, value in os.environ.items() if name != "DIGITS_TOKEN"}
    process = subprocess.Popen(
        [sys.executable, "-m", "recognizer", "serve", "--port", "0", "--workers", "1", *options],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield Served(process, process.stdout.readline())
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@contextlib.contextmanager
def serving_here(load: Callable[[], Recognizer]) -> Iterator[str]:
    """The address of a server in a thread of this process, which reads with this."""
    with listening("127.0.0.1", 0) as listener:
        app = create_app(ServiceSettings(), load)
        config = uvicorn.Config(app, ws="websockets-sansio", log_level="error", lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join()
