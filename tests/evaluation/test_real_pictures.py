"""Real pictures are read in their modes and compared line by line, and only told of in words."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from recognizer import Recognizer
from recognizer.datasets import DataError
from recognizer.evaluation.real_pictures import (
    describe_pictures,
    is_right,
    picture_figures,
    read_pictures,
)
from tests.samples import written


def data_folder(folder: Path, *told: dict[str, Any]) -> Path:
    """A data folder with pictures; told: of each, of which "ink" is what is written in it."""
    (folder / "pictures").mkdir()
    for number, each in enumerate(told):
        each["file"] = f"{number}.png"
        Image.fromarray(255 - written(each.pop("ink"))).save(folder / "pictures" / each["file"])
    (folder / "pictures" / "truth.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def picture(ink: str, **more: Any) -> dict[str, Any]:
    return {"ink": ink, "text": ink, "kind": "made", "mode": "digits"} | more


def test_pictures_are_compared_line_by_line_without_spaces(tmp_path: Path) -> None:
    folder = data_folder(
        tmp_path,
        picture("2047\n135", text="20 47\n1 3 5"),
        picture("2047", text="2046", kind="other"),
        picture("2047", mode="sums"),
        picture("135\n2047", text="2047", may_also_stand=["a heading"]),
        picture("2047", mode="runes"),
    )
    found = read_pictures(Recognizer(), folder)
    assert [each["right"] for each in found] == [True, False, True, True]
    assert found[1]["read"] == ["2047"] and found[1]["truth"] == ["2046"]
    figures = picture_figures(found)
    assert (figures["pictures_right"]["value"], figures["pictures_right"]["n"]) == (3, 4)
    assert figures["pictures_sure_wrong"]["value"] == int(found[1]["sure"])
    told = describe_pictures(found)
    assert {kind: (one["right"], one["n"]) for kind, one in told["kinds"].items()} == {
        "made": (3, 3),
        "other": (0, 1),
    }


@pytest.mark.parametrize(
    ("read", "more", "right"),
    [
        (["12", "34"], 0, True),
        (["1234"], 0, False),
        (["34", "12"], 0, False),
        (["9", "12", "34"], 0, False),
        (["9", "12", "34"], 1, True),
        (["9", "9", "12", "34"], 1, False),
        ([], 1, False),
    ],
)
def test_lines_that_may_stand_there_are_no_mistake(read: list[str], more: int, right: bool) -> None:
    assert is_right(read, ["12", "34"], more) == right


def test_without_pictures_nothing_is_told(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        assert read_pictures(Recognizer(), folder) == []
    assert picture_figures([]) == {} and describe_pictures([]) == {}


@pytest.mark.parametrize("text", ["{", "[1]", '[{"file": "0.png", "mode": "digits"}]'])
def test_a_damaged_truth_is_named(tmp_path: Path, text: str) -> None:
    folder = data_folder(tmp_path, picture("1"))
    (folder / "pictures" / "truth.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"truth\.json is damaged"):
        read_pictures(Recognizer(), folder)
