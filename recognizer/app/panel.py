"""The panel: the reading in words, ten bars, and the picture that the network sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from recognizer.app import verdict
from recognizer.app.desk import Desk
from recognizer.app.layout import Layout
from recognizer.app.look import BOLD, REGULAR, Look
from recognizer.app.stage import Part
from recognizer.app.theme import mix
from recognizer.app.words import percent
from recognizer.glyph import SIZE, Glyph
from recognizer.reading import DIGITS, Prediction

CAPTION, PIXELS = "What the network sees", "28 × 28 pixels"


@dataclass(frozen=True)
class Bar:
    """One digit's probability, in a bar of so many pixels and in words."""

    digit: int
    length: int
    words: str
    best: bool
    sure: bool


def parts(desk: Desk, layout: Layout, look: Look) -> Iterable[Part]:
    """The panel for what lies on the desk."""
    prediction, count = desk.prediction, len(desk.reading.digits)
    yield Part("panel", layout.panel, 0, lambda s: _paint_card(s, layout, look))
    yield verdict.part(desk, layout, look)
    for digit in range(DIGITS):
        yield _bar(digit, prediction, layout, look)
    seen = prediction.glyph
    yield Part("glyph", layout.glyph, seen.tobytes(), lambda s: _paint_glyph(s, seen, layout, look))
    which = f"{desk.chosen + 1} of {count}" if desk.chosen is not None and count > 1 else ""
    yield Part("caption", layout.caption, which, lambda s: _paint_caption(s, which, layout, look))


def _bar(digit: int, prediction: Prediction, layout: Layout, look: Look) -> Part:
    share = 0.0 if prediction.digit is None else float(prediction.probabilities[digit])
    words = "" if prediction.digit is None else percent(share)
    rect = layout.bars[digit]
    track = _track(rect)
    best = digit == prediction.digit
    bar = Bar(digit, round(share * track.width), words, best, prediction.sure)
    return Part(f"bar {digit}", rect, bar, lambda s: _paint_bar(s, rect, track, bar, look))


def _track(rect: Rect) -> Rect:
    """What the bar fills at 100 %, between the digit and the words."""
    size = _bar_type(rect)
    track = Rect(rect.left + round(1.3 * size), 0, 0, max(4, round(0.34 * rect.height)))
    track.width = rect.right - round(3.3 * size) - track.left
    track.centery = rect.centery
    return track


def _bar_type(rect: Rect) -> int:
    return min(round(rect.height * 0.72), round(rect.width / 14))


def _paint_card(surface: Surface, layout: Layout, look: Look) -> None:
    theme = look.theme
    box = look.box(layout.panel.size, layout.px(10), theme.card, theme.line)
    surface.blit(box, layout.panel)


def _paint_bar(surface: Surface, rect: Rect, track: Rect, bar: Bar, look: Look) -> None:
    theme, size = look.theme, _bar_type(rect)
    colour, weight = (theme.text, BOLD) if bar.best else (theme.muted, REGULAR)
    label = look.text(str(bar.digit), size, colour, weight)
    surface.blit(label, label.get_rect(midleft=rect.midleft))
    if bar.words:
        number = look.text(bar.words, size, colour, weight)
        surface.blit(number, number.get_rect(midright=rect.midright))
    surface.blit(look.box(track.size, track.height / 2, theme.hover, theme.hover), track)
    if bar.length >= 2:
        best = theme.sure if bar.sure else theme.unsure
        fill = best if bar.best else mix(theme.muted, theme.card, 0.4)
        size_filled = (max(bar.length, track.height), track.height)
        surface.blit(look.box(size_filled, track.height / 2, fill, fill), track)


def _paint_glyph(surface: Surface, glyph: Glyph, layout: Layout, look: Look) -> None:
    small = Surface((SIZE, SIZE), depth=8)
    small.set_palette([(grey, grey, grey) for grey in range(256)])
    pygame.surfarray.blit_array(small, glyph.T)
    surface.blit(pygame.transform.scale(small, layout.glyph.size), layout.glyph)
    pygame.draw.rect(surface, look.theme.line, layout.glyph, 1)


def _paint_caption(surface: Surface, which: str, layout: Layout, look: Look) -> None:
    rect, theme = layout.caption, look.theme
    top = rect.top + layout.px(3)
    below = f"digit {which}, {PIXELS}" if which else PIXELS
    for text, colour in ((CAPTION, theme.text), (below, theme.muted)):
        line = look.line(text, layout.type(14), colour, rect.width)
        surface.blit(line, line.get_rect(midtop=(rect.centerx, top)))
        top += line.get_height() - layout.px(2)
