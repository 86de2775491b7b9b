"""The architecture: a small convolutional network with dropout, which ends in two branches."""

from __future__ import annotations

import keras
from keras import layers

from recognizer.glyph import SIZE
from recognizer.reading import DIGITS

FILTERS = (32, 32, 64, 48, 72, 96, 104)
SHARED, BRANCHES = 3, 2
"""How many of the convolutions all branches share, and how many branches there are."""
HALVING = 1
"""Number of the convolution that halves the picture."""
DROPOUT_AFTER = {1: 0.2, 3: 0.2, 5: 0.2}
"""Numbers of the convolutions that dropout follows, and its share there."""
SUMMARY = (
    f"convolutions 3 × 3 without padding: {', '.join(map(str, FILTERS[:SHARED]))} filters, "
    f"number {HALVING + 1} with stride 2, then {BRANCHES} branches of "
    f"{', '.join(map(str, FILTERS[SHARED:]))}; dropout after some and before the softmax; "
    "the branches' mean"
)


def build(dropout: float) -> keras.Model:
    """The untrained network: (n, 28, 28, 1) in 0..1 to (n, 2, 10), each branch's probabilities.

    The branches share their first convolutions and learn apart from there on, as in a TreeNet
    (Lee, Purushwalkam, Cogswell, Crandall, Batra: Why M heads are better than one, 2015). What
    is read is their mean, as with two networks that share their first layers.

    The first convolution sees every pixel, and the second halves the picture, so that the
    others are cheap. None has padding: each takes a pixel off every side until 2 × 2 are left,
    no pooling is needed, and the blank margin costs nothing (as in An, Lee, Park, Yang, So:
    An ensemble of simple convolutional neural network models, 2020). Batch normalization
    (Ioffe, Szegedy, 2015) follows every convolution, and dropout (Srivastava and others,
    2014) some of them: a little on the way, and the share `dropout` before the answer.
    """
    glyphs = keras.Input((SIZE, SIZE, 1), name="glyphs")
    shared = _convolutions(glyphs, range(SHARED))
    answers = [_branch(shared, dropout) for _ in range(BRANCHES)]
    return keras.Model(glyphs, layers.Concatenate(axis=1)(answers), name="digits")


def _branch(x: keras.KerasTensor, dropout: float) -> keras.KerasTensor:
    x = _convolutions(x, range(SHARED, len(FILTERS)))
    x = layers.Dropout(dropout)(layers.Flatten()(x))
    return layers.Reshape((1, DIGITS))(layers.Dense(DIGITS, activation="softmax")(x))


def _convolutions(x: keras.KerasTensor, numbers: range) -> keras.KerasTensor:
    for number in numbers:
        strides = 2 if number == HALVING else 1
        x = layers.Conv2D(FILTERS[number], 3, strides=strides, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        if number in DROPOUT_AFTER:
            x = layers.Dropout(DROPOUT_AFTER[number])(x)
    return x
