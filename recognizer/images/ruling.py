"""What is printed on paper to write on is taken away: rules, grids, margins, frames and boxes.

The ruling network tells what was written from what was there before, pixel by pixel.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images.components import pen_width, ridge_width, usual_height
from recognizer.images.sheet import Mask
from recognizer.ink import Ink
from recognizer.model.ruling_model import saved_ruling

MIN_DARKNESS_GREYS = 12
"""Ink that is fainter, of 255, is none."""
MAX_COVERED_SHARE = 0.5
"""More ink than this share of a picture is no writing on rules."""
MOST_PENS_PX = {0.5: 3.0, 0.9: 9.0}
"""Pages are shown to the network so small that for this share of its way the pen is no wider."""
MAX_SIDE_PX, MAX_CHARACTER_PX, MARGIN_PX = 1280, 150, 16
"""They are no larger than this, nor their characters, and have so much paper around."""
DARK_QUANTILE = 0.95
"""Ink is shown as if this share of it were black, or nearly."""
WRITTEN, SURELY_WRITTEN = 0.4, 0.8
"""What is written has the first probability everywhere, and the second somewhere."""
DOUBTFUL, DOUBT_SHARE = 0.2, 0.5
"""What else is so probable may be a character if it is longer than this share of the usual height.
"""
LONG_SHARE, BOX_SHARE, BROAD_PENS, BRIDGED_PENS = 2.0, 0.9, 2.0, 5.0
"""What was printed is so many times as long as writing usually is high, or so high and wide, or so
many pens thick; writing across it parts it over no more pens than the last number."""
CRUMB_PENS, MIN_CRUMBS = 0.7, 20
"""Pieces of rules and dirt are thinner than so many pens, and apart from all writing; fewer of them
are dots."""
MIN_RULED_SIDE_PX = 32
"""A picture with shorter sides has no room for rules."""
LONG_FACTOR, FAR_FACTOR = 2.3, 4.0
"""What is so many times as long as the smallest component may be a rule; of the strokes of a single
character one may be if it is so many times as long as it is wide, too, or longer still."""
MAX_CHARACTER_COMPONENTS, MAX_PLAIN_COMPONENTS = 3, 25
"""A character has no more strokes; what has so many parts may always be ruled."""
MAX_HOLES = 3
"""A character has no more holes than an 8 with a slip of the pen."""
MIN_FAMILY, FAMILY_SHARE = 3, 0.5
"""So many lines over this share of the picture are rules, if nothing seems to be written."""
DOT_PENS = 2.5
"""What is not so high is a dot or a bar."""
BOX_HULL_SHARE, MAX_BOX_INK_SHARE = 0.87, 0.6
"""A box fills so much of its hull, and that of the smallest rectangle around it, but its ink no
more than the second."""


class Written(NamedTuple):
    """What is written in a picture: its ink (height, width), and whether some of what was taken
    away may be a character."""

    ink: Ink
    is_doubtful: bool = False


def without_rules(ink: Ink, darkness: Ink | None = None) -> Written:
    """The ink of a picture (height, width) without rules, grids, frames and form boxes.

    darkness: how dark the ink is, if more of that is known. Writing across them is kept.
    """
    mask = np.asarray(ink > MIN_DARKNESS_GREYS, np.uint8)
    share = cv2.countNonZero(mask) / mask.size
    if min(ink.shape) < MIN_RULED_SIDE_PX or not 0 < share < MAX_COVERED_SHARE:
        return Written(ink)
    if not _may_be_ruled(mask):
        return Written(ink)
    left, top, width, height = cv2.boundingRect(mask)
    part = np.s_[top : top + height, left : left + width]
    cut = mask[part]
    if cut.all():
        return Written(ink)
    dark = (ink if darkness is None else darkness)[part] * cut
    kept, is_doubtful = _kept(cut, dark, _scale(cut))
    if not _is_legible(kept, pen_width(cut)):
        return Written(np.zeros_like(ink) if _is_printed(cut) else ink)
    found = ink.copy()
    found[part][_printed(cut, kept)] = 0
    return Written(found, is_doubtful)


def _is_legible(kept: NDArray[np.bool_], pen: float) -> bool:
    """Whether there is more than a dot."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(kept.astype(np.uint8), connectivity=8)
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return bool(sides.max(initial=0) >= DOT_PENS * pen)


