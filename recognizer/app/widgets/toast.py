"""Messages that come, can be read, and go."""

from __future__ import annotations

from collections.abc import Iterable

from pygame import Rect, Surface

from recognizer.app.layout import Layout
from recognizer.app.style import REGULAR, StyleCache, wrapped
from recognizer.app.widgets import Part
from recognizer.session import Message

MESSAGE_SECONDS, MESSAGE_SECONDS_PER_LETTER = 3.0, 0.06
"""How long a message stays; trouble stays twice as long."""


class Toast:
    """The message that is shown now, if there is one."""

    def __init__(self) -> None:
        self.message: Message | None = None
        self.until: float | None = None
        self._at_top = False

    def show(self, message: Message, now: float, at_top: bool = False) -> None:
        """Show this message instead of the last one, at the canvas' foot or top."""
        self._at_top = at_top
        seconds = MESSAGE_SECONDS + MESSAGE_SECONDS_PER_LETTER * len(message.text)
        self.message = message
        self.until = now + (2 * seconds if message.trouble else seconds)

    def stay(self, message: Message) -> None:
        """Show this message until it is taken away."""
        self.message, self.until, self._at_top = message, None, False

    def update(self, now: float) -> None:
        """Take the message away when its time is over."""
        if self.until is not None and now >= self.until:
            self.dismiss()

    def dismiss(self) -> None:
        """Take the message away."""
        self.message = self.until = None

    def parts(self, layout: Layout, style: StyleCache) -> Iterable[Part]:
        """The message, over the canvas."""
        if self.message is None:
            return
        message, font = self.message, style.font(REGULAR, layout.type(15))
        gap = layout.px(12)
        icon_size = layout.px(20)
        room = layout.canvas.width - 5 * gap - icon_size
        lines = wrapped(message.text, font, room)
        height = font.get_linesize() * len(lines)
        width = max(font.size(line)[0] for line in lines)
        rect = Rect(0, 0, width + 3 * gap + icon_size, max(height, icon_size) + 2 * gap)
        if self._at_top:
            rect.midtop = (layout.canvas.centerx, layout.canvas.top + gap)
        else:
            rect.midbottom = (layout.canvas.centerx, layout.canvas.bottom - gap)
        yield Part(
            "toast", rect, message, lambda s: _paint_toast(s, rect, message, lines, layout, style)
        )


def _paint_toast(
    surface: Surface,
    rect: Rect,
    message: Message,
    lines: list[str],
    layout: Layout,
    style: StyleCache,
) -> None:
    theme = style.theme
    gap, icon_size = layout.px(12), layout.px(20)
    surface.blit(style.box(rect.size, layout.px(10), theme.text, theme.text), rect)
    name = "warning" if message.trouble else "done"
    icon = style.icon(name, icon_size, theme.card)
    surface.blit(icon, icon.get_rect(midleft=(rect.left + gap, rect.centery)))
    size = layout.type(15)
    step = style.font(REGULAR, size).get_linesize()
    top = rect.centery - step * len(lines) // 2
    for number, line in enumerate(lines):
        words = style.text(line, size, theme.card)
        surface.blit(words, (rect.left + 2 * gap + icon_size, top + number * step))
