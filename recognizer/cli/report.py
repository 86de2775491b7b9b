"""The command `report`: opens the report of the saved model in the web browser."""

from __future__ import annotations

import argparse

from recognizer import files


def add_options(parser: argparse.ArgumentParser) -> None:
    """It has none."""


def run(options: argparse.Namespace) -> None:
    """Open the report. Raises ReportError if there is none, or no browser."""
    print(f"Opened in the web browser: {files.show_report()}")
