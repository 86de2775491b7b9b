"""Sums and numbers of the validation writers, and how they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from recognizer import Recognizer
from recognizer.console import suppress_stderr
from recognizer.datasets import Drawing, Sample
from recognizer.evaluation.predictions import Figures, accuracy_figure, picture_of
from recognizer.ink import Ink, render
from recognizer.labels import SUMS, known_sets
from recognizer.model.card import load
from recognizer.processes import in_parallel
from recognizer.training.made_sums import (
    NUMBER_LENGTH,
    SIGN_SIZES,
    WrittenLine,
    numbers_of_five,
    sums,
)

GAPS = {"apart": 0.3, "touching": 0.0}
"""Between the digits of a number, in heights."""
SUMS_PER_WRITER, SUM_SEED = 10, 1
WAYS = {"strokes": "from strokes", "picture": "from a picture"}
"""How lines are read, in the names of figures and in words."""
MISREAD_SHOWN, SHOWN_HEIGHT_PX = 12, 48
"""Misread pictures that are shown of each kind of line, and how high they are."""


@dataclass(frozen=True, eq=False)
class ReadLines:
    """Lines of one kind, and how they were read in one way.

    kind: in the names of figures, such as "sums"; way: of `WAYS`; of: both in words. read: each
    line with the text that was read.
    """

    kind: str
    way: str
    of: str
    read: list[tuple[WrittenLine, str]]

    @property
    def misread(self) -> list[tuple[WrittenLine, str]]:
        """Those that are not right as a whole."""
        return [(line, text) for line, text in self.read if text != line.text]


def read_validation_lines(samples: Iterable[Sample], folder: Path) -> list[ReadLines]:
    """Numbers and sums of validation writers, read by the model in a folder in all ways.

    samples: of these writers, without doubtful ones. Sums only if the model knows signs.
    """
    of_sets = _drawings(samples).values()
    count = len({each.writer for drawings in of_sets for each in drawings})
    writers, found = f"{count} validation writers", []
    for name, gap in GAPS.items():
        of = f"numbers of {NUMBER_LENGTH} digits of {writers}, {name}"
        made = [line for own in of_sets for line in numbers_of_five(own, gap)]
        found.append((f"numbers_{name}", "digits", of, made))
    if SUMS in known_sets(load(folder).labels):
        of = f"sums of 5 to 9 characters of {writers}"
        made = [line for own in of_sets for line in sums(own, SUMS_PER_WRITER, SUM_SEED)]
        found.append(("sums", SUMS, of, made))
    return [
        ReadLines(kind, way, f"{of}, {words}", read_lines(made, folder, labels, of, way))
        for kind, labels, of, made in found
        if made
        for way, words in WAYS.items()
    ]


def line_figures(found: Iterable[ReadLines]) -> Figures:
    """Shares of whole lines that are right, and of the signs in sums from strokes, for the card."""
    figures = {}
    for each in found:
        right = len(each.read) - len(each.misread)
        figures[f"{each.kind}_{each.way}"] = accuracy_figure(right, len(each.read), each.of)
        if (each.kind, each.way) == ("sums", "strokes"):
            figures["sums_signs_strokes"] = signs_figure(each.read, f"signs in {each.of}")
    return figures


def misread_pictures(found: Iterable[ReadLines]) -> list[dict[str, Any]]:
    """Some lines of each kind that are misread from a picture: the picture, truth, and answer."""
    kinds = {each.of: each.misread for each in found if each.way == "picture"}
    return [
        {
            "of": of,
            "misread": len(misread),
            "shown": [
                {"truth": line.text, "read": text, "picture": picture_of(_small(line))}
                for line, text in misread[:: -(-len(misread) // MISREAD_SHOWN)]
            ],
        }
        for of, misread in kinds.items()
        if misread
    ]


def _small(line: WrittenLine) -> Ink:
    width, height = line.size
    size = round(width * SHOWN_HEIGHT_PX / height), SHOWN_HEIGHT_PX
    ink = render(line.strokes, line.size)
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)


def _drawings(samples: Iterable[Sample]) -> dict[str, list[Drawing]]:
    """The drawings of each set of which somebody drew digits; writers are numbered."""
    numbers: dict[str, int] = {}
    found: dict[str, list[Drawing]] = defaultdict(list)
    for each in samples:
        if each.strokes and each.writer is not None:
            writer = numbers.setdefault(each.writer, len(numbers))
            found[each.set].append(Drawing(each.strokes, each.label, writer))
    return found


def read_lines(
    lines: Iterable[WrittenLine], model: Path, labels: str, of: str, way: str
) -> list[tuple[WrittenLine, str]]:
    """The lines, and what a model reads in them in one of `WAYS`.

    labels: the set that the reader is asked for. of: what the lines are, in words.
    """
    given, reader = list(lines), LineReader(model, labels)
    work = {"strokes": reader.read, "picture": reader.read_picture}[way]
    read = in_parallel(work, given, f"reading {of}, {WAYS[way]}", chunk=16)
    return list(zip(given, read, strict=True))


def signs_figure(read: Iterable[tuple[WrittenLine, str]], of: str) -> dict[str, Any]:
    """The share of the signs in lines that are read, in their order, as a figure for the card."""
    right = n = 0
    for line, text in read:
        matcher = SequenceMatcher(None, line.text, text, autojunk=False)
        found = "".join(line.text[m.a : m.a + m.size] for m in matcher.get_matching_blocks())
        right += sum(label in SIGN_SIZES for label in found)
        n += sum(label in SIGN_SIZES for label in line.text)
    return accuracy_figure(right, n, of)


class LineReader:
    """Reads lines one after the other, in any process."""

    def __init__(self, model: Path, labels: str) -> None:
        self._model, self._labels = model, labels

    @cached_property
    def _recognizer(self) -> Recognizer:
        with suppress_stderr():
            return Recognizer(self._model, labels=self._labels)

    def read(self, line: WrittenLine) -> str:
        """What is read from the line's strokes."""
        return self._recognizer.read_strokes(line.strokes, line.size).text

    def read_picture(self, line: WrittenLine) -> str:
        """What is read from a picture of the line, dark on light."""
        return self._recognizer.read_image(255 - render(line.strokes, line.size)).text
