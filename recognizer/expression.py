"""The value of a line of digits and signs: "12+30=" is 42, and "2×3=7" is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from string import digits
from typing import Any

PLUS, MINUS, TIMES, DIVIDED = "+", "−-", "×·*xX", "÷/:"
"""The signs that people write for each operation."""
POINTS = ".,"
COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": lambda left, right: left == right,
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
}
MAX_SIGNS, MAX_DEPTH = 500, 50
"""Longer lines and deeper brackets have no value."""
MAX_JSON_FRACTION = 2**53
"""Programs that read JSON know no fractions of larger numbers."""
DECIMAL_PLACES = 12
"""Of a value that does not end, such as a third, so many digits are given."""


class ExpressionError(ValueError):
    """A line has no value; the message says why, in words."""


class DivisionByZeroError(ExpressionError):
    """A line would have a value, but it divides by zero."""


@dataclass(frozen=True)
class Result:
    """What a line comes to.

    value: of what stands before "=", or of the whole line; None where only two sides are
    compared, as in "2<3". correct: whether the writer's own result, or the comparison, is right;
    None if there is none. note: why a line has no value, "it divides by zero"; None if it has one.
    """

    value: int | Decimal | None
    correct: bool | None = None
    note: str | None = None

    def told(self, line: str) -> str:
        """The line with what it comes to, "12+30 is 42" or "2×3=7 is wrong", if it is a sum."""
        if self.correct is not None:
            return f"{line} is {'right' if self.correct else 'wrong'}"
        counted = line.rstrip("=")
        if self.value is None or not counted.strip(digits + POINTS):
            return line
        return f"{counted} is {format(self.value, 'd' if isinstance(self.value, int) else 'f')}"

    def as_json(self) -> dict[str, Any]:
        """For programs: what can be written as an object of JSON."""
        value = _number(self.value) if isinstance(self.value, Decimal) else self.value
        return {"value": value, "correct": self.correct, "note": self.note}


def _number(value: Decimal) -> int | float:
    return float(value) if abs(value) < MAX_JSON_FRACTION else int(value)


def result_of(text: str) -> Result:
    """What a text comes to, or the note that says why it has no value."""
    if "\n" in text:
        return Result(None, note="it has more than one line")
    try:
        return evaluate(text)
    except ExpressionError as error:
        return Result(None, note=str(error))


def is_begun(text: str) -> bool:
    """Whether a text is a line that has a value or gets one if more is written, as "2×(3+" may."""
    brackets = ")" * (text.count("(") - text.count(")"))
    return any(_has_value(text + end + brackets) for end in ("", "1"))


def is_usual(text: str) -> bool:
    """Whether a text is begun as people write it: what ends with "=" has something to work out."""
    numbers_alone = text.endswith("=") and not text.strip(digits + POINTS + "=")
    return is_begun(text) and not numbers_alone


def _has_value(line: str) -> bool:
    try:
        return evaluate(line) is not None
    except DivisionByZeroError:
        return True
    except ExpressionError:
        return False


def evaluate(line: str) -> Result:
    """The value of a line.

    line: digits, + − × · * x ÷ / : ( ) %, comma or full stop as decimal sign, and at most one of
    = < >. Spaces mean nothing. Raises ExpressionError if it is not one, or divides by zero.
    """
    text = "".join(line.split())
    if len(text) > MAX_SIGNS:
        raise ExpressionError(f"it is longer than {MAX_SIGNS} signs")
    signs = [sign for sign in text if sign in COMPARISONS]
    if len(signs) > 1:
        raise ExpressionError(f"it has {len(signs)} of the signs = < >, where one can stand")
    if not signs:
        return Result(_shown(_Parser(text).value()))
    left, _, right = text.partition(signs[0])
    first = _Parser(left).value()
    if not right and signs[0] == "=":
        return Result(_shown(first))
    correct = COMPARISONS[signs[0]](first, _Parser(right).value())
    return Result(_shown(first) if signs[0] == "=" else None, correct)


class _Parser:
    """Recursive descent: sums of products of signed numbers and brackets."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._depth = text, 0, 0

    def value(self) -> Fraction:
        """The value of the whole text."""
        found = self._sum()
        if self._at < len(self._text):
            raise ExpressionError(f"“{self._text[self._at]}” stands where no sign can stand")
        return found

    def _next(self, signs: str) -> bool:
        """Go past the next sign if it is one of these."""
        found = self._at < len(self._text) and self._text[self._at] in signs
        self._at += found
        return found

    def _sum(self) -> Fraction:
        total = self._product()
        while True:
            if self._next(PLUS):
                total += self._product()
            elif self._next(MINUS):
                total -= self._product()
            else:
                return total

    def _product(self) -> Fraction:
        total = self._signed()
        while True:
            if self._next(TIMES):
                total *= self._signed()
            elif self._next(DIVIDED):
                divisor = self._signed()
                if divisor == 0:
                    raise DivisionByZeroError("it divides by zero")
                total /= divisor
            elif self._at < len(self._text) and self._text[self._at] == "(":
                total *= self._percent()  # 2(3+4)
            else:
                return total

    def _signed(self) -> Fraction:
        if self._next(MINUS):
            return -self._percent()
        self._next(PLUS)
        return self._percent()

    def _percent(self) -> Fraction:
        found = self._bracket() if self._next("(") else self._number()
        while self._next("%"):
            found /= 100
        return found

    def _bracket(self) -> Fraction:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionError(f"its brackets are deeper than {MAX_DEPTH}")
        found = self._sum()
        if not self._next(")"):
            raise ExpressionError("a bracket is not closed")
        self._depth -= 1
        return found

    def _number(self) -> Fraction:
        start = self._at
        while self._next(digits + POINTS):
            pass
        written = self._text[start : self._at]
        if sum(written.count(point) for point in POINTS) > 1:
            raise ExpressionError(f"“{written}” has more than one decimal sign")
        if not written.strip(POINTS):
            there = self._text[start : start + 1]
            raise ExpressionError(
                f"“{there}” stands where a number should" if there else "a number is missing"
            )
        whole, _, part = written.replace(",", ".").partition(".")
        return Fraction(f"{whole or 0}.{part or 0}")


def _shown(value: Fraction) -> int | Decimal:
    """The value as a person would write it."""
    if value.denominator == 1:
        return value.numerator
    with localcontext() as context:
        context.prec = max(DECIMAL_PLACES, len(str(abs(int(value)))) + DECIMAL_PLACES)
        found = Decimal(value.numerator) / Decimal(value.denominator)
        return found.quantize(Decimal(1).scaleb(-DECIMAL_PLACES)).normalize()
