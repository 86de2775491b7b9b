"""The command `release`: all that follows a training, in one command.

A run's model becomes the saved one, everything that is told of it is measured, and what shows it
is made anew: its card, the report, the documents' figures, the pictures and the notebook.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from recognizer import files
from recognizer.cli import add_data_folder
from recognizer.errors import SketchpadError


class ReleaseError(SketchpadError):
    """A step failed; the message says which, and the command that goes on from it."""


@dataclass(frozen=True)
class Step:
    """A part of a release: its name, what it does in words, and its command.

    command: as after "python -m". takes_data, takes_prepared: whether it has the option
    --data-dir, and --prepared.
    """

    name: str
    title: str
    command: str
    takes_data: bool = False
    takes_prepared: bool = False


STEPS = (
    Step("promote", "make the run's model the saved one", "recognizer promote", True),
    Step("costs", "measure what it costs", "benchmarks --write-card"),
    Step("strings", "measure how numbers are read", "benchmarks strings --write-card", True),
    Step("evaluate", "measure how well it reads", "recognizer evaluate", True, True),
    Step("readme", "write the documents' figures", "benchmarks.readme"),
    Step("pictures", "make the pictures", "docs.make_pictures"),
    Step("notebook", "run the notebook", "docs.run_notebook", takes_prepared=True),
)
"""In their order. Costs are measured first, on a machine that is still quiet."""
NAMES = [step.name for step in STEPS]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which run, on which data, and where to go on."""
    add_data_folder(parser)
    folder = "folder of the run; without it the saved model is released as it is"
    parser.add_argument("folder", type=Path, nargs="?", metavar="RUN", help=folder)
    prepared = "file that train --prepare wrote, for what is told of all hands"
    parser.add_argument("--prepared", type=Path, metavar="FILE", help=prepared)
    leave_out = f"leave out the steps before this one: {', '.join(NAMES)}"
    parser.add_argument("--from", dest="first", choices=NAMES, metavar="STEP", help=leave_out)
    parser.add_argument("--force", action="store_true", help="promote it even if it reads worse")


def run(options: argparse.Namespace) -> None:
    """Run the steps. Raises ReleaseError for the first that fails, or outside a checkout."""
    if not files.IN_CHECKOUT:
        raise ReleaseError(
            "A release is made in a checkout of the project, and this is an installed package."
        )
    for name in ("folder", "data_dir", "prepared"):  # the steps do not run in this folder
        given = getattr(options, name)
        setattr(options, name, given and given.resolve())
    release(chosen(options), files.SAVED_MODEL.parent, options)
    print("Everything is made anew. Look at it, then commit: git status")


def chosen(options: argparse.Namespace) -> list[Step]:
    """The steps that are to be run: none before --from, and the first for a run only.

    Raises ReleaseError if a run is to be promoted, but not named.
    """
    if options.folder is None and options.first == NAMES[0]:
        raise ReleaseError("Name the run that is to be promoted: python -m recognizer release RUN")
    first = options.first or NAMES[0 if options.folder is not None else 1]
    return list(STEPS[NAMES.index(first) :])


def release(steps: Sequence[Step], root: Path, options: argparse.Namespace) -> None:
    """Run the steps one after the other in the folder `root`, each told before it begins."""
    environment = dict(os.environ)
    if options.data_dir is not None:  # for those that have no option for it
        environment["DIGITS_DATA"] = str(options.data_dir)
    for number, step in enumerate(steps, 1):
        print(f"{number} of {len(steps)}: {step.title} …", flush=True)
        command = [sys.executable, "-m", *step.command.split(), *_options_of(step, options)]
        try:
            subprocess.run(command, cwd=root, env=environment, check=True)
            continue
        except subprocess.CalledProcessError as error:
            trouble = f"with status {error.returncode}"
        except KeyboardInterrupt:
            trouble = "when it was interrupted"
        given = [*_run_of(options), *_data_of(options), *_prepared_of(options)]
        again = ["python", "-m", "recognizer", "release", *given]
        raise ReleaseError(
            f"The step “{step.name}” ended {trouble}. What was made before it stays. "
            f"Go on from there: {shlex.join([*again, '--from', step.name])}"
        )


def _options_of(step: Step, options: argparse.Namespace) -> list[str]:
    """What a step is told of the release's own options."""
    data = _data_of(options) if step.takes_data else []
    data += _prepared_of(options) if step.takes_prepared else []
    return data + (_run_of(options) if step.name == NAMES[0] else [])


def _data_of(options: argparse.Namespace) -> list[str]:
    return [] if options.data_dir is None else ["--data-dir", str(options.data_dir)]


def _prepared_of(options: argparse.Namespace) -> list[str]:
    return [] if options.prepared is None else ["--prepared", str(options.prepared)]


def _run_of(options: argparse.Namespace) -> list[str]:
    run = [] if options.folder is None else [str(options.folder)]
    return [*run, "--force"] if options.force else run
