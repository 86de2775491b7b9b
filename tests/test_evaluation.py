"""The report is opened in the web browser, or it is said why not."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from recognizer import cli, evaluation


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
    report = folder / evaluation.REPORT_FILE
    report.write_text("")
    assert evaluation.show(folder) == report
    assert visited == [report.as_uri()]


def test_without_a_report_it_says_what_makes_one(tmp_path: Path, visited: list[str]) -> None:
    with pytest.raises(evaluation.ReportError, match="python -m recognizer evaluate"):
        evaluation.show(tmp_path)
    assert visited == []


def test_without_a_browser_it_says_where_the_report_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / evaluation.REPORT_FILE).write_text("")
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    with pytest.raises(evaluation.ReportError, match=evaluation.REPORT_FILE):
        evaluation.show(tmp_path)


def test_the_command_opens_it_and_fails_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(evaluation, "show", lambda: tmp_path)
    assert cli.main(["report"]) == 0
    assert str(tmp_path) in capsys.readouterr().out

    def nothing() -> Path:
        raise evaluation.ReportError("There is no report.")

    monkeypatch.setattr(evaluation, "show", nothing)
    assert cli.main(["report"]) == 2
    assert capsys.readouterr().err == "There is no report.\n"
