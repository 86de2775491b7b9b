"""The main screen: draw, and see it read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pygame
from pygame import Rect
from pygame.event import Event

from recognizer.app.actions import action_of
from recognizer.app.screens import DOWN, MOVE, RIGHT, UP, Frame, Pointer, Screen, help
from recognizer.app.screens.file_dialog import FileDialog
from recognizer.app.screens.sketch_view import box_rects, sketch_parts
from recognizer.app.widgets import Part
from recognizer.app.widgets.answers import CalloutPlacement, box_at
from recognizer.app.widgets.canvas import Canvas
from recognizer.app.widgets.toast import Toast
from recognizer.app.widgets.toolbar import button_at
from recognizer.reading import Recognizer
from recognizer.session import Message, Session, window_title
from recognizer.session.storage import Storage

PEN, ERASER = "pen", "eraser"


class SketchScreen:
    """Canvas, panel and toolbar. Pointer and keys become actions on the desk."""

    def __init__(self, frame: Frame, recognizer: Recognizer, storage: Storage) -> None:
        self.frame = frame
        self.toast = Toast()
        self.desk = Session(recognizer, storage, self.tell)
        self.canvas = Canvas(frame.layout.canvas, frame.look.theme)
        self.place = CalloutPlacement()
        self.hovered: str | None = None
        self.held: str | None = None
        self.at: tuple[float, float] | None = None
        self._finger: int | None = None
        self._damage: list[Rect] = []
        self._next: Screen | None = self
        self.actions: dict[str, Callable[[], object]] = {
            "undo": self.desk.undo,
            "redo": self.desk.redo,
            "clear": self.desk.clear,
            "eraser": self.desk.toggle_eraser,
            "thinner": self.desk.thinner,
            "thicker": self.desk.thicker,
            "save": lambda: self.desk.save(self.canvas.view.area(self.canvas.rect)),
            "open": lambda: self._go(FileDialog(frame, self, storage.folder, self.open)),
            "paste": self.paste,
            "help": lambda: self._go(help.HelpScreen(frame, self)),
            "report": self.desk.show_report,
            "theme": lambda: self.desk.set_theme(frame.switch_theme()),
            "full": frame.switch_full_screen,
            "quit": lambda: self._go(None),
        }
        self._events: dict[int, Callable[[Event], None]] = {
            pygame.KEYDOWN: self._key,
            pygame.MOUSEWHEEL: self._wheel,
            pygame.DROPFILE: lambda event: self.open(Path(event.file)),
            pygame.QUIT: lambda event: self._go(None),
        }

    def tell(self, message: Message) -> None:
        """Show a message at the foot of the canvas, or at its top if ink is at its foot."""
        foot = self.canvas.rect.copy()
        foot.height = self.frame.layout.px(110)
        top = foot.copy()
        foot.bottom = self.canvas.rect.bottom
        at_top = self.canvas.is_blank(top) and not self.canvas.is_blank(foot)
        self.toast.show(message, self.frame.now(), at_top)

    def restore(self) -> None:
        """Show the sketch that was not saved last time."""
        self.desk.restore()
        self.resized()

    def stop(self) -> None:
        """Take the pen off the paper and out of sight."""
        self._lift()
        self.at = None

    def open(self, path: Path) -> None:
        """Show a file on the canvas."""
        self._lift()
        self.toast.dismiss()
        self.desk.open(path, self.canvas.view.area(self.canvas.rect))
        self.resized()

    def paste(self) -> None:
        """Show what was copied elsewhere on the canvas."""
        self._lift()
        self.toast.dismiss()
        path = self.desk.paste()
        if path:
            self.open(path)
        self.resized()

    def do(self, action: str) -> None:
        """Do what a key or button stands for; while the pen is down, only what does no harm."""
        if self.held is None or action in ("thinner", "thicker", "quit"):
            self.actions[action]()

    def handle(self, event: Event) -> Screen | None:
        """Take an event; returns the screen that comes next, None to quit."""
        self._next = self
        what = self.frame.pointer(event)
        if what:
            self._point(what)
        elif event.type in self._events:
            self._events[event.type](event)
        return self._next

    def update(self) -> None:
        """Read and show what was drawn, and keep it once the pen is up."""
        self._damage += self.canvas.show(self.desk.sketch.strokes)
        self.desk.read()
        if self.held not in (PEN, ERASER):
            self.desk.keep()
        if not self.desk.sketch.strokes:
            self.place.forget()
        self._point_out()
        self.toast.update(self.frame.now())

    def resized(self) -> None:
        """Take the window's new layout or theme."""
        self.canvas.resize(
            self.frame.layout.canvas, self.frame.look.theme, self.desk.sketch.strokes
        )
        self._damage.append(self.canvas.rect)
        self.place.forget()

    def damage(self) -> list[Rect]:
        """Where ink changed since the last call."""
        damage, self._damage = self._damage, []
        return damage

    def parts(self) -> Iterable[Part]:
        """Everything on the screen, from the back to the front."""
        return sketch_parts(self)

    def due(self) -> float | None:
        """When the message goes."""
        return self.toast.until

    def title(self) -> str:
        """The window's title."""
        return window_title(self.desk.reading)

    def hides_mouse(self) -> bool:
        """Whether the mouse or pen is over the canvas, or draws: a circle shows where."""
        if self.at is None or self._finger is not None:
            return False
        return self.held in (PEN, ERASER) or bool(self.canvas.rect.collidepoint(self.at))

    def leave(self) -> None:
        """Keep the sketch for the next start."""
        self._lift()
        self.desk.leave()

    def _go(self, screen: Screen | None) -> None:
        self._lift()
        self._next = screen

    def _key(self, event: Event) -> None:
        action = action_of(event)
        if action:
            self.do(action)

    def _wheel(self, event: Event) -> None:
        for _ in range(min(abs(event.y), 10)):
            self.do("thicker" if event.y > 0 else "thinner")

    def _point(self, what: Pointer) -> None:
        if self._finger is not None and what.finger != self._finger:
            return  # A second finger, or the palm, does not draw.
        steps = {DOWN: self._down, MOVE: self._move, UP: self._up}
        steps.get(what.what, self._gone)(what)

    def _down(self, what: Pointer) -> None:
        if self.held is not None:
            return
        self._finger = what.finger
        self._move(what)
        button = button_at(what.position, self.frame.layout)
        shown = next(iter(self.toast.parts(self.frame.layout, self.frame.look)), None)
        if shown and shown.rect.collidepoint(what.position):
            self.toast.dismiss()
        elif button:
            self.held = button
        elif self.canvas.rect.collidepoint(what.position):
            self._touch_paper(what)

    def _point_out(self) -> None:
        """Look closely at the digit under the pointer; in a picture, until it is over another."""
        under = self._box_under(self.at) if self.at and self.held is None else None
        if under is not None or not self.desk.picture:
            self.desk.pointed = under

    def _box_under(self, position: tuple[float, float]) -> int | None:
        return box_at(box_rects(self), position)

    def _touch_paper(self, what: Pointer) -> None:
        if self.toast.message and not self.toast.message.trouble:
            self.toast.dismiss()
        if self.desk.picture and self._box_under(what.position) is not None:
            return  # The digit is looked at, not drawn over.
        x, y = self._on_paper(what.position)
        if what.button == RIGHT or self.desk.erasing:
            self.held = ERASER
            self.desk.sketch.begin_erasing()
            self.desk.sketch.erase((x, y), (x, y), self.desk.eraser_width / 2)
        else:
            self.held = PEN
            self.desk.sketch.begin_stroke(x, y, self.desk.pen_width)

    def _move(self, what: Pointer) -> None:
        if what.what == MOVE and not what.button and what.finger is None:
            self._lift()  # The button was let go where the window could not see it.
        before, self.at = self.at, what.position
        self.hovered = button_at(what.position, self.frame.layout)
        if self.held == PEN:
            self.desk.sketch.extend_stroke(*self._on_paper(what.position))
        elif self.held == ERASER:
            start, end = (self._on_paper(p) for p in (before or self.at, self.at))
            self.desk.sketch.erase(start, end, self.desk.eraser_width / 2)

    def _up(self, what: Pointer) -> None:
        if self.held in (PEN, ERASER):
            self._move(what)
        pressed = self.held
        self._lift()
        if what.finger is not None:
            self._gone(what)
        if pressed in self.actions and pressed == button_at(what.position, self.frame.layout):
            self.do(pressed)

    def _gone(self, what: Pointer) -> None:
        self.hovered = None
        if self.held is None:
            self.at = None

    def _lift(self) -> None:
        self.held = self._finger = None

    def _on_paper(self, position: tuple[float, float]) -> tuple[float, float]:
        """A position of the window in the sketch's unit; beside the canvas, its edge."""
        rect = self.canvas.rect
        x = min(max(position[0], rect.left), rect.right)
        y = min(max(position[1], rect.top), rect.bottom)
        return self.canvas.view.to_sketch((x, y))
