"""The command `train`: trains our network, or another recognizer."""

from __future__ import annotations

import argparse
from pathlib import Path

from recognizer.console import suppress_stderr


def add_options(parser: argparse.ArgumentParser) -> None:
    """What is trained, with which settings, and where."""
    add_data_folder(parser)
    parser.add_argument(
        "--architecture",
        default="ours",
        metavar="NAME",
        help="ours (the default), mlp, recurrent, minimal, dropout, deep, tuned, knn, svm, "
        "ensemble or int8",
    )
    _add_folders(parser)
    parser.add_argument("--seed", type=int, help="seed of everything random (1)")
    parser.add_argument("--epochs", type=int, help="passes over the data")
    parser.add_argument(
        "--set",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME=VALUE",
        help="other settings, such as dropout=0.5 l2=1e-4 patience=5 data=mnist; a wrong name "
        "lists all",
    )
    parser.add_argument(
        "--tensorboard", action="store_true", help="keep logs for TensorBoard in the run's logs"
    )


def _add_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--run",
        dest="folder",
        type=Path,
        metavar="DIR",
        help="folder of the run; one that was interrupted goes on (runs/NAME; runs/digits for "
        "ours)",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="folder for the finished model (the folder of the run)",
    )
    parser.add_argument(
        "--members",
        nargs="+",
        type=Path,
        default=[],
        metavar="RUN",
        help="finished runs: those of an ensemble (trains three), or the one that int8 "
        "quantizes (saved_model)",
    )


def add_data_folder(parser: argparse.ArgumentParser) -> None:
    """The option that names the data folder, for all commands that need data."""
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="folder with mnist.npz and pendigits-orig.tra (or .gz, .Z); without "
        "it DIGITS_DATA, the cache, or a download",
    )


def run(options: argparse.Namespace) -> None:
    """Train, and say where the model is. Raises SettingError, DataError and RunError."""
    from recognizer.training import parse

    given = {name: getattr(options, name) for name in ("seed", "epochs")}
    settings = {name: value for name, value in given.items() if value is not None}
    settings |= parse(options.set)
    # After that, since TensorFlow takes seconds to start.
    with suppress_stderr():
        from recognizer.training.run import run as train

    name = options.architecture
    folder = options.folder or Path("runs") / ("digits" if name == "ours" else name)
    model = train(
        folder,
        options.output or folder,
        options.data_dir,
        settings,
        architecture=name,
        members=options.members,
        tensorboard=options.tensorboard,
    )
    print(f"The model is in {model}. Draw with it: python main.py --model {model}")
