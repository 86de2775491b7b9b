"""Stands before all routes: who may ask, how much and for how long; and the headers of answers."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address
from secrets import compare_digest
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recognizer.web.limits import ServiceSettings
from recognizer.web.reading_service import BusyError, ReadingService

READ_PATH, METRICS_PATH, DOCS_PATH = "/api/read", "/metrics", "/docs"
MAX_HEAD_BYTES = 16 * 2**10
"""Of all headers of a request."""
KEPT_NAMES = 16
"""So many of the last names that the server was called by need not be looked at again."""
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_OWN = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
_OWN += "form-action 'none'; frame-ancestors 'none'; "
PAGE_POLICY = _OWN + (
    "style-src 'self'; img-src 'self' blob: data:; manifest-src 'self'; worker-src 'self'"
)
DOCS_POLICY = _OWN + "style-src 'self' 'unsafe-inline'; img-src 'self' data:"
"""Swagger's page writes styles of its own."""
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
]


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    detail: str


class Guard:
    """An ASGI application around another one, which it protects."""

    def __init__(self, app: ASGIApp, service: ReadingService) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refusal = refusal_of(scope, self._service.settings)
        if scope["type"] == "websocket":
            await (_close(send) if refusal else self._app(scope, receive, send))
            return
        exchange = Exchange(scope, receive, send, self._service)
        try:
            app = _answer(refusal) if refusal else self._app
            await app(scope, exchange.receive, exchange.send)
        finally:
            exchange.end()


def refusal_of(scope: Scope, settings: ServiceSettings) -> Refusal | None:
    """Why the head of a request is reason enough not to answer it; None if it is not."""
    headers = Headers(scope=scope)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEAD_BYTES:
        return Refusal(431, f"The request's headers are larger than {MAX_HEAD_BYTES} bytes.")
    host = headers.get("host", "")
    if not is_called_so(host, scope, settings):
        return Refusal(
            421, "This server is not called by the name of this address. If it should be, start "
            "it with --allowed-host NAME.",
        )  # fmt: skip
    origin = headers.get("origin")
    asks_only = scope["type"] == "http" and scope["method"] in ("GET", "HEAD", "OPTIONS")
    if origin is not None and not asks_only and urlsplit(origin).netloc.lower() != host.lower():
        return Refusal(403, "Other sites may not use this server.")
    if scope["type"] == "http" and _is_closed(scope["path"]) and not _knows(headers, settings):
        return Refusal(
            401, "This server needs its token: open the address that it printed, or send "
            "Authorization: Bearer TOKEN.",
        )  # fmt: skip
    return None


def is_called_so(host: str, scope: Scope, settings: ServiceSettings) -> bool:
    """Whether a request's Host names this server.

    That is the address at which the request arrived, or a name that was allowed. A name that
    another site has pointed at this machine is none, so that its pages cannot ask.
    """
    address = (scope.get("server") or ("",))[0]
    return _is_name(host, address, settings.allowed_hosts)


@lru_cache(KEPT_NAMES)
def _is_name(host: str, address: str, allowed: frozenset[str]) -> bool:
    try:
        name = (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return False
    if name in allowed:
        return True
    try:
        own = ip_address(address)
        own = getattr(own, "ipv4_mapped", None) or own
    except ValueError:  # not an address: a server in a test
        return bool(name) and name == address
    return name == str(own) or (own.is_loopback and name in _LOOPBACK_NAMES)


def is_token(found: str, settings: ServiceSettings) -> bool:
    """Whether this is the token, if there is one; compared in constant time."""
    return settings.token is None or compare_digest(found.encode(), settings.token.encode())


def _is_closed(path: str) -> bool:
    return path == METRICS_PATH or path.startswith("/api/")


def _knows(headers: Headers, settings: ServiceSettings) -> bool:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return is_token(token.strip() if scheme.lower() == "bearer" else "", settings)


def _answer(refusal: Refusal) -> ASGIApp:
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse({"detail": refusal.detail}, refusal.status, headers)


async def _close(send: Send) -> None:
    await send({"type": "websocket.close", "code": 1008})  # answered with 403


class Exchange:
    """One request and its answer: how much comes in, until when, and what goes out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, service: ReadingService) -> None:
        self._scope, self._receive, self._send, self._service = scope, receive, send, service
        self._began = time.perf_counter()
        limits = service.settings.limits
        self._seconds = limits.upload_seconds
        reads = scope["path"] == READ_PATH
        self._limit = limits.picture_bytes if reads else limits.drawing_bytes
        self._length, self._complete, self._status = 0, False, 0

    async def receive(self) -> Message:
        """The next part of the request. Raises HTTPException if it is too large or too slow."""
        if self._complete:
            return await self._receive()
        left = self._began + self._seconds - time.perf_counter()
        try:
            async with asyncio.timeout(max(left, 0)):
                message = await self._receive()
        except TimeoutError:
            left = 0
        if left <= 0:
            raise _hang_up(
                408, f"The request was not complete after {self._seconds:g} s. Send it again."
            )
        if message["type"] == "http.request":
            self._complete = not message.get("more_body")
            self._take(len(message.get("body", b"")))
        return message

    def _take(self, length: int) -> None:
        if self._length + length > self._limit:
            raise _hang_up(
                413, f"The request is larger than {self._limit / 2**20:g} MB. Send a smaller one."
            )
        try:
            self._service.take(length)
        except BusyError as error:
            raise _hang_up(503, str(error)) from None
        self._length += length

    async def send(self, message: Message) -> None:
        """Send a part of the answer, with the headers that all answers have."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message["headers"] = [*message["headers"], *_headers_of(self._scope["path"])]
        await self._send(message)

    def end(self) -> None:
        """Count it, and free its room."""
        self._service.give_back(self._length)
        route = getattr(self._scope.get("route"), "path", "none") or "page"
        metrics = self._service.metrics
        metrics.requests.labels(route, str(self._status or 499)).inc()
        metrics.seconds.labels(route).observe(time.perf_counter() - self._began)


def _headers_of(path: str) -> list[tuple[bytes, bytes]]:
    """The headers that answers at this path have beside their own."""
    policy = DOCS_POLICY if path.startswith(DOCS_PATH) else PAGE_POLICY
    kept = b"no-store" if _is_closed(path) else b"no-cache"
    return [*_HEADERS, (b"content-security-policy", policy.encode()), (b"cache-control", kept)]


def _hang_up(status: int, detail: str) -> HTTPException:
    """A refusal of a request whose rest is not wanted."""
    return HTTPException(status, detail, {"Connection": "close"})
