"""The toolbar: everything that can be done, for those who have no keyboard at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pygame import Rect, Surface

from recognizer.app.actions import ACTIONS, BY_NAME, Action, pen_width_how
from recognizer.app.layout import PEN_GAUGE, Layout
from recognizer.app.style import BOLD, REGULAR, StyleCache, centred, mix
from recognizer.app.widgets import Part
from recognizer.session import Session


@dataclass(frozen=True)
class ToolbarState:
    """What the toolbar shows: the width of pen or eraser and its diameter on the screen, what can
    be done, and the words of buttons that change."""

    width: str
    diameter: float
    words: Mapping[str, str]
    active: frozenset[str]
    disabled: frozenset[str]
    hovered: str | None
    pressed: str | None

    @classmethod
    def of(
        cls,
        session: Session,
        at: tuple[float, float] | None,
        pressed: str | None,
        scale: float,
        layout: Layout,
    ) -> ToolbarState:
        """The state for a session, with the pointer at a position, and pixels for its unit."""
        width = session.tool_width
        return cls(
            f"{'Size' if session.erasing else 'Pen'} {round(width)}",
            width * scale,
            {action.name: action.says(session) for action in ACTIONS if action.says},
            frozenset(action.name for action in ACTIONS if action.active(session)),
            frozenset(action.name for action in ACTIONS if not action.possible(session)),
            button_at(at, layout) if at else None,
            pressed,
        )


def button_at(position: tuple[float, float], layout: Layout) -> str | None:
    """The button at a position, if one is there."""
    for name, rect in layout.buttons.items():
        if rect.collidepoint(position):
            return name
    return None


def toolbar_parts(state: ToolbarState, layout: Layout, style: StyleCache) -> Iterable[Part]:
    """The buttons, and the gauge that shows the pen."""
    for name, rect in layout.buttons.items():
        if name == PEN_GAUGE:
            yield _gauge(rect, state, layout, style)
        else:
            yield _button(BY_NAME[name], rect, state, layout, style)


def hint_parts(state: ToolbarState, layout: Layout, style: StyleCache) -> Iterable[Part]:
    """What the button under the mouse does, and its key."""
    name = state.hovered
    if name is None:
        return
    words, how = "Width of pen or eraser", pen_width_how()
    if name != PEN_GAUGE:
        words, how = BY_NAME[name].help, BY_NAME[name].how
    first = style.text(words, layout.type(15), style.theme.text, BOLD)
    second = style.text(how, layout.type(15), style.theme.muted, REGULAR)
    gap = layout.px(10)
    rect = Rect(0, 0, first.get_width() + second.get_width() + 3 * gap, first.get_height() + gap)
    rect.midtop = layout.buttons[name].midbottom
    rect.clamp_ip(Rect(gap, 0, layout.size[0] - 2 * gap, layout.size[1]))

    def paint(surface: Surface) -> None:
        theme = style.theme
        surface.blit(style.box(rect.size, layout.px(6), theme.card, theme.muted), rect)
        surface.blit(first, first.get_rect(midleft=(rect.left + gap, rect.centery)))
        surface.blit(second, second.get_rect(midright=(rect.right - gap, rect.centery)))

    yield Part("hint", rect, name, paint)


def _button(
    action: Action, rect: Rect, state: ToolbarState, layout: Layout, style: StyleCache
) -> Part:
    theme, name = style.theme, action.name
    active, disabled = name in state.active, name in state.disabled
    pressed, hovered = state.pressed == name, state.hovered == name
    words = state.words.get(name, action.button)
    colour = theme.on_accent if active else theme.text
    if disabled:
        colour = mix(theme.background, theme.muted, 0.5)

    def paint(surface: Surface) -> None:
        face = rect.inflate(-layout.px(4), 0)
        if active:
            surface.blit(style.box(face.size, layout.px(8), theme.sure, theme.sure), face)
        elif (pressed or hovered) and not disabled:
            fill = theme.line if pressed else theme.hover
            surface.blit(style.box(face.size, layout.px(8), fill, fill), face)
        icon = style.icon(name, layout.px(25), colour)
        if layout.presenting:
            centred(surface, icon, rect)
        else:
            _paint_face(surface, rect, icon, words, colour, layout, style)

    return Part(f"button {name}", rect, (active, disabled, pressed, hovered, words), paint)


def _gauge(rect: Rect, state: ToolbarState, layout: Layout, style: StyleCache) -> Part:
    """The pen or eraser as wide as it is."""
    colour = style.theme.text

    def paint(surface: Surface) -> None:
        disc = style.disc(min(state.diameter, layout.px(25)), colour)
        _paint_face(surface, rect, disc, state.width, colour, layout, style)

    return Part("pen gauge", rect, (state.diameter, state.width), paint)


def _paint_face(
    surface: Surface,
    rect: Rect,
    picture: Surface,
    label: str,
    colour: tuple[int, int, int],
    layout: Layout,
    style: StyleCache,
) -> None:
    """A picture, and a word under it."""
    words = style.text(label, _label_size(rect, layout), colour)
    surface.blit(words, words.get_rect(midbottom=(rect.centerx, rect.bottom - layout.px(2))))
    centred(surface, picture, Rect(rect.left, rect.top + layout.px(5), rect.width, layout.px(25)))


def _label_size(rect: Rect, layout: Layout) -> int:
    # The longest label is seven letters; a letter is about half as wide as its line is high.
    return min(layout.type(14), round(rect.width / 4.2))
