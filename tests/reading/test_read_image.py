"""Numbers in pictures: drawings, paint programs, photos, every format and every bad input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image

from benchmarks.photograph import photograph
from recognizer.images import PictureError
from recognizer.ink import render
from recognizer.strokes import Stroke
from tests.samples import checked, recognizer, save_photo, written


def text_of(image: Any) -> str:
    return checked(recognizer().read_image(image)).text


@pytest.mark.parametrize("text", ["0", "7", "10", "2047", "31415926", "1177"])
@pytest.mark.parametrize("flip", [False, True])
def test_numbers_of_any_length(text: str, flip: bool) -> None:
    ink = written(text)
    assert text_of(ink if flip else 255 - ink) == text


@pytest.mark.parametrize(("height", "pen"), [(20, 1), (30, 2), (60, 3), (200, 25), (900, 60)])
def test_any_size_and_pen(height: float, pen: float) -> None:
    assert text_of(255 - written("2047", height, pen, margin=int(height))) == "2047"


@pytest.mark.parametrize("at", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_one_digit_in_a_corner(at: tuple[int, int]) -> None:
    five = written("5", 40, 4, margin=4)
    sheet = np.zeros((700, 900), dtype=np.uint8)
    room = (sheet.shape[0] - five.shape[0], sheet.shape[1] - five.shape[1])
    down, right = room[0] * at[0], room[1] * at[1]
    sheet[down : down + five.shape[0], right : right + five.shape[1]] = five
    (digit,) = recognizer().read_image(255 - sheet).digits
    assert digit.digit == 5
    assert digit.box is not None
    assert digit.box[:2] == pytest.approx((right + 2, down + 2), abs=2)


def test_boxes_are_where_the_digits_are() -> None:
    ink = written("2047")
    columns = np.flatnonzero(ink.max(axis=0) > 127)
    starts = columns[np.flatnonzero(np.diff(columns, prepend=-9) > 1)]
    for scale in (1, 3):
        large = ink.repeat(scale, axis=0).repeat(scale, axis=1)
        boxes = [digit.box for digit in recognizer().read_image(255 - large).digits]
        for box, start in zip(boxes, starts, strict=True):
            assert box is not None
            assert box[0] == pytest.approx(start * scale, abs=2 * scale)
            assert box[1] == pytest.approx(28 * scale, abs=3 * scale)
            assert box[3] == pytest.approx(65 * scale, abs=5 * scale)


def test_photos_are_read() -> None:
    right = 0
    for seed in range(12):
        photo = photograph(written("20473", 100, 9, margin=120), np.random.default_rng(seed))
        right += text_of(photo) == "20473"
    assert right >= 11


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_blank_picture_has_no_digits(value: int) -> None:
    for shape in ((28, 28), (300, 400), (300, 400, 3), (300, 400, 4)):
        reading = recognizer().read_image(np.full(shape, value, dtype=np.uint8))
        assert (reading.text, reading.digits) == ("", ())
        assert (reading.confidence, reading.sure) == (0, False)
    noise = np.random.default_rng(0).normal(value, 3, (300, 400))
    assert text_of(np.clip(noise, 0, 255).astype(np.uint8)) == ""


def test_a_scribble_is_not_sure() -> None:
    rng = np.random.default_rng(3)
    points = np.cumsum(rng.normal(0, 40, (40, 2)), axis=0)
    line = Stroke(points - points.min(axis=0) + 20, 6)
    size = np.ceil(line.points.max(axis=0) + 20).astype(int)
    reading = recognizer().read_image(255 - render([line], (int(size[0]), int(size[1]))))
    assert not reading.sure


NUMBER = Image.fromarray(255 - written("2047"))


TRANSPARENT = Image.merge("LA", (Image.new("L", NUMBER.size), Image.fromarray(written("2047"))))


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.gif", "a.webp", "a.tif"])
def test_every_format(name: str, tmp_path: Path) -> None:
    NUMBER.convert("RGB").save(tmp_path / name)
    assert text_of(tmp_path / name) == "2047"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_of_png(mode: str, tmp_path: Path) -> None:
    NUMBER.convert(mode).save(tmp_path / "a.png")
    assert text_of(str(tmp_path / "a.png")) == "2047"


def test_ink_on_nothing(tmp_path: Path) -> None:
    TRANSPARENT.save(tmp_path / "a.png")
    assert text_of(tmp_path / "a.png") == "2047"


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_photo_is_turned_as_the_camera_was_held(turned: int, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    large = NUMBER.resize((NUMBER.width * 12, NUMBER.height * 12))
    save_photo(path, large, turned, quality=90)
    reading = recognizer().read_image(path)
    assert reading.text == "2047"
    first, last = reading.digits[0].box, reading.digits[-1].box
    assert first is not None
    assert last is not None
    # In pixels of the upright picture, though it was made smaller to be read.
    assert first[0] == pytest.approx(12 * 28, abs=40)
    assert last[0] + last[2] == pytest.approx(large.width - 12 * 28, abs=40)


def test_a_picture_of_one_pixel_is_refused(tmp_path: Path) -> None:
    Image.new("L", (1, 1)).save(tmp_path / "one.png")
    with pytest.raises(PictureError, match=r"one\.png is too small, 1 × 1"):
        recognizer().read_image(tmp_path / "one.png")


def test_a_picture_of_forty_megapixels() -> None:
    sheet = np.full((5000, 8000), 255, dtype=np.uint8)
    number = 255 - written("2047", 400, 30, margin=100)
    sheet[1000 : 1000 + number.shape[0], 3000 : 3000 + number.shape[1]] = number
    reading = recognizer().read_image(sheet)
    assert reading.text == "2047"
    assert reading.digits[0].box is not None
    assert reading.digits[0].box[0] == pytest.approx(3085, abs=12)
    with pytest.raises(ValueError, match="40 megapixels"):
        recognizer().read_image(np.broadcast_to(np.uint8(0), (5000, 8001)))


calm = settings(
    deadline=None,
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(
    image=arrays.arrays(
        np.uint8,
        st.tuples(st.integers(1, 70), st.integers(1, 70))
        | st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(1, 5)),
        fill=st.integers(0, 255),
    )
)
@calm
def test_any_array_is_read_or_refused(image: NDArray[np.uint8]) -> None:
    try:
        checked(recognizer().read_image(image))
    except ValueError as error:
        assert str(image.shape) in str(error)


@given(seed=st.integers(0, 2**32), components=st.integers(1, 60), large=st.booleans())
@calm
def test_any_components_are_read(seed: int, components: int, large: bool) -> None:
    rng = np.random.default_rng(seed)
    sheet = np.full((420, 500) if large else (90, 120), 255, dtype=np.uint8)
    for _ in range(components):
        top, left = rng.integers(0, sheet.shape)
        down, right = rng.integers(1, 60, 2) if rng.random() < 0.5 else rng.integers(1, 9, 2)
        sheet[top : top + down, left : left + right] = rng.integers(0, 256)
    checked(recognizer().read_image(sheet))


@pytest.mark.parametrize("image", [None, 3, [[1, 2]], b"png"])
def test_what_is_no_picture_is_refused(image: object) -> None:
    with pytest.raises(ValueError, match="a picture must be a path or an array"):
        recognizer().read_image(image)
