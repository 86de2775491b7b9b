"""Glyphs to readings: the trained network, run by LiteRT."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from recognizer import glyph, grouping, ink, layout, strokes
from recognizer.errors import SketchpadError
from recognizer.memory import Memory
from recognizer.pictures import loading

DIGITS = 10
SAVED_MODEL = Path(__file__).resolve().parent.parent / "saved_model"
MODEL_FILE, CARD_FILE = "digits.tflite", "card.json"
SPECK = 0.2
"""A digit smaller than this share of the largest on its line is never sure."""

Probabilities = NDArray[np.float32]
Box = tuple[float, float, float, float]


class ModelError(SketchpadError):
    """There is no usable model; the message says where and what to do."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """What one digit was read as.

    digit: 0 to 9, or None for an empty drawing.
    confidence: calibrated probability of `digit`, 0 to 1; 0 for an empty drawing.
    probabilities: (10,) float32, sums to 1; all equal for an empty drawing.
    sure: whether the confidence is above the threshold that was chosen on validation data.
    glyph: the (28, 28) uint8 picture that the network saw.
    box: left, top, width, height of its ink, in the strokes' unit or the picture's pixels;
    None where one digit was read alone.
    """

    digit: int | None
    confidence: float
    probabilities: Probabilities
    sure: bool
    glyph: glyph.Glyph
    box: Box | None = None

    @property
    def ranking(self) -> list[int]:
        """The ten digits, the likeliest first."""
        return [int(digit) for digit in np.argsort(-self.probabilities, kind="stable")]


@dataclass(frozen=True, eq=False)
class Reading:
    """What a number of any length was read as.

    text: the likeliest digits, "2047", its lines joined by newlines; "" for an empty drawing.
    digits: a Prediction with its `box` for each of them, left to right and line by line.
    confidence: probability that the whole text is right, 0 to 1; 0 for an empty drawing.
    sure: whether every digit is sure; False for an empty drawing.
    """

    text: str
    digits: tuple[Prediction, ...]
    confidence: float
    sure: bool


def reading_of(digits: Sequence[Prediction]) -> Reading:
    """The reading of digits that have their boxes, in any order; what is blank is left out."""
    digits = [digit for digit in digits if digit.digit is not None]
    lines = layout.lines([digit.box or (0, 0, 0, 0) for digit in digits])
    return _reading_of_lines([_wary([digits[number] for number in line]) for line in lines])


def _wary(line: Sequence[Prediction]) -> list[Prediction]:
    """The digits of a line, none of them sure that is but a speck beside the others."""
    sides = [max(digit.box[2:]) if digit.box else 0.0 for digit in line]
    return [
        digit if side >= SPECK * max(sides) else replace(digit, sure=False)
        for digit, side in zip(line, sides, strict=True)
    ]


def _reading_of_lines(lines: Sequence[Sequence[Prediction]]) -> Reading:
    ordered = tuple(digit for line in lines for digit in line)
    return Reading(
        text="\n".join("".join(str(digit.digit) for digit in line) for line in lines if line),
        digits=ordered,
        confidence=math.prod(digit.confidence for digit in ordered) if ordered else 0.0,
        sure=bool(ordered) and all(digit.sure for digit in ordered),
    )


class Recognizer:
    """Reads digits with a trained network.

    path: a folder with `digits.tflite` and `card.json`; `saved_model/` by default.
    Raises ModelError if they are missing or damaged. May be used by several threads.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        folder = SAVED_MODEL if path is None else Path(path)
        self.card = _read_card(folder / CARD_FILE)
        self.threshold = float(self.card["sure_threshold"])
        self._network = _Network(folder / MODEL_FILE)
        self._lock = threading.Lock()

    def predict_proba(self, glyphs: Any) -> Probabilities:
        """Probabilities of the ten digits.

        glyphs: (n, 28, 28), white ink on black, uint8 0..255 or float 0..1.
        Returns (n, 10) float32; rows sum to 1. Raises ValueError for any other input.
        """
        images = _as_images(glyphs)
        with self._lock:
            return self._network.run(images)

    def classify_strokes(self, drawing: Iterable[Any], extent: Any = (500, 500)) -> Prediction:
        """Read one digit from the strokes of a pen.

        drawing: strokes, each a sequence of points (x, y) with y downwards, or a `Stroke`.
        extent: (width, height) of the writing area in the strokes' unit.
        Raises ValueError for points that are not finite, or a drawing of another shape.
        """
        checked = strokes.as_strokes(drawing)
        return self._classify(ink.render_to_fit(checked, strokes.as_extent(extent)))

    def read_strokes(
        self, drawing: Iterable[Any], extent: Any = (500, 500), memory: Memory | None = None
    ) -> Reading:
        """Read a number of any length, on one line or several, from the strokes of a pen.

        drawing, extent: as for `classify_strokes`; boxes are in the strokes' unit.
        memory: for a drawing under way, the same one every time, so that only digits that
        changed are read anew; it works with `Stroke` objects that are kept.
        Raises ValueError for points that are not finite, or a drawing of another shape.
        """
        checked = strokes.as_strokes(drawing)
        area = strokes.as_extent(extent)
        known = Memory() if memory is None else memory
        known.turn()

        def read(members: tuple[strokes.Stroke, ...]) -> Prediction:
            return known.once(("digit", members, area), lambda: self._read_digit(members, area))

        found = grouping.digits(checked, lambda members: read(members).confidence, known)
        return reading_of([read(members) for members in found])

    def classify_image(self, image: Any) -> Prediction:
        """Read one digit from a picture.

        image: a path (PNG, JPEG, BMP, GIF, WebP, TIFF), or an array, grey (h, w),
        RGB (h, w, 3) or RGBA (h, w, 4), dark on light or light on dark, uint8, uint16 or
        float 0..1; 8 × 8 pixels to 40 megapixels.
        Raises ValueError (PictureError for a file) if it cannot be read.
        """
        return self._classify(loading.ink_of(image))

    def read_image(self, image: Any) -> Reading:
        """Read a number of any length, on one line or several, from a picture.

        image: as for `classify_image`; a photo of paper, ruled or not, or a scan as well.
        Its lines may slope by up to 20°. Boxes are in the picture's pixels, turned upright
        if it is a photo that says how the camera was held.
        Raises ValueError (PictureError for a file) if it cannot be read.
        """
        # OpenCV takes longer to import than one digit takes to be read without it.
        from recognizer.pictures import numbers, pages, rows

        return _reading_of_lines(
            [
                [
                    self._prediction(digit.glyph, digit.probabilities, row.box_of(digit.ink))
                    for digit in numbers.read(row, self.predict_proba)
                ]
                for row in rows.rows(pages.page_of(image))
            ]
        )

    def _read_digit(
        self, members: tuple[strokes.Stroke, ...], area: tuple[float, float]
    ) -> Prediction:
        prediction = self._classify(ink.render_to_fit(members, area))
        left, top, right, bottom = strokes.bounds(members) or (0.0, 0.0, 0.0, 0.0)
        reach = max(stroke.reach for stroke in members)
        size = (right - left + 2 * reach, bottom - top + 2 * reach)
        return replace(prediction, box=(left - reach, top - reach, *size))

    def _classify(self, drawn: ink.Ink) -> Prediction:
        picture = glyph.normalize(drawn)
        if not picture.any():
            even = np.full(DIGITS, 1 / DIGITS, dtype=np.float32)
            return Prediction(None, 0.0, even, False, picture)
        return self._prediction(picture, self.predict_proba(picture[None])[0])

    def _prediction(
        self, picture: glyph.Glyph, probabilities: Probabilities, box: Box | None = None
    ) -> Prediction:
        digit = int(probabilities.argmax())
        confidence = float(probabilities[digit])
        sure = confidence > self.threshold
        return Prediction(digit, confidence, probabilities, sure, picture, box)


