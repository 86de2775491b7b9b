"""The command line's errors are one sentence and status 2."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from recognizer.cli import COMMANDS, main
from tests.samples import picture_of

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


@pytest.mark.parametrize("count", ["0", "-1", "62", "9" * 400, "two", "2.5", ""])
def test_a_wrong_number_of_processes_is_told(
    count: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["read", "a.png", f"--processes={count}"])
    assert stop.value.code == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert "a whole number from 1 to 61 is needed; got" in error and len(error) < 200


def test_nothing_that_is_given_moves_the_cursor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = "\x1b[2J\nodd"
    (tmp_path / odd).write_text("no folder and no hand")
    for option in ("--bogus", "--model", "--hand", "--labels", "--csv", "--annotate"):
        value = odd if option in ("--bogus", "--labels") else str(tmp_path / odd)
        try:
            status = main(["read", "a.png", f"{option}={value}"])
        except SystemExit as stop:
            status = int(stop.code or 0)
        told = capsys.readouterr()
        assert status in (1, 2)
        if option != "--bogus":  # for which the usage is printed too
            assert len(told.err.splitlines()) == 1
        assert (told.out + told.err).replace("\n", "").isprintable()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_without_streams_a_command_works_all_the_same(tmp_path: Path, closed: str) -> None:
    picture_of(7).save(tmp_path / "7.png")
    line = f'"{sys.executable}" -m recognizer read 7.png --csv t.csv {closed}'
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(line, shell=True, cwd=tmp_path, env=environment, capture_output=True)
    assert done.returncode == 0 and b"Traceback" not in done.stderr
    assert (tmp_path / "t.csv").read_text().splitlines()[1].startswith("7.png,7,")
