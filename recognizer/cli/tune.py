"""The command `tune`: searches for good settings with KerasTuner."""

from __future__ import annotations

import argparse
from pathlib import Path

from recognizer.cli import add_data_folder, add_folder, given
from recognizer.console import suppress_stderr


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is searched, how, how long, and where."""
    add_data_folder(parser)
    parser.add_argument("--trials", type=int, default=15, metavar="N", help="in all (%(default)s)")
    parser.add_argument(
        "--hours", type=float, metavar="H", help="begin no further trial after this time"
    )
    parser.add_argument("--space", help="what to search: simple (the default) or ours")
    parser.add_argument("--method", help="how: hyperband (the default) or random")
    parser.add_argument("--epochs", type=int, help="of the longest trials (8)")
    parser.add_argument("--subset", type=int, metavar="N", help="training images to use (15000)")
    parser.add_argument("--seed", type=int, help="seed of everything random (1)")
    told = "folder of the search; one that was interrupted goes on (%(default)s)"
    add_folder(parser, "--run", told, dest="folder", default=Path("runs/tune"))


def run(options: argparse.Namespace) -> None:
    """Search; what was found is printed and kept. Raises TuneError and DataError."""
    with suppress_stderr():
        from recognizer.training.tuning import tune
        from recognizer.training.tuning.plan import Limits, Plan

    plan = Plan(**given(options, "space", "method", "epochs", "subset", "seed"))
    tune(options.folder, options.data_dir, plan, Limits(options.trials, options.hours))
