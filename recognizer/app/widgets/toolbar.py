"""The toolbar: everything that can be done, for those who have no keyboard at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pygame import Rect, Surface

from recognizer.app.layout import Layout
from recognizer.app.style import BOLD, REGULAR, StyleCache, centred, mix
from recognizer.app.widgets import Part


@dataclass(frozen=True)
class Button:
    """A button's name under its icon, what it does, and the key that does the same."""

    label: str
    hint: str
    key: str


BUTTONS = {
    "undo": Button("Undo", "Undo", "Ctrl+Z"),
    "redo": Button("Redo", "Redo", "Ctrl+Y"),
    "eraser": Button("Eraser", "Erase instead of drawing", "E, or right button"),
    "thinner": Button("Thinner", "Thinner pen", "[ or wheel"),
    "width": Button("Pen", "Width of the pen", "[ ] or wheel"),
    "thicker": Button("Thicker", "Thicker pen", "] or wheel"),
    "clear": Button("Clear", "Clear the canvas", "C"),
    "open": Button("Open", "Open a sketch or picture", "Ctrl+O"),
    "save": Button("Save", "Save as PNG and InkML", "Ctrl+S"),
    "theme": Button("Theme", "Light or dark", "T"),
    "full": Button("Full", "Full screen", "F11"),
    "help": Button("Help", "Help", "F1"),
}


@dataclass(frozen=True)
class ToolbarState:
    """What the toolbar shows: the pen's width and its diameter on the screen, what can be done."""

    pen_width: float
    diameter: float
    active: frozenset[str]
    disabled: frozenset[str]
    hovered: str | None
    pressed: str | None


def button_at(position: tuple[float, float], layout: Layout) -> str | None:
    """The button at a position, if one is there."""
    for name, rect in layout.buttons.items():
        if rect.collidepoint(position):
            return name
    return None


def toolbar_parts(state: ToolbarState, layout: Layout, look: StyleCache) -> Iterable[Part]:
    """The toolbar, and the hint to the button under the mouse."""
    for name, rect in layout.buttons.items():
        yield _button(name, rect, state, layout, look)


def hint_parts(state: ToolbarState, layout: Layout, look: StyleCache) -> Iterable[Part]:
    """What the button under the mouse does, and its key."""
    if state.hovered is None:
        return
    name = state.hovered
    words, key = BUTTONS[name].hint, BUTTONS[name].key
    first = look.text(words, layout.type(15), look.theme.text, BOLD)
    second = look.text(key, layout.type(15), look.theme.muted, REGULAR)
    gap = layout.px(10)
    rect = Rect(0, 0, first.get_width() + second.get_width() + 3 * gap, first.get_height() + gap)
    rect.midtop = layout.buttons[name].midbottom
    rect.clamp_ip(Rect(gap, 0, layout.size[0] - 2 * gap, layout.size[1]))

    def paint(surface: Surface) -> None:
        theme = look.theme
        surface.blit(look.box(rect.size, layout.px(6), theme.card, theme.muted), rect)
        surface.blit(first, first.get_rect(midleft=(rect.left + gap, rect.centery)))
        surface.blit(second, second.get_rect(midright=(rect.right - gap, rect.centery)))

    yield Part("hint", rect, name, paint)


def _button(name: str, rect: Rect, state: ToolbarState, layout: Layout, look: StyleCache) -> Part:
    shown = (state.diameter, round(state.pen_width)) if name == "width" else None
    facts = (name in state.active, name in state.disabled, state.hovered == name)
    key = (*facts, state.pressed == name, shown)
    return Part(
        f"button {name}", rect, key, lambda s: _paint_button(s, name, rect, state, layout, look)
    )


def _paint_button(
    surface: Surface, name: str, rect: Rect, state: ToolbarState, layout: Layout, look: StyleCache
) -> None:
    theme = look.theme
    colour = theme.text
    face = rect.inflate(-layout.px(4), 0)
    if name in state.active:
        colour = theme.on_accent
        surface.blit(look.box(face.size, layout.px(8), theme.sure, theme.sure), face)
    elif name in (state.pressed, state.hovered) and name not in (*state.disabled, "width"):
        fill = theme.line if name == state.pressed else theme.hover
        surface.blit(look.box(face.size, layout.px(8), fill, fill), face)
    if name in state.disabled:
        colour = mix(theme.desk, theme.muted, 0.5)
    label = BUTTONS[name].label
    if name == "width":
        label = f"{label} {round(state.pen_width)}"
    words = look.text(label, _label_size(rect, layout), colour)
    surface.blit(words, words.get_rect(midbottom=(rect.centerx, rect.bottom - layout.px(2))))
    icon = Rect(rect.left, rect.top + layout.px(5), rect.width, layout.px(25))
    picture = look.disc(min(state.diameter, icon.height), colour) if name == "width" else None
    centred(surface, picture or look.icon(name, icon.height, colour), icon)


def _label_size(rect: Rect, layout: Layout) -> int:
    # The longest label is seven letters; a letter is about half as wide as its line is high.
    return min(layout.type(14), round(rect.width / 4.2))
