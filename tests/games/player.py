"""Somebody who plays a game without a window, with the demo's drawings and a clock of her own."""

from __future__ import annotations

from pathlib import Path

from recognizer.games.game import Game
from recognizer.games.match import GameRoom
from recognizer.inkml import demo_drawings
from recognizer.reading import Recognizer
from recognizer.session import Session
from recognizer.session.storage import Storage
from recognizer.strokes import bounds, transformed
from tests.fakes import NearestDrawing

LOOK_SECONDS, LIFT_SECONDS = 1.0, 0.3
"""Before a drawing, and between its strokes."""


def open_room(folder: Path, recognizer: Recognizer | None = None) -> GameRoom:
    """A start of the program with its files in this folder."""
    files = Storage(folder / "data", folder / "sketches")
    session = Session(recognizer or NearestDrawing(), files, lambda message: None)
    session.restore()
    return GameRoom(session)


class Player:
    """Draws into a game, and lets time pass."""

    def __init__(self, game: Game) -> None:
        self.game, self.now = game, 100.0

    def start(self) -> None:
        self.game.start(self.now)
        self.game.update(self.now)

    def wait(self, seconds: float) -> None:
        """Let time pass, as a window does that wakes up when it is due."""
        end = self.now + seconds
        while (due := self.game.due(self.now)) is not None and due < end:
            self.now = due
            self.game.update(self.now)
        self.now = end
        self.game.update(self.now)

    def draw(
        self,
        digit: str,
        middle: tuple[float, float] = (280.0, 280.0),
        size: float = 250.0,
        look: float = LOOK_SECONDS,
    ) -> None:
        """A digit of the demo; look: seconds before it."""
        strokes = demo_drawings()[int(digit)]
        box = bounds(strokes)
        placed = transformed(strokes, size / box.side, origin=box.middle, to=middle)
        for number, stroke in enumerate(placed):
            self.wait(LIFT_SECONDS if number else look)
            (x, y), *others = stroke.points.tolist()
            self.game.pen_down(x, y, self.now)
            for x, y in others:
                self.game.pen_move(x, y)
                self.game.update(self.now)
            self.game.pen_up(self.now)
            self.game.update(self.now)

    def write(self, text: str) -> None:
        """Digits side by side."""
        for number, digit in enumerate(text):
            x = 280.0 + 150.0 * (number - (len(text) - 1) / 2)
            self.draw(digit, (x, 280.0), 130.0, look=0.5)

    def choose(self, name: str) -> None:
        if self.game.can(name):
            self.game.choose(name, self.now)
        self.game.update(self.now)
