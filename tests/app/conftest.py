"""A window without a screen, and a hand that draws on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ["SDL_VIDEODRIVER"] = "dummy"

import pygame

from tests.app.hand import Hand, open_sketch
from tests.fakes import NearestDrawing

Opened = Callable[..., Hand]


@pytest.fixture(autouse=True)
def desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """One on which every window of the tests has room; that of SDL's dummy driver is small."""
    monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: [(3840, 2160)])


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens windows; each call is another start of the program with the same data."""
    hands: list[Hand] = []

    def open_window(size: tuple[int, int] = (960, 640), theme: str = "light") -> Hand:
        for hand in hands:
            hand.end()
        hands.append(open_sketch(tmp_path, NearestDrawing(), size, theme))
        return hands[-1]

    yield open_window
    for hand in hands:
        hand.end()


@pytest.fixture
def hand(opened: Opened) -> Hand:
    """A hand at a new window of 960 × 640."""
    return opened()
