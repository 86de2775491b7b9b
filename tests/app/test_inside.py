"""Looking inside the network: live while one draws, by mouse, finger and keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest
from PIL import Image
from pygame import Rect

from recognizer.app.screens.inside import MAX_LAG_SECONDS, InsideScreen
from recognizer.app.screens.inside_layout_view import BACK, REPLAY, SLIDER, arrange_inside
from recognizer.app.screens.inside_view import STAGE_ROW
from recognizer.app.screens.sketch import SketchScreen
from recognizer.model.neighbours import Neighbours
from recognizer.session import insight
from recognizer.session.insight import PAGES
from recognizer.strokes import Stroke
from tests.app.conftest import Opened
from tests.app.hand import CTRL, Hand, placed
from tests.fakes import made_stages
from tests.session.test_insight import compared

SIZES = [(640, 480), (1280, 720), (3840, 2160), (640, 900), (1080, 1920), (2560, 1080)]
PICTURES = Path(__file__).parent.parent / "data"
SMALL_PX = (160, 120)
MAX_DIFFERENCE = 6
"""Mean difference of two pictures of a screen, of 255, that different fonts' edges make."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Stages, drawings and networks are made; what was asked of the stages."""
    found: list[object] = []
    monkeypatch.setattr(insight, "Stages", made_stages(found))
    rng = np.random.default_rng(3)
    drawings = [(Stroke(rng.uniform(0, 250, (6, 2))),) for _ in range(30)]
    features = rng.uniform(0, 1, (30, 784)).astype(np.float32)
    neighbours = Neighbours.of(["7"] * 30, ["a set (CC BY 4.0)"] * 30, drawings, features)
    monkeypatch.setattr(Neighbours, "load", lambda *_: neighbours)
    return found


@pytest.fixture
def networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "comparison"
    compared(folder, "The whole canvas", whole_canvas=True)
    compared(folder, "No dropout", whole_canvas=False)
    monkeypatch.setattr(insight.Insight.__init__, "__defaults__", (folder,))


def inside(hand: Hand) -> InsideScreen:
    screen = hand.window.screen
    assert isinstance(screen, InsideScreen)
    return screen


def enter(hand: Hand) -> InsideScreen:
    hand.key(pygame.K_i, text="i")
    hand.step()
    return inside(hand)


def draw(hand: Hand, digit: int) -> None:
    for line in placed(digit, inside(hand).canvas.rect, 0.5, 0.5, 0.6):
        hand.drag(line)
    hand.step()


def push(hand: Hand, name: str) -> None:
    place = inside(hand).buttons()[name].center
    hand.move(place)
    hand.down(place)
    hand.up(place)
    hand.step()


def text(hand: Hand) -> str:
    return hand.screen.session.reading.text


def pixels(hand: Hand) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return pygame.surfarray.array3d(hand.window.surface)


def test_a_digit_is_drawn_inside_and_stays_on_the_sketch(
    hand: Hand, asked: list[object], networks: None
) -> None:
    hand.click("inside")
    draw(hand, 4)
    assert text(hand) == "4" and inside(hand).insight.prediction.label == "4" and asked
    for page in PAGES:
        push(hand, page)
        shown = inside(hand).shown
        assert shown.page == page and shown.found and not shown.trouble
    hand.key(pygame.K_ESCAPE)
    assert hand.window.screen is hand.screen
    assert text(hand) == "4" and hand.strokes == 2
    assert hand.screen.session.storage.unsaved.exists()


def test_what_was_drawn_before_is_looked_at_and_keys_do_what_they_do_on_the_sketch(
    hand: Hand, asked: list[object]
) -> None:
    hand.draw(7)
    enter(hand)
    assert (inside(hand).shown.contrast or "?")[0] == "7"
    hand.key(pygame.K_z, CTRL)
    assert hand.strokes == 1
    hand.key(pygame.K_y, CTRL)
    assert hand.strokes == 2 and text(hand) == "7"
    hand.key(pygame.K_c, text="c")
    hand.step()
    assert hand.strokes == 0 and inside(hand).shown.contrast is None
    hand.key(pygame.K_i, text="i")
    assert hand.window.screen is hand.screen


