"""What every screen of the window can do, and the pointer that it is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import pygame
from pygame import Rect
from pygame.event import Event

from recognizer.app.layout import Layout
from recognizer.app.style import StyleCache
from recognizer.app.widgets import Part

LEFT, RIGHT = 1, 3

DOWN, MOVE, UP, GONE = "down", "move", "up", "gone"

_MOUSE = {pygame.MOUSEBUTTONDOWN: DOWN, pygame.MOUSEMOTION: MOVE, pygame.MOUSEBUTTONUP: UP}

_FINGER = {pygame.FINGERDOWN: DOWN, pygame.FINGERMOTION: MOVE, pygame.FINGERUP: UP}


@dataclass(frozen=True)
class Pointer:
    """What the pointer did: DOWN, MOVE, UP or GONE, and where, in pixels of the window.

    button: LEFT or RIGHT, 0 where none is pressed. finger: number of the finger, None for a mouse.
    """

    what: str
    position: tuple[float, float]
    button: int = LEFT
    finger: int | None = None


def as_pointer(
    event: Event, size: tuple[int, int], sharpness: tuple[float, float] = (1, 1)
) -> Pointer | None:
    """The pointer's part in an event; None if it has none.

    size: the window in pixels; sharpness: pixels for one step of the mouse, along x and y.
    """
    if event.type in _FINGER:
        x, y = (share * side for share, side in zip((event.x, event.y), size, strict=True))
        return Pointer(_FINGER[event.type], (x, y), finger=event.finger_id)
    if event.type == pygame.WINDOWLEAVE:
        return Pointer(GONE, (-1, -1), button=0)
    # SDL makes mouse events of a finger's, too.
    if event.type not in _MOUSE or getattr(event, "touch", False):
        return None
    button = _button(event)
    if event.type != pygame.MOUSEMOTION and button not in (LEFT, RIGHT):
        return None
    # The middle of the pixel that the mouse's tip is on.
    x, y = ((step + 0.5) * pixels for step, pixels in zip(event.pos, sharpness, strict=True))
    return Pointer(_MOUSE[event.type], (x, y), button)


def _button(event: Event) -> int:
    if event.type != pygame.MOUSEMOTION:
        return int(event.button)
    left, _, right = event.buttons[:3]
    return LEFT if left else RIGHT if right else 0


class Frame(Protocol):
    """What a screen may ask of the window that it is shown in."""

    layout: Layout
    look: StyleCache

    def now(self) -> float:
        """Seconds of a clock that never goes back."""

    def pointer(self, event: Event) -> Pointer | None:
        """The pointer's part in an event."""

    def switch_theme(self) -> str:
        """Change between light and dark; returns the name of the theme that is shown now."""

    def switch_full_screen(self) -> None:
        """Fill the screen, or leave it again."""


class Screen(Protocol):
    """One of the things that the whole window can show."""

    def handle(self, event: Event) -> Screen | None:
        """Take an event; returns the screen that comes next, None to quit."""

    def update(self) -> None:
        """Bring everything up to date after all events were taken."""

    def resized(self) -> None:
        """Take the window's new layout or theme."""

    def damage(self) -> list[Rect]:
        """Rectangles that changed although no part of the screen tells."""

    def parts(self) -> Iterable[Part]:
        """Everything on the screen, from the back to the front."""

    def due(self) -> float | None:
        """When the screen changes by itself, by the frame's clock; None if it does not."""

    def title(self) -> str:
        """The window's title."""

    def hides_mouse(self) -> bool:
        """Whether something else shows where the mouse is."""

    def leave(self) -> None:
        """The window closes: write what is left to write."""


class Overlay:
    """What every screen has that is laid over another, which keeps the sketch."""

    def __init__(self, frame: Frame, behind: Screen) -> None:
        self.frame, self.behind = frame, behind

    def update(self) -> None:
        """Nothing changes but by events."""

    def due(self) -> float | None:
        """What is behind may wait."""
        return None

    def title(self) -> str:
        """The reading stays in the title."""
        return self.behind.title()

    def hides_mouse(self) -> bool:
        """The mouse is needed here."""
        return False

    def leave(self) -> None:
        """The screen behind has the sketch."""
        self.behind.leave()
