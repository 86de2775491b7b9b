"""Files: where the program's own lie, and how they are written whole or not at all."""

from __future__ import annotations

import os
import secrets
import webbrowser
from pathlib import Path

import platformdirs

from recognizer.errors import SketchpadError

REPORTS = Path(__file__).resolve().parent.parent / "reports"
"""Folder of the saved model's reports."""
REPORT_FILE = "evaluation.html"
PROGRAM_NAME = "Digit Sketchpad"
SAVED_MODEL = Path(__file__).resolve().parent.parent / "saved_model"


def atomic_write(path: str | Path, data: bytes) -> None:
    """Write a file so that the old one stays as it is until the new one is complete.

    The data go to a file beside it, which then takes its place; after a crash or on a full
    disk the old file is still there. Raises OSError if that fails, and leaves nothing behind.
    """
    # A link keeps pointing where it did; its target is what is written.
    target = Path(path).resolve()
    beside = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


class ReportError(SketchpadError):
    """A report cannot be written or shown; the message says what to do."""


def show_report(folder: Path = REPORTS) -> Path:
    """Open the report of a folder in the web browser; returns its path.

    Raises ReportError if there is no report or no browser.
    """
    path = folder / REPORT_FILE
    if not path.is_file():
        raise ReportError(f"There is no report at {path}. Make one: python -m recognizer evaluate")
    if not webbrowser.open(path.as_uri()):
        raise ReportError(f"No web browser could be started. Open the report yourself: {path}")
    return path


def data_folder() -> Path:
    """The user's folder for the data of this program."""
    return Path(platformdirs.user_data_dir("digit-sketchpad", appauthor=False))


def pictures_folder() -> Path:
    """The user's folder for saved sketches."""
    return Path(platformdirs.user_pictures_dir()) / PROGRAM_NAME


def cache_folder() -> Path:
    """Where downloads are kept."""
    return Path(platformdirs.user_cache_dir("digit-sketchpad", appauthor=False))
