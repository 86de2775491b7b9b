"""The panel: the reading in words, a bar for each label, and the glyph that the network sees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from recognizer.app.layout import MIN_TYPE_PX, Layout
from recognizer.app.style import BOLD, REGULAR, Colour, StyleCache, centred, mix
from recognizer.app.widgets import Part
from recognizer.glyph import SIZE_PX, Glyph
from recognizer.model import PROBABLY, UNSURE_SIGN, Prediction
from recognizer.reading import Reading
from recognizer.session import Session, percent

CAPTION_TEXT, PIXELS_TEXT = "What the network sees", "28 × 28 pixels"
UNLIKE_TEXT, BEGUN_TEXT = "unlike all that it knows", "Keep drawing"
MAX_NUMBER_SIZE = 58
"""Size of a number's digits at most, in pixels at scale 1."""
TRIED_SIZE_PX, FIGURE_SHARE = 100, 0.9
"""Size at which a presented text is measured, and the share of its room that its digits take."""


@dataclass(frozen=True)
class ProbabilityBar:
    """A label's probability, in a bar of so many pixels and in words."""

    label: str
    length: int
    words: str
    best: bool
    sure: bool


def panel_parts(session: Session, layout: Layout, style: StyleCache) -> Iterable[Part]:
    """The panel for a session; in the presenting view, only the answer and the bars."""
    prediction, chosen, count = session.prediction, session.chosen, len(session.reading.digits)
    layout = layout.for_lines(len(session.reading.lines))
    if not layout.presenting:
        yield Part("panel", layout.panel, 0, lambda s: _paint_card(s, layout, style))
    said = said_of(session)
    paint = _paint_number if count > 1 else _paint_digit
    if layout.presenting:
        paint = paint_presented
    yield Part("result", layout.result, said, lambda s: paint(s, said, layout, style))
    rects = layout.bar_rects(len(prediction.labels))
    for number, (rect, each) in enumerate(zip(rects, _shown(prediction, len(rects)), strict=True)):
        yield bar_part(number, rect, each, prediction, style)
    if layout.presenting:
        return
    seen = prediction.glyph
    key = seen.tobytes()
    yield Part("glyph", layout.glyph, key, lambda s: _paint_glyph(s, seen, layout, style))
    which = f"{chosen + 1} of {count}" if chosen is not None and count > 1 else ""
    yield Part("caption", layout.caption, which, lambda s: _paint_caption(s, which, layout, style))


def _shown(prediction: Prediction, room: int) -> list[tuple[str, float]]:
    """All labels with their probabilities, or the likeliest if there is no room for all."""
    shown = list(zip(prediction.labels, prediction.joint.tolist(), strict=True))
    if room < len(shown):
        return sorted(shown, key=lambda each: -each[1])[:room]
    return shown


def bar_part(
    number: int, rect: Rect, shown: tuple[str, float], prediction: Prediction, style: StyleCache
) -> Part:
    """The bar of a label with its probability."""
    label, share = shown
    track = _track(rect)
    if prediction.label is None:
        bar = ProbabilityBar(label, 0, "", False, False)
    else:
        length, words = round(share * track.width), percent(share)
        best = label == prediction.label and words != percent(0)
        bar = ProbabilityBar(label, length, words, best, prediction.sure)
    return Part(f"bar {number}", rect, bar, lambda s: _paint_bar(s, rect, track, bar, style))


def _track(rect: Rect) -> Rect:
    """What the bar fills at 100 %, between the label and the words."""
    size = _bar_type(rect)
    track = Rect(rect.left + round(1.3 * size), 0, 0, max(4, round(0.34 * rect.height)))
    track.width = rect.right - round(3.3 * size) - track.left
    track.centery = rect.centery
    return track


def _bar_type(rect: Rect) -> int:
    return min(round(rect.height * 0.72), round(rect.width / 14))


def _paint_card(surface: Surface, layout: Layout, style: StyleCache) -> None:
    theme = style.theme
    box = style.box(layout.panel.size, layout.px(10), theme.card, theme.line)
    surface.blit(box, layout.panel)


