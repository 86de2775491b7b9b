"""`python -m benchmarks [NAME ...] [--json FILE] [--write-card]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import (
    cluster,
    folder,
    hostile,
    idle,
    kills,
    latency,
    learn,
    live,
    load,
    measured,
    memory,
    paint,
    predict,
    readme,
    start,
    strings,
    table,
    usual,
)
from benchmarks.figures import Figure
from benchmarks.goals import COST, READING, SERVICE
from benchmarks.screen import ScreenError
from benchmarks.server import ServerError
from benchmarks.window import ROOT, WindowError
from recognizer.errors import SketchpadError
from recognizer.files import atomic_write

BENCHMARKS: dict[str, Callable[[], dict[str, Figure]]] = {
    "start": start.measure,
    "predict": predict.measure,
    "latency": latency.measure,
    "latency_20_digits": latency.measure_20_digits,
    "latency_inside": latency.measure_inside,
    "latency_150_strokes": latency.measure_150_strokes,
    "learn": learn.measure,
    "kills": kills.measure,
    "idle": idle.measure,
    "memory": memory.measure,
    "folder": folder.measure,
}
"""Every benchmark by its name; each returns its figures by theirs."""

SERVICE_BENCHMARKS: dict[str, Callable[[], dict[str, Figure]]] = {
    "load": load.measure,
    "live": live.measure,
    "paint": paint.measure,
    "hostile": hostile.measure,
    "cluster": cluster.measure,
}
"""Those of the server and the cluster, which take minutes, and are measured only if named."""

STRINGS = "strings"
"""One that needs data and takes minutes, and is measured only if it is named."""

NAMES = (*BENCHMARKS, *SERVICE_BENCHMARKS, STRINGS)

RESULTS = ROOT / "build" / "benchmarks.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the results; returns the exit status."""
    options = _options(arguments)
    try:
        figures = measure(options.names or list(BENCHMARKS), options.data_dir)
    except (ScreenError, ServerError, WindowError, usual.UsualError, SketchpadError) as error:
        print(error, file=sys.stderr)
        return 2
    print(table.plain(table.HEADS, table.rows(figures, READING | COST | SERVICE)))
    write_json(options.json, figures)
    print(f"written to {options.json}", file=sys.stderr)
    if options.write_card:
        measured.write(figures)
        readme.main([])
    return 0


def measure(names: Sequence[str], data_dir: Path | None = None) -> dict[str, Figure]:
    """The figures of these benchmarks, and their ratios to the usual Keras way."""
    figures: dict[str, Figure] = {}
    for name in dict.fromkeys(names):
        print(f"measuring {name} …", file=sys.stderr)
        known = BENCHMARKS | SERVICE_BENCHMARKS
        figures |= strings.measure(data_dir) if name == STRINGS else known[name]()
    return figures | _compared(figures)


def write_json(path: Path, figures: Mapping[str, Figure]) -> None:
    """Write the figures by name, and the machine they are from."""
    found = {name: figure.as_json() for name, figure in figures.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(
        {"machine": measured.machine(), "figures": found}, indent=2, ensure_ascii=False
    )
    atomic_write(path, (text + "\n").encode())


def _compared(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    if not any(ours in figures for ours, _ in usual.RATIOS.values()):
        return {}
    trouble = usual.why_not()
    if trouble:
        print(f"not compared with the usual Keras way: {trouble}", file=sys.stderr)
        return {}
    print("measuring the usual Keras way …", file=sys.stderr)
    found = usual.measure()
    return found | usual.ratios(figures, found)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What the sketchpad and its network cost, beside the usual Keras way.",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"which to measure: {', '.join(BENCHMARKS)}; all of them by default; where they are "
        f"named, {STRINGS}, which tells how well numbers are read, and of the server and the "
        f"cluster {', '.join(SERVICE_BENCHMARKS)}",
    )
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help=f"folder with the pen strokes, for {STRINGS}"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", default=RESULTS, help="results (%(default)s)"
    )
    parser.add_argument(
        "--write-card",
        action="store_true",
        help="also write the figures into saved_model/card.json and the documents",
    )
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in NAMES:
            parser.error(f"there is no benchmark {name}, but {', '.join(NAMES)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
