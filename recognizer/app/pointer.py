"""Mouse, finger and pen as one pointer."""

from __future__ import annotations

from dataclasses import dataclass

import pygame
from pygame.event import Event

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
