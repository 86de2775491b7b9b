"""What a client is told if there is no answer: a sentence, never a traceback or a path."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from recognizer.web.readers import ReaderDiedError, ReadingTimeoutError
from recognizer.web.reading_service import RETRY_SECONDS, BusyError

_UNEXPECTED = "The server failed at this. Its own messages say why; if it happens again, report it."


def sentence_of(error: Exception) -> str:
    """What is wrong, in a sentence."""
    if isinstance(error, ValidationError | RequestValidationError):
        return _of_fields(error.errors())
    text = str(error).strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def _of_fields(errors: Sequence[Mapping[str, Any]]) -> str:
    """Where a request is wrong, and how; of many errors, the first."""
    first = errors[0]
    where = " ".join(str(part) for part in first["loc"] if part not in ("body", "query"))
    reason = str(first["msg"]).removeprefix("Value error, ")
    return f"{where or 'The request'}: {reason}."


def _refusal(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    retry = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    return JSONResponse({"detail": detail}, status, {**(headers or {}), **retry})


async def _of_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _refusal(error.status_code, sentence_of(Exception(error.detail)), error.headers)


async def _of_input(request: Request, error: Exception) -> Response:
    return _refusal(422, sentence_of(error))


async def _of_time(request: Request, error: Exception) -> Response:
    return _refusal(408, str(error))


async def _of_load(request: Request, error: Exception) -> Response:
    return _refusal(503, str(error))


async def _of_leaving(request: Request, error: Exception) -> Response:
    # Nobody is there to be told; but it is no failure of the server, and none to be logged.
    return _refusal(400, "The request ended before it was complete. Send it again.")


async def _of_us(request: Request, error: Exception) -> Response:
    return _refusal(500, _UNEXPECTED)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    HTTPException: _of_status,
    RequestValidationError: _of_input,
    ReadingTimeoutError: _of_time,
    ReaderDiedError: _of_load,
    BusyError: _of_load,
    ClientDisconnect: _of_leaving,
    Exception: _of_us,
}
"""What answers for each kind of error."""
