"""The window: waits for events, hands them to the screen, shows what changed."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import pygame
from pygame import Rect
from pygame.event import Event

from recognizer.app import layout
from recognizer.app.actions import BY_NAME, action_of
from recognizer.app.demo import Demo
from recognizer.app.screens import DOWN, GONE, LEFT, MOVE, RIGHT, UP, Pointer, Screen
from recognizer.app.style import DARK, LIGHT, StyleCache, centred, choose_theme
from recognizer.app.widgets import Compositor
from recognizer.files import PROGRAM_NAME

SDL_HINTS = {
    "SDL_WINDOWS_DPI_AWARENESS": "permonitorv2",
    "SDL_VIDEO_ALLOW_SCREENSAVER": "1",
    "SDL_MOUSE_FOCUS_CLICKTHROUGH": "1",
    "SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR": "0",
}
"""What SDL is asked for: real pixels, and the manners of a program that is no game."""
LINUX_HINTS = {"SDL_FRAMEBUFFER_ACCELERATION": "0"}
"""Without it, SDL loads a whole OpenGL driver there to show a picture made in memory."""
INVITE_SECONDS = 60.0
"""Seconds after which an empty window in which nothing happens shows how it is done."""
RESTLESS_SECONDS, NAP_SECONDS = 1.0, 0.04
"""Seconds: pygame waits by looking for events every millisecond, which costs a percent of a
core; so after a while without any, the window looks less often."""
HEARD_EVENTS = (
    *(pygame.KEYDOWN, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION),
    *(pygame.MOUSEWHEEL, pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP),
    *(pygame.QUIT, pygame.DROPFILE, pygame.WINDOWLEAVE, pygame.WINDOWEXPOSED),
    *(pygame.WINDOWSIZECHANGED, pygame.VIDEORESIZE, pygame.WINDOWMOVED),
)
"""Only these wake the window."""
_MOUSE = {pygame.MOUSEBUTTONDOWN: DOWN, pygame.MOUSEMOTION: MOVE, pygame.MOUSEBUTTONUP: UP}
_FINGER = {pygame.FINGERDOWN: DOWN, pygame.FINGERMOTION: MOVE, pygame.FINGERUP: UP}


def fitting(
    size: tuple[int, int], place: tuple[int, int] | None, desktop: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """A size that is no larger than the desktop, and the place, moved so that all is in sight."""
    width, height = (min(side, most) for side, most in zip(size, desktop, strict=True))
    if place is None:
        return (width, height), None
    x, y = (
        min(max(at, 0), most - side)
        for at, side, most in zip(place, (width, height), desktop, strict=True)
    )
    return (width, height), (x, y)


def first_size() -> tuple[int, int]:
    """A window that takes most of a small desktop and less of a large one, in pixels."""
    width, height = pygame.display.get_desktop_sizes()[0]
    tall = max(min(round(0.7 * height), round(0.9 * width / 1.5)), layout.MIN_SIZE_PX[1])
    return max(round(1.5 * tall), layout.MIN_SIZE_PX[0]), tall


class Window:
    """The window and its loop. Screens see it as their `Frame`."""

    def __init__(
        self,
        size: tuple[int, int] | None = None,
        theme_name: str = "auto",
        clock: Callable[[], float] = time.monotonic,
        place: tuple[int, int] | None = None,
    ) -> None:
        hints = SDL_HINTS | (LINUX_HINTS if sys.platform == "linux" else {})
        for name, value in hints.items():
            os.environ.setdefault(name, value)
        pygame.display.init()
        pygame.font.init()
        self.now = clock
        self.style = StyleCache(choose_theme(theme_name))
        self.demo: Demo | None = None
        self.invite: Callable[[], Demo | None] = lambda: None
        self.screen: Screen | None = None
        self._idle_since, self._invited = clock(), False
        desktop = pygame.display.get_desktop_sizes()[0]
        self._windowed, self._place = fitting(size or first_size(), place, desktop)
        self._size = (0, 0)
        self._full = self._presenting = False
        self._refused: tuple[int, int] | None = None
        self._title = ""
        self._mouse_shown = True
        pygame.display.set_icon(_icon(self.style))
        pygame.display.set_caption(PROGRAM_NAME)
        with _placed(self._place):
            self.surface = pygame.display.set_mode(self._windowed, pygame.RESIZABLE)
        pygame.key.stop_text_input()
        pygame.event.set_blocked(None)
        pygame.event.set_allowed(HEARD_EVENTS)
        self._take_size()

    def run(self) -> None:
        """Until the user quits: events, update, draw, flip."""
        while self.screen:
            self.step(self.wait())

    def wait(self) -> list[Event]:
        """Sleep until something happens, then take all that did."""
        due = self._due()
        until = math.inf if due is None else due
        restless = min(until, self._idle_since + RESTLESS_SECONDS) - self.now()
        first = (
            pygame.event.wait(math.ceil(1000 * restless)) if restless > 0 else pygame.event.poll()
        )
        while first.type == pygame.NOEVENT and (left := until - self.now()) > 0:
            time.sleep(min(NAP_SECONDS, left))
            first = pygame.event.poll()
        events = [event for event in (first, *pygame.event.get()) if event.type != pygame.NOEVENT]
        self._note_idleness(bool(events))
        return self.demo.play(events, self.now()) if self.demo else events

    def step(self, events: Iterable[Event]) -> None:
        """Take events, bring the screen up to date, show what changed."""
        for event in events:
            self._handle(event)
        if self.screen:
            self._take_size()
            self.screen.update()
            self._go_to(self.screen.turn())
        if self.screen:
            self._flip(self._draw())

    def pointer(self, event: Event) -> Pointer | None:
        """The pointer's part in an event, in pixels whatever the mouse counts in."""
        pixels, steps = self.surface.get_size(), pygame.display.get_window_size()
        sharpness = (pixels[0] / max(steps[0], 1), pixels[1] / max(steps[1], 1))
        return as_pointer(event, pixels, sharpness)

    def switch_theme(self) -> str:
        """Change between light and dark; returns the name of the theme that is shown now."""
        self.style = StyleCache(LIGHT if self.style.theme is DARK else DARK)
        self._renew()
        return self.style.theme.name

    def switch_full_screen(self) -> None:
        """Fill the screen, or leave it again."""
        self._full = not self._full
        if self._full:
            self._windowed = self.surface.get_size()
            pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
        else:
            pygame.display.set_mode(self._windowed, pygame.RESIZABLE)
        self._take_size()

    def switch_presenting(self) -> None:
        """Show nothing but canvas, answer and bars, or everything again."""
        self._presenting = not self._presenting
        self._arrange()

    def step_back(self) -> bool:
        """Leave the presenting view, or else full screen; False if the window is in neither."""
        if self._presenting:
            self.switch_presenting()
        elif self._full:
            self.switch_full_screen()
        else:
            return False
        return True

    def bounds(self) -> tuple[tuple[int, int], tuple[int, int] | None]:
        """The size of the window when it is not full screen, and its place if that is known."""
        return (self._windowed if self._full else self.surface.get_size()), self._place

    def copy(self, text: str) -> bool:
        """Give a text to the system's clipboard; False if that does not work."""
        try:
            put_text(text)
        except pygame.error:
            return False
        return True

    def close(self) -> None:
        """Take the window away."""
        pygame.display.quit()

    def _handle(self, event: Event) -> None:
        if event.type == pygame.WINDOWEXPOSED:
            pygame.display.flip()
        if event.type == pygame.WINDOWMOVED and not self._full:
            self._place = (event.x, event.y)
        if event.type == pygame.KEYDOWN and action_of(event) is BY_NAME["quit"]:
            event = Event(pygame.QUIT)  # from every screen
        if self.screen:
            self._go_to(self.screen.handle(event))

    def _go_to(self, screen: Screen | None) -> None:
        """Show another screen; None is the end."""
        before, self.screen = self.screen, screen
        if screen is None and before:
            before.leave()
        elif screen is not before:
            self._renew()

    def _note_idleness(self, busy: bool) -> None:
        """Invite once by the demo, after nothing happened for a while."""
        now = self.now()
        if busy:
            self._idle_since, self._invited = now, False
        elif not self._invited and now >= self._idle_since + INVITE_SECONDS:
            self._invited = True
            self.demo = self.invite() or self.demo

    def _take_size(self) -> None:
        """Lay everything out anew if the window has another size than before."""
        surface = pygame.display.get_surface()
        if surface is self.surface and surface.get_size() == self._size:
            return
        self.surface, self._size = surface, surface.get_size()
        self._insist_on_smallest()
        self._arrange()

    def _arrange(self) -> None:
        self.layout = layout.arrange(self._size, self._presenting)
        self._renew()

    def _insist_on_smallest(self) -> None:
        """Make a window that is too small larger; a window manager that refuses is asked once."""
        wanted = tuple(map(max, self._size, layout.MIN_SIZE_PX))
        if wanted == self._size or self._size == self._refused or self._full:
            return
        self._refused = self._size
        self.surface = pygame.display.set_mode(wanted, pygame.RESIZABLE)
        self._size = self.surface.get_size()

    def _renew(self) -> None:
        """Have everything painted anew."""
        self._compositor = Compositor()
        self._compositor.damage([Rect((0, 0), self._size)])
        if self.screen:
            self.screen.resized()

    def _draw(self) -> list[Rect]:
        assert self.screen
        self._compositor.damage(self.screen.damage())
        return self._compositor.show(self.surface, self.screen.parts())

    def _flip(self, dirty: list[Rect]) -> None:
        assert self.screen
        if dirty:
            pygame.display.update(dirty)
        title, mouse_shown = self.screen.title(), not self.screen.hides_mouse()
        if title != self._title:
            pygame.display.set_caption(title)
        if mouse_shown != self._mouse_shown:
            pygame.mouse.set_visible(mouse_shown)
        self._title, self._mouse_shown = title, mouse_shown

    def _due(self) -> float | None:
        times = [self.screen.due() if self.screen else None, self.demo.due if self.demo else None]
        if not self._invited:
            times.append(self._idle_since + INVITE_SECONDS)
        return min((time for time in times if time is not None), default=None)


