"""What all games have in common: a paper, a clock, points, and stages that follow each other."""

from __future__ import annotations

import math
import random
from abc import ABC, abstractmethod
from dataclasses import dataclass

from recognizer.games.referee import Referee
from recognizer.geometry import Box
from recognizer.reading import Prediction
from recognizer.session import Message
from recognizer.session.storage import CANVAS_SIDE
from recognizer.strokes import Sketch, Stroke, ink_bounds

CARD, DRAWING, VERDICT, OVER = "card", "drawing", "verdict", "over"
"""The stages of a game: it says what comes, one draws, one is asked, it is over."""
RIGHT, WRONG, STREAK = "right", "wrong", "streak"
"""What a player is told at once, by a word, a sign, a colour and a sound."""
GO, YES, NO, WIPE, OTHER = "go", "yes", "no", "wipe", "other"
"""What a player can choose: to go on, a friend's two answers, to draw anew, another digit."""
CLAIM = YES
""""That was a 7!"."""
STREAK_LENGTH = 5
"""So many right answers in a row are a streak, and so is every further such number."""
LOOK_SECONDS = 1.4
"""What is drawn counts as finished when the pen has rested for so long."""
AT_ONCE_SECONDS, TOO_SOON_SECONDS, LATE_STROKE_SECONDS = 0.1, 0.4, 0.9
"""A right drawing is taken at once, when the pen has rested for less than the first of these. A
stroke that begins so soon after that as the second says still belongs to it, such as the bar of a
7; and, until the third, one that begins on it."""
PAPER_MIDDLE = CANVAS_SIDE / 2


@dataclass(frozen=True)
class GameMode:
    """A way to play a game: its name on a button, and what it is."""

    name: str
    told: str


@dataclass(frozen=True)
class Feedback:
    """What has just happened: RIGHT, WRONG or STREAK, in words, when, and to which drawing."""

    kind: str
    words: str
    time: float
    strokes: tuple[Stroke, ...] = ()


@dataclass(frozen=True)
class GameState:
    """What is to be seen of a game while it is played.

    task: what to do, "7 × 8 =" or a digit. words: what to do with it. answer: what is read, "5".
    facts: names and values, such as points and lives. turned: degrees that the paper is turned
    clockwise. box: where to draw, in the sketch's unit; None for anywhere. heading: what stands
    above what is read. bet: the network's opinion, if the players are to see it in bars.
    """

    task: str
    words: str
    answer: str
    facts: tuple[tuple[str, str], ...]
    turned: int = 0
    box: Box | None = None
    heading: str = "I read"
    bet: Prediction | None = None


class Countdown:
    """A clock that runs down while one draws; without seconds, it never ends."""

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._left = math.inf if seconds is None else seconds
        self._since: float | None = None

    def run(self, now: float) -> None:
        """Go on."""
        if self._since is None:
            self._since = now

    def stop(self, now: float) -> None:
        """Stand still."""
        self._left, self._since = self.left(now), None

    def left(self, now: float) -> float:
        """Seconds that are left, 0 at least."""
        return max(self._left - (0.0 if self._since is None else now - self._since), 0.0)

    def due(self, now: float) -> float | None:
        """When it shows another whole second; None if it does not."""
        if self._since is None or self.seconds is None:
            return None
        left = self.left(now)
        return now + left - (math.ceil(left) - 1)


