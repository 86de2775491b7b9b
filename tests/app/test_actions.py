"""The table of actions: its keys, its buttons, the help and the documentation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pygame
import pytest
from pygame.event import Event

from recognizer.app.actions import (
    ACTIONS,
    BY_NAME,
    GAME_ACTIONS,
    Action,
    action_of,
    as_markdown,
    toolbar_groups,
)
from recognizer.app.icons import ICON_LINES
from recognizer.app.layout import PEN_GAUGE
from tests.app.hand import Hand

USAGE = Path(__file__).resolve().parents[2] / "docs" / "usage.md"
MODIFIERS = {"Ctrl": pygame.KMOD_LCTRL, "Shift": pygame.KMOD_LSHIFT}
NAMED = {"Esc": pygame.K_ESCAPE, "Delete": pygame.K_DELETE, "Tab": pygame.K_TAB} | {
    f"F{number}": getattr(pygame, f"K_F{number}") for number in range(1, 13)
}
NAMED |= {
    "Enter": pygame.K_RETURN,
    "Space": pygame.K_SPACE,
    "Backspace": pygame.K_BACKSPACE,
}
TABLES = [ACTIONS, GAME_ACTIONS]


def pressed(written: str) -> Event:
    """The event of a key as it is written in the table, as a keyboard would cause it."""
    *held, last = written.split("+") if len(written) > 1 else [written]
    mod = sum(MODIFIERS[name] for name in held)
    if last in NAMED:
        return Event(pygame.KEYDOWN, key=NAMED[last], mod=mod, unicode="")
    sign = last.lower()
    return Event(pygame.KEYDOWN, key=ord(sign), mod=mod, unicode="" if held else sign)


@pytest.mark.parametrize(
    ("action", "table"),
    [(action, table) for table in TABLES for action in table if action.keys],
)
def test_each_key_in_the_table_stands_for_its_action(
    action: Action, table: tuple[Action, ...]
) -> None:
    for written in action.keys.split(" or "):
        assert action_of(pressed(written), table) is action


@pytest.mark.parametrize("table", TABLES)
def test_no_key_stands_for_two_actions(table: tuple[Action, ...]) -> None:
    keys = [key for action in table if action.keys for key in action.keys.split(" or ")]
    assert len(keys) == len(set(keys))


def test_brackets_are_found_by_what_is_typed() -> None:
    # On a German keyboard, [ is AltGr and 8.
    event = Event(pygame.KEYDOWN, key=pygame.K_8, mod=pygame.KMOD_RALT, unicode="[")
    assert action_of(event) is BY_NAME["thinner"]


def test_a_key_that_means_nothing_is_no_action() -> None:
    assert action_of(Event(pygame.KEYDOWN, key=pygame.K_q, mod=0, unicode="q")) is None
    assert action_of(Event(pygame.KEYDOWN, key=pygame.K_z, mod=0, unicode="z")) is None


def test_what_can_be_done_has_a_key_and_what_the_pointer_does_needs_none() -> None:
    assert all(action.keys or action.pointer for action in ACTIONS)
    assert [action.name for action in ACTIONS if action.do is None] == ["draw"]


def test_every_button_stands_in_the_table_and_has_an_icon(hand: Hand) -> None:
    names = {action.name for group in toolbar_groups() for action in group}
    assert set(hand.window.layout.buttons) == names | {PEN_GAUGE}
    assert names <= set(ICON_LINES)


def test_a_button_is_grey_while_its_action_is_not_possible(hand: Hand) -> None:
    session = hand.screen.session
    possible = {action.name for action in ACTIONS if action.possible(session)}
    assert not possible & {"undo", "redo", "clear", "save"}
    hand.line()
    possible = {action.name for action in ACTIONS if action.possible(session)}
    assert {"undo", "clear", "save"} <= possible and "redo" not in possible
    hand.click("undo")
    assert BY_NAME["redo"].possible(session) and not BY_NAME["undo"].possible(session)


def test_the_help_tells_every_action(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.key(pygame.K_F1)
    written: list[str] = []
    line = hand.window.style.line

    def noted(text: str, *rest: Any) -> pygame.Surface:
        written.append(text)
        return line(text, *rest)

    monkeypatch.setattr(hand.window.style, "line", noted)
    hand.window._renew()
    hand.step()
    for action in ACTIONS:
        assert action.help in written and action.how in written


@pytest.mark.parametrize(("mark", "table"), [("actions", ACTIONS), ("game actions", GAME_ACTIONS)])
def test_the_documentation_tells_every_action(mark: str, table: tuple[Action, ...]) -> None:
    marked = rf"<!-- {mark} -->\n(.*?)\n<!-- /{mark} -->"
    found = re.search(marked, USAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found and found[1] == as_markdown(table), "Run: python -m docs.make_usage"
