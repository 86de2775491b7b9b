"""Starting the program as a person does: in a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recognizer.files import SAVED_MODEL

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds; a busy machine takes its time."""


def environment(tmp_path: Path, driver: str | None = "dummy") -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept["XDG_RUNTIME_DIR"] = str(tmp_path)
    kept.pop("SDL_VIDEODRIVER", None)
    return kept | ({"SDL_VIDEODRIVER": driver} if driver else {})


def start(
    tmp_path: Path, *arguments: str, driver: str | None = "dummy"
) -> subprocess.CompletedProcess[str]:
    """Run main.py to its end."""
    return subprocess.run(
        [sys.executable, "main.py", "--data", str(tmp_path / "data"), *arguments],
        cwd=ROOT,
        env=environment(tmp_path, driver),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("main.py: ")]
    assert "Traceback" not in done.stderr
    return line


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is always a display")
@pytest.mark.parametrize("driver", ["x11", None])
def test_no_display(tmp_path: Path, driver: str | None) -> None:
    line = complaint(start(tmp_path, driver=driver))
    assert "no display" in line and "python -m recognizer read" in line


def test_the_command_without_a_display_works(tmp_path: Path) -> None:
    from PIL import Image

    from recognizer.app.launch import READ_COMMAND

    Image.new("L", (40, 40), "white").save(tmp_path / "FILE", format="PNG")
    paths = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *READ_COMMAND.split()[1:]], cwd=tmp_path, env=paths,
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "FILE: No digits found", done.stderr


def test_no_model(tmp_path: Path) -> None:
    line = complaint(start(tmp_path, "--model", str(tmp_path / "nowhere")))
    assert str(tmp_path / "nowhere") in line and "train" in line


def test_a_damaged_model(tmp_path: Path) -> None:
    shutil.copytree(SAVED_MODEL, tmp_path / "model")
    (tmp_path / "model" / "digits.tflite").write_bytes(b"TFL3" * 100)
    line = complaint(start(tmp_path, "--model", str(tmp_path / "model")))
    assert "damaged" in line and "digits.tflite" in line


OPEN_AND_TELL = """
import sys, time
from recognizer.app.launch import _parser, open_window
window = open_window(_parser().parse_args(sys.argv[1:]))
while window.screen.session.opening:
    window.step([])
    time.sleep(0.01)
window.step([])
print(window.screen.view.toast.message)
"""


@pytest.mark.parametrize("name", ["gone.png", "empty.inkml", "text.jpg"])
def test_an_unreadable_file_opens_the_window_with_a_message(tmp_path: Path, name: str) -> None:
    if name != "gone.png":
        (tmp_path / name).write_text("")
    done = subprocess.run(
        [sys.executable, "-c", OPEN_AND_TELL, "--data", str(tmp_path / "data"),
         str(tmp_path / name)],
        cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert name in done.stdout and "trouble=True" in done.stdout
    (line,) = [line for line in done.stderr.splitlines() if name in line]
    assert "It should be one of" in line


@pytest.mark.parametrize("size", ["10x10", "huge", "640"])
def test_a_senseless_size(tmp_path: Path, size: str) -> None:
    done = start(tmp_path, "--size", size)
    assert done.returncode == 2 and "640x480" in done.stderr


def test_a_window_needs_none_of_the_tools_of_training(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from recognizer.app.launch import _parser, open_window\n"
        f"window = open_window(_parser().parse_args(['--data', {str(tmp_path)!r}]))\n"
        "window.step([])\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(tmp_path), capture_output=True,
        text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "pygame" in done.stdout
    for heavy in ("tensorflow", "keras", "matplotlib", "sklearn", "scipy", "cv2"):
        assert f"'{heavy}'" not in done.stdout


DRAW_AND_WAIT = """
import sys, time
import pygame
from pygame.event import Event
from recognizer.app.launch import _parser, open_window
window = open_window(_parser().parse_args(sys.argv[1:]))
window.step([])
x, y = window.layout.canvas.center
window.step([Event(pygame.MOUSEBUTTONDOWN, pos=(x, y - 100), button=1)])
for step in range(200):
    window.step([Event(pygame.MOUSEMOTION, pos=(x, y - 100 + step), buttons=(1, 0, 0))])
window.step([Event(pygame.MOUSEBUTTONUP, pos=(x, y + 100), button=1)])
print("drawn", flush=True)
time.sleep(600)
"""


def test_a_killed_window_loses_nothing(tmp_path: Path) -> None:
    arguments = ["--data", str(tmp_path / "data")]
    process = subprocess.Popen(
        [sys.executable, "-c", DRAW_AND_WAIT, *arguments],
        cwd=ROOT,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "drawn\n"
    process.kill()
    process.communicate()
    code = (
        "import sys\n"
        "from recognizer.app.launch import _parser, open_window\n"
        "window = open_window(_parser().parse_args(sys.argv[1:]))\n"
        "window.step([])\n"
        "print(window.screen.title())\n"
    )
    again = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment(tmp_path),
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert again.stdout.startswith("1 ("), again.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of Unix")
def test_the_loop_runs_and_ends_when_asked_to(tmp_path: Path) -> None:
    """The loop waits, plays the demo, and ends by the usual signal."""
    arguments = ["--demo", "--data", str(tmp_path / "data"), "--folder", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "main.py", *arguments], cwd=ROOT, env=environment(tmp_path)
    )
    time.sleep(3)
    assert process.poll() is None
    process.terminate()
    assert process.wait(PATIENCE) in (0, -signal.SIGTERM)
