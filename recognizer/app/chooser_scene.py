"""How the list of files looks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect, Surface

from recognizer.app.folder import Entry, thumbnail
from recognizer.app.layout import Layout
from recognizer.app.look import BOLD, REGULAR, Look, centred, shortened
from recognizer.app.stage import Part

if TYPE_CHECKING:
    from recognizer.app.chooser import Chooser

HEAD, ROW, FOOT = 66, 50, 34
KEYS = "↑ ↓ choose    Enter opens    ← folder above    Esc goes back"
NOTHING = "No sketches or pictures in this folder yet."
KEPT = 200
"""So many thumbnails are kept."""


class Thumbnails:
    """Small pictures of files, made when they come in sight."""

    def __init__(self) -> None:
        self._made: dict[tuple[Path, int], Surface | None] = {}

    def of(self, path: Path, side: int) -> Surface | None:
        """The file's picture on the screen; None if it has none."""
        if (path, side) not in self._made:
            if len(self._made) >= KEPT:
                self._made.clear()
            pixels = thumbnail(path, side)
            self._made[path, side] = None if pixels is None else _surface(pixels)
        return self._made[path, side]


def _surface(pixels: NDArray[np.uint8]) -> Surface:
    return pygame.image.frombytes(pixels.tobytes(), pixels.shape[1::-1], "RGB")


def row_height(layout: Layout) -> int:
    """Height of an entry in pixels."""
    return layout.px(ROW)


def rows(layout: Layout) -> int:
    """How many entries have room."""
    return max(1, _list(layout).height // row_height(layout))


def row_at(position: tuple[float, float], layout: Layout) -> int | None:
    """The number of the row at a position, counted from the first in sight."""
    room = _list(layout)
    row = int((position[1] - room.top) // row_height(layout))
    return row if room.collidepoint(position) and row < rows(layout) else None


def buttons(chooser: Chooser) -> dict[str, Rect]:
    """The places to go to, and the way back, from left to right."""
    layout = chooser.frame.layout
    width, height, gap = layout.px(100), layout.px(38), layout.px(12)
    left = layout.size[0] - gap
    found: dict[str, Rect] = {}
    for name in ("Cancel", *reversed(chooser.places)):
        left -= width
        found[name] = Rect(left, (layout.px(HEAD) - height) // 2, width, height)
        left -= layout.px(8)
    return found


def parts(chooser: Chooser) -> Iterable[Part]:
    """The whole screen."""
    layout, look = chooser.frame.layout, chooser.frame.look
    colour = look.theme.desk
    yield Part("chooser", Rect((0, 0), layout.size), 0, lambda s: s.fill(colour))
    yield from _head(chooser, layout, look)
    room = _list(layout)
    card = look.box(room.size, layout.px(10), look.theme.card, look.theme.line)
    yield Part("list", room, chooser.folder, lambda s: s.blit(card, room))
    shown = chooser.entries[chooser.first : chooser.first + rows(layout)]
    for row, entry in enumerate(shown):
        yield _row(chooser, row, entry, layout, look)
    yield from _foot(chooser, layout, look)


def _list(layout: Layout) -> Rect:
    width, height = layout.size
    gap, top = layout.px(12), layout.px(HEAD)
    return Rect(gap, top, width - 2 * gap, height - top - layout.px(FOOT))


def _head(chooser: Chooser, layout: Layout, look: Look) -> Iterable[Part]:
    gap, theme, found = layout.px(12), look.theme, buttons(chooser)
    room = Rect(gap, 0, min(r.left for r in found.values()) - 2 * gap, layout.px(HEAD))
    font = look.font(REGULAR, layout.type(15))
    title = look.text("Open a sketch or picture", layout.type(20), theme.text, BOLD)
    where = look.text(shortened(str(chooser.folder), font, room.width), layout.px(15), theme.muted)

    def paint(surface: Surface) -> None:
        top = (room.height - title.get_height() - where.get_height()) // 2
        surface.blit(title, (room.left, top))
        surface.blit(where, (room.left, top + title.get_height()))

    yield Part("where", room, chooser.folder, paint)
    for name, rect in found.items():
        box = look.box(rect.size, layout.px(8), theme.card, theme.muted)
        words = look.text(name, layout.type(16), theme.text)
        yield Part(f"go {name}", rect, 0, partial(_paint_button, box=box, words=words, rect=rect))


def _paint_button(surface: Surface, box: Surface, words: Surface, rect: Rect) -> None:
    surface.blit(box, rect)
    centred(surface, words, rect)


def _row(chooser: Chooser, row: int, entry: Entry, layout: Layout, look: Look) -> Part:
    room, height = _list(layout), row_height(layout)
    rect = Rect(room.left, room.top + row * height, room.width, height)
    chosen = chooser.first + row == chooser.selected

    def paint(surface: Surface) -> None:
        _paint_row(surface, rect, entry, chosen, chooser.thumbnails, layout, look)

    return Part(f"row {row}", rect, (entry, chosen), paint)


def _paint_row(
    surface: Surface,
    rect: Rect,
    entry: Entry,
    chosen: bool,
    thumbnails: Thumbnails,
    layout: Layout,
    look: Look,
) -> None:
    theme, gap = look.theme, layout.px(12)
    colour = theme.on_accent if chosen else theme.text
    if chosen:
        face = rect.inflate(-layout.px(8), -layout.px(4))
        surface.blit(look.box(face.size, layout.px(8), theme.sure, theme.sure), face)
    side = rect.height - layout.px(12)
    spot = Rect(rect.left + gap, rect.top + layout.px(6), side, side)
    small = None if entry.is_folder else thumbnails.of(entry.path, side)
    centred(surface, small or look.icon(entry.icon, layout.px(24), colour), spot)
    if small:
        pygame.draw.rect(surface, theme.line, small.get_rect(center=spot.center), 1)
    detail = look.text(entry.detail, layout.type(15), colour if chosen else theme.muted)
    surface.blit(detail, detail.get_rect(midright=(rect.right - gap, rect.centery)))
    room = rect.right - gap - detail.get_width() - gap - spot.right - gap
    name = shortened(entry.name, look.font(REGULAR, layout.type(17)), room)
    words = look.text(name, layout.type(17), colour)
    surface.blit(words, words.get_rect(midleft=(spot.right + gap, rect.centery)))


def _foot(chooser: Chooser, layout: Layout, look: Look) -> Iterable[Part]:
    theme, size = look.theme, layout.type(15)
    count = len(chooser.entries)
    words = chooser.trouble or (KEYS if any(not e.is_folder for e in chooser.entries) else NOTHING)
    line = look.text(words, size, theme.text if chooser.trouble else theme.muted)
    last = min(chooser.first + rows(layout), count)
    position = look.text(f"{chooser.first + 1}–{last} of {count}", size, theme.muted)
    rect = Rect(0, layout.size[1] - layout.px(FOOT), layout.size[0], layout.px(FOOT))
    gap = layout.px(14)

    def paint(surface: Surface) -> None:
        surface.blit(line, line.get_rect(midleft=(gap, rect.centery)))
        surface.blit(position, position.get_rect(midright=(rect.right - gap, rect.centery)))

    yield Part("foot", rect, (words, chooser.first, last, count), paint)
