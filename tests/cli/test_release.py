"""A release runs its steps in their order, and tells how to go on after one that failed."""

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from recognizer import files
from recognizer.cli import _parser, main, release
from recognizer.cli.release import STEPS, ReleaseError, Step

NAMES = [step.name for step in STEPS]


def options(*words: str) -> argparse.Namespace:
    return _parser().parse_args(["release", *words])


def made(folder: Path, **bodies: str) -> list[Step]:
    """Steps that are made modules in a folder."""
    for name, body in bodies.items():
        (folder / f"made_{name}.py").write_text(
            "import os, sys; from pathlib import Path\n"
            f"with Path('told').open('a') as told: print({name!r}, *sys.argv[1:],"
            " os.environ.get('DIGITS_DATA', ''), file=told)\n" + body
        )
    return [
        Step(name, f"make {name}", f"made_{name} --now", name == "one", name == "two")
        for name in bodies
    ]


def told(folder: Path) -> list[str]:
    return (folder / "told").read_text().splitlines()


def names(steps: Sequence[Step]) -> list[str]:
    return [step.name for step in steps]


def test_the_steps_run_in_their_order_and_are_announced(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    steps = made(tmp_path, one="", two="")
    release.release(steps, tmp_path, options())
    assert [line.split()[0] for line in told(tmp_path)] == ["one", "two"]
    assert capfd.readouterr().out.splitlines() == ["1 of 2: make one …", "2 of 2: make two …"]


def test_the_data_folder_reaches_every_step(tmp_path: Path) -> None:
    steps = made(tmp_path, one="", two="")
    release.release(steps, tmp_path, options("--data-dir", str(tmp_path)))
    assert told(tmp_path) == [
        f"one --now --data-dir {tmp_path} {tmp_path}",
        f"two --now {tmp_path}",
    ]


def test_prepared_data_reach_the_steps_that_take_them(tmp_path: Path) -> None:
    steps = made(tmp_path, one="", two="", three="")
    release.release(steps, tmp_path, options("--prepared", str(tmp_path / "hands.npz")))
    given = f"two --now --prepared {tmp_path / 'hands.npz'} "
    assert [line.strip() for line in told(tmp_path)] == ["one --now", given.strip(), "three --now"]
    assert {step.name for step in STEPS if step.takes_prepared} == {"evaluate", "notebook"}


def test_the_first_step_that_fails_stops_it_and_tells_how_to_go_on(tmp_path: Path) -> None:
    steps = made(tmp_path, one="", two="raise SystemExit(3)", three="")
    prepared = tmp_path / "hands.npz"
    words = ["--data-dir", str(tmp_path), "--prepared", str(prepared)]
    given = options("runs/a b", "--force", *words)
    with pytest.raises(ReleaseError, match="“two” ended with status 3") as stop:
        release.release(steps, tmp_path, given)
    assert [line.split()[0] for line in told(tmp_path)] == ["one", "two"]
    command = shlex.split(str(stop.value).rpartition("there: ")[2])
    assert command[:4] == ["python", "-m", "recognizer", "release"]
    assert command[-2:] == ["--from", "two"]
    again = _parser().parse_args([*command[3:-1], "costs"])
    assert (again.folder, again.force, again.data_dir) == (Path("runs/a b"), True, tmp_path)
    assert again.prepared == prepared


def test_an_interrupted_step_tells_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("subprocess.run", interrupted)
    with pytest.raises(ReleaseError, match=r"“one” ended when it was interrupted.*--from one"):
        release.release(made(tmp_path, one=""), tmp_path, options())


def test_a_run_is_promoted_first_and_the_saved_model_needs_no_promotion() -> None:
    assert names(release.chosen(options("runs/new"))) == NAMES
    assert names(release.chosen(options())) == NAMES[1:]


def test_what_is_promoted_is_the_run_that_was_named(tmp_path: Path) -> None:
    (promote, *_) = release.chosen(options(str(tmp_path)))
    assert release._options_of(promote, options(str(tmp_path), "--force")) == [
        str(tmp_path),
        "--force",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_it_goes_on_from_any_step(name: str) -> None:
    assert names(release.chosen(options("runs/new", "--from", name)))[0] == name


def test_without_a_run_there_is_nothing_to_promote(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["release", "--from", "promote"]) == 2
    assert "release RUN" in capsys.readouterr().err


def test_a_step_that_does_not_exist_is_refused_with_those_that_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["release", "--from", "dance"])
    assert "notebook" in capsys.readouterr().err


def test_an_installed_package_makes_no_release(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(files, "IN_CHECKOUT", False)
    assert main(["release"]) == 2
    assert "checkout" in capsys.readouterr().err
