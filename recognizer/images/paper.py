"""Grey picture to ink: what is paper, what is written on it, and what is dirt.

A clean picture, whose paper has one grey exactly, keeps every grey it has. Any other is
flattened: what lies within the noise of its paper is left out, and the ink is made black.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.images import shading
from recognizer.images.shading import Floats, Grey, Mask, grown, is_paper, otsu
from recognizer.ink import Ink

ComponentLabels = NDArray[np.int32]

MIN_CONTRAST_GREYS = 8
"""Ink differs from its paper by at least this many of 255 greys; less is blank paper."""
COPY_SIDE_PX = 128
"""Longest side in pixels of the copy on which paper and ink are told apart."""
NOISE_FLOOR_DEVIATIONS = 3.0
"""Ink differs from its paper by more than this many standard deviations of the paper."""
CERTAIN_DEVIATIONS = 6.0
"""The darkest ink does so by this many, or the picture is blank."""
NOISY_SHARE = 0.06
"""Paper whose noise is more than this share of the ink's darkness is smoothed first."""
READABLE_SIDE_PX = 80
"""A digit keeps this many pixels when noise is averaged away."""
BLANK_SHARE, FULL_SHARE = 0.15, 0.85
"""Shares of the usual ink's darkness that count as none and as all."""
STRAY_SHARE = 0.005
"""Share of a clean picture's pixels that may be neither paper nor near the ink."""
UNEVEN_SHARE = 0.05
"""Share of a clean picture's pixels far from the dark ink that may be no paper."""
LONE_SHARE = 0.002
"""Share of a clean picture's pixels that may be unlike all around them."""
SPECK_INK_SHARE = 0.03
"""A component with less than this share of the largest one's ink is dirt."""


def ink_on(grey: Grey) -> Ink:
    """The ink of a picture, (height, width), dark on light or light on dark; 0 if blank."""
    if int(grey.max()) - int(grey.min()) < MIN_CONTRAST_GREYS:
        return np.zeros_like(grey)
    clean = clean_ink(grey)
    return _without_specks(_flattened(grey) if clean is None else clean)


def clean_ink(grey: Grey) -> Ink | None:
    """The ink of a picture whose paper is of one grey; None if it is not."""
    ink = grey > otsu(grey)
    if is_paper(ink):
        ink = ~ink
    if np.count_nonzero(_lone(ink)) > LONE_SHARE * grey.size:
        return None
    value = int(np.bincount(grey[~ink]).argmax())
    signed = grey.astype(np.int16) - value
    if grey[ink].mean() < value:
        signed = -signed
    # Around the ink there are greys between.
    far = ~grown(ink, 2)
    if np.count_nonzero(signed[far]) > UNEVEN_SHARE * np.count_nonzero(far):
        return None
    far = ~grown(signed > BLANK_SHARE * signed.max(), 2)
    if np.count_nonzero(signed[far]) > STRAY_SHARE * grey.size:
        return None
    return np.asarray(np.clip(signed, 0, 255), dtype=np.uint8)


def _lone(mask: Mask) -> Mask:
    """Pixels that none of their eight neighbours is like, as in noise."""
    wide = np.pad(mask, 1, mode="edge").astype(np.uint8)
    tall = wide[:-2] + wide[1:-1] + wide[2:]
    around = tall[:, :-2] + tall[:, 1:-1] + tall[:, 2:] - mask
    return np.asarray(around == np.where(mask, 0, 8))


def _flattened(grey: Grey) -> Ink:
    """The ink of a picture with uneven or noisy paper."""
    small = reduced(grey, COPY_SIDE_PX)
    paper, sign = shading.paper_and_sign(small)
    above = sign * (grey - shading.enlarged(paper, grey.shape))
    noise, full = _levels(above)
    if full < MIN_CONTRAST_GREYS:
        return np.zeros_like(grey)
    if noise > NOISY_SHARE * full:
        above = _smoothed(_averaged(above, sign * (small - paper)))
        noise, full = _levels(above)
    if full < CERTAIN_DEVIATIONS * noise:
        return np.zeros_like(grey)
    low = max(NOISE_FLOOR_DEVIATIONS * noise, BLANK_SHARE * full)
    high = max(FULL_SHARE * full, low + 1)
    return np.asarray(np.clip((above - low) / (high - low), 0, 1) * 255 + 0.5, dtype=np.uint8)


