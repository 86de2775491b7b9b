"""Requests that nobody should send: none may be answered with a 5xx but for that of a full queue.

Thousands are generated from the OpenAPI document, half of them as it forbids; others are cut off,
slow, too large, bombs, or have wrong tokens.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.figures import Figure
from benchmarks.server import RunningServer, running

CASES, CASES_AT_A_TIME = 2000, 10
TOKEN = "right"
FULL = 503
"""The status of a full queue."""
SILENCE_SECONDS = 15.0
"""A client waits so long for an answer, longer than the server waits for the rest of a head."""
_PICTURE_HEAD = b"POST /api/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"


def measure(cases: int = CASES) -> dict[str, Figure]:
    """How many hostile requests got a 5xx that they should not."""
    statuses: Counter[int] = Counter()
    with running() as server:

        def note(case: Any) -> None:
            statuses[case.call().status_code] += 1

        asked = ask_generated(server.address + "openapi.json", note, lambda count: count >= cases)
        statuses.update(_raw_statuses(server))
    with running("--token", TOKEN) as server:
        statuses.update(_wrong_tokens(server))
    failed = sum(count for status, count in statuses.items() if status >= 500 and status != FULL)
    told = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    of = f"of {asked} generated requests and {statuses.total() - asked} others ({told}; 0: none)"
    return {"hostile_5xx": Figure(failed, "answers", of, n=statuses.total())}


def ask_generated(
    document: str, ask: Callable[[Any], object], enough: Callable[[int], bool]
) -> int:
    """Generate requests for each call of the API in turn, and ask them; returns how many.

    document: address of the OpenAPI document. enough: whether so many are enough; each call has
    had some of each kind first.
    """
    import schemathesis

    asked = 0

    def count(case: Any) -> None:
        nonlocal asked
        asked += 1
        ask(case)

    found: Any = schemathesis.openapi.from_url(document)
    operations = [each.ok() for each in found.get_all_operations()]
    while True:
        for kind in ("POSITIVE", "NEGATIVE"):
            for operation in operations:
                if kind == "POSITIVE" or operation.body or operation.query:
                    mode = schemathesis.GenerationMode[kind]
                    _ask_some(operation.as_strategy(generation_mode=mode), count)
        if enough(asked):
            return asked


def _ask_some(cases: Any, ask: Callable[[Any], None]) -> None:
    from hypothesis import HealthCheck, given, settings

    @given(case=cases)
    @settings(
        max_examples=CASES_AT_A_TIME, deadline=None, suppress_health_check=list(HealthCheck),
        database=None,
    )  # fmt: skip
    def ask_one(case: Any) -> None:
        ask(case)

    ask_one()


def _bomb(side: int) -> bytes:
    """A PNG of some kilobytes that says it has side × side pixels."""
    chunks = [b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)]
    chunks.append(b"IDAT" + zlib.compress(bytes(1_000_000)))
    framed = (struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def _raw_statuses(server: RunningServer) -> Iterator[int]:
    """The statuses of what no well-behaved client sends; 0 where the connection was closed."""
    bombs = [_bomb(side) for side in (6_000, 100_000)]
    whole = [_PICTURE_HEAD % len(bomb) + bomb for bomb in bombs]
    large = _PICTURE_HEAD % 10**9 + bytes(2**20)
    long = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 60_000 + b"\r\n\r\n"
    deep = b"[" * 500_000
    json = b"POST /api/strokes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    nested = json + b"Content-Length: %d\r\n\r\n" % len(deep) + deep
    garbage = [b"\x00\xff\r\n\r\n", b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET\r\n\r\n"]
    for request in (*whole, large, long, nested, *garbage):
        yield _status_of(server, request)
    for sent in (b"GET", _PICTURE_HEAD % 1000, whole[0][:500]):
        yield _status_of(server, sent, cut_off=True)
    yield _status_of(server, b"GET / HTTP/1.1\r\nHost: loc")  # and then nothing


def _status_of(server: RunningServer, request: bytes, *, cut_off: bool = False) -> int:
    with socket.create_connection(("127.0.0.1", server.port), SILENCE_SECONDS) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
            if cut_off:
                connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError, TimeoutError):
            words = connection.recv(64).split()
            return int(words[1]) if len(words) > 1 else 0
    return 0


def _wrong_tokens(server: RunningServer) -> Iterator[int]:
    for path in ("/api/model", "/metrics", "/api/labels", "/api/nothing"):
        for token in (b"", b"Bearer wrong", b"Basic right", b"Bearer " + b"\xe9" * 100):
            head = b"GET %s HTTP/1.1\r\nHost: localhost\r\n" % path.encode()
            header = b"Authorization: %s\r\n" % token if token else b""
            yield _status_of(server, head + header + b"\r\n")


def until(seconds: float) -> Callable[[int], bool]:
    """Enough is what was asked in so many seconds."""
    end = time.monotonic() + seconds
    return lambda _: time.monotonic() > end
