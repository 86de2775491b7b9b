"""A tiny search on made data: it goes on after a kill, keeps to its folder, and can be shared."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from recognizer.cli import main
from recognizer.datasets import Sample
from recognizer.training import tuning
from recognizer.training.collection import Collection, packed
from recognizer.training.synthesis import TrainingData
from recognizer.training.tuning import PLOT_FILE, draw_plot, search, tune
from recognizer.training.tuning.plan import (
    PLAN_FILE,
    SPACES,
    TRIALS_FILE,
    Limits,
    Plan,
    Trial,
    TuneError,
)
from tests.training.made import alone, made_data, made_images, part_of

pytestmark = pytest.mark.filterwarnings(
    # KerasTuner asks Python for a thread's name in its old way.
    "ignore:(currentThread|getName)\\(\\) is deprecated:DeprecationWarning:keras_tuner"
)

ROOT = Path(__file__).parents[2]
PLAN = Plan(method="random", epochs=1, subset=256)


def made_collection(*_: Any) -> Collection:
    """Bars in place of MNIST's digits, 256 by training writers and 64 for choosing."""
    images = made_images(320, 1)
    samples = [
        Sample(str(label), "mnist", f"mnist/{at % 5}", picture=image)
        for at, (image, label) in enumerate(zip(images.images, images.labels, strict=True))
    ]
    return packed(samples, np.zeros(len(samples), dtype=bool))


@pytest.fixture(autouse=True)
def little_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "gather", made_collection)


def kept(folder: Path) -> list[dict[str, Any]]:
    content = json.loads((folder / TRIALS_FILE).read_text(encoding="utf-8"))
    return list(content["trials"])


def test_a_search_leaves_a_table_and_a_plot_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tune(tmp_path, None, PLAN, Limits(trials=2))
    first = kept(tmp_path)
    assert [trial["accuracy"] for trial in first] == sorted(
        (trial["accuracy"] for trial in first), reverse=True
    )
    assert "2 of 2 trials are done" in capsys.readouterr().out
    with Image.open(tmp_path / PLOT_FILE) as picture:
        assert picture.width > 1000

    tune(tmp_path, None, PLAN, Limits(trials=3))
    second = kept(tmp_path)
    assert len(second) == 3
    assert all(trial in second for trial in first)
    # Reading KerasTuner's state is its own matter; nothing of it is for the screen.
    assert "Reloading" not in capsys.readouterr().out


def test_hyperband_lets_the_better_go_on(tmp_path: Path) -> None:
    searching = search.Search(tmp_path, Plan(epochs=2, subset=256), Limits(trials=3))
    searching.go(alone(made_images(256, 1)), part_of(made_images(50, 2)))
    first, second, third = searching.finished
    better = max(first, second, key=lambda trial: trial.accuracy)
    assert (first.epochs, second.epochs, third.epochs) == (1, 1, 2)
    assert third.values == better.values


def test_a_search_of_ours_learns_from_pen_strokes_too(tmp_path: Path) -> None:
    data = made_data()
    data = TrainingData({**data.groups, **alone(made_images(256, 1)).groups})
    plan = Plan(space="ours", method="random", epochs=1, subset=256)
    searching = search.Search(tmp_path, plan, Limits(trials=1))
    searching.go(data, part_of(made_images(50, 2)))
    assert set(searching.finished[0].values) == {"dropout", "learning rate", "weight decay"}


def test_an_interrupted_trial_is_run_again_and_the_others_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["tune", "--method=random", "--epochs=1", "--subset=256", "--trials=2", "--run"]
    real = search.Search._run

    def interrupted(self: search.Search, trial: Any, *rest: Any) -> dict[str, float]:
        if trial.trial_id == "1":
            raise KeyboardInterrupt
        return real(self, trial, *rest)

    monkeypatch.setattr(search.Search, "_run", interrupted)
    assert main([*options, str(tmp_path)]) == 130
    monkeypatch.setattr(search.Search, "_run", real)
    first = kept(tmp_path)
    assert len(first) == 1
    assert "goes on" in capsys.readouterr().err
    assert main([*options, str(tmp_path)]) == 0
    assert len(kept(tmp_path)) == 2
    assert first[0] in kept(tmp_path)


def test_after_the_given_time_no_trial_begins(tmp_path: Path) -> None:
    tune(tmp_path, None, PLAN, Limits(trials=9, hours=1e-9))
    assert not (tmp_path / TRIALS_FILE).exists()


def test_a_trial_that_breaks_stops_the_search_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> dict[str, float]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(search.Search, "_run", full)
    with pytest.raises(TuneError, match=r"Trial 1 broke .*No space left.* the same command"):
        tune(tmp_path, None, PLAN, Limits(trials=2))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"space": "cat"}, "simple, ours"),
        ({"method": "luck"}, "hyperband, random"),
        ({"epochs": 0}, "epochs must be at least 1"),
        ({"subset": 5}, "subset must be at least 256"),
    ],
)
def test_what_cannot_be_searched_is_refused(settings: Mapping[str, Any], says: str) -> None:
    with pytest.raises(TuneError, match=says):
        Plan(**settings)


