"""The panel: the reading in words, a bar for every label, and the picture that the network sees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from recognizer.app.layout import MIN_TYPE_PX, Layout
from recognizer.app.style import BOLD, REGULAR, StyleCache, centred, mix
from recognizer.app.widgets import Part
from recognizer.app.widgets.answers import callout_of
from recognizer.glyph import SIZE_PX, Glyph
from recognizer.reading import Prediction, Reading
from recognizer.session import UNSURE_SIGN, Session, percent, shown_text

CAPTION_TEXT, PIXELS_TEXT = "What the network sees", "28 × 28 pixels"


@dataclass(frozen=True)
class ProbabilityBar:
    """One digit's probability, in a bar of so many pixels and in words."""

    digit: int
    length: int
    words: str
    best: bool
    sure: bool


def panel_parts(desk: Session, layout: Layout, look: StyleCache) -> Iterable[Part]:
    """The panel for what lies on the desk."""
    prediction, count = desk.prediction, len(desk.reading.digits)
    yield Part("panel", layout.panel, 0, lambda s: _paint_card(s, layout, look))
    yield _result_part(desk, layout, look)
    for digit in range(len(prediction.labels)):
        yield _bar(digit, prediction, layout, look)
    seen = prediction.glyph
    yield Part("glyph", layout.glyph, seen.tobytes(), lambda s: _paint_glyph(s, seen, layout, look))
    which = f"{desk.chosen + 1} of {count}" if desk.chosen is not None and count > 1 else ""
    yield Part("caption", layout.caption, which, lambda s: _paint_caption(s, which, layout, look))


def _bar(digit: int, prediction: Prediction, layout: Layout, look: StyleCache) -> Part:
    share = 0.0 if prediction.digit is None else float(prediction.probabilities[digit])
    words = "" if prediction.digit is None else percent(share)
    rect = layout.bars[digit]
    track = _track(rect)
    best = digit == prediction.digit
    bar = ProbabilityBar(digit, round(share * track.width), words, best, prediction.sure)
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


def _paint_card(surface: Surface, layout: Layout, look: StyleCache) -> None:
    theme = look.theme
    box = look.box(layout.panel.size, layout.px(10), theme.card, theme.line)
    surface.blit(box, layout.panel)


def _paint_bar(
    surface: Surface, rect: Rect, track: Rect, bar: ProbabilityBar, look: StyleCache
) -> None:
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


def _paint_glyph(surface: Surface, glyph: Glyph, layout: Layout, look: StyleCache) -> None:
    small = Surface((SIZE_PX, SIZE_PX), depth=8)
    small.set_palette([(grey, grey, grey) for grey in range(256)])
    pygame.surfarray.blit_array(small, glyph.T)
    surface.blit(pygame.transform.scale(small, layout.glyph.size), layout.glyph)
    pygame.draw.rect(surface, look.theme.line, layout.glyph, 1)


def _paint_caption(surface: Surface, which: str, layout: Layout, look: StyleCache) -> None:
    rect, theme = layout.caption, look.theme
    top = rect.top + layout.px(3)
    below = f"digit {which}, {PIXELS_TEXT}" if which else PIXELS_TEXT
    for text, colour in ((CAPTION_TEXT, theme.text), (below, theme.muted)):
        line = look.line(text, layout.type(14), colour, rect.width)
        surface.blit(line, line.get_rect(midtop=(rect.centerx, top)))
        top += line.get_height() - layout.px(2)


MAX_NUMBER_SIZE = 58
"""Size of a number's digits at most, in pixels at scale 1."""


@dataclass(frozen=True)
class ResultText:
    """What is said: in large signs, in a line below them, and in a small one below that."""

    signs: str
    first: str
    second: str


def _result_part(desk: Session, layout: Layout, look: StyleCache) -> Part:
    """The verdict on what lies on the desk, and on the digit in it that is looked at closely."""
    said = result_text(desk.reading, desk.prediction, desk.picture is not None)
    paint = _paint_number if len(desk.reading.digits) > 1 else _paint_digit
    return Part("verdict", layout.verdict, said, lambda s: paint(s, said, layout, look))


