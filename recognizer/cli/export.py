"""The command `export`: writes what the screen Inside shows of a model."""

from __future__ import annotations

import argparse
from pathlib import Path

from recognizer.cli import add_data_folder
from recognizer.console import suppress_stderr
from recognizer.files import SAVED_MODEL


def add_options(parser: argparse.ArgumentParser) -> None:
    """Of which model, and from which data."""
    add_data_folder(parser)
    folder = "folder of the model (saved_model)"
    parser.add_argument(
        "folder", type=Path, nargs="?", default=SAVED_MODEL, metavar="DIR", help=folder
    )
    parser.add_argument(
        "--prepared",
        type=Path,
        metavar="FILE",
        help="what `train --prepare` packed; it needs no data",
    )


def run(options: argparse.Namespace) -> None:
    """Write the files. Raises ModelError, DataError and InsideError."""
    with suppress_stderr():
        from recognizer.training import Config, inside_export
        from recognizer.training.run import collected

    collection = collected(options.prepared, options.data_dir, Config.seed)
    inside_export.write(options.folder, collection)
    print(f"Inside shows the stages of {options.folder} now, and drawings that it learned from.")
