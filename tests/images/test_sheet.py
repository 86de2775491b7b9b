"""A sheet of paper on a table is found, and nothing else is taken for one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.images.paper import ink_on
from recognizer.images.sheet import sheet_of
from tests import made_pictures as made
from tests.samples import drawn, pen_digits, written

SHEET = 255 - made.on_sheet(written("20475", 80, 6), (800, 600))


@pytest.mark.parametrize("table", [0, 20, 60, 110])
@pytest.mark.parametrize("turn", [0, 5, -15])
def test_the_table_is_cut_away(table: int, turn: float) -> None:
    picture = made.on_table(SHEET, table, turn=turn)
    sheet = sheet_of(picture)
    assert sheet is not None
    assert sheet.paper.sum() == pytest.approx(SHEET.size, rel=0.1)
    part = sheet.cut(picture)
    assert part.shape == sheet.paper.shape
    # Of the table nothing is left, and of the number all.
    assert (part[sheet.paper == 0] > 200).all()
    assert (part < 100).sum() == pytest.approx((SHEET < 118).sum(), rel=0.05)


def test_a_written_sheet_may_nearly_fill_the_picture() -> None:
    sheet = sheet_of(made.on_table(SHEET, turn=3, margin=25))
    assert sheet is not None
    assert sheet.paper.sum() == pytest.approx(SHEET.size, rel=0.1)


@pytest.mark.parametrize("turn", [0, 8])
def test_a_sheet_may_leave_the_picture(turn: float) -> None:
    picture = made.on_table(SHEET, turn=turn)[: -SHEET.shape[0] // 2, 200:]
    sheet = sheet_of(np.ascontiguousarray(picture))
    assert sheet is not None
    assert sheet.top > 80


@pytest.mark.parametrize(
    "picture",
    [
        SHEET,
        255 - SHEET,
        made.in_shade(SHEET, 0.4),
        made.in_shade(SHEET, 0.3, 0.2),
        np.full((300, 400), 255, np.uint8),
        255 - made.frame(np.zeros((600, 900), np.uint8), (0, 0, 899, 599), 4),
        255 - made.of_bars("5", 200, 8),
    ],
)
def test_what_fills_the_picture_is_no_sheet(picture: made.Picture) -> None:
    assert sheet_of(picture) is None


@pytest.mark.parametrize("pen", [0.1, 0.25, 0.4])
def test_light_ink_is_no_sheet(pen: float) -> None:
    for strokes, _ in pen_digits():
        assert sheet_of(drawn(strokes, 200, 200 * pen, share=0.9)) is None


def torn(sheet: made.Picture, table: int, deep: float, seed: int) -> made.Picture:
    """A sheet with torn edges on a table."""
    rng = np.random.default_rng(seed)
    height, width = sheet.shape

    def edge(count: int) -> NDArray[np.float64]:
        way = np.cumsum(rng.normal(size=count))
        return np.asarray(deep * (way - way.min()) / np.ptp(way))

    y, x = np.mgrid[:height, :width]
    inside = (y >= edge(width)) & (y < height - edge(width))
    inside &= (x >= edge(height)[:, None]) & (x < width - edge(height)[:, None])
    return np.pad(np.where(inside, sheet, np.uint8(table)), 80, constant_values=table)


@pytest.mark.parametrize("deep", [30, 80])
@pytest.mark.parametrize("seed", range(4))
def test_a_torn_sheet_is_found_and_the_table_in_its_edge_is_no_ink(deep: float, seed: int) -> None:
    pages = written("20475\n19866", 70, 6, margin=110)
    picture = torn(255 - pages // 2, 30, deep, seed)
    sheet = sheet_of(picture)
    assert sheet is not None
    ink = ink_on(picture)[80:-80, 80:-80]
    assert (ink > 128)[pages > 200].mean() > 0.95
    assert (ink > 128)[pages == 0].mean() < 0.002


def test_a_light_digit_that_is_written_on_is_no_sheet() -> None:
    """It has fewer holes."""
    ink = written("8", 300, 60, margin=90)
    assert sheet_of(ink) is None
