"""Feature maps and evidence as pictures: dark where nothing is found, light where much is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect, Surface

from recognizer.app.style import Colour, Theme, as_surface, mix
from recognizer.glyph import SIZE_PX, Glyph
from recognizer.model.stages import SeenStages, between

Floats = NDArray[np.float32]
DARK_END, MIDDLE, LIGHT_END = (22, 30, 48), (45, 130, 205), (255, 243, 180)
"""What a map glows in, from nothing to much; the same in every theme, as a screen's glass is."""
MIN_PEAK = 0.25
"""What counts as much at least, so that a map of hardly anything stays dark."""
GLOW_EXPONENT = 0.7
"""Less than 1, so that what responds a little is seen, too."""
MAX_EVIDENCE_PX = 168
"""Evidence is worked out in so many pixels a side at most, and made larger from there."""
MIN_SIGN_SHARE = 0.4
"""Evidence of this share of the strongest is marked with a sign, not by its colour alone."""


@cache
def glow() -> tuple[Colour, ...]:
    """A palette of 256 colours."""
    steps = np.linspace(0, 2, 256).tolist()
    return tuple(
        mix(DARK_END, MIDDLE, each) if each <= 1 else mix(MIDDLE, LIGHT_END, each - 1)
        for each in steps
    )


def pixel_side(cells: int, room: int) -> int:
    """How many whole pixels of the screen a cell of a picture takes, at least 1."""
    return max(1, room // cells)


def tile_rects(row: Rect, cells: int, gap: int, most: int) -> list[Rect]:
    """Where square pictures of so many cells stand in a row, as large as it is high."""
    side = cells * pixel_side(cells, row.height)
    count = min(most, (row.width + gap) // (side + gap))
    top = row.top + (row.height - side) // 2
    return [Rect(row.left + n * (side + gap), top, side, side) for n in range(count)]


def peak_of(maps: Floats) -> float:
    """The value that is shown brightest."""
    return max(float(maps.max(initial=0.0)), MIN_PEAK)


def paint_maps(
    surface: Surface, rects: Sequence[Rect], maps: Floats, numbers: Sequence[int], peak: float
) -> None:
    """Paint some of the maps (height, width, maps), each in its rectangle.

    All are painted as one picture, since a hundred small ones take five times as long.
    """
    if not rects:
        return
    whole = rects[0].unionall(list(rects[1:]))
    shares = np.clip(maps[..., list(numbers[: len(rects)])] / peak, 0, 1)
    cells = np.round(255 * shares**GLOW_EXPONENT).astype(np.uint8)
    zoom = rects[0].width // maps.shape[1]
    tiles = cells.repeat(zoom, axis=0).repeat(zoom, axis=1)
    sheet = Surface(whole.size, depth=8)
    sheet.set_palette(glow())
    pixels = pygame.surfarray.pixels2d(sheet)
    for number, rect in enumerate(rects):
        left = rect.left - whole.left
        pixels[left : left + rect.width] = tiles[..., number].T
    del pixels
    for rect in rects:
        surface.blit(sheet, rect, rect.move(-whole.left, -whole.top))


def paint_glyph(surface: Surface, rect: Rect, glyph: NDArray[np.uint8]) -> None:
    """Paint a glyph (28, 28), white on black, in a rectangle of whole cells."""
    small = Surface((SIZE_PX, SIZE_PX), depth=8)
    small.set_palette([(grey, grey, grey) for grey in range(256)])
    pygame.surfarray.blit_array(small, glyph.T)
    surface.blit(pygame.transform.scale(small, rect.size), rect)


def evidence_surface(glyph: Glyph, seen: SeenStages, side: int, theme: Theme) -> Surface:
    """A drawing in a square of so many pixels, in the colours of what it speaks for.

    What speaks for the answer is tinted as sure answers are, what speaks against it as unsure
    ones are; ink takes more of the tint than paper.
    """
    small = min(side, MAX_EVIDENCE_PX)
    places = (np.arange(small) + 0.5) * SIZE_PX / small - 0.5
    whole = np.asarray(glyph / 255, dtype=np.float32)
    ink = between(between(whole, places).T, places).T[..., None]
    evidence = seen.evidence_at(small)[..., None]
    strength = np.sqrt(np.abs(evidence) / max(float(np.abs(evidence).max()), 1e-6))
    paper, line, for_it, against = (
        np.array(colour, dtype=np.float32)
        for colour in (theme.paper, theme.ink, theme.sure, theme.unsure)
    )
    plain = paper * (1 - ink) + line * ink
    tint = np.where(evidence > 0, for_it, against)
    share = strength * (0.35 + 0.55 * ink)
    picture = as_surface((plain * (1 - share) + tint * share).astype(np.uint8))
    return picture if small == side else pygame.transform.smoothscale(picture, (side, side))


def marked_places(seen: SeenStages) -> list[tuple[float, float, bool]]:
    """Where the evidence is strongest, as shares of the glyph (x, y), and whether it is for it."""
    where, evidence = seen.evidence_of, seen.evidence
    least = MIN_SIGN_SHARE * max(float(np.abs(evidence).max()), 1e-6)
    return [
        (
            (where.first_px + 0.5 + where.step_px * int(column)) / SIZE_PX,
            (where.first_px + 0.5 + where.step_px * int(row)) / SIZE_PX,
            bool(evidence[row, column] > 0),
        )
        for row, column in np.argwhere(np.abs(evidence) >= least)
    ]
