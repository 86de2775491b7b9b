"""The command `export`: writes a network in the format of another runtime, or what Inside shows."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from recognizer.cli import add_data_folder, add_folder

SUFFIXES: Mapping[str, str] = {"savedmodel": "-savedmodel", "onnx": ".onnx", "litert": ".tflite"}
"""How what is written ends, by its format, where no other name is wanted."""
INSIDE = "inside"
"""What the screen Inside shows, which lies beside the model."""
NETWORKS = ("glyph", "line", "ruling")
"""What may be exported: what reads one character, what reads a line of a picture, and what tells
writing from print."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which network, in which format, and where to."""
    parser.add_argument(
        "--format", choices=(*SUFFIXES, INSIDE), required=True, help="what is written"
    )
    parser.add_argument("--network", choices=NETWORKS, default="glyph", help="(%(default)s)")
    add_folder(parser, "--model", "folder of the model (saved_model)")
    told = "file, or folder of SavedModel (glyph.onnx, line.tflite, glyph-savedmodel …)"
    parser.add_argument("--out", type=Path, metavar="PATH", help=told)
    told = f"for {INSIDE}: what `train --prepare` packed; it needs no data"
    parser.add_argument("--prepared", type=Path, metavar="FILE", help=told)
    add_data_folder(parser)


def run(options: argparse.Namespace) -> None:
    """Write it. Raises ModelError, ExchangeError, and for `INSIDE` DataError and InsideError."""
    if options.format == INSIDE:
        _write_inside(options)
    else:
        _write_network(options)


def _write_network(options: argparse.Namespace) -> None:
    """Write the network, and say what it takes and gives."""
    from recognizer.console import suppress_stderr
    from recognizer.files import SAVED_MODEL

    with suppress_stderr():
        from recognizer.training import exchange

    path = options.out or Path(options.network + SUFFIXES[options.format])
    model, labels = exchange.NETWORKS[options.network](options.model or SAVED_MODEL)
    exchange.write_exchanged(model, options.format, path)
    print(f"Written: {path}")
    for way, found in (("takes", model.input), ("gives", model.output)):
        for name, tensor in (found if isinstance(found, dict) else {found.name: found}).items():
            sides = ", ".join("any" if side is None else str(side) for side in tensor.shape[1:])
            print(f"It {way} {name}: float32 (n, {sides})")
    first = "none, " if options.network == "line" else ""
    if labels:
        print(f"The labels, in the order of the probabilities: {first}{' '.join(labels)}")


def _write_inside(options: argparse.Namespace) -> None:
    from recognizer.console import suppress_stderr
    from recognizer.files import SAVED_MODEL

    with suppress_stderr():
        from recognizer.training import Config, inside_export
        from recognizer.training.run import collected

    collection = collected(options.prepared, options.data_dir, Config.seed)
    folder = options.model or SAVED_MODEL
    inside_export.write(folder, collection)
    print(f"Inside shows the stages of {folder} now, and drawings that it learned from.")
