"""What is printed on paper to write on is taken away: rules, grids, margins and frames.

A rule is thin, runs level or upright on the sheet, and is long beside what is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images.components import pen_width, usual_height
from recognizer.images.frames import boxes
from recognizer.images.sheet import Mask, small
from recognizer.images.straight_lines import MIN_PIECE_PX, Lines, lines_in
from recognizer.ink import Ink

MIN_DARKNESS_GREYS = 12
"""Ink that is fainter, of 255, is none."""
EDGE_PX = 2
"""Ink that is nowhere so many pixels away from what is taken away is its edge."""
DARKER_FACTOR, RULE_QUANTILE = 1.3, 0.85
"""What is so many times as dark as the rules is no part of them; those are as dark as this share of
their pixels."""
DARKER_SHARE = 0.15
"""Writing is darker than the rules if so much of what is beside them is."""
COPY_SIDE_PX = 640
"""Longest side in pixels of the copy in which the directions of rules are looked for."""
MAX_COVERED_SHARE = 0.5
"""More ink than this share of a picture is no writing on rules."""
MIN_SEGMENT_SHARE, MIN_SEGMENTS_SHARE = 0.25, 0.45
"""A rule is seen over this share of the picture's shorter side, at least; all of a direction
together over this share of its longer side."""
PARALLEL_DEGREES, MAX_DIRECTIONS = 1.0, 3
"""Lines whose directions differ by no more than this many degrees are parallel; so many directions
of level lines are looked for, and of upright ones."""
STRAIGHT_DEGREES, MAX_TURN_DEGREES = 0.3, 25
"""Lines that are off by less are level, or upright; no rule is off by more than the second."""
SLENDER, STRAIGHT, STRAIGHT_PX = 10, 4, 6
"""A rule is so many times as long as the strip that holds it is high; and that is no higher than
so many times its mean thickness, and some pixels."""
RULE_HEIGHTS, SPANNING_HEIGHTS = 2.5, 1.4
"""A rule is so many times as long as what is written is high; the second, if it runs from border to
border and further than the writing."""
LONG_HEIGHTS, MAX_PLAIN_COMPONENTS, MAX_HOLES = 1.8, 20, 3
"""Among few components, each with few holes, none is a rule, or has one, if all are shorter than
this many heights of the lowest character."""
ONES_HEIGHTS = 0.6, 1.5
"""A line whose longest part is so long, in heights of what is written, is made of ones."""
BORDER_SHARE = 0.04
"""A line that ends within this share of the width of the border runs to it."""
MIN_RULED_SIDE_PX = 64
"""A picture with shorter sides has no room for rules."""
MIN_FAMILY, FAMILY_SHARE = 3, 0.5
"""So many parallel lines over this share of the picture are rules, whatever is written there."""
MIN_APART_SHARE = 0.5
"""Beside an upright rule so much of the ink stands apart; a flag belongs to a 1."""
POST_SHARE, POST_GAP_SHARE, MIN_POSTS = 0.7, 0.045, 2
"""Between the boxes of a form, lines run over the first share of what is between two rules, and end
nearer to them than the second, up to three pixels; there are so many of them."""
USUAL_SHARE = 0.75
"""This share of the ink is no higher than what is written usually is."""
DOT_PENS = 2.5
"""What is not so high is a dot or a bar, which tells not how high the writing is."""


def without_rules(ink: Ink, darkness: Ink | None = None) -> Ink:
    """The ink of a picture (height, width) without rules, grids, frames and form boxes.

    darkness: how dark the ink is, if more of that is known. Writing across them is kept.
    """
    mask = np.asarray(ink > MIN_DARKNESS_GREYS, np.uint8)
    if max(ink.shape) < MIN_RULED_SIDE_PX or not 0 < float(mask.mean()) < MAX_COVERED_SHARE:
        return ink
    found = boxes(mask)
    if _may_be_ruled(mask):
        found |= _ruling(mask)
    if not found.any():
        return ink
    gone = _with_edges(mask, found) > 0
    dark = ink if darkness is None else darkness
    is_darker = (dark > DARKER_FACTOR * np.quantile(dark[gone], RULE_QUANTILE)) & (mask > 0)
    beside = (mask > 0) & ~gone
    if (is_darker & beside).sum() > DARKER_SHARE * beside.sum():
        gone |= _pale(mask, gone, is_darker)
    # Writing across pale rules is darker than they are.
    return np.where(gone & ~is_darker, np.uint8(0), ink)


def _pale(mask: Mask, gone: NDArray[np.bool_], is_darker: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What is left beside pale rules, and is nowhere darker than they are."""
    left = np.asarray(mask * ~(gone & ~is_darker), np.uint8)
    count, labels = cv2.connectedComponents(left, connectivity=8)
    near = cv2.dilate(gone.astype(np.uint8), np.ones((2 * EDGE_PX + 1,) * 2, np.uint8))
    is_rest = np.zeros(count, dtype=bool)
    is_rest[labels[near > 0]] = True
    is_rest[labels[is_darker]] = False
    is_rest[0] = False
    return np.asarray(is_rest[labels], np.bool_)


