"""How the screen of what was learned looks, and what stands where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pygame import Rect, Surface

from recognizer.app.screens import Frame
from recognizer.app.screens.page_view import (
    BUTTON_HEIGHT,
    EDGE,
    HEAD_HEIGHT,
    back_rect,
    foot_of,
    page_parts,
)
from recognizer.app.style import BOLD, Colour, centred, ink_in_square, ink_surface
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import (
    ButtonFace,
    ButtonMarks,
    button_part,
    paint_focus,
    row_of,
)
from recognizer.ink import render_to_fit
from recognizer.model.learned import LearnedDrawing

TITLE_TEXT = "My hand"
EMPTY_TEXTS = (
    "Nothing learned yet",
    "Click or tap an answer beside your drawing, and say what it is.",
    "Or write a sample: ten characters, two minutes.",
)
TILE_SIDE, TILE_GAP, TILE_LABEL, MIN_CROSS_PX = 84, 10, 22, 22
"""Side of a drawing, the room between two, the height of its label, scale 1; and the side of
what deletes it, in pixels."""
BACK, SWITCH, SAMPLE, HANDS, EXPORT, IMPORT, FORGET = BUTTONS = (
    *("back", "switch", "sample", "hands", "export", "import", "forget"),
)
DELETE, TILE = "delete", "drawing "
MAX_PICTURES = 300


@dataclass(frozen=True)
class ShownHand:
    """What is to be shown of a hand: its drawings in order, the first in sight, what is said.

    faces: of the buttons by name. note: a line at the foot, and whether it tells of trouble.
    """

    drawings: Sequence[LearnedDrawing]
    first: int
    told: str
    faces: dict[str, ButtonFace]
    note: tuple[str, bool]


class MyHandView:
    """The buttons, the drawings in a grid, and what is said of them."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self._picture = lru_cache(MAX_PICTURES)(drawing_surface)

    @property
    def room(self) -> Rect:
        """The room of the drawings."""
        px = self.frame.layout.px
        top = px(HEAD_HEIGHT) + px(BUTTON_HEIGHT) + px(EDGE)
        foot = foot_of(self.frame)
        return Rect(foot.left, top, foot.width, foot.top - top)

    @property
    def columns(self) -> int:
        """How many drawings stand side by side."""
        step = self.frame.layout.px(TILE_SIDE) + self.frame.layout.px(TILE_GAP)
        return max(1, (self.room.width + self.frame.layout.px(TILE_GAP)) // step)

    @property
    def rows(self) -> int:
        """How many rows of drawings are in sight."""
        return max(1, self.room.height // self._row_height)

    @property
    def _row_height(self) -> int:
        px = self.frame.layout.px
        return px(TILE_SIDE) + px(TILE_LABEL) + px(TILE_GAP)

    def buttons(self) -> dict[str, Rect]:
        """The buttons of the head, and their places."""
        px = self.frame.layout.px
        row = Rect(px(EDGE), px(HEAD_HEIGHT), 0, px(BUTTON_HEIGHT))
        row.width = self.frame.layout.size[0] - 2 * px(EDGE)
        return {BACK: back_rect(self.frame)} | row_of(row, list(BUTTONS[1:]), px(8))

    def tiles(self, count: int, first: int) -> dict[str, Rect]:
        """The drawings in sight, by name, and their places; first: the first in sight."""
        px, room = self.frame.layout.px, self.room
        side, step = px(TILE_SIDE), px(TILE_SIDE) + px(TILE_GAP)
        found = {}
        for number in range(first, min(count, first + self.rows * self.columns)):
            row, column = divmod(number - first, self.columns)
            top = room.top + row * self._row_height
            found[f"{TILE}{number}"] = Rect(room.left + column * step, top, side, side)
        return found

    def cross_of(self, tile: Rect) -> Rect:
        """What deletes a drawing, in the corner of its tile."""
        side = max(self.frame.layout.px(26), MIN_CROSS_PX)
        rect = Rect(0, 0, side, side)
        rect.topright = (tile.right - 2, tile.top + 2)
        return rect

    def parts(self, shown: ShownHand, marks: ButtonMarks) -> Iterable[Part]:
        """The whole screen."""
        layout, style = self.frame.layout, self.frame.style
        yield from page_parts(self.frame, TITLE_TEXT, shown.told, shown.note)
        for name, rect in self.buttons().items():
            yield button_part(name, rect, shown.faces[name], marks, layout, style)
        if not shown.drawings:
            yield self._empty()
        for name, tile in self.tiles(len(shown.drawings), shown.first).items():
            drawing = shown.drawings[int(name.removeprefix(TILE))]
            yield self._tile(name, tile, drawing, marks)
            if name == marks.focus:
                cross = self.cross_of(tile)
                face = ButtonFace("", icon="cross")
                yield button_part(DELETE, cross, face, marks, layout, style)

    def _tile(self, name: str, tile: Rect, drawing: LearnedDrawing, marks: ButtonMarks) -> Part:
        layout, style = self.frame.layout, self.frame.style
        theme, focused = style.theme, marks.focus == name
        whole = Rect(tile.left, tile.top, tile.width, tile.height + layout.px(TILE_LABEL))

        def paint(surface: Surface) -> None:
            edge = theme.sure if marks.hovered == name else theme.line
            surface.blit(style.box(tile.size, layout.px(8), theme.paper, edge), tile)
            centred(surface, self._picture(drawing, tile.width, theme.ink), tile)
            label = style.text(drawing.label, layout.type(17), theme.text, BOLD)
            surface.blit(label, label.get_rect(midtop=tile.midbottom))
            if focused:
                paint_focus(surface, tile, layout, style)

        key = (drawing, focused, marks.hovered == name)
        return Part(name, whole, key, paint)

    def _empty(self) -> Part:
        layout, style, room = self.frame.layout, self.frame.style, self.room

        def paint(surface: Surface) -> None:
            theme, top = style.theme, room.centery - layout.px(80)
            icon = style.icon("hand", layout.px(52), theme.muted)
            surface.blit(icon, icon.get_rect(midtop=(room.centerx, top)))
            top += layout.px(64)
            first, *others = EMPTY_TEXTS
            lines = [style.line(first, layout.type(24), theme.text, room.width, BOLD)]
            lines += [style.line(t, layout.type(16), theme.muted, room.width) for t in others]
            for line in lines:
                surface.blit(line, line.get_rect(midtop=(room.centerx, top)))
                top += line.get_height() + layout.px(4)

        return Part("nothing learned", room, 0, paint)


def drawing_surface(drawing: LearnedDrawing, side: int, colour: Colour) -> Surface:
    """A learned drawing in a square of this side in pixels, with room around it."""
    ink = drawing.picture
    if ink is None:
        ink = render_to_fit(drawing.strokes, drawing.extent)
    return ink_surface(ink_in_square(ink), round(0.8 * side), colour)