def _paint_bar(
    surface: Surface, rect: Rect, track: Rect, bar: ProbabilityBar, style: StyleCache
) -> None:
    theme, size = style.theme, _bar_type(rect)
    colour, weight = (theme.text, BOLD) if bar.best else (theme.muted, REGULAR)
    label = style.text(bar.label, size, colour, weight)
    surface.blit(label, label.get_rect(midleft=rect.midleft))
    if bar.words:
        number = style.text(bar.words, size, colour, weight)
        surface.blit(number, number.get_rect(midright=rect.midright))
    surface.blit(style.box(track.size, track.height / 2, theme.hover, theme.hover), track)
    if bar.length >= 2:
        best = theme.sure if bar.sure else theme.unsure
        fill = best if bar.best else mix(theme.muted, theme.card, 0.4)
        size_filled = (max(bar.length, track.height), track.height)
        surface.blit(style.box(size_filled, track.height / 2, fill, fill), track)


def _paint_glyph(surface: Surface, glyph: Glyph, layout: Layout, style: StyleCache) -> None:
    small = Surface((SIZE_PX, SIZE_PX), depth=8)
    small.set_palette([(grey, grey, grey) for grey in range(256)])
    pygame.surfarray.blit_array(small, glyph.T)
    surface.blit(pygame.transform.scale(small, layout.glyph.size), layout.glyph)
    pygame.draw.rect(surface, style.theme.line, layout.glyph, 1)


def _paint_caption(surface: Surface, which: str, layout: Layout, style: StyleCache) -> None:
    rect, theme = layout.caption, style.theme
    top = rect.top + layout.px(3)
    below = f"digit {which}, {PIXELS_TEXT}" if which else PIXELS_TEXT
    for text, colour in ((CAPTION_TEXT, theme.text), (below, theme.muted)):
        line = style.line(text, layout.type(14), colour, rect.width)
        surface.blit(line, line.get_rect(midtop=(rect.centerx, top)))
        top += line.get_height() - layout.px(2)


@dataclass(frozen=True)
class ResultText:
    """What is said: in large signs, in a line below them, and in a small one below that."""

    signs: str
    first: str
    second: str
    sure: bool = False


def said_of(session: Session) -> ResultText:
    """What there is to say of a session's reading, or of what is on its way."""
    if session.opening:
        return ResultText("", "Reading…", "Esc cancels")
    if session.begun:
        return ResultText("", BEGUN_TEXT, "It is read as you draw")
    return result_text(session.reading, session.prediction, session.picture is not None)


def result_text(reading: Reading, prediction: Prediction, in_picture: bool = False) -> ResultText:
    """What there is to say."""
    if prediction.label is None and in_picture:
        return ResultText("", "No digits found", "in this picture")
    if prediction.label is None:
        return ResultText("", "No digit yet", "It is read as you draw")
    told = [f"{label} ({percent(share)})" for label, share in prediction.candidates]
    likely, how = " or ".join(told) or UNLIKE_TEXT, percent(prediction.confidence)
    unsure = prediction.sign == UNSURE_SIGN
    if len(reading.digits) > 1:
        said = f"Not sure: {likely}" if unsure else f"{prediction.words} ({how})"
        return ResultText(reading.words, said, "", reading.sure)
    if prediction.sure:
        return ResultText(prediction.sign, f"{how} sure", "", True)
    return ResultText(prediction.sign, "Not sure" if unsure else prediction.words, likely)


