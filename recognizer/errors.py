"""Errors that the user can mend, and how they show what is wrong."""

from __future__ import annotations

MAX_SHOWN_CHARACTERS = 60
"""Of a value in a message."""


class SketchpadError(Exception):
    """Something outside the program is wrong; the message says what, and what to do."""


def brief(value: object) -> str:
    """A value as a message shows it: short, and on one line."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # of another program's object, or a number of too many digits
        text = f"a {type(value).__name__} that cannot be shown"
    kept = MAX_SHOWN_CHARACTERS
    return text if len(text) <= kept else text[: kept - 1] + "…"
