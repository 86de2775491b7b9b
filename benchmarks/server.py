"""A server as a person starts it, and what it holds in memory."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.window import ROOT

LAST_SECONDS = 60
"""It has so long to end."""
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


class ServerError(Exception):
    """The server did not start; the message holds its words."""


@dataclass(frozen=True)
class RunningServer:
    """A server on this machine."""

    address: str
    process_id: int

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.address).port or 0

    def megabytes(self) -> float | None:
        """What it and the processes that it started hold; None where only Linux would tell."""
        ids = [self.process_id]
        for process in ids:
            children = Path(f"/proc/{process}/task/{process}/children")
            if not children.exists():
                return None
            ids += map(int, children.read_text().split())
        pages = (int(Path(f"/proc/{process}/statm").read_text().split()[1]) for process in ids)
        return sum(pages) * _PAGE_BYTES / 1e6


@contextmanager
def running(*options: str) -> Iterator[RunningServer]:
    """A server on a free port. Raises ServerError."""
    environment = {name: value for name, value in os.environ.items() if name != "DIGITS_TOKEN"}
    process = subprocess.Popen(
        [sys.executable, "-m", "recognizer", "serve", "--port", "0", *options],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    told = process.stdout.readline()
    found = re.search(r"http://[^\s#]+", told)
    try:
        if not found:
            raise ServerError(f"The server did not start. {told}")
        yield RunningServer(found[0], process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(LAST_SECONDS)
        process.stdout.close()
