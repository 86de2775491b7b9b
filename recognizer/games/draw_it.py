"""Draw it: digits to draw appear, then smaller and smaller, then with the paper turned."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from recognizer.games.game import (
    CARD,
    CLAIM,
    GO,
    LOOK_SECONDS,
    OVER,
    PAPER_MIDDLE,
    WIPE,
    Countdown,
    Game,
    GameState,
    are_near,
)
from recognizer.games.referee import Referee
from recognizer.geometry import Box
from recognizer.reading import Prediction
from recognizer.session import Message
from recognizer.session.storage import CANVAS_EXTENT, CANVAS_SIDE
from recognizer.strokes import Sketch, Stroke, ink_bounds

ROUND_SECONDS = 30.0
FIRST_BOX_SIDE, SMALLER_FACTOR, MIN_BOX_SIDE = 0.7 * CANVAS_SIDE, 0.86, 22.0
"""Side of the box that one draws in, in the sketch's unit; each next one is so much smaller."""
BOX_SLACK = 0.12
"""How far ink may reach beyond the box, in its sides."""
PEN_SHARE = 0.09
"""Width of the pen at most, in sides of the box."""
TURNS = (90, 180, 270, 45, 135, 225, 315)
"""Degrees that the paper is turned clockwise; the first digits get the first three."""
SAME_TURNED = "69"
"""Nobody can tell which of them is meant on a turned paper."""


@dataclass(frozen=True)
class DrawRound:
    """A round: its title, what to do, and the points for each digit."""

    title: str
    words: str
    points: int


ROUNDS = (
    DrawRound("As many as you can", "Draw the digit that you see, as fast as you can", 1),
    DrawRound("Smaller and smaller", "Draw it inside the box, which shrinks each time", 2),
    DrawRound("Turned around", "The paper is turned: draw the digit turned as well", 3),
)


def turned(strokes: tuple[Stroke, ...], degrees: float) -> tuple[Stroke, ...]:
    """The strokes turned clockwise around the middle of the paper."""
    angle = math.radians(degrees)
    matrix = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return tuple(
        Stroke((each.points - PAPER_MIDDLE) @ matrix + PAPER_MIDDLE, each.width) for each in strokes
    )


