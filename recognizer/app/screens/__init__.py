"""What every screen of the window can do, and the pointer that it is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pygame import Rect
from pygame.event import Event

from recognizer.app.layout import Layout
from recognizer.app.style import StyleCache
from recognizer.app.widgets import Part

LEFT, RIGHT = 1, 3
DOWN, MOVE, UP, GONE = "down", "move", "up", "gone"


@dataclass(frozen=True)
class Pointer:
    """What the pointer did: DOWN, MOVE, UP or GONE, and where, in pixels of the window.

    button: LEFT or RIGHT, 0 where none is pressed. finger: number of the finger, None for a mouse.
    """

    what: str
    position: tuple[float, float]
    button: int = LEFT
    finger: int | None = None


class Frame(Protocol):
    """What a screen may ask of the window that it is shown in."""

    layout: Layout
    style: StyleCache

    def now(self) -> float:
        """Seconds of a clock that never goes back."""

    def pointer(self, event: Event) -> Pointer | None:
        """The pointer's part in an event."""

    def switch_theme(self) -> str:
        """Change between light and dark; returns the name of the theme that is shown now."""

    def switch_full_screen(self) -> None:
        """Fill the screen, or leave it again."""

    def switch_presenting(self) -> None:
        """Show nothing but canvas, answer and bars, or everything again."""

    def step_back(self) -> bool:
        """Leave the presenting view, or else full screen; False if the window is in neither."""

    def bounds(self) -> tuple[tuple[int, int], tuple[int, int] | None]:
        """The size of the window when it is not full screen, and its place if that is known."""

    def copy(self, text: str) -> bool:
        """Give a text to the system's clipboard; False if that does not work."""


class Screen(Protocol):
    """One of the things that the whole window can show."""

    def handle(self, event: Event) -> Screen | None:
        """Take an event; returns the screen that comes next, None to quit."""

    def resized(self) -> None:
        """Take the window's new layout or theme."""

    def damage(self) -> list[Rect]:
        """Rectangles that changed although no part of the screen tells."""

    def parts(self) -> Iterable[Part]:
        """Everything on the screen, from the back to the front."""

    def title(self) -> str:
        """The window's title."""

    def leave(self) -> None:
        """The window closes: write what is left to write."""

    def update(self) -> None:
        """Bring everything up to date after all events were taken."""
        return

    def turn(self) -> Screen | None:
        """The screen that comes next by itself after an update; None to quit."""
        return self

    def due(self) -> float | None:
        """When the screen changes by itself, by the frame's clock; None if it does not."""
        return None

    def hides_mouse(self) -> bool:
        """Whether something else shows where the mouse is."""
        return False


class Overlay(Screen):
    """What every screen has that is laid over another, which keeps the sketch."""

    def __init__(self, frame: Frame, behind: Screen) -> None:
        self.frame, self.behind = frame, behind

    def resized(self) -> None:
        """What is behind takes the layout, too."""
        self.behind.resized()

    def damage(self) -> list[Rect]:
        """Of the screen behind."""
        return self.behind.damage()

    def title(self) -> str:
        """The reading stays in the title."""
        return self.behind.title()

    def leave(self) -> None:
        """The screen behind has the sketch."""
        self.behind.leave()
