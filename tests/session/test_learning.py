"""What a person taught is kept, by name, and nothing of it is lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from recognizer.inkml import demo_drawings
from recognizer.model.hand_file import read_hands
from recognizer.reading import Recognizer
from recognizer.session import Session
from recognizer.session.storage import CANVAS_EXTENT
from tests.fakes import NearestDrawing
from tests.session.test_session import AREA, Work

Open = Callable[..., Work]
FOUR = [("9", demo_drawings()[4])]
"""A 4 that its writer means as a 9."""


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens sessions; each call is another start of the program with the same data."""

    def start(recognizer: Recognizer | None = None) -> Work:
        return Work(tmp_path, recognizer or NearestDrawing())

    return start


@pytest.fixture
def work(opened: Open) -> Work:
    return opened()


def text(work: Work) -> str:
    work.session.read()
    return work.session.reading.text


def taught(work: Work) -> Session:
    """A session in which a 4 was drawn and corrected to 9."""
    work.draw(4)
    assert text(work) == "4"
    work.session.correct(0, "9")
    return work.session


def test_a_correction_counts_at_once_and_after_the_next_start(work: Work, opened: Open) -> None:
    session = taught(work)
    assert text(work) == "9" and work.told[-1].text == "I know your 9 now"
    session.close()
    again = opened()
    assert text(again) == "9"
    again.session.clear()
    again.draw(4, left=40, size=300)
    again.draw(7, left=400)
    assert text(again) == "97"


def test_it_is_kept_before_anything_else_happens(work: Work, opened: Open) -> None:
    taught(work)
    assert [each.label for each in opened().session.learning.hand.drawings] == ["9"]


def test_undo_takes_back_the_stroke_and_not_what_was_learned(work: Work) -> None:
    session = taught(work)
    session.undo()
    session.redo()
    assert text(work) == "9"


def test_a_character_is_taken_off_the_paper_in_one_step(work: Work) -> None:
    work.draw(4, left=40)
    work.draw(7, left=300)
    session = work.session
    before = session.sketch.strokes
    session.remove(0)
    assert text(work) == "7"
    session.undo()
    assert session.sketch.strokes == before and text(work) == "47"


def test_a_picture_of_one_character_is_learned(work: Work, tmp_path: Path) -> None:
    glyph = NearestDrawing().classify_strokes(demo_drawings()[4], CANVAS_EXTENT).glyph
    Image.fromarray(255 - glyph).resize((280, 280)).save(tmp_path / "four.png")
    session = work.session
    session.open(tmp_path / "four.png", AREA)
    assert session.reading.text == "4" and session.can_correct
    session.correct(0, "9")
    assert session.picture and session.reading.text == "9"
    session.learning.forget_all()
    session.undo()
    session.read()
    assert text(work) == ""


def test_switched_off_it_reads_as_before_and_keeps_what_it_learned(
    work: Work, opened: Open
) -> None:
    session = taught(work)
    session.learning.switch(False)
    session.keep_hand()
    assert text(work) == "4"
    session.close()
    again = opened().session
    assert not again.learning.on and len(again.learning.hand.drawings) == 1
    again.learning.switch(True)
    again.read()
    assert again.reading.text == "9"


def test_one_drawing_or_all_are_forgotten(work: Work, opened: Open) -> None:
    session = taught(work)
    session.learning.learn_strokes([("3", demo_drawings()[8])], CANVAS_EXTENT)
    first, _ = session.learning.hand.drawings
    assert session.learning.forget(first).text == "This 9 is forgotten"
    assert text(work) == "4" and len(session.learning.hand.drawings) == 1
    session.learning.forget_all()
    assert not opened().session.learning.hand.drawings


def test_several_people_write_each_with_a_hand(work: Work, opened: Open) -> None:
    learning = taught(work).learning
    learning.create("Anna")
    assert text(work) == "4"
    work.session.correct(0, "7")
    assert text(work) == "7"
    work.session.keep_hand()
    again = opened()
    assert again.session.learning.hand.name == "Anna"
    again.session.learning.choose("My hand")
    again.draw(4)
    assert text(again) == "9"
    assert again.session.learning.store.names() == ["Anna", "My hand"]


@pytest.mark.parametrize("name", ["Ben/../..", "Con.", "Klasse 4b: Ö", "😀" * 40, "a*?<>|", "%41"])
def test_any_name_can_be_given(name: str, work: Work, opened: Open) -> None:
    learning = work.session.learning
    assert not learning.create(name).trouble
    learning.learn_strokes(FOUR, CANVAS_EXTENT)
    (path,) = learning.store.folder.iterdir()
    assert path.parent == learning.store.folder
    again = opened().session.learning
    again.choose(name)
    assert again.store.names() == [name] and len(again.hand.drawings) == 1


