"""The architecture: a small convolutional network with dropout."""

from __future__ import annotations

import keras
from keras import layers

from recognizer.glyph import SIZE
from recognizer.reading import DIGITS

FILTERS = (32, 32, 64, 64, 96, 128, 128)
HALVING = 1
"""Number of the convolution that halves the picture."""
DROPOUT_AFTER = {1: 0.2, 3: 0.2, 5: 0.2}
"""Numbers of the convolutions that dropout follows, and its share there."""
SUMMARY = (
    f"convolutions 3 × 3 of {', '.join(map(str, FILTERS))} filters without padding, "
    f"number {HALVING + 1} with stride 2, dropout after some and before the softmax"
)


def build(dropout: float) -> keras.Model:
    """The untrained network: (n, 28, 28, 1) in 0..1 to (n, 10) probabilities.

    The first convolution sees every pixel, and the second halves the picture, so that the
    others are cheap. None has padding: each takes a pixel off every side until 2 × 2 are left,
    no pooling is needed, and the blank margin costs nothing (as in An, Lee, Park, Yang, So:
    An ensemble of simple convolutional neural network models, 2020). Batch normalization
    (Ioffe, Szegedy, 2015) follows every convolution, and dropout (Srivastava and others,
    2014) some of them: a little on the way, and the share `dropout` before the answer.
    """
    glyphs = keras.Input((SIZE, SIZE, 1), name="glyphs")
    x = glyphs
    for number, filters in enumerate(FILTERS):
        x = _convolution(x, filters, stride=2 if number == HALVING else 1)
        if number in DROPOUT_AFTER:
            x = layers.Dropout(DROPOUT_AFTER[number])(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(dropout)(x)
    answers = layers.Dense(DIGITS, activation="softmax", name="digits")(x)
    return keras.Model(glyphs, answers, name="digits")


def _convolution(x: keras.KerasTensor, filters: int, stride: int) -> keras.KerasTensor:
    x = layers.Conv2D(filters, 3, strides=stride, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))
