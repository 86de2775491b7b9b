"""A hand: makes pygame's events and gives them to the window, as a person would cause them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pygame
from pygame.event import Event

from recognizer.app.screens.menu import MenuScreen
from recognizer.app.screens.sketch import SketchScreen
from recognizer.app.window import Window
from recognizer.inkml import demo_drawings
from recognizer.reading import Recognizer
from recognizer.session.storage import Storage

Points = Sequence[tuple[float, float]]
CTRL, SHIFT = pygame.KMOD_CTRL, pygame.KMOD_SHIFT


class Clock:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


class Hand:
    """Mouse, finger and keyboard of one window."""

    def __init__(self, window: Window, screen: SketchScreen, clock: Clock) -> None:
        self.window, self.screen, self.clock = window, screen, clock

    @property
    def canvas(self) -> pygame.Rect:
        return self.screen.view.canvas.rect

    @property
    def strokes(self) -> int:
        return len(self.screen.session.sketch.strokes)

    @property
    def title(self) -> str:
        return pygame.display.get_caption()[0]

    @property
    def message(self) -> str:
        message = self.screen.view.toast.message
        return message.text if message else ""

    def step(self, *events: Event) -> None:
        self.window.step(events)

    def at(self, x: float, y: float) -> tuple[int, int]:
        """A place on the canvas, given in shares of it."""
        rect = self.canvas
        return round(rect.left + x * rect.width), round(rect.top + y * rect.height)

    def down(self, place: tuple[float, float], button: int = 1) -> None:
        self.step(Event(pygame.MOUSEBUTTONDOWN, pos=place, button=button, touch=False))

    def move(self, place: tuple[float, float], button: int = 0) -> None:
        buttons = tuple(int(button == number) for number in (1, 2, 3))
        self.step(Event(pygame.MOUSEMOTION, pos=place, buttons=buttons, touch=False))

    def up(self, place: tuple[float, float], button: int = 1) -> None:
        self.step(Event(pygame.MOUSEBUTTONUP, pos=place, button=button, touch=False))

    def drag(self, places: Points, button: int = 1) -> None:
        self.down(places[0], button)
        for place in places[1:]:
            self.move(place, button)
        self.up(places[-1], button)

    def line(self) -> None:
        """A stroke down the middle of the canvas."""
        self.drag([self.at(0.5, y) for y in (0.3, 0.4, 0.5, 0.6, 0.7)])

    def draw(self, digit: int, x: float = 0.5, y: float = 0.5, size: float = 0.6) -> None:
        """The demo's drawing of a digit, its middle at this place, of this share of the canvas."""
        for points in placed(digit, self.canvas, x, y, size):
            self.drag(points)

    def click(self, button: str) -> None:
        """A click on a button of the toolbar, or of the menu."""
        if button in self.window.layout.buttons:
            self.press(self.window.layout.buttons[button])
            return
        self.press(self.window.layout.buttons["menu"])
        menu = self.window.screen
        assert isinstance(menu, MenuScreen)
        self.press(menu.buttons()[button])

    def press(self, rect: pygame.Rect) -> None:
        """A click into the middle of a rectangle."""
        self.move(rect.center)
        self.down(rect.center)
        self.up(rect.center)

    def key(self, key: int, mod: int = 0, text: str = "") -> None:
        self.step(Event(pygame.KEYDOWN, key=key, mod=mod, unicode=text))

    def finger(self, what: int, place: tuple[float, float], number: int = 0) -> None:
        x, y = (p / side for p, side in zip(place, self.window.surface.get_size(), strict=True))
        self.step(Event(what, x=x, y=y, finger_id=number, touch_id=1, dx=0, dy=0))

    def wheel(self, steps: int) -> None:
        self.step(Event(pygame.MOUSEWHEEL, x=0, y=steps))

    def resize(self, size: tuple[int, int]) -> None:
        pygame.display.set_mode(size, pygame.RESIZABLE)
        self.step(Event(pygame.WINDOWSIZECHANGED, x=size[0], y=size[1]))

    def end(self) -> None:
        """What is left of the program goes, as if it were killed."""
        self.screen.session.storage.release()
        self.window.close()

    def drop(self, path: Path) -> None:
        self.step(Event(pygame.DROPFILE, file=str(path)))


def placed(digit: int, rect: pygame.Rect, x: float, y: float, size: float) -> list[Points]:
    """The points of the demo's drawing of a digit on a canvas."""
    strokes = demo_drawings()[digit]
    points = np.concatenate([stroke.points for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = size * min(rect.size) / float((high - low).max())
    middle = (rect.left + x * rect.width, rect.top + y * rect.height)
    moved = [(stroke.points - (low + high) / 2) * scale + middle for stroke in strokes]
    return [[(round(x), round(y)) for x, y in line.tolist()] for line in moved]


def open_sketch(
    folder: Path, recognizer: Recognizer, size: tuple[int, int] = (960, 640), theme: str = "light"
) -> Hand:
    """A start of the program with its files in this folder."""
    clock = Clock()
    window = Window(size, theme, clock)
    screen = SketchScreen(window, recognizer, Storage(folder / "data", folder / "sketches"))
    screen.restore()
    window.screen = screen
    window.step([])
    return Hand(window, screen, clock)
