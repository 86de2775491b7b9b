"""The command `serve`: what it prints, what it bears, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.request import Request, urlopen

import pytest

from recognizer.cli import main
from tests.web.served import SEVEN, Served, picture, serving

DRAWING = json.dumps({"strokes": SEVEN}).encode()
MANY = 100


def ask(served: Served, path: str, body: bytes | None = None, token: str = "") -> tuple[int, bytes]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = Request(f"http://127.0.0.1:{served.port}{path}", body, headers)
    with urlopen(request, timeout=120) as answer:
        return answer.status, answer.read()


def reads_seven(served: Served) -> bool:
    return bool(json.loads(ask(served, "/api/strokes", DRAWING)[1])["text"] == "7")


def test_it_tells_its_address_and_reads(served: Served) -> None:
    assert served.told.startswith("Open http://127.0.0.1:")
    assert "token" not in served.told
    assert reads_seven(served)


def test_many_at_once_are_answered(served: Served) -> None:
    calls = [("/api/strokes", DRAWING), ("/api/read", picture())] * (MANY // 2)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda call: ask(served, *call), calls))
    assert {(status, json.loads(body)["text"]) for status, body in found} == {(200, "7")}


def test_those_who_go_away_in_the_middle_do_no_harm(served: Served) -> None:
    head = b"POST /api/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
    for sent in (b"", b"GET", head, head + picture()[:50], b"\x00\xff\r\n\r\n"):
        with served.connection() as connection:
            connection.sendall(sent)
    assert reads_seven(served)
    assert b'status="500"' not in ask(served, "/metrics")[1]


def test_a_head_without_an_end_is_cut_off(served: Served) -> None:
    with served.connection() as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        with pytest.raises(ConnectionError):
            for _ in range(6):
                connection.sendall(b"X-Long: " + b"x" * 60_000 + b"\r\n")
            if connection.recv(1) == b"":
                raise ConnectionResetError
    assert reads_seven(served)


def test_beyond_this_machine_it_makes_a_token_and_shows_a_code() -> None:
    with serving("--host", "0.0.0.0") as server:
        token = server.address.partition("#token=")[2]
        assert len(token) >= 16
        assert ask(server, "/healthz")[0] == 200
        assert ask(server, "/api/labels", token=token)[0] == 200
        with pytest.raises(OSError, match="401"):
            ask(server, "/api/labels")
        assert server.process.stdout is not None
        assert server.process.stdout.readline().strip("\n")


@pytest.mark.parametrize(("option", "token"), [("--open", ""), ("--token", "mine")])
def test_the_token_can_be_chosen_or_left_out(option: str, token: str) -> None:
    with serving("--host", "0.0.0.0", *filter(None, (option, token))) as server:
        assert server.address.partition("#token=")[2] == token
        assert ask(server, "/api/labels", token=token)[0] == 200


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_what_has_begun_is_finished_at_the_end() -> None:
    with serving() as server, server.connection() as connection:
        content = picture()
        head = "POST /api/read HTTP/1.1\r\nHost: localhost\r\n"
        head += f"Content-Length: {len(content)}\r\n\r\n"
        connection.sendall(head.encode() + content[:10])
        assert ask(server, "/healthz")[0] == 200
        os.kill(server.process.pid, signal.SIGTERM)
        connection.sendall(content[10:])
        answer = b""
        while part := connection.recv(65536):
            answer += part
        assert answer.startswith(b"HTTP/1.1 200")
        assert b'"text":"7"' in answer
        assert server.process.wait(60) == 0


def test_a_port_that_is_taken_gets_a_sentence(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", str(served.port)]) == 2
    error = capsys.readouterr().err
    assert "--port" in error
    assert len(error.splitlines()) == 1


def test_without_its_packages_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "recognizer.web.serving", None)
    assert main(["serve"]) == 2
    assert "requirements-web.txt" in capsys.readouterr().err
