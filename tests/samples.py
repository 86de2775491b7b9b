"""Real digits, pictures of them, and models, for the tests.

tests/data/README.md tells where they are from.
"""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from recognizer import Reading, Recognizer, glyph, images
from recognizer.files import SAVED_MODEL
from recognizer.geometry import Points
from recognizer.images.paper import ink_on
from recognizer.ink import Ink, render
from recognizer.model import card
from recognizer.model.card import CARD_FILE, MODEL_FILE, ModelError
from recognizer.strokes import Cache, Stroke

DATA = Path(__file__).parent / "data"

SIGNS = {
    "A": [[(0, 100), (40, 0), (80, 100)], [(16, 62), (64, 62)]],
    "7": [[(0, 0), (70, 0), (25, 100)]],
    "+": [[(40, 10), (40, 90)], [(0, 50), (80, 50)]],
}
"""How each sign is drawn that the made network reads, 100 high, y downwards."""


@functools.cache
def recognizer() -> Recognizer:
    """The saved model, loaded once."""
    return Recognizer()


def mnist() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """50 glyphs of MNIST, (50, 28, 28), and their digits."""
    with Image.open(DATA / "mnist_digits.png") as picture:
        sheet = np.asarray(picture)
    glyphs = sheet.reshape(5, 28, 10, 28).transpose(0, 2, 1, 3).reshape(-1, 28, 28)
    return glyphs, np.tile(np.arange(10), 5)


def pen_digits() -> list[tuple[list[Points], int]]:
    """20 drawings in 500 × 500, y downwards, and their digits."""
    text = (DATA / "pen_digits.json").read_text(encoding="utf-8")
    drawings: list[dict[str, Any]] = json.loads(text)
    return [
        ([np.array(stroke, dtype=np.float64) for stroke in drawing["strokes"]], drawing["digit"])
        for drawing in drawings
    ]


def number(
    digits: Sequence[int], gap: float = 0.15, height: float = 120, top: float = 60
) -> list[list[Points]]:
    """The strokes of each digit of a number, side by side from x = 50 on.

    gap: room between two digits as a share of their height.
    """
    drawings = {digit: strokes for strokes, digit in pen_digits()}
    left, placed = 50.0, []
    for digit in digits:
        points = np.concatenate(drawings[digit])
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = height / size[1]
        placed.append([(line - low) * scale + (left, top) for line in drawings[digit]])
        left += size[0] * scale + gap * height
    return placed


def drawn(
    strokes: list[Points],
    side: int,
    pen: float,
    share: float = 0.6,
    at: tuple[float, float] = (0.5, 0.5),
) -> Ink:
    """A drawing as ink of side × side pixels.

    pen in pixels; share: the digit's longest side over the picture's; at: where it stands,
    from (0, 0) for the left top corner to (1, 1).
    """
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    scale = (share * side - pen) / size.max()
    start = (side - size * scale - pen) * np.array(at) + pen / 2
    return render([Stroke((s - low) * scale + start, pen) for s in strokes], (side, side))


def written(
    text: str, height: float = 60, pen: float = 5, gap: float = 0.3, margin: int = 30
) -> Ink:
    """Lines of digits as ink; gap: between the middles of two digits' lines, in heights."""
    drawings = [drawing for drawing, _ in pen_digits()]
    strokes, widest, top = [], 0.0, float(margin)
    for line in text.split("\n"):
        left = float(margin)
        for digit in line:
            drawing = drawings[2 * int(digit)]
            points = np.concatenate(drawing)
            low, size = points.min(axis=0), np.ptp(points, axis=0)
            scale = height / size[1]
            strokes += [Stroke((s - low) * scale + (left, top), pen) for s in drawing]
            left += size[0] * scale + gap * height
        widest = max(widest, left - gap * height)
        top += 1.6 * height
    return render(strokes, (round(widest + margin), round(top - 0.6 * height + margin)))


def picture_of(digit: int, side: int = 80) -> Image.Image:
    """A drawing of a digit, dark on white."""
    strokes = next(strokes for strokes, label in pen_digits() if label == digit)
    return Image.fromarray(255 - drawn(strokes, side, side / 12))


