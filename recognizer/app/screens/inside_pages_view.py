"""The pages of the screen that looks inside: stages, evidence, similar drawings, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pygame import Rect, Surface, draw

from recognizer.app.screens import Frame
from recognizer.app.screens.inside_others_view import OthersPainter
from recognizer.app.screens.page_view import paint_lines
from recognizer.app.style import (
    BOLD,
    REGULAR,
    Colour,
    centred,
    wrapped,
)
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import paint_focus
from recognizer.app.widgets.maps import (
    evidence_surface,
    marked_places,
    paint_glyph,
    paint_maps,
    peak_of,
    tile_rects,
)
from recognizer.glyph import SIZE_PX
from recognizer.model import Prediction
from recognizer.model.stages import SeenStages
from recognizer.session import percent

INPUT_TITLE = "Drawing"
INPUT_WORDS = (
    "What goes in, and where the pen went.",
    "What goes in: your drawing as 28 × 28 pixels, and where in it the pen went right, left, down "
    "and up.",
)
ARROWS = "→←↓↑"
"""Where the pen went, in the order of its directions."""
NOTHING_TEXT = "Draw something first."
USUAL_STAGES = 7
"""So many rows have room where a model comes without its stages."""
ROW_GAP, TILE_GAP = 4, 4
CAPTION_SHARE = 0.26
"""How much of a row's width its title takes, and what it says."""
LEGEND_LINE = 28
"""Height of a line of the legend of the evidence; scale 1."""


@dataclass(frozen=True, eq=False)
class ShownInside:
    """What is shown of a page.

    found: what the insight gave for it; None where `trouble` says why there is nothing. number:
    another one for each look.
    """

    page: str
    prediction: Prediction
    contrast: tuple[str, str | None] | None
    found: object
    trouble: str
    number: int


def stage_rows(shown: ShownInside, page: Rect) -> list[Rect]:
    """The rows of the page of stages, what goes in first; none on other pages."""
    if shown.page != "stages":
        return []
    stages = len(shown.found.maps) if isinstance(shown.found, SeenStages) else USUAL_STAGES
    height = page.height / (stages + 1)
    count = stages + 1 if isinstance(shown.found, SeenStages) else 1
    return [
        Rect(page.left, page.top + round(n * height), page.width, int(height)) for n in range(count)
    ]


def stage_words(shown: ShownInside, number: int) -> tuple[str, str]:
    """What a row of the page of stages shows, in a few words and in a sentence."""
    if number == 0 or not isinstance(shown.found, SeenStages):
        return INPUT_WORDS
    facts, last = shown.found.stages[number - 1], len(shown.found.stages)
    sees, side = f"{facts.sees_px} × {facts.sees_px}", f"{facts.side} × {facts.side}"
    if number == 1:
        return f"{facts.maps} filters seek patterns of {sees} pixels.", (
            f"A convolution: each of {facts.maps} filters slides over the drawing and looks at "
            f"{sees} pixels at a time; its map is bright where they fit its pattern."
        )
    if number == last:
        return f"Only {side} pixels are left; the answers are read off them.", (
            f"{facts.maps} maps of {side} pixels, each of which has seen {sees} of the drawing: "
            "how bright they are, weighted and added up, gives the answers."
        )
    return f"Patterns of patterns: a pixel sees {sees}.", (
        f"{facts.maps} filters look at the maps of the stage before, so a pixel here depends on "
        f"{sees} pixels of the drawing: it finds patterns of patterns."
    )


