"""Thick ink and thin ink in the shade are told apart."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from benchmarks.photograph import photograph
from recognizer.images import grey_of
from recognizer.images.binarization import binarized
from recognizer.images.lines import READ_SIDE_PX
from recognizer.images.paper import ink_on
from recognizer.images.ruling import without_rules
from tests import made_pictures as made
from tests.samples import alike, drawn, pen_digits, written

NUMBER = made.on_sheet(written("20475", 80, 6), (800, 600))


@pytest.mark.parametrize("edge", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("dim", [0.3, 0.5, 0.7])
@pytest.mark.parametrize("slope", [0.0, 0.3, 1.2])
def test_a_hard_shade_is_no_ink(dim: float, edge: float, slope: float) -> None:
    paper = 240 - np.asarray(NUMBER * 0.75, np.uint8)
    assert alike(binarized(made.in_shade(paper, dim, edge, slope)).ink, NUMBER) > 0.9


@pytest.mark.parametrize("side", [60, 200, 600])
@pytest.mark.parametrize("pen_share", [0.1, 0.2, 0.35])
@pytest.mark.parametrize("margin", [0.0, 0.05, 0.4])
def test_thick_ink_cut_out_tightly_is_ink(side: int, pen_share: float, margin: float) -> None:
    for digit in (0, 2, 3, 5, 7, 8):
        ink = np.pad(made.tight(digit, side, pen_share), round(margin * side))
        for picture in (made.jpeg(255 - ink), made.noisy(220 - ink * 0.7, 5)):
            assert alike(binarized(picture).ink, ink) > 0.9, digit


@pytest.mark.parametrize("contrast", [1.0, 0.3, 0.05])
def test_clean_ink_of_any_contrast_is_ink(contrast: float) -> None:
    faint = 255 - np.asarray(NUMBER * contrast, np.uint8)
    for picture in (faint, 255 - faint):
        assert alike(binarized(picture).ink, NUMBER) > 0.99


@pytest.mark.parametrize("pen", [1, 2, 4, 6])
def test_a_hair_in_a_large_picture_is_ink(pen: int) -> None:
    ink = made.on_sheet(written("2047", 60, pen), (1500, 1000))
    assert alike(binarized(255 - ink).ink, ink) > 0.99
    found = binarized(made.jpeg(255 - ink, 90)).ink
    assert (found[ink > 200] > 60).mean() > 0.95
    assert found[ink == 0].mean() < 1


def test_mild_noise_is_hardly_any_ink() -> None:
    assert (binarized(made.texture("mild noise", (1000, 700))).ink > 0).mean() < 0.05


@pytest.mark.parametrize("kind", ["noise", "mild noise", "leaves", "plasma"])
@pytest.mark.parametrize("size", [(400, 300), (1600, 1200)])
def test_where_nothing_is_written_there_is_no_ink(kind: str, size: tuple[int, int]) -> None:
    assert not ink_on(made.texture(kind, size)).any()


@pytest.mark.parametrize("thickness", [1, 3])
@pytest.mark.parametrize("grey", [90, 200])
def test_much_ruling_is_no_noise_of_the_paper(thickness: int, grey: int) -> None:
    paper = made.noisy(made.squared(NUMBER, 20, grey, thickness), 3)
    assert (binarized(paper).ink[NUMBER > 200] > 128).mean() > 0.98


def test_photos_in_uneven_light_show_their_ink_alone() -> None:
    ink = written("20475", 100, 9, margin=120)
    for seed in range(40):
        photo = photograph(ink, np.random.default_rng(seed))
        grey, _ = grey_of(photo, READ_SIDE_PX)
        share = (without_rules(binarized(grey).ink).ink > 128).sum() / (ink > 128).sum()
        assert 0.8 < share < 1.3, seed


@pytest.mark.parametrize("size", [(160, 120), (600, 140), (400, 900)])
@pytest.mark.parametrize("quality", [45, 90])
@pytest.mark.parametrize("spread", [1, 3, 6])
def test_noise_is_nothing_written(size: tuple[int, int], quality: int, spread: float) -> None:
    for seed in range(5):
        light = np.linspace(120, 170, size[0])[:, None] * np.ones(size[1])
        picture = made.jpeg(made.noisy(light, spread, seed), quality)
        assert not ink_on(picture).any()


@pytest.mark.parametrize("dim", [0.5, 0.7])
def test_a_narrow_shade_is_no_ink(dim: float) -> None:
    """It may be narrower than what is thin ink in so large a picture."""
    ink = made.on_sheet(written("20475", 60, 5), (700, 300))
    shade = np.zeros_like(ink)
    cv2.fillConvexPoly(shade, np.array([(60, 210), (560, 180), (640, 299), (120, 225)]), 1)
    paper = np.where(shade, 225 * dim, 225.0) * (1 - 0.75 * (ink / 255))
    found = ink_on(made.noisy(cv2.GaussianBlur(paper, (0, 0), 1.5), 2))
    assert (found > 128)[ink > 200].mean() > 0.95
    far = cv2.dilate(ink, np.ones((9, 9), np.uint8)) == 0
    assert (found > 128)[(shade > 0) & far].mean() < 0.03


@pytest.mark.parametrize("pen", [9, 14, 20])
@pytest.mark.parametrize("pale", [0.6, 1.0])
def test_a_thin_digit_in_28_pixels_is_no_noise(pen: float, pale: float) -> None:
    """So small, the light between its lines is not that of the paper."""
    for strokes, digit in pen_digits():
        large = np.asarray(255 - pale * drawn(strokes, 280, pen, share=0.8), np.uint8)
        picture = np.asarray(cv2.resize(large, (28, 28), interpolation=cv2.INTER_AREA), np.uint8)
        assert (ink_on(made.jpeg(picture, 85)) > 0).mean() > 0.02, digit
