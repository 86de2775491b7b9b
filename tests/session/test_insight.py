"""What is seen inside: of the drawing now and some points ago, and where files are missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.inkml import demo_drawings
from recognizer.model import card
from recognizer.model.card import CARD_FILE, ModelError
from recognizer.session import Session, insight
from recognizer.session.insight import Insight, squeezed_canvas, strokes_until
from recognizer.session.opening import Picture
from recognizer.session.storage import Storage
from recognizer.strokes import Stroke, bounds, transformed
from tests.fakes import NearestDrawing, made_stages
from tests.samples import changed, pen_digits, sign_model


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """A session with a 7 of two strokes."""
    storage = Storage(tmp_path / "data", tmp_path / "sketches")
    found = Session(NearestDrawing(), storage, lambda message: None)
    write(found, 7)
    return found


def write(session: Session, digit: int, left: float = 100.0) -> None:
    drawing = demo_drawings()[digit]
    box = bounds(drawing)
    moved = transformed(drawing, 200 / box.side, origin=box.corner, to=(left, 100.0), pen=16.0)
    session.sketch.replace([*session.sketch.strokes, *moved])
    session.read()


def compared(folder: Path, name: str, *, whole_canvas: bool) -> None:
    """A network to compare with, which reads three signs."""
    (folder / name).mkdir(parents=True)
    sign_model(folder / name)
    told = {"title": name, "sentence": f"It is {name}.", "whole_canvas": whole_canvas}
    changed(folder / name, comparison=told)


def test_strokes_are_as_they_were_after_so_many_points() -> None:
    first, second = (Stroke(np.arange(2.0 * n).reshape(n, 2), 3.0) for n in (4, 3))
    assert strokes_until((first, second), 0) == ()
    assert strokes_until((first, second), 7) == (first, second)
    assert strokes_until((first, second), 4) == (first,)
    (whole, begun) = strokes_until((first, second), 5)
    assert whole is first and begun.width == 3.0
    np.testing.assert_array_equal(begun.points, second.points[:1])


def test_it_goes_back_through_the_drawing_and_returns_when_it_grows(session: Session) -> None:
    looked = Insight(session)
    assert looked.at == looked.count and looked.prediction.label == "7"
    counts = []
    for at in range(looked.count + 1):
        looked.go(at)
        counts.append(sum(len(stroke.points) for stroke in looked.strokes))
        assert looked.at == at
    assert counts == list(range(looked.count + 1))
    assert looked.prediction is session.prediction
    looked.go(-5)
    assert looked.at == 0 and looked.prediction.label is None and looked.contrast is None
    session.sketch.begin_stroke(400, 400, 16)
    assert looked.update() and looked.at == looked.count


def test_some_points_ago_the_character_that_was_drawn_then_is_looked_at(session: Session) -> None:
    seven = sum(len(stroke.points) for stroke in session.sketch.strokes)
    write(session, 1, left=380.0)
    looked = Insight(session)
    assert session.reading.text == "71" and looked.prediction.label == "1"
    looked.go(seven)
    assert looked.reading.text == "7" and looked.prediction.label == "7"


def test_an_unchanged_drawing_is_not_looked_at_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[object] = []
    monkeypatch.setattr(insight, "Stages", made_stages(looks))
    looked = Insight(session)
    assert looked.seen() is looked.seen()
    assert not looked.update()
    looked.seen()
    assert len(looks) == 1
    write(session, 3, left=380.0)
    assert looked.update()
    looked.seen()
    assert len(looks) == 2


def test_the_answer_is_asked_for_against_the_next_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    monkeypatch.setattr(insight, "Stages", made_stages(asked))
    looked = Insight(session)
    looked.seen()
    assert looked.contrast
    answer, other = (int(label or "") for label in looked.contrast)
    assert asked[0][answer] == pytest.approx(1) and asked[0][other] == pytest.approx(-1)
    assert np.abs(asked[0]).sum() == pytest.approx(2)


def test_where_files_are_missing_a_sentence_says_what_to_do(
    session: Session, tmp_path: Path
) -> None:
    looked = Insight(session, tmp_path / "none")
    for ask in (looked.seen, lambda: looked.similar(3), looked.compared):
        for _ in range(2):  # it is said again each time
            with pytest.raises(ModelError, match="python -m recognizer"):
                ask()


def test_other_networks_are_shown_what_they_were_made_for(session: Session, tmp_path: Path) -> None:
    compared(tmp_path, "canvas", whole_canvas=True)
    compared(tmp_path, "glyph", whole_canvas=False)
    looked = Insight(session, tmp_path)
    ours, canvas, glyph = looked.compared()
    assert ours.label == "7" and ours.confidence == pytest.approx(session.prediction.confidence)
    np.testing.assert_array_equal(glyph.glyph, ours.glyph)
    np.testing.assert_array_equal(canvas.glyph, squeezed_canvas(session.sketch.strokes))
    assert glyph.label == "7" and canvas.title == "canvas" and canvas.sentence == "It is canvas."
    looked.go(0)
    assert [each.label for each in looked.compared()] == [None, None, None]


@pytest.mark.parametrize("told", [{}, {"comparison": {"title": "x"}}, {"comparison": 7}])
def test_a_network_that_does_not_say_what_it_is_is_refused(
    session: Session, tmp_path: Path, told: dict[str, object]
) -> None:
    compared(tmp_path, "other", whole_canvas=True)
    content = card.read(tmp_path / "other" / CARD_FILE)
    del content["comparison"]
    card.write(tmp_path / "other" / CARD_FILE, content | told)
    with pytest.raises(ModelError, match="other"):
        Insight(session, tmp_path).compared()
    shutil.rmtree(tmp_path / "other")


def test_the_whole_canvas_is_squeezed_as_it_stands() -> None:
    stroke = Stroke(np.array([[280.0, 40.0], [280.0, 520.0]]), 20.0)
    small = squeezed_canvas((stroke,))
    rows, columns = np.nonzero(small > 60)
    assert (rows.min(), rows.max()) == (1, 26) and set(columns.tolist()) == {13, 14}
    far = Stroke(np.array([[-560.0, 0.0], [1120.0, 0.0]]), 20.0)
    assert squeezed_canvas((far,)).any() and not squeezed_canvas(()).any()


def test_a_picture_is_looked_at_as_well(session: Session, tmp_path: Path) -> None:
    strokes = next(strokes for strokes, digit in pen_digits() if digit == 7)
    reading = session.recognizer.read_strokes(strokes, (500, 500))
    pixels = np.full((60, 40, 3), 255, dtype=np.uint8)
    pixels[10:50, 18:22] = 0
    place = Box(0.0, 0.0, 40.0, 60.0)
    session.sketch.replace((), Picture(None, pixels, (40, 60), place, place, reading))
    session.read()
    compared(tmp_path, "canvas", whole_canvas=True)
    looked = Insight(session, tmp_path)
    assert looked.picture is session.picture and looked.prediction is reading.digits[0]
    small = looked.compared()[1].glyph
    assert small[14, 14] > 200 and small[0, 0] == 0
