"""What the screens of buttons have in common: mouse, finger and keyboard reach every button."""

from __future__ import annotations

import pygame
from pygame import Rect
from pygame.event import Event

from recognizer.app.actions import BY_NAME, action_of
from recognizer.app.screens import DOWN, GONE, LEFT, UP, Frame, Overlay, Pointer, Screen
from recognizer.app.widgets.buttons import ButtonMarks

_WAYS = {
    pygame.K_LEFT: (-1, 0),
    pygame.K_RIGHT: (1, 0),
    pygame.K_UP: (0, -1),
    pygame.K_DOWN: (0, 1),
}
_ASIDE_WEIGHT = 3
"""How much further away a button seems for each step that it lies aside of the arrow's way."""


class ButtonScreen(Overlay):
    """A screen laid over another, with buttons that are pressed by click, tap, or Enter.

    Tab and the arrows move the focus; Esc goes back.
    """

    def __init__(self, frame: Frame, behind: Screen) -> None:
        super().__init__(frame, behind)
        self.focus: str | None = None
        self.hovered: str | None = None
        self.pressed: str | None = None
        self.next: Screen | None = self

    def buttons(self) -> dict[str, Rect]:
        """Every button that can be pressed now, in the order of Tab."""
        return {}

    def press(self, name: str) -> None:
        """Do what a button is for."""

    def take_key(self, event: Event) -> bool:
        """Take a key of this screen's own; returns whether it was one."""
        return False

    def press_beside(self, what: Pointer, event: Event) -> None:
        """The pointer went down where no button is."""

    @property
    def marks(self) -> ButtonMarks:
        """What has the focus, and what the pointer is over."""
        return ButtonMarks(self.focus, self.hovered)

    def back(self) -> None:
        """Go back to the screen behind."""
        self.next = self.behind

    def handle(self, event: Event) -> Screen | None:
        """Take an event; returns the screen that comes next."""
        self.next = self
        if event.type in (pygame.QUIT, pygame.DROPFILE):
            return self.behind.handle(event)
        what = self.frame.pointer(event)
        if what:
            self._point(what, event)
        elif event.type == pygame.MOUSEWHEEL:
            self.scroll(-event.y)
        elif event.type == pygame.KEYDOWN and not self.take_key(event):
            self._key(event)
        return self.next

    def scroll(self, rows: int) -> None:
        """Move what does not fit by so many rows."""

    def move_focus(self, step: int) -> None:
        """Move the focus to the next button, or the one before."""
        names = list(self.buttons())
        if not names:
            return
        at = names.index(self.focus) if self.focus in names else (-1 if step > 0 else 0)
        self.focus = names[(at + step) % len(names)]

    def _key(self, event: Event) -> None:
        if event.key == pygame.K_ESCAPE:
            self.back()
        elif event.key == pygame.K_TAB:
            self.move_focus(-1 if event.mod & pygame.KMOD_SHIFT else 1)
        elif event.key in _WAYS:
            self._go(*_WAYS[event.key])
        elif event.key in (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE):
            if self.focus in self.buttons():
                self.press(str(self.focus))
        elif action_of(event) == BY_NAME["full"]:
            self.frame.switch_full_screen()

    def _go(self, right: int, down: int) -> None:
        """Move the focus to the nearest button that way."""
        buttons = self.buttons()
        if self.focus not in buttons:
            self.move_focus(1)
            return
        here = buttons[str(self.focus)].center

        def cost(name: str) -> float:
            x, y = (a - b for a, b in zip(buttons[name].center, here, strict=True))
            ahead, aside = x * right + y * down, abs(x * down) + abs(y * right)
            return ahead + _ASIDE_WEIGHT * aside if ahead > aside / 2 else float("inf")

        best = min(buttons, key=cost)
        if cost(best) < float("inf"):
            self.focus = best

    def button_under(self, position: tuple[float, float]) -> str | None:
        """The button at a position, if one is there."""
        return next((n for n, rect in self.buttons().items() if rect.collidepoint(position)), None)

    def _point(self, what: Pointer, event: Event) -> None:
        under = self.button_under(what.position)
        self.hovered = under if what.finger is None and what.what != GONE else None
        if what.what == DOWN and what.button == LEFT:
            self.pressed = under
            if under is None:
                self.press_beside(what, event)
        elif what.what == UP:
            pressed, self.pressed = self.pressed, None
            if pressed is not None and pressed == under:
                self.press(pressed)
