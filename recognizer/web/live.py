"""A drawing under way, over a WebSocket: every change is answered with the whole reading."""

from __future__ import annotations

import asyncio
import json
import time

from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from recognizer.model.hand_file import HandError
from recognizer.strokes import Cache, Stroke, as_strokes
from recognizer.web.guard import is_token
from recognizer.web.limits import MAX_POINTS, MAX_STROKES
from recognizer.web.reading_service import BusyError, ReadingService
from recognizer.web.refusals import sentence_of
from recognizer.web.schemas import LiveMessage

TOKEN_SECONDS = 10.0
"""The first message, which has the token, must come so soon."""
WRONG_TOKEN, TRY_AGAIN_LATER, GOING_AWAY = 4401, 1013, 1001
"""Why a socket is closed; the first is our own, the others are of RFC 6455 and its registry."""


class LiveDrawing:
    """The strokes of one socket, which are forgotten with it."""

    def __init__(self, service: ReadingService) -> None:
        self._service = service
        self._strokes: tuple[Stroke, ...] = ()
        self._cache, self._labels, self._hand = Cache(), "", ""

    async def answer(self, message: LiveMessage) -> str:
        """The JSON of what is read after a change, or of why it is not."""
        strokes = (*self._strokes[: message.keep], *as_strokes(message.strokes))
        if len(strokes) > MAX_STROKES or sum(len(each.points) for each in strokes) > MAX_POINTS:
            return _refusal(f"A drawing has at most {MAX_STROKES} strokes. Clear some of it.")
        if message.labels != self._labels:
            self._cache, self._labels = Cache(), message.labels
        self._strokes = strokes
        if message.hand is not None:
            self._hand = message.hand.as_text()
        try:
            answer = await self._service.read_live(
                strokes, message.extent, message.labels, self._cache, hand=self._hand,
                glyphs=message.glyphs, drawing=strokes if message.parts else None,
            )  # fmt: skip
        except HandError as error:
            self._hand = ""
            return _refusal(sentence_of(error))
        except (ValueError, BusyError) as error:
            return _refusal(sentence_of(error))
        return answer.content.decode()


def _refusal(detail: str) -> str:
    return json.dumps({"detail": detail})


async def live(socket: WebSocket, service: ReadingService) -> None:
    """Answer the messages of a socket, one after the other, until it is closed."""
    await socket.accept()
    gauge, limits = service.metrics.sockets, service.settings.limits
    if service.sockets >= limits.sockets:
        await socket.close(TRY_AGAIN_LATER, "There are too many live drawings. Try again later.")
        return
    service.sockets += 1
    gauge.set(service.sockets)
    try:
        await _answer_all(socket, service)
    except WebSocketDisconnect:
        pass
    except TimeoutError:
        await socket.close(GOING_AWAY, "Nothing was drawn for long.")
    finally:
        service.sockets -= 1
        gauge.set(service.sockets)


async def _answer_all(socket: WebSocket, service: ReadingService) -> None:
    drawing, admitted, patience = LiveDrawing(service), False, TOKEN_SECONDS
    while True:
        async with asyncio.timeout(patience):
            text = await socket.receive_text()
        began = time.perf_counter()
        try:
            message = LiveMessage.model_validate_json(text)
        except ValidationError as error:
            message, refusal = None, sentence_of(error)
        if not admitted and not is_token((message and message.token) or "", service.settings):
            await socket.close(WRONG_TOKEN, "This server needs its token.")
            return
        admitted, patience = True, service.settings.limits.message_seconds
        await socket.send_text(
            _refusal(refusal) if message is None else await drawing.answer(message)
        )
        service.metrics.live_seconds.observe(time.perf_counter() - began)
