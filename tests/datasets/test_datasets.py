"""Reading the data sets, and what is said when they are missing or wrong."""

import gzip
import hashlib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from recognizer.datasets import DataError, download, mnist, pendigits
from recognizer.datasets.mnist import load_mnist
from recognizer.datasets.pendigits import load_pen, load_pen_test, parse_unipen, split_writers
from recognizer.files import cache_folder

UNIPEN = """.INCLUDE dene.doc

.SEGMENT DIGIT 0 ? "8"
.COMMENT 8 12 224
.PEN_DOWN
 267 333
 260  330
.PEN_UP
.DT 110
.PEN_DOWN
 10 500
.PEN_UP
.SEGMENT DIGIT 1 ? "7"
.COMMENT 7 5 225
.PEN_DOWN
 0 0
 500 500
.PEN_UP
"""


def test_a_drawing_has_its_strokes_with_y_downwards() -> None:
    first, second = parse_unipen(UNIPEN)
    assert (first.label, first.writer, len(first.strokes)) == ("8", 12, 2)
    np.testing.assert_array_equal(first.strokes[0].points, [[267, 167], [260, 170]])
    np.testing.assert_array_equal(first.strokes[1].points, [[10, 0]])
    assert (second.label, second.writer, len(second.strokes)) == ("7", 5, 1)


def test_no_writer_is_learned_from_and_chosen_on() -> None:
    train, validation = split_writers(parse_unipen(UNIPEN))
    assert [drawing.writer for drawing in train] == [12]
    assert [drawing.writer for drawing in validation] == [5]


def test_a_wrong_line_is_named() -> None:
    with pytest.raises(DataError, match=r"line 6 .*267 x"):
        parse_unipen(UNIPEN.replace("267 333", "267 x"))


def test_a_label_that_is_no_digit_is_named() -> None:
    with pytest.raises(DataError, match=r"line 3 .*x"):
        parse_unipen(UNIPEN.replace('"8"', '"x"'))


def test_another_file_of_pen_strokes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pendigits-orig.tra.gz").write_bytes(gzip.compress(UNIPEN.encode()))
    with pytest.raises(DataError, match="another hash"):
        load_pen(tmp_path)


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pendigits-orig.tra.gz").write_bytes(gzip.compress(UNIPEN.encode())[:-20])
    with pytest.raises(DataError, match="damaged"):
        load_pen(tmp_path)


def test_the_test_writers_are_read_from_where_they_are(tmp_path: Path) -> None:
    assert load_pen_test(tmp_path) is None
    (tmp_path / "pendigits-orig.tes").write_text(UNIPEN)
    drawings = load_pen_test(tmp_path)
    assert drawings is not None
    assert [drawing.label for drawing in drawings] == ["8", "7"]


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_a_damaged_mnist_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mnist.npz").write_bytes(content)
    with pytest.raises(DataError, match=r"mnist\.npz is damaged"):
        load_mnist(tmp_path)


def test_other_arrays_are_refused(tmp_path: Path) -> None:
    blank = np.zeros((3, 28, 28), np.uint8)
    np.savez(tmp_path / "mnist.npz", x_train=blank, y_train=blank, x_test=blank, y_test=blank)
    with pytest.raises(DataError, match="x_train has another hash"):
        load_mnist(tmp_path)


def test_without_network_the_error_says_which_file_to_put_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("DIGITS_DATA", raising=False)
    monkeypatch.setattr(mnist, "MNIST_URL", "http://127.0.0.1:9/mnist.npz")
    monkeypatch.setattr(pendigits, "PEN_URL", "http://127.0.0.1:9/pendigits-orig.tra.Z")
    with pytest.raises(DataError, match=r"Put mnist\.npz from .* into .*--data-dir"):
        load_mnist(None)
    with pytest.raises(DataError, match=r"Put pendigits-orig\.tra\.Z from .* into "):
        load_pen(None)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server whose file `made.bin` holds b"made"; the cache is in `cache`."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    (tmp_path / "made.bin").write_bytes(b"made")
    handler = partial(QuietHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/made.bin"
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep silent."""


def test_a_download_is_kept_in_the_cache(served: str) -> None:
    path = download("made.bin", served, hashlib.sha256(b"made").hexdigest())
    assert path == cache_folder() / "made.bin"
    assert path.read_bytes() == b"made"


def test_a_download_with_another_hash_is_refused_and_not_kept(served: str) -> None:
    with pytest.raises(DataError, match=r"made\.bin is in no data folder.*--data-dir DIR"):
        download("made.bin", served, hashlib.sha256(b"other").hexdigest())
    assert not (cache_folder() / "made.bin").exists()


def test_a_data_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no data folder .*nowhere"):
        load_mnist(tmp_path / "nowhere")


def test_the_environment_names_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    (tmp_path / "mnist.npz").write_bytes(b"found")
    with pytest.raises(DataError, match=str(tmp_path / "mnist.npz")):
        load_mnist(None)
