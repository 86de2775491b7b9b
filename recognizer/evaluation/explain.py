"""What a trained network looks at: its filters' maps, where the evidence for a label lies, and what
the line network sees along a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from recognizer import Recognizer
from recognizer.geometry import Box
from recognizer.glyph import SIZE_PX
from recognizer.images.lines import TextLine
from recognizer.ink import Ink
from recognizer.model.line_model import COLUMNS_PER_STEP, FIRST_COLUMN, LineModel
from recognizer.segmentation import line_reader
from recognizer.segmentation.strips import strip_of
from recognizer.training.validation import shown

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SeenLine:
    """What the line network sees along a line of ink, and what is made of it.

    strip: (28, width), what it is shown. steps: (steps, 1 + labels + 1), probabilities of no
    character, of each label, and of any other. spans: the characters' places among the steps.
    boxes: where on the strip the ink of each lies, in its pixels.
    """

    strip: NDArray[np.uint8]
    steps: Floats
    spans: list[line_reader.Span]
    boxes: list[Box]

    def reach(self, first: int, last: int) -> tuple[float, float]:
        """From where to where on the strip some steps look, in pixels from the left."""
        half = COLUMNS_PER_STEP / 2
        columns = FIRST_COLUMN + 0.5 + COLUMNS_PER_STEP * np.array([first, last])
        return float(columns[0] - half), float(columns[1] + half)


def seen_line(ink: Ink, model: LineModel, recognizer: Recognizer) -> SeenLine:
    """A line of ink (height, width) as a line network sees it.

    recognizer: which labels may be answered, and what reads each character's ink by itself.
    """
    strip, labels = strip_of(ink), recognizer.labels
    steps = line_reader.asked(model.see(strip.picture), model.labels, labels)
    (across, down), left, top = strip.scale, strip.left, strip.top
    on_strip = TextLine(ink, float(len(ink)), np.array([[across, 0, left], [0, down, top]]))
    found = line_reader.read(on_strip, model, labels, recognizer.predict_joint)
    boxes = [on_strip.box_of(each.ink) for each in found]
    return SeenLine(strip.picture, steps, line_reader.spotted(steps)[0], boxes)


def map_layers(model: keras.Model) -> list[keras.Layer]:
    """The layers that end a convolution, after which nothing is below zero, first to last."""
    return [layer for layer in model.layers if isinstance(layer, keras.layers.ReLU)]


def deepest_maps(model: keras.Model, side: int) -> list[keras.Layer]:
    """The last such layer whose maps are at least `side` pixels wide, one of every branch."""
    wide = [layer for layer in map_layers(model) if layer.output.shape[1] >= side]
    return wide[-len(_scoring_layers(model)) :]


def kernels(model: keras.Model) -> Floats:
    """Weights of the first convolution's filters, (filters, height, width)."""
    first = next(layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D))
    return np.asarray(first.get_weights()[0][:, :, 0].transpose(2, 0, 1))


def maps(model: keras.Model, layer: keras.Layer, glyphs: NDArray[np.uint8]) -> Floats:
    """How strongly every filter of a layer responds at every place of (n, 28, 28) glyphs.

    Returns (n, height, width, filters).
    """
    part = keras.Model(model.input, layer.output)
    return np.asarray(part.predict(shown(glyphs, model.input_shape[-1]), batch_size=500, verbose=0))


def unlike(maps: Floats, count: int) -> list[int]:
    """Numbers of filters whose maps of one glyph are as unlike each other as can be.

    maps: (height, width, filters). The first is the filter that responds most strongly.
    """
    flat = maps.reshape(-1, maps.shape[-1]).T
    lengths = np.linalg.norm(flat, axis=1)
    alike = (flat @ flat.T) / np.maximum(np.outer(lengths, lengths), 1e-9)
    found = [int(flat.max(axis=1).argmax())]
    while len(found) < count:
        nearest = np.where(lengths > 0, alike[:, found].max(axis=1), np.inf)
        found.append(int(nearest.argmin()))
    return found


def grad_cam(
    model: keras.Model,
    watched: Sequence[keras.Layer],
    glyphs: NDArray[np.uint8],
    classes: NDArray[np.integer],
) -> Floats:
    """Where in each glyph a layer sees evidence for a label, (n, 28, 28), 0 to 1.

    watched: the layer, or the same one of every branch. classes: (n,) class numbers, one label
    for each glyph. The maps are weighted by how much the label's score rises with each, and
    their sum is shown where it is above zero (Selvaraju and others: Grad-CAM, 2017).
    """
    scoring = _scoring_layers(model)
    part = keras.Model(
        model.input, [[each.output for each in watched], [each.input for each in scoring]]
    )
    with tf.GradientTape() as tape:
        seen, features = part(shown(glyphs, model.input_shape[-1]), training=False)
        # The score before softmax: a probability near 1 hardly changes with anything.
        score = sum(
            tf.reduce_sum(before * tf.constant(each.get_weights()[0].T[classes]))
            for before, each in zip(features, scoring, strict=True)
        )
    gradients = tf.concat(tape.gradient(score, seen), axis=3)
    weights = tf.reduce_mean(gradients, axis=(1, 2), keepdims=True)
    evidence = tf.nn.relu(tf.reduce_sum(weights * tf.concat(seen, axis=3), axis=3)).numpy()
    step, first = _spacing(model, watched[0])
    return np.stack([_in_place(each, step, first) for each in evidence])


def _scoring_layers(model: keras.Model) -> list[keras.Layer]:
    """The layers that give each label its score: the last one, or those that end the branches."""
    classes = model.output.shape[-1]
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    scoring = [layer for layer in dense if layer.units == classes]
    # After branches, the last layer makes one prediction of theirs.
    return scoring[:-1] or scoring


def _spacing(model: keras.Model, layer: keras.Layer) -> tuple[int, float]:
    """How many pixels of a glyph a pixel of the layer's maps is wide, and where the first looks.

    Of convolutions without padding: each takes pixels off the edge, so that the maps see less
    and less of it.
    """
    step, first = 1, 0.0
    for earlier in keras.Model(model.input, layer.output).layers:
        if isinstance(earlier, keras.layers.Conv2D):
            first += step * (earlier.kernel_size[0] - 1) / 2
            step *= earlier.strides[0]
    return step, first


def _in_place(evidence: Floats, step: int, first: float) -> Floats:
    """A map laid over the glyph where it belongs, (28, 28), the largest value 1."""
    move = np.array([[step, 0, first], [0, step, first]], dtype=np.float64)
    wide = cv2.warpAffine(evidence, move, (SIZE_PX, SIZE_PX), flags=cv2.INTER_LINEAR)
    return np.asarray(wide / max(float(wide.max()), 1e-9))