def _printed(mask: Mask, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What is taken away: of what is not written, that which is long, like a box, or broad."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(kept.astype(np.uint8), connectivity=8)
    usual, pen = usual_height(stats[1:]), pen_width(kept)
    gone = np.asarray(mask * ~kept, np.uint8)
    # Writing parts what it runs across.
    reach = 2 * round(BRIDGED_PENS * pen / 2) + 1
    wide = cv2.copyMakeBorder(gone, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    joined = np.asarray(closed[reach:-reach, reach:-reach], np.uint8) & mask
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    sides = np.sort(stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]], axis=1)
    is_printed = (sides[:, 1] >= LONG_SHARE * usual) | (sides[:, 0] >= BOX_SHARE * usual)
    thickness = np.asarray(2 * cv2.distanceTransform(gone, cv2.DIST_L2, 3) - 1, np.float32)
    is_printed[labels[thickness > BROAD_PENS * pen + 2]] = True
    crumbs = _crumbs(mask, (kept > 0) | (thickness >= CRUMB_PENS * pen))
    return np.asarray((gone > 0) & (is_printed[labels] | crumbs), np.bool_)


def _crumbs(mask: Mask, more: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Connected ink that holds nothing of what is more than a crumb; if it is much."""
    _, labels = cv2.connectedComponents(mask, connectivity=8)
    is_crumb = np.ones(int(labels.max()) + 1, np.bool_)
    is_crumb[labels[more]] = False
    if np.count_nonzero(is_crumb) < MIN_CRUMBS:
        is_crumb[:] = False
    return np.asarray(is_crumb[labels], np.bool_)


def _is_printed(mask: Mask) -> bool:
    """Whether ink of which nothing seems to be written is rules, and no characters like them."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    is_long = sides >= FAMILY_SHARE * max(mask.shape)
    return bool(np.count_nonzero(is_long) >= MIN_FAMILY or _holes(mask) > MAX_HOLES * len(sides))


def _holes(mask: Mask) -> int:
    """How often ink parts the paper; a brush leaves gaps that are narrower than itself."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(_paper(mask), connectivity=4)
    sides = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].min(axis=1)
    return int(np.count_nonzero(sides >= pen_width(mask) / 2)) - 1


def _paper(mask: Mask) -> Mask:
    """The paper around the ink, which goes on where a picture is cut out tightly."""
    paper = cv2.copyMakeBorder(1 - mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    return np.asarray(paper, np.uint8)


def _kept(mask: Mask, dark: Ink, scale: float) -> tuple[NDArray[np.bool_], bool]:
    """Which ink stays, what is written, and whether something else is as large and may be, too."""
    written = np.asarray(cv2.resize(_written(dark, scale), mask.shape[::-1]), np.float32)
    kept = np.asarray(written > WRITTEN, np.uint8) & mask
    _, labels, stats, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    is_sure = np.zeros(len(stats), np.bool_)
    is_sure[labels[written > SURELY_WRITTEN]] = True
    is_sure[0] = False
    own = np.asarray(is_sure[labels], np.bool_)
    likely = np.asarray((written > DOUBTFUL) & ~own, np.uint8) & mask
    _, _, others, _ = cv2.connectedComponentsWithStats(likely, connectivity=8)
    longest = others[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(initial=0)
    least = DOUBT_SHARE * usual_height(stats[is_sure]) if is_sure.any() else np.inf
    return own, bool(longest >= least)


def _scale(mask: Mask) -> float:
    """How much smaller a page is shown to the network."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    # A frame around the writing may be far thicker, or thinner.
    short = mask * (sides.max(axis=1) < FAMILY_SHARE * max(mask.shape))[labels]
    writing = short if short.any() else mask
    pens = (ridge_width(writing, quantile) for quantile in MOST_PENS_PX)
    most = (width / pen for width, pen in zip(MOST_PENS_PX.values(), pens, strict=True))
    scale: float = min(1.0, MAX_SIDE_PX / max(mask.shape), *most)
    if _holes(mask) > MAX_HOLES * (len(stats) - 1):
        return scale
    # A hair may draw characters as large as the picture.
    return min(scale, MAX_CHARACTER_PX / float(sides[1:].min(axis=1).max()))


def _written(dark: Ink, scale: float) -> NDArray[np.float32]:
    """The probability of each pixel of a smaller page that it was written."""
    size = [max(1, round(side * scale)) for side in dark.shape[::-1]]
    small = cv2.resize(dark, size, interpolation=cv2.INTER_AREA)
    page = np.pad(shown_to_network(np.asarray(small, np.uint8)), MARGIN_PX)
    return saved_ruling().see(page)[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX]


def shown_to_network(dark: Ink) -> Ink:
    """Ink as dark as the network is used to; 0 stays paper."""
    counts = np.bincount(dark.ravel(), minlength=256)
    counts[0] = 0
    ranks = np.cumsum(counts)
    usual = int(np.searchsorted(ranks, DARK_QUANTILE * ranks[-1]))
    shown = dark * np.float32(255 / max(usual, 1)) + np.float32(0.5)
    return np.asarray(np.minimum(shown, 255), np.uint8)


def _may_be_ruled(mask: Mask) -> bool:
    """Whether something is so long, or so much like a box, that it may be no writing; a look that
    costs little."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sides = np.sort(stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]], axis=1)
    sizes = sides[:, 1]
    if len(sizes) > MAX_PLAIN_COMPONENTS:
        return True
    dot = DOT_PENS * pen_width(mask)
    characters = sizes[sizes >= dot]
    if sizes.max() >= LONG_FACTOR * sizes.min():
        least = characters.min(initial=sizes.max())
        is_few = len(characters) <= MAX_CHARACTER_COMPONENTS
        is_compact = sizes < LONG_FACTOR * sides[:, 0]
        factors = np.where(is_few & is_compact, FAR_FACTOR, LONG_FACTOR)
        if len(characters) == 0 or (sizes >= factors * least).any():
            return True
    # Rules part the paper from border to border, and a digit that is cut out tightly does so less.
    parts = cv2.connectedComponents(1 - mask, connectivity=4)[0] - 2
    if parts > 2 * MAX_HOLES * len(sizes):
        return True
    holes = cv2.connectedComponents(_paper(mask), connectivity=4)[0] - 2 if parts else 0
    if holes == 0:
        return False
    if holes > MAX_HOLES * len(sizes):
        return True
    return _has_box_or_ring(mask, dot)


def _has_box_or_ring(mask: Mask, dot: float) -> bool:
    """Whether some ink is like a box, or is around other ink that is higher or wider than a dot."""
    outlines, tree = cv2.findContours(mask, cv2.RETR_TREE, cv2.CHAIN_APPROX_SIMPLE)
    for outline, outer in zip(outlines, tree[0, :, 3].tolist(), strict=True):
        is_outermost = outer < 0
        if is_outermost and _is_box(outline, mask):
            return True
        is_in_hole = not is_outermost and tree[0, outer, 3] >= 0
        if is_in_hole and max(cv2.boundingRect(outline)[2:]) >= dot:
            return True
    return False


def _is_box(outline: NDArray[Any], mask: Mask) -> bool:
    """Whether ink with this outline may be a box, or a form."""
    (_, (width, height), _) = cv2.minAreaRect(outline)
    if min(width, height) < MIN_RULED_SIDE_PX / 2:
        return False
    left, top, wide, high = cv2.boundingRect(outline)
    inked = float(mask[top : top + high, left : left + wide].mean())
    hull = cv2.contourArea(cv2.convexHull(outline))
    is_closed = cv2.contourArea(outline) >= BOX_HULL_SHARE * hull
    return inked <= MAX_BOX_INK_SHARE and is_closed and hull >= BOX_HULL_SHARE * width * height
