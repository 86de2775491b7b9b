"""Two pages of the screen that looks inside: similar drawings, and networks side by side.

number, of both pages: another one for each look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial

from pygame import Rect, Surface

from recognizer.app.screens import Frame
from recognizer.app.screens.page_view import paint_lines
from recognizer.app.style import (
    BOLD,
    REGULAR,
    Colour,
    centred,
    ink_in_square,
    ink_surface,
    wrapped,
)
from recognizer.app.widgets import Part
from recognizer.app.widgets.maps import paint_glyph, pixel_side
from recognizer.glyph import SIZE_PX
from recognizer.ink import render_to_fit
from recognizer.model.neighbours import SimilarDrawing
from recognizer.session import percent
from recognizer.session.insight import ComparedReading
from recognizer.strokes import Stroke

SIMILAR_SIDE, SIMILAR_WORDS, SIMILAR_GAP = 84, 42, 8
"""Side of a similar drawing, the height of the two lines below it, and the room between two;
scale 1."""
SIMILAR_EXTENT = (500.0, 500.0)
"""The writing area of a similar drawing: it is about half as large."""
COMPARED_ANSWERS = 3
MAX_PICTURES = 400


class OthersPainter:
    """The parts of both pages."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._ink = lru_cache(MAX_PICTURES)(_drawing_surface)

    def similar(self, found: Sequence[SimilarDrawing], number: int, page: Rect) -> Iterable[Part]:
        """The drawings that are most alike, as many as have room."""
        px = self.frame.layout.px
        gap = px(SIMILAR_GAP)
        columns = max(1, (page.width + gap) // (px(SIMILAR_SIDE) + gap))
        side = (page.width + gap) // columns - gap
        height = side + px(SIMILAR_WORDS) + gap
        for place, drawing in enumerate(found[: columns * (page.height // height)]):
            row, column = divmod(place, columns)
            tile = Rect(
                page.left + column * (side + gap), page.top + row * height, side, height - gap
            )
            paint = partial(self._paint_similar, drawing, tile)
            yield Part(f"similar {place}", tile, number, paint)

    def _paint_similar(self, drawing: SimilarDrawing, tile: Rect, surface: Surface) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, square = style.theme, Rect(tile.topleft, (tile.width, tile.width))
        surface.blit(style.box(square.size, layout.px(8), theme.paper, theme.line), square)
        centred(surface, self._ink(drawing.strokes, round(0.8 * square.width), theme.ink), square)
        told = f"{percent(drawing.similarity)} alike"
        lines = [
            style.line(drawing.label, layout.type(17), theme.text, tile.width, BOLD),
            style.line(told, layout.type(12), theme.muted, tile.width),
        ]
        below = Rect(tile.left, square.bottom, tile.width, tile.bottom - square.bottom)
        paint_lines(surface, lines, below, centre=True)

    def compared(self, found: Sequence[ComparedReading], number: int, page: Rect) -> Iterable[Part]:
        """Networks side by side, ours first."""
        gap = self.frame.layout.px(12)
        width = (page.width + gap) // len(found) - gap
        for place, reading in enumerate(found):
            rect = Rect(page.left + place * (width + gap), page.top, width, page.height)
            paint = partial(self._paint_compared, reading, found[0], rect)
            yield Part(f"compared {place}", rect, number, paint)

    def _paint_compared(
        self, reading: ComparedReading, ours: ComparedReading, rect: Rect, surface: Surface
    ) -> None:
        """What a network was shown, its answer and the next ones, and how it learned."""
        layout, style = self.frame.layout, self.frame.style
        theme, px = style.theme, layout.px
        surface.blit(style.box(rect.size, px(10), theme.card, theme.line), rect)
        inside = rect.inflate(-2 * px(10), -2 * px(10))
        size, room = layout.type(15), inside.copy()
        for words in wrapped(reading.title, style.font(BOLD, size), inside.width)[:2]:
            line = style.line(words, size, theme.text, inside.width, BOLD)
            surface.blit(line, room.topleft)
            room.top += line.get_height()
        room.top = inside.top + 3 * size
        zoom = pixel_side(SIZE_PX, min(inside.width, round(0.34 * inside.height)))
        tile = Rect(0, room.top, SIZE_PX * zoom, SIZE_PX * zoom)
        tile.centerx = inside.centerx
        paint_glyph(surface, tile, reading.glyph)
        colour = theme.text if reading.label == ours.label else theme.unsure
        figure = style.figure(reading.label or "–", px(50), colour)
        surface.blit(figure, figure.get_rect(midtop=(inside.centerx, tile.bottom + px(10))))
        room.top = tile.bottom + px(10 + 50 + 10)
        if reading.label is not None:
            for label, share in reading.shares[:COMPARED_ANSWERS]:
                bar = Rect(room.left, room.top, room.width, round(1.3 * size))
                self._paint_bar(surface, bar, label, share, colour)
                room.top = bar.bottom
        room.top += px(6)
        room.height = inside.bottom - room.top
        self._paint_sentence(surface, reading.sentence, room)

    def _paint_bar(
        self, surface: Surface, rect: Rect, label: str, share: float, colour: Colour
    ) -> None:
        layout, style = self.frame.layout, self.frame.style
        size, theme = layout.type(13), style.theme
        sign = style.text(label, size, theme.text, BOLD)
        told = style.text(percent(share), size, theme.text)
        surface.blit(sign, sign.get_rect(midleft=rect.midleft))
        surface.blit(told, told.get_rect(midright=rect.midright))
        track = Rect(rect.left + round(1.3 * size), 0, 0, size // 2)
        track.width = rect.right - round(3.2 * size) - track.left
        track.centery = rect.centery
        surface.blit(style.box(track.size, 3, theme.hover, theme.hover), track)
        track.width = round(share * track.width)
        surface.fill(colour, track)

    def _paint_sentence(self, surface: Surface, words: str, rect: Rect) -> None:
        layout, style = self.frame.layout, self.frame.style
        size, top = layout.type(13), rect.top
        for words_of_line in wrapped(words, style.font(REGULAR, size), rect.width):
            line = style.line(words_of_line, size, style.theme.muted, rect.width)
            if top + line.get_height() > rect.bottom:
                break
            surface.blit(line, (rect.left, top))
            top += line.get_height()


def _drawing_surface(strokes: tuple[Stroke, ...], side: int, colour: Colour) -> Surface:
    return ink_surface(ink_in_square(render_to_fit(strokes, SIMILAR_EXTENT)), side, colour)
