"""What one file was read as, or why it could not be read, and the table of all files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recognizer import Recognizer
from recognizer.errors import SketchpadError
from recognizer.inkml import read_inkml
from recognizer.model import UNSURE_SIGN
from recognizer.reading import NOTHING_READ, Reading

INKML_SUFFIX = ".inkml"
DEFAULT_EXTENT = (500.0, 500.0)
"""Width and height of the writing area where an InkML file does not tell it."""
TABLE_COLUMNS = ("path", "text", "confidence", "sure", "error")


@dataclass(frozen=True)
class FileReading:
    """A file's reading, or None and the reason."""

    path: str
    reading: Reading | None
    error: str | None = None

    def line(self) -> str:
        """For people: the path and what was read."""
        if self.reading is None:
            return f"{self.path}: {self.error}"
        if not self.reading.digits:
            return f"{self.path}: nothing written"
        words = self.reading.words.replace("\n", " / ")
        told = "" if UNSURE_SIGN in words else f" ({self.reading.confidence:.0%})"
        note = self.reading.result.note if self.reading.result else None
        return f"{self.path}: {words}{told}" + (f", but {note}" if note else "")

    def json(self) -> str:
        """For programs: an object on one line."""
        reading = self.reading or NOTHING_READ
        return json.dumps({"path": self.path, **reading.as_json(), "error": self.error})

    def row(self) -> tuple[str, ...]:
        """For tables: the values of `TABLE_COLUMNS`."""
        if self.reading is None:
            return self.path, "", "", "", self.error or ""
        sure = "yes" if self.reading.sure else "no"
        return self.path, self.reading.text, f"{self.reading.confidence:.4f}", sure, ""


def read_file(recognizer: Recognizer, path: Path) -> FileReading:
    """Read the number in a picture or an InkML file; whatever is wrong with it is its error."""
    try:
        if path.is_dir():  # its files would be given in its place if it could be opened
            reason = f"{path} is a folder that cannot be opened; change its permissions"
            return FileReading(str(path), None, reason)
        if path.suffix.lower() == INKML_SUFFIX:
            strokes, extent = read_inkml(path)
            reading = recognizer.read_strokes(strokes, extent or DEFAULT_EXTENT)
        else:
            reading = recognizer.read_image(path)
    except ValueError as error:
        return FileReading(str(path), None, str(error))
    except OSError as error:
        return FileReading(str(path), None, f"{path} cannot be opened: {error.strerror}")
    return FileReading(str(path), reading)


class TableError(SketchpadError):
    """The CSV file is another one; the message says what to do."""


class ReadingsTable:
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
            path.write_text(_line(TABLE_COLUMNS), encoding="utf-8", newline="")
        self.done = {row[0] for row in self._rows()}

    def add(self, row: tuple[str, ...]) -> None:
        """Append a row."""
        with self.path.open("ab") as file:
            file.write(_line(row).encode("utf-8", "surrogateescape"))

    def _rows(self) -> Iterator[list[str]]:
        with self.path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
            rows = csv.reader(file)
            if tuple(next(rows, ())) != TABLE_COLUMNS:
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
