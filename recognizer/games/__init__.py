"""Games in which the network's live reading is the referee, without a screen."""

from __future__ import annotations

from recognizer.games.draw_it import DrawItGame
from recognizer.games.fool_it import FoolItGame
from recognizer.games.game import Game
from recognizer.games.guess_early import GuessEarlyGame
from recognizer.games.sums_game import SumsGame

GAMES: tuple[type[Game], ...] = (SumsGame, DrawItGame, FoolItGame, GuessEarlyGame)
"""In the order of the screen Play."""
