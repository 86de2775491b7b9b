"""Characters that were read, in lines: their text, what is said of it, and its JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from recognizer import strokes
from recognizer.expression import Result
from recognizer.geometry import Box, in_lines
from recognizer.model import PROBABLY, UNSURE_SIGN, Prediction
from recognizer.segmentation.places import LOW_LABELS

WORD_GAP_HEIGHTS = 2.5
"""Characters that are so many heights of the tallest on their line apart are in two words."""
SPECK_SHARE = 0.2
"""A character smaller than this share of the largest on its line is a speck, and never sure."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a number of any length was read as.

    text: the likeliest labels, "2047", its lines joined by newlines, what stands far apart on a
    line by spaces; "" for an empty drawing.
    digits: a Prediction with its `box` for each of them, left to right and line by line.
    confidence: probability that the whole text is right, 0 to 1; 0 for an empty drawing.
    sure: whether every character is sure; False for an empty drawing.
    result: what the text comes to as a sum; None unless the labels asked for are "sums".
    """

    text: str
    digits: tuple[Prediction, ...]
    confidence: float
    sure: bool
    result: Result | None = None

    @property
    def lines(self) -> list[str]:
        """The text of each line, from the top."""
        return self.text.split("\n") if self.text else []

    @property
    def words(self) -> str:
        """What is said of it: "2047" or "12+30 is 42", with ", probably" if not sure; "20?7"."""
        signs = iter(each.sign for each in self.digits)
        shown = "".join(sign if sign in " \n" else next(signs) for sign in self.text)
        if not shown or UNSURE_SIGN in shown:
            return shown
        said = self.result.told(shown) if self.result else shown
        return said if self.sure else said + PROBABLY

    @property
    def value(self) -> int | Decimal | None:
        """What a sum comes to; None if it has no value, and unless "sums" are asked for."""
        return None if self.result is None else self.result.value

    @property
    def correct(self) -> bool | None:
        """Whether the result that the writer of a sum gave is right; None if there is none."""
        return None if self.result is None else self.result.correct

    def as_json(
        self, *, glyphs: bool = False, drawing: Sequence[strokes.Stroke] | None = None
    ) -> dict[str, Any]:
        """For programs: what can be written as an object of JSON.

        glyphs: whether each character tells what the network saw, too. drawing: what was read;
        with it, each character tells which of its strokes it is.
        """
        return {
            "text": self.text,
            "lines": self.lines,
            "words": self.words,
            "confidence": round(self.confidence, 4),
            "sure": self.sure,
            "digits": [each.as_json(glyph=glyphs, drawing=drawing) for each in self.digits],
            **({} if self.result is None else self.result.as_json()),
        }


NOTHING_READ = Reading("", (), 0.0, False)


def reading_of(predictions: Sequence[Prediction]) -> Reading:
    """The reading of characters with their boxes, in any order; what is blank is left out."""
    found = [(each, each.box) for each in predictions if each.label is not None and each.box]
    low = [number for number, (each, _) in enumerate(found) if each.label in LOW_LABELS]
    lines = in_lines([box for _, box in found], low)
    return reading_of_lines([_without_sure_specks([found[n] for n in line]) for line in lines])


def _without_sure_specks(line: Sequence[tuple[Prediction, Box]]) -> list[Prediction]:
    """The characters of a line, none of them sure that is but a speck beside the others.

    A full stop is none.
    """
    largest = max(box.side for _, box in line)
    return [
        replace(each, sure=False, speck=True)
        if box.side < SPECK_SHARE * largest and each.label not in LOW_LABELS
        else each
        for each, box in line
    ]


def _spaced(line: Sequence[Prediction]) -> str:
    """The labels of a line, with a space where there is so much room between two."""
    boxes = [each.box for each in line if each.box]
    room = WORD_GAP_HEIGHTS * max(box.height for box in boxes)
    words, right = line[0].label or "", boxes[0].right
    for each, box in zip(line[1:], boxes[1:], strict=True):
        words += f"{' ' if box.x - right >= room else ''}{each.label}"
        right = max(right, box.right)
    return words


def reading_of_lines(lines: Sequence[Sequence[Prediction]]) -> Reading:
    """The reading of characters in their order, line by line."""
    ordered = tuple(each for line in lines for each in line)
    return Reading(
        text="\n".join(_spaced(line) for line in lines if line),
        digits=ordered,
        confidence=math.prod(each.confidence for each in ordered) if ordered else 0.0,
        sure=bool(ordered) and all(each.sure for each in ordered),
    )
