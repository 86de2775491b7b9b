"""The list of runs: finished, interrupted and damaged ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from recognizer.cli import main
from recognizer.cli.runs import runs_table


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))


def epoch(accuracy: float) -> dict[str, float]:
    return {
        "mnist_validation_accuracy": accuracy,
        "pen_validation_accuracy": accuracy - 0.1,
        "seconds": 90.0,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    settings = {"architecture": "deep", "epochs": 5, "fine_tuning_epochs": 0}
    write(tmp_path / "begun" / "config.json", settings)
    write(tmp_path / "begun" / "history.json", [epoch(0.9), epoch(0.95)])
    write(tmp_path / "whole" / "config.json", settings)
    write(tmp_path / "whole" / "history.json", [epoch(0.98)] * 5)
    card = {
        "parameters": 77098,
        "configuration": settings,
        "training_minutes": 7.5,
        "validation": {"mnist": {"misread": 50, "n": 5000}, "pen": {"misread": 5, "n": 1000}},
        "figures": {"mnist_test_accuracy_exported": {"value": 98.7}},
    }
    write(tmp_path / "whole" / "card.json", card)
    (tmp_path / "whole" / "digits.tflite").touch()
    write(tmp_path / "knn" / "card.json", card | {"configuration": {"architecture": "knn"}})
    (tmp_path / "knn" / "digits.tflite").touch()
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "config.json").write_text('{"archi')
    write(tmp_path / "wrong" / "card.json", ["no card"])
    return tmp_path


def line(table: str, name: str) -> list[str]:
    (found,) = (text for text in table.splitlines() if text.startswith(name))
    return found.split()


def test_a_finished_run_shows_its_figures(folder: Path) -> None:
    cells = line(runs_table(folder), "whole")
    assert cells[1:6] == ["deep", "77,098", "5", "of", "5"]
    assert cells[6:] == ["99.00", "99.50", "98.70", "–", "7.5", "finished"]


def test_an_interrupted_run_shows_how_far_it_came(folder: Path) -> None:
    cells = line(runs_table(folder), "begun")
    assert cells[3:] == ["2", "of", "5", "95.00", "85.00", "–", "–", "3.0", "interrupted"]


def test_what_has_no_epochs_is_listed_too(folder: Path) -> None:
    assert line(runs_table(folder), "knn")[1:4] == ["knn", "77,098", "–"]


@pytest.mark.parametrize("name", ["torn", "wrong"])
def test_a_damaged_run_is_named_and_the_others_are_shown(folder: Path, name: str) -> None:
    assert "damaged" in line(runs_table(folder), name)


def test_the_columns_stand_below_each_other(folder: Path) -> None:
    lines = runs_table(folder).splitlines()
    at = lines[0].index("architecture")
    assert all(text[at - 1] == " " and text[at] != " " for text in lines)


def test_without_runs_it_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["runs", str(tmp_path)]) == 2
    assert "python -m recognizer train" in capsys.readouterr().err


def test_the_command_prints_the_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", str(folder)]) == 0
    assert capsys.readouterr().out.strip() == runs_table(folder)
