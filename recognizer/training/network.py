"""The architecture: a small convolutional network with dropout."""

from __future__ import annotations

import keras
from keras import layers

from recognizer.glyph import SIZE
from recognizer.reading import DIGITS

STEM = 32
FILTERS = (32, 48, 64, 96, 128)
SUMMARY = (
    f"convolution 5 × 5 of {STEM} filters with stride 2; convolutions 3 × 3 of "
    f"{', '.join(map(str, FILTERS))} without padding; dropout; softmax"
)


def build(dropout: float) -> keras.Model:
    """The untrained network: (n, 28, 28, 1) in 0..1 to (n, 10) probabilities.

    The first convolution, of 5 × 5, halves the picture at once, where that is cheap. The
    others have no padding, so that each takes a pixel off every side until 4 × 4 are left:
    no pooling is needed, and the blank margin costs nothing (as in An, Lee, Park, Yang, So:
    An ensemble of simple convolutional neural network models, 2020). Batch normalization
    (Ioffe, Szegedy, 2015) follows every convolution, and dropout (Srivastava and others,
    2014) stands before the answer.
    """
    glyphs = keras.Input((SIZE, SIZE, 1), name="glyphs")
    x = _convolution(glyphs, STEM, kernel=5, stride=2, padding="same")
    for filters in FILTERS:
        x = _convolution(x, filters, kernel=3)
    x = layers.Flatten()(x)
    x = layers.Dropout(dropout)(x)
    answers = layers.Dense(DIGITS, activation="softmax", name="digits")(x)
    return keras.Model(glyphs, answers, name="digits")


def _convolution(
    x: keras.KerasTensor, filters: int, kernel: int, stride: int = 1, padding: str = "valid"
) -> keras.KerasTensor:
    x = layers.Conv2D(filters, kernel, strides=stride, padding=padding, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
