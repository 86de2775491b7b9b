"""The command line: python -m recognizer COMMAND."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from recognizer.console import suppress_stderr
from recognizer.errors import SketchpadError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status, 2 for what the user can mend."""
    options = _parser().parse_args(arguments)
    # TensorFlow greets with lines that say nothing to a user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        return int(options.command(options) or 0)
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on from here.", file=sys.stderr)
        return 130
    except ModuleNotFoundError as error:
        print(
            f"{error.name} is not installed. Training needs everything: pip install -r "
            "requirements.txt, with a Python that TensorFlow supports (3.11 to 3.13).",
            file=sys.stderr,
        )
        return 2
    except OSError as error:
        print(f"{error.filename or 'A file'}: {error.strerror}.", file=sys.stderr)
        return 2
    except SketchpadError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recognizer", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    read = commands.add_parser("read", help="read the numbers in pictures and InkML files")
    read.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    read.add_argument("--json", action="store_true", help="print an object a line")
    read.add_argument(
        "--csv", type=Path, metavar="OUT.csv", help="write a table too; what is in it is not read"
    )
    read.add_argument(
        "--annotate", type=Path, metavar="FOLDER", help="write copies with boxes and answers"
    )
    read.add_argument("--model", type=Path, metavar="DIR", help="folder of the model (saved_model)")
    read.add_argument(
        "--processes", type=_positive, metavar="N", help="how many work side by side (all cores)"
    )
    read.set_defaults(command=_read)

    train = commands.add_parser("train", help="train our network, or another recognizer")
    _add_data_folder(train)
    train.add_argument(
        "--architecture",
        default="ours",
        metavar="NAME",
        help="ours (the default), mlp, recurrent, minimal, dropout, deep, tuned, knn, svm, "
        "ensemble or int8",
    )
    train.add_argument(
        "--run",
        type=Path,
        metavar="DIR",
        help="folder of the run; one that was interrupted goes on (runs/NAME; runs/digits for "
        "ours)",
    )
    train.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="folder for the finished model (the folder of the run)",
    )
    train.add_argument("--seed", type=int, help="seed of everything random (1)")
    train.add_argument("--epochs", type=int, help="passes over the data")
    train.add_argument(
        "--set",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME=VALUE",
        help="other settings, such as dropout=0.5 l2=1e-4 patience=5 data=mnist; a wrong name "
        "lists all",
    )
    train.add_argument(
        "--members",
        nargs="+",
        type=Path,
        default=[],
        metavar="RUN",
        help="finished runs: those of an ensemble (trains three), or the one that int8 "
        "quantizes (saved_model)",
    )
    train.add_argument(
        "--tensorboard", action="store_true", help="keep logs for TensorBoard in the run's logs"
    )
    train.set_defaults(command=_train)

    runs = commands.add_parser("runs", help="list the runs with their figures")
    runs.add_argument(
        "folder", type=Path, nargs="?", default=Path("runs"), metavar="DIR", help="(%(default)s)"
    )
    runs.set_defaults(command=_runs)

    promote = commands.add_parser("promote", help="make a run's model the saved one, if as good")
    _add_data_folder(promote)
    promote.add_argument("run", type=Path, metavar="RUN", help="folder of the run")
    promote.add_argument("--force", action="store_true", help="even if it reads worse")
    promote.set_defaults(command=_promote)

    tune = commands.add_parser("tune", help="search for good settings with KerasTuner")
    _add_data_folder(tune)
    tune.add_argument("--trials", type=int, default=15, metavar="N", help="in all (%(default)s)")
    tune.add_argument(
        "--hours", type=float, metavar="H", help="begin no further trial after this time"
    )
    tune.add_argument("--space", help="what to search: simple (the default) or ours")
    tune.add_argument("--method", help="how: hyperband (the default) or random")
    tune.add_argument("--epochs", type=int, help="of the longest trials (8)")
    tune.add_argument("--subset", type=int, metavar="N", help="training images to use (15000)")
    tune.add_argument("--seed", type=int, help="seed of everything random (1)")
    tune.add_argument(
        "--run",
        type=Path,
        default=Path("runs/tune"),
        metavar="DIR",
        help="folder of the search; one that was interrupted goes on (%(default)s)",
    )
    tune.set_defaults(command=_tune)

    evaluate = commands.add_parser(
        "evaluate", help="measure how well a model reads, and write the report"
    )
    _add_data_folder(evaluate)
    evaluate.add_argument(
        "--model", type=Path, metavar="DIR", help="folder of the model (saved_model)"
    )
    evaluate.add_argument(
        "--reports",
        type=Path,
        metavar="DIR",
        help="folder for the reports (reports; for another model, MODEL/reports)",
    )
    evaluate.set_defaults(command=_evaluate)

    report = commands.add_parser("report", help="open the report in the web browser")
    report.set_defaults(command=_report)
    return parser