def test_nothing_is_loaded_or_worked_out_that_is_not_looked_at(
    hand: Hand, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand.draw(3)
    assert not asked
    similar: list[int] = []
    found = Neighbours.nearest

    def noted(*arguments: Any) -> Any:
        similar.append(1)
        return found(*arguments)

    monkeypatch.setattr(Neighbours, "nearest", noted)
    enter(hand)
    before = len(asked)
    hand.key(pygame.K_3, text="3")
    assert similar and len(asked) == before
    count = len(similar)
    hand.key(pygame.K_1, text="1")
    hand.key(pygame.K_c, text="c")
    draw(hand, 5)
    assert len(similar) == count and len(asked) > before


def test_the_pictures_follow_when_the_pen_leaves_time(hand: Hand, asked: list[object]) -> None:
    screen = enter(hand)
    points = placed(8, screen.canvas.rect, 0.5, 0.5, 0.6)[0]
    hand.down(points[0])
    hand.step()
    before = len(asked)
    for point in points[1:6]:
        hand.move(point, button=1)
    assert len(asked) == before and screen.due() is not None
    hand.step()
    assert len(asked) == before + 1 and screen.due() is None
    hand.move(points[7], button=1)
    hand.clock.time += 2 * MAX_LAG_SECONDS
    hand.move(points[9], button=1)  # however quick the pen is
    assert len(asked) == before + 2


def test_at_rest_nothing_is_painted_or_worked_out(
    hand: Hand, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(hand)
    draw(hand, 2)
    count, updates = len(asked), list[object]()
    monkeypatch.setattr(pygame.display, "update", updates.append)
    for _ in range(3):
        hand.step()
    assert not updates and len(asked) == count and inside(hand).due() is None


def test_the_slider_goes_back_by_mouse_finger_and_keys(hand: Hand, asked: list[object]) -> None:
    hand.draw(4)
    look = enter(hand).insight
    track = inside(hand).buttons()[SLIDER]
    hand.drag([track.center, (track.left + 1, track.centery)])
    assert look.at == 0 and not look.strokes and look.prediction.label is None
    assert hand.strokes == 2 and text(hand) == "4"
    hand.finger(pygame.FINGERDOWN, track.center)
    assert abs(look.at - look.count / 2) < 3
    hand.finger(pygame.FINGERMOTION, (track.right, track.centery))
    hand.finger(pygame.FINGERUP, (track.right, track.centery))
    assert look.at == look.count
    inside(hand).focus = SLIDER
    for key, at in ((pygame.K_LEFT, -1), (pygame.K_PAGEUP, -11), (pygame.K_RIGHT, -10)):
        hand.key(key)
        assert look.at == look.count + at
    hand.key(pygame.K_HOME)
    assert look.at == 0
    hand.key(pygame.K_END)
    assert look.at == look.count


def test_drawing_on_leaves_the_past(hand: Hand, asked: list[object]) -> None:
    hand.draw(1)
    look = enter(hand).insight
    hand.key(pygame.K_HOME)
    draw(hand, 7)
    assert look.at == look.count and look.strokes is hand.screen.session.sketch.strokes


def test_a_drawing_is_replayed_to_its_end(hand: Hand, asked: list[object]) -> None:
    hand.draw(2)
    screen = enter(hand)
    push(hand, REPLAY)
    assert screen.insight.at == 1
    seen = []
    for _ in range(400):
        hand.clock.time += 0.05
        hand.step()
        hand.step()
        seen.append(screen.insight.at)
    assert seen == sorted(seen) and len(set(seen)) > 10
    assert seen[-1] == screen.insight.count and screen.due() is None


def test_the_right_button_and_the_eraser_erase_and_a_finger_draws(
    hand: Hand, asked: list[object]
) -> None:
    screen = enter(hand)
    middle, rect = screen.canvas.rect.center, screen.canvas.rect
    hand.finger(pygame.FINGERDOWN, middle)
    hand.finger(pygame.FINGERDOWN, (rect.left + 5, rect.top + 5), number=1)  # the palm
    hand.finger(pygame.FINGERMOTION, (middle[0], middle[1] + 40))
    hand.finger(pygame.FINGERUP, (middle[0], middle[1] + 40))
    assert hand.strokes == 1
    sweep = [(middle[0] - 30, middle[1] + 20), (middle[0] + 30, middle[1] + 20)]
    hand.drag(sweep, button=3)
    assert hand.strokes == 2
    hand.key(pygame.K_z, CTRL)
    hand.key(pygame.K_e, text="e")
    hand.drag(sweep)
    assert hand.strokes == 2
    hand.key(pygame.K_e, text="e")
    beside = screen.layout.page.center
    hand.drag([beside, (beside[0] + 20, beside[1])])
    assert hand.strokes == 2


def test_a_button_let_go_outside_lifts_the_pen(hand: Hand, asked: list[object]) -> None:
    screen = enter(hand)
    middle = screen.canvas.rect.center
    hand.down(middle)
    hand.move((middle[0] + 20, middle[1]))  # no button is pressed
    hand.move((middle[0] + 60, middle[1]), button=1)
    (stroke,) = hand.screen.session.sketch.strokes
    assert len(stroke.points) == 1


def test_the_keyboard_reaches_every_button_and_each_row_says_what_it_shows(
    hand: Hand, asked: list[object]
) -> None:
    hand.draw(6)
    screen = enter(hand)
    notes, reached = set(), []
    for _ in screen.buttons():
        hand.key(pygame.K_TAB)
        reached.append(screen.focus)
        (note,) = (part.key for part in screen.parts() if part.name == "note")
        notes.add(note)
    assert reached == [*screen.buttons()]
    rows = [name for name in reached if name and name.startswith(STAGE_ROW)]
    assert len(rows) == 5 and len(notes) == len(rows) + 1
    assert any("convolution" in str(note) for note in notes)
    screen.focus = PAGES[0]
    hand.key(pygame.K_RIGHT)
    assert screen.focus == PAGES[1]
    hand.key(pygame.K_RETURN)
    assert screen.shown.page == PAGES[1]
    screen.focus = BACK
    hand.key(pygame.K_RETURN)
    assert hand.window.screen is hand.screen


def test_without_its_files_the_rest_of_the_screen_is_useful(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insight.Insight.__init__, "__defaults__", (tmp_path / "none",))
    hand.draw(9)
    screen = enter(hand)
    for page in PAGES:
        push(hand, page)
        assert "python -m recognizer" in screen.shown.trouble
        assert any(part.name == "trouble" for part in screen.parts())
    push(hand, PAGES[0])
    assert any(part.name == "stages" for part in screen.parts())  # what goes in
    (answers,) = (part for part in screen.parts() if part.name == "answers")
    assert isinstance(answers.key, tuple)
    assert [label for label, _ in answers.key[0]] == list("0123456789")
    assert answers.key[1] == screen.insight.prediction.label
    hand.key(pygame.K_HOME)
    assert screen.insight.at == 0


def test_a_number_is_looked_at_by_the_digit_drawn_last(hand: Hand, asked: list[object]) -> None:
    hand.draw(7, 0.3, 0.5, 0.3)
    hand.draw(1, 0.6, 0.5, 0.3)
    assert text(hand) == "71" and enter(hand).shown.contrast
    assert inside(hand).insight.prediction.label == "1"


@pytest.mark.parametrize("size", SIZES)
def test_nothing_overlaps_inside(
    opened: Opened, asked: list[object], size: tuple[int, int]
) -> None:
    hand = opened(size)
    hand.draw(5)
    screen = enter(hand)
    layout, whole = arrange_inside(screen.frame), Rect((0, 0), size)
    rects = [layout.canvas, layout.answers, layout.page, *layout.buttons.values()]
    for number, rect in enumerate(rects):
        assert rect.width > 0 and rect.height > 0 and whole.contains(rect)
        assert rect.collidelist(rects[number + 1 :]) == -1
    assert min(layout.canvas.size) >= 120 and layout.answers.height >= 40
    for page in PAGES:
        push(hand, page)
        inner = [rect for name, rect in screen.buttons().items() if name.startswith(STAGE_ROW)]
        assert all(layout.page.contains(rect) for rect in inner)


def test_what_is_repainted_in_parts_is_the_same_as_the_whole(
    hand: Hand, asked: list[object], networks: None
) -> None:
    enter(hand)
    for page in PAGES:
        push(hand, page)
        hand.key(pygame.K_c, text="c")
        draw(hand, 3)
        shown = pixels(hand).astype(int)
        hand.window._renew()
        hand.step()
        assert np.abs(shown - pixels(hand)).max() <= 8, page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES[:2])
def test_every_page_looks_as_it_should(
    opened: Opened, asked: list[object], networks: None, size: tuple[int, int], theme: str
) -> None:
    hand = opened(size, theme)
    enter(hand)
    draw(hand, 7)
    sheet = []
    for page in PAGES:
        push(hand, page)
        hand.move((0, 0))
        surface = hand.window.surface
        picture = Image.frombytes("RGB", size, pygame.image.tobytes(surface, "RGB"))
        sheet.append(np.asarray(picture.resize(SMALL_PX, Image.Resampling.BOX)))
    found = np.vstack(sheet)
    path = PICTURES / f"inside_{size[0]}_{theme}.png"
    if not path.exists():
        Image.fromarray(found).save(path, optimize=True)
        pytest.fail(f"{path.name} was missing and is made now: look at it, then commit it")
    with Image.open(path) as kept:
        expected = np.asarray(kept.convert("RGB")).astype(int)
    assert np.abs(found - expected).mean() < MAX_DIFFERENCE


def test_the_sketch_is_as_quick_as_before(hand: Hand, asked: list[object]) -> None:
    """Whoever does not look inside has none of it: nothing is opened, no part is added."""
    hand.draw(8)
    screen = hand.screen
    assert isinstance(screen, SketchScreen) and not asked
    assert not {part.name for part in screen.parts()} & {"stages", "evidence", SLIDER}
