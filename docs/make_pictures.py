"""Makes the pictures of docs/ with the real window: python -m docs.make_pictures

It needs no display, and makes the same pictures every time.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pygame
from PIL import Image
from pygame import Rect
from pygame.event import Event

from recognizer.app.demo import Demo, DemoScene, pen_events
from recognizer.app.screens.sketch import SketchScreen
from recognizer.app.window import Window
from recognizer.inkml import demo_drawings
from recognizer.reading import Recognizer
from recognizer.session.storage import Storage

HERE = Path(__file__).resolve().parent
SCREENSHOT_SIZE_PX, ANIMATION_SIZE_PX = (1120, 720), (720, 480)
DEMO_FRAME_SECONDS, FRAME_SECONDS = 0.05, 0.1
"""How long a frame of the demo's animation and of the others is shown."""
DEMO_SECONDS = 15.5
SCREENSHOT_AT_SECONDS = 5.4
"""Seconds into the demo for the screenshot: the 7 with a bar in a corner is written."""
COLOURS = 64
PEN = 12.0
"""The pen's width in the sketch's unit."""
NUMBER = ((2, 0.17), (0, 0.39), (4, 0.61), (7, 0.83))
"""Digits, and where their middles are across the canvas."""

Step = tuple[float, Event | None]
"""Seconds to wait, and what happens then."""


class Clock:
    """A clock that the camera sets."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


class Camera:
    """A new window, and pictures of it at any time."""

    def __init__(self, size: tuple[int, int]) -> None:
        random.seed(1)  # the games' tasks are the same every time
        self._clock = Clock()
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self.window = Window(size, "light", self._clock)
        storage = Storage(folder / "data", folder / "sketches")
        self.sketch = SketchScreen(self.window, Recognizer(), storage)
        self.sketch.session.set_pen_width(PEN)
        self.window.screen = self.sketch
        self.window.step([])

    @property
    def screen(self) -> Any:
        """The screen that is shown."""
        return self.window.screen

    def picture(self, time: float, events: Iterable[Event] = ()) -> Image.Image:
        """The window at this time, after events; no earlier than the last picture."""
        self._clock.time = time
        self.window.step(events)
        surface = self.window.surface
        return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))

    def film(self, script: Iterator[Step], frame_seconds: float) -> list[Image.Image]:
        """A picture for every frame until the script ends."""
        frames, time = [self.picture(0.0)], 0.0
        for wait, event in script:
            time += wait
            while len(frames) * frame_seconds <= time:
                frames.append(self.picture(len(frames) * frame_seconds))
            if event:
                self.picture(time, [event])
        return frames

    def demo(self, seconds: float) -> list[Image.Image]:
        """The demo, from its beginning."""
        demo = Demo(self.sketch, 0.0)
        times = [
            number * DEMO_FRAME_SECONDS for number in range(round(seconds / DEMO_FRAME_SECONDS))
        ]
        return [self.picture(time, demo.play([], time)) for time in times]


@dataclass(frozen=True)
class Writer:
    """Writes the demo's digits into a window."""

    camera: Camera

    def digit(self, digit: int, rect: Rect, x: float = 0.5, size: float = 0.6) -> Iterator[Step]:
        """A digit with its middle so far across a canvas, of this share of it."""
        scene = DemoScene(digit, x, 0.5, size, PEN)
        yield from pen_events(scene, demo_drawings()[digit], rect, pause=0.3)

    def number(self) -> Iterator[Step]:
        """A number on the sketch."""
        for digit, x in NUMBER:
            yield from self.digit(digit, self.camera.sketch.view.canvas.rect, x, 0.3)

    def play(self) -> Iterator[Step]:
        """A few digits of the game Draw it."""
        yield key(0.1, "p")
        yield key(1.5, "2")
        yield key(1.5, "\r")
        for _ in range(5):
            game = self.camera.screen.game
            yield from self.digit(int(game.digit), self.camera.screen.board.canvas.rect)
            yield 0.7, None

    def inside(self) -> Iterator[Step]:
        """What the network sees of a 4 while it is written, and the other pages."""
        yield key(0.1, "i")
        yield from self.digit(4, self.camera.screen.canvas.rect)
        for page in "234":
            yield key(1.8, page)
        yield 1.8, None

    def hand(self) -> Iterator[Step]:
        """A sample of ten characters, which it learns."""
        yield key(0.1, "m")
        yield from click(1.2, self.camera.screen.buttons()["sample"])
        sheet = self.camera.screen
        for digit, rect in enumerate(sheet.rects()):
            steps = list(self.digit(digit, rect))
            yield from ((wait / 3, event) for wait, event in steps)
        yield from click(0.8, sheet.buttons()["learn"])
        yield 2.0, None

    def presenting(self) -> Iterator[Step]:
        """A number for the back row."""
        yield 0.0, Event(pygame.KEYDOWN, key=pygame.K_F5, mod=0, unicode="")
        yield from self.digit(7, self.camera.sketch.view.canvas.rect, 0.5, 0.7)
        yield 0.2, None


def key(wait: float, sign: str) -> Step:
    """The press of a key that writes this sign."""
    return wait, Event(pygame.KEYDOWN, key=ord(sign), mod=0, unicode=sign)


def click(wait: float, rect: Rect) -> Iterator[Step]:
    """A press of the mouse's button in the middle of a rectangle."""
    for seconds, what in ((wait, pygame.MOUSEBUTTONDOWN), (0.1, pygame.MOUSEBUTTONUP)):
        yield seconds, Event(what, pos=rect.center, button=1, touch=False)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write all pictures."""
    name = "python -m docs.make_pictures"
    argparse.ArgumentParser(name, description=__doc__).parse_args(arguments)
    os.environ["SDL_VIDEODRIVER"] = os.environ["SDL_AUDIODRIVER"] = "dummy"
    _save_still(Camera(SCREENSHOT_SIZE_PX).demo(SCREENSHOT_AT_SECONDS)[-1], "screenshot.png")
    _save_film(Camera(ANIMATION_SIZE_PX).demo(DEMO_SECONDS), "demo.gif", DEMO_FRAME_SECONDS)
    writer = Writer(Camera(SCREENSHOT_SIZE_PX))
    _save_still(writer.camera.film(writer.presenting(), FRAME_SECONDS)[-1], "presenting.png")
    for film in ("play", "inside", "hand"):
        writer = Writer(Camera(ANIMATION_SIZE_PX))
        frames = writer.camera.film(getattr(writer, film)(), FRAME_SECONDS)
        _save_film(frames, f"{film}.gif", FRAME_SECONDS)


def _save_still(picture: Image.Image, name: str) -> None:
    picture.quantize(128, dither=Image.Dither.NONE).save(HERE / name, optimize=True)


def _save_film(frames: list[Image.Image], name: str, frame_seconds: float) -> None:
    palette = _together(frames[::20]).quantize(COLOURS, dither=Image.Dither.NONE)
    first, *others = (f.quantize(palette=palette, dither=Image.Dither.NONE) for f in frames)
    first.save(
        HERE / name,
        save_all=True,
        append_images=others,
        duration=round(1000 * frame_seconds),
        loop=0,
        optimize=True,
    )


def _together(frames: list[Image.Image]) -> Image.Image:
    """The frames under each other, so that their colours can be chosen for all."""
    width, height = frames[0].size
    sheet = Image.new("RGB", (width, height * len(frames)))
    for number, frame in enumerate(frames):
        sheet.paste(frame, (0, height * number))
    return sheet


if __name__ == "__main__":
    main()
