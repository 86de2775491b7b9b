"""Guess early: the network bets while you draw. Be read early, or keep it in doubt."""

from __future__ import annotations

from functools import cache

import numpy as np

from recognizer.games.game import (
    CLAIM,
    DRAWING,
    GO,
    LOOK_SECONDS,
    OVER,
    VERDICT,
    WIPE,
    Game,
    GameMode,
    GameState,
    are_near,
)
from recognizer.games.referee import Referee
from recognizer.inkml import demo_drawings
from recognizer.reading import Prediction
from recognizer.session import Message, percent
from recognizer.strokes import Stroke, bounds

GAME_LENGTH = 5
"""In digits."""
CLAIM_POINTS = 50
"""What a digit counts that the player says was read wrong."""
LONGEST_LINE = 1.5
"""A line that is so many times as long as usual gives no points."""


class GuessEarlyGame(Game):
    """Five digits. Points are what is spared of the line, or how long it was in doubt."""

    name, title = "guess early", "Guess early"
    invitation = (
        "The network bets while you draw. Be read with the shortest line, or keep it in doubt."
    )
    rules = (
        "The network bets while you draw.",
        "Short line: it ends when it is sure. The less you drew, the more points.",
        "Long doubt: keep it unsure as long as you can, and be read right at the end.",
    )
    modes = (
        GameMode("Short line", "Be read with as little line as possible"),
        GameMode("Long doubt", "Keep it unsure, then be read right"),
    )

    def __init__(self, referee: Referee, mode: int, seed: int) -> None:
        super().__init__(referee, mode, seed)
        self.doubt = self.mode is self.modes[1]
        self.digit, self._done = "", 0
        self.prediction: Prediction | None = None
        self._sure_since: float | None = None

    @property
    def length(self) -> float:
        """The line so far, in usual lengths of this digit."""
        return line_length(self.sketch.strokes) / usual_length(self.digit)

    @property
    def worth(self) -> int:
        """The points that the drawing would give now."""
        if not self.sketch.strokes:
            return 100
        if self.doubt:
            total = line_length(self.sketch.strokes)
            sure_since = total if self._sure_since is None else self._sure_since
            return round(100 * sure_since / total) if total else 100
        return min(max(round(100 * (1 - self.length / LONGEST_LINE)), 0), 100)

    def state(self) -> GameState:
        """The digit, and the network's bet."""
        number = min(self._done + 1, GAME_LENGTH)
        facts = (
            ("Points", f"{self.points}"),
            ("Digit", f"{number} of {GAME_LENGTH}"),
            ("Now worth", f"{self.worth}"),
        )
        seen = self.prediction
        read = (seen.label if seen else "") or ""
        words = "Keep it in doubt to the end" if self.doubt else "Draw as little of it as you can"
        if self.stage == VERDICT:
            words = f"I read {read}, and you should have drawn a {self.digit}"
        elif seen and seen.label:
            words = f"It is sure: {read}" if seen.sure else f"It bets on {read}"
            words += f" ({percent(seen.confidence)})"
        return GameState(self.digit, words, read, facts, heading="It bets on", bet=seen)

    def choices(self) -> dict[str, str]:
        """To draw anew or be done; after a wrong answer, to claim it or go on."""
        if self.stage == VERDICT:
            return {CLAIM: f"That was a {self.digit}!", GO: "Next digit"}
        return {WIPE: "Draw anew", GO: "Done"}

    def choose(self, name: str, now: float) -> None:
        """Take a choice."""
        if self.stage == VERDICT:
            if name == CLAIM:
                told = self.referee.learn([(self.digit, self.sketch.strokes)])
                self.note = told or Message("It counts")
                self._right(CLAIM_POINTS, now)
            if name in (CLAIM, GO):
                self._next()
        elif name == WIPE:
            self._new_paper()
            self.prediction = self._sure_since = None
        elif name == GO and self.prediction and self.prediction.label:
            self._judge(now)

    def next_task(self) -> None:
        """Another digit."""
        self.digit = self.another(self.digit)
        self.prediction = self._sure_since = None

    def read(self, now: float) -> None:
        """The network's bet; it may be sure already."""
        strokes = self.sketch.strokes
        self.prediction = self.referee.classify(strokes) if strokes else None
        if not self._is_sure:
            self._sure_since = None
        elif not self.doubt:
            self._judge(now)
        elif self._sure_since is None:
            self._sure_since = line_length(strokes)

    def look(self, rested: float, now: float) -> None:
        """The drawing is finished."""
        if are_near(rested, LOOK_SECONDS):
            self._judge(now)

    def _judge(self, now: float) -> None:
        if self.prediction and self.prediction.label == self.digit:
            self._right(self.worth, now)
            self._next()
        else:
            self._wrong(f"I read {self.prediction.label if self.prediction else '?'}", now)
            self.stage = VERDICT

    def _next(self) -> None:
        self._done += 1
        self.stage = OVER if self._done == GAME_LENGTH else DRAWING
        self.next_task()
        self._new_paper()

    @property
    def _is_sure(self) -> bool:
        seen = self.prediction
        return seen is not None and seen.sure and seen.label == self.digit


def line_length(strokes: tuple[Stroke, ...]) -> float:
    """The length of all lines, in the longest sides of the drawing: its size does not count."""
    if not strokes:
        return 0.0
    total = sum(float(np.hypot(*np.diff(each.points, axis=0).T).sum()) for each in strokes)
    return total / max(bounds(strokes).side, 1e-9)


@cache
def usual_length(digit: str) -> float:
    """The same of a digit as it is usually drawn."""
    return line_length(demo_drawings()[int(digit)])
