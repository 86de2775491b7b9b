"""What is said in words: the title, percentages, and troubles with files."""

from __future__ import annotations

from pathlib import Path

from recognizer.app.storage import NAME
from recognizer.reading import Reading

UNSURE = "?"
"""Stands for a digit that is not sure."""


def number(reading: Reading) -> str:
    """The text of a reading, with a question mark for every digit that is not sure."""
    signs = iter(str(digit.digit) if digit.sure else UNSURE for digit in reading.digits)
    return "".join(sign if sign == "\n" else next(signs) for sign in reading.text)


def title(reading: Reading) -> str:
    """The window's title, which carries the reading."""
    if not reading.digits:
        return NAME
    said = number(reading).replace("\n", " ")
    if len(reading.digits) == 1 and reading.sure:
        said += f" ({percent(reading.confidence)})"
    return f"{said} - {NAME}"


def percent(share: float) -> str:
    """A probability in words; never 100 %, which no reading deserves."""
    return f"{min(round(100 * share), 99)} %"


def not_saved(error: OSError, folder: Path) -> str:
    """A sketch could not be saved on purpose."""
    return (
        f"Not saved in {folder}: {_reason(error)}. Nothing is lost: the sketch is still here. "
        "Make room there, or start with --folder and another folder."
    )


def not_kept(error: OSError, path: Path) -> str:
    """The unsaved sketch could not be written."""
    return (
        f"The sketch cannot be kept for the next start in {path.parent}: {_reason(error)}. "
        "Save it with Ctrl+S before you quit."
    )


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
