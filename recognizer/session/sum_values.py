"""What a session says to sums: the value beside "=", and whether a written result is right."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from recognizer.expression import Result, result_of
from recognizer.model import UNSURE_SIGN
from recognizer.reading import Reading

SHOWN_PLACES = 4
"""So many decimal places of a value are shown at most."""


@dataclass(frozen=True)
class LineAnswer:
    """What is said to a line of a sum.

    first, last: numbers of its first and last character. value: in words; "" where there is none
    to show. right: whether the written result or comparison is; None if there is none.
    """

    first: int
    last: int
    value: str
    right: bool | None


def line_answers(reading: Reading) -> list[LineAnswer]:
    """What there is to say to each line of a reading of sums; nothing to others.

    A line with a character that is not even probable gets no answer.
    """
    if reading.result is None:
        return []
    answers = []
    for numbers, line in zip(reading.line_numbers, reading.lines, strict=True):
        signs = [reading.digits[number].sign for number in numbers]
        said = None if UNSURE_SIGN in signs else _said(line, result_of(line))
        if said:
            answers.append(LineAnswer(numbers[0], numbers[-1], *said))
    return answers


def _said(line: str, result: Result) -> tuple[str, bool | None] | None:
    if result.correct is not None:
        value = "" if result.correct or result.value is None else _shown(result.value)
        return value, result.correct
    if line.endswith("=") and result.value is not None:
        return _shown(result.value), None
    return None


def _shown(value: int | Decimal) -> str:
    """A value as a person would write it beside the sign."""
    if isinstance(value, int):
        return str(value).replace("-", "−")
    short = round(value, SHOWN_PLACES)
    text = format(short.normalize(), "f").replace("-", "−")
    return text if short == value else f"≈{text}"
