"""The report that tells how well the program reads, and how it is shown."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from recognizer.errors import SketchpadError

REPORTS = Path(__file__).resolve().parent.parent / "reports"
"""Folder of the saved model's reports."""
REPORT_FILE = "evaluation.html"


class ReportError(SketchpadError):
    """A report cannot be written or shown; the message says what to do."""


def show(folder: Path = REPORTS) -> Path:
    """Open the report of a folder in the web browser; returns its path.

    Raises ReportError if there is no report or no browser.
    """
    path = folder / REPORT_FILE
    if not path.is_file():
        raise ReportError(f"There is no report at {path}. Make one: python -m recognizer evaluate")
    if not webbrowser.open(path.as_uri()):
        raise ReportError(f"No web browser could be started. Open the report yourself: {path}")
    return path
