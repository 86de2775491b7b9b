"""The card: what it tells, and cards that are refused."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognizer.files import SAVED_MODEL
from recognizer.labels import known_sets
from recognizer.model import card
from recognizer.model.card import CARD_FILE, KERAS_FILE, MODEL_FILE, ModelCard
from tests.samples import changed, copied_model, refusal

SAVED = card.read(SAVED_MODEL / CARD_FILE)
COSTS = SAVED["segmentation"]
NEEDED = (
    ("labels",),
    ("acceptance_threshold",),
    ("segmentation",),
    ("segmentation", "strokes"),
    *(("segmentation", "strokes", cost) for cost in COSTS["strokes"]),
)
"""What reading needs of a card, each by its keys."""


def without(keys: tuple[str, ...]) -> dict[str, Any]:
    """The saved card, in which one thing is missing."""
    content = copy.deepcopy(SAVED)
    room = content
    for key in keys[:-1]:
        room = room[key]
    del room[keys[-1]]
    return content


def replaced(keys: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The saved card, in which one thing is another."""
    content = without(keys)
    room = content
    for key in keys[:-1]:
        room = room[key]
    room[keys[-1]] = value
    return content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied_model(tmp_path)


def test_the_saved_card_tells_what_reading_needs() -> None:
    found = card.load(SAVED_MODEL)
    assert found.labels == tuple(SAVED["labels"])
    for mode, labels in known_sets(found.labels).items():
        assert found.threshold_for(labels) == SAVED["acceptance_threshold"][mode]
    assert vars(found.sign_grouping) == SAVED["segmentation"]["signs"]
    assert vars(found.grouping) == {"above": 0.0} | SAVED["segmentation"]["strokes"]
    assert found.content == SAVED


@pytest.mark.parametrize("line", [{"weights": {"cut": 4.5}, "dirt": [1.0, 4.0]}, None, "x"])
def test_what_cards_told_of_cutting_lines_is_passed_over(line: object) -> None:
    content = SAVED | {"segmentation": COSTS | {"line": line}}
    assert ModelCard.of(content).grouping == ModelCard.of(SAVED).grouping


def test_each_set_of_labels_may_have_a_threshold_and_others_get_the_strictest() -> None:
    labels = [*"0123456789", *"abc", "+"]
    thresholds = {"digits": 0.9, "letters": 0.95, "sums": 0.8}
    found = ModelCard.of(SAVED | {"labels": labels, "acceptance_threshold": thresholds})
    assert found.threshold_for(tuple("0123456789")) == 0.9
    assert found.threshold_for(tuple("abc")) == 0.95
    assert found.threshold_for((*"0123456789", "+")) == 0.8
    for part, threshold in (("01", 0.9), ("ab", 0.95), ("3+", 0.8)):
        assert found.threshold_for(tuple(part)) == threshold, "it is that of the set around it"
    for other in ("0123456789a", "a+"):
        assert found.threshold_for(tuple(other)) == 0.95


@pytest.mark.parametrize("thresholds", [{}, {"runes": 0.9}, {"digits": 1.5}, {"digits": "high"}])
def test_thresholds_of_no_set_or_beyond_one_are_refused(
    folder: Path, thresholds: dict[str, object]
) -> None:
    card.write(folder / CARD_FILE, SAVED | {"acceptance_threshold": thresholds})
    assert f"{folder / CARD_FILE} is damaged" in refusal(folder)


def test_signs_may_have_costs_of_their_own() -> None:
    content = copy.deepcopy(SAVED)
    content["segmentation"].pop("signs", None)
    assert card.ModelCard.of(content).sign_grouping == card.ModelCard.of(SAVED).grouping
    content["segmentation"]["signs"] = {**COSTS["strokes"], "small": 0.5}
    assert card.ModelCard.of(content).sign_grouping.small == 0.5
    content["segmentation"]["signs"] = {**COSTS["strokes"], "small": "0.5"}
    with pytest.raises(ValueError, match="number"):
        card.ModelCard.of(content)


@pytest.mark.parametrize("name", [MODEL_FILE, KERAS_FILE])
def test_the_saved_card_has_the_hashes_of_its_files(name: str) -> None:
    assert card.verified(SAVED_MODEL, name, SAVED) == (SAVED_MODEL / name).read_bytes()


def test_the_saved_card_is_written_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / CARD_FILE
    card.write(path, SAVED)
    assert path.read_bytes() == (SAVED_MODEL / CARD_FILE).read_bytes()
    assert card.read(path) == SAVED


