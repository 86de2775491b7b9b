"""The command that reads files, and the rows of the table that it writes."""

from __future__ import annotations

import csv
from pathlib import Path

from recognizer.cli import main


def read(*arguments: object) -> int:
    return main(["read", *map(str, arguments)])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
