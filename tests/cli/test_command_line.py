"""The command line's errors are one sentence and status 2."""

import sys
from pathlib import Path

import pytest

from recognizer.cli import main


def test_training_without_data_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--data-dir", str(tmp_path / "none"), "--run", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "no data folder" in error
    assert len(error.splitlines()) == 1


def test_evaluating_without_a_model_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--model", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "python -m recognizer train" in error
    assert len(error.splitlines()) == 1


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["dance"])
    assert stop.value.code == 2
    assert "dance" in capsys.readouterr().err


def test_without_tensorflow_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "recognizer.evaluation.evaluate", None)
    assert main(["evaluate"]) == 2
    assert "pip install -r requirements.txt" in capsys.readouterr().err
