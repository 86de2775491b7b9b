"""Replays recorded pen strokes as if a person wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygame
from pygame.event import Event

from recognizer.app.actions import key_press
from recognizer.inkml import demo_drawings
from recognizer.strokes import Sketch, Stroke, bounds, transformed

if TYPE_CHECKING:
    from recognizer.app.screens.sketch import SketchScreen

POINT_SECONDS, LIFT_SECONDS, LOOK_SECONDS, READ_SECONDS = 0.02, 0.2, 0.5, 1.3
"""Seconds between two points of the pen, two strokes, before a drawing, and after it."""
INTERRUPTING = (
    *(pygame.MOUSEBUTTONDOWN, pygame.FINGERDOWN, pygame.KEYDOWN, pygame.MOUSEWHEEL),
    *(pygame.DROPFILE, pygame.QUIT),
)
IGNORED = (pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP, pygame.WINDOWLEAVE)


@dataclass(frozen=True)
class DemoScene:
    """A digit, its middle and longest side as shares of the canvas, the pen in its unit."""

    digit: int
    x: float
    y: float
    size: float
    pen: float


SCENES = (
    DemoScene(3, 0.42, 0.50, 0.62, 22),
    DemoScene(7, 0.09, 0.87, 0.17, 5),
    DemoScene(4, 0.56, 0.46, 0.50, 14),
    DemoScene(1, 0.90, 0.14, 0.20, 6),
    DemoScene(9, 0.36, 0.55, 0.72, 34),
    DemoScene(2, 0.14, 0.16, 0.20, 6),
    DemoScene(5, 0.50, 0.52, 0.56, 10),
    DemoScene(0, 0.86, 0.82, 0.16, 9),
    DemoScene(6, 0.46, 0.48, 0.58, 26),
    DemoScene(8, 0.48, 0.50, 0.46, 18),
)


class Demo:
    """Writes with the window's own pointer events, until it is done or the user takes over.

    invites: whether it only shows how it is done, and leaves the paper as it was.
    """

    def __init__(self, screen: SketchScreen, now: float, invites: bool = False) -> None:
        self._screen, self._invites = screen, invites
        self._before = screen.session.sketch
        self._width, self._erasing = screen.session.pen_width, screen.session.erasing
        screen.session.erasing = False
        self._script = self._play(demo_drawings())
        screen.session.autosaves = False
        screen.session.start_over(())
        self.due: float | None = now
        self._next: Event | None = None
        self._advance()

    def play(self, events: Iterable[Event], now: float) -> list[Event]:
        """The events of the user and of the demo that are to be taken now."""
        events = list(events)
        if self.due is None:
            return events
        if any(event.type in INTERRUPTING for event in events):
            self._end(self._before)
            return events
        played = [event for event in events if event.type not in IGNORED]
        while self.due is not None and self.due <= now:
            if self._next:
                played.append(self._next)
            self._advance()
        return played

    def _advance(self) -> None:
        """Go on to the next event, or to the end."""
        step = next(self._script, None)
        if step is None or self.due is None:
            stays = not self._invites and not self._before.strokes
            self._end(self._screen.session.sketch if stays else self._before)
            return
        self.due += step[0]
        self._next = step[1]

    def _end(self, sketch: Sketch) -> None:
        """Leave the window to the user, with the sketch from before if there was one."""
        self.due, session = None, self._screen.session
        self._screen.stop()
        session.put_on_paper(sketch)
        session.set_pen_width(self._width)
        session.erasing, session.autosaves = self._erasing, True

    def _play(self, written: dict[int, tuple[Stroke, ...]]) -> Iterator[tuple[float, Event]]:
        """Every event, and the seconds to wait before it."""
        for number, scene in enumerate(SCENES):
            if number:
                yield READ_SECONDS, key_press("clear")
            self._screen.session.set_pen_width(scene.pen)
            canvas = self._screen.view.canvas.rect
            yield from pen_events(scene, written[scene.digit], canvas, LOOK_SECONDS)


def pen_events(
    scene: DemoScene, strokes: Sequence[Stroke], rect: pygame.Rect, pause: float
) -> Iterator[tuple[float, Event]]:
    """The pen's events that write strokes on a canvas, and the seconds to wait before each.

    pause: seconds before the first stroke.
    """
    box = bounds(strokes)
    scale = scene.size * min(rect.size) / box.side
    middle = (rect.left + scene.x * rect.width, rect.top + scene.y * rect.height)
    to = (middle[0] - 0.5, middle[1] - 0.5)
    for stroke in transformed(strokes, scale, origin=box.middle, to=to):
        yield from _stroke(stroke.points.tolist(), pause)
        pause = LIFT_SECONDS


def _stroke(points: list[list[float]], pause: float) -> Iterator[tuple[float, Event]]:
    yield pause, Event(pygame.MOUSEMOTION, pos=points[0], buttons=(0, 0, 0), touch=False)
    yield POINT_SECONDS, Event(pygame.MOUSEBUTTONDOWN, pos=points[0], button=1, touch=False)
    for point in points[1:]:
        yield POINT_SECONDS, Event(pygame.MOUSEMOTION, pos=point, buttons=(1, 0, 0), touch=False)
    yield POINT_SECONDS, Event(pygame.MOUSEBUTTONUP, pos=points[-1], button=1, touch=False)
