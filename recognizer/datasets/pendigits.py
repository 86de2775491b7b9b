"""The pen strokes of UCI's Pendigits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from recognizer.datasets import DataError, Drawing, Sample, damaged, download, find, unpack
from recognizer.strokes import Stroke

PEN_FILE = "pendigits-orig.tra"
PEN_TEST_FILE = "pendigits-orig.tes"
TABLET_SIDE = 500
"""Side of the writing area of the pen strokes, in their own unit."""
VALIDATION_WRITERS = (5, 10, 15, 20, 25, 30)
"""Every fifth of the 30 writers, kept for choosing, as in `catalog`."""
PEN_URL = "https://archive.ics.uci.edu/ml/machine-learning-databases/pendigits/pendigits-orig.tra.Z"
PEN_TEST_URL = PEN_URL.replace(PEN_FILE, PEN_TEST_FILE)
PEN_SHA256 = "a66225d68d7d68591e62944df1ad33b3f5aa608e2df2505844b41f5568a80da4"


def load_pen(folder: Path | None = None) -> list[Drawing]:
    """The drawings of UCI's 30 training writers. Raises DataError."""
    path = find(PEN_FILE, folder) or download(PEN_FILE + ".Z", PEN_URL, None)
    text = unpack(path, PEN_URL)
    if hashlib.sha256(text).hexdigest() != PEN_SHA256:
        raise DataError(damaged(path, PEN_URL, "its text has another hash"))
    return parse_unipen(text.decode("ascii"))


def load_pen_samples(folder: Path | None = None) -> list[Sample]:
    """The same drawings as samples of the set "pendigits". Raises DataError."""
    return [
        Sample(drawing.label, "pendigits", f"pendigits/{drawing.writer:02}", "TR", drawing.strokes)
        for drawing in load_pen(folder)
    ]


def load_pen_test(folder: Path | None = None) -> list[Drawing] | None:
    """The drawings of UCI's 14 test writers if a folder holds them; they are never fetched."""
    path = find(PEN_TEST_FILE, folder)
    if path is None:
        return None
    return parse_unipen(unpack(path, PEN_TEST_URL).decode("ascii", "replace"))


def split_writers(drawings: list[Drawing]) -> tuple[list[Drawing], list[Drawing]]:
    """What is learned from, and what is chosen on: no writer is in both."""
    train = [drawing for drawing in drawings if drawing.writer not in VALIDATION_WRITERS]
    validation = [drawing for drawing in drawings if drawing.writer in VALIDATION_WRITERS]
    return train, validation


def parse_unipen(text: str) -> list[Drawing]:
    """Drawings in UNIPEN's format, as UCI wrote it.

    Raises DataError that names the line if it is not in that format.
    """
    drawings: list[Drawing] = []
    label, writer, pen, strokes = "", 0, False, list[list[tuple[int, int]]]()

    def finished() -> Iterator[Drawing]:
        lines = [np.array(points, dtype=np.float64) for points in strokes if points]
        if lines:
            yield Drawing(tuple(Stroke(points) for points in lines), label, writer)

    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        try:
            match words:
                case [".SEGMENT", *_, quoted]:
                    drawings.extend(finished())
                    label, strokes = quoted.strip('"'), []
                    if not label.isdecimal():
                        raise ValueError(label)
                case [".COMMENT", _, name, _]:
                    writer = int(name)
                case [".PEN_DOWN"]:
                    pen = True
                    strokes.append([])
                case [".PEN_UP"]:
                    pen = False
                case [x, y] if pen:
                    strokes[-1].append((int(x), TABLET_SIDE - int(y)))
        except ValueError:
            raise DataError(f"line {number} of the pen strokes is not UNIPEN: {line!r}") from None
    drawings.extend(finished())
    return drawings