class _Network:
    """The LiteRT interpreter, for one glyph at a time: many at a time are hardly faster."""

    def __init__(self, source: Path) -> None:
        model = _read_model(source)
        try:
            self._interpreter = Interpreter(model_content=model, num_threads=1)
            (inputs,) = self._interpreter.get_input_details()
            (outputs,) = self._interpreter.get_output_details()
            self._input, self._output = inputs["index"], outputs["index"]
            self._interpreter.resize_tensor_input(self._input, (1, glyph.SIZE, glyph.SIZE, 1))
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError):
            raise ModelError(
                f"The model {source} is damaged or of another kind. "
                "Get it back with git checkout, or train one: python -m recognizer train"
            ) from None

    def run(self, images: NDArray[np.float32]) -> Probabilities:
        """(n, 28, 28) float32 0..1 to (n, 10)."""
        probabilities = np.empty((len(images), DIGITS), dtype=np.float32)
        for number, image in enumerate(images):
            self._interpreter.set_tensor(self._input, image[None, :, :, None])
            self._interpreter.invoke()
            probabilities[number] = self._interpreter.get_tensor(self._output)[0]
        return probabilities


def _as_images(glyphs: Any) -> NDArray[np.float32]:
    images = np.asarray(glyphs)
    if images.ndim != 3 or images.shape[1:] != (glyph.SIZE, glyph.SIZE):
        raise ValueError(f"glyphs must have the shape (n, 28, 28); got {images.shape}")
    if images.dtype == np.uint8:
        return np.asarray(images / np.float32(255), dtype=np.float32)
    if not np.issubdtype(images.dtype, np.floating):
        raise ValueError(f"glyphs must be uint8 0..255 or float 0..1; got {images.dtype}")
    if not np.all((images >= 0) & (images <= 1)):
        raise ValueError("glyphs of floats must lie between 0 and 1")
    return images.astype(np.float32)


def _read_model(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"No model at {path} ({error.strerror}). Train one: python -m recognizer train"
        ) from None


def _read_card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        if not 0 <= card["sure_threshold"] <= 1:
            raise ValueError("sure_threshold")
    except OSError as error:
        raise ModelError(
            f"No model card at {path} ({error.strerror}). Train a model: python -m recognizer train"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise ModelError(
            f"The model card {path} is damaged. "
            "Get it back with git checkout, or train a model: python -m recognizer train"
        ) from None
    return dict(card)
