"""Writes the README's table of figures from the model's card.

`python -m benchmarks.readme` rewrites the text between the marks; with `--check` it only
tells, by its exit status, whether that text is what the card gives.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import measured, table
from benchmarks.goals import COST, READING
from recognizer.model import card

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"
READING_HEADS = ("how well it reads", "measured", "95 % interval", "minimum", "aim", "")


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the table, or check it; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readme", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    options = parser.parse_args(arguments)
    before = README.read_text(encoding="utf-8")
    after = rewritten(before, passage(card.read(measured.CARD)))
    if before == after:
        return 0
    if options.check:
        print("README.md has other figures than the card. Run: python -m benchmarks.readme")
        return 1
    README.write_text(after, encoding="utf-8")
    return 0


def rewritten(text: str, figures: str) -> str:
    """The README with this between its marks. Raises ValueError if it lacks them."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"README.md must have one {BEGIN} and one {END}")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{figures}\n{END}{rest.split(END)[1]}"


def passage(found: Mapping[str, Any]) -> str:
    """The tables of a card, and where the times were measured."""
    figures = measured.figures(found)
    reading = [row[:-1] for row in table.rows(figures, READING)]
    cost = table.rows(figures, COST)
    parts = []
    if reading:
        parts.append(table.markdown(READING_HEADS, reading))
    if cost:
        parts.append(table.markdown(("what it costs", *table.HEADS[1:]), cost))
        parts.append(f"Costs were measured on {found['benchmarks_on']}.")
    return "\n\n".join(parts) or "No figures yet."


if __name__ == "__main__":
    sys.exit(main())
