"""What can be done in the window: one table, for the toolbar, the keys, the help and the docs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

import pygame
from pygame.event import Event

from recognizer.session import Session

if TYPE_CHECKING:
    from recognizer.app.screens.sketch import SketchScreen


@dataclass(frozen=True)
class Action:
    """Something that can be done.

    name: of the action and of its icon. help: what it does, in words. keys: as they are written,
    such as "F1 or H". do: what it does to the screen; None for what only the pointer does.
    pointer: what mouse, finger or pen do for it. note: what else to know. button: the word under
    its icon in the toolbar; buttons of one group stand together. What has no button stands in
    the menu. says: how it stands with it now, in a word. possible, active: whether it can be
    done now, and whether it is switched on. while_drawing: whether it does no harm while the pen
    is down.
    """

    name: str
    help: str
    keys: str = ""
    do: Callable[[SketchScreen], object] | None = None
    pointer: str = ""
    note: str = ""
    button: str = ""
    says: Callable[[Session], str] | None = None
    group: int = 0
    possible: Callable[[Session], bool] = lambda session: True
    active: Callable[[Session], bool] = lambda session: False
    while_drawing: bool = False

    @property
    def how(self) -> str:
        """The keys and the pointer's way, in words."""
        return _how(self, self.keys)


# fmt: off
ACTIONS = (
    Action("draw", "Draw", pointer="left button, finger or pen"),
    Action("undo", "Undo", "Ctrl+Z", lambda screen: screen.session.undo(),
           button="Undo", group=1, possible=lambda session: session.can_undo),
    Action("redo", "Redo", "Ctrl+Y or Ctrl+Shift+Z", lambda screen: screen.session.redo(),
           button="Redo", group=1, possible=lambda session: session.sketch.can_redo),
    Action("eraser", "Erase instead of drawing", "E", lambda screen: screen.session.toggle_eraser(),
           pointer="right button", button="Eraser", group=2,
           active=lambda session: session.erasing),
    Action("strokes", "Erase whole strokes", "W",
           lambda screen: screen.session.toggle_whole_strokes(),
           says=lambda session: "on" if session.whole_strokes else "off"),
    Action("thinner", "Thinner pen or eraser", "[ or -", lambda screen: screen.session.thinner(),
           pointer="mouse wheel", button="Thinner", group=3, while_drawing=True),
    Action("thicker", "Thicker pen or eraser", "] or +", lambda screen: screen.session.thicker(),
           pointer="mouse wheel", button="Thicker", group=3, while_drawing=True),
    Action("correct", "Correct an answer", "Tab", lambda screen: screen.correct(),
           pointer="click or tap it", note="then say what it is",
           possible=lambda session: session.can_correct),
    Action("clear", "Clear the canvas", "C or Delete or Ctrl+N",
           lambda screen: screen.session.clear(), button="Clear", group=4,
           possible=lambda session: not session.empty),
    Action("open", "Open a sketch or picture", "Ctrl+O", lambda screen: screen.choose_file(),
           pointer="drop a file here", button="Open", group=5),
    Action("save", "Save as PNG and InkML", "Ctrl+S", lambda screen: screen.save(),
           button="Save", group=5, possible=lambda session: bool(session.sketch.strokes)),
    Action("steps", "How a picture was read", "R", lambda screen: screen.show_steps(),
           note="step by step", button="Steps", group=5,
           possible=lambda session: bool(session.picture and session.picture.reading)),
    Action("copy", "Copy the reading", "Ctrl+C", lambda screen: screen.copy(),
           possible=lambda session: bool(session.reading.digits)),
    Action("paste", "Paste a picture", "Ctrl+V", lambda screen: screen.paste()),
    Action("mode", "Digits, sums, letters", "S", lambda screen: screen.session.next_mode(),
           note="what is read", button="Digits",
           says=lambda session: session.mode.capitalize() or "Own", group=6,
           possible=lambda session: len(session.modes) > 1),
    Action("hand", "My hand", "M", lambda screen: screen.show_hand(),
           note="what it learned from you", button="My hand", group=6),
    Action("play", "Play", "P", lambda screen: screen.show_play(),
           note="four games, the network is the referee", button="Play", group=6),
    Action("inside", "Inside", "I", lambda screen: screen.show_inside(),
           note="what the network does", button="Inside", group=6),
    Action("present", "Present to the back row", "F5",
           lambda screen: screen.frame.switch_presenting(),
           note="nothing but canvas, answer and bars"),
    Action("theme", "Light or dark", "T", lambda screen: screen.switch_theme()),
    Action("full", "Full screen", "F11", lambda screen: screen.frame.switch_full_screen()),
    Action("help", "Help", "F1 or H or ?", lambda screen: screen.show_help(),
           button="Help", group=7),
    Action("menu", "Menu", "F10", lambda screen: screen.show_menu(),
           note="what has no button", button="Menu", group=7),
    Action("report", "How well it reads", "F2", lambda screen: screen.show_report(),
           note="the report, in your browser"),
    Action("back", "Go back", "Esc", lambda screen: screen.step_back(),
           note="at last out of the program",
           while_drawing=True),
    Action("quit", "Quit", "Ctrl+Q or Ctrl+W", lambda screen: screen.quit(),
           note="the sketch comes back", while_drawing=True),
)
# fmt: on
"""In the order of the help; the toolbar's buttons from left to right."""

