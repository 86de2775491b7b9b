"""The command: reads its arguments, opens the window, and says what went wrong."""

from __future__ import annotations

import argparse
import gc
import locale
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pygame

from recognizer.app.demo import Demo
from recognizer.app.layout import MIN_SIZE_PX
from recognizer.app.screens.sketch import SketchScreen
from recognizer.app.window import Window
from recognizer.console import suppress_stderr
from recognizer.files import data_folder, pictures_folder
from recognizer.model.card import ModelError
from recognizer.reading import Recognizer
from recognizer.session import Message
from recognizer.session.opening import READABLE_SUFFIXES, in_thread
from recognizer.session.storage import Storage

SMALLEST = "x".join(map(str, MIN_SIZE_PX))
READ_COMMAND = "python -m recognizer read FILE"


class StartError(Exception):
    """The window cannot be opened; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the sketchpad; returns the exit status, 2 if it could not start."""
    options = _parser().parse_args(arguments)
    try:
        window = open_window(options)
    except StartError as error:
        sys.stderr.write(f"{Path(sys.argv[0]).name}: {error}\n")
        return 2
    # What stands now stays to the end; searching it for garbage would hold up the pen.
    gc.freeze()
    try:
        window.run()
    except KeyboardInterrupt:
        # Every gesture has been saved already.
        return 130
    finally:
        window.close()
    return 0


def open_window(options: argparse.Namespace) -> Window:
    """The window with its sketch, ready to run. Raises StartError."""
    recognizer = _recognizer(options.model, options.labels)
    storage = Storage(options.data, options.folder)
    settings = storage.settings()
    place = settings.place if options.size is None else None
    window = _window(options.size or settings.size, options.theme or settings.theme, place)
    screen = SketchScreen(window, recognizer, storage, in_thread)
    screen.restore()
    if options.labels is None:
        screen.session.restore_mode()
    window.screen = screen
    if options.file:
        screen.open(options.file, lambda reason: _tell_unreadable(screen, reason))
    window.invite = lambda: _invitation(window, screen)
    if options.demo:
        window.demo = Demo(screen, window.now())
    return window


def _tell_unreadable(screen: SketchScreen, reason: str) -> None:
    """Say in the window and on the console why the file of the command line cannot be opened."""
    told = f"{reason} It should be one of {', '.join(READABLE_SUFFIXES)}."
    screen.view.tell(Message(told, trouble=True))
    sys.stderr.write(f"{Path(sys.argv[0]).name}: {told}\n")


def _invitation(window: Window, screen: SketchScreen) -> Demo | None:
    """The demo, if the paper is empty and nothing lies over it."""
    if window.screen is not screen or not screen.session.empty:
        return None
    return Demo(screen, window.now(), invites=True)


def _window(
    size: tuple[int, int] | None, theme: str, place: tuple[int, int] | None = None
) -> Window:
    _make_title_readable()
    try:
        window = Window(size, theme, place=place)
    except pygame.error as error:
        raise _no_display(str(error)) from None
    if pygame.display.get_driver() == "offscreen" and "SDL_VIDEODRIVER" not in os.environ:
        # What SDL falls back on where nobody could see the window.
        window.close()
        raise _no_display("SDL found no screen")
    return window


def _make_title_readable() -> None:
    """Let other programs read the window's title.

    In the locale C.UTF-8, X11's library marks it with an encoding that they do not know. Our
    titles need no more than ASCII.
    """
    if locale.setlocale(locale.LC_CTYPE).lower() in ("c.utf-8", "c.utf8"):
        locale.setlocale(locale.LC_CTYPE, "C")


def _no_display(trouble: str) -> StartError:
    return StartError(
        f"There is no display to open the window on ({trouble}). "
        f"To read a picture without one: {READ_COMMAND}"
    )


def _recognizer(folder: Path | None, labels: str | None) -> Recognizer:
    try:
        with suppress_stderr():
            return Recognizer(folder, labels=labels)
    except (ModelError, ValueError) as error:
        raise StartError(str(error)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Draw digits and see them read while you draw.")
    parser.add_argument("file", nargs="?", type=Path, help="InkML sketch or picture to open")
    parser.add_argument("--demo", action="store_true", help="watch some digits being written")
    parser.add_argument("--model", type=Path, metavar="DIR", help="folder of another model")
    told = "what may be read: digits, sums, letters, or any characters (digits)"
    parser.add_argument("--labels", metavar="SET", help=told)
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="DIR",
        default=pictures_folder(),
        help="where saving puts sketches (%(default)s)",
    )
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        default=data_folder(),
        help="where the unsaved sketch is kept (%(default)s)",
    )
    parser.add_argument("--theme", choices=("light", "dark", "auto"), help="colours")
    parser.add_argument(
        "--size", type=_size, metavar="WxH", help=f"of the window, at least {SMALLEST}"
    )
    return parser


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if size[0] < MIN_SIZE_PX[0] or size[1] < MIN_SIZE_PX[1]:
        raise argparse.ArgumentTypeError(f"{text} is not a size of at least {SMALLEST}")
    return size
