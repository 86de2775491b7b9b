"""Many clients at once: what the server answers, as a share of what the bare functions do."""

from __future__ import annotations

import asyncio
import io
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.figures import Figure, percentile
from benchmarks.server import RunningServer, running
from recognizer import Recognizer, ink
from recognizer.console import suppress_stderr
from recognizer.inkml import DEMO_CELL_SIDE, demo_drawings
from recognizer.strokes import transformed

CLIENTS, SECONDS, MEMORY_SECONDS = 32, 20.0, 600.0
SIDE_PX, PEN_PX = 64, 5.0
WARM_SHARE = 0.2
"""Memory counts from this share of the time on, when all is loaded that is loaded once."""
SAMPLE_SECONDS = 1.0
_AREA = (500, 500)


def drawings() -> list[list[list[list[float]]]]:
    """The demo's ten digits, each a list of strokes of points."""
    return [
        [stroke.points.round(1).tolist() for stroke in drawing]
        for _, drawing in sorted(demo_drawings().items())
    ]


def pictures() -> list[bytes]:
    """The same as small PNG files."""
    found = []
    for digit, drawing in demo_drawings().items():
        cell = (digit * DEMO_CELL_SIDE, 0.0)
        small = transformed(drawing, SIDE_PX / DEMO_CELL_SIDE, origin=cell, pen=PEN_PX)
        file = io.BytesIO()
        Image.fromarray(255 - ink.render(small, (SIDE_PX, SIDE_PX))).save(file, "PNG")
        found.append(file.getvalue())
    return found


def measure(seconds: float = SECONDS, memory_seconds: float = MEMORY_SECONDS) -> dict[str, Figure]:
    """Readings a second by kind, their shares, failures and memory; takes 12 minutes."""
    strokes = [json.dumps({"strokes": each, "extent": _AREA}).encode() for each in drawings()]
    files = pictures()
    with running() as server:
        # Each kind is warm before it counts.
        for path, bodies in (("/api/strokes", strokes), ("/api/read", files)):
            asyncio.run(asked(server, path, bodies, seconds / 4))
        drawn = asyncio.run(asked(server, "/api/strokes", strokes, seconds))
        shown = asyncio.run(asked(server, "/api/read", files, seconds))
        mixed = asyncio.run(asked(server, "/api/strokes", strokes, memory_seconds))
    bare_strokes, bare_pictures = bare(_classifying, seconds), bare(_reading, seconds)
    failed = drawn.failed + shown.failed + mixed.failed
    of = f"{CLIENTS} clients, {seconds:g} s"
    cores = f"of {{}} alone, in a process for each of {os.cpu_count()} cores"
    figures = {
        "serve_strokes_per_second": Figure(drawn.rate, "a second", of),
        "serve_strokes_share": Figure(
            100 * drawn.rate / bare_strokes, "%", f"{of}; {cores.format('classify_strokes')}"
        ),
        "serve_pictures_per_second": Figure(shown.rate, "a second", of),
        "serve_pictures_share": Figure(
            100 * shown.rate / bare_pictures, "%", f"{of}; {cores.format('read_image')}"
        ),
        "serve_failed": Figure(
            failed, "answers", f"of {drawn.answers + shown.answers + mixed.answers}"
        ),
    }
    growth = mixed.growth_percent()
    if growth is not None:
        of = f"{CLIENTS} clients drawing for {memory_seconds:g} s, the end to the begin"
        figures["serve_memory_growth"] = Figure(growth, "%", of)
    return figures


@dataclass
class Load:
    """What came of many requests. megabytes: the server's memory, once a second."""

    seconds: float
    answers: int = 0
    failed: int = 0
    megabytes: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return (self.answers - self.failed) / self.seconds

    def growth_percent(self) -> float | None:
        """By how much memory grew since it was warm; None where it is not told."""
        warm = self.megabytes[int(WARM_SHARE * len(self.megabytes)) :]
        third = len(warm) // 3
        if not third:
            return None
        first, last = percentile(warm[:third], 0.5), percentile(warm[-third:], 0.5)
        return 100 * (last / first - 1)


async def asked(
    server: RunningServer, path: str, bodies: list[bytes], seconds: float, clients: int = CLIENTS
) -> Load:
    """Ask with so many clients, each of which asks again as soon as it has its answer."""
    load = Load(seconds)
    end = time.perf_counter() + seconds
    requests = [_request(server, path, body) for body in bodies]
    watching = asyncio.create_task(_watched(server, load))
    await asyncio.gather(*(_client(server, requests, n, end, load) for n in range(clients)))
    watching.cancel()
    return load


def _request(server: RunningServer, path: str, body: bytes) -> bytes:
    kind = "application/json" if path == "/api/strokes" else "image/png"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _watched(server: RunningServer, load: Load) -> None:
    while (found := server.megabytes()) is not None:
        load.megabytes.append(found)
        await asyncio.sleep(SAMPLE_SECONDS)


async def _client(
    server: RunningServer, requests: list[bytes], first: int, end: float, load: Load
) -> None:
    # Bare sockets, since a library of HTTP takes as long for a request as the server.
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    number = first
    while time.perf_counter() < end:
        writer.write(requests[number % len(requests)])
        number += 1
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        load.answers += 1
        load.failed += not head.startswith(b"HTTP/1.1 200")
    writer.close()


def bare(work: Callable[[float], float], seconds: float) -> float:
    """How often a second all cores do something, each in a process of its own."""
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, get_context("spawn")) as pool:
        return sum(pool.map(work, [seconds] * cores))


def _classifying(seconds: float) -> float:
    drawn = drawings()
    return _repeated(lambda reader, n: reader.classify_strokes(drawn[n % len(drawn)]), seconds)


def _reading(seconds: float) -> float:
    files = pictures()
    return _repeated(lambda reader, n: reader.read_image(io.BytesIO(files[n % 10])), seconds)


def _repeated(work: Callable[[Recognizer, int], Any], seconds: float) -> float:
    with suppress_stderr():
        reader = Recognizer()
    reader.read_image(np.eye(28))
    work(reader, 0)
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        work(reader, count)
        count += 1
    return count / (time.perf_counter() - start)
