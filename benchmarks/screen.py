"""A screen for the window: the one there is, or a virtual one by Xvfb."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SCREEN_SIZE = "1280x1024x24"
DISPLAY_NUMBERS = range(200, 300)
"""Numbers of virtual screens to try; one that is taken is passed over."""


class ScreenError(Exception):
    """There is no screen to open a window on; the message says what to do."""


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The environment variables that open a window, for as long as the context lasts.

    Raises ScreenError if there is neither a screen nor Xvfb.
    """
    if sys.platform in ("win32", "darwin") or _has_screen():
        yield {}
        return
    program = shutil.which("Xvfb")
    if program is None:
        raise ScreenError("There is no screen. Install a virtual one: apt-get install xvfb")
    server, display = _start(program)
    try:
        # Should the screen go away, SDL must not fall back on one that shows nothing.
        yield {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
    finally:
        server.terminate()
        server.wait()


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _start(program: str) -> tuple[subprocess.Popen[bytes], str]:
    """A virtual screen that is ready, and its name."""
    for number in DISPLAY_NUMBERS:
        # Xvfb could find a free number itself, but two that start together may find the same.
        server = _try(program, f":{number}")
        if server:
            return server, f":{number}"
    raise ScreenError("Xvfb did not start. Try it by hand: Xvfb :99")


def _try(program: str, display: str) -> subprocess.Popen[bytes] | None:
    reading, writing = os.pipe()
    options = f"-displayfd {writing} -screen 0 {SCREEN_SIZE} -nolisten tcp"
    server = subprocess.Popen(
        [program, display, *options.split()],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as answer:
        if answer.readline().strip():
            return server
    server.wait()
    return None