def _paint_digit(surface: Surface, said: ResultText, layout: Layout, style: StyleCache) -> None:
    rect, theme = layout.result, style.theme
    colour = theme.sure if said.sure else theme.unsure
    beside = rect.width > 1.6 * rect.height
    size = layout.px(74 if beside else 104)
    if said.signs:
        figure = style.figure(said.signs, size, colour)
    else:
        figure = style.icon("pen", size // 2, theme.muted)
    if beside:
        spot = Rect(rect.left, rect.top, round(0.3 * rect.width), rect.height)
        lines = Rect(spot.right, rect.top, rect.right - spot.right, rect.height)
    else:
        spot = Rect(rect.left, rect.top, rect.width, round(0.55 * rect.height))
        lines = Rect(rect.left, spot.bottom, rect.width, layout.px(56))
    centred(surface, figure, spot)
    _paint_told(surface, said, lines, (layout.px(22), layout.type(15)), beside, style)


def paint_presented(surface: Surface, said: ResultText, layout: Layout, style: StyleCache) -> None:
    """The answer as large as its room; beside a single one, how sure it is."""
    rect, theme = layout.result, style.theme
    colour = theme.sure if said.sure else theme.unsure
    single = len(said.signs) == 1
    lines = Rect(rect)
    if said.signs:
        spot = Rect(rect)
        if single:
            spot.width = round(0.58 * rect.width)
            lines = Rect(spot.right, rect.top, rect.width - spot.width, rect.height)
        _paint_as_large(surface, said.signs.split("\n"), spot, colour, style)
    if single or not said.signs:
        _paint_told(surface, said, lines, (layout.px(46), layout.px(30)), single, style)


def _paint_told(
    surface: Surface,
    said: ResultText,
    rect: Rect,
    sizes: tuple[int, int],
    from_left: bool,
    style: StyleCache,
) -> None:
    """The two lines that are said beside the answer, or else in the middle below it."""
    above = style.line(said.first, sizes[0], style.theme.text, rect.width, BOLD)
    below = style.line(said.second, sizes[1], style.theme.muted, rect.width)
    top = rect.top + (rect.height - above.get_height() - below.get_height()) // 2
    for line in (above, below):
        surface.blit(line, (rect.left if from_left else rect.centerx - line.get_width() // 2, top))
        top += line.get_height()


def _paint_as_large(
    surface: Surface, rows: list[str], rect: Rect, colour: Colour, style: StyleCache
) -> None:
    """Rows of text in the middle of a rectangle, all of the largest size at which they fit."""
    height = rect.height / len(rows)
    sample = style.figure("0", TRIED_SIZE_PX, colour).get_height()
    widest = max(style.font(BOLD, TRIED_SIZE_PX).size(row)[0] for row in rows)
    share = FIGURE_SHARE if len(rows) == 1 else 0.8 * FIGURE_SHARE
    size = int(TRIED_SIZE_PX * min(share * height / sample, rect.width / widest))
    for number, row in enumerate(rows):
        figure = style.figure(row, size, colour)
        middle = rect.centerx, round(rect.top + (number + 0.5) * height)
        surface.blit(figure, figure.get_rect(center=middle))


def _paint_number(surface: Surface, said: ResultText, layout: Layout, style: StyleCache) -> None:
    rect = layout.result
    below = style.line(said.first, layout.type(15), style.theme.muted, rect.width)
    rows, size = fitted_rows(
        said.signs, (rect.width, rect.height - below.get_height()), layout, style
    )
    step = style.font(BOLD, size).get_linesize()
    top = rect.top + (rect.height - below.get_height() - step * len(rows)) // 2
    for row in rows:
        _paint_row(surface, row, size, Rect(rect.left, top, rect.width, step), style)
        top += step
    surface.blit(below, below.get_rect(midtop=(rect.centerx, top)))


def fitted_rows(
    text: str, room: tuple[int, int], layout: Layout, style: StyleCache
) -> tuple[list[str], int]:
    """The rows of a number and the largest size in pixels at which they fit.

    What is too long even at the smallest size goes on in further rows; what is too much for
    those, too, is cut off with an ellipsis.
    """
    rows = text.split("\n")
    for size in range(layout.px(MAX_NUMBER_SIZE), MIN_TYPE_PX, -1):
        font = style.font(BOLD, size)
        if font.get_linesize() * len(rows) <= room[1] and all(
            font.size(row)[0] <= room[0] for row in rows
        ):
            return rows, size
    font = style.font(BOLD, MIN_TYPE_PX)
    most = max(1, room[0] // font.size("0")[0])
    cut = [row[at : at + most] for row in rows for at in range(0, len(row), most)]
    fitting = max(1, room[1] // font.get_linesize())
    if len(cut) > fitting:
        cut = [*cut[: fitting - 1], f"{cut[fitting - 1][: most - 1]}…"]
    return cut, MIN_TYPE_PX


def _paint_row(surface: Surface, row: str, size: int, rect: Rect, style: StyleCache) -> None:
    """A row of a number in the middle of a rectangle, what is unsure in its own colour."""
    theme = style.theme
    pieces = [
        style.text(run, size, theme.unsure if number % 2 else theme.sure, BOLD)
        for number, run in enumerate(re.split(rf"([?]+|{PROBABLY}$)", row))
    ]
    left = rect.centerx - sum(piece.get_width() for piece in pieces) // 2
    for piece in pieces:
        surface.blit(piece, (left, rect.top))
        left += piece.get_width()
