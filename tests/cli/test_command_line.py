"""The command line's errors are one sentence and status 2."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from recognizer.cli import COMMANDS, main

needs_tensorflow = pytest.mark.skipif(
    find_spec("tensorflow") is None, reason="TensorFlow is not installed"
)


@needs_tensorflow
def test_training_without_data_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--data-dir", str(tmp_path / "none"), "--run", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "no data folder" in error
    assert len(error.splitlines()) == 1


@needs_tensorflow
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


def test_the_commands_are_known_without_anything_heavy() -> None:
    code = (
        "import sys, recognizer.cli; recognizer.cli._parser(); "
        "assert not {'numpy', 'cv2', 'keras', 'tensorflow', 'scipy', 'tqdm'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_tells_its_options(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([name, "--help"])
    assert stop.value.code == 0
    assert f"python -m recognizer {name}" in capsys.readouterr().out


def test_without_tensorflow_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "recognizer.evaluation.evaluate", None)
    assert main(["evaluate"]) == 2
    assert "pip install -r requirements.txt" in capsys.readouterr().err
