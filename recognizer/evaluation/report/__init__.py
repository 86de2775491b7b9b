"""The evaluation report: a page to read, and the files with its figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from recognizer.evaluation.out_of_distribution import OutOfDistribution
from recognizer.evaluation.predictions import Predictions, classification_text
from recognizer.files import REPORT_FILE, ReportError, atomic_write, install_command
from recognizer.model import card

METRICS_FILE = "metrics.json"

CLASSIFICATION_FILE = "classification_report"

CONFUSION_FILE = "confusion_matrix.png"


def last_metrics(folder: Path) -> dict[str, Any]:
    """What `metrics.json` holds from the last time; nothing if it is not there or damaged."""
    try:
        return dict(json.loads((folder / METRICS_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def write(
    folder: Path,
    content: dict[str, Any],
    sets: Sequence[Predictions],
    kinds: Sequence[OutOfDistribution],
) -> None:
    """Write all reports into `folder`, the figures first.

    content: what `metrics.json` is to hold. Raises ReportError that names the file which could
    not be written; those before it are complete.
    """
    _save_file(folder / METRICS_FILE, card.as_text(content))
    _save_file(folder / f"{CLASSIFICATION_FILE}.txt", _classification(sets))
    per_label = {name: found["per_label"] for name, found in content["sets"].items()}
    _save_file(folder / f"{CLASSIFICATION_FILE}.json", card.as_text(per_label))
    try:
        from recognizer.evaluation.report import charts
        from recognizer.evaluation.report.page import render

        picture = charts.confusion_matrices(content["sets"], content["labels"])
        text = render(content, sets, kinds)
    except ImportError as error:
        raise ReportError(
            f"{REPORT_FILE} was not written, since a part that draws it does not work here "
            f"({error}). The figures are in {folder / METRICS_FILE}. "
            f"Mend it, then evaluate again: {install_command('train')}"
        ) from None
    _save_file(folder / CONFUSION_FILE, picture)
    _save_file(folder / REPORT_FILE, text)


def _classification(sets: Sequence[Predictions]) -> str:
    return "\n".join(f"{a.of} (n = {len(a.truth)})\n\n{classification_text(a)}" for a in sets)


def _save_file(path: Path, content: str | bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as error:
        raise ReportError(
            f"{path} could not be written: {error.strerror}. The model's card has the figures. "
            "Make room there, or name another folder: python -m recognizer evaluate --reports DIR"
        ) from None
