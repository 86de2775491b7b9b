"""How the screen that looks inside the network looks: the drawing, the answers, and its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect, Surface

from recognizer.app.screens import Frame
from recognizer.app.screens.inside_layout_view import BACK, REPLAY, SLIDER, InsideLayout, knob_x
from recognizer.app.screens.inside_pages_view import (
    PagePainter,
    ShownInside,
    stage_rows,
    stage_words,
)
from recognizer.app.screens.page_view import page_parts
from recognizer.app.style import BOLD, as_surface, wrapped
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace, ButtonMarks, button_part, paint_focus
from recognizer.app.widgets.canvas import Canvas
from recognizer.model import Prediction
from recognizer.model.card import ModelError
from recognizer.session import percent
from recognizer.session.insight import Insight

TITLE_TEXT = "Inside"
TAB_WORDS = {
    "stages": "Stages",
    "evidence": "Evidence",
    "similar": "Similar",
    "compared": "Side by side",
}
PAGE_SENTENCES = {
    "stages": "Each small picture is a map: bright where a filter finds its pattern.",
    "evidence": "The tint tells which parts speak for the answer, and which against it.",
    "similar": "Of the drawings that it learned from, these look most like yours to the network.",
    "compared": "The same drawing, read by networks that learned in different ways.",
}
KEYS_TEXT = "1 to 4 choose a page · Tab, arrows and Enter reach everything · Esc goes back"
EMPTY_TEXT = "Draw here, and see what the network does."
PICTURE_TEXT = "A picture is looked at; go back and clear it to draw."
STAGE_ROW = "stage "
MAX_BARS, MIN_BAR_WIDTH_PX = 12, 15
MAX_SHOWN_SIMILAR = 40


class InsideView:
    """Shows an insight in a frame."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._painter = PagePainter(frame)
        self._looks = 0

    def look(self, insight: Insight) -> ShownInside:
        """What is to be shown of the page that is looked at; nothing else is worked out."""
        self._looks += 1
        asked: dict[str, Callable[[], object]] = {
            "stages": insight.seen,
            "evidence": insight.seen,
            "similar": lambda: insight.similar(MAX_SHOWN_SIMILAR),
            "compared": insight.compared,
        }
        trouble, found = "", None
        try:
            found = asked[insight.page]()
        except ModelError as error:
            trouble = str(error)
        return ShownInside(
            insight.page, insight.prediction, insight.contrast, found, trouble, self._looks
        )

    def rows(self, shown: ShownInside, page: Rect) -> dict[str, Rect]:
        """The rows of the stages, which can be pointed at."""
        rows = stage_rows(shown, page)
        return {f"{STAGE_ROW}{number}": row for number, row in enumerate(rows)}

    def parts(
        self,
        insight: Insight,
        shown: ShownInside,
        canvas: Canvas,
        layout: InsideLayout,
        marks: ButtonMarks,
    ) -> Iterable[Part]:
        """The whole screen."""
        note = (self._note(insight, shown, marks), False)
        yield from page_parts(self.frame, TITLE_TEXT, PAGE_SENTENCES[shown.page], note)
        yield from self._buttons(insight, shown, layout, marks)
        yield from self._drawing(insight, canvas)
        yield from self._answers(insight.prediction, layout.answers)
        pointed = next(
            (m for m in (marks.hovered, marks.focus) if m and m.startswith(STAGE_ROW)), ""
        )
        number = int(pointed.removeprefix(STAGE_ROW)) if pointed else None
        yield from self._painter.parts(shown, layout.page, number)

    def _note(self, insight: Insight, shown: ShownInside, marks: ButtonMarks) -> str:
        for mark in (marks.hovered, marks.focus):
            if mark and mark.startswith(STAGE_ROW):
                return stage_words(shown, int(mark.removeprefix(STAGE_ROW)))[1]
        if insight.picture:
            return PICTURE_TEXT
        return self._painter.sources(shown) or KEYS_TEXT

    def _buttons(
        self, insight: Insight, shown: ShownInside, layout: InsideLayout, marks: ButtonMarks
    ) -> Iterable[Part]:
        faces = {name: ButtonFace(w, active=name == shown.page) for name, w in TAB_WORDS.items()}
        faces |= {
            BACK: ButtonFace("Back"),
            REPLAY: ButtonFace("", icon="replay", enabled=insight.count > 0),
        }
        for name, face in faces.items():
            rect = layout.buttons[name]
            yield button_part(name, rect, face, marks, self.frame.layout, self.frame.style)
        track, at, count = layout.buttons[SLIDER], insight.at, insight.count
        focused = marks.focus == SLIDER
        key = (at, count, focused)
        yield Part(SLIDER, track, key, lambda s: self._paint_slider(s, track, at, count, focused))

    def _paint_slider(
        self, surface: Surface, track: Rect, at: int, count: int, focused: bool
    ) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, x = style.theme, knob_x(track, at, count)
        groove = Rect(0, 0, track.width - track.height, max(4, track.height // 6))
        groove.center = track.center
        surface.blit(style.box(groove.size, groove.height / 2, theme.line, theme.line), groove)
        done = groove.copy()
        done.width = max(x - groove.left, groove.height)
        surface.blit(style.box(done.size, done.height / 2, theme.sure, theme.sure), done)
        knob = style.disc(0.55 * track.height, theme.sure)
        surface.blit(knob, knob.get_rect(center=(x, track.centery)))
        if focused:
            paint_focus(surface, track, layout, style)

    def _drawing(self, insight: Insight, canvas: Canvas) -> Iterable[Part]:
        rect, style, picture = canvas.rect, self.frame.style, insight.picture
        yield Part("paper", rect, 0, canvas.paint)
        if picture:
            yield Part("picture", rect, picture, lambda s: _paint_picture(s, rect, picture.pixels))
        elif not insight.count:
            yield Part("invitation", rect, 0, lambda s: self._paint_words(s, rect, EMPTY_TEXT))
        yield Part("frame", rect, 0, lambda s: pygame.draw.rect(s, style.theme.line, rect, 1))

    def _paint_words(self, surface: Surface, rect: Rect, words: str) -> None:
        layout, style = self.frame.layout, self.frame.style
        size = layout.type(17)
        lines = wrapped(words, style.font(BOLD, size), rect.width - 2 * layout.px(12))
        top = rect.centery - len(lines) * size * 5 // 8
        for words_of_line in lines:
            line = style.text(words_of_line, size, style.theme.muted, BOLD)
            surface.blit(line, line.get_rect(midtop=(rect.centerx, top)))
            top += size * 5 // 4

    def _answers(self, prediction: Prediction, rect: Rect) -> Iterable[Part]:
        """A bar for each answer, upright side by side, or for the likeliest that have room."""
        count = min(len(prediction.labels), MAX_BARS, rect.width // MIN_BAR_WIDTH_PX)
        shown = list(zip(prediction.labels, prediction.joint.tolist(), strict=True))
        if count < len(shown):
            shown = sorted(shown, key=lambda each: -each[1])[:count]
        likeliest = prediction.label
        bars = tuple((label, 0.0 if likeliest is None else round(p, 2)) for label, p in shown)
        key = (bars, likeliest, prediction.sure)
        yield Part("answers", rect, key, lambda surface: self._bars(surface, rect, *key))

    def _bars(
        self,
        surface: Surface,
        rect: Rect,
        bars: tuple[tuple[str, float], ...],
        likeliest: str | None,
        sure: bool,
    ) -> None:
        style, width = self.frame.style, rect.width / len(bars)
        size, small = self.frame.layout.type(17), self.frame.layout.type(12)
        theme = style.theme
        for number, (label, share) in enumerate(bars):
            column = Rect(rect.left + round(number * width), rect.top, int(width), rect.height)
            best = label == likeliest
            words = style.text(label, size, theme.text if best else theme.muted, BOLD)
            surface.blit(words, words.get_rect(midbottom=column.midbottom))
            track = Rect(0, 0, max(6, column.width // 2), column.height - size * 5 // 4 - small - 2)
            track.midtop = (column.centerx, column.top + small + 2)
            surface.blit(style.box(track.size, 3, theme.hover, theme.hover), track)
            if height := round(share * track.height):
                colour = (theme.sure if sure else theme.unsure) if best else theme.muted
                surface.fill(colour, Rect(track.left, track.bottom - height, track.width, height))
            if best and share:
                told = style.line(percent(share), small, theme.text, rect.width, BOLD)
                place = told.get_rect(midtop=(column.centerx, column.top))
                surface.blit(told, place.clamp(rect))


def _paint_picture(surface: Surface, rect: Rect, pixels: NDArray[np.uint8]) -> None:
    whole = as_surface(pixels)
    scale = min(rect.width / whole.get_width(), rect.height / whole.get_height())
    size = tuple(max(1, round(side * scale)) for side in whole.get_size())
    small = pygame.transform.smoothscale(whole, size)
    surface.blit(small, small.get_rect(center=rect.center))
