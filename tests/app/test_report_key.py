"""F2 opens the report in the web browser, and the window says so."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from recognizer.app.screens import sketch
from recognizer.files import ReportError
from tests.app.hand import Hand


def test_f2_opens_the_report(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketch, "show_report", lambda: Path("reports/evaluation.html"))
    hand.line()
    hand.key(pygame.K_F2)
    assert "evaluation.html" in hand.message
    assert hand.window.screen is hand.screen and hand.strokes == 1


def test_f2_says_what_to_do_without_a_report(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> Path:
        raise ReportError("There is no report. Make one.")

    monkeypatch.setattr(sketch, "show_report", nothing)
    hand.key(pygame.K_F2)
    assert hand.message == "There is no report. Make one."
    assert hand.screen.view.toast.message and hand.screen.view.toast.message.trouble
