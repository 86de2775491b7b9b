"""Sums: "7 × 8 =" appears, write the answer. The sums get harder as long as you are right."""

from __future__ import annotations

import random
from dataclasses import dataclass

from recognizer.games.game import (
    CLAIM,
    DRAWING,
    GO,
    LOOK_SECONDS,
    OVER,
    VERDICT,
    WIPE,
    Countdown,
    Game,
    GameMode,
    GameState,
    are_near,
)
from recognizer.games.referee import MINUS, Referee
from recognizer.reading import NOTHING_READ, Reading
from recognizer.session import Message

GAME_SECONDS, LIVES = 60.0, 3
LONG_LOOK_SECONDS = 3.0
"""An answer that is shorter than the right one counts as finished after so long."""
RIGHT_FOR_NEXT_LEVEL, WRONG_FOR_LEVEL_BEFORE = 3, 2
"""So many in a row at one level."""


@dataclass(frozen=True)
class SumLevel:
    """Sums of one kind: the sign, and from where to where its two numbers go.

    Of "÷", they are the result and what is divided by.
    """

    sign: str
    first: tuple[int, int]
    second: tuple[int, int]

    def task(self, chance: random.Random) -> tuple[str, int]:
        """A sum as it is shown, and its answer."""
        a, b = chance.randint(*self.first), chance.randint(*self.second)
        if self.sign == "÷":
            return f"{a * b} ÷ {b}", a
        answers = {"+": a + b, MINUS: a - b, "×": a * b}
        return f"{a} {self.sign} {b}", answers[self.sign]


LEVELS = (
    SumLevel("+", (1, 5), (1, 4)),
    SumLevel("+", (3, 9), (3, 9)),
    SumLevel(MINUS, (6, 12), (1, 6)),
    SumLevel("×", (2, 5), (2, 5)),
    SumLevel("+", (11, 49), (5, 40)),
    SumLevel("×", (3, 9), (3, 9)),
    SumLevel("÷", (2, 9), (2, 9)),
    SumLevel(MINUS, (25, 99), (6, 24)),
    SumLevel("×", (11, 19), (3, 9)),
    SumLevel("×", (12, 29), (11, 19)),
)
BELOW_ZERO = SumLevel(MINUS, (1, 9), (10, 19))
"""Asked from level 5 on, if the network can read the minus of the answer."""
BELOW_ZERO_LEVEL, BELOW_ZERO_SHARE = 5, 0.2


