"""A folder of pictures by Ray Data, without Ray's start, beside `python -m recognizer read`."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from benchmarks import folder
from benchmarks.figures import Figure
from recognizer.batch import BatchJob

PICTURES, DISTINCT = 100_000, 10_000


def measure(pictures: int = PICTURES, distinct: int = DISTINCT) -> dict[str, Figure]:
    """Pictures a second by Ray on this machine, as a ratio to those of the command `read`."""
    with tempfile.TemporaryDirectory() as place:
        files = Path(place) / "pictures"
        _make(files, pictures, distinct)
        plain = folder.read(files, Path(place) / "table.csv", pictures)
        found = _by_ray(files, Path(place) / "parts", pictures)
    of = f"{pictures} pictures of one digit, {distinct} of them distinct, without Ray's start"
    return {
        "ray_per_second": Figure(found, "a second", of),
        "ray_ratio": Figure(found / plain, "×", f"{of}; to the command read with --csv"),
    }


def _make(files: Path, pictures: int, distinct: int) -> None:
    """As many names as wanted for fewer pictures."""
    files.mkdir()
    folder.draw(files, min(distinct, pictures))
    first = sorted(files.iterdir())
    for number in range(len(first), pictures):
        os.link(first[number % len(first)], files / f"{number:06}-again.png")


def _by_ray(files: Path, parts: Path, pictures: int) -> float:
    from recognizer.batch.cluster import connected, read_on_cluster, units_in
    from recognizer.batch.parts import PartsFolder

    with connected() as cores, PartsFolder(parts) as table:
        started = time.perf_counter()
        units = units_in([files], table, parts)
        read = sum(n for n, _ in read_on_cluster(units, BatchJob(None, None), table, cores))
        assert read == pictures
        table.write()
        return pictures / (time.perf_counter() - started)
