"""Play: four games to choose from, the gallery, and how they sound and move."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pygame
from pygame import Rect
from pygame.event import Event

from recognizer.app.actions import GAME_ACTIONS, action_of
from recognizer.app.motion import system_reduces_motion
from recognizer.app.screens import Frame, Screen
from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.screens.fool_gallery import FoolGalleryScreen
from recognizer.app.screens.game_screen import GameScreen
from recognizer.app.screens.help import HelpScreen
from recognizer.app.screens.play_view import (
    ANIMATIONS,
    BACK,
    GALLERY,
    HELP,
    SOUNDS,
    GameCard,
    PlayView,
)
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace
from recognizer.files import PROGRAM_NAME
from recognizer.games import GAMES
from recognizer.games.game import Game
from recognizer.games.match import GameRoom, Match

HELP_TITLE = "Four games. The network is the referee."
HELP_FOOT = "Every game ends with Esc. Any key or click closes this."
NOTE_TEXT = (
    "1 to 4, or Tab and arrows, choose · Enter presses · S sounds · A animations · Esc goes back"
)
_SEEDS = 1 << 30


class PlayScreen(ButtonScreen):
    """A card for each game; the keys 1 to 4 open them, too."""

    def __init__(self, frame: Frame, behind: Screen, room: GameRoom) -> None:
        super().__init__(frame, behind)
        self.room = room
        self.view = PlayView(frame)
        self._games = {kind.name: kind for kind in GAMES}

    @property
    def moves(self) -> bool:
        """Whether things move: as was chosen here, else as the system says."""
        chosen = self.room.session.settings.animations
        return not system_reduces_motion() if chosen is None else chosen

    def buttons(self) -> dict[str, Rect]:
        """The games, and what stands below them."""
        return self.view.buttons(list(self._games))

    def press(self, name: str) -> None:
        """Open a game, or change how games are."""
        session = self.room.session
        if name in self._games:
            self.open_game(self._games[name])
        elif name == BACK:
            self.back()
        elif name == GALLERY:
            self.next = FoolGalleryScreen(self.frame, self, self.room)
        elif name == SOUNDS:
            session.set_sounds(not session.settings.sounds)
        elif name == ANIMATIONS:
            session.set_animations(not self.moves)
        elif name == HELP:
            self.next = HelpScreen(self.frame, self, GAME_ACTIONS, HELP_TITLE, HELP_FOOT)

    def open_game(self, kind: type[Game]) -> None:
        """Show the card of a game."""
        match = Match(self.room, kind, lambda: random.randrange(_SEEDS))
        self.room.trouble = None
        self.next = GameScreen(self.frame, self, match, moves=self.moves)

    def take_key(self, event: Event) -> bool:
        """A game's number, or a key that all games have."""
        number = event.key - pygame.K_1
        action = action_of(event, GAME_ACTIONS)
        if 0 <= number < len(GAMES):
            self.open_game(GAMES[number])
        elif action and action.name in (SOUNDS, ANIMATIONS, HELP):
            self.press(action.name)
        elif action and action.name == "theme":
            self.room.session.set_theme(self.frame.switch_theme())
        else:
            return False
        return True

    def title(self) -> str:
        """The window's title."""
        return f"Play - {PROGRAM_NAME}"

    def parts(self) -> Iterable[Part]:
        """The whole screen."""
        room = self.room
        settings, trouble = room.session.settings, room.trouble
        faces = {
            GALLERY: ButtonFace("Gallery of fools"),
            SOUNDS: ButtonFace(f"Sounds {_state(settings.sounds)}"),
            ANIMATIONS: ButtonFace(f"Animations {_state(self.moves)}"),
            HELP: ButtonFace("Help"),
            BACK: ButtonFace("Back"),
        }
        note = (trouble.text.replace("\n", " "), True) if trouble else (NOTE_TEXT, False)
        cards = [self._card(kind) for kind in GAMES]
        return self.view.parts(room.player, cards, faces, note, self.marks)

    def _card(self, kind: type[Game]) -> GameCard:
        """The best of this hand, and of all, over the game's modes."""
        own, all_hands = [], []
        for mode in kind.modes:
            key = f"{kind.name}, {mode.name}" if mode.name else kind.name
            own += [score.points for score in self.room.scores.best(key, self.room.player)[:1]]
            champion = self.room.scores.champion(key)
            all_hands += [champion] if champion else []
        best = f"Your best: {max(own)}" if own else "Not played yet"
        if all_hands:
            name, points = max(all_hands, key=lambda each: each[1])
            if not own or points > max(own):
                best += f" · {name}: {points}"
        return GameCard(kind.name, kind.title, kind.invitation, best)


def _state(on: bool) -> str:
    return "on" if on else "off"
