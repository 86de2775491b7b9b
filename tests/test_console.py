"""What the terminal shows."""

import os

import pytest

from recognizer.console import in_columns, suppress_stderr


def test_columns_stand_below_each_other() -> None:
    table = in_columns([("run", "minutes", "state"), ("a", "7", "finished")], words=(0, 2))
    assert table == "run  minutes  state\na          7  finished"


def test_lines_end_without_blanks() -> None:
    assert in_columns([("a", ""), ("bb", "longer")], words=(0, 1)) == "a\nbb  longer"


def test_the_greetings_of_libraries_are_kept_away(capfd: pytest.CaptureFixture[str]) -> None:
    with suppress_stderr():
        os.write(2, b"greeting")
    os.write(2, b"trouble")
    assert capfd.readouterr().err == "trouble"
