"""The command `read`: files in, lines out, a table and annotated copies if they are wanted."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from recognizer.batch import CHUNK_FILES, BatchJob, files_in, readings
from recognizer.batch.annotate import copy_of
from recognizer.batch.results import ReadingsTable


@dataclass(frozen=True)
class Options:
    """What the command line asked for."""

    paths: tuple[Path, ...]
    json: bool = False
    csv: Path | None = None
    annotate: Path | None = None
    model: Path | None = None
    processes: int | None = None


def read(options: Options) -> int:
    """Read the files, print a line for each; returns 1 if one could not be read, else 0.

    What an earlier call has written, to the table or as annotated copies, is not read again.
    Raises SketchpadError for what the user can mend and OSError for what cannot be written.
    """
    table = None if options.csv is None else ReadingsTable(options.csv)
    total = sum(1 for _ in _left(options, table))
    job = BatchJob(options.model, options.annotate)
    found = readings(_left(options, table), job, _processes(options, total))
    failed = 0
    for answer in tqdm(found, total=total, unit=" files", leave=False, disable=None):
        if table is not None:
            table.add(answer.row())
        failed += answer.reading is None
        _tell(answer.json() if options.json else answer.line())
    if failed:
        sys.stderr.write(f"{failed} of {total} files could not be read.\n")
    return 1 if failed else 0


def _left(options: Options, table: ReadingsTable | None) -> Iterator[Path]:
    """The files that no earlier call has written an answer for."""
    own = [path for path in (options.csv, options.annotate) if path is not None]
    for path in files_in(options.paths, without=own):
        if table is not None:
            written = str(path) in table.done
        else:
            written = options.annotate is not None and copy_of(path, options.annotate).exists()
        if not written:
            yield path


def _processes(options: Options, files: int) -> int:
    """As many as there are cores, but one for a few files, which it has read sooner."""
    if options.processes is not None:
        return options.processes
    return 1 if files <= CHUNK_FILES else os.cpu_count() or 1


def _tell(line: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    # A file's name may hold what the terminal cannot show.
    legible = line.encode(encoding, "replace").decode(encoding)
    with tqdm.external_write_mode(sys.stdout):
        sys.stdout.write(f"{legible}\n")
