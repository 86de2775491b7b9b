"""Tables of all files that were read, as CSV or Parquet; a later call goes on with them."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import stat
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Self

from recognizer.batch.results import TableRow
from recognizer.console import quoted
from recognizer.errors import SketchpadError
from recognizer.files import atomic_write, install_command, try_lock

TABLE_COLUMNS = tuple(field.name for field in fields(TableRow))
MAX_ROW_BYTES = 1 << 16
"""A longer row is none of ours."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "'")
"""A spreadsheet would compute a cell that begins so; an apostrophe before it makes it text.

What begins with an apostrophe gets another, so that one can tell what it was.
"""


class TableError(SketchpadError):
    """A file cannot be the table; the message says why, and what to do."""


class ReadingsTable(ABC):
    """A table under way, which no other command may write to until it is closed.

    Raises TableError for a file that is no table of readings, which stays
    as it is, and for one that another command writes to.
    """

    option: str
    """The option of the command that names the table."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = self._opened()
        try:
            self._done = set(self._begin())
        except BaseException:
            self._file.close()
            raise

    def add(self, row: TableRow) -> None:
        """Add the row of a file that is not in the table yet, at once or at the end.

        Raises OSError that names the table if it cannot be written.
        """
        if row.path not in self:
            self._add(row)
            self._done.add(as_utf8(row.path))

    def __contains__(self, path: str) -> bool:
        return as_utf8(path) in self._done

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @abstractmethod
    def _begin(self) -> Iterable[str]:
        """The paths of the rows that the file holds already."""

    @abstractmethod
    def _add(self, row: TableRow) -> None: ...

    def _opened(self) -> io.FileIO:
        number = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        file = io.FileIO(number, "r+b")
        if not stat.S_ISREG(os.fstat(number).st_mode):
            file.close()
            raise self._refusal("is no file that can be a table")
        if not try_lock(number):
            file.close()
            raise TableError(
                f"Another command writes to {quoted(self._path)}. "
                f"Wait until it is done, or name another file with {self.option}."
            )
        return file

    def _refusal(self, reason: str) -> TableError:
        return TableError(
            f"{quoted(self._path)} {reason}. "
            f"Name another file with {self.option}, or delete that one."
        )


def as_utf8(path: str) -> str:
    """A path as it can be compared and written anywhere: what is no text in it is escaped."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def table_schema(*more: tuple[str, Any]) -> Any:
    """Arrow's schema of a table, with some more columns, each a name and its type.

    Raises ModuleNotFoundError without pyarrow.
    """
    import pyarrow

    text, number = pyarrow.string(), pyarrow.float64()
    kinds = (text, text, number, pyarrow.bool_(), text)
    return pyarrow.schema([*zip(TABLE_COLUMNS, kinds, strict=True), *more])


class CsvTable(ReadingsTable):
    """A table as CSV: a row is written at once, so a kill leaves at most an unfinished last one.

    That is cut off at the next start.
    """

    option = "--csv"

    def _begin(self) -> Iterable[str]:
        end, whole, paths = 0, True, []
        for number, record in enumerate(self._records()):
            cells, whole = self._cells(record), record.endswith(b"\n")
            possible = (0, len(TABLE_COLUMNS)) if whole else range(len(TABLE_COLUMNS) + 1)
            head = whole and tuple(cells) == TABLE_COLUMNS
            if len(cells) not in possible or (number == 0 and not head):
                raise self._refusal("is no table of readings")
            if not whole and not _is_finished(cells):
                whole = True
                break
            end += len(record)
            paths += [as_utf8(_as_written(cell)) for cell in cells[:1] if number]
        self._file.truncate(end)
        self._file.seek(end)
        if end == 0:
            self._write(_line(TABLE_COLUMNS))
        elif not whole:
            self._write(b"\r\n")
        return paths

    def _add(self, row: TableRow) -> None:
        confidence = "" if row.confidence is None else f"{row.confidence:.4f}"
        sure = {None: "", True: "yes", False: "no"}[row.sure]
        self._write(_line((row.path, row.text, confidence, sure, row.error)))

    def _records(self) -> Iterator[bytes]:
        """The rows, of which one may have several lines; only the last may lack its end."""
        with self._path.open("rb") as file:
            record = b""
            for line in iter(lambda: file.readline(MAX_ROW_BYTES), b""):
                record += line
                if len(record) > MAX_ROW_BYTES:
                    raise self._refusal("is no table of readings")
                if line.endswith(b"\n") and record.count(b'"') % 2 == 0:
                    yield record
                    record = b""
            if record:
                yield record

    def _cells(self, record: bytes) -> list[str]:
        text = record.decode("utf-8", "surrogateescape")
        try:
            return next(csv.reader(io.StringIO(text, newline="")), [])
        except csv.Error:
            raise self._refusal("is no table of readings") from None

    def _write(self, data: bytes) -> None:
        """Write all of it, or nothing."""
        start = self._file.tell()
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(start)
            raise OSError(error.errno, error.strerror, str(self._path)) from None


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(f"'{c}" if c.startswith(FORMULA_SIGNS) else c for c in cells)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _as_written(cell: str) -> str:
    return cell.removeprefix("'")


def _is_finished(cells: list[str]) -> bool:
    """Whether a row without an end of its line tells all, as one that an editor has cut short."""
    return len(cells) == len(TABLE_COLUMNS) and cells[3] in ("yes", "no") and not cells[4]


class ParquetTable(ReadingsTable):
    """A table as Parquet, which is written when it is closed, also by an error or a signal."""

    option = "--parquet"

    def __init__(self, path: Path) -> None:
        try:
            import pyarrow
            from pyarrow import parquet
        except ModuleNotFoundError:
            raise TableError(
                f"--parquet needs pyarrow, which is not installed: {install_command('parquet')}"
            ) from None
        self._rows: list[dict[str, Any]] = []
        self._arrow, self._parquet = pyarrow, parquet
        self._schema = table_schema()
        super().__init__(path)

    def _begin(self) -> Iterable[str]:
        self._before = self._schema.empty_table()
        if os.fstat(self._file.fileno()).st_size:
            try:
                self._before = self._parquet.read_table(self._path)
            except (self._arrow.ArrowException, OSError):
                raise self._refusal("is no table of readings") from None
            if not self._before.schema.equals(self._schema):
                raise self._refusal("is no table of readings")
        paths: list[str] = self._before["path"].to_pylist()
        return paths

    def _add(self, row: TableRow) -> None:
        written = asdict(row)
        self._rows.append(
            {name: as_utf8(v) if isinstance(v, str) else v for name, v in written.items()}
        )

    def __exit__(self, *error: object) -> None:
        rows = self._arrow.Table.from_pylist(self._rows, self._schema)
        whole = self._arrow.BufferOutputStream()
        self._parquet.write_table(self._arrow.concat_tables([self._before, rows]), whole)
        super().__exit__(*error)
        atomic_write(self._path, whole.getvalue().to_pybytes())