class SumsGame(Game):
    """A sum at a time. A right answer is taken at once, a wrong one when the pen rests."""

    name, title = "sums", "Sums"
    invitation = "A sum appears: write the answer. The sums get harder as you get better."
    rules = (
        "Write the answer. It is taken as soon as it is right.",
        "Each one gives as many points as its level.",
        "Misread? One tap on “That was …” and it counts.",
    )
    modes = (
        GameMode("60 seconds", "As many as you can"),
        GameMode("Endless", f"{LIVES} lives, all the time you like"),
    )

    def __init__(self, referee: Referee, mode: int, seed: int) -> None:
        super().__init__(referee, mode, seed)
        self.endless = self.mode is self.modes[1]
        self.clock = Countdown(None if self.endless else GAME_SECONDS)
        self.lives = LIVES
        self.level = 1
        self.sum, self.answer = "", 0
        self.reading: Reading = NOTHING_READ
        self._right_here = self._wrong_here = 0

    @property
    def counts_when_left(self) -> bool:
        """An endless game ends when one leaves it."""
        return self.endless

    @property
    def expected(self) -> str:
        """The answer as it is written."""
        return f"{self.answer}".replace("-", MINUS)

    def state(self) -> GameState:
        """The sum, and what is read of the answer."""
        lives = (("Lives", f"{self.lives} of {LIVES}"),) if self.endless else ()
        facts = (("Points", f"{self.points}"), ("Level", f"{self.level}"), *lives)
        streak = (("In a row", f"{self.streak}"),)
        task, words = f"{self.sum} =", "Write the answer"
        if self.stage == VERDICT:
            task, words = f"{task} {self.expected}", f"I read {self.reading.text}"
        return GameState(task, words, self.reading.text, facts + streak)

    def choices(self) -> dict[str, str]:
        """To draw anew or be done; after a wrong answer, to claim it or go on."""
        if self.stage == VERDICT:
            return {CLAIM: f"That was {self.expected}!", GO: "Next sum"}
        return {WIPE: "Draw anew", GO: "Done"}

    def choose(self, name: str, now: float) -> None:
        """Take a choice."""
        if self.stage == VERDICT:
            if name == CLAIM:
                self._claim(now)
            if name in (CLAIM, GO):
                self._go_on()
        elif name == WIPE:
            self._new_paper()
            self.reading = NOTHING_READ
        elif name == GO and self.reading.digits:
            self._judge(now)

    def next_task(self) -> None:
        """A sum of this level, or now and then of the one before."""
        before, levels = self.sum, LEVELS[max(self.level - 2, 0) : self.level]
        while self.sum == before:
            level = self.random.choice([*levels, LEVELS[self.level - 1]])
            if self.referee.knows_minus and self.level >= BELOW_ZERO_LEVEL:
                chance = self.random.random()
                level = BELOW_ZERO if chance < BELOW_ZERO_SHARE else level
            self.sum, self.answer = level.task(self.random)
        self.reading = NOTHING_READ

    def read(self, now: float) -> None:
        """Read the answer as far as it is written."""
        self.reading = self.referee.read(self.sketch.strokes, signed=self.answer < 0)

    def look(self, rested: float, now: float) -> None:
        """A right answer is taken at once, any other when it is finished."""
        text, expected = self.reading.text, self.expected
        probable = all(each.sign == each.label for each in self.reading.digits)
        long = are_near(rested, LONG_LOOK_SECONDS)
        finished = long or (are_near(rested, LOOK_SECONDS) and len(text) >= len(expected))
        if (text == expected and probable) or (finished and text):
            self._judge(now)

    def looks(self, rested_since: float) -> tuple[float, ...]:
        """A short answer is looked at later."""
        return rested_since + LOOK_SECONDS, rested_since + LONG_LOOK_SECONDS

    def time_over(self, now: float) -> None:
        """What stands on the paper counts if it is right."""
        if self.reading.text == self.expected:
            self._count(now)
        self.stage = OVER

    def _judge(self, now: float) -> None:
        if self.reading.text == self.expected:
            self._count(now)
            self.next_task()
            self._new_paper()
            return
        self._streak_before, self._level_before = self.streak, self.level
        self._wrong(f"I read {self.reading.text}", now)
        self.lives -= self.endless
        self._right_here, self._wrong_here = 0, self._wrong_here + 1
        if self._wrong_here == WRONG_FOR_LEVEL_BEFORE:
            self.level, self._wrong_here = max(self.level - 1, 1), 0
        self.stage = VERDICT

    def _count(self, now: float) -> None:
        self._right(self.level, now)
        self._right_here, self._wrong_here = self._right_here + 1, 0
        if self._right_here == RIGHT_FOR_NEXT_LEVEL:
            self.level, self._right_here = min(self.level + 1, len(LEVELS)), 0

    def _claim(self, now: float) -> None:
        """The answer was right, and is learned where it is known which digit was which."""
        found = self.reading.digits
        if len(found) == len(self.expected):
            pairs = zip(self.expected, found, strict=True)
            named = [(label, each.strokes) for label, each in pairs if each.label != label]
        else:
            named = [(self.expected, self.sketch.strokes)] if len(self.expected) == 1 else []
        told = self.referee.learn(named)
        self.note = told or Message("It counts")
        self.streak, self.level = self._streak_before, self._level_before
        self.lives += self.endless
        self._count(now)

    def _go_on(self) -> None:
        self.stage = OVER if self.endless and self.lives == 0 else DRAWING
        self.next_task()
        self._new_paper()
