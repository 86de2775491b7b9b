"""Which ink is whose: parts of one character together, touching ones cut between them."""

import cv2
import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.images.lines import Component
from recognizer.ink import Ink, render
from recognizer.segmentation.character_ink import inks_of
from recognizer.strokes import Stroke
from tests.samples import pen_digits


def number(gap: float, count: int = 5) -> tuple[Ink, list[Ink]]:
    """The ink of some digits with a gap in heights between their lines, and of each by itself."""
    strokes, left = [], 20.0
    for lines, _ in pen_digits()[:count]:
        whole = np.concatenate(lines)
        low, scale = whole.min(axis=0), 80 / np.ptp(whole[:, 1])
        moved = [(line - low) * scale + (left, 20) for line in lines]
        strokes.append([Stroke(line, 8.0) for line in moved])
        left = max(line[:, 0].max() for line in moved) + gap * 80
    size = (int(left) + 40, 120)
    each = [render(some, size) for some in strokes]
    return np.max(each, axis=0), each


def overlap(found: Component, truth: Ink) -> float:
    """Intersection over union of the boxes."""
    box, other = found.box, Box(*cv2.boundingRect((truth > 76).astype(np.uint8)))
    across = min(box.right, other.right) - max(box.x, other.x)
    down = min(box.bottom, other.bottom) - max(box.y, other.y)
    shared = max(across, 0) * max(down, 0)
    return shared / (box.width * box.height + other.width * other.height - shared)


@pytest.mark.parametrize(("gap", "least"), [(0.3, 0.85), (0.1, 0.85), (0.0, 0.7), (-0.05, 0.7)])
def test_boxes_are_where_the_characters_are(gap: float, least: float) -> None:
    ink, each = number(gap)
    boxes = [cv2.boundingRect((one > 76).astype(np.uint8)) for one in each]
    parts = inks_of(ink, [left + width / 2 for left, _, width, _ in boxes])
    found = [
        overlap(part.ink, one) for part, one in zip(parts, each, strict=True) if part is not None
    ]
    assert len(found) == len(each)
    assert np.mean(found) >= least


def test_all_ink_near_a_character_is_its_own() -> None:
    ink = np.zeros((60, 120), np.uint8)
    ink[10:16, 20:50] = ink[30:36, 20:50] = 255  # the bars of an =
    ink[5:55, 90:96] = 255
    first, second = inks_of(ink, [35.0, 93.0])
    assert first is not None and second is not None
    assert int((first.ink.ink > 0).sum()) == 2 * 6 * 30
    assert second.ink.box.x == 89
    assert first.cut_from is None and second.cut_from is None


def test_connected_ink_of_two_characters_is_whole_for_neither() -> None:
    ink = np.zeros((60, 160), np.uint8)
    ink[5:55, 20:26] = ink[5:55, 60:66] = ink[30:34, 20:66] = 255
    ink[5:55, 120:126] = 255
    parts = inks_of(ink, [23.0, 63.0, 123.0])
    assert [part is not None and part.cut_from for part in parts] == [1, 1, None]


def test_what_is_far_from_every_character_is_nobodys() -> None:
    ink = np.zeros((60, 300), np.uint8)
    ink[5:55, 20:26] = ink[20:40, 250:256] = 255
    (only,) = inks_of(ink, [23.0])
    assert only is not None and only.ink.box.right < 40


def test_a_character_without_ink_has_none() -> None:
    ink = np.zeros((40, 200), np.uint8)
    ink[5:35, 10:16] = 255
    assert [part is None for part in inks_of(ink, [13.0, 150.0])] == [False, True]


@pytest.mark.parametrize("gap", [3, 6, 12])
def test_a_dot_is_its_own_beside_the_end_of_a_digit(gap: int) -> None:
    ink = np.zeros((60, 120), np.uint8)
    ink[46:54, 10:60] = ink[5:54, 10:18] = 255  # an L, whose foot ends beside the dot
    ink[47:54, 60 + gap : 67 + gap] = 255
    first, dot = inks_of(ink, [33.0, 63.5 + gap])
    assert first is not None and dot is not None
    assert first.cut_from is None and dot.cut_from is None
    assert int((dot.ink.ink > 0).sum()) == 7 * 7
