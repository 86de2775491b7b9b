"""Ink is told from paper: by the light on the paper, which is divided away, and one threshold.

Background division, as in Gatos, Pratikakis, Perantonis: Adaptive degraded document image
binarization (Pattern Recognition 39, 2006); the threshold is taken from the noise of the paper and
the darkness of the ink (Otsu: A threshold selection method from gray-level histograms, 1979), and
between none and all it leaves a slope, so that ink keeps smooth edges.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.images.clean import clean_ink, grown, otsu_ink
from recognizer.images.components import is_uneven, ridge_width
from recognizer.images.sheet import Grey, Mask, small
from recognizer.ink import Ink

Floats = NDArray[np.float32]

MIN_CONTRAST_GREYS = 8
"""Ink differs from its paper by at least this many of 255 greys; less is blank paper."""
MIN_DARKNESS_GREYS = 12
"""On paper that is not clean, ink takes so many of 255 parts of its light, at least."""
NOISE_DEVIATIONS = 4.0
"""Ink differs from its paper by more than this many standard deviations of the paper."""
MIN_LIGHT_GREYS = 8
"""Where there is less light, nothing can be seen."""
MAX_LIGHTER_SHARE, MAX_NOISE_DEVIATIONS = 0.2, 12.0
"""Noise is lighter than the paper as often as darker, writing is not; and no noise is so many of
its deviations dark."""
MIN_INK_SHARE = 1e-4
"""Of a picture that is not clean; less ink is dirt."""
BLANK_SHARE, FULL_SHARE = 0.35, 0.75
"""Shares of the usual ink's darkness that count as none and as all."""
DARKER_FACTOR = 1.3
"""Most ink is of darker print if it is so many times as dark as what is written."""
NOISY_SHARE = 0.06
"""Paper whose noise is more than this share of the ink's darkness is smoothed first."""
MAX_SAMPLE_PIXELS = 250_000
"""So many pixels tell how dark ink and paper are."""
PAPER_SHARES, SHARE_BINS = (0.5, 1.5), 128
"""Paper gives back such a share of the light around it, counted in so many steps."""
SURFACE_SAMPLE_PIXELS = 30_000
"""So many pixels, or fewer, tell how the light on paper changes."""
LIGHT_COPY_SIDE_PX = 384
"""Longest side in pixels of the copy from which the light on the paper is taken."""
WINDOW_PENS = 4.0
"""Where there is a pen, a square that covers it is so many of its widths wide, or less."""
SMOOTH_PX = 2.0
"""A small copy is smoothed so far, as a standard deviation, before what is thick is looked for."""
MIN_STROKE_PX = 8
"""What is smaller on a small copy is a speck."""
THIN_PEN_SHARE = 1 / 12
"""A pen narrower than this share of the picture's longest side is thin."""
CLEARER_FACTOR = 1.15
"""Thin ink that has so many times the contrast of thick ink is what was written."""
THICK_WINDOWS, LONG_WINDOWS, MIN_LONG_PX = 0.8, 1.3, 12
"""In windows that no thin pen covers: ink that is thicker is not thin; thin ink that is so long,
and so many pixels, was written."""
SHADE_SHARE, SHADE_HULL_SHARE, SHADE_BORDER_SHARE = 0.75, 0.9, 0.25
"""A shade is so much of what is dark, fills its convex hull so far, and so much of its outline lies
on the picture's border."""


class Binarized(NamedTuple):
    """What is ink in a picture, and how dark it is there.

    ink: (height, width) uint8; all 0 where nothing is written. darkness: (height, width) uint8, of
    which more can be told apart: where all is ink, a pen may still be darker than the rules.
    noise: the standard deviation of the paper's darkness; 0 on clean paper.
    """

    ink: Ink
    darkness: Grey
    noise: float = 0.0

    def beside_darker(self, written: Ink) -> Binarized | None:
        """The ink anew, without print that is darker than what is written; None if none is.

        written: of the ink, what seems to be written. Beside black lines only the darkest of a
        grey pen was ink.
        """
        if self.noise == 0 or not written.any():
            return None
        usual = float(np.median(self.darkness[written > 0]))
        if np.median(self.darkness[self.ink > 0]) <= DARKER_FACTOR * usual:
            return None
        is_print = (self.ink > 0) & (written == 0) & (self.darkness > DARKER_FACTOR * usual)
        beside = 1 - grown(is_print.astype(np.uint8), 1)
        return _inked(np.asarray(self.darkness * beside, np.uint8), usual, self.noise)


