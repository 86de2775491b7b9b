"""A CSV file that grows by a row a file, and goes on where it stopped."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from recognizer.bulk.answer import COLUMNS
from recognizer.errors import SketchpadError


class TableError(SketchpadError):
    """The CSV file is another one; the message says what to do."""


class Table:
    """The rows that were written before, and a way to add one.

    A row is written at once, so a kill leaves at most an unfinished last one, which is cut
    off at the next start. Raises TableError for a file that is no table of readings.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        complete = _complete(path)
        if complete is not None:
            with path.open("r+b") as file:
                file.truncate(complete)
        if not complete:
            path.write_text(_line(COLUMNS), encoding="utf-8", newline="")
        self.done = {row[0] for row in self._rows()}

    def add(self, row: tuple[str, ...]) -> None:
        """Append a row."""
        with self.path.open("ab") as file:
            file.write(_line(row).encode("utf-8", "surrogateescape"))

    def _rows(self) -> Iterator[list[str]]:
        with self.path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            rows = csv.reader(file)
            if tuple(next(rows, ())) != COLUMNS:
                raise TableError(
                    f"{self.path} is no table of readings. Name another file with --csv, "
                    "or delete that one."
                )
            yield from rows


def _line(row: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(row)
    return text.getvalue()


def _complete(path: Path) -> int | None:
    """Bytes up to the end of the last complete row; None where there is no file."""
    if not path.exists():
        return None
    end = at = quotes = 0
    with path.open("rb") as file:
        for line in file:
            at += len(line)
            quotes += line.count(b'"')
            if line.endswith(b"\n") and quotes % 2 == 0:
                end = at
    return end
