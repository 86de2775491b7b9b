"""What one file was read as, or why it could not be read, and the sentence it is told in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from recognizer import Recognizer
from recognizer.console import printable, quoted
from recognizer.errors import SketchpadError
from recognizer.images import Steps
from recognizer.inkml import read_inkml
from recognizer.model import UNSURE_SIGN
from recognizer.reading import NOTHING_READ, PARTLY_READ_TEXT, Reading

NOTHING_TEXT = "No digits found"
MOST_TOLD = 0.99
"""No reading deserves 100 %."""
INKML_SUFFIX = ".inkml"
DEFAULT_EXTENT = (500.0, 500.0)
"""Width and height of the writing area where an InkML file does not tell it."""


@dataclass(frozen=True)
class FileReading:
    """A file's reading, or None and the reason."""

    path: str
    reading: Reading | None
    error: str | None = None

    def line(self) -> str:
        """For people: the path and what was read."""
        path = quoted(self.path)
        if self.reading is None:
            # Most reasons are sentences that begin with the path.
            reason = (self.error or "").removeprefix(self.path)
            return path + ("" if reason != self.error else ": ") + printable(reason)
        if not self.reading.digits:
            return f"{path}: {NOTHING_TEXT}"
        words = self.reading.words.replace("\n", " / ")
        told = "" if UNSURE_SIGN in words else f" ({min(self.reading.confidence, MOST_TOLD):.0%})"
        note = self.reading.result.note if self.reading.result else None
        part = f", {PARTLY_READ_TEXT}" if self.reading.partial else ""
        return f"{path}: {words}{told}" + (f", but {note}" if note else "") + part

    def json(self) -> str:
        """For programs: an object on one line."""
        reading = self.reading or NOTHING_READ
        return json.dumps({"path": self.path, **reading.as_json(), "error": self.error})

    def row(self) -> TableRow:
        """For tables."""
        if self.reading is None:
            return TableRow(self.path, "", None, None, self.error or "")
        confidence = round(self.reading.confidence, 4)
        return TableRow(self.path, self.reading.text, confidence, self.reading.sure)


@dataclass(frozen=True)
class TableRow:
    """A file in a table; `confidence` and `sure` are None if it could not be read."""

    path: str
    text: str
    confidence: float | None
    sure: bool | None
    error: str = ""


def read_file(recognizer: Recognizer, path: Path, steps: Steps | None = None) -> FileReading:
    """Read the number in a picture or an InkML file; whatever is wrong with it is its error.

    steps: takes the stages of a picture.
    """

    def read() -> Reading:
        if path.is_dir():  # its files would be given in its place if it could be opened
            raise ValueError(f"{path} is a folder that cannot be opened; change its permissions")
        if path.suffix.lower() == INKML_SUFFIX:
            strokes, extent = read_inkml(path)
            return recognizer.read_strokes(strokes, extent or DEFAULT_EXTENT)
        return recognizer.read_image(path, steps)

    return reading_or_reason(str(path), read)


def reading_or_reason(path: str, read: Callable[[], Reading]) -> FileReading:
    """What is read, of whatever has this path; whatever is wrong with it is its error."""
    try:
        reading = read()
    except (ValueError, SketchpadError) as error:
        return FileReading(path, None, str(error))
    except OSError as error:
        return FileReading(path, None, f"{path} cannot be opened: {error.strerror}")
    except MemoryError:
        return FileReading(path, None, f"{path} takes more memory than there is; read it alone")
    except Exception as error:
        # One file that nobody has foreseen must not stop a folder of others.
        reason = f"{path} cannot be read for an unknown reason ({type(error).__name__}: {error})"
        return FileReading(path, None, f"{reason}; please report it with the file")
    return FileReading(path, reading)
