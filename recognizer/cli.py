"""The command line: python -m recognizer COMMAND."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from recognizer.errors import SketchpadError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status, 2 for what the user can mend."""
    options = _parser().parse_args(arguments)
    # TensorFlow greets with lines that say nothing to a user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        options.command(options)
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
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recognizer", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = commands.add_parser("train", help="train the network on MNIST and pen strokes")
    _add_data_folder(train)
    train.add_argument(
        "--run",
        type=Path,
        default=Path("runs/digits"),
        metavar="DIR",
        help="folder of the run; one that was interrupted goes on (%(default)s)",
    )
    train.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="folder for the finished model (the folder of the run)",
    )
    train.add_argument("--seed", type=int, help="seed of everything random (1)")
    train.add_argument("--epochs", type=int, help="passes over the data")
    train.set_defaults(command=_train)

    evaluate = commands.add_parser("evaluate", help="measure how well a model reads")
    _add_data_folder(evaluate)
    evaluate.add_argument(
        "--model", type=Path, metavar="DIR", help="folder of the model (saved_model)"
    )
    evaluate.set_defaults(command=_evaluate)
    return parser


def _add_data_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="folder with mnist.npz and pendigits-orig.tra (or .gz, .Z); without "
        "it DIGITS_DATA, the cache, or a download",
    )


def _train(options: argparse.Namespace) -> None:
    from recognizer.training import run

    given = {name: getattr(options, name) for name in ("seed", "epochs")}
    settings = {name: value for name, value in given.items() if value is not None}
    folder = run.run(options.run, options.output or options.run, options.data_dir, settings)
    print(f"The model is in {folder}. Draw with it: python main.py --model {folder}")


def _evaluate(options: argparse.Namespace) -> None:
    from recognizer.reading import SAVED_MODEL
    from recognizer.training.evaluate import evaluate

    figures = evaluate(options.model or SAVED_MODEL, options.data_dir)
    for name, figure in figures.items():
        low_high = figure["interval"]
        interval = f"  ({low_high[0]:.2f} to {low_high[1]:.2f})" if low_high else ""
        of = f"{figure['of']} (n = {figure['n']})"
        print(f"{name:<34} {figure['value']:>8.3f} {figure['unit']:<7}{interval}  {of}")
