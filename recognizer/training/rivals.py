"""The other recognizers beside ours: what was claimed of each, and what was measured."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from recognizer import Recognizer
from recognizer.reading import CARD_FILE, MODEL_FILE
from recognizer.training import card, figures, metrics
from recognizer.training.answers import Answers
from recognizer.training.architectures import ARCHITECTURES
from recognizer.training.figures import Figures
from recognizer.training.robustness import in_parallel

CALLS = 300
"""Calls with one glyph whose median is the time a digit takes."""
SHOWN = (
    "mnist_test_accuracy_exported",
    "pen_validation_accuracy",
    "pen_test_accuracy",
    "paint_correct",
)
"""The figures of a card that are compared."""
ORDER = [architecture.name for architecture in ARCHITECTURES]


def rows(
    folders: Iterable[Path],
    measured: Mapping[Path, Figures],
    sets: Sequence[Answers],
    before: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """A row for every folder that holds a model, and the rows of `before` whose folder is gone.

    measured: the figures of folders that were measured just now; the others' are those of their
    cards or of `before`, or are measured on the glyphs of `sets` if neither has them.
    """
    there = [f for f in folders if (f / MODEL_FILE).is_file() and (f / CARD_FILE).is_file()]
    known = {folder: _known(folder, sets, before) for folder in there} | dict(measured)
    unknown = [folder for folder in there if not known[folder]]
    if unknown:
        known |= zip(
            unknown, in_parallel(partial(_measure, sets), unknown, "comparing"), strict=True
        )
    found = [_row(folder, known[folder]) for folder in there]
    names = {row["name"] for row in found}
    return sorted([*found, *(dict(row) for row in before if row["name"] not in names)], key=_place)


def _known(folder: Path, sets: Sequence[Answers], before: Sequence[Mapping[str, Any]]) -> Figures:
    """The figures that the card has, or that were measured of the same file before."""
    found = card.read(folder / CARD_FILE).get("figures")
    if found:
        return dict(found)
    same = (row["figures"] for row in before if row["sha256"] == _hash(folder))
    return next((dict(row) for row in same if all(_name(a) in row for a in sets)), {})


def _place(row: Mapping[str, Any]) -> int:
    """Place of a row in the table; what is unknown goes last."""
    name = row["architecture"]
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _row(folder: Path, found: Figures) -> dict[str, Any]:
    recognizer = Recognizer(folder)
    content = recognizer.card
    return {
        "name": folder.name,
        "architecture": content.get("configuration", {}).get("architecture", ORDER[0]),
        "title": str(content.get("name", "")).removeprefix("Digit Sketchpad, "),
        "claim": _claim(content, found),
        "figures": {name: found[name] for name in SHOWN if name in found},
        "parameters": content.get("parameters"),
        "training_minutes": content.get("training_minutes"),
        "milliseconds": milliseconds(recognizer),
        "bytes": (folder / MODEL_FILE).stat().st_size,
        "sha256": _hash(folder),
        "remark": content.get("remark", ""),
        "date": date.today().isoformat(),
    }


def _claim(content: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the source claims in percent, and the same as measured here, with its interval."""
    claim = content.get("claim")
    if claim is None or "measured" in claim:
        return claim
    measured = found.get("mnist_test_accuracy_exported", {"value": None, "interval": None})
    return {**claim, "measured": measured["value"], "interval": measured["interval"]}


def _measure(sets: Sequence[Answers], folder: Path) -> Figures:
    recognizer = Recognizer(folder)
    return {
        _name(a): figures.accuracy(
            metrics.top(recognizer.predict_proba(a.glyphs), a.labels, 1), len(a.labels), a.of
        )
        for a in sets
    }


def _name(answers: Answers) -> str:
    """Name of the figure that is compared."""
    return f"{answers.name}_accuracy" + ("_exported" if answers.name == "mnist_test" else "")


def _hash(folder: Path) -> str:
    return hashlib.sha256((folder / MODEL_FILE).read_bytes()).hexdigest()


def milliseconds(recognizer: Recognizer) -> float:
    """Time of `predict_proba` with one glyph, on one thread: the median of many calls."""
    glyphs = np.zeros((1, 28, 28), dtype=np.uint8)
    recognizer.predict_proba(glyphs)
    times = []
    for _ in range(CALLS):
        started = time.perf_counter()
        recognizer.predict_proba(glyphs)
        times.append(time.perf_counter() - started)
    return 1000 * float(np.median(times))
