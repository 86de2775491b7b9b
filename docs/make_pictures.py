"""Makes docs/screenshot.png and docs/demo.gif with the real window: python -m docs.make_pictures

It needs no display, and makes the same pictures every time.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pygame
from PIL import Image

from recognizer.app.demo import Demo
from recognizer.app.screens.sketch import SketchScreen
from recognizer.app.window import Window
from recognizer.reading import Recognizer
from recognizer.session.storage import Storage

HERE = Path(__file__).resolve().parent
SCREENSHOT_SIZE_PX, ANIMATION_SIZE_PX = (1120, 720), (720, 480)
FRAME_SECONDS = 0.05
"""How long a frame of the animation is shown."""
ANIMATION_SECONDS = 15.5
SCREENSHOT_AT_SECONDS = 5.4
"""Seconds into the demo for the screenshot: the 7 with a bar in a corner is written."""
ANIMATION_COLOURS = 64


class Clock:
    """A clock that the camera sets."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


class Camera:
    """The demo in a window, and pictures of it at any time."""

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        self._clock = Clock()
        self._window = Window(size, "light", self._clock)
        screen = SketchScreen(self._window, Recognizer(), Storage(folder / "d", folder / "s"))
        self._window.screen = screen
        self._demo = Demo(screen, 0.0)
        self._window.step([])

    def picture(self, time: float) -> Image.Image:
        """The window at this time, which must not be earlier than that of the last picture."""
        self._clock.time = time
        self._window.step(self._demo.play([], time))
        surface = self._window.surface
        return Image.frombytes("RGB", surface.get_size(), pygame.image.tobytes(surface, "RGB"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Write both pictures."""
    name = "python -m docs.make_pictures"
    argparse.ArgumentParser(name, description=__doc__).parse_args(arguments)
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    with tempfile.TemporaryDirectory() as folder:
        camera = Camera(Path(folder), SCREENSHOT_SIZE_PX)
        *_, still = (
            camera.picture(number * FRAME_SECONDS)
            for number in range(round(SCREENSHOT_AT_SECONDS / FRAME_SECONDS))
        )
        still.quantize(128, dither=Image.Dither.NONE).save(HERE / "screenshot.png", optimize=True)
        camera = Camera(Path(folder), ANIMATION_SIZE_PX)
        frames = [
            camera.picture(number * FRAME_SECONDS)
            for number in range(round(ANIMATION_SECONDS / FRAME_SECONDS))
        ]
    palette = _together(frames[::20]).quantize(ANIMATION_COLOURS, dither=Image.Dither.NONE)
    first, *others = (f.quantize(palette=palette, dither=Image.Dither.NONE) for f in frames)
    first.save(
        HERE / "demo.gif",
        save_all=True,
        append_images=others,
        duration=round(1000 * FRAME_SECONDS),
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
