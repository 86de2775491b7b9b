"""A game under way: its card, the paper that one draws on, and what comes of it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pygame
from pygame import Rect
from pygame.event import Event

from recognizer.app.actions import GAME_ACTIONS, action_of
from recognizer.app.screens import DOWN, LEFT, MOVE, UP, Frame, Pointer, Screen
from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.screens.feedback_view import FeedbackView
from recognizer.app.screens.game_card_view import DUEL, GO, MODE, CardContent, CardView
from recognizer.app.screens.game_view import LEAVE, GameBoard, GameTime
from recognizer.app.screens.help import HelpScreen
from recognizer.app.screens.page_view import note_part
from recognizer.app.sounds import FINISH, Sounds
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace
from recognizer.files import PROGRAM_NAME
from recognizer.games.game import CARD, DRAWING, NO, OTHER, OVER, WIPE, YES, Feedback, Game
from recognizer.games.match import Match
from recognizer.session import Message

CARD_NOTE = "Enter starts · Tab and arrows choose · Esc goes back"
PLAY_NOTE = "The keys stand on the buttons · Ctrl+Z: undo · F1: help · Esc leaves"
KEYS = {GO: "Enter", YES: "Y", NO: "N", WIPE: "C", OTHER: "D"}
HELP_FOOT = "The clock stands still while you read this. Any key or click closes it."


class GameScreen(ButtonScreen):
    """Plays a match: pen, buttons and keys become moves of the game, time goes on by itself."""

    def __init__(self, frame: Frame, behind: Screen, match: Match, *, moves: bool) -> None:
        super().__init__(frame, behind)
        self.match = match
        self.board, self.cards = GameBoard(frame), CardView(frame)
        self.feedback = FeedbackView(frame, moves)
        self.sounds = Sounds(match.room.session.settings.sounds)
        self.note: Message | None = None
        self._heard: Feedback | None = None
        self._finger: int | None = None
        self._drawing = False
        self._damage: list[Rect] = []
        self.focus = GO

    @property
    def game(self) -> Game:
        """The game of whose turn it is."""
        return self.match.game

    @property
    def on_card(self) -> bool:
        """Whether the card is shown, before, between and after the rounds."""
        return self.game.stage in (CARD, OVER)

    # Buttons and keys.

    def buttons(self) -> dict[str, Rect]:
        """What can be pressed now."""
        if not self.on_card:
            return self.board.buttons(self.game.choices())
        free = self.match.untouched
        return self.cards.buttons(len(self.match.kind.modes) if free else 1, free)

    def press(self, name: str) -> None:
        """Do what a button or a key of that name is for."""
        now = self.frame.now()
        if name == LEAVE:
            self.back()
        elif name.startswith(MODE):
            self.match.set_mode(int(name.removeprefix(MODE)))
        elif name == DUEL and self.match.untouched:
            self.match.next_opponent()
        elif name == GO and self.on_card:
            self._go_on(now)
        elif (name in self.game.choices() or name == GO) and self.game.can(name):
            self._lift(now)
            self.game.choose(name, now)

    def take_key(self, event: Event) -> bool:
        """A key of the games; Enter and Space press the button in focus, if there is one."""
        action = action_of(event, GAME_ACTIONS)
        if action is None:
            return False
        name, session = action.name, self.match.room.session
        if name == GO and self.focus in self.buttons():
            return False
        if name == "undo":
            self.game.undo(self.frame.now())
        elif name == "sounds":
            self.sounds.on = not self.sounds.on
            session.set_sounds(self.sounds.on)
            self.note = Message(f"Sounds are {'on' if self.sounds.on else 'off'}")
        elif name == "animations":
            self.feedback.moves = not self.feedback.moves
            session.set_animations(self.feedback.moves)
            self.note = Message(f"Animations are {'on' if self.feedback.moves else 'off'}")
        elif name == "theme":
            session.set_theme(self.frame.switch_theme())
        elif name == "full":
            self.frame.switch_full_screen()
        elif name == "help":
            self.game.pause(self.frame.now())
            self.next = HelpScreen(self.frame, self, GAME_ACTIONS, self.game.title, HELP_FOOT)
        else:
            self.press(name)
        return True

    def back(self) -> None:
        """Leave the game; the hand that wrote before writes again."""
        super().back()
        self._end()

    def _go_on(self, now: float) -> None:
        """Start what the card tells of, or go on to the next player or game."""
        if self.game.stage == CARD:
            self.sounds.open()
            self.match.start(now)
            self.focus, self.note = None, None
        else:
            self.match.go_on()
            self.feedback.hide()
            self.note = self.match.note

    # The pen.

    def handle(self, event: Event) -> Screen | None:
        """Take an event; a stroke that was begun goes on until the pen leaves."""
        if event.type in (pygame.QUIT, pygame.DROPFILE):
            self._end()
        what = self.frame.pointer(event)
        if what and self._drawing:
            self.next = self
            self._draw(what)
            return self
        return super().handle(event)

    def press_beside(self, what: Pointer, event: Event) -> None:
        """A stroke begins on the paper."""
        if self.game.stage == DRAWING and self.board.paper.collidepoint(what.position):
            self.focus = None
            self._drawing, self._finger = True, what.finger
            self.game.pen_down(*self._on_paper(what), self.frame.now())

    def _draw(self, what: Pointer) -> None:
        if what.finger != self._finger or what.what == DOWN:
            return  # a second finger, or the palm
        lost = what.what == MOVE and what.finger is None and what.button != LEFT
        if what.what in (MOVE, UP) and not lost:
            self.game.pen_move(*self._on_paper(what))
        if lost or what.what == UP:
            self._lift(self.frame.now())

    def _lift(self, now: float) -> None:
        if self._drawing:
            self._drawing = False
            self.game.pen_up(now)

    def _on_paper(self, what: Pointer) -> tuple[float, float]:
        """The pointer's place in the sketch's unit, kept on the paper."""
        rect = self.board.canvas.rect
        x = min(max(what.position[0], rect.left), rect.right)
        y = min(max(what.position[1], rect.top), rect.bottom)
        return self.board.canvas.view.inwards((x, y))

    # Time.

    def update(self) -> None:
        """Let the game go on, and show and sound what comes of it."""
        stage = self.game.stage
        self.match.update(self.frame.now())
        if self.game.stage != DRAWING:
            self._drawing = False
        if self.game.feedback is not self._heard:
            self._heard = self.game.feedback
            if self._heard:
                self.feedback.show(self._heard, self.board.canvas)
                self.sounds.play(self._heard.kind)
        if self.game.stage == OVER and stage != OVER:
            self.sounds.play(FINISH)
        if self.on_card and stage not in (CARD, OVER):
            self.focus = GO
        self._take_notes()
        self.feedback.update()
        self._damage += self.board.canvas.show(self.game.sketch.strokes)

    def due(self) -> float | None:
        """When something changes by itself."""
        times = (self.game.due(self.frame.now()), self.feedback.due())
        return min((time for time in times if time is not None), default=None)

    def damage(self) -> list[Rect]:
        """Where ink changed since the last call."""
        damage, self._damage = self._damage, []
        return damage

    def resized(self) -> None:
        """Take the window's new layout or theme."""
        super().resized()
        self.board.canvas.resize(self.board.paper, self.frame.style.theme, self.game.sketch.strokes)

    def leave(self) -> None:
        """The window closes."""
        self._end()
        super().leave()

    def title(self) -> str:
        """The window's title."""
        return f"{self.game.title} - {PROGRAM_NAME}"

    def _end(self) -> None:
        self.match.leave()
        self.sounds.close()

    def _take_notes(self) -> None:
        for place in (self.game, self.match):
            if place.note:
                self.note, place.note = place.note, None

    # What is seen.

    def parts(self) -> Iterable[Part]:
        """The card, or the game."""
        yield self.board.ground()
        usual = self._card_note if self.on_card else PLAY_NOTE
        shown = (
            (self.note.text.replace("\n", " "), self.note.trouble) if self.note else (usual, False)
        )
        yield note_part(self.frame, shown)
        rects = self.buttons()
        if self.on_card:
            yield from self.cards.parts(self._card(), self._card_faces(), rects, self.marks)
        else:
            yield from self._game_parts(rects)

    def _game_parts(self, rects: dict[str, Rect]) -> Iterable[Part]:
        game, board, choices = self.game, self.board, self.game.choices()
        state, clock = game.state(), game.clock
        seconds = clock.seconds
        time = seconds and GameTime(math.ceil(clock.left(self.frame.now())), seconds)
        yield from board.head_parts(state.facts, time or None)
        yield board.task_part(state, game.stage)
        yield from board.paper_parts(state)
        yield from self.feedback.parts(board.canvas)
        yield from board.read_parts(state, len(choices))
        main = YES if YES in choices else GO
        faces = {
            name: ButtonFace(
                board.key_hint(words, KEYS[name]), enabled=game.can(name), main=name == main
            )
            for name, words in choices.items()
        }
        yield from board.choice_parts(faces | {LEAVE: ButtonFace("Leave")}, rects, self.marks)

    @property
    def _card_note(self) -> str:
        """What the chosen way to play is, and the keys."""
        told = self.game.mode.told
        return f"{told} · {CARD_NOTE}" if told and self.match.untouched else CARD_NOTE

    def _card(self) -> CardContent:
        match, game, name = self.match, self.game, self.game.name
        title, lines = game.card
        champion = match.room.scores.champion(match.key)
        best = f"Best of all: {champion[0]}, {champion[1]}" if champion else ""
        scores = tuple(match.best())
        if game.stage != OVER:
            title = f"{match.player}: {title}" if len(match.players) > 1 else title
            return CardContent(name, title, lines, match.player, scores, champion=best)
        points = "point" if game.points == 1 else "points"
        result = f"{game.points} {points}"
        told = match.outcome() or (
            f"Now it is {match.players[-1]}’s turn." if not match.over else ""
        )
        lines = tuple(line for line in (_praise(match.place), told) if line)
        return CardContent(name, game.title, lines, match.player, scores, result, match.place, best)

    def _card_faces(self) -> dict[str, ButtonFace]:
        match = self.match
        modes = {
            f"{MODE}{number}": ButtonFace(mode.name, active=number == match.mode)
            for number, mode in enumerate(match.kind.modes)
        }
        alone = match.opponent is None
        duel = "Alone (press for a duel)" if alone else f"Duel against {match.opponent}"
        words = "Start"
        if self.game.stage == OVER:
            words = "Play again" if match.over else f"{match.players[-1]} starts"
        go = ButtonFace(words, icon="play", main=True)
        return modes | {DUEL: ButtonFace(duel), GO: go, LEAVE: ButtonFace("Leave")}


def _praise(place: int | None) -> str:
    if place is None:
        return "Not among your best this time."
    return "Your best so far!" if place == 0 else f"Place {place + 1} of your best."
