"""A screen for the window: the one there is, or a virtual one by Xvfb."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1280x1024x24"


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
    with _virtual(program) as display:
        yield {"DISPLAY": display}


def _has_screen() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def _virtual(program: str) -> Iterator[str]:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        if not number:
            raise ScreenError("Xvfb did not start. Try it by hand: Xvfb :99")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
