"""Fool it: draw a digit that people know and the network takes for another one."""

from __future__ import annotations

from recognizer.games.gallery import Fool, FoolGallery, reasons
from recognizer.games.game import DRAWING, GO, NO, OTHER, OVER, VERDICT, WIPE, YES, Game, GameState
from recognizer.games.referee import Referee
from recognizer.reading import Prediction
from recognizer.session import percent
from recognizer.session.storage import CANVAS_EXTENT

DRAWINGS = 3
"""So many drawings make a game."""


class FoolItGame(Game):
    """Three drawings. Each that a friend knows counts as many points as the network was wrong."""

    name, title = "fool it", "Fool it"
    invitation = (
        "Draw a digit that people know, and the network takes for another. A friend decides."
    )
    rules = (
        "Draw a digit that people know, and that the network misreads.",
        "The surer it is of the wrong digit, the more points: up to 99.",
        "A friend decides whether your drawing is fair. Three drawings.",
    )
    gallery: FoolGallery | None = None
    """Where the fools go; the player's hand signs them."""
    player = ""

    def __init__(self, referee: Referee, mode: int, seed: int) -> None:
        super().__init__(referee, mode, seed)
        self.digit, self._done = "", 0
        self.prediction: Prediction | None = None

    @property
    def worth(self) -> int:
        """The points of the drawing as it stands: how sure the network is of another digit."""
        seen = self.prediction
        if seen is None or seen.label in (None, self.digit):
            return 0
        return min(round(100 * seen.confidence), 99)

    def state(self) -> GameState:
        """The digit, and what the network makes of the drawing."""
        number = min(self._done + 1, DRAWINGS)
        facts = (
            ("Points", f"{self.points}"),
            ("Drawing", f"{number} of {DRAWINGS}"),
            ("This one", f"{self.worth}"),
        )
        read = self.prediction.label if self.prediction else None
        words = "Draw one that the network takes for another digit"
        if self.stage == VERDICT and self.prediction:
            sure = percent(self.prediction.confidence)
            words = f"It says {read} ({sure}). A friend decides: is this a {self.digit}?"
        return GameState(
            self.digit, words, read or "", facts, heading="It bets on", bet=self.prediction
        )

    def choices(self) -> dict[str, str]:
        """To be done, or to get another digit; then what the friend says."""
        if self.stage == VERDICT:
            return {NO: f"No, that is no {self.digit}", YES: f"Yes, a {self.digit}"}
        return {OTHER: "Another digit", WIPE: "Draw anew", GO: "Done"}

    def choose(self, name: str, now: float) -> None:
        """Take a choice."""
        if self.stage == VERDICT:
            if name in (YES, NO):
                self._decide(name == YES, now)
        elif name == WIPE:
            self._new_paper()
            self.prediction = None
        elif name == OTHER:
            self._next()
        elif name == GO and self.prediction and self.prediction.label:
            self._ask(now)

    def next_task(self) -> None:
        """Another digit."""
        self.digit, self.prediction = self.another(self.digit), None

    def read(self, now: float) -> None:
        """What the network makes of the drawing."""
        strokes = self.sketch.strokes
        self.prediction = self.referee.classify(strokes) if strokes else None

    def look(self, rested: float, now: float) -> None:
        """A friend judges, and nobody is hurried."""

    def _ask(self, now: float) -> None:
        if self.worth:
            self.stage = VERDICT
        else:
            self._wrong(f"It knows your {self.digit}: change something", now)

    def _decide(self, fair: bool, now: float) -> None:
        if fair:
            self._right(self.worth, now)
            self._keep()
        else:
            self._wrong("Not fair: no points", now)
        self._done += 1
        self.stage = OVER if self._done == DRAWINGS else DRAWING
        self._next()

    def _next(self) -> None:
        self.next_task()
        self._new_paper()

    def _keep(self) -> None:
        seen = self.prediction
        if self.gallery is None or seen is None or seen.label is None:
            return
        why = reasons(seen, self.referee.see)
        fool = Fool(
            *(self.digit, seen.label, round(seen.confidence, 4), self.player),
            reasons=why,
            strokes=self.sketch.strokes,
            extent=CANVAS_EXTENT,
        )
        self.note = self.gallery.add(fool)
