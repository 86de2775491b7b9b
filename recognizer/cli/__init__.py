"""The command line: python -m recognizer COMMAND, or digits COMMAND where it is installed.

Each command is a module of this package: `add_options` tells argparse its options, and `run`
does its work, for which it imports what it needs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from recognizer.cli import evaluate, promote, read, release, report, runs, train, tune
from recognizer.errors import SketchpadError
from recognizer.files import install_command

COMMANDS: tuple[tuple[str, str, ModuleType], ...] = (
    ("read", "read the numbers in pictures and InkML files", read),
    ("train", "train our network, or another recognizer", train),
    ("runs", "list the runs with their figures", runs),
    ("promote", "make a run's model the saved one, if as good", promote),
    ("tune", "search for good settings with KerasTuner", tune),
    ("evaluate", "measure how well a model reads, and write the report", evaluate),
    ("report", "open the report in the web browser", report),
    ("release", "make a run's model the saved one, and all figures and pictures anew", release),
)
"""Name, help and module of each command."""


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
        trouble = (
            f"{error.name} is not installed. Training needs everything: "
            f"{install_command('train')}, with a Python that TensorFlow supports (3.11 to 3.13)."
        )
    except OSError as error:
        trouble = f"{error.filename or 'A file'}: {error.strerror}."
    except SketchpadError as error:
        trouble = str(error)
    print(trouble, file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    installed = Path(sys.argv[0]).stem == "digits"
    parser = argparse.ArgumentParser(
        prog="digits" if installed else "python -m recognizer",
        description="Read handwritten digits, and train what reads.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, summary, module in COMMANDS:
        command = commands.add_parser(name, help=summary)
        module.add_options(command)
        command.set_defaults(run=module.run)
    return parser
