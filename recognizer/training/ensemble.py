"""Several models, or the branches of one, read as one: the mean of their probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers, ops

from recognizer.glyph import SIZE
from recognizer.reading import DIGITS

_LEAST = 1e-9
"""What a probability of zero counts as, since it has no logarithm."""


def mean_of(models: Sequence[keras.Model]) -> keras.Model:
    """The models' mean as one network: (n, 28, 28, 1) in 0..1 to (n, 10) probabilities."""
    glyphs = keras.Input((SIZE, SIZE, 1), name="glyphs")
    answers = []
    for number, model in enumerate(models, 1):
        model.name = f"member_{number}"
        answers.append(model(glyphs))
    return _reader(glyphs, layers.Average()(answers) if len(answers) > 1 else answers[0])


def mean_of_branches(model: keras.Model) -> keras.Model:
    """A network that gives each branch's probabilities, (n, branches, 10), as one of their mean.

    One without branches comes back as it is.
    """
    if len(model.output_shape) == 2:
        return model
    return _reader(model.input, layers.GlobalAveragePooling1D()(model.output))


def _reader(glyphs: keras.KerasTensor, mean: keras.KerasTensor) -> keras.Model:
    """The network that answers with this mean.

    Its last layer, `digits`, makes probabilities of the mean's logarithms, so that it can be
    calibrated as that of any other.
    """
    last = layers.Dense(DIGITS, activation="softmax", name="digits")
    whole = keras.Model(glyphs, last(ops.log(ops.maximum(mean, _LEAST))), name="digits")
    last.set_weights([np.eye(DIGITS), np.zeros(DIGITS)])
    return whole
