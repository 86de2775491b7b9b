"""The command `export`: writes a network in the format of another runtime."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from recognizer.cli import add_folder

SUFFIXES: Mapping[str, str] = {"savedmodel": "-savedmodel", "onnx": ".onnx", "litert": ".tflite"}
"""How what is written ends, by its format, where no other name is wanted."""
NETWORKS = ("glyph",)
"""What may be exported: what reads one character."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which network, in which format, and where to."""
    parser.add_argument("--format", choices=SUFFIXES, required=True, help="what is written")
    parser.add_argument("--network", choices=NETWORKS, default="glyph", help="(%(default)s)")
    add_folder(parser, "--model", "folder of the model (saved_model)")
    told = "file, or folder of SavedModel (glyph.onnx, glyph.tflite, glyph-savedmodel)"
    parser.add_argument("--out", type=Path, metavar="PATH", help=told)


def run(options: argparse.Namespace) -> None:
    """Write the network, and say what it takes and gives. Raises ModelError, ExchangeError."""
    from recognizer.console import suppress_stderr
    from recognizer.files import SAVED_MODEL

    with suppress_stderr():
        from recognizer.training import exchange

    path = options.out or Path(options.network + SUFFIXES[options.format])
    model, card = exchange.NETWORKS[options.network](options.model or SAVED_MODEL)
    exchange.write_exchanged(model, options.format, path)
    print(f"Written: {path}")
    for way, found in (("takes", model.input), ("gives", model.output)):
        for name, tensor in (found if isinstance(found, dict) else {"glyphs": found}).items():
            print(f"It {way} {name}: float32 (n, {', '.join(map(str, tensor.shape[1:]))})")
    print(f"The labels, in the order of the probabilities: {' '.join(card.labels)}")
