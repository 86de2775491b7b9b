"""The best fools: drawings that a network misread, with its reasons, kept on this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.files import atomic_write, set_aside
from recognizer.glyph import SIZE_PX
from recognizer.model import Prediction
from recognizer.session import Message, percent
from recognizer.strokes import Stroke, as_extent, as_strokes

MAX_FOOLS = 12
See = Callable[[Any, Any], NDArray[np.float32]]
"""Glyphs (1, 28, 28) and their directions to probabilities (1, labels)."""
_REGIONS = {
    (row, column): f"{down} {right}".strip() if down or right else "middle"
    for row, down in enumerate(("upper", "", "lower"))
    for column, right in enumerate(("left", "", "right"))
}
_THIRD_PX = SIZE_PX // 3
_DECIMALS = 1


@dataclass(frozen=True, eq=False)
class Fool:
    """A drawing that a person calls a digit, and that the network took for another.

    confidence: of the network, 0 to 1. player: the hand that drew it. reasons: sentences.
    strokes: in a writing area of the size `extent`.
    """

    digit: str
    label: str
    confidence: float
    player: str
    reasons: tuple[str, ...]
    strokes: tuple[Stroke, ...]
    extent: tuple[float, float]


class FoolGallery:
    """The best fools in a file, the best first; the file need not exist."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.fools: list[Fool] = []

    def load(self) -> Message | None:
        """Read the file; returns what there is to tell: a damaged one is set aside."""
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            self.fools = [_as_fool(each) for each in content["fools"]]
        except FileNotFoundError:
            self.fools = []
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.fools = []
            return Message(set_aside(self._path, "The gallery of fools"), trouble=True)
        return None

    def add(self, fool: Fool) -> Message:
        """Keep a fool if it is one of the best; returns what there is to tell."""
        trouble = self.load()  # another window may have added some
        found = sorted([*self.fools, fool], key=lambda each: -each.confidence)
        self.fools = found[:MAX_FOOLS]
        if fool not in self.fools:
            return trouble or Message("The gallery has better ones")
        return self._kept(f"Place {self.fools.index(fool) + 1} in the gallery")

    def remove(self, number: int) -> Message:
        """Take a fool out of the gallery."""
        del self.fools[number]
        return self._kept("Taken out of the gallery")

    def _kept(self, told: str) -> Message:
        content = {"fools": [_as_json(each) for each in self.fools]}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(self._path, json.dumps(content, ensure_ascii=False).encode())
        except OSError as error:
            why = f"it cannot be written ({error.strerror or error})"
            return Message(f"{told}, but only until you quit: {why}.", trouble=True)
        return Message(told)


def reasons(seen: Prediction, see: See) -> tuple[str, ...]:
    """Why the network read a drawing so, in sentences.

    Parts of the drawing are covered, one after the other, and it is asked again: what it needs
    for its answer is where the answer changes most. (Zeiler and Fergus 2014, occlusion.)
    see: asks the network.
    """
    likeliest = [(label, share * (1 - seen.other)) for label, share in seen.likeliest(2)]
    shares = [f"{label} ({percent(share)})" for label, share in likeliest]
    told = [f"It weighed {shares[0]} against {shares[1]}."]
    place = seen.labels.index(str(seen.label))
    left: dict[tuple[int, int], NDArray[np.float32]] = {}
    for region in _REGIONS:
        covered = _covered(seen, *region)
        if covered is not None:
            left[region] = see(*covered)[0]
    if left:
        region = min(left, key=lambda each: float(left[each][place]))
        instead = seen.labels[int(left[region].argmax())]
        part = f"Without the {_REGIONS[region]} part it would say {instead}."
        if instead == seen.label:
            part = f"It looks most at the {_REGIONS[region]} part."
        told.append(part)
    return tuple(told)


def _covered(seen: Prediction, row: int, column: int) -> tuple[Any, Any] | None:
    """The glyph and its directions without a ninth of it; None if there is no ink."""
    starts = [round((SIZE_PX - _THIRD_PX) * each / 2) for each in (row, column)]
    rows, columns = (slice(start, start + _THIRD_PX) for start in starts)
    if not seen.glyph[rows, columns].any():
        return None
    glyph = seen.glyph.copy()
    glyph[rows, columns] = 0
    ways = None if seen.directions is None else seen.directions.copy()
    if ways is not None:
        ways[rows, columns] = 0
    return glyph[None], None if ways is None else ways[None]


def _as_json(fool: Fool) -> dict[str, Any]:
    return {
        "digit": fool.digit,
        "label": fool.label,
        "confidence": fool.confidence,
        "player": fool.player,
        "reasons": list(fool.reasons),
        "extent": list(fool.extent),
        "strokes": [
            {"points": np.round(each.points, _DECIMALS).tolist(), "width": each.width}
            for each in fool.strokes
        ],
    }


def _as_fool(found: Mapping[str, Any]) -> Fool:
    """Raises ValueError, KeyError or TypeError for anything else than a fool."""
    strokes = as_strokes(
        Stroke(np.array(s["points"], dtype=float), s["width"]) for s in found["strokes"]
    )
    words = [found[name] for name in ("digit", "label", "player")]
    why, confidence = found["reasons"], float(found["confidence"])
    if not strokes or not 0 <= confidence <= 1 or not isinstance(why, list):
        raise ValueError("this is no fool")
    if not all(isinstance(each, str) for each in (*words, *why)):
        raise ValueError("a fool's words are texts")
    if not all(re.fullmatch(r".", word) for word in words[:2]):
        raise ValueError("a label is one character")
    digit, label, player = words
    return Fool(digit, label, confidence, player, tuple(why), strokes, as_extent(found["extent"]))
