"""Files are written whole or not at all, and the report is opened or it is said why not."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path

import pytest

from recognizer import cli, files
from recognizer.files import REPORT_FILE, ReportError, as_path, atomic_write, show_report


@pytest.fixture
def visited(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that a browser was asked for."""
    addresses: list[str] = []

    def visit(address: str) -> bool:
        addresses.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", visit)
    return addresses


def test_the_report_is_opened(tmp_path: Path, visited: list[str]) -> None:
    folder = tmp_path / "with space"
    folder.mkdir()
    report = folder / REPORT_FILE
    report.write_text("")
    assert show_report(folder) == report
    assert visited == [report.as_uri()]


def test_without_a_report_it_says_what_makes_one(tmp_path: Path, visited: list[str]) -> None:
    with pytest.raises(ReportError, match="python -m recognizer evaluate"):
        show_report(tmp_path)
    assert visited == []


def test_without_a_browser_it_says_where_the_report_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / REPORT_FILE).write_text("")
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    with pytest.raises(ReportError, match=REPORT_FILE):
        show_report(tmp_path)


def test_the_command_opens_it_and_fails_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(files, "show_report", lambda: tmp_path)
    assert cli.main(["report"]) == 0
    assert str(tmp_path) in capsys.readouterr().out

    def nothing() -> Path:
        raise ReportError("There is no report.")

    monkeypatch.setattr(files, "show_report", nothing)
    assert cli.main(["report"]) == 2
    assert capsys.readouterr().err == "There is no report.\n"


def test_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        atomic_write(tmp_path / "none" / "s.inkml", b"x")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    atomic_write(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_failed_write_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "s.inkml"
    for failing in (path, tmp_path / "none" / "s.inkml", tmp_path / ("n" * 300)):
        with monkeypatch.context() as patched, pytest.raises(OSError) as error:
            patched.setattr("os.fsync", full)
            atomic_write(failing, b"x")
        assert error.value.filename == str(failing)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", [5, 10**400, b"a", None, ["a"]])
def test_what_is_no_path_is_told(path: object) -> None:
    with pytest.raises(ValueError, match="a hand's file must be a path; got") as error:
        as_path(path, "a hand's file")
    assert len(str(error.value)) < 120


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_nothing_but_a_file_is_written_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(OSError, match="no file that can be written"):
            atomic_write(tmp_path / name, b"x")
    assert (tmp_path / "pipe").is_fifo() and len(list(tmp_path.iterdir())) == 2
