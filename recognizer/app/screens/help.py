"""Help: every key and what it does, laid over the sketch."""

from __future__ import annotations

from collections.abc import Iterable

import pygame
from pygame import Rect, Surface
from pygame.event import Event

from recognizer.app.actions import ACTIONS, Action
from recognizer.app.screens import DOWN, Frame, Overlay, Screen
from recognizer.app.style import BOLD
from recognizer.app.widgets import Part

TITLE_TEXT = "Draw a digit or a number. It is read while you draw."
FOOT_TEXT = "“7, probably” is likely but not sure, “?” neither. Any key or click closes this."
PADDING, HEAD_HEIGHT, ROW_HEIGHT, FOOT_HEIGHT = 28, 54, 29, 38
"""Scale 1."""


class HelpScreen(Overlay):
    """A card over the screen behind; any key or click leads back.

    actions: what it tells of; title, foot: what stands above and below.
    """

    def __init__(
        self,
        frame: Frame,
        behind: Screen,
        actions: tuple[Action, ...] = ACTIONS,
        title: str = TITLE_TEXT,
        foot: str = FOOT_TEXT,
    ) -> None:
        super().__init__(frame, behind)
        self._actions, self._title, self._foot = actions, title, foot

    def handle(self, event: Event) -> Screen | None:
        """Any key, click or finger closes the help."""
        what = self.frame.pointer(event)
        pressed = what is not None and what.what == DOWN
        if event.type in (pygame.QUIT, pygame.DROPFILE):
            return self.behind.handle(event)
        return self.behind if pressed or event.type == pygame.KEYDOWN else self

    def parts(self) -> Iterable[Part]:
        """The screen behind, a veil, and the card."""
        yield from self.behind.parts()
        layout = self.frame.layout
        whole = Rect((0, 0), layout.size)
        yield Part("veil", whole, 0, lambda s: _paint_veil(s, whole))
        rect = self._card()
        yield Part("help", rect, 0, lambda s: self._paint(s, rect))

    def _card(self) -> Rect:
        px = self.frame.layout.px
        around = 2 * px(PADDING) + px(HEAD_HEIGHT) + px(FOOT_HEIGHT)
        height = around + self._row_height() * len(self._actions)
        rect = Rect(0, 0, min(px(700), self.frame.layout.size[0] - 2 * px(12)), height)
        rect.center = (self.frame.layout.size[0] // 2, self.frame.layout.size[1] // 2)
        return rect

    def _row_height(self) -> int:
        """Height of a line in pixels, less in a window that is low."""
        layout = self.frame.layout
        around = 2 * layout.px(PADDING) + layout.px(HEAD_HEIGHT) + layout.px(FOOT_HEIGHT)
        return min(layout.px(ROW_HEIGHT), (layout.size[1] - around) // len(self._actions))

    def _paint(self, surface: Surface, rect: Rect) -> None:
        layout, style = self.frame.layout, self.frame.style
        px = layout.px
        theme = style.theme
        surface.blit(style.box(rect.size, px(14), theme.card, theme.line), rect)
        inside = rect.inflate(-2 * px(PADDING), -2 * px(PADDING))
        title = style.line(self._title, layout.type(25), theme.text, inside.width, BOLD)
        surface.blit(title, inside.topleft)
        top = inside.top + px(HEAD_HEIGHT)
        for number, action in enumerate(self._actions):
            if number:
                pygame.draw.line(surface, theme.line, (inside.left, top), (inside.right - 1, top))
            row = Rect(inside.left, top, inside.width, self._row_height())
            left = style.line(
                action.help, layout.type(17), theme.text, round(0.42 * row.width), BOLD
            )
            right = style.line(action.how, layout.type(17), theme.text, round(0.56 * row.width))
            surface.blit(left, left.get_rect(midleft=row.midleft))
            column = row.left + round(0.44 * row.width)
            surface.blit(right, right.get_rect(midleft=(column, row.centery)))
            top = row.bottom
        foot = style.line(self._foot, layout.type(15), theme.muted, inside.width)
        surface.blit(foot, foot.get_rect(bottomleft=inside.bottomleft))


def _paint_veil(surface: Surface, whole: Rect) -> None:
    veil = Surface(whole.size)
    veil.set_alpha(140)
    surface.blit(veil, whole)
