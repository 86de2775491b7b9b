"""The panel: the reading in words, ten bars, and the picture that the network sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from recognizer.app.answer import answer_of
from recognizer.app.layout import Layout
from recognizer.app.look import BOLD, REGULAR, Look, centred
from recognizer.app.stage import Part
from recognizer.app.theme import mix
from recognizer.app.words import percent
from recognizer.glyph import SIZE, Glyph
from recognizer.reading import DIGITS, Prediction

CAPTION = ("What the network sees", "28 × 28 pixels")


@dataclass(frozen=True)
class Bar:
    """One digit's probability, in a bar of so many pixels and in words."""

    digit: int
    length: int
    words: str
    best: bool
    sure: bool


def parts(prediction: Prediction, layout: Layout, look: Look) -> Iterable[Part]:
    """The panel for a reading."""
    yield Part("panel", layout.panel, 0, lambda s: _paint_card(s, layout, look))
    words = verdict(prediction)
    yield Part("verdict", layout.verdict, words, lambda s: _paint_verdict(s, words, layout, look))
    for digit in range(DIGITS):
        yield _bar(digit, prediction, layout, look)
    seen = prediction.glyph
    yield Part("glyph", layout.glyph, seen.tobytes(), lambda s: _paint_glyph(s, seen, layout, look))
    yield Part("caption", layout.caption, 0, lambda s: _paint_caption(s, layout, look))


def verdict(prediction: Prediction) -> tuple[str, str, str]:
    """The digit, how sure it is, and the next best answer."""
    if prediction.digit is None:
        return "", "No digit yet", "It is read as you draw"
    first, second = prediction.ranking[:2]
    next_best = f"{second} ({percent(prediction.probabilities[second])})"
    digit = answer_of(prediction).digit
    if prediction.sure:
        return digit, f"{percent(prediction.confidence)} sure", f"Next best: {next_best}"
    return digit, "Not sure", f"{first} ({percent(prediction.confidence)}) or {next_best}"


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


def _paint_verdict(
    surface: Surface, words: tuple[str, str, str], layout: Layout, look: Look
) -> None:
    digit, first, second = words
    rect, theme = layout.verdict, look.theme
    colour = theme.unsure if digit == "?" else theme.sure
    beside = rect.width > 1.6 * rect.height
    size = layout.px(74 if beside else 104)
    figure = look.figure(digit, size, colour) if digit else look.icon("pen", size // 2, theme.muted)
    if beside:
        spot = Rect(rect.left, rect.top, round(0.3 * rect.width), rect.height)
        lines = Rect(spot.right, rect.top, rect.right - spot.right, rect.height)
    else:
        spot = Rect(rect.left, rect.top, rect.width, round(0.55 * rect.height))
        lines = Rect(rect.left, spot.bottom, rect.width, layout.px(56))
    centred(surface, figure, spot)
    above = look.line(first, layout.px(22), theme.text, lines.width, BOLD)
    below = look.line(second, layout.type(15), theme.muted, lines.width)
    top = lines.top + (lines.height - above.get_height() - below.get_height()) // 2
    for line in (above, below):
        left = lines.left if beside else lines.centerx - line.get_width() // 2
        surface.blit(line, (left, top))
        top += line.get_height()


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


def _paint_caption(surface: Surface, layout: Layout, look: Look) -> None:
    rect, theme = layout.caption, look.theme
    top = rect.top + layout.px(3)
    for text, colour in zip(CAPTION, (theme.text, theme.muted), strict=True):
        line = look.line(text, layout.type(14), colour, rect.width)
        surface.blit(line, line.get_rect(midtop=(rect.centerx, top)))
        top += line.get_height() - layout.px(2)
