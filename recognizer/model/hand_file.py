"""Hands in files: what was learned from one person, or from each of a class, as JSON.

A file holds drawings and their labels, not what a network makes of them, so that every network
can learn from it.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from recognizer.console import quoted
from recognizer.errors import SketchpadError
from recognizer.files import as_path, atomic_write
from recognizer.glyph import SIZE_PX, Glyph
from recognizer.model.learned import LearnedDrawing, LearnedHand
from recognizer.strokes import Stroke, as_extent, as_strokes

HAND_SUFFIX = ".hand"
MAX_FILE_BYTES = 50_000_000
MAX_NAME_LETTERS = 40
HAND_FORMAT: Final = "digit-sketchpad hands"
HAND_VERSION: Final = 1
_PIXELS = SIZE_PX * SIZE_PX


class HandError(SketchpadError, ValueError):
    """What was learned cannot be read; the message names the file and says what to do."""


def write_hands(path: str | Path, hands: Sequence[LearnedHand]) -> None:
    """Write hands to one file, whole or not at all. Raises OSError, ValueError for no path."""
    atomic_write(as_path(path, "a hand's file"), as_json(hands).encode("utf-8"))


def as_json(hands: Sequence[LearnedHand]) -> str:
    """The text of a file, a line for each drawing."""
    told = [
        f'{{"name": {json.dumps(hand.name, ensure_ascii=False)}, "drawings": [\n'
        + ",\n".join(json.dumps(_as_object(each), ensure_ascii=False) for each in hand.drawings)
        + "\n]}"
        for hand in hands
    ]
    head = f'{{"format": "{HAND_FORMAT}", "version": {HAND_VERSION}, "hands": [\n'
    return head + ",\n".join(told) + "\n]}\n"


def read_hands(path: str | Path) -> list[LearnedHand]:
    """The hands in a file, one at least.

    Raises HandError that names the file if it is missing, damaged or of another kind.
    """
    path = as_path(path, "a hand's file")
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise HandError(
                f"{quoted(path)} is too large to be a hand. Choose a file {HAND_SUFFIX}."
            )
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise HandError(f"The hand {quoted(path)} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise HandError(f"{quoted(path)} is no hand. Choose a file {HAND_SUFFIX}.") from None
    try:
        return hands_of(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise HandError(
            f"The hand {quoted(path)} is damaged, or no hand ({error}). Export it again, or choose "
            "another."
        ) from None


def hands_of(found: Any) -> list[LearnedHand]:
    """The hands in what the text of a file is in JSON, one at least.

    Raises HandError that says what is wrong with it.
    """
    try:
        return _hands(found)
    except KeyError as error:
        raise HandError(f"it lacks {error}") from None
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise HandError(str(error)) from None


def _as_object(drawing: LearnedDrawing) -> dict[str, Any]:
    if drawing.picture is not None:
        packed = base64.b64encode(zlib.compress(drawing.picture.tobytes(), 9))
        return {"label": drawing.label, "picture": packed.decode("ascii")}
    lines = [stroke.points.round().astype(int).reshape(-1).tolist() for stroke in drawing.strokes]
    extent = [round(side) for side in drawing.extent]
    found = {"label": drawing.label, "extent": extent, "pen": drawing.strokes[0].width}
    return found | {"strokes": lines}


def _hands(found: Any) -> list[LearnedHand]:
    if found["format"] != HAND_FORMAT:
        raise ValueError("it is another file")
    if found["version"] != HAND_VERSION:
        raise ValueError("it was written by a newer program; install that one")
    hands = [_hand(each) for each in found["hands"]]
    if not hands:
        raise ValueError("it holds none")
    return hands


def _hand(found: Any) -> LearnedHand:
    name = as_name(found["name"])
    return LearnedHand(name).with_drawings(_drawings(found["drawings"]))


def as_name(found: object) -> str:
    """The name of a hand. Raises ValueError unless it is a line of text."""
    name = found.strip() if isinstance(found, str) else ""
    if not name or len(name) > MAX_NAME_LETTERS or not name.isprintable():
        raise ValueError(f"a hand has a name of 1 to {MAX_NAME_LETTERS} letters")
    return name


def _drawings(found: Iterable[Any]) -> list[LearnedDrawing]:
    return [_drawing(each) for each in found]


def _drawing(found: Any) -> LearnedDrawing:
    label = found["label"]
    if not isinstance(label, str) or len(label) != 1:
        raise ValueError(f"{label!r:.20} is no character")
    if "picture" in found:
        return LearnedDrawing(label, picture=_picture(found["picture"]))
    lines = [np.asarray(line, dtype=np.float64).reshape(-1, 2) for line in found["strokes"]]
    pen = found.get("pen")
    strokes = as_strokes(Stroke(np.round(line), pen) for line in lines)
    if not strokes:
        raise ValueError("a drawing has no strokes")
    return LearnedDrawing(label, strokes, as_extent(found["extent"]))


def _picture(found: Any) -> Glyph:
    try:
        unpacked = zlib.decompressobj().decompress(base64.b64decode(found, validate=True), _PIXELS)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(f"a picture is damaged: {error}") from None
    picture = np.frombuffer(unpacked, dtype=np.uint8)
    if picture.size != _PIXELS or not picture.any():
        raise ValueError("a picture is damaged")
    return picture.reshape(SIZE_PX, SIZE_PX)
