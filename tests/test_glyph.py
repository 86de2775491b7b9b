import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from recognizer.glyph import FIT_PX, SIZE_PX, already, normalize
from recognizer.ink import Ink, render
from recognizer.strokes import Stroke
from tests.samples import drawn, likeness, mnist, pen_digits

GLYPHS, _ = mnist()


def test_an_mnist_digit_is_its_own_glyph() -> None:
    for glyph in GLYPHS:
        assert np.array_equal(normalize(glyph), glyph)


def test_a_picture_that_is_a_glyph_already_is_known() -> None:
    for glyph in GLYPHS:
        for grey in (glyph, 255 - glyph):
            found = already(grey)
            assert found is not None
            assert np.array_equal(found, glyph)


def test_other_pictures_are_no_glyphs_yet() -> None:
    small = drawn(pen_digits()[4][0], 28, 2, share=0.4, at=(0, 0))
    for grey in (small, 255 - small, GLYPHS[0][:27], np.pad(GLYPHS[0], 1)):
        assert already(grey) is None


@pytest.mark.parametrize("pads", [((0, 0), (0, 0)), ((40, 3), (0, 17)), ((0, 900), (500, 0))])
def test_place_and_size_of_the_canvas_do_not_matter(
    pads: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    for glyph in GLYPHS[:20]:
        rows, columns = np.flatnonzero(glyph.any(axis=1)), np.flatnonzero(glyph.any(axis=0))
        crop = glyph[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        assert np.array_equal(normalize(np.pad(crop, pads)), glyph)


@pytest.mark.parametrize("scale", [2, 3, 7])
def test_a_digit_of_whole_multiples_comes_back_as_it_was(scale: int) -> None:
    for glyph in GLYPHS:
        large = np.kron(glyph, np.ones((scale, scale), dtype=np.uint8))
        back = normalize(np.pad(large, ((11, 5), (3, 60))))
        assert likeness(back, glyph) > 0.995


@pytest.mark.parametrize("side", [45, 101, 280, 1000])
def test_a_digit_of_another_size_comes_back_nearly_as_it_was(side: int) -> None:
    alike = []
    for glyph in GLYPHS:
        resized = Image.fromarray(glyph).resize((side, side), Image.Resampling.BICUBIC)
        alike.append(likeness(normalize(np.asarray(resized)), glyph))
    # Resampling twice blurs, and the crop leaves out the faintest greys.
    assert np.mean(alike) > 0.96
    assert min(alike) > 0.88


def test_drawings_fit_into_the_box_with_their_mass_in_the_middle() -> None:
    for drawing, _ in pen_digits():
        glyph = normalize(drawn(drawing, 300, 20, at=(0.1, 0.9)))
        rows, columns = np.flatnonzero(glyph.any(axis=1)), np.flatnonzero(glyph.any(axis=0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == FIT_PX
        middle = np.array(ndimage.center_of_mass(glyph.astype(float))) + 0.5
        assert np.abs(middle - 14.5).max() <= 1.5


@pytest.mark.parametrize("pen", [1, 2, 6, 15, 40])
def test_thin_pens_do_not_fade(pen: int) -> None:
    for drawing, _ in pen_digits():
        glyph = normalize(drawn(drawing, 560, pen))
        assert glyph.max() >= 250
        bright = np.count_nonzero(glyph > 127)
        assert bright >= 20
        # Nothing falls apart that was one.
        strokes = len(drawing)
        assert ndimage.label(glyph > 40, np.ones((3, 3)))[1] <= strokes


def test_a_blank_picture_makes_a_blank_glyph() -> None:
    for shape in ((1, 1), (28, 28), (300, 7)):
        blank = normalize(np.zeros(shape, dtype=np.uint8))
        assert blank.shape == (SIZE_PX, SIZE_PX)
        assert not blank.any()


def full() -> Ink:
    return np.full((500, 500), 255, dtype=np.uint8)


def point() -> Ink:
    ink = np.zeros((300, 400), dtype=np.uint8)
    ink[200, 399] = 90
    return ink


def line(across: int, down: int) -> Ink:
    stroke = Stroke(np.array([[0.0, 0.0], [across, down]]), 1.0)
    return render([stroke], (across + 1, down + 1))


@pytest.mark.parametrize(
    "ink",
    [full(), point(), line(600, 0), line(0, 600), line(600, 600), line(19, 0), line(3, 900)],
    ids=["full", "point", "level", "upright", "slanting", "short", "steep"],
)
def test_odd_ink_makes_a_glyph_with_full_ink(ink: Ink) -> None:
    glyph = normalize(ink)
    assert glyph.shape == (SIZE_PX, SIZE_PX)
    assert glyph.dtype == np.uint8
    assert glyph.max() >= 250


def test_an_upright_line_stays_one() -> None:
    glyph = normalize(line(0, 600))
    rows, columns = np.nonzero(glyph > 127)
    assert np.ptp(rows) + 1 == FIT_PX
    assert np.ptp(columns) + 1 <= 4


def test_the_input_is_left_as_it_was() -> None:
    ink: NDArray[np.uint8] = drawn(pen_digits()[4][0], 200, 3)
    before = ink.copy()
    normalize(ink)
    assert np.array_equal(ink, before)
