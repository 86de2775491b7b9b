"""Lines of ink: digits that touch, that are broken, and dirt beside them."""

from __future__ import annotations

from typing import Any

from tests.samples import checked, recognizer, written


def text_of(image: Any) -> str:
    return checked(recognizer().read_image(image)).text


def test_touching_digits_are_cut_apart() -> None:
    for text in ("2047", "123", "68", "905"):
        assert text_of(255 - written(text, gap=0.02)) == text, text


def test_digits_of_several_strokes_stay_whole() -> None:
    assert text_of(255 - written("457547")) == "457547"


def test_dirt_and_lines_are_left_out() -> None:
    ink = written("2047")
    ink[10:12, 10:12] = 255
    ink[-12:-9, 20:-20] = 255
    ink[80:84, 15:19] = 255
    assert text_of(255 - ink) == "2047"


def test_broken_strokes_are_joined() -> None:
    ink = written("2047", 100, 8)
    ink[70:73] = 0
    assert text_of(255 - ink) == "2047"
