"""Makes three_signs.tflite; needs TensorFlow: python -m tests.data.three_signs

The network compares a glyph, its pixels averaged in squares of 4 × 4, with one drawing of
each sign: the nearer it is to one, the likelier that is.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from recognizer.glyph import SIZE_PX, normalize
from recognizer.ink import render_to_fit
from recognizer.strokes import as_strokes
from tests.samples import DATA, SIGNS

CELL_PX = 4
SHARPNESS = 3.0
"""How much likelier a nearer sign is."""


def prototypes() -> NDArray[np.float32]:
    """(49, 3): each sign as the network sees it."""
    glyphs = [normalize(render_to_fit(as_strokes(lines), (100, 100))) for lines in SIGNS.values()]
    cells = SIZE_PX // CELL_PX
    pooled = np.reshape(glyphs, (-1, cells, CELL_PX, cells, CELL_PX)).mean(axis=(2, 4)) / 255
    return np.asarray(pooled.reshape(len(SIGNS), -1).T, dtype=np.float32)


def network() -> Any:
    """Softmax of the negative squared distances, times `SHARPNESS`."""
    drawn = prototypes()
    nearness = keras.layers.Dense(len(SIGNS), activation="softmax")
    model = keras.Sequential(
        [
            keras.layers.Input((SIZE_PX, SIZE_PX, 1)),
            keras.layers.AveragePooling2D(CELL_PX),
            keras.layers.Flatten(),
            nearness,
        ]
    )
    nearness.set_weights([2 * SHARPNESS * drawn, -SHARPNESS * np.square(drawn).sum(axis=0)])
    return model


if __name__ == "__main__":
    content = tf.lite.TFLiteConverter.from_keras_model(network()).convert()
    (DATA / "three_signs.tflite").write_bytes(content)
