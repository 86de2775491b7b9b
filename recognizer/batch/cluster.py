"""Many pictures on the machines of a cluster, or on all cores of this one, by Ray Data.

Only readers hold cores: they open the files themselves, and the first begins as soon as there is a
core for it. Readers that wait for others which read the files wait for ever where there are few.
"""

from __future__ import annotations

import glob
import io
import logging
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
from pyarrow import parquet

from recognizer.batch import BatchJob, Worker, files_in
from recognizer.batch.parts import PartsFolder, RowGroup
from recognizer.batch.results import FileReading, TableRow, read_file, reading_or_reason
from recognizer.batch.tables import as_utf8, table_schema
from recognizer.errors import SketchpadError

PARQUET_SUFFIX = ".parquet"
CONTENT_COLUMN, NAME_COLUMN = "bytes", "path"
"""Of a Parquet file: the pictures, and their names, without which they have numbers."""
CHUNK_UNITS, WINDOW_UNITS = 256, 100_000
"""Files that a reader takes at a time, and so many that Ray knows of at a time."""
CHUNKS_PER_READER = 4
"""There are so many at least, so that no reader waits for the last one."""
PICTURES_AHEAD = 32
"""Of a row group that are in memory at a time."""
OBJECT_STORE_BYTES = 256 * 2**20
"""Of a Ray that is started here: only paths and readings go through it."""
START_TRIES = 3
"""Ray gives its own helpers 15 seconds to start, which is too little on a busy machine."""
WHOLE_FILE = -1
"""In place of the number of a row group."""
_SCHEMA = table_schema(("source", pa.binary()), ("group", pa.int64()))
"""Of readings on their way: their rows, and which unit they are of."""


class ClusterError(SketchpadError):
    """There is no cluster, or it was lost; the message says what to do."""


@dataclass(frozen=True)
class WorkUnit:
    """What is read in one go: a file, or a row group of a Parquet file of so many pictures."""

    path: str
    group: int = WHOLE_FILE
    pictures: int = 1

    @property
    def key(self) -> RowGroup:
        """What it is known by."""
        return self.path, self.group


@contextmanager
def connected(address: str = "", cores: int | None = None) -> Iterator[int]:
    """While this lasts, there is a cluster; the number of its cores.

    address: of a Ray that runs; "" starts one on this machine with so many cores, all by default.
    Raises ClusterError if there is none.
    """
    # Ray tells its makers about its use, and warns of a variable of graphics cards, unless told.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    import ray

    own = not ray.is_initialized()
    if own:
        _start(address, cores)
    try:
        yield max(1, int(ray.cluster_resources().get("CPU", 1)))
    finally:
        if own:
            ray.shutdown()


def _start(address: str, cores: int | None) -> None:
    import ray

    here: dict[str, Any] = {
        "address": "local", "num_cpus": cores or os.cpu_count() or 1,
        "include_dashboard": False, "object_store_memory": OBJECT_STORE_BYTES,
    }  # fmt: skip
    there, tries = ({"address": address}, 1) if address else (here, START_TRIES)
    for left in reversed(range(tries)):
        try:
            ray.init(**there, log_to_driver=False, logging_level=logging.ERROR)
            return
        except Exception as error:  # Ray raises this very class, too
            if not left:
                raise ClusterError(_no_cluster(address, error)) from None


def _no_cluster(address: str, error: Exception) -> str:
    reason = " ".join(str(error).split())[:200]
    if not address:
        return f"Ray cannot be started on this machine: {reason}"
    return (
        f"There is no Ray at {address}: {reason} Start one with `ray start --head`, or leave out "
        "the address to start one on this machine."
    )