@contextmanager
def _placed(place: tuple[int, int] | None) -> Iterator[None]:
    """Have a window open at a place; elsewhere SDL and the desktop choose."""
    if place is None or "SDL_VIDEO_WINDOW_POS" in os.environ:
        yield
        return
    os.environ["SDL_VIDEO_WINDOW_POS"] = f"{place[0]},{place[1]}"
    try:
        yield
    finally:
        del os.environ["SDL_VIDEO_WINDOW_POS"]


def put_text(text: str) -> None:
    """Give a text to the system's clipboard. Raises pygame.error."""
    if hasattr(pygame.scrap, "put_text"):  # pygame-ce, where the other way is going
        pygame.scrap.put_text(text)
        return
    if not pygame.scrap.get_init():
        pygame.scrap.init()
    pygame.scrap.put(pygame.SCRAP_TEXT, text.encode("utf-8"))


def as_pointer(
    event: Event, size: tuple[int, int], sharpness: tuple[float, float] = (1, 1)
) -> Pointer | None:
    """The pointer's part in an event; None if it has none.

    size: the window in pixels; sharpness: pixels for one step of the mouse, along x and y.
    """
    if event.type in _FINGER:
        x, y = (share * side for share, side in zip((event.x, event.y), size, strict=True))
        return Pointer(_FINGER[event.type], (x, y), finger=event.finger_id)
    if event.type == pygame.WINDOWLEAVE:
        return Pointer(GONE, (-1, -1), button=0)
    # SDL makes mouse events of a finger's, too.
    if event.type not in _MOUSE or getattr(event, "touch", False):
        return None
    button = _button(event)
    if event.type != pygame.MOUSEMOTION and button not in (LEFT, RIGHT):
        return None
    # The middle of the pixel that the mouse's tip is on.
    x, y = ((step + 0.5) * pixels for step, pixels in zip(event.pos, sharpness, strict=True))
    return Pointer(_MOUSE[event.type], (x, y), button)


def _button(event: Event) -> int:
    if event.type != pygame.MOUSEMOTION:
        return int(event.button)
    left, _, right = event.buttons[:3]
    return LEFT if left else RIGHT if right else 0


def _icon(style: StyleCache) -> pygame.Surface:
    icon = style.box((64, 64), 14, LIGHT.sure, LIGHT.sure).copy()
    centred(icon, style.figure("7", 54, LIGHT.on_accent), icon.get_rect())
    return icon
