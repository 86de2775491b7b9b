"""A request's picture: the whole body, or the file of a form. It is in memory, never on disk."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.datastructures import Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

MAX_FORM_FIELDS = 10
"""Beside its file, a form may have so many fields; none of them is looked at."""
_NO_FILE = "The form has no file. Send the picture as the field “picture”."


class MemoryFormParser(MultiPartParser):
    """Reads a form of one file, which stays in memory whatever its size."""

    def __init__(
        self, headers: Headers, stream: AsyncGenerator[bytes, None], max_bytes: int
    ) -> None:
        super().__init__(headers, stream, max_files=1, max_fields=MAX_FORM_FIELDS)
        self.spool_max_size = max_bytes


async def picture_in(request: Request, max_bytes: int) -> bytes:
    """The bytes of the picture that a request carries. Raises HTTPException if it carries none."""
    if not request.headers.get("content-type", "").lower().startswith("multipart/"):
        return await request.body()
    try:
        async with aclosing(request.stream()) as stream:
            form = await MemoryFormParser(request.headers, stream, max_bytes).parse()
    except MultiPartException as error:
        raise HTTPException(422, f"The form is damaged: {error.message}") from None
    files = [value for value in form.values() if isinstance(value, UploadFile)]
    if not files:
        raise HTTPException(422, _NO_FILE)
    try:
        return await files[0].read()
    finally:
        await form.close()