@pytest.mark.parametrize("limits", [{"trials": 0}, {"trials": 1, "hours": 0.0}])
def test_a_search_without_an_extent_is_refused(limits: Mapping[str, Any]) -> None:
    with pytest.raises(TuneError):
        Limits(**limits)


def test_a_folder_with_another_search_is_refused(tmp_path: Path) -> None:
    search.Search(tmp_path, PLAN, Limits(trials=1))
    with pytest.raises(TuneError, match=r"another search \(space simple, .*--run"):
        search.Search(tmp_path, Plan(space="ours"), Limits(trials=1))


@pytest.mark.parametrize("name", [PLAN_FILE, "state/oracle.json"])
def test_a_damaged_folder_is_refused(tmp_path: Path, name: str) -> None:
    search.Search(tmp_path, PLAN, Limits(trials=1))
    (tmp_path / name).write_text("{")
    with pytest.raises(TuneError, match="is damaged"):
        search.Search(tmp_path, PLAN, Limits(trials=1))


@pytest.mark.parametrize("content", ["", '{"ongoing'], ids=["a full disk", "a kill"])
@pytest.mark.parametrize("name", ["oracle.json", "trial_0/trial.json", "tuner0.json"])
def test_a_state_that_was_written_in_part_is_mended_from_its_copy(
    tmp_path: Path, name: str, content: str
) -> None:
    search.Search(tmp_path, PLAN, Limits(trials=2)).go(
        alone(made_images(256, 1)), part_of(made_images(50, 2))
    )
    (tmp_path / "state" / name).write_text(content)
    again = search.Search(tmp_path, PLAN, Limits(trials=2))
    assert sorted(trial.number for trial in again.finished) == [1, 2]


def test_a_state_and_a_copy_that_are_damaged_are_refused(tmp_path: Path) -> None:
    tune(tmp_path, None, PLAN, Limits(trials=1))
    for path in (tmp_path / "state" / "oracle.json", tmp_path / search.STATE_COPY):
        path.write_text("{")
    with pytest.raises(TuneError, match="is damaged"):
        search.Search(tmp_path, PLAN, Limits(trials=1))


def test_a_full_disk_while_the_state_is_written_loses_no_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tune(tmp_path, None, PLAN, Limits(trials=1))

    def full(path: Path, _: bytes) -> None:
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(search, "atomic_write", full)
        tune(tmp_path, None, PLAN, Limits(trials=2))
    (tmp_path / "state" / "oracle.json").write_text("{")
    tune(tmp_path, None, PLAN, Limits(trials=2))
    assert [trial["number"] for trial in kept(tmp_path)].count(1) == 1
    assert len(kept(tmp_path)) == 2


def test_a_worker_without_its_name_is_told_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERASTUNER_ORACLE_IP", "127.0.0.1")
    with pytest.raises(TuneError, match="KERASTUNER_TUNER_ID"):
        search.role()


def test_the_plot_has_a_line_for_each_trial_and_marks_the_best() -> None:
    values = {name: choices[0] for name, choices in SPACES["simple"].settings.items()}
    made = [Trial(n, values, 1, accuracy, 0.1, 1.0) for n, accuracy in enumerate((0.1, 0.9))]
    axes = draw_plot(PLAN, made).axes[0]
    lines = axes.lines[len(values) :]
    assert [line.get_linewidth() > 2 for line in lines] == [False, True]
    assert "90.00 %" in axes.get_title()


def process(folder: Path, name: str | None = None, port: int = 0) -> subprocess.Popen[str]:
    """A search on made data in a process of its own, as chief or worker if it has a name."""
    code = "import sys; from tests.training import test_tuning; test_tuning.go_in(sys.argv[1])"
    shared = {
        "KERASTUNER_TUNER_ID": name or "",
        "KERASTUNER_ORACLE_IP": "127.0.0.1",
        "KERASTUNER_ORACLE_PORT": str(port),
        "no_proxy": "127.0.0.1",
    }
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **(shared if name else {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def go_in(folder: str) -> None:
    """What `process` runs."""
    tuning.gather = made_collection  # type: ignore[attr-defined,assignment]
    tune(Path(folder), None, PLAN, Limits(trials=4))


def test_a_killed_search_goes_on(tmp_path: Path) -> None:
    killed = process(tmp_path)
    finished = tmp_path / "state" / "trial_0" / "model.keras"
    while not finished.exists() and killed.poll() is None:
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    tune(tmp_path, None, PLAN, Limits(trials=4))
    assert sorted(trial["number"] for trial in kept(tmp_path)) == [1, 2, 3, 4]


def test_two_workers_and_a_chief_share_a_search(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    names = ("chief", "worker1", "worker2")
    processes = [process(tmp_path, name, port) for name in names]
    said = dict(zip(names, (one.communicate()[0] for one in processes), strict=True))
    assert [one.returncode for one in processes] == [0, 0, 0], said
    assert "giving out trials" in said["chief"]
    assert "4 of 4 trials are done" in said["chief"]
    assert {trial["number"] for trial in kept(tmp_path)} == {1, 2, 3, 4}
    trained = [said[name].count("after 1 epochs") for name in names]
    assert trained[0] == 0
    assert sum(trained) == 4