def result_text(reading: Reading, prediction: Prediction, in_picture: bool = False) -> ResultText:
    """What there is to say."""
    if prediction.digit is None and in_picture:
        return ResultText("", "No digit found", "in this picture")
    if prediction.digit is None:
        return ResultText("", "No digit yet", "It is read as you draw")
    first, second = prediction.ranking[:2]
    next_best = f"{second} ({percent(prediction.probabilities[second])})"
    likely = f"{first} ({percent(prediction.confidence)})"
    if len(reading.digits) > 1:
        joint = ", next best" if prediction.sure else " or"
        return ResultText(shown_text(reading), f"{likely}{joint} {next_best}", "")
    digit = callout_of(prediction).digit
    if prediction.sure:
        sure = f"{percent(prediction.confidence)} sure"
        return ResultText(digit, sure, f"Next best: {next_best}")
    return ResultText(digit, "Not sure", f"{likely} or {next_best}")


def _paint_digit(surface: Surface, said: ResultText, layout: Layout, look: StyleCache) -> None:
    rect, theme = layout.verdict, look.theme
    colour = theme.unsure if said.signs == UNSURE_SIGN else theme.sure
    beside = rect.width > 1.6 * rect.height
    size = layout.px(74 if beside else 104)
    if said.signs:
        figure = look.figure(said.signs, size, colour)
    else:
        figure = look.icon("pen", size // 2, theme.muted)
    if beside:
        spot = Rect(rect.left, rect.top, round(0.3 * rect.width), rect.height)
        lines = Rect(spot.right, rect.top, rect.right - spot.right, rect.height)
    else:
        spot = Rect(rect.left, rect.top, rect.width, round(0.55 * rect.height))
        lines = Rect(rect.left, spot.bottom, rect.width, layout.px(56))
    centred(surface, figure, spot)
    above = look.line(said.first, layout.px(22), theme.text, lines.width, BOLD)
    below = look.line(said.second, layout.type(15), theme.muted, lines.width)
    top = lines.top + (lines.height - above.get_height() - below.get_height()) // 2
    for line in (above, below):
        left = lines.left if beside else lines.centerx - line.get_width() // 2
        surface.blit(line, (left, top))
        top += line.get_height()


def _paint_number(surface: Surface, said: ResultText, layout: Layout, look: StyleCache) -> None:
    rect = layout.verdict
    below = look.line(said.first, layout.type(15), look.theme.muted, rect.width)
    rows, size = fitted_rows(
        said.signs, (rect.width, rect.height - below.get_height()), layout, look
    )
    step = look.font(BOLD, size).get_linesize()
    top = rect.top + (rect.height - below.get_height() - step * len(rows)) // 2
    for row in rows:
        _paint_row(surface, row, size, Rect(rect.left, top, rect.width, step), look)
        top += step
    surface.blit(below, below.get_rect(midtop=(rect.centerx, top)))


def fitted_rows(
    text: str, room: tuple[int, int], layout: Layout, look: StyleCache
) -> tuple[list[str], int]:
    """The rows of a number and the largest size in pixels at which they fit.

    What is too long even at the smallest size goes on in further rows; what is too much for
    those, too, is cut off with an ellipsis.
    """
    rows = text.split("\n")
    for size in range(layout.px(MAX_NUMBER_SIZE), MIN_TYPE_PX, -1):
        font = look.font(BOLD, size)
        if font.get_linesize() * len(rows) <= room[1] and all(
            font.size(row)[0] <= room[0] for row in rows
        ):
            return rows, size
    font = look.font(BOLD, MIN_TYPE_PX)
    most = max(1, room[0] // font.size("0")[0])
    cut = [row[at : at + most] for row in rows for at in range(0, len(row), most)]
    fitting = max(1, room[1] // font.get_linesize())
    if len(cut) > fitting:
        cut = [*cut[: fitting - 1], f"{cut[fitting - 1][: most - 1]}…"]
    return cut, MIN_TYPE_PX


def _paint_row(surface: Surface, row: str, size: int, rect: Rect, look: StyleCache) -> None:
    """A row of a number in the middle of a rectangle, what is unsure in its own colour."""
    theme = look.theme
    pieces = [
        look.text(run, size, theme.unsure if run[0] == UNSURE_SIGN else theme.sure, BOLD)
        for run in re.findall(r"[?]+|[^?]+", row)
    ]
    left = rect.centerx - sum(piece.get_width() for piece in pieces) // 2
    for piece in pieces:
        surface.blit(piece, (left, rect.top))
        left += piece.get_width()
