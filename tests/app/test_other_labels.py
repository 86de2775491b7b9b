"""A model of other labels in the window: a made network that knows A, 7 and +."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from recognizer.app.widgets.panel import ProbabilityBar
from recognizer.reading import Recognizer
from tests.app.hand import Hand, open_sketch
from tests.samples import SIGNS, sign_model, signs


@pytest.fixture
def hand(tmp_path: Path) -> Hand:
    """A hand at a window whose model has three labels."""
    return open_sketch(tmp_path, Recognizer(sign_model(tmp_path)))


def write(hand: Hand, text: str) -> None:
    left, top = hand.canvas.topleft
    for sign in signs(text):
        for line in sign:
            hand.drag([(round(left + x), round(top + y)) for x, y in line.tolist()])


def bars(hand: Hand) -> list[ProbabilityBar]:
    return [part.key for part in hand.screen.parts() if isinstance(part.key, ProbabilityBar)]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_is_read_and_has_a_bar(hand: Hand, sign: str) -> None:
    assert [(bar.label, bar.words) for bar in bars(hand)] == [(label, "") for label in SIGNS]
    write(hand, sign)
    prediction = hand.screen.session.prediction
    assert prediction.label == sign
    assert prediction.digit == (7 if sign == "7" else None)
    assert [bar.label for bar in bars(hand)] == list(SIGNS)
    assert [bar.label for bar in bars(hand) if bar.best] == [sign]


def test_signs_stand_in_the_title_and_the_panel(hand: Hand) -> None:
    write(hand, "A+7")
    assert hand.screen.session.reading.text == "A+7"
    shown = hand.title.removesuffix(" - Digit Sketchpad")
    assert len(shown) == 3 and set(shown) <= {"A", "+", "7", "?"}
    hand.key(pygame.K_c)
    assert hand.title == "Digit Sketchpad"


def test_more_labels_than_bars_show_the_likeliest(hand: Hand) -> None:
    write(hand, "A")
    rects = hand.window.layout.bar_rects(1000)
    assert 10 <= len(rects) < 15 and min(rect.height for rect in rects) >= 12