def _add_data_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="folder with mnist.npz and pendigits-orig.tra (or .gz, .Z); without "
        "it DIGITS_DATA, the cache, or a download",
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _read(options: argparse.Namespace) -> int:
    from recognizer.cli.read import Options, read

    return read(
        Options(
            tuple(options.paths),
            options.json,
            options.csv,
            options.annotate,
            options.model,
            options.processes,
        )
    )


def _train(options: argparse.Namespace) -> None:
    from recognizer.training.config import parse

    given = {name: getattr(options, name) for name in ("seed", "epochs")}
    settings = {name: value for name, value in given.items() if value is not None}
    settings |= parse(options.set)
    # After that, since TensorFlow takes seconds to start.
    with suppress_stderr():
        from recognizer.training import run

    name = options.architecture
    folder = options.run or Path("runs") / ("digits" if name == "ours" else name)
    model = run.run(
        folder,
        options.output or folder,
        options.data_dir,
        settings,
        architecture=name,
        members=options.members,
        tensorboard=options.tensorboard,
    )
    print(f"The model is in {model}. Draw with it: python main.py --model {model}")


def _runs(options: argparse.Namespace) -> None:
    from recognizer.cli.runs import runs_table

    print(runs_table(options.folder))


def _promote(options: argparse.Namespace) -> None:
    with suppress_stderr():
        from recognizer.cli.promote import promote

    found = promote(options.run, options.data_dir, force=options.force)
    print(f"The model of {options.run} is the saved one now: {found}.")
    print("Measure it: python -m recognizer evaluate")


def _tune(options: argparse.Namespace) -> None:
    with suppress_stderr():
        from recognizer.training.tuning import tune
        from recognizer.training.tuning.plan import Limits, Plan

    names = ("space", "method", "epochs", "subset", "seed")
    given = {name: getattr(options, name) for name in names}
    plan = Plan(**{name: value for name, value in given.items() if value is not None})
    tune(options.run, options.data_dir, plan, Limits(options.trials, options.hours))


def _evaluate(options: argparse.Namespace) -> None:
    from recognizer.files import REPORT_FILE, SAVED_MODEL

    with suppress_stderr():
        from recognizer.evaluation.evaluate import evaluate, reports_of

    model = options.model or SAVED_MODEL
    reports = options.reports or reports_of(model)
    figures = evaluate(model, options.data_dir, reports)
    for name, figure in figures.items():
        low_high = figure["interval"]
        interval = f"  ({low_high[0]:.2f} to {low_high[1]:.2f})" if low_high else ""
        of = f"{figure['of']} (n = {figure['n']})"
        print(f"{name:<34} {figure['value']:>8.3f} {figure['unit']:<7}{interval}  {of}")
    print(f"The report is {reports / REPORT_FILE}.")


def _report(options: argparse.Namespace) -> None:
    from recognizer.files import show_report

    print(f"Opened in the web browser: {show_report()}")
