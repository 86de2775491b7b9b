"""Pictures of any kind: formats, transparency, colour, sixteen bits, sizes, and every bad input."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer import images
from recognizer.glyph import normalize
from recognizer.images import PictureError
from tests.samples import alike, drawn, ink_of, likeness, pen_digits, save_photo

FIVE = pen_digits()[11][0]


@pytest.mark.parametrize(
    ("paper", "ink"),
    [
        ((255, 255, 255), (0, 0, 200)),
        ((250, 240, 120), (30, 60, 200)),
        ((60, 160, 60), (220, 80, 80)),
        ((20, 20, 60), (250, 220, 0)),
    ],
)
def test_coloured_ink_on_coloured_paper(
    paper: tuple[int, int, int], ink: tuple[int, int, int]
) -> None:
    truth = drawn(FIVE, 200, 6)
    share = truth[..., None] / 255
    picture = np.asarray(np.array(paper) * (1 - share) + np.array(ink) * share, dtype=np.uint8)
    assert alike(ink_of(picture), truth) > 0.99


@pytest.mark.parametrize("grey", [0, 128, 255])
@pytest.mark.parametrize("pen", [2, 6, 30])
def test_ink_on_nothing(grey: int, pen: int) -> None:
    truth = drawn(FIVE, 200, pen)
    colour = np.full((200, 200, 3), grey, dtype=np.uint8)
    found = ink_of(np.dstack([colour, truth]))
    assert alike(found, truth) > 0.99


def test_a_card_with_transparent_corners() -> None:
    truth = drawn(FIVE, 200, 6)
    y, x = np.mgrid[:200, :200] - 99.5
    alpha = np.where(np.hypot(x, y) < 125, 255, 0).astype(np.uint8)
    for card in (255 - truth, truth):
        assert alike(ink_of(np.dstack([card, card, card, alpha])), truth) > 0.99


def save(path: Path, picture: Image.Image) -> Path:
    picture.save(path)
    return path


TRUTH = drawn(FIVE, 96, 7)


GREY = Image.fromarray(255 - TRUTH)


def palette() -> Image.Image:
    picture = GREY.quantize(8)
    picture.info["transparency"] = 0
    return picture


PICTURES: dict[str, tuple[str, Callable[[], Image.Image]]] = {
    "grey PNG": ("a.png", lambda: GREY),
    "RGB PNG": ("a.png", lambda: GREY.convert("RGB")),
    "RGBA PNG": ("a.png", lambda: GREY.convert("RGBA")),
    "LA PNG": ("a.png", lambda: GREY.convert("LA")),
    "palette PNG": ("a.png", lambda: GREY.quantize(16)),
    "1-bit PNG": ("a.png", lambda: GREY.convert("1", dither=Image.Dither.NONE)),
    "16-bit PNG": ("a.png", lambda: Image.fromarray((255 - TRUTH).astype(np.uint16) * 257)),
    "JPEG": ("a.jpg", lambda: GREY),
    "CMYK JPEG": ("a.jpg", lambda: GREY.convert("CMYK")),
    "BMP": ("a.bmp", lambda: GREY.convert("RGB")),
    "GIF": ("a.gif", lambda: GREY),
    "WebP": ("a.webp", lambda: GREY.convert("RGB")),
    "TIFF": ("a.tif", lambda: GREY),
    "CMYK TIFF": ("a.tif", lambda: GREY.convert("CMYK")),
    "16-bit TIFF": ("a.tif", lambda: Image.fromarray((255 - TRUTH).astype(np.uint16) * 257)),
    "10-bit TIFF": ("a.tif", lambda: Image.fromarray((255 - TRUTH).astype(np.uint16) * 4)),
    "12-bit TIFF": ("a.tif", lambda: Image.fromarray((255 - TRUTH).astype(np.uint16) * 16)),
    "14-bit PNG": ("a.png", lambda: Image.fromarray((255 - TRUTH).astype(np.uint16) * 64)),
    "float TIFF": ("a.tif", lambda: Image.fromarray((255 - TRUTH).astype(np.float32) / 255)),
    "float TIFF 0..255": ("a.tif", lambda: Image.fromarray((255 - TRUTH).astype(np.float32))),
    "32-bit TIFF": ("a.tif", lambda: Image.fromarray((255 - TRUTH).astype(np.int32))),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    name, make = PICTURES[kind]
    path = save(tmp_path / name, make())
    for given in (path, str(path)):
        ink = ink_of(given)
        assert ink.shape == TRUTH.shape
        assert ink.dtype == np.uint8
        assert alike(ink, TRUTH) > 0.97


def test_a_transparent_colour_of_a_palette(tmp_path: Path) -> None:
    picture = Image.fromarray(np.where(TRUTH > 127, 1, 0).astype(np.uint8), mode=None).convert("P")
    picture.putpalette([255, 255, 255, 255, 255, 255])
    path = tmp_path / "p.png"
    picture.save(path, transparency=0)
    assert alike(ink_of(path), TRUTH) > 0.9


def test_an_animation_shows_its_first_frame(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    GREY.save(path, save_all=True, append_images=[Image.new("L", GREY.size, 255)])
    assert alike(ink_of(path), TRUTH) > 0.97


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_photo_is_turned_as_the_camera_was_held(turned: int, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    save_photo(path, GREY, turned, quality=95)
    assert alike(ink_of(path), TRUTH) > 0.97


def test_large_pictures_come_out_smaller_and_read_the_same(tmp_path: Path) -> None:
    truth = drawn(FIVE, 2600, 90)
    path = save(tmp_path / "large.png", Image.fromarray(255 - truth))
    for picture in (path, truth):
        ink = ink_of(picture)
        assert max(ink.shape) <= images.CLASSIFIED_SIDE_PX
        assert likeness(normalize(ink), normalize(truth)) > 0.97


def test_a_ribbon_keeps_its_few_pixels_across() -> None:
    ribbon = np.zeros((8, 60_000), dtype=np.uint8)
    ribbon[2:6, 100:59_000] = 255
    ink = ink_of(ribbon)
    assert ink.shape[0] == 8
    assert ink.any()


def test_the_smallest_picture() -> None:
    seven = np.zeros((8, 8), dtype=np.uint8)
    seven[1, 1:7] = seven[1:8, 6] = 255
    assert np.array_equal(ink_of(seven), seven)
    assert np.array_equal(ink_of(255 - seven), seven)


def png_header(width: int, height: int) -> bytes:
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(1000))
    chunks = (
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (head, data)
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def bytes_of(kind: str) -> bytes:
    file = io.BytesIO()
    GREY.convert("RGB").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"hello", "no picture of a known kind"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no picture of a known kind"),
        (png_header(100_000, 100_000), "100000 × 100000|too many pixels"),
        (png_header(2**31 - 1, 2**31 - 1), "too many pixels"),
        (png_header(6400, 6400), "6400 × 6400 pixels.*40 megapixels"),
        (png_header(7, 900), "too small.*8 × 8"),
        (png_header(500, 500), "is damaged"),
    ],
)
def test_wrong_files_are_refused_by_name(data: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.png"
    path.write_bytes(data)
    with pytest.raises(PictureError, match=words) as error:
        ink_of(path)
    assert str(error.value).startswith(str(path))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF"])
def test_truncated_files_are_refused_by_name(kind: str, tmp_path: Path) -> None:
    data = bytes_of(kind)
    path = tmp_path / "cut"
    for share in (0.02, 0.3, 0.6, 0.8):
        path.write_bytes(data[: int(share * len(data))])
        with pytest.raises(PictureError, match=r"damaged|known kind") as error:
            ink_of(path)
        assert str(path) in str(error.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="No such file"):
        ink_of(tmp_path / "missing.png")
    with pytest.raises(PictureError, match="is no file"):
        ink_of(tmp_path)
    with pytest.raises(PictureError, match="null"):
        ink_of("a\0b.png")


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (None, "NoneType"),
        (b"bytes", "bytes"),
        ([[1, 2], [3, 4]], "list"),
        (np.zeros((28,)), "shape"),
        (np.zeros((28, 28, 2)), "shape"),
        (np.zeros((1, 28, 28, 3)), "shape"),
        (np.zeros((7, 28)), "too small"),
        (np.zeros((0, 0)), "too small"),
        (np.zeros((28, 28), dtype=np.int64), "uint8, uint16, bool or float"),
        (np.zeros((28, 28), dtype=complex), "uint8, uint16, bool or float"),
        (np.full((28, 28), "a"), "uint8, uint16, bool or float"),
        (np.full((28, 28), np.nan), "between 0 and 1"),
        (np.full((28, 28), np.inf), "between 0 and 1"),
        (np.full((28, 28), 255.0), "between 0 and 1"),
        (np.broadcast_to(np.uint8(0), (6400, 6400)), "too large"),
    ],
    ids=lambda value: None if isinstance(value, str) else type(value).__name__,
)
def test_other_arrays_are_refused_by_name(image: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ink_of(image)


def test_arrays_are_left_as_they_were() -> None:
    picture = 255 - TRUTH
    before = picture.copy()
    ink_of(picture)
    assert np.array_equal(picture, before)
