"""Sums and numbers of the validation writers, and how they are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any

from recognizer import Recognizer
from recognizer.console import suppress_stderr
from recognizer.datasets import Drawing, Sample
from recognizer.evaluation.predictions import Figures, accuracy_figure
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

APART, TOUCHING = 0.3, 0.0
"""The gap between the digits of a number, in heights."""
SUMS_PER_WRITER, SUM_SEED = 10, 1


def line_figures(samples: Iterable[Sample], folder: Path) -> Figures:
    """Shares of whole lines that the model in a folder reads right from strokes, for its card.

    samples: of validation writers, without doubtful ones. Sums only if the model knows signs.
    """
    of_sets = _drawings(samples)
    writers = len({each.writer for drawings in of_sets.values() for each in drawings})
    if not writers:
        return {}
    found = {}
    for how, gap in (("apart", APART), ("touching", TOUCHING)):
        of = f"numbers of {NUMBER_LENGTH} digits of {writers} validation writers, {how}, of strokes"
        made = [line for own in of_sets.values() for line in numbers_of_five(own, gap)]
        if made:
            found[f"numbers_{how}_strokes"] = whole_lines_figure(made, folder, "digits", of)
    if SUMS in known_sets(load(folder).labels):
        of = f"sums of 5 to 9 characters of {writers} validation writers, of strokes"
        made = [line for own in of_sets.values() for line in sums(own, SUMS_PER_WRITER, SUM_SEED)]
        read = read_lines(made, folder, SUMS, of)
        whole = sum(text == line.text for line, text in read)
        found["sums_strokes"] = accuracy_figure(whole, len(read), of)
        found["sums_signs_strokes"] = signs_figure(read, f"signs in {of}")
    return found


def _drawings(samples: Iterable[Sample]) -> dict[str, list[Drawing]]:
    """The drawings of each set of which somebody drew digits; writers are numbered."""
    numbers: dict[str, int] = {}
    found: dict[str, list[Drawing]] = defaultdict(list)
    for each in samples:
        if each.strokes and each.writer is not None:
            writer = numbers.setdefault(each.writer, len(numbers))
            found[each.set].append(Drawing(each.strokes, each.label, writer))
    return found


def whole_lines_figure(
    lines: Iterable[WrittenLine], model: Path, labels: str, of: str
) -> dict[str, Any]:
    """The share of the lines that are read right as a whole, as a figure for the card.

    labels: the set that the reader is asked for. of: what the lines are, in words.
    """
    read = read_lines(lines, model, labels, of)
    return accuracy_figure(sum(text == line.text for line, text in read), len(read), of)


def read_lines(
    lines: Iterable[WrittenLine], model: Path, labels: str, of: str
) -> list[tuple[WrittenLine, str]]:
    """The lines and how they are read, see `whole_lines_figure`."""
    given = list(lines)
    read = in_parallel(LineReader(model, labels).read, given, f"reading {of}", chunk=16)
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
