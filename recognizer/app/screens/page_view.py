"""What the screens that fill the whole window have in common: title, way back, note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pygame import Rect, Surface

from recognizer.app.screens import Frame
from recognizer.app.style import BOLD, REGULAR, wrapped
from recognizer.app.widgets import Part

HEAD_HEIGHT, FOOT_HEIGHT, BUTTON_HEIGHT, EDGE = 66, 40, 42, 14
"""Of the title with its line below, of the line at the foot, of buttons, and the room around all;
scale 1."""


def page_parts(frame: Frame, title: str, below: str, note: tuple[str, bool]) -> Iterable[Part]:
    """The ground of a whole screen, its title with a line below, and a note at its foot.

    note: its words, and whether they tell of trouble.
    """
    layout, style = frame.layout, frame.style
    theme, edge = style.theme, layout.px(EDGE)
    yield Part("page", Rect((0, 0), layout.size), 0, lambda s: s.fill(theme.background))
    head = Rect(edge, 0, layout.size[0] - 2 * edge - layout.px(130), layout.px(HEAD_HEIGHT))
    first = style.line(title, layout.type(24), theme.text, head.width, BOLD)
    second = style.line(below, layout.type(15), theme.muted, head.width)

    def paint_head(surface: Surface) -> None:
        top = (head.height - first.get_height() - second.get_height()) // 2
        surface.blit(first, (head.left, top))
        surface.blit(second, (head.left, top + first.get_height()))

    yield Part("head", head, (title, below), paint_head)
    yield note_part(frame, note)


def note_part(frame: Frame, note: tuple[str, bool]) -> Part:
    """A note at the foot of a whole screen: its words, and whether they tell of trouble."""
    foot = foot_of(frame)
    return Part("note", foot, note, lambda s: _paint_note(s, foot, note, frame))


def foot_of(frame: Frame) -> Rect:
    """The room of the note at the foot of a whole screen."""
    layout = frame.layout
    edge, height = layout.px(EDGE), layout.px(FOOT_HEIGHT)
    return Rect(edge, layout.size[1] - height, layout.size[0] - 2 * edge, height)


def back_rect(frame: Frame) -> Rect:
    """Where the button stands that leads back from a whole screen."""
    px = frame.layout.px
    height = px(BUTTON_HEIGHT)
    left = frame.layout.size[0] - px(EDGE) - px(110)
    return Rect(left, (px(HEAD_HEIGHT) - height) // 2, px(110), height)


def _paint_note(surface: Surface, rect: Rect, note: tuple[str, bool], frame: Frame) -> None:
    layout, style = frame.layout, frame.style
    words, trouble = note
    colour = style.theme.unsure if trouble else style.theme.muted
    font = style.font(REGULAR, layout.type(14))
    lines = wrapped(words, font, rect.width)[:2] if words else []
    size = layout.type(14) if len(lines) < 2 else max(12, layout.type(13))
    top = rect.centery - size * len(lines) * 5 // 8
    for line in lines:
        picture = style.line(line, size, colour, rect.width)
        surface.blit(picture, (rect.left, top))
        top += size * 5 // 4


def paint_lines(
    surface: Surface, lines: Sequence[Surface], rect: Rect, *, centre: bool = False
) -> None:
    """Lines of text under each other, in the middle of a rectangle or at its left."""
    top = rect.centery - sum(line.get_height() for line in lines) // 2
    for line in lines:
        left = rect.centerx - line.get_width() // 2 if centre else rect.left
        surface.blit(line, (left, top))
        top += line.get_height()