def binarized(grey: Grey) -> Binarized:
    """The ink of a picture.

    grey: (height, width), ink dark on light or light on dark. A clean picture, whose paper is of
    one grey exactly, keeps all greys that its ink has.
    """
    if int(grey.max()) - int(grey.min()) < MIN_CONTRAST_GREYS:
        return Binarized(np.zeros_like(grey), np.zeros_like(grey))
    clean = clean_ink(grey)
    if clean is not None:
        return Binarized(clean, clean)
    copy = small(grey, LIGHT_COPY_SIDE_PX)
    even, is_lighter = even_ink(copy)
    if is_thick(copy, even):
        return flattened(255 - grey if is_lighter else grey, even == 0)
    return flattened(grey if _is_dark_on_light(copy) else 255 - grey)


def even_ink(copy: Grey) -> tuple[Mask, bool]:
    """The ink of a small picture as one threshold shows it on paper that is lit from one side.

    Returns its mask, and whether its ink is lighter than the paper.
    """
    ink = otsu_ink(copy)
    for _ in range(3):
        light = _surface(copy, ink == 0)
        over = copy - light
        is_lighter = bool(over[ink > 0].mean() > 0) if ink.any() else False
        apart = np.clip(over if is_lighter else -over, 0, 255).astype(np.uint8)
        if apart.max() < MIN_CONTRAST_GREYS:
            break
        _, mask = cv2.threshold(apart, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        ink = np.asarray(mask, np.uint8)
    return ink, is_lighter


def _surface(values: Grey, paper: NDArray[np.bool_]) -> Floats:
    """The surface of second degree nearest to the values of the paper."""
    terms = _terms(values.shape)
    step = int(np.ceil(np.sqrt(values.size / SURFACE_SAMPLE_PIXELS)))
    seen = np.s_[::step, ::step]
    some = terms[seen][paper[seen]]
    # A little of an even shade, where little paper is seen.
    ridge = np.diag([0, *[1e-2 * max(len(some), 1)] * 5]) + 1e-6 * np.eye(6)
    shades = values[seen][paper[seen]].astype(np.float32)
    factors = np.linalg.solve(some.T @ some + ridge, some.T @ shades)
    return np.asarray(terms @ factors.astype(np.float32), np.float32)


@lru_cache(4)
def _terms(shape: tuple[int, int]) -> Floats:
    """The terms of second degree of the places in a picture, (height, width, 6)."""
    y, x = (np.linspace(-1, 1, 2 * side + 1, dtype=np.float32)[1::2] for side in shape)
    across, down = np.meshgrid(x, y)
    return np.stack([np.ones_like(across), across, down, across**2, across * down, down**2], -1)


def is_thick(copy: Grey, even: Mask) -> bool:
    """Whether what is dark on evenly lit paper is thick ink, and no shade on thin ink's paper.

    even: see `even_ink`. Where there is a shade, there is thin ink well inside of it or well
    outside; if not, it is compact and comes from the picture's border.
    """
    smooth = np.asarray(cv2.GaussianBlur(copy, (0, 0), SMOOTH_PX), np.uint8)
    over = smooth - _surface(smooth, np.ones(smooth.shape, np.bool_))
    if float(np.ptp(np.quantile(over, (0.01, 0.99)))) < MIN_DARKNESS_GREYS:
        return False  # it is nothing but a shade
    window = _window(even.shape)
    thickness = cv2.distanceTransform(cv2.copyMakeBorder(even, 1, 1, 1, 1, 0), cv2.DIST_L2, 3)
    broad = cv2.morphologyEx(even, cv2.MORPH_OPEN, np.ones((window, window), np.uint8))
    if 2 * float(thickness.max()) <= THICK_WINDOWS * window or _is_shade(even, broad):
        return False
    thin = flattened(copy if _is_dark_on_light(copy) else 255 - copy).ink
    thin = np.asarray(thin > 0, np.uint8)
    if _contrast(copy, thin, grown(thin, 4)) > CLEARER_FACTOR * _contrast(copy, even):
        return False
    half = np.ones(2 * (window // 2,), np.uint8)
    broad = cv2.morphologyEx(even, cv2.MORPH_OPEN, half)
    edges = cv2.morphologyEx(broad, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    far = cv2.distanceTransform(np.asarray(1 - edges, np.uint8), cv2.DIST_L2, 3) > window
    _, _, stats, _ = cv2.connectedComponentsWithStats(thin & far, connectivity=8)
    longest = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(initial=0)
    return bool(longest < max(LONG_WINDOWS * window, MIN_LONG_PX))


def _contrast(grey: Grey, ink: Mask, around: Mask | None = None) -> float:
    """How much less light the darker of ink and the paper around it, or all of it, gives back."""
    beside = ink == 0 if around is None else (around > 0) & (ink == 0)
    if not ink.any() or not beside.any():
        return 0.0
    low, high = sorted((float(np.median(grey[ink > 0])), float(np.median(grey[beside]))))
    return 1 - low / max(high, 1.0)


def _is_shade(even: Mask, broad: NDArray[Any]) -> bool:
    """Whether the dark is broad, compact, and for a good part at the picture's border."""
    outlines, _ = cv2.findContours(broad, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return False
    outline = max(outlines, key=cv2.contourArea)
    area, hull = cv2.contourArea(outline), cv2.contourArea(cv2.convexHull(outline))
    x, y = outline[:, 0].T
    height, width = even.shape
    at_border = (x == 0) | (y == 0) | (x == width - 1) | (y == height - 1)
    is_compact = area >= max(SHADE_HULL_SHARE * hull, SHADE_SHARE * cv2.countNonZero(even))
    return bool(is_compact and at_border.mean() >= SHADE_BORDER_SHARE)


def _window(shape: tuple[int, ...]) -> int:
    """Side in pixels of a square that no thin pen covers."""
    return 2 * max(1, round(THIN_PEN_SHARE * max(shape) / 2)) + 1


def _is_dark_on_light(copy: Grey) -> bool:
    """Whether what stands out from its surroundings is darker than they are."""
    over = copy.astype(np.float32) - cv2.medianBlur(copy, _window(copy.shape))
    return bool(np.square(np.minimum(over, 0)).sum() >= np.square(np.maximum(over, 0)).sum())


def flattened(grey: Grey, paper: NDArray[np.bool_] | None = None) -> Binarized:
    """The ink of a picture, dark on light, with the light on its paper divided away.

    paper: where a small copy shows it, if the ink is thick.
    """
    copy = small(grey, LIGHT_COPY_SIDE_PX)
    if paper is not None:
        return _lit_by(grey, _lifted(_surface(copy, paper), copy, paper))
    window = _window(copy.shape)
    light = _lifted(_light_around_thin_ink(copy, window), copy)
    strokes = _strokes(_lit_by(copy, light).ink)
    pen = ridge_width(strokes) if strokes.any() else 0.0
    if pen and is_uneven(strokes, pen):
        # A shade may be as narrow as the window is wide, but not as narrow as the pen.
        narrower = 2 * round(min(WINDOW_PENS * pen, window) / 2) + 1
        other = _lifted(_light_around_thin_ink(copy, narrower), copy)
        found = _strokes(_lit_by(copy, other).ink)
        if found.any() and not is_uneven(found, ridge_width(found)):
            light = other
    return _lit_by(grey, light)


def _strokes(ink: Ink) -> Mask:
    """1 on the ink of a small copy but for its specks."""
    mask = (ink > 0).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    return np.asarray(mask * (sides >= MIN_STROKE_PX)[labels], np.uint8)


def _lifted(light: Floats, copy: Grey, paper: NDArray[np.bool_] | None = None) -> Floats:
    """The light on a small copy, as far as its paper gives it back."""
    light = np.maximum(light, 1)
    # Noise lifts the light; the paper itself tells how far.
    shares = np.asarray(copy / light, np.float32)
    return light * max(0.1, _usual_share(shares if paper is None else shares[paper]))


def _lit_by(grey: Grey, light: Floats) -> Binarized:
    """The ink of a picture under the light on a copy of it."""
    light = np.asarray(cv2.resize(light, grey.shape[::-1]), np.float32)
    dark, noise = _darkness(grey, light), _noise(grey, light)
    usual = _usual_darkness(dark, noise)
    if noise > NOISY_SHARE * usual:
        grey = np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), np.uint8)
        dark, noise = _darkness(grey, light), _noise(grey, light)
        usual = _usual_darkness(dark, noise)
    if usual < max(MIN_DARKNESS_GREYS, NOISE_DEVIATIONS * noise):
        return Binarized(np.zeros_like(grey), dark)
    if usual < MAX_NOISE_DEVIATIONS * noise and _is_noise(grey, light, _least(usual, noise)):
        return Binarized(np.zeros_like(grey), dark)
    return _inked(dark, usual, noise)


def _inked(dark: Grey, usual: float, noise: float) -> Binarized:
    """The ink where the usual ink is so dark."""
    low = _least(usual, noise)
    steps = np.clip((np.arange(256) - low) / max(FULL_SHARE * usual - low, 1), 0, 1)
    ink = cv2.LUT(dark, np.asarray(steps * 255 + 0.5, np.uint8))
    return Binarized(np.asarray(ink, np.uint8), dark, noise)


def _least(usual: float, noise: float) -> float:
    """What is less dark is no ink."""
    return max(BLANK_SHARE * usual, NOISE_DEVIATIONS * noise)


def _light_around_thin_ink(copy: Grey, window: int) -> Floats:
    """The least light that covers all thin ink.

    A closing: Serra, Image Analysis and Mathematical Morphology, 1982.
    """
    # A shade goes on beyond the border, where its tip would look like ink.
    wide = cv2.copyMakeBorder(copy, window, window, window, window, cv2.BORDER_REPLICATE)
    square = np.ones((window, window), np.uint8)
    light = cv2.morphologyEx(cv2.GaussianBlur(wide, (0, 0), 1), cv2.MORPH_CLOSE, square)
    return np.asarray(light[window:-window, window:-window], np.float32)


def _darkness(grey: Grey, light: Floats) -> Grey:
    """How much of its paper's light each pixel keeps back, 0 to 255.

    A quotient makes ink in the shade as dark as in the sun.
    """
    kept = cv2.divide(grey.astype(np.float32), light, scale=255)
    kept[light < MIN_LIGHT_GREYS] = 255
    return np.asarray(255 - np.clip(kept, 0, 255), np.uint8)


def _usual_share(shares: Floats) -> float:
    """What most pixels, those of the paper, give back of the light: the mode."""
    low, high = PAPER_SHARES
    bins = np.histogram(shares, SHARE_BINS, PAPER_SHARES)[0].astype(np.float32)
    smooth = cv2.GaussianBlur(bins.reshape(1, -1), (0, 0), 1.5, borderType=cv2.BORDER_CONSTANT)
    return low + (int(smooth.argmax()) + 0.5) * (high - low) / SHARE_BINS


def _noise(grey: Grey, light: Floats) -> float:
    """The standard deviation of the paper's darkness, as its lighter half tells: nothing that is
    written or ruled is lighter than the paper."""
    step = max(1, grey.size // MAX_SAMPLE_PIXELS)
    shares = grey.ravel()[::step] / light.ravel()[::step]
    lighter = shares[shares > 1]
    return 1.0 + 255 * 1.4826 * float(np.median(lighter - 1)) if len(lighter) else 1.0


def _is_noise(grey: Grey, light: Floats, least: float) -> bool:
    """Whether pixels that are so much lighter than the paper are nearly as many as darker ones."""
    step = max(1, grey.size // MAX_SAMPLE_PIXELS)
    over = 255 * (grey.ravel()[::step] / light.ravel()[::step] - 1)
    return bool(
        np.count_nonzero(over > least) > MAX_LIGHTER_SHARE * np.count_nonzero(-over > least)
    )


def _usual_darkness(dark: Grey, noise: float) -> float:
    """The darkness of the usual ink; 0 if there is none."""
    sample = dark.ravel()[:: max(1, dark.size // MAX_SAMPLE_PIXELS)]
    ink = sample[sample > max(NOISE_DEVIATIONS * noise, MIN_DARKNESS_GREYS)]
    if len(ink) < max(MIN_INK_SHARE * len(sample), 1):
        return 0.0
    strong = ink[ink > _otsu(ink)]
    return float(np.median(strong if len(strong) else ink))


def _otsu(values: Grey) -> float:
    """Otsu's threshold of some greys (n,)."""
    return float(cv2.threshold(values.reshape(-1, 1), 0, 1, cv2.THRESH_OTSU)[0])
