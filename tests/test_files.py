"""Files are written whole or not at all, and the report is opened or it is said why not."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from recognizer import cli, files
from recognizer.files import REPORT_FILE, ReportError, atomic_write, show_report


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