class PagePainter:
    """The parts of each page, in its room."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._others = OthersPainter(frame)

    def parts(self, shown: ShownInside, page: Rect, pointed: int | None) -> Iterable[Part]:
        """What stands on the page; pointed: the row of the stages that is looked at closely."""
        if shown.page == "stages":
            yield from self._stages(shown, page, pointed)
        if shown.trouble:
            rows = stage_rows(shown, page)
            room = page.copy()
            room.top = rows[-1].bottom if rows else page.top
            room.height = page.bottom - room.top
            yield Part("trouble", room, shown.trouble, self._words(shown.trouble, room))
        elif shown.contrast is None and shown.page != "stages":
            yield Part("nothing", page, 0, self._words(NOTHING_TEXT, page))
        elif isinstance(shown.found, SeenStages) and shown.page == "evidence":
            yield from self._evidence(shown, shown.found, page)
        elif isinstance(shown.found, list):
            each = self._others.similar if shown.page == "similar" else self._others.compared
            yield from each(shown.found, shown.number, page)

    def sources(self, shown: ShownInside) -> str:
        """Who made the similar drawings that are shown."""
        found = shown.found if shown.page == "similar" else None
        if not isinstance(found, list):
            return ""
        return ", ".join(sorted({each.source for each in found}))

    def _stages(self, shown: ShownInside, page: Rect, pointed: int | None) -> Iterable[Part]:
        rows = stage_rows(shown, page)

        def paint(surface: Surface) -> None:
            for number, row in enumerate(rows):
                self._paint_row(shown, row, number, number == pointed, surface)

        # One part: what is in many is often repainted as one anyway, with all around it.
        yield Part("stages", rows[0].unionall(rows[1:]), (shown.number, pointed), paint)

    def _paint_row(
        self, shown: ShownInside, row: Rect, number: int, marked: bool, surface: Surface
    ) -> None:
        caption, room = row.copy(), row.inflate(0, -self.frame.layout.px(ROW_GAP))
        caption.width = round(CAPTION_SHARE * row.width)
        gap = self.frame.layout.px(2 * TILE_GAP)
        room.left, room.width = caption.right + gap, row.right - caption.right - gap
        if number == 0:
            self._paint_input(surface, shown.prediction, room)
        elif isinstance(shown.found, SeenStages):
            maps, facts = shown.found.maps[number - 1], shown.found.stages[number - 1]
            rects = tile_rects(room, facts.side, TILE_GAP, len(facts.liveliest))
            paint_maps(surface, rects, maps, facts.liveliest, peak_of(maps))
        self._paint_caption(surface, shown, caption, number, marked)
        if marked:
            paint_focus(surface, row, self.frame.layout, self.frame.style)

    def _paint_caption(
        self, surface: Surface, shown: ShownInside, rect: Rect, number: int, marked: bool
    ) -> None:
        """The title of a row, and what it shows in a sentence, or in short where it is low."""
        layout, style = self.frame.layout, self.frame.style
        theme, size, small = style.theme, layout.type(15), layout.type(12)
        title, side = (f"Stage {number}", 0) if number else (INPUT_TITLE, SIZE_PX)
        if number and isinstance(shown.found, SeenStages):
            side = shown.found.stages[number - 1].side
        inside = rect.inflate(-2 * layout.px(TILE_GAP), 0)
        words = wrapped(stage_words(shown, number)[0], style.font(REGULAR, small), inside.width)
        if 1.25 * (size + small * len(words)) > rect.height:
            words = [f"{side} × {side}"]
        colour = theme.sure if marked else theme.text
        lines = [style.line(title, size, colour, inside.width, BOLD)]
        lines += [style.line(each, small, theme.muted, inside.width) for each in words]
        paint_lines(surface, lines, inside)

    def _paint_input(self, surface: Surface, prediction: Prediction, room: Rect) -> None:
        """The glyph, and where the pen went right, left, down and up in it."""
        ways, style = prediction.directions, self.frame.style
        count = 1 if ways is None else 1 + ways.shape[2]
        size = self.frame.layout.type(15)
        rects = tile_rects(room, SIZE_PX, round(1.4 * size), count)
        paint_glyph(surface, rects[0], prediction.glyph)
        for number, rect in enumerate(rects[1:]):
            assert ways is not None
            paint_glyph(surface, rect, ways[..., number])
            arrow = style.text(ARROWS[number], size, style.theme.muted)
            surface.blit(arrow, arrow.get_rect(midright=(rect.left - 3, rect.centery)))

    def _words(self, words: str, room: Rect) -> Callable[[Surface], None]:
        def paint(surface: Surface) -> None:
            layout, style = self.frame.layout, self.frame.style
            size = layout.type(17)
            width = room.width - 2 * layout.px(12)
            told = wrapped(words, style.font(REGULAR, size), width)
            lines = [style.line(each, size, style.theme.muted, width) for each in told]
            paint_lines(surface, lines, room, centre=True)

        return paint

    def _evidence(self, shown: ShownInside, seen: SeenStages, page: Rect) -> Iterable[Part]:
        layout, theme = self.frame.layout, self.frame.style.theme
        assert shown.contrast
        answer, other = shown.contrast
        legend = page.copy()
        legend.height = 2 * layout.px(LEGEND_LINE)
        side = min(page.width, page.height - legend.height - layout.px(ROW_GAP))
        rect = Rect(page.left + (page.width - side) // 2, page.top, side, side)
        legend.bottom = page.bottom
        yield Part(
            "evidence", rect, shown.number, lambda s: self._paint_evidence(s, shown, seen, rect)
        )
        share = seen.share_for
        lines = (
            ("+", theme.sure, f"speaks for {answer}: {percent(share)} of the evidence"),
            ("−", theme.unsure, f"speaks for {other}, the next best: {percent(1 - share)}"),
        )
        key = (answer, other, round(share, 2))
        yield Part("legend", legend, key, lambda s: self._paint_legend(s, lines, legend))

    def _paint_evidence(
        self, surface: Surface, shown: ShownInside, seen: SeenStages, rect: Rect
    ) -> None:
        layout, style = self.frame.layout, self.frame.style
        picture = evidence_surface(shown.prediction.glyph, seen, rect.width, style.theme)
        surface.blit(picture, rect)
        size = max(layout.type(16), rect.width // 18)
        for x, y, for_it in marked_places(seen):
            sign, colour = ("+", style.theme.sure) if for_it else ("−", style.theme.unsure)
            place = (rect.left + round(x * rect.width), rect.top + round(y * rect.height))
            for words, away in ((style.theme.paper, 1), (colour, 0)):
                mark = style.text(sign, size, words, BOLD)
                surface.blit(mark, mark.get_rect(center=(place[0] + away, place[1] + away)))
        draw.rect(surface, style.theme.line, rect, 1)

    def _paint_legend(
        self, surface: Surface, lines: Sequence[tuple[str, Colour, str]], rect: Rect
    ) -> None:
        layout, style = self.frame.layout, self.frame.style
        height = rect.height // len(lines)
        for number, (sign, colour, words) in enumerate(lines):
            box = Rect(rect.left, rect.top + number * height, height, height).inflate(-6, -6)
            surface.blit(style.box(box.size, layout.px(4), colour, colour), box)
            centred(surface, style.text(sign, layout.type(17), style.theme.on_accent, BOLD), box)
            width = rect.right - box.right - layout.px(8)
            line = style.line(words, layout.type(16), style.theme.text, width)
            surface.blit(line, line.get_rect(midleft=(box.right + layout.px(8), box.centery)))
