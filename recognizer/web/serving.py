"""Runs the server: one process that answers, and those that read for it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from recognizer.console import suppress_stderr
from recognizer.errors import SketchpadError
from recognizer.reading import Recognizer
from recognizer.web.addresses import address_of, is_loopback, made_token, qr_code
from recognizer.web.api import create_app
from recognizer.web.limits import ServiceSettings

HEAD_SECONDS = 10.0
"""A connection must send the head of a request so soon."""
MAX_HEAD_CHUNK_BYTES = 64 * 2**10
"""A head that is not complete after so many bytes never gets an answer."""
MAX_CONNECTIONS = 500
LAST_SECONDS = 20
"""What has begun when the server is stopped has so long to end."""


class ListenError(SketchpadError):
    """The address cannot be listened on; the message says why and what to do."""


class BoundedProtocol(HttpToolsProtocol):
    """HTTP of which a head must come soon and be short: slow or endless ones are cut off."""

    _waiting: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: Any) -> None:
        """Expect the first head."""
        super().connection_made(transport)
        self._expect_head()

    def on_message_begin(self) -> None:
        """Expect the rest of a later head."""
        super().on_message_begin()
        if self._waiting is None:
            self._expect_head()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._stop_waiting()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Take what came, unless the head has no end."""
        super().data_received(data)
        if self._waiting is not None:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_CHUNK_BYTES:
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is expected any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self._head_bytes = 0
        self._waiting = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


class AnnouncingServer(uvicorn.Server):
    """A server that tells when it is ready.

    announce: called once, when it listens.
    """

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell it."""
        await super().startup(sockets)
        if self.started:
            gc.freeze()  # what stands now stays; searching it for garbage would hold up answers
            self._announce()


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises ListenError if it cannot."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        both = family == socket.AF_INET6 and address[0] == "::" and socket.has_dualstack_ipv6()
        return socket.create_server(address[:2], family=family, backlog=1024, dualstack_ipv6=both)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ListenError(
            f"The server cannot listen on {host}, port {port}: {reason}. Choose others with "
            "--host and --port."
        ) from None


def serve(listener: socket.socket, settings: ServiceSettings, *, is_open: bool) -> None:
    """Serve until a signal ends it; what has begun then is finished first.

    is_open: whether anyone may ask without a token; else one is made if others can reach the
    server and the settings have none. Raises ModelError without a model.
    """
    beyond = not is_loopback(listener.getsockname()[0])
    if beyond and settings.token is None and not is_open:
        settings = replace(settings, token=made_token())
    with suppress_stderr():
        app = create_app(settings, partial(Recognizer, settings.model))
    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        ws="websockets-sansio",
        ws_max_size=settings.limits.drawing_bytes,
        ws_per_message_deflate=False,
        lifespan="on",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=LAST_SECONDS,
    )
    address = address_of(listener, settings.token)
    server = AnnouncingServer(config, lambda: _announce(address, beyond))
    with contextlib.suppress(KeyboardInterrupt):
        server.run([listener])


def _announce(address: str, beyond: bool) -> None:
    lines = [f"Open {address} in a browser; Ctrl+C ends the server."]
    if beyond:
        lines += [
            qr_code(address),
            "On a phone in the same network, scan this, or type the address.",
        ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
