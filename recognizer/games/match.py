"""A match: a game that one person plays, or two in turn with the same tasks."""

from __future__ import annotations

from collections.abc import Callable

from recognizer.games.fool_it import FoolItGame
from recognizer.games.gallery import FoolGallery
from recognizer.games.game import OVER, Game
from recognizer.games.referee import Referee
from recognizer.games.scores import Score, ScoreBook
from recognizer.session import Message, Session

GUEST = "Guest"
"""Who plays against somebody on whose machine there is no other hand."""
SCORES_FILE, FOOLS_FILE = "scores.json", "fools.json"


class GameRoom:
    """What the games of a session have in common: its referee, its scores, its gallery.

    Raises ValueError if the model knows no digits.
    """

    def __init__(self, session: Session) -> None:
        self.session, folder = session, session.storage.games
        self.referee = Referee(session)
        self.scores = ScoreBook(folder / SCORES_FILE)
        self.gallery = FoolGallery(folder / FOOLS_FILE)
        self.trouble = self.scores.load() or self.gallery.load()

    @property
    def player(self) -> str:
        """The hand that plays now."""
        return self.session.learning.hand.name

    def opponents(self) -> list[str]:
        """Who may play against this hand."""
        others = [name for name in self.session.storage.hands.names() if name != self.player]
        return others if GUEST in (*others, self.player) else [*others, GUEST]


class Match:
    """Who plays which game in which order, and who has won.

    seed: gives the seed of the tasks, a new one for each match.
    """

    def __init__(self, room: GameRoom, kind: type[Game], seed: Callable[[], int]) -> None:
        self.room, self.kind, self._seed = room, kind, seed
        self.mode = 0
        self.opponent: str | None = None
        self._first = room.player
        self.note: Message | None = None
        self.place: int | None = None
        """In the best list, from 0, of the game that is over; None if it did not get there."""
        self.begin()

    @property
    def players(self) -> list[str]:
        """Who plays, in turn."""
        return [self._first, *([self.opponent] if self.opponent else [])]

    @property
    def player(self) -> str:
        """Whose turn it is."""
        return self.players[self._turn]

    @property
    def key(self) -> str:
        """The name of the best list."""
        name = self.kind.modes[self.mode].name
        return f"{self.kind.name}, {name}" if name else self.kind.name

    @property
    def untouched(self) -> bool:
        """Whether it can still be chosen what is played and against whom."""
        return self._turn == 0 and self.game.stage != OVER and not self._started

    def begin(self) -> None:
        """The first player's turn, with new tasks."""
        self.results: list[int] = []
        self._tasks, self._turn = self._seed(), 0
        self._deal()

    def set_mode(self, mode: int) -> None:
        """Play the game this way."""
        self.mode = mode
        self.begin()

    def next_opponent(self) -> None:
        """Play against the next of those who are there; after the last of them, alone."""
        found = [None, *self.room.opponents()]
        at = found.index(self.opponent) if self.opponent in found else 0
        self.opponent = found[(at + 1) % len(found)]

    def start(self, now: float) -> None:
        """Begin what the game's card tells."""
        self._started = True
        self.game.start(now)

    def update(self, now: float) -> None:
        """Go on; the points of a game that is over are noted."""
        self.game.update(now)
        if self.game.stage == OVER and len(self.results) == self._turn:
            self._record()

    @property
    def over(self) -> bool:
        """Whether everybody has played."""
        return len(self.results) == len(self.players)

    def go_on(self) -> None:
        """The next player's turn, or the same match anew."""
        if self.over:
            self._take_hand(self._first)
            self.begin()
            return
        self._turn += 1
        self._take_hand(self.player)
        self._deal()

    def leave(self) -> None:
        """End it: the hand that was there before writes again."""
        if self.game.stage != OVER and self.game.counts_when_left:
            self._record()
            self.game.stage = OVER
        self._take_hand(self._first)

    def best(self) -> list[Score]:
        """The best list of whose turn it is."""
        return self.room.scores.best(self.key, self.player)

    def outcome(self) -> str:
        """Who has won; "" where one played alone, or somebody has yet to play."""
        if len(self.players) < 2 or not self.over:
            return ""
        (a, b), (first, second) = self.players, self.results
        if first == second:
            return f"A draw: {first} to {second}"
        return f"{a if first > second else b} wins {max(first, second)} to {min(first, second)}"

    def _deal(self) -> None:
        self._started, self.place = False, None
        self.game = self.kind(self.room.referee, self.mode, self._tasks)
        if isinstance(self.game, FoolItGame):
            self.game.gallery, self.game.player = self.room.gallery, self.player

    def _record(self) -> None:
        points = self.game.points
        self.results.append(points)
        self.place, self.note = self.room.scores.add(self.key, self.player, points)

    def _take_hand(self, name: str) -> None:
        learning = self.room.session.learning
        if learning.hand.name != name:
            self.note = learning.choose(name)