def test_lists_of_numbers_stand_on_one_line() -> None:
    text = card.as_text({"a": [1, -2.5, 3e-05], "b": {"c": ["x", "y"]}, "d": []})
    assert '"a": [1, -2.5, 3e-05]' in text
    assert '"x",\n' in text
    assert json.loads(text) == {"a": [1, -2.5, 3e-05], "b": {"c": ["x", "y"]}, "d": []}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"x"', "7", "null", '[["labels", 1]]', "[" * 99999]
)
def test_a_damaged_card_is_named(folder: Path, text: str) -> None:
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
    assert f"{folder / CARD_FILE} is damaged" in refusal(folder)


def test_a_card_of_other_bytes_is_named(folder: Path) -> None:
    (folder / CARD_FILE).write_bytes(b"\xff\xfe\x00\x01")
    assert f"{folder / CARD_FILE} is damaged" in refusal(folder)


def test_a_card_that_is_a_folder_is_named(folder: Path) -> None:
    (folder / CARD_FILE).unlink()
    (folder / CARD_FILE).mkdir()
    assert str(folder / CARD_FILE) in refusal(folder)


@pytest.mark.parametrize("text", ["{}", '{"sure_threshold": "a"}', '{"sure_threshold": 0.98}'])
def test_a_card_that_tells_too_little_is_refused(folder: Path, text: str) -> None:
    """So are those that were written before a model's labels stood in its card."""
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
    assert f"{folder / CARD_FILE} does not tell" in refusal(folder)


@pytest.mark.parametrize("keys", NEEDED, ids="-".join)
def test_what_a_card_does_not_tell_is_named(folder: Path, keys: tuple[str, ...]) -> None:
    card.write(folder / CARD_FILE, without(keys))
    told = refusal(folder)
    assert str(folder / CARD_FILE) in told
    assert keys[-1] in told


@pytest.mark.parametrize("keys", NEEDED, ids="-".join)
def test_what_is_of_another_kind_in_a_card_is_refused(folder: Path, keys: tuple[str, ...]) -> None:
    for value in (None, "0.5", True, float("nan"), float("inf"), 10**400, [], {}, [1], {"a": 1}):
        card.write(folder / CARD_FILE, replaced(keys, value))
        told = refusal(folder)
        assert f"{folder / CARD_FILE} is damaged" in told or f"{CARD_FILE} does not tell" in told


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("acceptance_threshold",), 2),
        (("acceptance_threshold",), -0.1),
        (("labels",), [str(digit) for digit in [*range(9), 8]]),
        (("labels",), list(range(10))),
        (("labels",), "0123456789"),
        (("labels",), ["", *"123456789"]),
        (("labels",), ["7"]),
        (("segmentation", "strokes", "min_uncertainty"), 0),
        (("segmentation", "strokes", "unknown"), 1.0),
    ],
)
def test_wrong_values_in_a_card_are_refused(
    folder: Path, keys: tuple[str, ...], value: object
) -> None:
    content = copy.deepcopy(SAVED)
    room = content
    for key in keys[:-1]:
        room = room[key]
    room[keys[-1]] = value
    card.write(folder / CARD_FILE, content)
    assert f"{folder / CARD_FILE} is damaged" in refusal(folder)


@pytest.mark.parametrize("count", [2, 9, 11])
def test_labels_of_another_number_are_refused(folder: Path, count: int) -> None:
    changed(folder, labels=list("0123456789A"[:count]))
    told = refusal(folder)
    assert str(folder / MODEL_FILE) in told
    assert f"{count} labels" in told


@pytest.mark.parametrize(
    "files",
    [
        *(None, [], "x", 7, {}),
        *({MODEL_FILE: found} for found in (None, "", "0" * 64, SAVED["files"][KERAS_FILE])),
    ],
)
def test_other_hashes_are_refused(folder: Path, files: object) -> None:
    changed(folder, files=files)
    assert f"{folder / MODEL_FILE} is damaged, or not the one" in refusal(folder)


@pytest.mark.parametrize("seed", range(40))
def test_a_card_cut_off_is_refused(folder: Path, seed: int) -> None:
    path = folder / CARD_FILE
    data = path.read_bytes()
    path.write_bytes(data[: np.random.default_rng(seed).integers(len(data) - 1)])
    assert f"{path} is damaged" in refusal(folder)
