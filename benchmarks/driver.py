"""Runs `main.py` as a person would, draws in its window, and watches it from inside.

`python -m benchmarks.driver SCENARIO FOLDER` prints what the scenario found as a line of JSON;
the sketchpad keeps its sketch and settings in the folder. A scenario is the name of a module of
benchmarks, with `:` and the name of a function if that is not `prepare`.

Events are posted to pygame's queue and go through the sketchpad's own loop; nothing of it is
replaced, but pygame's functions that take events and that change the screen or the title tell
the watch when they are done.
"""

from __future__ import annotations

import importlib
import json
import runpy
import sys
import threading
import time
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pygame

MOVES_PER_SECOND = 1000
SWITCH_SECONDS = 0.0005
"""Python's threads take turns this often, so that drawing is on time while the window works."""


class Watch:
    """What the window did, and when (`time.perf_counter()`)."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.on_frame: Callable[[], None] = lambda: None
        self.on_title: Callable[[], None] = lambda: None
        self._taken: list[float] = []
        # A loop that waits again is done with the moves that changed nothing on the screen.
        self._note(pygame.event, "wait", self._take, before=self._settle)
        for name in ("get", "poll"):
            self._note(pygame.event, name, self._take)
        for name in ("update", "flip"):
            self._note(pygame.display, name, self._shown)
        self._note(pygame.display, "set_caption", lambda _: self.on_title())

    def _note(
        self,
        module: Any,
        name: str,
        then: Callable[[Any], None],
        before: Callable[[], None] = lambda: None,
    ) -> None:
        call = getattr(module, name)

        def noted(*args: Any, **settings: Any) -> Any:
            before()
            result = call(*args, **settings)
            then(result)
            return result

        setattr(module, name, noted)

    def _take(self, result: Any) -> None:
        events = result if isinstance(result, list) else [result]
        self._taken += [event.due for event in events if hasattr(event, "due")]

    def _shown(self, _: Any) -> None:
        self._settle()
        self.on_frame()

    def _settle(self) -> None:
        now = time.perf_counter()
        self.latencies += [now - due for due in self._taken]
        self._taken = []


class Hand:
    """Draws in the window, with pygame's events."""

    def __init__(self) -> None:
        from recognizer.app.layout import arrange

        self._paper = arrange(pygame.display.get_window_size()).canvas

    def look_inside(self) -> None:
        """Press I, and draw on that screen from then on."""
        from recognizer.app.layout import arrange
        from recognizer.app.screens.inside_layout_view import arrange_inside

        _post(pygame.KEYDOWN, key=pygame.K_i, mod=0, unicode="i", scancode=pygame.KSCAN_I)
        frame: Any = SimpleNamespace(layout=arrange(pygame.display.get_window_size()))
        self._paper = arrange_inside(frame).canvas

    def draw(self, line: Iterable[tuple[float, float]]) -> None:
        """Draw points given in shares of the paper, 1,000 of them a second.

        Each move is due at its own time and remembers it. One that is posted late, because
        the window kept Python busy, counts as late.
        """
        points = [self._place(point) for point in line]
        _post(pygame.MOUSEBUTTONDOWN, pos=points[0], button=1, touch=False)
        begun = time.perf_counter()
        for number, point in enumerate(points[1:], 1):
            due = begun + number / MOVES_PER_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            self._move(point, due=due)
        _post(pygame.MOUSEBUTTONUP, pos=points[-1], button=1, touch=False)

    def draw_at_once(self, line: Iterable[tuple[float, float]]) -> None:
        """Draw the same without taking any time."""
        first, *others = (self._place(point) for point in line)
        _post(pygame.MOUSEBUTTONDOWN, pos=first, button=1, touch=False)
        for point in others:
            self._move(point)

    def lift(self, point: tuple[float, float]) -> None:
        """Let the button go, at a point given as all are."""
        _post(pygame.MOUSEBUTTONUP, pos=self._place(point), button=1, touch=False)

    def undo(self) -> None:
        """Press Ctrl+Z."""
        ctrl = pygame.KMOD_CTRL
        _post(pygame.KEYDOWN, key=pygame.K_z, mod=ctrl, unicode="z", scancode=pygame.KSCAN_Z)

    def clear(self) -> None:
        """Press C."""
        _post(pygame.KEYDOWN, key=pygame.K_c, mod=0, unicode="c", scancode=pygame.KSCAN_C)

    def _move(self, point: tuple[int, int], **facts: float) -> None:
        held = (1, 0, 0)
        _post(pygame.MOUSEMOTION, pos=point, rel=(0, 0), buttons=held, touch=False, **facts)

    def _place(self, point: tuple[float, float]) -> tuple[int, int]:
        across, down = point
        paper = self._paper
        return round(paper.left + across * paper.width), round(paper.top + down * paper.height)


def _post(kind: int, **facts: Any) -> None:
    pygame.event.post(pygame.event.Event(kind, facts))


def say(found: dict[str, Any]) -> None:
    """Report what a scenario found."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def close() -> None:
    """Close the window."""
    _post(pygame.QUIT)


def once_shown(watch: Watch, scenario: Callable[[Watch, Hand], dict[str, Any]]) -> None:
    """Let the scenario play in a thread as soon as the window is on the screen."""

    def act() -> None:
        try:
            say(scenario(watch, Hand()))
        finally:
            close()

    def begin() -> None:
        watch.on_frame = lambda: None
        threading.Thread(target=act, daemon=True).start()

    sys.setswitchinterval(SWITCH_SECONDS)
    watch.on_frame = begin


def main() -> None:
    """Play the scenario that the command line names in the sketchpad."""
    scenario, folder = sys.argv[1:]
    module, _, function = scenario.partition(":")
    getattr(importlib.import_module(f"benchmarks.{module}"), function or "prepare")(Watch())
    sys.argv = ["main.py", "--data", folder, "--folder", folder]
    runpy.run_path("main.py", run_name="__main__")


if __name__ == "__main__":
    main()