def _levels(above: Floats) -> tuple[float, float]:
    """Standard deviation of the paper's noise, and how far the ink stands out from it."""
    threshold = otsu(above)
    paper = above[above <= threshold]
    noise = _deviation(paper - np.median(paper))
    # The side of the paper where no ink is shows the noise alone.
    below = above[above < 0]
    if len(below) > 0.05 * above.size:
        noise = max(noise, _deviation(below))
    ink = above[above > max(threshold, NOISE_FLOOR_DEVIATIONS * noise)]
    return noise, float(np.percentile(ink, 75)) if len(ink) else 0.0


def _deviation(values: Floats) -> float:
    """Standard deviation of normally distributed values, whatever a few of them are."""
    return 1.4826 * float(np.median(np.abs(values)))


def _averaged(above: Floats, small: Floats) -> Floats:
    """The picture made smaller, as far as the ink that its small copy shows stays readable."""
    rows, columns = np.nonzero(small > otsu(small))
    side = max(np.ptp(rows), np.ptp(columns)) * max(above.shape) / max(small.shape)
    factor = max(1, int(side // READABLE_SIDE_PX))
    return np.asarray(Image.fromarray(above).reduce(factor))


def _smoothed(values: Floats) -> Floats:
    """Binomial mean of every pixel and its neighbours."""
    wide = np.pad(values, 1, mode="edge")
    tall = wide[:-2] + 2 * wide[1:-1] + wide[2:]
    return np.asarray((tall[:, :-2] + 2 * tall[:, 1:-1] + tall[:, 2:]) / 16)


def reduced(grey: Grey, longest: int) -> Floats:
    """The picture with sides of at most `longest` pixels, each the mean of a block."""
    factor = -(-max(grey.shape) // longest)
    # A ribbon keeps its few pixels across.
    down, across = (max(1, min(factor, side // 8)) for side in grey.shape)
    return np.asarray(Image.fromarray(grey).reduce((across, down)), dtype=np.float32)


def _without_specks(ink: Ink) -> Ink:
    """Ink without components that are tiny against the largest."""
    factor = -(-max(ink.shape) // (2 * COPY_SIDE_PX))
    height, width = (-(-side // factor) * factor for side in ink.shape)
    padded = np.pad(ink, ((0, height - ink.shape[0]), (0, width - ink.shape[1])))
    blocks = padded.reshape(height // factor, factor, width // factor, factor)
    labels, count = label_components(blocks.max(axis=(1, 3)) > 0)
    if count < 2:
        return ink
    masses = np.bincount(labels.ravel(), blocks.sum(axis=(1, 3), dtype=np.int64).ravel())
    kept: Mask = masses >= SPECK_INK_SHARE * masses[1:].max()
    kept[0] = True
    if kept.all():
        return ink
    whole: NDArray[np.bool_] = kept[labels].repeat(factor, axis=0).repeat(factor, axis=1)
    return np.asarray(ink * whole[: ink.shape[0], : ink.shape[1]])


def label_components(mask: Mask) -> tuple[ComponentLabels, int]:
    """Number the connected parts of a mask; pixels that touch at a corner are connected.

    mask: (height, width). Returns the labels, 0 outside the mask and 1, 2, … inside, and
    their number. Runs of pixels are joined from row to row by union-find (Rosenfeld and
    Pfaltz: Sequential operations in digital picture processing, 1966).
    """
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    parents = list(range(len(rows)))
    _join_runs(rows.tolist(), starts.tolist(), ends.tolist(), parents)
    roots = np.array([_root(parents, run) for run in range(len(rows))], dtype=np.intp)
    names, numbers = np.unique(roots, return_inverse=True)
    labels = np.zeros(mask.shape, dtype=np.int32)
    # Within the mask, pixels come in the order of the runs.
    labels[mask] = np.repeat(numbers + 1, ends - starts)
    return labels, len(names)


def _join_runs(rows: list[int], starts: list[int], ends: list[int], parents: list[int]) -> None:
    """Join every run with those of the row above that it touches."""
    above = 0
    for run, row in enumerate(rows):
        while rows[above] < row - 1 or (rows[above] == row - 1 and ends[above] < starts[run]):
            above += 1
        other = above
        while rows[other] == row - 1 and starts[other] <= ends[run]:
            parents[_root(parents, run)] = _root(parents, other)
            other += 1


def _root(parents: list[int], run: int) -> int:
    while parents[run] != run:
        parents[run] = parents[parents[run]]
        run = parents[run]
    return run
