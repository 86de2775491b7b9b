"""Buttons with words, for the screens that have no toolbar."""

from __future__ import annotations

from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from recognizer.app.layout import Layout
from recognizer.app.style import BOLD, REGULAR, StyleCache, centred, mix
from recognizer.app.widgets import Part


@dataclass(frozen=True)
class ButtonFace:
    """How a button looks: its words, its icon, and whether it is switched on or can be pressed.

    main: whether it is what most people press here.
    """

    words: str
    icon: str = ""
    active: bool = False
    enabled: bool = True
    main: bool = False


@dataclass(frozen=True)
class ButtonMarks:
    """Which button has the keyboard's focus, and which one the pointer is over."""

    focus: str | None = None
    hovered: str | None = None


def button_part(
    name: str, rect: Rect, face: ButtonFace, marks: ButtonMarks, layout: Layout, style: StyleCache
) -> Part:
    """A button in its place."""
    focused, hovered = marks.focus == name, marks.hovered == name

    def paint(surface: Surface) -> None:
        _paint(surface, rect, face, hovered, layout, style)
        if focused:
            paint_focus(surface, rect, layout, style)

    return Part(f"button {name}", rect, (face, focused, hovered), paint)


def paint_focus(surface: Surface, rect: Rect, layout: Layout, style: StyleCache) -> None:
    """The ring around what the keyboard acts on."""
    width = max(2, layout.px(3))
    pygame.draw.rect(surface, style.theme.unsure, rect, width, layout.px(9))


def _paint(
    surface: Surface,
    rect: Rect,
    face: ButtonFace,
    hovered: bool,
    layout: Layout,
    style: StyleCache,
) -> None:
    theme = style.theme
    filled = face.enabled and (face.active or face.main)
    fill = theme.sure if filled else theme.hover if hovered and face.enabled else theme.card
    edge = theme.sure if filled else theme.muted if face.enabled else theme.line
    surface.blit(style.box(rect.size, layout.px(8), fill, edge), rect)
    colour = theme.on_accent if filled else theme.text
    if not face.enabled:
        colour = mix(theme.card, theme.muted, 0.6)
    weight = BOLD if filled else REGULAR
    side = min(layout.px(20), rect.height - layout.px(8))
    taken = side + layout.px(6) if face.icon else 0
    room = rect.width - 2 * layout.px(8) - taken
    size = layout.type(16)
    if len(face.words) == 1:  # a character to choose
        size, weight = max(round(0.6 * rect.height), size), BOLD
    words = style.line(face.words, size, colour, max(room, 8), weight)
    if face.icon:
        icon = style.icon(face.icon, side, colour)
        left = rect.centerx - (words.get_width() + (taken if face.words else side)) // 2
        surface.blit(icon, icon.get_rect(midleft=(left, rect.centery)))
        surface.blit(words, words.get_rect(midleft=(left + taken, rect.centery)))
    else:
        centred(surface, words, rect)


def row_of(rect: Rect, names: list[str], gap: int) -> dict[str, Rect]:
    """Buttons of the same width side by side in a rectangle."""
    width = (rect.width - gap * (len(names) - 1)) / len(names)
    return {
        name: Rect(round(rect.left + number * (width + gap)), rect.top, int(width), rect.height)
        for number, name in enumerate(names)
    }
