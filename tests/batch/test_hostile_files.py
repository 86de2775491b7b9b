"""No file stops the reading of a folder, and no name does anything to a terminal."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer.batch import files_in
from recognizer.batch.annotate import copy_of
from recognizer.images import Steps
from recognizer.inkml import write_inkml
from recognizer.reading import Recognizer
from tests.batch.command import read, rows
from tests.samples import pen_digits, picture_of

COMMAND = [sys.executable, "-m", "recognizer", "read"]
unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals and names")


def test_a_folder_of_bad_files_is_read_to_its_end(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hexadecimal = "#" + "f" * 300
    (folder / "hex.inkml").write_text(f"<ink><trace>{hexadecimal} 1, 2 3</trace></ink>")
    (folder / "difference.inkml").write_text(f"<ink><trace>1 1, '{hexadecimal} 1</trace></ink>")
    brush = f'<brush id="b"><brushProperty name="width" value="{hexadecimal}"/></brush>'
    trace = '<trace brushRef="#b">100 100, 250 400</trace>'
    (folder / "brush.inkml").write_text(f"<ink>{brush}{trace}</ink>")
    channels = "".join(f'<channel name="{axis}" max="1000000000"/>' for axis in "XY")
    canvas = f"<canvas><traceFormat>{channels}</traceFormat></canvas>"
    far = "<trace>0 0, 999999999 5, 3 999999999</trace>"
    (folder / "huge.inkml").write_text(f"<ink>{canvas}{trace}{far}</ink>")
    ribbon = np.full((8, 40_000), 255, dtype=np.uint8)
    ribbon[2:6, 100:103] = 0
    Image.fromarray(ribbon).save(folder / "ribbon.png")
    Image.fromarray(ribbon.T).save(folder / "pole.png")
    shutil.copy(folder / "1.png", folder / ("n" * 246 + ".png"))
    copies = tmp_path / "copies"
    for options in ((), ("--annotate", copies)):
        assert read(folder, "--processes", 1, *options) == 1
        told = capsys.readouterr()
        assert "2 of 12 files could not be read" in told.err
        assert "unknown reason" not in told.out
    assert len(list(copies.rglob("*.png"))) == 10
    assert read(folder, "--annotate", copies) == 1  # the copies are known
    assert len(capsys.readouterr().out.splitlines()) == 2


@unix
def test_links_lead_nowhere_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "loop.png").symlink_to("loop.png")
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    (folder / "again").symlink_to(folder)
    (folder / "more" / "up").symlink_to("..")
    (folder / "gone.png").symlink_to("nowhere")
    (folder / "linked.png").symlink_to("1.png")
    assert read(folder, "--annotate", folder / "copies") == 1
    told = capsys.readouterr()
    assert "4 of 10 files could not be read" in told.err
    assert sum("%" in line for line in told.out.splitlines()) == 6
    capsys.readouterr()
    assert read(folder / "again" / "more") == 0  # what is named is read


@unix
def test_folders_may_lie_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    levels = [Path(*"d" * count) for count in range(1, sys.getrecursionlimit() + 100)]
    for level in levels:
        level.mkdir()
    picture = levels[-1] / "3.png"
    picture.touch()
    try:
        assert list(files_in([Path("d")])) == [picture]
    finally:  # what tidies up after the tests does not go so deep
        picture.unlink()
        for level in reversed(levels):
            level.rmdir()


@unix
def test_names_are_printed_quoted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("\x1b[2Jclear.png", "two\nlines.png", "right\u202eto left.png", "bell\a.txt"):
        shutil.copy(folder / "1.png", folder / name)
    (folder / "\x1b]0;bad\a.png").write_bytes(b"bad")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.png")).write_bytes(b"bad")
    assert read(folder) == 1
    told = capsys.readouterr().out
    assert all(line.isprintable() for line in told.splitlines())
    assert len(told.splitlines()) == 11
    assert "two\\nlines.png': 1 (" in told
    assert read(folder, "--csv", folder / "\x1b[2Jclear.png") == 2
    assert "\x1b" not in capsys.readouterr().err


def test_a_line_names_its_file_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.png").write_bytes(b"bad")
    (folder / "bad.inkml").write_text("<ink><trace>a</trace></ink>")
    assert read(folder / "bad.png", folder / "bad.inkml", folder / "none.png") == 1
    for line in capsys.readouterr().out.splitlines():
        assert line.count(str(folder)) == 1 and line.count("damaged") <= 1


def test_copies_of_files_with_one_name_are_kept_apart(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = folder / "more"
    (here / "more").mkdir()
    shutil.copy(folder / "1.png", here / "more" / "3.png")
    monkeypatch.chdir(here)
    files = ("3.png", "more/3.png", "../more/3.png", here / "3.png", "./more/../3.png")
    assert read(*files, "--annotate", folder / "copies") == 0
    assert len(list((folder / "copies").rglob("*.png"))) == len(files)
    long = ["n" * 250, "n" * 249 + "m"]
    assert len({copy_of(Path(name), folder) for name in long}) == 2
    assert all(len(copy_of(Path(name), folder).name) <= 255 for name in long)


def test_what_nobody_has_foreseen_is_told_and_the_others_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read_image = Recognizer.read_image

    def fails(self: Recognizer, image: Path, steps: Steps | None = None) -> object:
        if image.name == "1.png":
            raise ZeroDivisionError("division by zero")
        return read_image(self, image, steps)

    monkeypatch.setattr(Recognizer, "read_image", fails)
    assert read(folder) == 1
    told = capsys.readouterr().out
    assert "1.png cannot be read for an unknown reason (ZeroDivisionError" in told
    assert sum("%" in line for line in told.splitlines()) == 4


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of 2,000 pictures."""
    pictures = tmp_path / "many"
    pictures.mkdir()
    for number in range(10):
        picture_of(number).save(pictures / f"{number}.png")
    for number in range(10, 2000):
        os.link(pictures / f"{number % 10}.png", pictures / f"{number}.png")
    return pictures


