"""What can be done in the window, and the keys for it."""

from __future__ import annotations

import pygame
from pygame.event import Event

CTRL, SHIFT = "Ctrl", "Shift"

KEYS: dict[tuple[int, tuple[str, ...]], str] = {
    (pygame.K_z, (CTRL,)): "undo",
    (pygame.K_y, (CTRL,)): "redo",
    (pygame.K_z, (CTRL, SHIFT)): "redo",
    (pygame.K_s, (CTRL,)): "save",
    (pygame.K_o, (CTRL,)): "open",
    (pygame.K_v, (CTRL,)): "paste",
    (pygame.K_c, ()): "clear",
    (pygame.K_DELETE, ()): "clear",
    (pygame.K_e, ()): "eraser",
    (pygame.K_t, ()): "theme",
    (pygame.K_h, ()): "help",
    (pygame.K_F1, ()): "help",
    (pygame.K_F2, ()): "report",
    (pygame.K_F11, ()): "full",
    (pygame.K_ESCAPE, ()): "quit",
}

TYPED_KEYS = {"[": "thinner", "]": "thicker", "-": "thinner", "+": "thicker", "?": "help"}
"""By what is typed, since on many keyboards brackets take another key."""


def action_of(event: Event) -> str | None:
    """The action that a pressed key stands for."""
    held = tuple(name for name, mask in _MODIFIERS if event.mod & mask)
    found = KEYS.get((event.key, held))
    return found or TYPED_KEYS.get(getattr(event, "unicode", "") or _plain(event.key))


_MODIFIERS = ((CTRL, pygame.KMOD_CTRL | pygame.KMOD_META), (SHIFT, pygame.KMOD_SHIFT))


def _plain(key: int) -> str:
    return chr(key) if 0 < key < 128 else ""
