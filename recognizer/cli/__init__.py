"""The command line: python -m recognizer COMMAND, or digits COMMAND where it is installed.

Each command is a module of this package: `add_options` tells argparse its options, and `run`
does its work, for which it imports what it needs. The options that several of them have are here.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from recognizer.errors import SketchpadError
from recognizer.files import install_command

COMMANDS: Mapping[str, str] = {
    "read": "read the numbers in pictures and InkML files",
    "train": "train our network, or another recognizer",
    "runs": "list the runs with their figures",
    "promote": "make a run's model the saved one, if as good",
    "tune": "search for good settings with KerasTuner",
    "serve": "serve the page and the HTTP API",
    "evaluate": "measure how well a model reads, and write the report",
    "report": "open the report in the web browser",
    "release": "make a run's model the saved one, and all figures and pictures anew",
}
"""Help of each command by its name, which is that of its module."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status, 2 for what the user can mend."""
    options = _parser().parse_args(arguments)
    # TensorFlow greets with lines that say nothing to a user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        return int(options.run(options) or 0)
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        trouble = f"{error.name} is not installed. {_remedy(options.extra)}"
    except OSError as error:
        trouble = f"{error.filename or 'A file'}: {error.strerror}."
    except SketchpadError as error:
        trouble = str(error)
    print(trouble, file=sys.stderr)
    return 2


def _remedy(extra: str) -> str:
    """What installs the packages that a command needs."""
    if extra == "web":
        return f"Serving needs: {install_command('web')}"
    return (
        f"Training needs everything: {install_command('train')}, with a Python that TensorFlow "
        "supports (3.11 to 3.13)."
    )


def _parser() -> argparse.ArgumentParser:
    installed = Path(sys.argv[0]).stem == "digits"
    parser = argparse.ArgumentParser(
        prog="digits" if installed else "python -m recognizer",
        description="Read handwritten digits, and train what reads.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    # Imported here, since they use the options below.
    from recognizer.cli import evaluate, promote, read, release, report, runs, serve, train, tune

    modules = (read, train, runs, promote, tune, serve, evaluate, report, release)
    for module, (name, summary) in zip(modules, COMMANDS.items(), strict=True):
        command = commands.add_parser(name, help=summary)
        module.add_options(command)
        command.set_defaults(run=module.run, extra="web" if module is serve else "train")
    return parser


def add_folder(parser: argparse.ArgumentParser, name: str, told: str, **other: Any) -> None:
    """An option that names a folder; told: its line of help."""
    parser.add_argument(name, type=Path, metavar="DIR", help=told, **other)


def add_data_folder(parser: argparse.ArgumentParser) -> None:
    """The option that names the data folder, for all commands that need data."""
    told = "folder with mnist.npz and pendigits-orig.tra (or .gz, .Z)"
    without = "without it DIGITS_DATA, the cache, or a download"
    add_folder(parser, "--data-dir", f"{told}; {without}")


def given(options: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Those of these options that were given."""
    found = {name: getattr(options, name) for name in names}
    return {name: value for name, value in found.items() if value is not None}
