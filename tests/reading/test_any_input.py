"""Whatever comes in, the answer is a Prediction or a ValueError that names the trouble."""

from __future__ import annotations

import functools
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from recognizer import Prediction, Reading, Recognizer, ink
from recognizer.images import PictureError
from recognizer.reading import MAX_STROKES_READ
from recognizer.strokes import Stroke
from tests.samples import drawn, pen_digits, recognizer

calm = settings(
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def check(prediction: Prediction) -> None:
    assert prediction.probabilities.shape == (10,)
    assert prediction.probabilities.dtype == np.float32
    assert np.isfinite(prediction.probabilities).all()
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-4)
    assert 0 <= prediction.confidence <= 1 + 1e-6
    assert prediction.digit is None or 0 <= prediction.digit <= 9
    assert (prediction.digit is None) == (not prediction.glyph.any())


ordinary = st.floats(-1e9, 1e9) | st.integers(-500, 1000).map(float)


point = st.tuples(ordinary, ordinary)


stroke = st.lists(point, max_size=20) | st.builds(lambda p, n: [p] * n, point, st.integers(1, 5))


@given(drawing=st.lists(stroke, max_size=5), extent=st.tuples(*[st.floats(1e-3, 1e9)] * 2))
@calm
def test_any_strokes_give_a_prediction(drawing: list[Any], extent: tuple[float, float]) -> None:
    prediction = recognizer().classify_strokes(drawing, extent)
    check(prediction)
    assert (prediction.digit is None) == (not any(drawing))
    reading = recognizer().read_strokes(drawing, extent)
    check_reading(reading)
    assert bool(reading.digits) == any(drawing)


@given(place=st.floats(-1e4, 1e4), scale=st.floats(1e-3, 9e4), number=st.integers(0, 19))
@calm
def test_a_drawing_far_outside_the_canvas_is_read_the_same(
    place: float, scale: float, number: int
) -> None:
    drawing, digit = pen_digits()[number]
    away = [line * scale + place * scale for line in drawing]
    prediction = recognizer().classify_strokes(away, (500 * scale, 500 * scale))
    assert prediction.digit == digit


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner),
    max_leaves=15,
)


@given(drawing=anything, extent=st.just((500, 500)) | anything)
@calm
def test_anything_instead_of_strokes_is_read_or_refused(drawing: Any, extent: Any) -> None:
    for read in (recognizer().classify_strokes, recognizer().read_strokes):
        try:
            check_answer(read(drawing, extent))
        except ValueError as error:
            assert "stroke" in str(error) or "extent" in str(error)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf"), 1e300])
@pytest.mark.parametrize("axis", [0, 1])
def test_one_bad_point_is_named(bad: float, axis: int) -> None:
    drawing = [line.copy() for line in pen_digits()[11][0]]
    drawing[1][3, axis] = bad
    with pytest.raises(ValueError, match="stroke 1 has a point"):
        recognizer().classify_strokes(drawing)


shapes = st.tuples(st.integers(1, 60), st.integers(1, 60)) | st.tuples(
    st.integers(1, 40), st.integers(1, 40), st.integers(1, 5)
)


dtypes = st.sampled_from([np.uint8, np.uint16, np.bool_, np.float32, np.float64, np.int32])


@given(picture=dtypes.flatmap(lambda dtype: arrays.arrays(dtype, shapes)))
@calm
def test_any_array_is_read_or_refused(picture: Any) -> None:
    _read_or_refused(picture, "array")


@given(
    seed=st.integers(0, 2**32 - 1),
    side=st.integers(8, 90),
    low=st.integers(0, 255),
    spread=st.floats(0, 150),
    channels=st.sampled_from([0, 3, 4]),
)
@calm
def test_any_noise_is_read(seed: int, side: int, low: int, spread: float, channels: int) -> None:
    shape = (side, 98 - side, channels) if channels else (side, 98 - side)
    noise = np.random.default_rng(seed).normal(low, spread, shape)
    picture = np.clip(noise, 0, 255).astype(np.uint8)
    check(recognizer().classify_image(picture))
    check_reading(recognizer().read_image(picture))


def check_reading(reading: Reading) -> None:
    for each in reading.digits:
        check(each)
        assert each.label and each.box and min(each.box.size) >= 0
    assert "".join(each.label or "" for each in reading.digits) == "".join(reading.text.split())
    assert 0 <= reading.confidence <= 1 + 1e-6
    assert not reading.sure or all(each.sure for each in reading.digits)
    json.dumps(reading.as_json(), allow_nan=False)


def check_answer(found: Prediction | Reading) -> None:
    if isinstance(found, Reading):
        check_reading(found)
    else:
        check(found)


def _read_or_refused(picture: Any, name: str) -> None:
    """One character or a whole reading, or the same trouble in both."""
    troubles = []
    for read in (recognizer().classify_image, recognizer().read_image):
        try:
            check_answer(read(picture))
        except ValueError as error:
            troubles.append(str(error))
    assert len(troubles) in (0, 2)
    for trouble in troubles:
        assert name in trouble and "\n" not in trouble


@functools.cache
def picture_file(kind: str) -> bytes:
    file = io.BytesIO()
    picture = drawn(pen_digits()[4][0], 48, 4)
    Image.fromarray(255 - picture).convert("RGB").save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF"])
