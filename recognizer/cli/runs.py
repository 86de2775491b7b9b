"""The command `runs`: lists the runs in a folder with their figures."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from recognizer.console import in_columns
from recognizer.errors import SketchpadError

HEADINGS = (
    *("run", "architecture", "parameters", "epochs", "validation: MNIST", "pen"),
    *("test: MNIST", "pen", "minutes", "state"),
)
_WORDS = (0, 1, len(HEADINGS) - 1)
"""Columns of words, which begin at the left."""
_UNKNOWN = "–"
_TEST_FIGURES = ("mnist_test_accuracy_exported", "pen_test_accuracy")


class RunsError(SketchpadError):
    """There are no runs to show; the message says where, and what to do."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which folder."""
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path("runs"), metavar="DIR", help="(%(default)s)"
    )


def run(options: argparse.Namespace) -> None:
    """Print the table of the runs. Raises RunsError if there are none."""
    print(runs_table(options.folder))


def runs_table(folder: Path) -> str:
    """The runs in `folder` and below it, one line each, with what is wrong with damaged ones.

    Accuracies are in percent: those of the chosen epoch, or of the last of a run that has not
    finished. Raises RunsError if there are no runs.
    """
    from recognizer.training import CARD_FILE, CONFIG_FILE

    names = (CONFIG_FILE, CARD_FILE)
    found = sorted({file.parent for name in names for file in folder.rglob(name)})
    if not found:
        raise RunsError(f"There are no runs in {folder}. Begin one: python -m recognizer train")
    return in_columns([HEADINGS, *(_line(run, folder) for run in found)], _WORDS)


def _line(run: Path, folder: Path) -> tuple[str, ...]:
    name = str(run.relative_to(folder)) if run != folder else run.name
    try:
        return (name, *_cells(run))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        blank = (_UNKNOWN,) * (len(HEADINGS) - 2)
        return (name, *blank, f"damaged ({type(error).__name__}: {error})")


def _cells(run: Path) -> tuple[str, ...]:
    """What is known of a run, for each heading but the first; other errors than OSError if bad."""
    from recognizer.training import CARD_FILE, CONFIG_FILE, HISTORY_FILE, MODEL_FILE

    card, history = _read(run / CARD_FILE, {}), _read(run / HISTORY_FILE, [])
    settings = _read(run / CONFIG_FILE, {}) or card["configuration"]
    seconds = sum(epoch["seconds"] for epoch in history)
    epochs = sum(settings.get(name, 0) for name in ("epochs", "fine_tuning_epochs"))
    tested = (card.get("figures", {}).get(name) for name in _TEST_FIGURES)
    return (
        settings.get("architecture", "ours"),
        f"{card['parameters']:,}" if card else _UNKNOWN,
        f"{len(history)} of {epochs}" if "epochs" in settings else _UNKNOWN,
        *_validation(card, history),
        *(_UNKNOWN if figure is None else f"{figure['value']:.2f}" for figure in tested),
        f"{card['training_minutes'] if card else seconds / 60:.1f}",
        "finished" if card and (run / MODEL_FILE).is_file() else "interrupted",
    )


def _validation(card: Mapping[str, Any], history: Sequence[Mapping[str, float]]) -> list[str]:
    if "validation" in card:  # by the exported model
        shares = [1 - part["misread"] / part["n"] for part in card["validation"].values()]
    else:
        epoch = card["chosen"]["figures"] if card else history[-1] if history else {}
        names = ("mnist_validation_accuracy", "pen_validation_accuracy")
        shares = [epoch[name] for name in names if epoch]
    return [f"{100 * share:.2f}" for share in shares] or [_UNKNOWN, _UNKNOWN]


def _read(path: Path, without: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else without
