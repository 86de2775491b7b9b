"""A picture for each game that says at a glance what one does: print, and a hand's drawings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame
from pygame import Rect, Surface

from recognizer.app.style import BOLD, Colour, StyleCache, tinted
from recognizer.ink import render
from recognizer.inkml import demo_drawings
from recognizer.strokes import Stroke, bounds, transformed

MIN_HEIGHT_PX, MAX_HEIGHT_PX = 28, 120
"""Where there is less room there is no picture; where there is more, it is no larger."""
PEN_SHARE, GAP_SHARE = 0.09, 0.3
"""Width of the pen, and room between two things, as shares of the height."""
EARLY_SHARES = ((0.3, "?"), (0.6, "5?"), (1.0, "5!"))
"""How much of the digit is drawn, and what the network says to it."""


def paint_game_picture(surface: Surface, game: str, room: Rect, style: StyleCache) -> None:
    """Paint the picture of a game at the left of a rectangle, in the middle of its height."""
    height = min(room.height, MAX_HEIGHT_PX, room.width // 5)
    if height < MIN_HEIGHT_PX:
        return
    parts = _PICTURES[game](height, style)
    gap = round(GAP_SHARE * height)
    left = room.left
    for part in parts:
        surface.blit(part, part.get_rect(midleft=(left, room.centery)))
        left += part.get_width() + gap


def _sums(height: int, style: StyleCache) -> Sequence[Surface]:
    task = style.text("3 × 4 =", round(0.9 * height), style.theme.text, BOLD)
    one, two = (written(digit, height, style.theme.sure) for digit in (1, 2))
    answer = Surface((one.get_width() + two.get_width() + height // 6, height), pygame.SRCALPHA)
    answer.blit(one, (0, 0))
    answer.blit(two, two.get_rect(topright=answer.get_rect().topright))
    return task, answer


def _draw_it(height: int, style: StyleCache) -> Sequence[Surface]:
    ink = style.theme.sure
    task = style.figure("4", round(0.9 * height), style.theme.text)
    large = written(4, height, ink)
    small = written(4, height // 2, ink)
    turned = pygame.transform.rotozoom(written(4, round(0.8 * height), ink), -90, 1.0)
    return task, _arrow(height, style), large, small, turned


def _fool_it(height: int, style: StyleCache) -> Sequence[Surface]:
    theme = style.theme
    words = style.text("It says 1", max(round(0.3 * height), 13), theme.on_accent, BOLD)
    size = words.get_width() + height // 2, words.get_height() + height // 5
    bubble = style.box(size, size[1] / 2, theme.unsure, theme.unsure).copy()
    bubble.blit(words, words.get_rect(center=bubble.get_rect().center))
    return written(7, height, theme.text), _arrow(height, style), bubble


def _guess_early(height: int, style: StyleCache) -> Sequence[Surface]:
    theme, size = style.theme, max(round(0.34 * height), 13)
    parts = []
    for share, words in EARLY_SHARES:
        drawn = written(5, height, theme.text, share)
        bet = style.text(words, size, theme.sure if share == 1 else theme.unsure, BOLD)
        both = Surface((drawn.get_width() + bet.get_width() + 4, height), pygame.SRCALPHA)
        both.blit(drawn, (0, 0))
        both.blit(bet, bet.get_rect(midright=both.get_rect().midright))
        parts.append(both)
    return parts


_PICTURES = {
    "sums": _sums,
    "draw it": _draw_it,
    "fool it": _fool_it,
    "guess early": _guess_early,
}


def _arrow(height: int, style: StyleCache) -> Surface:
    icon = style.icon("up", round(0.4 * height), style.theme.muted)
    return pygame.transform.rotate(icon, -90)


def written(digit: int, height: int, colour: Colour, share: float = 1.0) -> Surface:
    """The demo's drawing of a digit, so high; of its points only the first share."""
    strokes = demo_drawings()[digit]
    box, pen = bounds(strokes), PEN_SHARE * height
    scale = (height - 2 * pen) / box.height
    placed = transformed(strokes, scale, origin=box.corner, to=(pen, pen), pen=pen)
    ink = render(_first(placed, share), (round(box.width * scale + 2 * pen), height))
    return tinted(ink, colour)


def _first(strokes: Sequence[Stroke], share: float) -> list[Stroke]:
    left = round(share * sum(len(each.points) for each in strokes))
    found = []
    for each in strokes:
        if left > 0:
            found.append(Stroke(np.asarray(each.points[:left]), each.width))
        left -= len(each.points)
    return found
