"""A sheet of paper on a table is found, and nothing else is taken for one."""

from __future__ import annotations

import numpy as np
import pytest

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
