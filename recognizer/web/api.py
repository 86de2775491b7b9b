"""The routes of the server, and what its OpenAPI document says of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request, Response, Security, WebSocket
from fastapi.params import Depends
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.security import HTTPBearer
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from recognizer.reading import Recognizer
from recognizer.web import examples
from recognizer.web.guard import DOCS_PATH, METRICS_PATH, READ_PATH, Guard
from recognizer.web.limits import MAX_HAND_DRAWINGS, MAX_HAND_POINTS, ServiceSettings
from recognizer.web.live import live
from recognizer.web.readers import Answer, SentDrawing, SentPicture
from recognizer.web.reading_service import ReadingService
from recognizer.web.refusals import HANDLERS, sentence_of
from recognizer.web.schemas import (
    HandLimits,
    Health,
    LabelSet,
    ReadingJson,
    RefusalJson,
    StrokesRequest,
)
from recognizer.web.telemetry import CONTENT_TYPE
from recognizer.web.uploads import picture_in

API_VERSION = "1"
"""Of the calls; it changes when what worked before no longer does."""
PAGE = Path(__file__).with_name("page")
"""What the browser gets: HTML, styles, scripts."""
_REFUSALS = {
    400: "What was sent cannot be understood.",
    401: "The token is missing or wrong.",
    403: "The page of another site asks.",
    408: "It takes too long to send, or to read.",
    413: "The request is too large.",
    421: "The server is not called by this name.",
    422: "What was sent cannot be read.",
    431: "The headers are too large.",
    503: "Too much is under way; ask again after Retry-After seconds.",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": RefusalJson, "description": reason} for status, reason in _REFUSALS.items()
}
_FEW_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: REFUSALS[status] for status in (401, 421, 431)
}
_PICTURE = {"type": "string", "format": "binary"}
_FORM = {"type": "object", "required": ["picture"], "properties": {"picture": _PICTURE}}
_PICTURE_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {"schema": _FORM},
        **{f"image/{kind}": {"schema": _PICTURE} for kind in ("png", "jpeg", "webp")},
        "application/octet-stream": {"schema": _PICTURE},
    },
}


def create_app(settings: ServiceSettings, load: Callable[[], Recognizer]) -> ASGIApp:
    """The server as an ASGI application; it starts and ends with its lifespan.

    load: gives a recognizer, in this process and in each of those that read; it can be pickled.
    """
    service = ReadingService(settings, load)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.start()
        yield
        service.close()

    app = FastAPI(
        title="Digit Sketchpad",
        version=API_VERSION,
        description=examples.INTRODUCTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        exception_handlers=HANDLERS,
        # /metrics tells what can be watched; looking for another watcher would cost each answer.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    closed = [Security(HTTPBearer(auto_error=False))] if settings.token else []
    _add_readings(app, service, closed)
    app.include_router(_about(service), dependencies=closed)
    app.add_api_route("/healthz", _health, response_model=Health, summary="Whether it works")
    app.add_api_websocket_route("/api/live", _live_of(service))
    _add_docs(app)
    _add_page(app)
    return Guard(app, service)


def _add_readings(app: FastAPI, service: ReadingService, closed: Sequence[Depends]) -> None:
    # Routes of the application itself are found faster than those of a router in it.
    @app.post(
        READ_PATH,
        response_model=ReadingJson,
        responses=REFUSALS,
        dependencies=closed,
        summary="Read a picture",
        description=examples.READ,
        openapi_extra={"requestBody": _PICTURE_BODY},
    )
    async def read(
        request: Request,
        labels: Annotated[LabelSet, Query()] = "digits",
        glyphs: Annotated[bool, Query()] = False,
    ) -> Response:
        content = await picture_in(request, service.settings.limits.picture_bytes)
        return await _answered(service.read("picture", SentPicture(content, labels, glyphs)))

    @app.post(
        "/api/strokes",
        response_model=ReadingJson,
        responses=REFUSALS,
        dependencies=closed,
        summary="Read a drawing",
        description=examples.STROKES,
    )
    async def strokes(drawing: StrokesRequest) -> Response:
        hand = drawing.hand.as_text() if drawing.hand else ""
        job = SentDrawing(
            drawing.strokes, drawing.extent, drawing.labels, hand, drawing.glyphs, drawing.parts
        )
        return await _answered(service.read("strokes", job))


async def _answered(reading: Awaitable[Answer]) -> Response:
    """A reading as it is: what it is made of need not be checked again."""
    try:
        return Response((await reading).content, media_type="application/json")
    except ValueError as error:
        raise HTTPException(422, sentence_of(error)) from None


def _about(service: ReadingService) -> APIRouter:
    router = APIRouter(responses=_FEW_REFUSALS)

    @router.get("/api/model", summary="The card of the model")
    async def model() -> Response:
        return JSONResponse(service.recognizer.card)

    @router.get("/api/labels", summary="The sets of labels that the model knows")
    async def labels() -> dict[str, list[str]]:
        return service.sets()

    @router.get("/api/hand", summary="What can be learned from the person who writes")
    async def hand() -> HandLimits:
        learns = service.recognizer.can_learn
        return HandLimits(learns=learns, drawings=MAX_HAND_DRAWINGS, points=MAX_HAND_POINTS)

    @router.get(
        METRICS_PATH,
        summary="Figures for Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def metrics() -> Response:
        return Response(service.metrics.as_text(), media_type=CONTENT_TYPE)

    return router


async def _health() -> Health:
    return Health(status="ok")


def _live_of(service: ReadingService) -> Any:
    async def answer(socket: WebSocket) -> None:
        await live(socket, service)

    return answer


def _add_page(app: FastAPI) -> None:
    """The files of the page, each a route of its own, so that the others keep their methods."""
    files_of_page = StaticFiles(directory=PAGE)
    methods = ["GET", "HEAD"]

    @app.api_route("/", methods=methods, include_in_schema=False)
    @app.api_route("/{name}", methods=methods, include_in_schema=False)
    async def page(request: Request, name: str = "index.html") -> Response:
        return await files_of_page.get_response(name, request.scope)


def _add_docs(app: FastAPI) -> None:
    """Swagger's page, from this server alone."""

    @app.get(DOCS_PATH, include_in_schema=False)
    async def docs() -> Response:
        return HTMLResponse(examples.DOCS_PAGE)

    @app.get(f"{DOCS_PATH}/start.js", include_in_schema=False)
    async def start() -> Response:
        return Response(examples.DOCS_SCRIPT, media_type="text/javascript")

    swagger = str(files("fastapi_swagger") / "resources")
    app.mount(DOCS_PATH, StaticFiles(directory=swagger), "swagger")