BY_NAME = {action.name: action for action in ACTIONS}

# fmt: off
GAME_ACTIONS = (
    BY_NAME["draw"],
    Action("go", "Start, done, next", "Enter or Space", pointer="its button"),
    Action("yes", "“That was a 7!”, or a friend's yes", "Y", pointer="its button",
           note="it is learned, and it counts"),
    Action("no", "A friend's no, in Fool it", "N", pointer="its button"),
    Action("wipe", "Draw anew", "C or Delete or Backspace", pointer="its button"),
    Action("undo", "Take the last stroke back", "Ctrl+Z"),
    Action("other", "Another digit, in Fool it", "D", pointer="its button"),
    Action("duel", "Choose whom you play against", "V", pointer="its button"),
    Action("sounds", "Sounds on or off", "S", pointer="its button"),
    Action("animations", "Animations on or off", "A", pointer="its button"),
    *(BY_NAME[name] for name in ("theme", "full", "help")),
    Action("leave", "Leave the game", "Esc", pointer="its button"),
)
# fmt: on
"""What can be done in a game; each is done by the button of the same name."""

_NAMED_KEYS = {
    "Esc": pygame.K_ESCAPE,
    "Delete": pygame.K_DELETE,
    "Tab": pygame.K_TAB,
    "Enter": pygame.K_RETURN,
    "Space": pygame.K_SPACE,
    "Backspace": pygame.K_BACKSPACE,
} | {f"F{number}": pygame.K_F1 + number - 1 for number in range(1, 13)}
_MODIFIERS = {"Ctrl": pygame.KMOD_CTRL | pygame.KMOD_META, "Shift": pygame.KMOD_SHIFT}


def action_of(event: Event, actions: tuple[Action, ...] = ACTIONS) -> Action | None:
    """The action of a table that a pressed key stands for."""
    held = frozenset(name for name, mask in _MODIFIERS.items() if event.mod & mask)
    key = pygame.K_RETURN if event.key == pygame.K_KP_ENTER else event.key
    found = _by_key(actions).get((key, held))
    return found or _by_sign(actions).get(getattr(event, "unicode", "") or _plain(event.key))


def key_press(name: str) -> Event:
    """The press of an action's key that is held with no other."""
    code = next(
        code
        for (code, held), action in _by_key(ACTIONS).items()
        if action.name == name and not held
    )
    return Event(pygame.KEYDOWN, key=code, mod=0, unicode="")


def pen_width_how() -> str:
    """The keys of a thinner and a thicker pen, and the pointer's way, in words."""
    thinner, thicker = (_keys_of(BY_NAME[name])[0] for name in ("thinner", "thicker"))
    return f"{thinner} or {thicker}, or {BY_NAME['thicker'].pointer}"


def menu_actions(buttons: Collection[str]) -> list[Action]:
    """What can be done that has none of these buttons."""
    return [action for action in ACTIONS if action.do and action.name not in {*buttons, "menu"}]


def toolbar_groups() -> list[list[Action]]:
    """The actions that have buttons, in groups from left to right."""
    buttons = (action for action in ACTIONS if action.button)
    return [list(group) for _, group in groupby(buttons, key=lambda action: action.group)]


def as_markdown(actions: tuple[Action, ...] = ACTIONS) -> str:
    """A table for the documentation."""
    rows = ((action.help, _marked(action)) for action in actions)
    return "\n".join(["| do | with |", "| --- | --- |", *(f"| {a} | {b} |" for a, b in rows)])


def _marked(action: Action) -> str:
    """The keys and the pointer's way, the keys marked as such."""
    keys = ["+".join(f"<kbd>{part}</kbd>" for part in _parts(key)) for key in _keys_of(action)]
    return _how(action, " or ".join(keys))


def _how(action: Action, keys: str) -> str:
    ways = ", or ".join(way for way in (keys, action.pointer) if way)
    return f"{ways}: {action.note}" if action.note else ways


def _keys_of(action: Action) -> list[str]:
    return action.keys.split(" or ") if action.keys else []


def _parts(key: str) -> list[str]:
    """Ctrl+Z is two keys, and + is one."""
    return key.split("+") if len(key) > 1 else [key]


def _plain(key: int) -> str:
    return chr(key) if 0 < key < 128 else ""


@cache
def _by_key(actions: tuple[Action, ...]) -> dict[tuple[int, frozenset[str]], Action]:
    """Actions by the key that is pressed and what is held with it."""
    found = {}
    for action in actions:
        for key in _keys_of(action):
            *held, last = _parts(key)
            code = _NAMED_KEYS.get(last) or (ord(last.lower()) if last.isalpha() else None)
            if code:
                found[code, frozenset(held)] = action
    return found


@cache
def _by_sign(actions: tuple[Action, ...]) -> dict[str, Action]:
    """Actions by what is typed, since on many keyboards brackets take another key."""
    return {key: action for action in actions for key in _keys_of(action) if len(key) == 1}
