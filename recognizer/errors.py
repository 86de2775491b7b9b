"""Errors that the user can mend."""

from __future__ import annotations


class SketchpadError(Exception):
    """Something outside the program is wrong; the message says what, and what to do."""
