"""What one file was read as, or why it could not be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from recognizer import Recognizer
from recognizer.inkml import read_inkml
from recognizer.reading import Prediction, Reading

INKML = ".inkml"
AREA = (500.0, 500.0)
"""Width and height of the writing area where an InkML file does not tell it."""
COLUMNS = ("path", "text", "confidence", "sure", "error")


@dataclass(frozen=True)
class Answer:
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
        text = self.reading.text.replace("\n", " / ")
        doubt = "" if self.reading.sure else ", not sure"
        return f"{self.path}: {text} ({self.reading.confidence:.0%}{doubt})"

    def json(self) -> str:
        """For programs: an object on one line."""
        reading = self.reading
        return json.dumps(
            {
                "path": self.path,
                "text": reading.text if reading else "",
                "confidence": round(reading.confidence, 4) if reading else 0.0,
                "digits": [_as_object(digit) for digit in reading.digits] if reading else [],
                "error": self.error,
            }
        )

    def row(self) -> tuple[str, ...]:
        """For tables: the values of `COLUMNS`."""
        if self.reading is None:
            return self.path, "", "", "", self.error or ""
        sure = "yes" if self.reading.sure else "no"
        return self.path, self.reading.text, f"{self.reading.confidence:.4f}", sure, ""


def read_file(recognizer: Recognizer, path: Path) -> Answer:
    """Read the number in a picture or an InkML file; whatever is wrong with it is its error."""
    try:
        if path.is_dir():  # its files would be given in its place if it could be opened
            reason = f"{path} is a folder that cannot be opened; change its permissions"
            return Answer(str(path), None, reason)
        if path.suffix.lower() == INKML:
            strokes, extent = read_inkml(path)
            reading = recognizer.read_strokes(strokes, extent or AREA)
        else:
            reading = recognizer.read_image(path)
    except ValueError as error:
        return Answer(str(path), None, str(error))
    except OSError as error:
        return Answer(str(path), None, f"{path} cannot be opened: {error.strerror}")
    return Answer(str(path), reading)


def _as_object(digit: Prediction) -> dict[str, object]:
    return {
        "digit": digit.digit,
        "confidence": round(digit.confidence, 4),
        "probabilities": [round(float(p), 4) for p in digit.probabilities],
        "box": None if digit.box is None else [round(float(side), 1) for side in digit.box],
    }
