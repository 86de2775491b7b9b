"""The command `promote`: a run's model becomes the saved one, if it reads at least as well."""

from __future__ import annotations

import argparse
from pathlib import Path

from recognizer.cli import add_data_folder


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which run, on which data, and whether it must."""
    add_data_folder(parser)
    parser.add_argument("folder", type=Path, metavar="RUN", help="folder of the run")
    parser.add_argument("--force", action="store_true", help="even if it reads worse")


def run(options: argparse.Namespace) -> None:
    """Promote the run, and say what was compared. Raises PromoteError and DataError."""
    from recognizer.evaluation import promote

    found = promote(options.folder, options.data_dir, force=options.force)
    print(f"The model of {options.folder} is the saved one now: {found}.")
    print("Measure it: python -m recognizer evaluate")
