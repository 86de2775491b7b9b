"""A pen move passes through few files on its way from the mouse to the answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pygame
from pygame.event import Event

import recognizer
from recognizer.reading import Recognizer
from tests.app.hand import open_sketch

PACKAGE = Path(recognizer.__file__).parent
MAX_FILES = 10
PAINTING = {"_draw", "_flip", "parts", "resize", "show"}
"""Functions of the window in which it only shows what was read."""


def test_a_pen_move_passes_through_ten_files_at_most(tmp_path: Path) -> None:
    hand = open_sketch(tmp_path, Recognizer())
    hand.draw(4)
    line = [hand.at(0.2, 0.2 + step / 50) for step in range(10)]
    hand.down(line[0])
    for position in line[1:-1]:
        hand.move(position, 1)
    passed: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and PACKAGE in path.parents and not any(map(_paints, _outwards(frame))):
            passed.add(path.relative_to(PACKAGE).as_posix())

    sys.setprofile(note)
    try:
        hand.step(Event(pygame.MOUSEMOTION, pos=line[-1], buttons=(1, 0, 0), touch=False))
    finally:
        sys.setprofile(None)
    assert {"app/window.py", "session/__init__.py", "reading.py", "model/__init__.py"} <= passed
    assert len(passed) <= MAX_FILES, sorted(passed)


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame:
        yield frame
        frame = frame.f_back


def _paints(frame: FrameType) -> bool:
    path = Path(frame.f_code.co_filename)
    return PACKAGE / "app" in path.parents and (
        frame.f_code.co_name in PAINTING or path.name == "sketch_view.py"
    )
