"""Writes the tables of actions into docs/usage.md: python -m docs.make_usage

They are made from recognizer/app/actions.py, where every action of the window stands.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from recognizer.app.actions import ACTIONS, GAME_ACTIONS, as_markdown
from recognizer.files import atomic_write

USAGE = Path(__file__).resolve().parent / "usage.md"
TABLES = {"actions": ACTIONS, "game actions": GAME_ACTIONS}
"""By the name in the marks before and after each."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Put the tables between their marks."""
    name = "python -m docs.make_usage"
    argparse.ArgumentParser(name, description=__doc__).parse_args(arguments)
    text = USAGE.read_text(encoding="utf-8")
    for mark, actions in TABLES.items():
        begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
        before, after = text.split(begin)[0], text.split(end)[1]
        text = f"{before}{begin}\n{as_markdown(actions)}\n{end}{after}"
    atomic_write(USAGE, text.encode())


if __name__ == "__main__":
    main()