def test_a_hand_is_renamed_and_removed(work: Work) -> None:
    learning = taught(work).learning
    learning.create("Anna")
    assert learning.rename("my HAND").text == "There is a hand “my HAND” already"
    assert learning.rename(" ").trouble and learning.rename("Ben").text == "This hand is “Ben” now"
    assert learning.rename("BEN").text == "This hand is “BEN” now"
    assert learning.store.names() == ["BEN", "My hand"]
    assert learning.remove().text == "“BEN” is deleted"
    assert learning.hand.name == "My hand" and len(learning.hand.drawings) == 1


def test_a_hand_is_exported_and_imported_elsewhere(work: Work, tmp_path: Path) -> None:
    learning = taught(work).learning
    told = learning.export(tmp_path / "out")
    path = Path(told.text.partition("\n")[2])
    assert path.name == "hand-My hand.hand" and path.stat().st_size < 3000
    assert learning.export(tmp_path / "out").text.endswith("hand-My hand-2.hand")
    other = Work(tmp_path / "elsewhere", NearestDrawing())
    assert other.session.learning.import_file(path).text == "Imported “My hand”"
    other.draw(4)
    assert text(other) == "9"
    assert learning.import_file(path).text == "Imported “My hand 2”"


def test_the_hands_of_a_class_are_one_data_set(work: Work, tmp_path: Path) -> None:
    learning = taught(work).learning
    for name in ("Anna", "Ben"):
        learning.create(name)
        learning.learn_strokes(FOUR, CANVAS_EXTENT)
    told = learning.export_all(tmp_path / "out")
    assert told.text.startswith("3 drawings of 3 hands exported")
    hands = read_hands(Path(told.text.partition("\n")[2]))
    assert [hand.name for hand in hands] == ["Anna", "Ben", "My hand"]


def test_nothing_to_export_is_told(work: Work, tmp_path: Path) -> None:
    learning = work.session.learning
    for told in (learning.export(tmp_path), learning.export_all(tmp_path)):
        assert told.text.startswith("There is nothing to export yet")


def test_a_damaged_hand_is_set_aside_with_a_sentence(work: Work, opened: Open) -> None:
    path = taught(work).learning.store.path_of("My hand")
    path.write_bytes(path.read_bytes()[:-50])
    again = opened()
    (told,) = again.told
    assert told.trouble and told.text.startswith("What was learned from “My hand” is damaged.")
    aside = Path(told.text.partition("\n")[2])
    assert aside.read_bytes() and not path.exists()
    taught(again)
    assert text(again) == "9" and aside.exists()


def test_a_damaged_file_is_not_imported(work: Work, tmp_path: Path) -> None:
    (tmp_path / "a.hand").write_text("{}")
    told = work.session.learning.import_file(tmp_path / "a.hand")
    assert told.trouble and "a.hand is damaged" in told.text


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere, as may Windows"
)
def test_where_nothing_can_be_written_it_learns_until_the_end(work: Work) -> None:
    folder = work.session.learning.store.folder
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    try:
        taught(work)
    finally:
        folder.chmod(0o700)
    assert work.told[-1].trouble and "only until you quit" in work.told[-1].text
    assert text(work) == "9"


def test_where_a_file_is_in_the_way_it_learns_until_the_end(work: Work) -> None:
    folder = work.session.learning.store.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file")
    taught(work)
    assert work.told[-1].trouble and "only until you quit" in work.told[-1].text
    assert text(work) == "9"


def test_two_windows_lose_nothing_of_what_either_learned(work: Work, opened: Open) -> None:
    first, second = work.session.learning, opened().session.learning
    first.learn_strokes(FOUR, CANVAS_EXTENT)
    second.learn_strokes([("3", demo_drawings()[8])], CANVAS_EXTENT)
    first.learn_strokes([("1", demo_drawings()[7])], CANVAS_EXTENT)
    labels = ["9", "3", "1"]
    assert [each.label for each in first.hand.drawings] == labels
    second.forget(second.hand.drawings[0])
    assert [each.label for each in opened().session.learning.hand.drawings] == labels[1:]


@pytest.mark.parametrize("text_of", ["[]", '{"hand": 7}', '{"theme": "dark", "pen_width": 9}'])
def test_settings_of_before_still_count(text_of: str, work: Work, opened: Open) -> None:
    work.session.close()
    (path,) = work.session.storage.unsaved.parent.glob("settings.json")
    path.write_text(text_of)
    again = opened().session
    assert again.learning.on and again.learning.hand.name == "My hand"
    assert again.settings.theme == ("dark" if "dark" in text_of else "auto")
