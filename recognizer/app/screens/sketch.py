"""The main screen: draw, and see it read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from pathlib import Path

import pygame
from pygame import Rect
from pygame.event import Event

from recognizer.app.actions import BY_NAME, Action, action_of
from recognizer.app.screens import DOWN, GONE, MOVE, RIGHT, UP, Frame, Pointer, Screen
from recognizer.app.screens.chooser import AnswerPlaces, Chooser
from recognizer.app.screens.file_dialog import FileDialog
from recognizer.app.screens.help import HelpScreen
from recognizer.app.screens.inside import InsideScreen
from recognizer.app.screens.menu import MenuScreen
from recognizer.app.screens.my_hand import MyHandScreen
from recognizer.app.screens.open_files import POLL_SECONDS, OpensFiles
from recognizer.app.screens.picture_steps import PictureStepsScreen
from recognizer.app.screens.play import PlayScreen
from recognizer.app.screens.sketch_view import ERASER, ON_PAPER, PEN, PointerState, SketchView
from recognizer.app.widgets import Part
from recognizer.app.widgets.toolbar import button_at
from recognizer.files import ReportError, show_report
from recognizer.games.match import GameRoom
from recognizer.reading import Recognizer
from recognizer.session import ONE_CHARACTER_TEXT, Message, Session, window_title
from recognizer.session.opening import Background, at_once
from recognizer.session.storage import Storage

MAX_WHEEL_STEPS = 10
ANSWER = "answer"
"""What the pointer holds while it touches an answer, which is no button."""
TAP_SLACK = 8
"""A pointer that moves less, in pixels at scale 1, has tapped; one that moves more draws."""
NO_GAMES_TEXT = "The games need a model that reads digits. Start without --model to play."


class SketchScreen(OpensFiles):
    """Canvas, panel and toolbar. Pointer and keys become actions on the session."""

    def __init__(
        self,
        frame: Frame,
        recognizer: Recognizer,
        storage: Storage,
        in_background: Background = at_once,
    ) -> None:
        self.frame: Frame = frame
        self.view = SketchView(frame)
        self.session: Session = Session(recognizer, storage, self.view.tell, in_background)
        self.pointer = PointerState()
        self._touched = Pointer(GONE, (0, 0))
        self._damage: list[Rect] = []
        self._next: Screen | None = self
        self._events: dict[int, Callable[[Event], None]] = {
            pygame.KEYDOWN: self._key,
            pygame.MOUSEWHEEL: self._wheel,
            pygame.DROPFILE: lambda event: self.open(Path(event.file)),
            pygame.QUIT: lambda event: self.quit(),
        }

    def restore(self) -> None:
        """Show the sketch that was not saved last time."""
        self.session.restore()
        self.resized()

    def stop(self) -> None:
        """Take the pen off the paper and out of sight."""
        self.lift()
        self.pointer.at = None

    def copy(self) -> None:
        """Give the reading to the system's clipboard."""
        text = self.session.reading.text
        if not text:
            self.view.tell(Message("There is nothing to copy yet. Draw a digit first."))
        elif self.frame.copy(text):
            self.view.tell(Message(f"Copied: {text}"))
        else:
            self.view.tell(Message("The clipboard cannot be written here.", trouble=True))

    def save(self) -> None:
        """Save the part of the sketch that is in sight."""
        self.session.save(self.view.area)

    def switch_theme(self) -> None:
        """Change between light and dark, for the next start as well."""
        self.session.set_theme(self.frame.switch_theme())

    def choose_file(self) -> None:
        """Show the list of files to open."""
        folder = self.session.storage.folder
        self._go(FileDialog(self.frame, self, folder, self.open_listed))

    def show_report(self) -> None:
        """Open the report on how well it reads, in the web browser."""
        try:
            self.view.tell(Message(f"The report opens in your web browser:\n{show_report()}"))
        except ReportError as error:
            self.view.tell(Message(str(error), trouble=True))

    def correct(self, number: int | None = None) -> None:
        """Ask what a character of the reading is; the one looked at closely if none is named."""
        session = self.session
        number = session.chosen if number is None else number
        if number is None:
            return
        if not session.can_learn(number):
            self.view.tell(Message(ONE_CHARACTER_TEXT))
        else:
            answers = AnswerPlaces(
                lambda number: self.view.box_of(number, session),
                lambda position: self.view.answer_at(position, session),
            )
            self._go(Chooser(self.frame, self, session, answers, number))

    def show_hand(self) -> None:
        """Show what was learned from this person."""
        self._go(MyHandScreen(self.frame, self, self.session))

    def show_play(self) -> None:
        """Show the games."""
        try:
            room = GameRoom(self.session)
        except ValueError:
            self.view.tell(Message(NO_GAMES_TEXT, trouble=True))
        else:
            self._go(PlayScreen(self.frame, self, room))

    def show_inside(self) -> None:
        """Show what the network does with the drawing."""
        self._go(InsideScreen(self.frame, self, self.session, self.do))

    def show_steps(self) -> None:
        """Show how the opened picture was read."""
        if self.session.picture and (way := self.session.picture.way()):
            self._go(PictureStepsScreen(self.frame, self, way))

    def show_help(self) -> None:
        """Show all actions and their keys."""
        self._go(HelpScreen(self.frame, self))

    def show_menu(self) -> None:
        """Show all that has no button."""
        self.stop()
        self._go(MenuScreen(self.frame, self, self.session, self.choose))

    def choose(self, action: Action) -> Screen | None:
        """Do what was chosen in the menu; returns the screen that comes next, None to quit."""
        self._next = self
        self.do(action)
        return self._next

    def step_back(self) -> None:
        """Leave the innermost: what is being opened, presenting, full screen, or the window."""
        if not self.cancel_opening() and not self.frame.step_back():
            self.quit()

    def quit(self) -> None:
        """Close the window."""
        self._go(None)

    def do(self, action: Action) -> None:
        """Do what a key or button stands for; while the pen is down, only what does no harm."""
        if action.do and (self.pointer.held is None or action.while_drawing):
            action.do(self)

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
        if self.session.opening:
            self.take_opened()
        self._damage += self.view.update(self.session)
        self.session.autosave(under_way=self.pointer.held in ON_PAPER)
        self.session.read()
        self._point_out()

    def resized(self) -> None:
        """Take the window's new layout or theme."""
        self.view.resize(self.session)
        self._damage.append(self.view.canvas.rect)

    def damage(self) -> list[Rect]:
        """Where ink changed since the last call."""
        damage, self._damage = self._damage, []
        return damage

    def parts(self) -> Iterable[Part]:
        """Everything on the screen, from the back to the front."""
        return self.view.parts(self.session, self.pointer)

    def turn(self) -> Screen | None:
        """It stays, whatever is drawn."""
        return self

    def due(self) -> float | None:
        """When the message goes, or when to look at what is being opened."""
        if self.session.opening:
            return self.frame.now() + POLL_SECONDS
        return self.view.toast.until

    def title(self) -> str:
        """The window's title."""
        return window_title(self.session.reading)

    def hides_mouse(self) -> bool:
        """Whether a circle shows where the mouse is."""
        return self.view.hides_mouse(self.pointer)

    def leave(self) -> None:
        """Keep the sketch for the next start."""
        self.lift()
        self.session.remember_window(*self.frame.bounds())
        self.session.close()

    def _go(self, screen: Screen | None) -> None:
        self.lift()
        self._next = screen

    def _key(self, event: Event) -> None:
        action = action_of(event)
        if action:
            self.do(action)

    def _wheel(self, event: Event) -> None:
        for _ in range(min(abs(event.y), MAX_WHEEL_STEPS)):
            self.do(BY_NAME["thicker" if event.y > 0 else "thinner"])

    def _point(self, what: Pointer) -> None:
        if self.pointer.finger is not None and what.finger != self.pointer.finger:
            return  # A second finger, or the palm, does not draw.
        steps = {DOWN: self._down, MOVE: self._move, UP: self._up}
        steps.get(what.what, self._gone)(what)

    def _down(self, what: Pointer) -> None:
        if self.pointer.held is not None:
            return
        self.pointer.finger = what.finger
        self._move(what)
        layout, toast = self.frame.layout, self.view.toast
        button = button_at(what.position, layout)
        shown = next(iter(toast.parts(layout, self.frame.style)), None)
        if shown and shown.rect.collidepoint(what.position):
            self.cancel_opening()
            toast.dismiss()
        elif button:
            self.pointer.held = button
        elif self._on_answer(what):
            self.pointer.held, self._touched = ANSWER, what
        elif self.view.canvas.rect.collidepoint(what.position):
            self._touch_paper(what)

    def _on_answer(self, what: Pointer) -> bool:
        return (
            what.button != RIGHT
            and not self.session.erasing
            and self.view.answer_at(what.position, self.session) is not None
        )

    def _point_out(self) -> None:
        """Look closely at the character under the pointer; in a picture, until the next one."""
        at, under = self.pointer.at, None
        if at and self.pointer.held is None:
            under = self.view.box_under(at, self.session)
        if under is not None or self.session.sketch.below is None:
            self.session.pointed = under

    def _touch_paper(self, what: Pointer) -> None:
        toast, session = self.view.toast, self.session
        if toast.message and not toast.message.trouble:
            toast.dismiss()
        x, y = self._to_paper(what.position)
        if what.button == RIGHT or session.erasing:
            self.pointer.held = ERASER
            session.sketch.begin_erasing()
            session.erase((x, y), (x, y))
        else:
            self.pointer.held = PEN
            session.sketch.begin_stroke(x, y, session.pen_width)

    def _move(self, what: Pointer) -> None:
        if what.what == MOVE and not what.button and what.finger is None:
            self.lift()  # The button was let go where the window could not see it.
        before, self.pointer.at = self.pointer.at, what.position
        if self.pointer.held == ANSWER:
            self._leave_answer(what)
        if self.pointer.held == PEN:
            self.session.sketch.extend_stroke(*self._to_paper(what.position))
        elif self.pointer.held == ERASER:
            start, end = (self._to_paper(at) for at in (before or what.position, what.position))
            self.session.erase(start, end)

    def _leave_answer(self, what: Pointer) -> None:
        """A touch of an answer that goes on over the canvas is a stroke, and begins there."""
        touched = self._touched
        away = math.dist(touched.position, what.position)
        if away > self.frame.layout.px(TAP_SLACK):
            self.pointer.held = None
            if self.view.canvas.rect.collidepoint(touched.position):
                self._touch_paper(touched)

    def _up(self, what: Pointer) -> None:
        if self.pointer.held in ON_PAPER:
            self._move(what)
        pressed = self.pointer.held
        self.lift()
        if what.finger is not None:
            self._gone(what)
        if pressed == ANSWER:
            self._tap_answer(self._touched.position)
        elif pressed in BY_NAME and pressed == button_at(what.position, self.frame.layout):
            self.do(BY_NAME[pressed])

    def _tap_answer(self, position: tuple[float, float]) -> None:
        """Correct an answer; a character that cannot be learned is looked at."""
        number = self.view.answer_at(position, self.session)
        if number is not None and self.session.can_learn(number):
            self.correct(number)
        elif number is not None:
            self.session.pointed = number

    def _gone(self, what: Pointer) -> None:
        if self.pointer.held is None:
            self.pointer.at = None

    def lift(self) -> None:
        """End what the pointer is doing."""
        self.pointer.held = self.pointer.finger = None

    def _to_paper(self, position: tuple[float, float]) -> tuple[float, float]:
        """A position of the window in the sketch's unit; beside the canvas, its edge."""
        rect, view = self.view.canvas.rect, self.view.canvas.view
        x = min(max(position[0], rect.left), rect.right)
        y = min(max(position[1], rect.top), rect.bottom)
        return view.inwards((x, y))
