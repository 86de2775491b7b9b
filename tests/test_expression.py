"""The value of sums, against Python's own arithmetic."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.expression import ExpressionError, Result, evaluate, is_begun, is_usual, result_of


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("7", 7),
        ("12+30=", 42),
        ("2×(3+4)", 14),
        ("2(3+4)", 14),
        ("7·8", 56),
        ("7x8=", 56),
        ("63÷7", 9),
        ("8:4", 2),
        ("1/4", Decimal("0.25")),
        ("21,95+1", Decimal("22.95")),
        (".5+.5", 1),
        ("5.", 5),
        ("−5+3", -2),
        ("2×−3", -6),
        ("50%", Decimal("0.5")),
        ("200×10%", 20),
        ("1÷3", Decimal("0.333333333333")),
        (" 1 2 + 3 ", 15),
        ("10−2−3", 5),
        ("100÷10÷2", 5),
        ("2+3×4", 14),
    ],
)
def test_values(line: str, value: int | Decimal) -> None:
    assert evaluate(line) == Result(value)


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("12+30=42", Result(42, True)),
        ("12+30=41", Result(42, False)),
        ("0,1+0,2=0,3", Result(Decimal("0.3"), True)),
        ("1/3×3=1", Result(1, True)),
        ("2<3", Result(None, True)),
        ("2×2>5", Result(None, False)),
    ],
)
def test_what_the_writer_found_is_checked(line: str, result: Result) -> None:
    assert evaluate(line) == result


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "a number is missing"),
        ("1÷0", "divides by zero"),
        ("1÷(2−2)=", "divides by zero"),
        ("(1+2", "not closed"),
        ("1+2)", "“)” stands where no sign"),
        ("1+", "a number is missing"),
        ("×3", "“×” stands where a number"),
        ("1=2=3", "2 of the signs"),
        ("2<", "a number is missing"),
        ("1.234,56", "more than one decimal sign"),
        (",", "“,” stands where a number"),
        ("__import__", "stands where a number"),
        ("2**3", "“*” stands where a number"),
        ("(" * 60 + "1" + ")" * 60, "deeper than 50"),
        ("1" * 501, "longer than 500"),
    ],
)
def test_what_has_no_value_says_why(line: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=words.replace("(", r"\(").replace(")", r"\)")):
        evaluate(line)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12+30=", "12+30 is 42"),
        ("12+30", "12+30 is 42"),
        ("1÷8=", "1÷8 is 0.125"),
        ("10−12", "10−12 is -2"),
        ("2×3=6", "2×3=6 is right"),
        ("2×3=7", "2×3=7 is wrong"),
        ("2<3", "2<3 is right"),
        ("2047", "2047"),
        ("3,5=", "3,5="),
        ("1÷0=", "1÷0="),
        ("12+", "12+"),
        ("1\n2", "1\n2"),
    ],
)
def test_a_sum_is_said_with_what_it_comes_to(text: str, said: str) -> None:
    assert result_of(text).told(text) == said


def test_what_has_no_value_has_a_note() -> None:
    assert result_of("1÷0=") == Result(None, None, "it divides by zero")
    assert result_of("1+2\n3") == Result(None, None, "it has more than one line")
    assert result_of("12+30=42") == Result(42, True, None)


@pytest.mark.parametrize(
    "text",
    ["12+30=", "12+", "2×(3+", "((1", "(", "", "1÷0", "3.", "3,", "12+30=4", "−", "2<", "7="],
)
def test_a_sum_that_is_begun_may_become_one(text: str) -> None:
    assert is_begun(text)


@pytest.mark.parametrize(
    "text", ["/9", "0+/25", "97(.4)))", "1=2=3", "4=)", "8.5%2", "1+×2", ")", "x"]
)
def test_what_no_more_writing_makes_a_sum_is_not_begun(text: str) -> None:
    assert not is_begun(text)


@pytest.mark.parametrize(
    ("text", "value"), [("1÷4", 0.25), ("7·8", 56), ("1÷0", None), (f"{2**60}+1÷2", 2**60)]
)
def test_a_value_is_a_number_of_json(text: str, value: float | None) -> None:
    found = result_of(text).as_json()
    assert set(found) == {"value", "correct", "note"}
    assert found["value"] == value and type(found["value"]) is type(value)
    assert json.loads(json.dumps(found)) == found


numbers = st.integers(0, 9999).map(lambda n: (str(n), Fraction(n))) | st.tuples(
    st.integers(0, 99), st.integers(0, 99)
).map(lambda n: (f"{n[0]},{n[1]:02}", Fraction(n[0]) + Fraction(n[1], 100)))


def joined(
    parts: st.SearchStrategy[tuple[str, Fraction]],
) -> st.SearchStrategy[tuple[str, Fraction]]:
    def combine(
        left: tuple[str, Fraction], sign: str, right: tuple[str, Fraction]
    ) -> tuple[str, Fraction]:
        (a, x), (b, y) = left, right
        value = {"+": x + y, "−": x - y, "×": x * y}[sign]
        return f"({a}{sign}{b})", value

    return st.builds(combine, parts, st.sampled_from("+−×"), parts)


@given(st.recursive(numbers, joined, max_leaves=12))
def test_brackets_as_python_counts(made: tuple[str, Fraction]) -> None:
    text, value = made
    found = evaluate(text).value
    assert found is not None and abs(Fraction(found) - value) <= Fraction(1, 10**11)


@given(st.lists(st.tuples(st.sampled_from("+-*"), st.integers(1, 999)), min_size=1, max_size=12))
def test_precedence_as_python_counts(terms: list[tuple[str, int]]) -> None:
    text = "1" + "".join(f"{sign}{number}" for sign, number in terms)
    written = text.replace("-", "−").replace("*", "·")
    assert evaluate(f"{written}=").value == eval(text)
    assert evaluate(f"{written}={eval(text)}".replace("=-", "=−")).correct


@given(st.text("0123456789+−×·÷/=().,:<>%x ", max_size=30))
def test_any_text_has_a_value_or_says_why(text: str) -> None:
    try:
        evaluate(text)
    except ExpressionError as error:
        assert str(error)


@pytest.mark.parametrize("text", ["12+30=", "12", "12+", "3.5", "7=7", "2(3)=", "50%=", "−7="])
def test_a_usual_line_has_something_to_work_out_before_it_asks(text: str) -> None:
    assert is_usual(text)


@pytest.mark.parametrize("text", ["12=", "3,5=", "/9", "1+×2"])
def test_a_number_alone_asks_for_nothing(text: str) -> None:
    assert not is_usual(text)
