"""The tables tell what metrics.json and a collection hold."""

from typing import Any

import numpy as np
import pytest

from recognizer.evaluation import hand_tables, hands
from recognizer.training import collection
from tests.evaluation.test_hands import ten_writers
from tests.training.made import made_samples, serially


def cells(table: str) -> dict[str, list[str]]:
    """The columns of each line after its name, two spaces apart."""
    lines = (line.split("  ") for line in table.splitlines())
    return {line[0].strip(): [cell.strip() for cell in line[1:] if cell] for line in lines}


def test_a_set_is_told_by_its_writers() -> None:
    told, _ = hands.describe(ten_writers())
    found = cells(hand_tables.hands_table(told["sets"][hands.AS_DISTRIBUTED], "set"))
    strokes = found["pen strokes"]
    assert found["set"][2] == "right"
    assert strokes[:4] == ["10", "100", "95.00 %", "95.00 %"] and strokes[5] == "50.00 %"
    assert "–" in strokes[4]
    countries = cells(hand_tables.hands_table(told["countries"][hands.AS_DISTRIBUTED], "country"))
    assert countries["DE, pen strokes"][1] == "100"


def test_what_may_be_answered_has_a_line_for_the_signs() -> None:
    told, _ = hands.describe(ten_writers())
    found = cells(hand_tables.modes_table(told["modes"][hands.AS_DISTRIBUTED]))
    assert [*found] == ["labels", "digits", "sums", "letters", "signs of these"]
    assert found["letters"][:2] == ["20", "100.00 %"]
    assert found["signs of these"] == ["10", "100.00 %"]


def test_recognizers_stand_side_by_side_without_what_none_has() -> None:
    figure: dict[str, Any] = {"value": 99.5, "unit": "%", "of": "", "n": 100, "interval": None}
    ours: dict[str, Any] = {
        "name": "ours",
        "title": "",
        "claim": None,
        "parameters": 1234,
        "milliseconds": 0.5,
    }
    ours |= {"training_minutes": None, "figures": {"mnist_test_accuracy_exported": figure}}
    other = ours | {"name": "deep", "title": "four", "claim": {"percent": 98.6}}
    other |= {"figures": {"paint_correct": figure | {"value": 60, "unit": "digits", "n": 64}}}
    found = cells(hand_tables.recognizers_table([ours, other]))
    assert found["recognizer"] == ["claimed", "MNIST test", "paint", "parameters", "ms a digit"]
    assert found["ours"] == ["–", "99.50 %", "–", "1,234", "0.50"]
    assert found["deep: four"] == ["98.60 %", "–", "60 of 64", "1,234", "0.50"]


def test_a_collection_is_told_set_by_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collection, "in_parallel", serially)
    samples = made_samples()
    doubtful = np.arange(len(samples)) < 3
    found = cells(hand_tables.sets_table(collection.packed(samples, doubtful)))
    assert found["pendigits"] == ["160", "10", "2", "–", "30", "30", "3"]
    assert found["bhmsds"] == ["20", "–", "–", "20", "–", "–", "–"]