@given(
    cut=st.just(1.0) | st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6),
)
@calm
def test_damaged_pictures_are_read_or_refused(
    kind: str,
    tmp_path_factory: pytest.TempPathFactory,
    cut: float,
    flips: list[tuple[float, int]],
) -> None:
    data = bytearray(picture_file(kind))
    for place, byte in flips:
        # Headers matter most.
        data[int(place**3 * len(data))] = byte
    path = tmp_path_factory.getbasetemp() / f"damaged.{kind.lower()}"
    path.write_bytes(data[: int(cut * len(data))])
    _read_or_refused(path, str(path))


@given(data=st.binary(max_size=300))
@calm
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    for read in (recognizer().classify_image, recognizer().read_image):
        with pytest.raises(PictureError):
            read(Path(path))


HUGE = 10**400
STROKE = np.array([(150.0, 120.0), (350.0, 120.0), (220.0, 400.0)])


@pytest.mark.parametrize(
    "drawing",
    [
        [[(HUGE, 1), (2, 3)]],
        [[(-HUGE, 1)]],
        [[(Fraction(HUGE), 1)]],
        [[("1", "2"), ("3", "4")]],
        [np.ones((3, 2), complex)],
        [np.ones((3, 2), bool)],
        [np.ones((3, 2), "M8[D]")],
        [Stroke(STROKE, "5")],  # type: ignore[arg-type]
        [Stroke(STROKE, [1])],  # type: ignore[arg-type]
        [Stroke(STROKE, HUGE)],
        [Stroke(STROKE, 10**5000)],
        [Stroke(STROKE, True)],
        [Stroke(None)],  # type: ignore[arg-type]
        5,
        None,
    ],
    ids=lambda _: "",
)
def test_wrong_drawings_are_named(drawing: Any) -> None:
    for read in (recognizer().classify_strokes, recognizer().read_strokes):
        with pytest.raises(ValueError, match="stroke") as error:
            read(drawing)
        assert "\n" not in str(error.value) and len(str(error.value)) < 300


@pytest.mark.parametrize(
    "extent",
    [(HUGE, HUGE), (1e-320, 1e-320), "55", ("5", "5"), (True, True), 5, None, np.ones((2, 2))],
    ids=lambda _: "",
)
def test_wrong_extents_are_named(extent: Any) -> None:
    for read in (recognizer().classify_strokes, recognizer().read_strokes):
        with pytest.raises(ValueError, match="extent must be") as error:
            read([STROKE], extent)
        assert "\n" not in str(error.value) and len(str(error.value)) < 300


@pytest.mark.parametrize("small", [1e-320, 5e-324, 1e-200])
def test_the_smallest_numbers_are_a_dot(small: float) -> None:
    drawing = [[(small, 0.0), (0.0, small), (small, small)]]
    for extent in ((500, 500), (1e-9, 1e-9)):
        check(recognizer().classify_strokes(drawing, extent))
        assert len(recognizer().read_strokes(drawing, extent).digits) == 1


def test_wrong_types_elsewhere_are_named() -> None:
    for labels in (5, ["1", "2"], b"12", HUGE, "0ä" * 100_000):
        with pytest.raises(ValueError, match=r"labels=.{,400}$"):
            Recognizer(labels=labels)  # type: ignore[arg-type]
    for path in (5, b"saved_model", ["a"]):
        with pytest.raises(ValueError, match="must be a path"):
            Recognizer(path)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="cache must be"):
        recognizer().read_strokes([STROKE], cache=5)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="must be a path"):
            recognizer().load_hand(path)  # type: ignore[arg-type]
    for hand in (5, None, "x"):
        with pytest.raises(ValueError, match="a hand must be a LearnedHand"):
            recognizer().reading_by(hand)  # type: ignore[arg-type]
    for label in (HUGE, "77", None):
        with pytest.raises(ValueError, match="cannot be learned") as error:
            Recognizer().learn([STROKE], label)  # type: ignore[arg-type]
        assert len(str(error.value)) < 300
    for glyphs in ([[1], [1, 2]], None, "x", [[[HUGE] * 28] * 28]):
        with pytest.raises(ValueError, match="glyphs"):
            recognizer().predict_proba(glyphs)


def test_more_strokes_than_pages_hold_are_refused() -> None:
    dots = [[(20.0 * (n % 100), 20.0 * (n // 100))] for n in range(MAX_STROKES_READ + 1)]
    with pytest.raises(ValueError, match="there are 2001 strokes, and 2000 can be read"):
        recognizer().read_strokes(dots)


def test_an_endless_scribble_is_drawn_with_few_points(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_points = []
    draw = ink._draw_lines

    def counted(planes: ink.Planes, lines: list[Any], reaches: list[float]) -> None:
        drawn_points.append(sum(map(len, lines)))
        draw(planes, lines, reaches)

    monkeypatch.setattr(ink, "_draw_lines", counted)
    zigzag = np.array([(500.0 * (n % 2), float(n % 500)) for n in range(100_000)])
    check(recognizer().classify_strokes([zigzag]))
    assert max(drawn_points) < 20_000
