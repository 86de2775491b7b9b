"""The points of finished games: a best list for each game and hand, kept on this machine."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recognizer.files import atomic_write, set_aside
from recognizer.session import Message

MAX_SCORES = 5
"""So many are kept for each game and hand."""


@dataclass(frozen=True, order=True)
class Score:
    """The points of a game, and the day, "2026-11-27"."""

    points: int
    day: str


class ScoreBook:
    """All best lists in a file, which need not exist. Each score is written at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lists: dict[str, dict[str, list[Score]]] = {}

    def load(self) -> Message | None:
        """Read the file; returns what there is to tell: a damaged one is set aside."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            self._lists = {
                game: {hand: _as_scores(scores) for hand, scores in hands.items()}
                for game, hands in content["scores"].items()
            }
        except FileNotFoundError:
            self._lists = {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._lists = {}
            return Message(set_aside(self._path, "The file of scores"), trouble=True)
        return None

    def best(self, game: str, hand: str) -> list[Score]:
        """The best list of a hand in a game, the best score first."""
        return list(self._lists.get(game, {}).get(hand, []))

    def champion(self, game: str) -> tuple[str, int] | None:
        """Who has the most points in a game, and how many; None if nobody has played it."""
        found = [(hand, scores[0].points) for hand, scores in self._lists.get(game, {}).items()]
        return max(found, key=lambda each: each[1], default=None)

    def add(self, game: str, hand: str, points: int) -> tuple[int | None, Message | None]:
        """Note a score; returns its place in the list, from 0, and what there is to tell.

        None if the list has better ones, or there are no points.
        """
        trouble = self.load()  # another window may have written some
        if points <= 0:
            return None, trouble
        scores = self.best(game, hand)
        place = sum(each.points >= points for each in scores)
        if place >= MAX_SCORES:
            return None, trouble
        scores.insert(place, Score(points, time.strftime("%Y-%m-%d")))
        self._lists.setdefault(game, {})[hand] = scores[:MAX_SCORES]
        return place, self._write() or trouble

    def _write(self) -> Message | None:
        content = {
            game: {
                hand: [[each.points, each.day] for each in scores] for hand, scores in of.items()
            }
            for game, of in self._lists.items()
        }
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(self._path, json.dumps({"scores": content}, ensure_ascii=False).encode())
        except OSError as error:
            why = error.strerror or error
            return Message(f"The scores cannot be written: {why}. Make room there.", trouble=True)
        return None


def _as_scores(found: Any) -> list[Score]:
    """Raises ValueError or TypeError for anything else than scores."""
    scores = [Score(points, day) for points, day in found]
    if not scores or not all(type(each.points) is int and type(each.day) is str for each in scores):
        raise ValueError("these are no scores")
    return sorted(scores, key=lambda each: -each.points)[:MAX_SCORES]
