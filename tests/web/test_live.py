"""A drawing under way, over the WebSocket."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from recognizer.web import live
from recognizer.web.limits import MAX_STROKES
from tests.samples import number, recognizer
from tests.web.served import SEVEN, client_of


@contextlib.contextmanager
def drawing(client: TestClient, **headers: str) -> Iterator[Any]:
    with client.websocket_connect("/api/live", headers=headers) as socket:
        yield socket


def answer(socket: Any, **message: Any) -> Any:
    socket.send_text(json.dumps({"extent": [1000, 300], **message}))
    return socket.receive_json()


def test_every_change_is_answered_with_the_whole_reading(client: TestClient) -> None:
    lines = [line.round(1).tolist() for digit in number([2, 0, 4, 7]) for line in digit]
    with drawing(client) as socket:
        for count, line in enumerate(lines):
            half = answer(socket, keep=count, strokes=[line[: len(line) // 2]])
            assert half["digits"]
            found = answer(socket, keep=count, strokes=[line])
            found.pop("labels")
            expected = recognizer().read_strokes(lines[: count + 1], (1000, 300))
            assert found == expected.as_json()
        assert found["text"] == "2047"
        undone = answer(socket, keep=len(lines) - 1, strokes=[])
        assert undone["text"] == recognizer().read_strokes(lines[:-1], (1000, 300)).text
        assert answer(socket, keep=0, strokes=[])["text"] == ""


def test_labels_may_change_on_the_way(client: TestClient) -> None:
    with drawing(client) as socket:
        assert len(answer(socket, strokes=SEVEN)["digits"][0]["probabilities"]) == 10
        found = answer(socket, keep=1, strokes=[], labels="17")
        assert len(found["digits"][0]["probabilities"]) == 2
        assert found["text"] == "7"


def test_a_wrong_message_is_told_and_the_drawing_goes_on(client: TestClient) -> None:
    with drawing(client) as socket:
        answer(socket, strokes=SEVEN)
        assert "strokes" in answer(socket, strokes=[[["a", 1]]])["detail"]
        assert "knows" in answer(socket, keep=1, strokes=[], labels="§§§")["detail"]
        assert "JSON" in answer_to_text(socket, "{")["detail"]
        many = answer(socket, keep=1, strokes=[[[1, 1]]] * MAX_STROKES)
        assert str(MAX_STROKES) in many["detail"]
        assert answer(socket, keep=1, strokes=[])["text"] == "7"


def answer_to_text(socket: Any, text: str) -> Any:
    socket.send_text(text)
    return socket.receive_json()


def test_the_first_message_has_the_token() -> None:
    with client_of(token="right") as client:
        with drawing(client) as socket:
            assert answer(socket, strokes=SEVEN, token="right")["text"] == "7"
            assert answer(socket, keep=1, strokes=[])["text"] == "7"
        for token in ("wrong", None):
            with drawing(client) as socket, pytest.raises(WebSocketDisconnect) as closed:
                answer(socket, strokes=SEVEN, token=token)
            assert closed.value.code == live.WRONG_TOKEN
        with drawing(client) as socket, pytest.raises(WebSocketDisconnect):
            answer_to_text(socket, "{")


def test_other_sites_cannot_draw(client: TestClient) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        with pytest.raises(WebSocketDisconnect), drawing(client, **headers):
            pass
    with drawing(client, Origin="http://testserver") as socket:
        assert answer(socket, strokes=SEVEN)["text"] == "7"


def test_there_are_only_so_many_drawings() -> None:
    with client_of(sockets=1) as client:
        with drawing(client) as one:
            answer(one, strokes=SEVEN)
            with drawing(client) as other, pytest.raises(WebSocketDisconnect) as closed:
                other.receive_json()
            assert closed.value.code == live.TRY_AGAIN_LATER
        with drawing(client) as one:
            assert answer(one, strokes=SEVEN)["text"] == "7"


def test_a_drawing_that_is_left_alone_is_closed() -> None:
    with client_of(message_seconds=0.05) as client, drawing(client) as socket:
        answer(socket, strokes=SEVEN)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == live.GOING_AWAY
