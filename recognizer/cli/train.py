"""The command `train`: trains our network, or another recognizer."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from recognizer.cli import add_data_folder, add_folder, given
from recognizer.console import suppress_stderr
from recognizer.files import COMPARISON, SAVED_MODEL

PICTURE_NETWORKS = ("line", "ruling")
"""Those that only pictures are read with."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is trained, with which settings, and where."""
    add_data_folder(parser)
    parser.add_argument(
        "--network",
        choices=("glyph", *PICTURE_NETWORKS),
        default="glyph",
        help="what reads one character (the default), reads a line of a picture, or tells writing "
        "from the rules and boxes around it",
    )
    names = "mlp, recurrent, minimal, dropout, deep, tuned, knn, svm, ensemble or float"
    parser.add_argument(
        "--architecture", default="ours", metavar="NAME", help=f"ours (the default), {names}"
    )
    ours = "one that was interrupted goes on (runs/NAME; runs/digits for ours)"
    add_folder(parser, "--run", f"folder of the run; {ours}", dest="folder")
    add_folder(parser, "--output", "folder for the finished model (the folder of the run)")
    runs = "those of an ensemble (trains three), or the one that float is made of (saved_model)"
    parser.add_argument(
        "--members", nargs="+", type=Path, default=[], metavar="RUN", help=f"finished runs: {runs}"
    )
    parser.add_argument(
        "--prepare", type=Path, metavar="FILE", help="pack all that training needs, and no more"
    )
    parser.add_argument(
        "--prepared", type=Path, metavar="FILE", help="learn from such a file; it needs no data"
    )
    parser.add_argument(
        "--hand",
        nargs="+",
        type=Path,
        default=[],
        dest="hands",
        metavar="FILE",
        help="learn from hands as well, which the window has exported",
    )
    parser.add_argument(
        "--comparison",
        action="store_true",
        help="train the small networks that Inside compares ours with, into saved_model/comparison",
    )
    parser.add_argument(
        "--minutes", type=float, help="stop in time; the same command goes on from there"
    )
    parser.add_argument("--seed", type=int, help="seed of everything random (1)")
    parser.add_argument("--epochs", type=int, help="passes over the data")
    such = "such as dropout=0.5 l2=1e-4 patience=5 data=mnist; a wrong name lists all"
    words: Any = {"nargs": "+", "default": [], "metavar": "NAME=VALUE"}
    parser.add_argument("--set", action="extend", help=f"other settings, {such}", **words)
    parser.add_argument(
        "--tensorboard", action="store_true", help="keep logs for TensorBoard in the run's logs"
    )


def run(options: argparse.Namespace) -> None:
    """Train, and say where the model is, or what is left to do.

    Raises SettingError, DataError, HandError and RunError.
    """
    from recognizer.training import Config, parse

    if options.network in PICTURE_NETWORKS:
        _train_for_pictures(options)
        return
    settings = given(options, "seed", "epochs") | parse(options.set)
    # After that, since TensorFlow takes seconds to start.
    with suppress_stderr():
        from recognizer.training.run import prepare
        from recognizer.training.run import run as train
        from recognizer.training.train import UnfinishedError

    if options.prepare:
        prepare(options.prepare, options.data_dir, settings.get("seed", Config.seed))
        print(f"All that training needs is in {options.prepare}.")
        return
    if options.comparison:
        with suppress_stderr():
            from recognizer.training.comparison import train_all

        runs, output = options.folder or Path("runs/comparison"), options.output or COMPARISON
        more = given(options, "prepared", "minutes")
        train_all(runs, output, options.data_dir, settings, **more)
        print(f"The networks that Inside compares ours with are in {output}.")
        return
    name = options.architecture
    folder = options.folder or Path("runs") / ("digits" if name == "ours" else name)
    more = {
        name: getattr(options, name)
        for name in ("members", "tensorboard", "prepared", "hands", "minutes")
    }
    output = options.output or folder
    try:
        model = train(folder, output, options.data_dir, settings, architecture=name, **more)
    except UnfinishedError as stopped:  # as it was asked to
        print(stopped)
        return
    print(f"The model is in {model}. Draw with it: python main.py --model {model}")


def _train_for_pictures(options: argparse.Namespace) -> None:
    """Train the line network, which begins with what the saved glyph network has learned, or the
    ruling network."""
    from recognizer.training import parse

    with suppress_stderr():
        from recognizer.training.picture_runs import CONFIGS
        from recognizer.training.picture_runs import run as train
        from recognizer.training.train import UnfinishedError

    settings = given(options, "seed", "epochs") | parse(options.set, CONFIGS[options.network])
    folder = options.folder or Path("runs", options.network)
    output = options.output or folder
    more = given(options, "prepared", "minutes")
    try:
        train(options.network, folder, output, options.data_dir, settings, **more)
    except UnfinishedError as stopped:  # as it was asked to
        print(stopped)
        return
    print(f"The {options.network} network is in {output}.")
    if output.resolve() != SAVED_MODEL:
        print("To read with it, give the same command with --output saved_model.")
