"""The HTTP API: what it answers, and what it refuses with a sentence."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from recognizer.reading import Recognizer
from recognizer.web.limits import MAX_POINTS, MAX_STROKES
from tests.samples import number, pen_digits, recognizer
from tests.web.served import SEVEN, client_of, picture


def of_strokes(client: TestClient, strokes: Any = SEVEN, **more: Any) -> Any:
    return client.post("/api/strokes", json={"strokes": strokes, **more})


def as_lists(drawing: Any) -> list[list[list[float]]]:
    return [stroke.tolist() for stroke in drawing]


def test_drawings_are_read_as_the_package_reads_them(client: TestClient) -> None:
    for drawing, digit in pen_digits()[::5]:
        found = of_strokes(client, as_lists(drawing), extent=[500, 500]).json()
        assert found.pop("labels") == list("0123456789")
        assert found == recognizer().read_strokes(drawing).as_json()
        assert found["text"] == str(digit)


def test_a_number_has_a_box_for_each_digit(client: TestClient) -> None:
    drawing = as_lists(line for digit in number([2, 0, 4, 7]) for line in digit)
    found = of_strokes(client, drawing, extent=[1000, 300]).json()
    assert (found["text"], found["lines"]) == ("2047", ["2047"])
    lefts = [digit["box"][0] for digit in found["digits"]]
    assert lefts == sorted(lefts)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_a_picture_is_read_however_it_is_sent(client: TestClient, kind: str) -> None:
    content = picture(7, kind)
    expected = recognizer().read_image(io.BytesIO(content)).as_json()
    form = client.post("/api/read", files={"picture": ("../../etc/passwd", content)})
    raw = client.post("/api/read", content=content)
    assert form.json() == raw.json() == {"labels": list("0123456789"), **expected}
    assert form.json()["text"] == "7"


def test_what_the_network_saw_is_told_if_asked_for(client: TestClient) -> None:
    assert "glyph" not in of_strokes(client).json()["digits"][0]
    for answer in (
        of_strokes(client, glyphs=True),
        client.post("/api/read?glyphs=true", content=picture()),
    ):
        assert len(answer.json()["digits"][0]["glyph"]) == 4 * -(-784 // 3)


def test_other_labels_are_answered(client: TestClient) -> None:
    found = of_strokes(client, labels="17").json()
    assert (found["labels"], found["text"]) == (["1", "7"], "7")
    assert len(found["digits"][0]["probabilities"]) == 2
    assert of_strokes(client, labels="sums").json()["value"] == 7


def test_an_empty_drawing_is_read_as_nothing(client: TestClient) -> None:
    found = of_strokes(client, []).json()
    assert (found["text"], found["digits"], found["sure"]) == ("", [], False)


def test_it_tells_of_its_model_and_its_labels(client: TestClient) -> None:
    assert client.get("/api/model").json() == recognizer().card
    assert client.get("/api/labels").json()["digits"] == list("0123456789")
    assert client.get("/healthz").json() == {"status": "ok"}


def test_figures_tell_of_requests_and_nothing_of_what_was_read() -> None:
    with client_of() as client:
        read = [client.post("/api/read", content=picture(digit)).json() for digit in (2, 7)]
        of_strokes(client)
        of_strokes(client, "wrong")
        text = client.get("/metrics").text
    for told, sure in (("yes", True), ("no", False)):
        count = sum(each["sure"] is sure for each in read)
        line = f'digits_readings_total{{source="picture",sure="{told}"}} {count}.0'
        assert (line in text) is (count > 0)
    assert 'digits_readings_total{source="strokes",sure="yes"} 1.0' in text
    assert 'digits_requests_total{route="/api/strokes",status="422"} 1.0' in text
    assert 'digits_request_seconds_count{route="/api/read"} 2.0' in text
    assert "digits_under_way 0.0" in text


def test_documents_come_from_this_server_alone(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "http" not in page.replace("http-equiv", "")
    for name in ("swagger-ui.css", "swagger-ui-bundle.js", "start.js"):
        assert f"/docs/{name}" in page
        assert client.get(f"/docs/{name}").status_code == 200
    schema = client.get("/openapi.json").json()
    assert {"/api/read", "/api/strokes", "/api/model", "/healthz", "/metrics"} <= set(
        schema["paths"]
    )
    for path in ("/api/read", "/api/strokes"):
        told = schema["paths"][path]["post"]["description"]
        assert all(f"```{language}" in told for language in ("bash", "python", "js"))


DRAWINGS_REFUSED: list[tuple[Any, str]] = [
    ({"strokes": 3}, "strokes"),
    ({"strokes": [[[1]]]}, "strokes 0 0"),
    ({"strokes": [[]]}, "strokes 0"),
    ({"strokes": [[["1", 2]]]}, "strokes 0 0 0"),
    ({"strokes": [[[1e12, 2]]]}, "strokes 0 0 0"),
    ({"strokes": [[[1, 2]]] * (MAX_STROKES + 1)}, str(MAX_STROKES)),
    ({"strokes": [[[1, 2]] * (MAX_POINTS // 2 + 1)] * 2}, str(MAX_POINTS)),
    ({"strokes": [], "extent": [0, 1]}, "extent 0"),
    ({"strokes": [], "labels": "§§§"}, "knows '0123456789"),
    ({"strokes": [], "labels": "77"}, "two labels"),
    ({"strokes": [], "wrong": 1}, "wrong"),
    ([], "request"),
]


@pytest.mark.parametrize(("body", "named"), DRAWINGS_REFUSED)
def test_a_drawing_that_is_none_is_refused(client: TestClient, body: Any, named: str) -> None:
    refused(client.post("/api/strokes", json=body), 422, named)


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b'{"strokes": [[[NaN, 1]]]}'])
def test_json_that_is_none_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/strokes", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"detail"}


def bomb() -> bytes:
    """A PNG of some kilobytes that says it has 10,000 megapixels."""
    chunks = [b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)]
    chunks.append(b"IDAT" + zlib.compress(bytes(1_000_000)))
    framed = (struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def tiny() -> bytes:
    file = io.BytesIO()
    Image.new("L", (4, 4)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "is empty"),
        (b"hello", "no picture of a known kind"),
        (b"%PDF-1.7", "no picture of a known kind"),
        (picture()[:100], "damaged"),
        (bomb(), "too many pixels"),
        (tiny(), "too small"),
    ],
    ids=["empty", "text", "PDF", "truncated", "bomb", "tiny"],
)
def test_a_picture_that_is_none_is_refused(client: TestClient, content: bytes, named: str) -> None:
    refused(client.post("/api/read", content=content), 422, named)
    if content:
        refused(client.post("/api/read", files={"picture": content}), 422, named)


def test_a_form_without_a_file_is_refused(client: TestClient) -> None:
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    refused(client.post("/api/read", content=b"nothing", headers=form), 422, "form")
    end = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
    refused(client.post("/api/read", content=end, headers=form), 422, "no file")
    without = {"Content-Type": "multipart/form-data"}
    refused(client.post("/api/read", content=end, headers=without), 422, "boundary")
    two = {"a": picture(), "b": picture()}
    refused(client.post("/api/read", files=two), 422, "files")


def refused(answer: Any, status: int, named: str) -> None:
    """The answer is a sentence with this status, which names what is wrong, and no path."""
    assert answer.status_code == status, answer.text
    (detail,) = answer.json().values()
    assert named in detail
    assert detail.endswith(".")
    assert "\n" not in detail
    assert "Traceback" not in detail
    assert "/" not in detail.replace("+−×·÷/", "")


def test_what_is_too_large_is_refused() -> None:
    with client_of(picture_bytes=2000, drawing_bytes=1000) as client:
        for answer in (
            client.post("/api/read", content=bytes(2001)),
            client.post("/api/read", files={"picture": bytes(2000)}),
            client.post("/api/strokes", content=b" " * 1001),
            client.post("/api/strokes", content=iter([b" " * 600] * 2)),
        ):
            refused(answer, 413, "larger than")


def test_what_takes_too_long_to_come_is_refused() -> None:
    with client_of(upload_seconds=0) as client:
        refused(client.post("/api/read", content=picture()), 408, "Send it again")


def test_a_full_queue_says_when_to_ask_again() -> None:
    bounds: list[dict[str, Any]] = [{"requests": 0}, {"request_bytes": 10}]
    for full in bounds:
        with client_of(**full) as client:
            for answer in (of_strokes(client), client.post("/api/read", content=picture())):
                refused(answer, 503, "Ask again")
                assert int(answer.headers["Retry-After"]) > 0
            assert client.get("/healthz").status_code == 200


class Failing(Recognizer):
    """Cannot read, and fails at it."""

    def read_strokes(self, *_: Any) -> Any:
        raise KeyError("secret in /home")

    def read_image(self, *_: Any) -> Any:
        raise KeyError("secret in /home")


def test_an_error_of_ours_shows_nothing_of_us() -> None:
    with client_of(load=Failing) as client:
        for answer in (of_strokes(client), client.post("/api/read", content=picture())):
            assert answer.status_code == 500
            assert "secret" not in answer.text
            assert "home" not in answer.text
            assert set(answer.json()) == {"detail"}


def test_unknown_routes_and_methods_are_refused(client: TestClient) -> None:
    refused(client.get("/nothing"), 404, "Not Found")
    refused(client.get("/api/nothing"), 404, "Not Found")
    refused(client.get("/../api.py"), 404, "Not Found")
    refused(client.get("/%2e%2e%2fapi.py"), 404, "Not Found")
    refused(client.get("/api/strokes"), 405, "Method")
    refused(client.delete("/healthz"), 405, "Method")
    refused(client.post("/"), 405, "Method")
