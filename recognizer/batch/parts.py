"""A table of readings in parts: a folder of Parquet files that grows while many are read."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
from pyarrow import parquet

from recognizer.batch.tables import TableError, as_utf8, table_schema
from recognizer.console import quoted
from recognizer.files import atomic_write, try_lock

PART_ROWS, PART_SECONDS = 20_000, 60.0
"""A part is written when it has so many rows, or so long after the one before it."""
_LOCK = ".lock"
_GROUPS = b"digits.row_groups"
"""The metadata of a part that lists the row groups of pictures that were read for it."""

RowGroup = tuple[str, int]
"""A Parquet file of pictures, and the number of one of its row groups."""


class PartsFolder:
    """A folder of parts under way, which no other command may write to until it is closed.

    Raises TableError for what is no folder of parts, and for one that another command writes to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._schema = folder, table_schema()
        self._rows: list[dict[str, Any]] = []
        self._groups: set[RowGroup] = set()
        self._paths: set[str] = set()
        self._done_groups: set[RowGroup] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise TableError(
                f"{quoted(folder)} is a file; with --ray, --parquet names a folder of parts."
            ) from None
        self._lock = (folder / _LOCK).open("ab")
        try:
            self._begin()
        except BaseException:
            self._lock.close()
            raise
        self._written = time.monotonic()

    def _begin(self) -> None:
        if not try_lock(self._lock.fileno()):
            raise TableError(
                f"Another command writes to {quoted(self._folder)}. Wait until it is done, or name "
                "another folder with --parquet."
            )
        for path in self._parts():
            part = self._part(path)
            self._paths.update(part["path"].to_pylist())
            listed = (part.schema.metadata or {}).get(_GROUPS, b"[]")
            self._done_groups.update((source, number) for source, number in json.loads(listed))

    def _parts(self) -> list[Path]:
        return sorted(self._folder.glob("*.parquet"))

    def _part(self, path: Path) -> pa.Table:
        try:
            part = parquet.read_table(path, columns=["path"])
            if parquet.read_schema(path).equals(self._schema):
                return part
        except (pa.ArrowException, OSError):
            pass
        raise TableError(
            f"{quoted(path)} is no part of a table of readings. Name another folder with "
            "--parquet, or delete that file."
        )

    def __contains__(self, path: object) -> bool:
        """Whether there is a row of this file."""
        return as_utf8(str(path)) in self._paths

    def has_group(self, group: RowGroup) -> bool:
        """Whether the pictures of a row group have their rows."""
        return (as_utf8(group[0]), group[1]) in self._done_groups

    def add(self, rows: Iterable[dict[str, Any]], groups: Collection[RowGroup] = ()) -> None:
        """Add rows, and the row groups that they are of, to the part that is written next.

        Raises OSError that names the part if it cannot be written.
        """
        self._rows += rows
        self._groups.update((as_utf8(source), number) for source, number in groups)
        overdue = time.monotonic() - self._written > PART_SECONDS
        if overdue or len(self._rows) >= PART_ROWS:
            self.write()

    def write(self) -> None:
        """Write a part of what was added since the last one, whole or not at all."""
        if not self._rows:
            return
        table = pa.Table.from_pylist(self._rows, self._schema)
        groups = json.dumps(sorted(self._groups)).encode()
        content = pa.BufferOutputStream()
        parquet.write_table(table.replace_schema_metadata({_GROUPS: groups}), content)
        atomic_write(next(self._free()), content.getvalue().to_pybytes())
        self._paths.update(row["path"] for row in self._rows)
        self._done_groups |= self._groups
        self._rows, self._groups, self._written = [], set(), time.monotonic()

    def _free(self) -> Iterator[Path]:
        taken = {path.name for path in self._parts()}
        for number in range(len(taken), len(taken) * 2 + 1):
            if (name := f"part-{number:06}.parquet") not in taken:
                yield self._folder / name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.write()
        finally:
            self._lock.close()
