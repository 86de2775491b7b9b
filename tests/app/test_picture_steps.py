"""How a picture was read: its steps by mouse, finger, wheel and keyboard, in every window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest
from PIL import Image
from pygame import Rect

from recognizer.app.actions import BY_NAME
from recognizer.app.screens.picture_steps import BACK, STEP, PictureStepsScreen
from tests.app.conftest import Opened
from tests.app.hand import Hand
from tests.samples import written

SIZES = [(640, 480), (1280, 720), (3840, 2160), (640, 900), (1080, 1920), (2560, 1080)]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Two numbers on paper."""
    path = tmp_path / "numbers.png"
    Image.fromarray(255 - written("204\n17")).save(path)
    return path


def steps_of(hand: Hand) -> PictureStepsScreen:
    screen = hand.window.screen
    assert isinstance(screen, PictureStepsScreen)
    return screen


def enter(hand: Hand, picture: Path) -> PictureStepsScreen:
    hand.drop(picture)
    hand.step()
    hand.key(pygame.K_r, text="r")
    hand.step()
    return steps_of(hand)


def test_the_button_needs_a_picture(hand: Hand, picture: Path) -> None:
    session, action = hand.screen.session, BY_NAME["steps"]
    assert not action.possible(session)
    hand.key(pygame.K_r, text="r")
    assert hand.window.screen is hand.screen
    hand.line()
    assert not action.possible(session)
    hand.drop(picture)
    hand.step()
    assert action.possible(session)
    hand.click("steps")
    shown = steps_of(hand).steps
    assert shown[0].name == "Grey"
    assert [step.name for step in shown[-2:]] == ["What the network sees", "Answer"]
    hand.key(pygame.K_ESCAPE)
    assert hand.window.screen is hand.screen and session.picture


def test_the_steps_are_reached_by_keys(hand: Hand, picture: Path) -> None:
    screen = enter(hand, picture)
    last = len(screen.steps) - 1
    for key, chosen in (
        (pygame.K_RIGHT, 1), (pygame.K_RIGHT, 2), (pygame.K_LEFT, 1), (pygame.K_END, last),
        (pygame.K_RIGHT, last), (pygame.K_HOME, 0), (pygame.K_LEFT, 0), (pygame.K_TAB, 1),
    ):  # fmt: skip
        hand.key(key)
        assert screen.chosen == chosen
    hand.key(pygame.K_3, text="3")
    assert screen.chosen == 2
    hand.key(pygame.K_9, text="9")
    assert screen.chosen == 2
    hand.key(pygame.K_r, text="r")
    assert hand.window.screen is hand.screen


def test_the_steps_are_reached_by_mouse_finger_and_wheel(hand: Hand, picture: Path) -> None:
    screen = enter(hand, picture)
    hand.press(screen.buttons()[f"{STEP}2"])
    assert screen.chosen == 2
    place = screen.buttons()[f"{STEP}1"].center
    hand.finger(pygame.FINGERDOWN, place)
    hand.finger(pygame.FINGERUP, place)
    assert screen.chosen == 1
    hand.wheel(-1)
    assert screen.chosen == 2
    hand.wheel(1)
    assert screen.chosen == 1
    hand.press(screen.buttons()[BACK])
    assert hand.window.screen is hand.screen


def test_a_pasted_picture_has_steps(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.fromarray(255 - written("204"))
    monkeypatch.setattr("PIL.ImageGrab.grabclipboard", lambda: picture)
    hand.key(pygame.K_v, pygame.KMOD_CTRL)
    hand.click("steps")
    assert steps_of(hand).steps[-1].name == "Answer"


def test_the_boxes_of_the_answer_lie_in_the_picture(hand: Hand, picture: Path) -> None:
    screen = enter(hand, picture)
    with Image.open(picture) as image:
        size = image.size
    grey, answer = (screen.steps[number].pixels for number in (0, -1))
    assert answer.shape[1] == grey.shape[1]
    marked = np.abs(answer[-len(grey) :].astype(int) - grey).max(axis=2) > 60
    ink = grey[..., 0] < 128
    rows, columns = (np.flatnonzero(marked.any(axis=axis)) for axis in (1, 0))
    inked = [np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0)]
    scale = grey.shape[1] / size[0]
    for marks, lines in zip((rows, columns), inked, strict=True):
        assert abs(marks[-1] - lines[-1]) <= 4 * scale


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_everything_has_room_in_every_window(
    opened: Opened, picture: Path, size: tuple[int, int], theme: str
) -> None:
    hand = opened(size, theme)
    screen = enter(hand, picture)
    whole = Rect((0, 0), size)
    rects = [*screen.buttons().values(), screen._room]
    assert all(whole.contains(rect) for rect in rects)
    assert not any(a.colliderect(b) for n, a in enumerate(rects) for b in rects[:n])
    assert min(min(rect.size) for rect in rects) >= 30
    for number in range(len(screen.steps)):
        screen.choose(number)
        hand.step()
        painted = pygame.surfarray.array3d(hand.window.surface).astype(int)
        hand.window._renew()
        hand.step()
        assert np.abs(painted - pygame.surfarray.array3d(hand.window.surface)).max() <= 8
        room = screen._room
        inside = painted[room.left : room.right, room.top : room.bottom]
        assert np.ptp(inside.mean(axis=2)) > 100


def test_the_names_of_the_steps_are_told_in_full(
    opened: Opened, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = enter(opened((640, 480)), picture)
    style, written_words = screen.frame.style, []
    whole = style.text

    def noted(text: str, *rest: Any) -> pygame.Surface:
        written_words.append(text)
        return whole(text, *rest)

    monkeypatch.setattr(style, "text", noted)
    surface = pygame.Surface((640, 480))
    for part in screen.parts():
        if part.name.startswith(STEP):
            written_words.clear()
            part.paint(surface)
            number = int(part.name.removeprefix(STEP))
            assert " ".join(written_words) == screen.steps[number].name