def units_in(paths: Iterable[Path], table: PartsFolder, without: Path) -> Iterator[WorkUnit]:
    """What is left to read: the files in folders and patterns that the table does not have.

    A Parquet file is split into its row groups. without: what is passed over.
    """
    for path in files_in(_expanded(paths), without=[without]):
        name = str(path)
        groups = _groups_in(path) if path.suffix.lower() == PARQUET_SUFFIX else None
        if groups is None:
            if path not in table:
                yield WorkUnit(name)
            continue
        for number, pictures in enumerate(groups):
            if pictures and not table.has_group((name, number)):
                yield WorkUnit(name, number, pictures)


def _expanded(paths: Iterable[Path]) -> Iterator[Path]:
    """Paths, and those that patterns such as scans/*.png stand for."""
    for path in paths:
        found = [] if os.path.lexists(path) else sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - takes patterns from the root
        yield from map(Path, found) if found else [path]


def _groups_in(path: Path) -> list[int] | None:
    """How many pictures each row group of a Parquet file holds; None if it is none."""
    try:
        told = parquet.read_metadata(path)
    except (pa.ArrowException, OSError):
        return None
    return [told.row_group(number).num_rows for number in range(told.num_row_groups)]


def read_on_cluster(
    units: Iterable[WorkUnit], job: BatchJob, table: PartsFolder, cores: int
) -> Generator[tuple[int, int], None, None]:
    """Read all units into the table; yields how many pictures were read, and not, as it goes on.

    Raises ModelError without a model, LabelsError, HandError, ClusterError if the cluster is
    lost, and OSError if the table cannot be written.
    """
    import ray.exceptions

    _ = Worker(job).recognizer  # a model that is missing is better told once, here
    left = iter(units)
    try:
        while window := list(islice(left, WINDOW_UNITS)):
            yield from _read_window(window, job, table, cores)
    except (ray.exceptions.RayError, ConnectionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ClusterError(
            f"Ray failed: {reason} What is written is kept; the same command goes on."
        ) from None


def _read_window(
    window: Sequence[WorkUnit], job: BatchJob, table: PartsFolder, cores: int
) -> Iterator[tuple[int, int]]:
    even = -(-len(window) // (CHUNKS_PER_READER * cores))
    left = {unit.key: unit for unit in window}
    # Where a reader dies with its chunk, each of its files is tried alone, to find the one.
    for chunk, ahead in ((min(CHUNK_UNITS, even), None), (1, 1)):
        for found in _streamed(list(left.values()), job, cores, chunk, ahead):
            keys = {(os.fsdecode(source), group) for source, group in _units_of(found)}
            for key in keys:
                left.pop(key, None)
            rows = found.select(table_schema().names).to_pylist()
            table.add(rows, [key for key in keys if key[1] != WHOLE_FILE])
            yield len(rows), sum(bool(row["error"]) for row in rows)
        if not left:
            return
    for unit in left.values():
        reason = "the process that read it died, perhaps for want of memory; read it alone"
        table.add([_as_row(FileReading(_name_of(unit), None, f"{unit.path}: {reason}").row())])
        yield unit.pictures, unit.pictures


def _units_of(found: pa.Table) -> set[tuple[bytes, int]]:
    return set(zip(found["source"].to_pylist(), found["group"].to_pylist(), strict=True))


def _name_of(unit: WorkUnit) -> str:
    return unit.path if unit.group == WHOLE_FILE else f"{unit.path}#group{unit.group}"


def _streamed(
    units: Sequence[WorkUnit], job: BatchJob, cores: int, chunk: int, ahead: int | None
) -> Iterator[pa.Table]:
    """The readings of units as they come, a table for each chunk; those of a lost one are missing.

    ahead: chunks that each reader is handed at a time; None leaves that to Ray.
    """
    import ray.data

    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    settings = ray.data.DataContext.get_current()
    settings.enable_progress_bars = settings.print_on_execution_start = False
    settings.max_errored_blocks = -1
    pool = ray.data.ActorPoolStrategy(
        min_size=1, max_size=cores, initial_size=1, max_tasks_in_flight_per_actor=ahead
    )
    chunks = [_as_table(units[start : start + chunk]) for start in range(0, len(units), chunk)]
    readings = ray.data.from_arrow(chunks).map_batches(
        ClusterReader, fn_constructor_args=(job,), compute=pool, batch_size=None,
        batch_format="pyarrow", num_cpus=1, max_restarts=-1, max_task_retries=1,
    )  # fmt: skip
    for found in readings.iter_batches(batch_size=None, batch_format="pyarrow"):
        if found.num_rows:
            yield found


def _as_table(units: Sequence[WorkUnit]) -> pa.Table:
    paths = pa.array([os.fsencode(unit.path) for unit in units], pa.binary())
    return pa.table({"source": paths, "group": [unit.group for unit in units]})


class ClusterReader:
    """Reads units in a process of the cluster, with a network of its own."""

    def __init__(self, job: BatchJob) -> None:
        self._worker = Worker(job)

    def __call__(self, units: pa.Table) -> pa.Table:
        """The readings of units, a row for each picture."""
        rows: list[dict[str, Any]] = []
        for source, group in zip(
            units["source"].to_pylist(), units["group"].to_pylist(), strict=True
        ):
            path = os.fsdecode(source)
            found = self._in_file(path) if group == WHOLE_FILE else self._in_group(path, group)
            rows += [{**_as_row(row), "source": source, "group": group} for row in found]
        return pa.Table.from_pylist(rows, _SCHEMA)

    def _in_file(self, path: str) -> Iterator[TableRow]:
        yield read_file(self._worker.recognizer, Path(path)).row()

    def _in_group(self, path: str, group: int) -> Iterator[TableRow]:
        try:
            for name, content in _pictures_in(path, group):
                yield self._in_memory(name, content).row()
        except (pa.ArrowException, OSError, ValueError) as error:
            yield FileReading(f"{path}#group{group}", None, f"{path}: {error}").row()

    def _in_memory(self, name: str, content: bytes | None) -> FileReading:
        if not content:
            return FileReading(name, None, f"{name} is empty")
        read = self._worker.recognizer.read_image
        return reading_or_reason(name, lambda: read(io.BytesIO(content)))


def _pictures_in(path: str, group: int) -> Iterator[tuple[str, bytes | None]]:
    """The names and contents of the pictures of a row group, few at a time.

    Raises ValueError if it has no pictures.
    """
    with parquet.ParquetFile(path) as file:
        columns, content, name = _columns(file.schema_arrow)
        number = sum(file.metadata.row_group(before).num_rows for before in range(group))
        for batch in file.iter_batches(PICTURES_AHEAD, row_groups=[group], columns=columns):
            for row in batch.to_pylist():
                inner = row if content is None else (row[content] or {})
                told = row.get(name) if name else inner.get(NAME_COLUMN)
                yield str(told or f"{path}#{number}"), inner.get(CONTENT_COLUMN)
                number += 1


def _columns(schema: pa.Schema) -> tuple[list[str], str | None, str | None]:
    """The columns to read; that whose parts are bytes and path, if it is one; that of names."""
    name = NAME_COLUMN if NAME_COLUMN in schema.names else None
    if CONTENT_COLUMN in schema.names and _is_binary(schema.field(CONTENT_COLUMN).type):
        return [CONTENT_COLUMN, *([name] if name else [])], None, name
    for field in schema:
        parts = {part.name: part.type for part in field.type} if _is_struct(field.type) else {}
        if _is_binary(parts.get(CONTENT_COLUMN)):
            return [field.name, *([name] if name else [])], cast(str, field.name), name
    raise ValueError(
        f"it has no pictures: no column {CONTENT_COLUMN}, nor one of {CONTENT_COLUMN} and "
        f"{NAME_COLUMN}"
    )


def _is_binary(kind: Any) -> bool:
    return kind is not None and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _is_struct(kind: Any) -> bool:
    return bool(pa.types.is_struct(kind))


def _as_row(row: TableRow) -> dict[str, Any]:
    return {
        name: as_utf8(value) if isinstance(value, str) else value
        for name, value in asdict(row).items()
    }
