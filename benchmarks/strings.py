"""Numbers of five digits, each of one validation writer, read from strokes and from pictures.

The digits of a number stand side by side, as high as each other; the gap between two is that
between the middles of their lines, as a share of the height.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.figures import Figure, median_of
from benchmarks.photograph import photograph
from recognizer import Reading, Recognizer
from recognizer.datasets import Drawing
from recognizer.datasets.pendigits import VALIDATION_WRITERS, load_pen, split_writers
from recognizer.geometry import Box
from recognizer.ink import Ink, render
from recognizer.processes import in_parallel
from recognizer.strokes import ink_bounds
from recognizer.training.made_sums import (
    MARGIN_PX,
    NUMBER_LENGTH,
    WrittenLine,
    number_of,
    numbers_of_five,
)
from recognizer.training.metrics import interval

PAPER_PX = 120
"""Paper beside a number that is photographed, in pixels."""
GAP_SHARES = {
    "apart": (0.15, 0.25, 0.4),
    "touching": (0.05, 0.0, -0.05),
    "photo": (0.15, 0.25, 0.4),
}
PICTURE_GAPS = {
    "strings_picture_30": 0.3,
    "strings_picture_15": 0.15,
    "strings_picture_5": 0.05,
    "strings_picture_0": 0.0,
    "strings_picture_minus_5": -0.05,
}
"""Numbers that are read from a picture alone, by the gap."""
FIRST_DIGITS = (0, 2, 4)
"""The first digit of the first number, for each of the gaps, so that numbers differ."""

PHOTO_SIZE_PX, PHOTO_LINES, PHOTO_REPEATS = (4000, 3000), 4, 9
"""Size of the large photo in pixels, numbers on it, and how often it is read."""

TITLES = {
    "strings_apart_strokes": "apart, from strokes",
    "strings_apart_picture": "apart, from a picture",
    "strings_touching_strokes": "touching, from strokes",
    "strings_touching_picture": "touching, from a picture",
    "strings_photo": "apart, photographed",
    **{name: f"gap {gap:g}, from a picture" for name, gap in PICTURE_GAPS.items()},
}
BOXES = {"strings_boxes_apart": "apart", "strings_boxes_touching": "touching"}
"""How well the boxes lie of numbers that are read right from a picture."""


@dataclass(frozen=True, eq=False)
class Number:
    """Digits written side by side, how they are read, and what makes their photo repeatable."""

    line: WrittenLine
    kind: str
    seed: int

    @property
    def ink(self) -> Ink:
        """As large as the canvas."""
        return ink_of(self.line)


def ink_of(line: WrittenLine) -> Ink:
    return render(line.strokes, line.size)


def measure(
    data_dir: Path | None = None, most: int | None = None, repeats: int = PHOTO_REPEATS
) -> dict[str, Figure]:
    """Share of the numbers that are read right as a whole, and the time for a large photo.

    data_dir: folder with the pen strokes. most: numbers of each kind, all of them by default.
    Raises DataError without the data and ModelError without a model.
    """
    _, validation = split_writers(load_pen(data_dir))
    found = [number for kind in GAP_SHARES for number in list(numbers(validation, kind))[:most]]
    for name, gap in PICTURE_GAPS.items():
        found += [Number(line, name, 0) for line in list(numbers_of_five(validation, gap))[:most]]
    measured: dict[str, list[float]] = {}
    for read in in_parallel(_read, found, "reading numbers", chunk=16):
        for name, value in read.items():
            measured.setdefault(name, []).append(value)
    figures = {name: _share(name, measured[name]) for name in TITLES}
    for name, kind in BOXES.items():
        of = f"intersection over union with the true boxes, numbers of {NUMBER_LENGTH} {kind}"
        figures[name] = Figure(float(np.mean(measured[name])), "", of, n=len(measured[name]))
    return figures | {"photo_seconds": _large_photo(validation, repeats)}


def numbers(drawings: Sequence[Drawing], kind: str) -> Iterator[Number]:
    """All numbers of a kind, see `GAP_SHARES`, that the writers' digits make in their order."""
    for gap, start in zip(GAP_SHARES[kind], FIRST_DIGITS, strict=True):
        for seed, line in enumerate(numbers_of_five(drawings, gap, start)):
            yield Number(line, kind, seed)


