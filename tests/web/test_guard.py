"""Who may ask: the token, the names of the server, other sites; and the headers of all answers."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from recognizer.web.guard import is_called_so
from recognizer.web.limits import ServiceSettings
from tests.web.served import SEVEN, client_of
from tests.web.test_api import refused

CLOSED = [
    ("GET", "/api/model"), ("GET", "/api/labels"), ("GET", "/metrics"),
    ("POST", "/api/read"), ("POST", "/api/strokes"), ("GET", "/api/nothing"),
]  # fmt: skip

WRONG: list[dict[str, Any]] = [
    {},
    {"Authorization": "Bearer wrong"},
    {"Authorization": "Basic right"},
    {"Authorization": "right"},
    {"Authorization": "Bearer é".encode()},
]


def test_with_a_token_every_call_needs_it() -> None:
    with client_of(token="right") as client:
        for method, path in CLOSED:
            for headers in WRONG:
                answer = client.request(method, path, headers=headers)
                assert answer.status_code == 401, path
                assert answer.headers["WWW-Authenticate"] == "Bearer"
                assert "token" in answer.json()["detail"]
        right = {"Authorization": "Bearer right"}
        assert client.get("/api/model", headers=right).status_code == 200
        answer = client.post("/api/strokes", json={"strokes": SEVEN}, headers=right)
        assert answer.json()["text"] == "7"


@pytest.mark.parametrize("path", ["/", "/main.js", "/healthz", "/docs", "/openapi.json"])
def test_the_page_and_its_health_need_no_token(path: str) -> None:
    with client_of(token="right") as client:
        assert client.get(path).status_code == 200


def test_the_document_tells_of_the_token() -> None:
    with client_of(token="right") as client:
        schema = client.get("/openapi.json").json()
        assert schema["paths"]["/api/strokes"]["post"]["security"] == [{"HTTPBearer": []}]


def called(host: str, address: str, *allowed: str) -> bool:
    settings = ServiceSettings(allowed_hosts=frozenset(allowed))
    return is_called_so(host, {"server": (address, 8000)}, settings)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost:8000", "127.0.0.1"),
        ("LOCALHOST", "::1"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "::1"),
        ("192.168.1.5:8000", "192.168.1.5"),
        ("192.168.1.5:8000", "::ffff:192.168.1.5"),
    ],
)
def test_it_is_called_by_the_address_that_was_asked(host: str, address: str) -> None:
    assert called(host, address)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "localhost", "", "[", "192.168.1.6", "a@b"]
)
def test_it_is_called_by_no_other_name_unless_allowed(host: str) -> None:
    assert not called(host, "192.168.1.5")
    if host.startswith("evil"):
        assert called(host, "192.168.1.5", "evil.example")


def test_another_name_is_refused(client: TestClient) -> None:
    refused(client.get("/", headers={"Host": "evil.example"}), 421, "--allowed-host")
    refused(client.get("/healthz", headers={"Host": "evil.example"}), 421, "--allowed-host")


def test_other_sites_cannot_ask(client: TestClient) -> None:
    drawing = {"strokes": SEVEN}
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        answer = client.post("/api/strokes", json=drawing, headers={"Origin": origin})
        refused(answer, 403, "Other sites")
    own = client.post("/api/strokes", json=drawing, headers={"Origin": "http://testserver"})
    assert own.status_code == 200
    assert not [name for name in own.headers if name.startswith("access-control")]
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/api/strokes", headers=asked).status_code == 405


def test_long_headers_are_refused(client: TestClient) -> None:
    refused(client.get("/healthz", headers={"X-Long": "x" * 20_000}), 431, "headers")


@pytest.mark.parametrize("path", ["/", "/docs", "/api/model", "/nothing"])
def test_answers_carry_the_usual_headers(client: TestClient, path: str) -> None:
    headers: Any = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert ("unsafe" in policy) == (path == "/docs")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == ("no-store" if path.startswith("/api") else "no-cache")