def _workers(process: int) -> list[int]:
    """All processes that a process has started and that are not its zombies."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(child) for child in children]


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _heeds_interrupts() -> None:
    """What a shell starts in the background ignores Ctrl+C, and so would what the tests start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="there is no /proc")
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_killed_command_leaves_no_workers(many: Path, tmp_path: Path, sign: int) -> None:
    table = tmp_path / "t.csv"
    command = [*COMMAND, str(many), "--csv", str(table), "--processes", "2"]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=_heeds_interrupts,
    )  # fmt: skip
    while process.poll() is None and not (table.exists() and len(table.read_bytes()) > 2000):
        time.sleep(0.02)
    workers = _workers(process.pid)
    assert len(workers) >= 2
    process.send_signal(sign)
    _, error = process.communicate(timeout=120)
    expected = {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 130}
    assert process.returncode == expected[signal.Signals(sign)]
    assert b"Traceback" not in error
    end = time.monotonic() + 120
    while any(map(_is_alive, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(_is_alive, workers))
    assert 0 < len(rows(table)) < 2000


@unix
def test_a_reader_that_goes_away_ends_it_quietly(many: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, many, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline().startswith(b"{")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_output_that_is_full_is_told_in_a_sentence(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, folder], stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert (done.returncode, done.stderr) == (2, "The output: No space left on device.\n")


def test_mutated_files_are_read_or_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(16)
    good = tmp_path / "good"
    good.mkdir()
    for kind in ("png", "jpg", "gif", "bmp", "webp", "tif"):
        picture_of(4).save(good / f"4.{kind}")
    write_inkml(good / "4.inkml", pen_digits()[9][0], (500, 500))
    mutated = tmp_path / "mutated"
    mutated.mkdir()
    for number in range(280):
        source = sorted(good.iterdir())[number % 7]
        data = bytearray(source.read_bytes())
        for _ in range(int(rng.integers(1, 9))):
            # Headers matter most.
            place = int(rng.random() ** 3 * len(data))
            data[place : place + int(rng.integers(0, 3))] = rng.bytes(int(rng.integers(0, 3)))
        (mutated / f"{number:03}{source.suffix}").write_bytes(data)
    assert read(mutated, "--processes", 1, "--annotate", tmp_path / "copies") in (0, 1)
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 280
    assert all(line.isprintable() for line in told)
    assert not [line for line in told if "unknown reason" in line or "more memory" in line]
