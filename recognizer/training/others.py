"""The networks that ours is compared with, as their sources describe them."""

from __future__ import annotations

from collections.abc import Sequence

import keras
from keras import layers

from recognizer.glyph import SIZE
from recognizer.reading import DIGITS

_ROWS_UNITS = 128


def mlp(dropout: float) -> keras.Model:
    """Dense layers alone."""
    dense = [layers.Dense(50, activation="relu") for _ in range(2)]
    return _stacked([layers.Flatten(), *dense, *_dropped(dropout)])


def recurrent(dropout: float) -> keras.Model:
    """The rows of the picture as a sequence."""
    # Unrolled, since LiteRT has the loop only as an operation of TensorFlow's.
    rows = [layers.Reshape((SIZE, SIZE)), layers.LSTM(_ROWS_UNITS, unroll=True)]
    return _stacked([*rows, *_dropped(dropout)])


def minimal(dropout: float) -> keras.Model:
    """One convolution."""
    return _stacked([_convolution(32), layers.MaxPooling2D(), *_flat(dropout)])


def dropout(share: float) -> keras.Model:
    """Two convolutions and dropout: 34,826 parameters."""
    first = [_convolution(32), layers.MaxPooling2D()]
    second = [_convolution(64), layers.MaxPooling2D()]
    return _stacked([*first, *second, *_flat(share)])


def deep(dropout: float) -> keras.Model:
    """Four convolutions: 77,098 parameters."""
    first = [_convolution(32), layers.MaxPooling2D()]
    second = [_convolution(64), _convolution(64), _convolution(32), layers.MaxPooling2D()]
    return _stacked([*first, *second, *_flat(dropout)])


def tuned(filters: int, units: int, dropout: float) -> keras.Model:
    """Two convolutions and a dense layer, whose sizes are found by tuning."""
    first = [_convolution(filters), layers.MaxPooling2D()]
    second = [_convolution(filters), layers.MaxPooling2D()]
    dense = layers.Dense(units, activation="relu")
    return _stacked([*first, *second, *_flat(dropout), dense])


def _convolution(filters: int) -> keras.Layer:
    return layers.Conv2D(filters, 3, activation="relu")


def _flat(dropout: float) -> list[keras.Layer]:
    return [layers.Flatten(), *_dropped(dropout)]


def _dropped(dropout: float) -> list[keras.Layer]:
    return [layers.Dropout(dropout)] if dropout else []


def _stacked(stack: Sequence[keras.Layer]) -> keras.Model:
    """Layers one after the other: (n, 28, 28, 1) in 0..1 to (n, 10) probabilities."""
    glyphs = keras.Input((SIZE, SIZE, 1), name="glyphs")
    x = glyphs
    for layer in stack:
        x = layer(x)
    answers = layers.Dense(DIGITS, activation="softmax", name="digits")(x)
    return keras.Model(glyphs, answers, name="digits")