def _read(number: Number) -> dict[str, float]:
    """Whether the number is read right, in the ways that belong to its kind; and its boxes."""
    recognizer, line = Recognizer(), number.line
    if number.kind == "photo":
        paper = np.pad(number.ink, PAPER_PX - MARGIN_PX)
        photo = photograph(paper, np.random.default_rng(number.seed))
        return {"strings_photo": recognizer.read_image(photo).text == line.text}
    from_picture = recognizer.read_image(255 - number.ink)
    good = from_picture.text == line.text
    if number.kind in PICTURE_GAPS:
        return {number.kind: good}
    from_strokes = recognizer.read_strokes(line.strokes, extent=line.size).text
    boxes = {f"strings_boxes_{number.kind}": _overlap(from_picture, line)} if good else {}
    return boxes | {
        f"strings_{number.kind}_strokes": from_strokes == line.text,
        f"strings_{number.kind}_picture": good,
    }


def _overlap(reading: Reading, line: WrittenLine) -> float:
    """The mean intersection over union of the boxes with those of what was written."""
    pairs = zip(reading.digits, line.characters, strict=True)
    return float(np.mean([_shared(each.box, ink_bounds(own)) for each, own in pairs]))


def _shared(box: Box | None, other: Box) -> float:
    if box is None:
        return 0.0
    across = min(box.right, other.right) - max(box.x, other.x)
    down = min(box.bottom, other.bottom) - max(box.y, other.y)
    both = max(across, 0.0) * max(down, 0.0)
    return both / (box.width * box.height + other.width * other.height - both)


def _share(name: str, right: Sequence[float]) -> Figure:
    low, high = interval(round(sum(right)), len(right))
    writers = f"{len(VALIDATION_WRITERS)} validation writers"
    of = f"numbers of {NUMBER_LENGTH} digits of {writers}, {TITLES[name]}"
    return Figure(100 * sum(right) / len(right), "%", of, (100 * low, 100 * high), len(right))


def _large_photo(drawings: Sequence[Drawing], repeats: int) -> Figure:
    """Seconds to read a photo of 12 megapixels with 20 digits from its file."""
    starts = range(0, PHOTO_LINES * NUMBER_LENGTH, NUMBER_LENGTH)
    lines = [number_of(drawings[at : at + NUMBER_LENGTH], 0.25) for at in starts]
    width = max(line.size[0] for line in lines)
    page = np.vstack([np.pad(ink_of(n), ((0, 0), (0, width - n.size[0]))) for n in lines])
    # As wide and high as the photo is, so that the digits keep their proportions.
    scale = max(width / PHOTO_SIZE_PX[0], len(page) / PHOTO_SIZE_PX[1])
    wide, high = (round(side * scale) for side in PHOTO_SIZE_PX)
    page = np.pad(page, ((0, high - len(page)), (0, wide - width)))
    photo = cv2.resize(photograph(page, np.random.default_rng(0)), PHOTO_SIZE_PX)
    recognizer = Recognizer()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        cv2.imwrite(str(path), photo[..., ::-1])
        recognizer.read_image(path)
        seconds = [_seconds(recognizer, path) for _ in range(repeats)]
    of = f"a photo of 12 megapixels with {PHOTO_LINES * NUMBER_LENGTH} digits, median of {repeats}"
    return median_of(seconds, "s", of)


def _seconds(recognizer: Recognizer, path: Path) -> float:
    started = time.perf_counter()
    recognizer.read_image(path)
    return time.perf_counter() - started
