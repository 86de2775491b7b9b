"""The characters there are, and the sets of them."""

from __future__ import annotations

import pytest

from recognizer.labels import (
    alike,
    as_labels,
    counted_for,
    digit_of,
    known_sets,
    label_set,
    ranked,
    same_shapes,
)


def test_the_digits_are_ten() -> None:
    assert label_set("digits") == ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")


def test_an_unknown_set_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(ValueError, match=r"'runes'.*digits"):
        label_set("runes")


def test_labels_are_those_of_the_list_in_its_order() -> None:
    assert as_labels(["A", "7", "+"]) == ("A", "7", "+")
    assert as_labels(list(label_set("digits"))) == label_set("digits")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "list of characters"),
        ("0123", "list of characters"),
        (("0", "1"), "list of characters"),
        ({"0": 1, "1": 2}, "list of characters"),
        ([0, 1], "list of characters"),
        (["0", None], "list of characters"),
        (["0", ""], "list of characters"),
        ([["0"], ["1"]], "list of characters"),
        ([], "two at least"),
        (["7"], "two at least"),
        (["7", "1", "7"], "distinct"),
    ],
)
def test_other_labels_are_refused(found: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        as_labels(found)


def test_letters_of_one_shape_are_pairs_of_capital_and_small() -> None:
    letters = label_set("letters")
    pairs = {letters[one] + letters[other] for one, other in same_shapes(letters)}
    assert {"Cc", "Oo", "Ss", "Uu", "Vv", "Ww", "Xx", "Zz"} <= pairs
    assert all(pair[0].lower() == pair[1] for pair in pairs)
    assert not {"Aa", "Bb", "Gg", "Qq", "Rr", "Ee"} & pairs
    assert same_shapes(label_set("digits")) == []
    sums = label_set("sums")
    assert same_shapes(sums) == [(sums.index("."), sums.index("·"))]
    assert same_shapes(tuple("cab")) == []


def test_a_digit_is_a_label_of_one_digit() -> None:
    assert [digit_of(label) for label in label_set("digits")] == list(range(10))
    for label in (None, "", "A", "+", "12", "0123456789", "-1", "1.5", "²", "٣"):
        assert digit_of(label) is None


def test_labels_are_ranked_as_numbers_if_all_are_digits() -> None:
    assert ranked(["4", "0", "9"]) == [4, 0, 9]
    assert ranked(["4", "A", "9"]) == ["4", "A", "9"]
    assert ranked([]) == []


def test_the_sets_that_a_model_can_be_asked_for_are_those_it_knows_enough_of() -> None:
    digits = label_set("digits")
    assert known_sets(digits) == {"digits": digits}
    assert known_sets((*digits, "A", "+")) == {"digits": digits, "sums": (*digits, "+")}
    assert known_sets(("b", "a", "7")) == {"letters": ("a", "b")}
    assert known_sets(("?", "!")) == {}


def test_a_bar_counts_for_the_commoner_letter() -> None:
    known = ("1", "I", "l", "/")
    assert counted_for(known, ("I", "l")) == [1, 0, 1, 1]
    assert counted_for(known, ("I", "a")) == [0, 0, 0, 0]


def test_what_a_hand_writes_alike() -> None:
    known = tuple("0Oo1lcCab")
    assert [known[place] for place in alike("0", known)] == ["0", "O", "o"]
    assert [known[place] for place in alike("C", known)] == ["c", "C"]
    assert [known[place] for place in alike("1", known)] == ["1", "l"]
    assert alike("a", known) == [7]
    assert alike("7", known) == []