def ink_of(image: Any) -> Ink:
    """The ink of a picture of one character, as it is read."""
    grey, _ = images.grey_of(image, images.CLASSIFIED_SIDE_PX)
    known = glyph.already(grey)
    return ink_on(grey) if known is None else known


def save_photo(path: Path, upright: Image.Image, turned: int, quality: int) -> None:
    """Save a picture as a camera does that was held so; turned: EXIF's orientation, 1 to 8."""
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = turned
    lying = upright.transpose(back[turned]) if turned in back else upright
    lying.save(path, exif=exif, quality=quality)


def checked(reading: Reading) -> Reading:
    """The reading, in which one thing agrees with the other."""
    assert "".join(reading.text.split()) == "".join(str(d.digit) for d in reading.digits)
    assert [number for line in reading.line_numbers for number in line] == [
        *range(len(reading.digits))
    ]
    assert len(reading.line_numbers) == len(reading.lines)
    assert 0 <= reading.confidence <= 1
    assert reading.sure == (bool(reading.digits) and all(d.sure for d in reading.digits))
    for digit in reading.digits:
        assert digit.box is not None
        assert digit.box[2] > 0
        assert digit.box[3] > 0
        assert digit.probabilities.sum() == pytest.approx(1, abs=1e-4)
    return reading


def copied_model(folder: Path) -> Path:
    """A copy of the saved model, to be changed."""
    for name in (MODEL_FILE, CARD_FILE):
        shutil.copy(SAVED_MODEL / name, folder)
    return folder


def changed(folder: Path, **content: Any) -> None:
    """Change what the card in a model's folder tells."""
    card.write(folder / CARD_FILE, card.read(folder / CARD_FILE) | content)


def refusal(folder: Path) -> str:
    """The sentence that a model is refused with, which says what to do."""
    with pytest.raises(ModelError) as error:
        Recognizer(folder)
    assert "\n" not in str(error.value)
    assert "python -m recognizer train" in str(error.value)
    return str(error.value)


def sign_model(folder: Path, changes: Mapping[str, Any] | None = None) -> Path:
    """Write the model of the made network, which reads the three `SIGNS`; returns its folder.

    changes: other content of its card.
    """
    network = (DATA / "three_signs.tflite").read_bytes()
    content = {
        "labels": list(SIGNS),
        "files": {MODEL_FILE: card.sha256(network)},
        "acceptance_threshold": 0.9,
        "segmentation": card.read(SAVED_MODEL / CARD_FILE)["segmentation"],
    }
    (folder / MODEL_FILE).write_bytes(network)
    card.write(folder / CARD_FILE, content | dict(changes or {}))
    return folder


def signs(text: Iterable[str], height: float = 100, gap: float = 0.3) -> list[list[Points]]:
    """The strokes of each of the `SIGNS` of a text, side by side from (50, 60) on."""
    left, placed = 50.0, []
    for sign in text:
        lines = [np.array(line, dtype=np.float64) for line in SIGNS[sign]]
        placed.append([line * height / 100 + (left, 60) for line in lines])
        left += (np.concatenate(lines)[:, 0].max() / 100 + gap) * height
    return placed


def alike(a: Ink, b: Ink) -> float:
    """Correlation of two pictures of the same size."""
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def likeness(a: Ink, b: Ink) -> float:
    """Cosine of the angle between two pictures, a pixel to each side allowed; 1 if alike."""
    shifts = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return max(_cosine(np.roll(a, shift, (0, 1)), b) for shift in shifts)


def _cosine(a: Ink, b: Ink) -> float:
    x, y = a.ravel().astype(float), b.ravel().astype(float)
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))


PEN = 10.0
"""Width of the pen in drawings that are made of lines."""


def inked(lines: Iterable[Points]) -> list[Stroke]:
    return [Stroke(line, PEN) for line in lines]


def together(digits: Iterable[list[Points]]) -> list[Stroke]:
    return inked(line for digit in digits for line in digit)


def read_drawing(strokes: Iterable[Any], cache: Cache | None = None) -> Reading:
    return recognizer().read_strokes(strokes, (1000, 300), cache)
