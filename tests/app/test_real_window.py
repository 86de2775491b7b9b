"""A real window on a real X server, drawn on with a real mouse pointer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pygame import Rect

from recognizer.app.layout import arrange
from tests.app.hand import Points, placed

MISSING = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")

ROOT = Path(__file__).resolve().parents[2]
SIZE = (960, 640)
PATIENCE = 90
"""Seconds until a test gives up; a busy machine takes its time."""
EMPTY = "Digit Sketchpad"


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """An X server without a screen, on a number that is free."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x900x24",
         "-noreset", "-nolisten", "tcp"],
        pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait()


class Person:
    """Somebody who starts the program and moves the mouse."""

    def __init__(self, display: str, data: Path, *arguments: str) -> None:
        self._environment = os.environ | {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
        self.program = subprocess.Popen(
            [sys.executable, "main.py", "--size", f"{SIZE[0]}x{SIZE[1]}", "--theme", "light",
             "--data", str(data), "--folder", str(data / "sketches"), *arguments],
            cwd=ROOT, env=self._environment,
        )  # fmt: skip
        self.window = self._wait(self._find, bool)
        self._wait(self.title, lambda title: EMPTY in title)
        self.xdotool("windowfocus", self.window)

    def xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self._environment, capture_output=True, text=True,
            timeout=PATIENCE, check=False,
        )  # fmt: skip
        return done.stdout.strip()

    def title(self) -> str:
        return self.xdotool("getwindowname", self.window)

    def sees(self, pattern: str) -> bool:
        """Wait until the title is like this."""
        title = self._wait(self.title, lambda found: re.fullmatch(pattern, found) is not None)
        return re.fullmatch(pattern, title) is not None

    def draw(self, lines: list[Points], finish: bool = True) -> None:
        left, top = self._corner()
        for line in lines:
            words = []
            for number, (x, y) in enumerate(line):
                words += ["mousemove", str(round(left + x)), str(round(top + y)), "sleep", "0.002"]
                if number == 0:
                    words += ["mousedown", "1"]
            self.xdotool(*words, *(["mouseup", "1"] if finish else []))

    def key(self, key: str) -> None:
        self.xdotool("key", key)

    def end(self) -> None:
        self.xdotool("mouseup", "1")
        if self.program.poll() is None:
            self.program.kill()
        self.program.wait()

    def _find(self) -> str:
        assert self.program.poll() is None, "the program ended"
        found = self.xdotool("search", "--name", EMPTY).split()
        return found[-1] if found else ""

    def _corner(self) -> tuple[int, int]:
        told = self.xdotool("getwindowgeometry", "--shell", self.window)
        facts = dict(line.split("=") for line in told.splitlines() if "=" in line)
        return int(facts["X"]), int(facts["Y"])

    def _wait(self, ask: Callable[[], str], enough: Callable[[str], bool]) -> str:
        deadline = time.monotonic() + PATIENCE
        while not enough(answer := ask()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return answer


@pytest.fixture
def person(display: str, tmp_path: Path) -> Iterator[Person]:
    somebody = Person(display, tmp_path)
    yield somebody
    somebody.end()


def canvas() -> Rect:
    return arrange(SIZE).canvas


def lines(digit: int, x: float = 0.5, y: float = 0.5, size: float = 0.6) -> list[Points]:
    return placed(digit, canvas(), x, y, size)


def test_the_title_shows_every_digit_that_is_drawn(person: Person) -> None:
    assert person.sees(EMPTY)
    for digit in range(10):
        person.draw(lines(digit))
        assert person.sees(rf"{digit} \(\d+ %\) - {EMPTY}"), (digit, person.title())
        person.key("c")
        assert person.sees(EMPTY)


def test_a_seven_with_a_bar_in_a_corner(person: Person) -> None:
    person.draw(lines(7, 0.08, 0.9, 0.14))
    assert person.sees(rf"7 \(\d+ %\) - {EMPTY}")


def test_it_is_read_before_the_pen_is_lifted(person: Person) -> None:
    person.draw(lines(3), finish=False)
    assert person.sees(rf"3 \(\d+ %\) - {EMPTY}")


def test_undo_redo_help_and_quit(person: Person) -> None:
    person.draw(lines(0))
    assert person.sees(rf"0 .*{EMPTY}")
    person.key("ctrl+z")
    assert person.sees(EMPTY)
    person.key("ctrl+y")
    assert person.sees(rf"0 .*{EMPTY}")
    person.key("F1")
    person.key("Escape")
    person.key("Escape")
    assert person.program.wait(PATIENCE) == 0


def test_corrected_once_it_knows(person: Person) -> None:
    person.draw(lines(7))
    assert person.sees(rf"7 .*{EMPTY}")
    person.key("Tab")
    person.key("1")
    assert person.sees(rf"1.*{EMPTY}")
    person.key("c")
    assert person.sees(EMPTY)
    person.draw(lines(7, size=0.5))
    assert person.sees(rf"1.*{EMPTY}"), "drawn again, it is what it was corrected to"
    person.key("c")
    person.draw(lines(4))
    assert person.sees(rf"4 .*{EMPTY}"), "what was read right before still is"


def test_a_killed_window_comes_back_with_its_sketch(display: str, tmp_path: Path) -> None:
    first = Person(display, tmp_path)
    try:
        first.draw(lines(5))
        assert first.sees(rf"5 .*{EMPTY}")
        deadline = time.monotonic() + PATIENCE
        while not (tmp_path / "unsaved.inkml").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        first.end()
    second = Person(display, tmp_path)
    try:
        assert second.sees(rf"5 .*{EMPTY}")
    finally:
        second.end()


def test_a_number_whose_second_strokes_come_late(person: Person) -> None:
    four, seven = lines(4, 0.25, 0.5, 0.4), lines(7, 0.7, 0.5, 0.4)
    person.draw([four[0], seven[0], seven[1], four[1]])
    assert person.sees(rf"47 - {EMPTY}"), person.title()
