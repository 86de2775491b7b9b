"""The command `read`: reads files, prints their numbers, writes tables and annotated copies."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from recognizer.cli import add_folder
from recognizer.console import quoted
from recognizer.errors import SketchpadError, brief

if TYPE_CHECKING:
    from recognizer.batch import FileResult
    from recognizer.batch.tables import ReadingsTable


class OptionError(SketchpadError):
    """Options that do not go together; the message says which do."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which files are read, by which model, and what is written."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    parser.add_argument("--json", action="store_true", help="print one JSON object per file")
    told = "also write a table; files that it lists already are not read again"
    parser.add_argument("--csv", type=Path, metavar="OUT.csv", help=told)
    told = "the same as a Parquet file, written at the end"
    parser.add_argument("--parquet", type=Path, metavar="OUT.parquet", help=told)
    told = "write copies with boxes and readings"
    parser.add_argument("--annotate", type=Path, metavar="FOLDER", help=told)
    told = "write the pictures of each step from a file to its answer; a folder each, if several"
    parser.add_argument("--steps", type=Path, metavar="FOLDER", help=told)
    add_folder(parser, "--model", "folder of the model (saved_model)")
    told = "what may be read: digits, sums, letters, or any characters (digits)"
    parser.add_argument("--labels", metavar="SET", help=told)
    told = "a person's hand, exported from the window: what was learned from it is used"
    parser.add_argument("--hand", type=Path, metavar="FILE", help=told)
    told = "read on a cluster by Ray, or on a Ray that is started here; --parquet is a folder then"
    parser.add_argument("--ray", nargs="?", const="", metavar="ADDRESS", help=told)
    told = "how many work side by side (all cores)"
    parser.add_argument("--processes", type=_process_count, metavar="N", help=told)


def _process_count(text: str) -> int:
    from recognizer.processes import MAX_PROCESSES

    if not (text.isdecimal() and len(text) < 10 and 1 <= int(text) <= MAX_PROCESSES):
        raise argparse.ArgumentTypeError(
            f"a whole number from 1 to {MAX_PROCESSES} is needed; got {brief(text)}"
        )
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Read the files, print one line for each; returns 1 if one could not be read, else 0.

    What an earlier call has written, to the table or as annotated copies, is not read again.
    Raises SketchpadError for what the user can mend and OSError for what cannot be written.
    """
    if options.ray is not None:
        return _run_on_cluster(options)
    from recognizer.batch import BatchJob, readings
    from recognizer.batch.tables import CsvTable, ParquetTable

    named = ((CsvTable, options.csv), (ParquetTable, options.parquet))
    with ExitStack() as stack:
        tables = [stack.enter_context(kind(path)) for kind, path in named if path is not None]
        total = sum(1 for _ in _left(options, tables))
        several = len(options.paths) > 1 or options.paths[0].is_dir()
        job = BatchJob(
            *(options.model, options.annotate, options.labels, options.hand, options.json),
            *(options.steps, several),
        )
        found = readings(_left(options, tables), job, _processes(options.processes, total))
        with closing(found):
            failed = _tell(found, total, tables)
    if failed:
        print(f"{failed} of {total} files could not be read.", file=sys.stderr)
    return 1 if failed else 0


def _run_on_cluster(options: argparse.Namespace) -> int:
    """Read the files on a cluster, into a folder of parts; returns as `run`."""
    given = ("csv", "annotate", "steps", "json", "processes")
    others = [f"--{name}" for name in given if getattr(options, name)]
    if others or options.parquet is None:
        wrong = f", and no {', '.join(others)}" if others else ""
        raise OptionError(f"--ray needs --parquet FOLDER, for the table's parts{wrong}.")
    from recognizer.batch import BatchJob
    from recognizer.batch.cluster import connected, read_on_cluster, units_in
    from recognizer.batch.parts import PartsFolder

    job = BatchJob(options.model, None, options.labels, options.hand)
    with PartsFolder(options.parquet) as table:
        total = sum(unit.pictures for unit in units_in(options.paths, table, options.parquet))
        failed = 0
        if total:
            units = units_in(options.paths, table, options.parquet)
            with connected(options.ray) as cores:
                failed = _told_on_cluster(read_on_cluster(units, job, table, cores), total)
    print(f"{total} pictures read into {quoted(options.parquet)}, {failed} of them with errors.")
    return 1 if failed else 0


def _told_on_cluster(progress: Generator[tuple[int, int], None, None], total: int) -> int:
    """Show a bar while pictures are read; returns how many could not be."""
    from tqdm import tqdm

    failed = 0
    with closing(progress), tqdm(total=total, unit=" pictures", leave=False, disable=None) as bar:
        for count, wrong in progress:
            failed += wrong
            bar.update(count)
    return failed


def _tell(found: Iterator[FileResult], total: int, tables: Sequence[ReadingsTable]) -> int:
    """Print a line for each file and write the tables; returns how many could not be read."""
    from tqdm import tqdm

    failed = 0
    for file in tqdm(found, total=total, unit=" files", leave=False, disable=None):
        for table in tables:
            table.add(file.row)
        failed += file.failed
        with tqdm.external_write_mode(sys.stdout):
            print(_legible(file.line))
    return failed


def _left(options: argparse.Namespace, tables: Sequence[ReadingsTable]) -> Iterator[Path]:
    """The files that no earlier call has written anything for."""
    from recognizer.batch import files_in
    from recognizer.batch.annotate import copy_of

    written = (options.csv, options.parquet, options.annotate, options.steps)
    own = [path for path in written if path is not None]
    for path in files_in(options.paths, without=own):
        if tables:
            done = all(str(path) in table for table in tables)
        else:
            copy = None if options.annotate is None else copy_of(path, options.annotate)
            done = copy is not None and os.path.exists(copy)  # noqa: PTH110 - raises nothing
        if not done:
            yield path


def _processes(wanted: int | None, files: int) -> int:
    """As many as there are cores, but one for a few files, which it has read sooner."""
    from recognizer.batch import CHUNK_FILES

    return wanted or (1 if files <= CHUNK_FILES else os.cpu_count() or 1)


def _legible(line: str) -> str:
    """The line with question marks for what the terminal cannot show, as in a file's name."""
    encoding = sys.stdout.encoding or "utf-8"
    return line.encode(encoding, "replace").decode(encoding)