class DrawItGame(Game):
    """Three rounds of 30 seconds. A digit is taken as soon as it is read as the one asked for."""

    name, title = "draw it", "Draw it"
    invitation = "A digit appears: draw it. As many as you can, then ever smaller, then turned."
    rules = (
        "Draw the digit that you see. It is taken as soon as it is read.",
        "Three rounds of 30 seconds: many, small, and turned.",
        "Misread? One tap on “That was a …” and it counts.",
    )

    def __init__(self, referee: Referee, mode: int, seed: int) -> None:
        super().__init__(referee, mode, seed)
        self.round = 0
        self.clock = Countdown(ROUND_SECONDS)
        self.digit = ""
        self.box: Box | None = None
        self.turn = 0
        self.prediction: Prediction | None = None
        self._missed: tuple[tuple[Stroke, ...], tuple[float, float]] | None = None
        self._done = 0

    @property
    def card(self) -> tuple[str, tuple[str, ...]]:
        """What the round is about."""
        now = ROUNDS[self.round]
        if self.round == 0:
            return super().card
        each = f"{now.points} points for each digit, {ROUND_SECONDS:.0f} seconds."
        return f"Round {self.round + 1} of {len(ROUNDS)}: {now.title}", (now.words + ".", each)

    def state(self) -> GameState:
        """The digit to draw, and what is read."""
        facts = (
            ("Points", f"{self.points}"),
            ("Round", f"{self.round + 1} of {len(ROUNDS)}"),
            ("In a row", f"{self.streak}"),
        )
        read = self.prediction.label if self.prediction else None
        words = ROUNDS[self.round].words
        return GameState(self.digit, words, read or "", facts, self.turn, self.box)

    def choices(self) -> dict[str, str]:
        """To claim what is drawn, or was just misread; to draw anew."""
        return {WIPE: "Draw anew", CLAIM: f"That was a {self.digit}!"}

    def can(self, name: str) -> bool:
        """Whether there is something to claim, or to draw anew."""
        return self._claimable is not None if name == CLAIM else super().can(name)

    def choose(self, name: str, now: float) -> None:
        """Take a choice."""
        if name == CLAIM and self._claimable:
            strokes, extent = self._claimable
            told = self.referee.learn([(self.digit, strokes)], extent)
            self.note = told or Message("It counts")
            self._count(now)
        elif name == WIPE:
            self._wipe()
        elif name == GO and self.prediction:
            self._judge(now)

    def next_task(self) -> None:
        """Another digit, in a smaller box, or turned another way."""
        but = SAME_TURNED if self.round == 2 else ""
        self.digit, self._missed, self.prediction = self.another(self.digit + but), None, None
        if self.round == 1:
            side = max(FIRST_BOX_SIDE * SMALLER_FACTOR**self._done, MIN_BOX_SIDE)
            room = (CANVAS_SIDE - side) / 2 * 0.8
            x, y = (PAPER_MIDDLE - side / 2 + self.random.uniform(-room, room) for _ in "xy")
            self.box = Box(x, y, side, side)
        elif self.round == 2:
            others = TURNS[:3] if self._done < 3 else TURNS
            self.turn = self.random.choice([each for each in others if each != self.turn])

    @property
    def pen_width(self) -> float:
        """A small box has a thin pen."""
        usual = super().pen_width
        return min(usual, PEN_SHARE * self.box.side) if self.box else usual

    def pen_down(self, x: float, y: float, now: float) -> None:
        """What was misread before can be claimed no more."""
        self._missed = None
        super().pen_down(x, y, now)

    def read(self, now: float) -> None:
        """Read the digit as it stands on the paper."""
        strokes, extent = self._upright
        self.prediction = self.referee.classify(strokes, extent) if strokes else None

    def look(self, rested: float, now: float) -> None:
        """The right digit is taken at once, another one is put away when it is finished."""
        seen = self.prediction
        right = seen is not None and seen.sign == self.digit
        if (right and self._inside) or are_near(rested, LOOK_SECONDS):
            self._judge(now)

    def time_over(self, now: float) -> None:
        """The next round, or the end."""
        if self.sketch.strokes and self._is_right:
            self._count(now)
        self.round += 1
        self._done = self.turn = 0
        self.box, self._missed, self.prediction = None, None, None
        self.stage = OVER if self.round == len(ROUNDS) else CARD
        self.round = min(self.round, len(ROUNDS) - 1)
        self.clock = Countdown(ROUND_SECONDS)
        self.sketch = Sketch((), self.sketch.revision + 1)

    def _judge(self, now: float) -> None:
        if self._is_right:
            self._count(now)
            return
        read = self.prediction.label if self.prediction else "nothing"
        self._wrong(f"I read {read}" if self._inside else "Inside the box, please", now)
        missed = self._upright if self._inside else None
        self._wipe()
        self._missed = missed

    def _count(self, now: float) -> None:
        self._right(ROUNDS[self.round].points, now)
        self._done += 1
        self.next_task()
        self._new_paper()

    def _wipe(self) -> None:
        self._new_paper()
        self.prediction, self._missed = None, None

    @property
    def _is_right(self) -> bool:
        seen = self.prediction
        return seen is not None and seen.label == self.digit and self._inside

    @property
    def _claimable(self) -> tuple[tuple[Stroke, ...], tuple[float, float]] | None:
        """The drawing that may have been misread, and its writing area."""
        drawn = self.sketch.strokes and not self._pen_down and self._inside
        return self._upright if drawn else self._missed

    @property
    def _upright(self) -> tuple[tuple[Stroke, ...], tuple[float, float]]:
        """The drawing as it stands on its paper, and the size of the writing area."""
        side = 2 * self.box.side if self.box else CANVAS_EXTENT[0]
        return turned(self.sketch.strokes, -self.turn), (side, side)

    @property
    def _inside(self) -> bool:
        if self.box is None or not self.sketch.strokes:
            return True
        return self.box.grown(BOX_SLACK * self.box.side).holds(ink_bounds(self.sketch.strokes))
