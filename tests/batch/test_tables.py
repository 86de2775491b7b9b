"""Tables that are no tables, that are full, in use, or hold what a spreadsheet would compute."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from recognizer.batch.results import TableRow
from recognizer.batch.tables import TABLE_COLUMNS, CsvTable, ParquetTable, TableError
from recognizer.files import try_lock
from tests.batch.command import read, rows
from tests.samples import picture_of

HEAD = b"path,text,confidence,sure,error\r\n"
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has it")


@pytest.mark.parametrize(
    "content",
    [
        b"my diary",
        b"path",
        HEAD[:-2],
        b"a,b\r\n1,2\r\n3,4",
        b"\xff\xfe\x00 no text",
        b'"' * 1000,
        b"x" * 200_000,
        b"\n",
        HEAD + b'a.png,"' + b"never closed," * 10_000,
        HEAD + b"a.png,7,0.9900,yes,\r\nand what I think of it\r\n",
        HEAD + b"milk,1,bread,2,salt,3,tea,4",
    ],
)
def test_what_is_no_table_is_left_untouched(
    folder: Path, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(content)
    assert read(folder, "--csv", other) == 2
    error = capsys.readouterr().err
    assert "other.csv is no table of readings. Name another file with --csv" in error
    assert len(error.splitlines()) == 1
    assert other.read_bytes() == content


def test_a_last_row_that_an_editor_left_without_an_end_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(HEAD + b"far/away.png,7,0.9900,yes,")
    with CsvTable(path) as table:
        assert "far/away.png" in table and "b.png" not in table
        table.add(TableRow("b.png", "1", 0.5, False))
    assert [row["path"] for row in rows(path)] == ["far/away.png", "b.png"]


def test_line_ends_of_another_editor_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(HEAD.replace(b"\r", b"") + b"a.png,7,0.9900,yes,\n\n")
    with CsvTable(path) as table:
        assert "a.png" in table and "b.png" not in table


def test_two_commands_do_not_write_to_one_table(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    for option in ("--csv", "--parquet"):
        table = tmp_path / f"t{option}"
        with table.open("wb") as file:
            assert try_lock(file.fileno())
            assert read(folder, option, table) == 2
        error = capsys.readouterr().err
        assert "Another command writes to" in error and option in error
        assert table.read_bytes() == b""
        assert read(folder, option, table) == 0


@on_linux
@pytest.mark.parametrize("path", ["/dev/full", "/dev/null"])
@pytest.mark.parametrize("option", ["--csv", "--parquet"])
def test_a_device_is_no_table(
    folder: Path, path: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if option == "--parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    assert read(folder, option, path) == 2
    assert capsys.readouterr().err.startswith(f"{path} is no file that can be a table. Name")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_no_table(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read(folder, "--csv", tmp_path / "pipe") == 2


def test_a_full_disk_leaves_whole_rows_and_the_table_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.csv"
    with CsvTable(path) as table:
        table.add(TableRow("a.png", "1", 0.99, True))
        whole = path.read_bytes()
        file = table._file

        class Full:
            """Takes three bytes more."""

            room = 3

            def write(self, data: bytes) -> int:
                if not self.room:
                    raise OSError(28, "No space left on device")
                written, self.room = file.write(data[: self.room]), 0
                return written

            tell, truncate, close = file.tell, file.truncate, file.close

        monkeypatch.setattr(table, "_file", Full())
        with pytest.raises(OSError, match="No space left") as error:
            table.add(TableRow("b.png", "2", 0.99, True))
        assert error.value.filename == str(path)
        assert path.read_bytes() == whole
    with CsvTable(path) as table:
        assert "a.png" in table and "b.png" not in table


CELLS = ["=1+1", "+1", "-5", "@SUM(A1)", "'=1", "''", "\tx", "plain", "a,b", 'say "7"', "1\n2"]


@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_is_a_formula_and_each_can_be_told(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "t.csv"
    with CsvTable(path) as table:
        table.add(TableRow(cell, cell, 0.5, False, cell))
    (row,) = rows(path)
    for name in ("path", "text", "error"):
        assert row[name][0] not in "=+-@\t\r"
        assert row[name].removeprefix("'") == cell
    with CsvTable(path) as table:
        assert cell in table


def test_names_of_formulas_are_read_once(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for name in ("=1.png", "+2.png", "@4.png"):
        shutil.copy("1.png", name)
    table = tmp_path / "t.csv"
    for _ in range(2):
        assert read("=1.png", "+2.png", "@4.png", "--csv", table) == 0
    assert [row["path"] for row in rows(table)] == ["'=1.png", "'+2.png", "'@4.png"]


def test_parquet_holds_the_same_as_csv_and_goes_on(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    (folder / "bad.png").touch()
    both = ("--csv", tmp_path / "t.csv", "--parquet", tmp_path / "t.parquet")
    assert read(folder, *both) == 1
    picture_of(7).save(folder / "7.png")
    capsys.readouterr()
    assert read(folder, *both) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    found = parquet.read_table(tmp_path / "t.parquet").to_pylist()
    assert tuple(found[0]) == TABLE_COLUMNS
    told = [
        {
            "path": row["path"],
            "text": row["text"],
            "confidence": "" if row["confidence"] is None else f"{row['confidence']:.4f}",
            "sure": {None: "", True: "yes", False: "no"}[row["sure"]],
            "error": row["error"],
        }
        for row in found
    ]
    assert told == rows(tmp_path / "t.csv")


@on_linux
def test_a_name_that_is_no_text_is_written_once(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.png")).write_bytes(b"bad")
    both = ("--csv", tmp_path / "t.csv", "--parquet", tmp_path / "t.parquet")
    for status, expected in ((1, 6), (0, 0)):
        assert read(folder, *both) == status
        assert len(capsys.readouterr().out.splitlines()) == expected


def test_another_file_is_no_parquet_table(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    path = tmp_path / "t.parquet"
    path.write_bytes(b"PAR1 of another kind PAR1")
    with pytest.raises(TableError, match="is no table of readings"):
        ParquetTable(path)
    assert path.read_bytes() == b"PAR1 of another kind PAR1"


def test_without_pyarrow_it_says_what_to_install(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert read(folder, "--parquet", tmp_path / "t.parquet") == 2
    assert "needs pyarrow" in capsys.readouterr().err