def _with_edges(mask: Mask, gone: Mask) -> Mask:
    """What is gone, and what is left of its rough edges, which would look like dashes."""
    left = mask & (1 - gone)
    near = cv2.dilate(gone, np.ones((2 * EDGE_PX + 1, 2 * EDGE_PX + 1), np.uint8))
    count, labels = cv2.connectedComponents(left, connectivity=8)
    is_edge = np.ones(count, np.uint8)
    is_edge[labels[(left > 0) & (near == 0)]] = 0
    is_edge[0] = 0
    return np.asarray(gone | is_edge[labels], np.uint8)


def _may_be_ruled(mask: Mask) -> bool:
    """Whether something is so long that it may be a rule; a look that costs little."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    tall = stats[_is_high(mask, stats), cv2.CC_STAT_HEIGHT]
    holes = cv2.connectedComponents(1 - mask, connectivity=4)[0] - 2
    parts = len(stats) - 1
    if len(tall) == 0 or parts > MAX_PLAIN_COMPONENTS or holes > MAX_HOLES * parts:
        return True
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    spans = (sides >= (1 - 2 * BORDER_SHARE) * np.array(mask.shape[::-1])).any()
    return bool(spans or sides.max() >= LONG_HEIGHTS * tall.min())


def _ruling(mask: Mask) -> Mask:
    """1 on the ruled lines but for the writing across them."""
    lines_of = [lines_in(mask, angle) for angle in _directions(mask)]
    found = [lines for lines in lines_of if lines.ink.any()]
    if not found:
        return np.zeros_like(mask)
    level = [lines for lines in found if abs(lines.angle) <= MAX_TURN_DEGREES]
    upright = [lines for lines in found if abs(lines.angle) > MAX_TURN_DEGREES]
    # First the upright ones, while no stem or bar counts as writing, which it may be.
    rules: list[Mask] = []
    upright_whole: list[Mask] = []
    level_whole: list[Mask] = []
    writing = _written(mask, [each.ink for each in found])
    likely = [lines.only(_rules(lines, writing), whole=True) for lines in found]
    least = _height_apart(mask, _together(mask, likely))
    writing = writing.at_least(least)
    others = [lines.only(_rules(lines, writing)) for lines in level]
    for lines in upright:
        alone = _written(mask, [lines.only(_rules(lines, writing))], others).apart
        chosen = _rules(lines, writing, alone)
        rules.append(lines.only(chosen))
        upright_whole.append(lines.only(chosen, whole=True))
    for lines in level:
        writing = _written(mask, [*rules, lines.ink]).at_least(least)
        chosen = _rules(lines, writing)
        rules += [lines.only(chosen), _posts(mask, lines, chosen, writing.usual)]
        level_whole.append(lines.only(chosen, whole=True))
    crossings = mask & _together(mask, upright_whole) & _together(mask, level_whole)
    return _together(mask, [*rules, crossings])


def _posts(mask: Mask, level: Lines, chosen: NDArray[np.bool_], usual: float) -> Mask:
    """1 on the upright lines from one level rule to the next, as between the boxes of a form."""
    blank = np.zeros_like(mask)
    gaps = np.diff(np.sort(level.strips[chosen, 1]))
    gaps = gaps[gaps > max(POST_SHARE * usual, MIN_PIECE_PX)]
    if len(gaps) == 0:
        return blank
    reach = 2 * int(np.clip(POST_GAP_SHARE * gaps.min(), 1, 3)) + 1
    rules = cv2.dilate(level.only(chosen), np.ones((reach, reach), np.uint8))
    posts = lines_in(mask, level.angle + 90, POST_SHARE * float(gaps.min()))
    left, top, width, height = posts.strips[:, :4].T
    tips = [np.stack([x, top + height / 2], axis=1) for x in (left, left + width - 1)]
    back = cv2.invertAffineTransform(posts.matrix)
    at = [np.round(places @ back[:, :2].T + back[:, 2]).astype(int) for places in tips]
    inside = [np.clip(places, 0, np.array(mask.shape[::-1]) - 1) for places in at]
    joined = np.logical_and(*(rules[places[:, 1], places[:, 0]] > 0 for places in inside))
    joined[0] = False
    if np.count_nonzero(joined) < MIN_POSTS:
        return blank
    found = posts.only(joined)
    reach = 2 * int(level.strips[chosen, 3].max()) + 5
    ends = np.asarray(cv2.dilate(found, np.ones((reach, 3), np.uint8)), np.uint8)
    return found | (ends & level.only(chosen, whole=True) & mask)


def _together(mask: Mask, parts: Iterable[Mask]) -> Mask:
    whole = np.zeros_like(mask)
    for part in parts:
        whole |= part
    return whole


def _directions(mask: Mask) -> list[float]:
    """The directions of long lines in degrees, of level ones and of upright ones.

    In perspective, lines that are parallel on the sheet have several.
    """
    copy = np.asarray(small(mask * np.uint8(255), COPY_SIDE_PX) > 50, np.uint8)
    sides = copy.shape[::-1]
    length = MIN_SEGMENT_SHARE * min(sides)
    segments = cv2.HoughLinesP(copy, 1, np.pi / 720, round(0.5 * length) + 1, None, length, 6)
    if segments is None:
        return []
    x0, y0, x1, y1 = segments.reshape(-1, 4).astype(np.float64).T
    angles = (np.degrees(np.arctan2(y1 - y0, x1 - x0)) + 90) % 180 - 90
    lengths = np.hypot(x1 - x0, y1 - y0)
    found = []
    for middle in (0, 90):
        off = (angles - middle + 90) % 180 - 90
        some = np.abs(off) <= MAX_TURN_DEGREES
        for _ in range(MAX_DIRECTIONS):
            turn = _most_common(off[some], lengths[some], MIN_SEGMENTS_SHARE * max(sides))
            if turn is None:
                break
            found.append(middle + (0.0 if abs(turn) < STRAIGHT_DEGREES else turn))
            some &= np.abs(off - turn) > PARALLEL_DEGREES
    return found


def _most_common(
    angles: NDArray[np.float64], lengths: NDArray[np.float64], least: float
) -> float | None:
    """The mean direction of the parallel lines that are longest together; None below `least`."""
    if len(angles) == 0:
        return None
    order = np.argsort(-lengths)[:200]
    near = np.abs(angles[order, None] - angles) <= PARALLEL_DEGREES
    votes = near @ lengths
    best = near[votes.argmax()]
    return float(np.average(angles[best], weights=lengths[best])) if votes.max() >= least else None


@dataclass(frozen=True, eq=False)
class _Writing:
    """What is written beside lines: its usual height, 0 if there is nothing; the corners (n, 2) of
    its components; and whether most of it stands apart from the lines."""

    usual: float
    corners: NDArray[np.float64]
    apart: bool

    def at_least(self, height: float) -> _Writing:
        """The same, where what is written is known to be so high."""
        return replace(self, usual=max(self.usual, height)) if self.usual else self


def _written(mask: Mask, lines: Iterable[Mask], others: Iterable[Mask] = ()) -> _Writing:
    """What is written beside lines; others: lines that it may touch and yet stand apart."""
    touched = _together(mask, lines)
    gone = touched | _together(mask, others)
    # What hugs a line are its own rough edges.
    near = np.asarray(cv2.dilate(gone, np.ones((5, 5), np.uint8)), np.uint8)
    rest = np.asarray(mask & (1 - near), np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    touching = np.zeros(len(stats), dtype=bool)
    beside = np.asarray(cv2.dilate(touched, np.ones((7, 7), np.uint8)), np.uint8)
    touching[labels[(beside & rest) > 0]] = True
    left, top, width, height, ink = stats.T
    some = _is_high(rest, stats)
    if not some.any():
        return _Writing(0.0, np.empty((0, 2)), apart=False)
    usual = usual_height(stats[some], USUAL_SHARE)
    corners = [(x, y) for x in (left, left + width) for y in (top, top + height)]
    places = np.concatenate([np.stack(each, axis=1)[some] for each in corners])
    apart = ink[some & ~touching].sum() >= MIN_APART_SHARE * ink[some].sum()
    return _Writing(usual, places.astype(np.float64), bool(apart))


def _height_apart(mask: Mask, lines: Mask) -> float:
    """The usual height of what is connected with no line; 0 if there is nothing.

    What is left beside all straight parts of writing would tell too little.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    some = _is_high(mask, stats)
    some[labels[(lines > 0) & (mask > 0)]] = False
    return usual_height(stats[some], USUAL_SHARE) if some.any() else 0.0


