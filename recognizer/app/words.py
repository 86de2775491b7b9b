"""What is said in words: the title, percentages, and troubles with files."""

from __future__ import annotations

from pathlib import Path

from recognizer.app.storage import NAME
from recognizer.reading import Prediction


def title(prediction: Prediction) -> str:
    """The window's title, which carries the reading."""
    if prediction.digit is None:
        return NAME
    if not prediction.sure:
        return f"? - {NAME}"
    return f"{prediction.digit} ({percent(prediction.confidence)}) - {NAME}"


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