class Game(ABC):
    """A game as one person plays it, from its card to its end. Each game is a subclass.

    The screen gives it the pen and the time; it says what is to be seen. seed: games of one seed
    have the same tasks, so that two people can be compared.
    """

    name: str
    title: str
    invitation: str
    rules: tuple[str, ...]
    modes: tuple[GameMode, ...] = (GameMode("", ""),)

    def __init__(self, referee: Referee, mode: int, seed: int) -> None:
        self.referee, self.mode = referee, self.modes[mode]
        self.random = random.Random(seed)
        self.points = self.streak = 0
        self.stage = CARD
        self.sketch = Sketch()
        self.clock = Countdown(None)
        self.feedback: Feedback | None = None
        self.note: Message | None = None
        self._pen_down = False
        self._rested_since: float | None = None
        self._seen = self.sketch.revision
        self._taken: tuple[float, Box] | None = None

    # What a game is made of.

    @abstractmethod
    def state(self) -> GameState:
        """What is to be seen now."""

    @abstractmethod
    def choices(self) -> dict[str, str]:
        """What can be chosen now, and the words on its button, the likeliest choice last."""

    def can(self, name: str) -> bool:
        """Whether a choice can be taken now: most need something that is drawn."""
        return self.stage != DRAWING or name == OTHER or bool(self.sketch.strokes)

    @abstractmethod
    def choose(self, name: str, now: float) -> None:
        """Take a choice that can be taken."""

    @abstractmethod
    def next_task(self) -> None:
        """Think of the next task."""

    @abstractmethod
    def read(self, now: float) -> None:
        """Read what is drawn; called whenever it has changed."""

    @abstractmethod
    def look(self, rested: float, now: float) -> None:
        """Judge what is drawn; called while the pen rests, which it has for so many seconds."""

    def time_over(self, now: float) -> None:
        """The clock has run down."""
        self.stage = OVER

    @property
    def counts_when_left(self) -> bool:
        """Whether the points count for someone who leaves before the end: it has none."""
        return False

    @property
    def card(self) -> tuple[str, tuple[str, ...]]:
        """What comes: a title and some lines, shown before it begins."""
        return self.title, self.rules

    # What the screen does with it.

    def start(self, now: float) -> None:
        """Begin what the card has told."""
        self.stage = DRAWING
        self.next_task()
        self._new_paper()
        self.clock.run(now)

    @property
    def pen_width(self) -> float:
        """Diameter of the pen in the sketch's unit."""
        return self.referee.pen_width

    def pen_down(self, x: float, y: float, now: float) -> None:
        """Begin a stroke."""
        if self._is_late(x, y, now):
            return
        self._pen_down = True
        self.sketch.begin_stroke(x, y, self.pen_width)

    def pen_move(self, x: float, y: float) -> None:
        """Go on with the stroke, if one was begun."""
        if self._pen_down:
            self.sketch.extend_stroke(x, y)

    def pen_up(self, now: float) -> None:
        """End the stroke."""
        if self._pen_down:
            self._pen_down, self._rested_since = False, now

    def undo(self, now: float) -> None:
        """Take the last stroke back."""
        if self.stage == DRAWING and not self._pen_down:
            self.sketch.undo()
            self._rested_since = now

    def pause(self, now: float) -> None:
        """Stop the clock: something else is shown."""
        self.clock.stop(now)

    def update(self, now: float) -> None:
        """Read what has changed, and judge what is finished."""
        if self.stage != DRAWING:
            self.clock.stop(now)
            return
        self.clock.run(now)
        if self.sketch.revision != self._seen:
            self._seen = self.sketch.revision
            self.read(now)
        if self.stage == DRAWING and self._rests:
            assert self._rested_since is not None
            self.look(now - self._rested_since, now)
        if self.stage == DRAWING and not self.clock.left(now):
            self._pen_down = False
            self.time_over(now)

    def due(self, now: float) -> float | None:
        """When it changes by itself; None if it does not."""
        if self.stage != DRAWING:
            return None
        rested = None
        if self._rests and self._rested_since is not None:
            rested = next((t for t in self.looks(self._rested_since) if t > now), None)
        return min((t for t in (self.clock.due(now), rested) if t is not None), default=None)

    def looks(self, rested_since: float) -> tuple[float, ...]:
        """When `look` may come to another result for a pen that rests."""
        return (rested_since + LOOK_SECONDS,)

    # What the games share.

    @property
    def _rests(self) -> bool:
        return bool(self.sketch.strokes) and not self._pen_down and self._rested_since is not None

    def _right(self, points: int, now: float, words: str = "") -> None:
        """Count points, and a streak."""
        self.streak += 1
        self.points += points
        streak = self.streak % STREAK_LENGTH == 0
        told = words or f"+{points}"
        told = f"{told}, {self.streak} in a row" if streak else told
        self._tell(STREAK if streak else RIGHT, told, now)
        if self.sketch.strokes and self._taken_at_once(now):
            self._taken = now, ink_bounds(self.sketch.strokes)

    def _wrong(self, words: str, now: float) -> None:
        """The streak ends."""
        self.streak = 0
        self._tell(WRONG, words, now)

    def _tell(self, kind: str, words: str, now: float) -> None:
        self.feedback = Feedback(kind, words, now, self.sketch.strokes)

    def _taken_at_once(self, now: float) -> bool:
        """Whether the pen has hardly left the drawing, so that a stroke may be yet to come."""
        return self._rested_since is None or now - self._rested_since < AT_ONCE_SECONDS

    def _is_late(self, x: float, y: float, now: float) -> bool:
        """Whether a stroke that begins here belongs to the drawing that was taken before."""
        if self._taken is None:
            return False
        passed, box = now - self._taken[0], self._taken[1]
        on_it = box.holds(Box(x, y, 0.0, 0.0))
        return passed < TOO_SOON_SECONDS or (on_it and passed < LATE_STROKE_SECONDS)

    def _new_paper(self) -> None:
        self.sketch = Sketch((), self.sketch.revision + 1)
        self._seen = -1
        self._pen_down, self._rested_since = False, None
        self.referee.new_paper()

    def another(self, before: str) -> str:
        """A digit that is none of those before."""
        return self.random.choice([each for each in self.referee.digits if each not in before])


def are_near(value: float, least: float) -> bool:
    """Whether so much time has passed, clocks being rounded."""
    return value >= least - 1e-6