def _is_high(mask: Mask, stats: NDArray[Any]) -> NDArray[np.bool_]:
    """Which components of a mask (n,) are no dots or bars; the first is what is around them."""
    found = stats[:, cv2.CC_STAT_HEIGHT] >= DOT_PENS * pen_width(mask)
    found[0] = False
    return np.asarray(found, np.bool_)


def _rules(lines: Lines, writing: _Writing, alone: bool = True) -> NDArray[np.bool_]:
    """Which lines are rules, (n,); alone: whether one by itself may be one."""
    left, _, length, height, area, longest = lines.strips.T
    right, width = left + length, lines.level.shape[1]
    is_slender = length >= SLENDER * height
    is_slender &= height <= STRAIGHT * area / length + STRAIGHT_PX
    is_slender[0] = False
    # Ones below each other are in parts as long as they are high.
    low, high = np.multiply(ONES_HEIGHTS, writing.usual)
    is_slender &= (longest < low) | (longest > high)
    wide = is_slender & (length >= max(FAMILY_SHARE * width, RULE_HEIGHTS * writing.usual))
    wide &= np.count_nonzero(wide) >= MIN_FAMILY
    is_rule = wide.copy()
    if alone and writing.usual:
        along = writing.corners @ lines.matrix[0, :2] + lines.matrix[0, 2]
        spanning = (left <= BORDER_SHARE * width) & (right >= (1 - BORDER_SHARE) * width)
        spanning &= (left < along.min()) & (right > along.max())
        least = np.where(spanning, SPANNING_HEIGHTS, RULE_HEIGHTS)
        is_rule |= is_slender & (length >= least * writing.usual)
    return np.asarray(is_rule, dtype=bool)
