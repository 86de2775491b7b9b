"""The command line: python -m recognizer COMMAND, or digits COMMAND where it is installed.

Each command is a module of this package: `add_options` tells argparse its options, and `run`
does its work, for which it imports what it needs. The options that several of them have are here.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from recognizer.console import open_streams, printable, quoted
from recognizer.errors import SketchpadError
from recognizer.files import install_command

COMMANDS: Mapping[str, str] = {
    "read": "read the numbers in pictures and InkML files",
    "train": "train our network, or another recognizer",
    "runs": "list the runs with their figures",
    "promote": "make a run's model the saved one, if as good",
    "tune": "search for good settings with KerasTuner",
    "serve": "serve the page and the HTTP API",
    "export": "write a network as SavedModel, ONNX or LiteRT, or what Inside shows of it",
    "evaluate": "measure how well a model reads, and write the report",
    "report": "open the report in the web browser",
    "release": "make a run's model the saved one, and all figures and pictures anew",
}
"""Help of each command by its name, which is that of its module."""

_NEEDING = {
    "web": "Serving",
    "cluster": "Reading with Ray",
    "export": "Exporting",
}
"""What needs an extra, for the message that tells its lack."""

SIGPIPE_STATUS = 141
"""The exit status of what ends because nobody reads its output any more."""


class _Parser(argparse.ArgumentParser):
    """Prints escapes for what a wrong option may hold besides letters."""

    def error(self, message: str) -> NoReturn:
        """Print the message and end with status 2."""
        super().error(printable(message))


class _TerminatedError(KeyboardInterrupt):
    """The system has asked this process to end, which it does as by Ctrl+C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status, 2 for what the user can mend."""
    open_streams()
    options = _parser().parse_args(arguments)
    # TensorFlow greets with lines that say nothing to a user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _ended_by_sigterm():
            status = int(options.run(options) or 0)
            sys.stdout.flush()
        return status
    except KeyboardInterrupt as error:
        _say("\nInterrupted. The same command goes on from here.")
        return 143 if isinstance(error, _TerminatedError) else 130
    except BrokenPipeError:
        _close_output()
        return SIGPIPE_STATUS
    except ModuleNotFoundError as error:
        trouble = f"{error.name} is not installed. {_remedy(options.extra)}"
    except OSError as error:
        if error.filename is None:
            _close_output()
        trouble = f"{quoted(error.filename or 'The output')}: {error.strerror}."
    except SketchpadError as error:
        trouble = str(error)
    _say(trouble)
    return 2


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """While this lasts, SIGTERM does what Ctrl+C does, so that nothing is left half done."""

    def terminate(*_: object) -> None:
        raise _TerminatedError

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(trouble: str) -> None:
    """Print lines for people, with escapes for what names of files may hold besides letters."""
    with contextlib.suppress(OSError):
        print("\n".join(map(printable, trouble.split("\n"))), file=sys.stderr)


def _close_output() -> None:
    """Let what could not be printed go, which Python would print at its end else."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _remedy(extra: str) -> str:
    """What installs the packages that a command needs."""
    if extra in _NEEDING:
        return f"{_NEEDING[extra]} needs: {install_command(extra)}"
    return (
        f"Training needs everything: {install_command('train')}, with a Python that TensorFlow "
        "supports (3.11 to 3.13)."
    )


def _parser() -> argparse.ArgumentParser:
    installed = Path(sys.argv[0]).stem == "digits"
    parser = _Parser(
        prog="digits" if installed else "python -m recognizer",
        description="Read handwritten digits, and train what reads.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    # Imported here, since they use the options below.
    from recognizer.cli import (
        evaluate,
        export,
        promote,
        read,
        release,
        report,
        runs,
        serve,
        train,
        tune,
    )

    modules = (read, train, runs, promote, tune, serve, export, evaluate, report, release)
    extras = {read: "cluster", serve: "web", export: "export"}
    for module, (name, summary) in zip(modules, COMMANDS.items(), strict=True):
        command = commands.add_parser(name, help=summary)
        module.add_options(command)
        command.set_defaults(run=module.run, extra=extras.get(module, "train"))
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
