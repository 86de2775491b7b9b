"""Where touching digits may be cut apart, and the segments between the cuts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from recognizer import glyph
from recognizer.images.lines import FRINGE_GREY, Component, components
from recognizer.segmentation.cuts import Cut, cuts, ink_of, segments
from tests.samples import written

TEXTS = ["2047", "123", "68", "905"]


def touching(text: str) -> tuple[Component, list[Cut]]:
    """The widest connected ink of touching digits, and its cuts."""
    ink = written(text, gap=0.0)
    pen = glyph.pen_width(ink)
    whole = max(components(ink, pen), key=lambda part: part.box.width)
    return whole, cuts(whole.ink, pen)


@pytest.mark.parametrize("text", TEXTS)
def test_cuts_go_from_the_top_to_the_bottom_in_their_order(text: str) -> None:
    whole, found = touching(text)
    height, width = whole.ink.shape
    assert found
    for cut in found:
        assert cut.path.shape == (height,)
        assert cut.path.min() >= 0
        assert cut.path.max() < width
        assert np.abs(np.diff(cut.path)).max() <= 1
        dark = whole.ink[np.arange(height), cut.path] / 255
        assert cut.length == pytest.approx(dark.sum(), abs=1e-3)
        assert cut.price >= cut.length
    for left, right in pairwise(found):
        assert (left.path <= right.path).all()


@pytest.mark.parametrize("text", TEXTS)
def test_segments_hold_all_ink_once(text: str) -> None:
    whole, found = touching(text)
    parts = segments(whole, found)
    assert len(parts) > 1
    assert parts[0].begin is None
    assert parts[-1].end is None
    assert all(left.end is right.begin for left, right in pairwise(parts))
    assert all(whole.box.holds(part.box) for part in parts)
    seen = np.zeros(whole.ink.shape, np.intp)
    for part in parts:
        component = ink_of([part], 0.0)
        assert component.box == whole.box
        seen += component.ink > FRINGE_GREY
    assert np.array_equal(seen, whole.ink > FRINGE_GREY)


def test_segments_side_by_side_are_the_ink_they_come_from() -> None:
    whole, found = touching("2047")
    parts = segments(whole, found)
    assert np.array_equal(ink_of(parts, 0.0).ink, whole.ink)
    narrow, wide = ink_of(parts[:1], 0.0).ink, ink_of(parts[:1], 6.0).ink
    assert (narrow <= wide).all()
    assert narrow.sum() < wide.sum() < whole.ink.sum()


def test_ink_without_a_valley_is_one_segment() -> None:
    whole = Component(np.full((40, 6), 255, np.uint8), 3, 5)
    (part,) = segments(whole, cuts(whole.ink, 6.0))
    assert part.box == whole.box
    assert part.begin is part.end is None
