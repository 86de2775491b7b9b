"""Writes the tables of figures in the documents from the model's card.

`python -m benchmarks.readme` rewrites the text between the marks: the main figures in
README.md, all of them in docs/evaluation.md, those of the server and the cluster in docs/web.md.
With `--check` it only tells, by its exit status, whether that text is what the card gives.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import measured, table
from benchmarks.goals import COST, READING, SERVICE
from recognizer.files import atomic_write
from recognizer.model import card

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
EVALUATION, WEB = ROOT / "docs" / "evaluation.md", ROOT / "docs" / "web.md"
MAIN_FIGURES = (
    *("writers_strokes", "writers_strokes_worst_tenth", "mnist_test_accuracy", "paint_correct"),
    *("writers_sure", "writers_sure_wrong", "writers_others_sure", "writers_letters"),
    *("sums_strokes", "strings_apart_strokes", "strings_touching_strokes", "strings_photo"),
    *(name for name, goal in COST.items() if goal.ratio),
)
"""Those in the README; of the costs, what is compared with the usual Keras way."""
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
READING_HEADS = ("how well it reads", "measured", "95 % interval", "minimum", "aim", "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the tables, or check them; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readme", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    options = parser.parse_args(arguments)
    found = card.read(measured.CARD)
    status = 0
    for document, figures in passages(found).items():
        before = document.read_text(encoding="utf-8")
        after = rewritten(before, figures)
        if before != after and options.check:
            name = document.relative_to(ROOT)
            print(f"{name} has other figures than the card. Run: python -m benchmarks.readme")
            status = 1
        elif before != after:
            atomic_write(document, after.encode("utf-8"))
    return status


def passages(found: Mapping[str, Any]) -> dict[Path, str]:
    """What stands between the marks of each document, by a card."""
    return {
        README: main_passage(found), EVALUATION: passage(found), WEB: service_passage(found)
    }  # fmt: skip


def rewritten(text: str, figures: str) -> str:
    """The document with this between its marks. Raises ValueError if it lacks them."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"the document must have one {BEGIN} and one {END}")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{figures}\n{END}{rest.split(END)[1]}"


def main_passage(found: Mapping[str, Any]) -> str:
    """The tables of the main figures of a card."""
    return passage(found, MAIN_FIGURES)


def passage(found: Mapping[str, Any], names: Collection[str] = (*READING, *COST)) -> str:
    """The tables of a card's figures of these names, and where the times were measured."""
    figures = measured.figures(found)
    goals = [{name: goal for name, goal in of.items() if name in names} for of in (READING, COST)]
    reading = [row[:-1] for row in table.rows(figures, goals[0])]
    cost = table.rows(figures, goals[1])
    parts = []
    if reading:
        parts.append(table.markdown(READING_HEADS, reading))
    if cost:
        parts.append(table.markdown(("what it costs", *table.HEADS[1:]), cost))
        parts.append(f"Costs were measured on {found['benchmarks_on']}.")
    return "\n\n".join(parts) or "No figures yet."


def service_passage(found: Mapping[str, Any]) -> str:
    """The table of the figures of the server and the cluster, and where they were measured."""
    rows = [row[:-1] for row in table.rows(measured.figures(found), SERVICE)]
    if not rows:
        return "No figures yet."
    heads = ("what it serves", *table.HEADS[1:-1])
    return f"{table.markdown(heads, rows)}\n\nMeasured on {found['benchmarks_on']}."


if __name__ == "__main__":
    sys.exit(main())
