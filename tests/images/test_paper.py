"""Paper, ink and dirt are told apart."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from recognizer.glyph import normalize
from recognizer.images.paper import ink_on, without_dirt
from recognizer.ink import Ink
from tests import made_pictures as made
from tests.samples import alike, drawn, ink_of, likeness, mnist, pen_digits, written

GLYPHS, _ = mnist()


# One of them has a dot beside the digit, which is dirt.
DRAWINGS = [drawing for number, (drawing, _) in enumerate(pen_digits()) if number != 13]


FIVE = DRAWINGS[11]


def noisy(grey: NDArray[np.uint8], spread: float) -> NDArray[np.uint8]:
    noise = np.random.default_rng(5).normal(0, spread, grey.shape)
    return np.asarray(np.clip(grey + noise, 0, 255), dtype=np.uint8)


def jpeg(grey: NDArray[np.uint8], quality: int) -> NDArray[np.uint8]:
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


@pytest.mark.parametrize("kind", ["white on black", "black on white", "float", "RGB", "uint16"])
def test_mnist_comes_through_unchanged(kind: str) -> None:
    for glyph in GLYPHS:
        pictures: dict[str, NDArray[np.generic]] = {
            "white on black": glyph,
            "black on white": 255 - glyph,
            "float": glyph / 255,
            "RGB": np.dstack([glyph] * 3),
            "uint16": glyph.astype(np.uint16) * 257,
        }
        assert np.array_equal(ink_of(pictures[kind]), glyph)


@pytest.mark.parametrize(
    ("side", "pen"),
    # A pen of more than a sixth of the picture leaves nothing legible.
    [(side, pen) for side in (28, 120, 560) for pen in (1, 3, 9, 25) if pen <= side / 6],
)
def test_clean_pictures_change_only_their_polarity(side: int, pen: int) -> None:
    for drawing in DRAWINGS:
        truth = drawn(drawing, side, pen, at=(0.9, 0.2))
        assert np.array_equal(ink_of(truth), truth)
        assert np.array_equal(ink_of(255 - truth), truth)


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("pen", [1, 2, 3])
def test_a_pencil_of_a_paint_program_in_28_pixels(pen: int, flip: bool) -> None:
    for drawing in DRAWINGS:
        truth = np.where(drawn(drawing, 28, pen, 0.9) > 127, 255, 0).astype(np.uint8)
        assert np.array_equal(ink_of(255 - truth if flip else truth), truth)


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("share", [0.1, 0.25, 0.4])
def test_ink_at_the_border_and_ink_over_half_the_picture(share: float, flip: bool) -> None:
    for drawing in DRAWINGS:
        ink = drawn(drawing, 200, 200 * share, share=1.0)
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        for truth in (ink, tight):
            if truth.min() > 0:
                continue  # a thick 1, cut out, is a picture of one colour
            picture = 255 - truth if flip else truth
            assert np.array_equal(ink_of(picture), truth)
            if truth.mean() < 200:
                assert alike(ink_of(jpeg(picture, 70)), truth) > 0.9


@pytest.mark.parametrize(
    ("name", "worsen"),
    [
        ("noise", lambda g: noisy(g // 255 * 200 + 20, 12)),
        ("white noise", lambda g: noisy(g, 20)),
        ("JPEG", lambda g: jpeg(g, 40)),
        ("low contrast", lambda g: noisy(np.asarray(150 + g * 0.1, dtype=np.uint8), 1.5)),
        ("grey paper", lambda g: np.asarray(90 + g * 0.4, dtype=np.uint8)),
        ("gradient", lambda g: np.asarray(g * np.linspace(1, 0.5, 300), dtype=np.uint8)),
        (
            "shadow",
            lambda g: noisy(
                np.asarray(g * (1 - 0.4 / (1 + np.exp(-np.arange(-150, 150) / 15))), np.uint8), 3
            ),
        ),
    ],
)
def test_paper_is_cleaned(name: str, worsen: Callable[[Ink], Ink]) -> None:
    for drawing in DRAWINGS:
        truth = drawn(drawing, 300, 8)
        found = ink_of(worsen(255 - truth))
        if found.shape == truth.shape:
            assert alike(found, truth) > 0.85, name
        assert likeness(normalize(found), normalize(truth)) > 0.85, name
        far = ~ndimage.binary_dilation(truth > 0, iterations=9)
        if found.shape == truth.shape:
            assert found[far].max() < 64, name


@pytest.mark.parametrize("value", [0, 7, 128, 255])
def test_a_blank_picture_has_no_ink(value: int) -> None:
    blank = np.full((90, 120), value, dtype=np.uint8)
    assert not ink_of(blank).any()
    for colour in (np.dstack([blank] * 3), np.dstack([blank] * 4)):
        assert not ink_of(colour).any()
    assert not ink_of(noisy(blank, 2)).any()
    assert not ink_of(jpeg(noisy(blank, 3), 60)).any()


def test_dust_is_left_out_and_broken_strokes_are_kept() -> None:
    truth = drawn(FIVE, 300, 8)
    dusty = truth.copy()
    dusty[5:8, 290:293] = 255
    dusty[280:282, 10:13] = 200
    assert np.array_equal(ink_of(dusty), truth)
    broken = truth.copy()
    broken[::60] = broken[1::60] = broken[2::60] = 0
    assert np.array_equal(ink_of(broken), broken)


def test_pale_pieces_of_rules_are_no_ink() -> None:
    number = made.on_sheet(written("20475", 60, 5), (500, 300))
    pieces = [[(x, y), (x, y + 30.0)] for x, y in ((30.0, 20.0), (470.0, 120.0), (250.0, 250.0))]
    pale = made.of_lines(pieces, (500, 300), 2) // 2
    ink = without_dirt(np.maximum(number, pale))
    assert (ink[number > 0] == number[number > 0]).all()
    assert (ink[pale > 0] == 0).all()
    # A number that is pale as a whole is one.
    assert (without_dirt(number // 2) == number // 2).mean() > 0.999


@pytest.mark.parametrize("grey", [120, 150])
@pytest.mark.parametrize("pale", [60, None])
def test_a_grey_pen_is_whole_in_a_black_table(grey: int, pale: int | None) -> None:
    """By one threshold for both, only the darkest of the pen is ink."""
    ink = made.on_sheet(written("20475", 24, 1.6), (300, 160))
    table = made.frame(np.zeros_like(ink), (20, 20, 280, 140), 1)
    if pale is not None:
        table = np.maximum(
            table, made.line(np.zeros_like(ink), (20, 110), (280, 110)) // 255 * pale
        )
    pen = np.asarray(ink * (grey / 255), np.uint8)
    picture = made.noisy(255 - np.maximum(pen, table), 2)
    assert alike(ink_on(picture), ink) > 0.9


@pytest.mark.parametrize("pens", [2, 4])
@pytest.mark.parametrize(("height", "pen"), [(24, 1.6), (40, 2.5), (60, 5)])
def test_a_thin_pen_is_seen_in_a_thick_frame(height: int, pen: float, pens: int) -> None:
    wide, high = size = 12 * height, 7 * height
    ink = made.on_sheet(written("20475", height, pen), size)
    whole = made.frame(ink, (20, 20, wide - 20, high - 20), round(pens * pen))
    assert alike(ink_on(255 - whole), ink) > 0.98
    assert alike(ink_on(made.noisy(230 - whole / 255 * 150, 2)), ink) > 0.9
