"""The networks: ours, those it is compared with, and the mean of several."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
from keras import layers, ops

from recognizer.glyph import SIZE_PX
from recognizer.model import FEATURES, PROBABILITIES
from recognizer.training import FLOATS
from recognizer.training.models.arithmetic import FusedBatchNormalization

OUR_FILTERS = (32, 32, 64, 48, 72, 96, 104)
SHARED_CONVOLUTIONS, BRANCHES = 3, 2
"""How many of the convolutions all branches share, and how many branches there are."""
HALVING_CONVOLUTION = 1
"""Number of the convolution that halves the picture."""
DROPOUT_AFTER = {1: 0.05, 3: 0.05, 5: 0.05}
"""Numbers of the convolutions that dropout follows, and its share there."""
OUR_SUMMARY = (
    "convolutions 3 × 3 without padding: "
    f"{', '.join(map(str, OUR_FILTERS[:SHARED_CONVOLUTIONS]))} filters, "
    f"number {HALVING_CONVOLUTION + 1} with stride 2, then {BRANCHES} branches of "
    f"{', '.join(map(str, OUR_FILTERS[SHARED_CONVOLUTIONS:]))}; "
    "dropout after some and before the softmax; the branches' mean"
)
_MIN_PROBABILITY = 1e-9
"""What a probability of zero counts as, since it has no logarithm."""
_ROWS_UNITS = 128
_LAST_LAYER = "digits"
_LAST_MAPS = "last_maps"
"""What the names of the layers begin with that take a branch's last feature maps."""


def ours(dropout: float, channels: int, classes: int) -> keras.Model:
    """The untrained network.

    From glyphs (n, 28, 28, channels) in 0..1 to each branch's probabilities (n, 2, classes).
    The branches share their first convolutions and learn apart from there on, as in a TreeNet
    (Lee, Purushwalkam, Cogswell, Crandall, Batra: Why M heads are better than one, 2015). What
    is read is their mean, as with two networks that share their first layers.

    The first convolution sees every pixel, and the second halves the picture, so that the
    others are cheap. None has padding: each takes a pixel off every side until 2 × 2 are left,
    no pooling is needed, and the blank margin costs nothing (as in An, Lee, Park, Yang, So:
    An ensemble of simple convolutional neural network models, 2020). Batch normalization
    (Ioffe, Szegedy, 2015) follows every convolution, and dropout (Srivastava and others,
    2014) some of them: a little on the way, and the share `dropout` before the output.
    """
    glyphs = keras.Input((SIZE_PX, SIZE_PX, channels), name="glyphs")
    shared = _convolutions(glyphs, range(SHARED_CONVOLUTIONS))
    outputs = [_branch(shared, dropout, classes, number) for number in range(BRANCHES)]
    both = layers.Concatenate(axis=1, dtype=FLOATS)(outputs)
    return keras.Model(glyphs, both, name="digits")


def _branch(x: keras.KerasTensor, dropout: float, classes: int, number: int) -> keras.KerasTensor:
    x = _convolutions(x, range(SHARED_CONVOLUTIONS, len(OUR_FILTERS)))
    x = layers.Flatten(name=f"{_LAST_MAPS}_{number}")(x)
    x = layers.Dropout(dropout)(x)
    x = layers.Dense(classes, activation="softmax", dtype=FLOATS)(x)
    return layers.Reshape((1, classes), dtype=FLOATS)(x)


def _convolutions(x: keras.KerasTensor, numbers: range) -> keras.KerasTensor:
    for number in numbers:
        strides = 2 if number == HALVING_CONVOLUTION else 1
        x = layers.Conv2D(OUR_FILTERS[number], 3, strides=strides, use_bias=False)(x)
        x = layers.ReLU()(FusedBatchNormalization()(x))
        if number in DROPOUT_AFTER:
            x = layers.Dropout(DROPOUT_AFTER[number])(x)
    return x


def mean_of(models: Sequence[keras.Model]) -> keras.Model:
    """The models' mean as one network: (n, 28, 28, channels) in 0..1 to (n, classes)."""
    glyphs = keras.Input(models[0].input_shape[1:], name="glyphs")
    outputs = []
    for number, model in enumerate(models, 1):
        model.name = f"member_{number}"
        outputs.append(model(glyphs))
    return _mean_reader(glyphs, layers.Average()(outputs) if len(outputs) > 1 else outputs[0])


def mean_of_branches(model: keras.Model) -> keras.Model:
    """A network that gives each branch's probabilities, (n, branches, classes), as
    one of their mean.

    One without branches comes back as it is.
    """
    if len(model.output_shape) == 2:
        return model
    branches = [layer.output for layer in scoring_layers(model)]
    return _mean_reader(model.input, layers.Average()(branches))


def scoring_layers(model: keras.Model) -> list[keras.Layer]:
    """The layers that give each label its score: the last one, or those that end the branches."""
    softmax = keras.activations.softmax
    dense = [layer for layer in model.layers if isinstance(layer, layers.Dense)]
    scoring = [layer for layer in dense if layer.activation is softmax]
    # After branches, the last layer makes one prediction of theirs.
    return [layer for layer in scoring if layer.name != _LAST_LAYER] or scoring


def _mean_reader(glyphs: keras.KerasTensor, mean: keras.KerasTensor) -> keras.Model:
    """The network that gives this mean.

    Its last layer, `digits`, makes probabilities of the mean's logarithms, so that it can be
    calibrated as that of any other.
    """
    classes = mean.shape[-1]
    last = layers.Dense(classes, activation="softmax", name=_LAST_LAYER)
    whole = keras.Model(glyphs, last(ops.log(ops.maximum(mean, _MIN_PROBABILITY))), name="digits")
    last.set_weights([np.eye(classes), np.zeros(classes)])
    return whole


def reader(model: keras.Model, labels: int) -> keras.Model:
    """The network that is read with, from one that gives classes; its outputs have names.

    It takes one glyph at a time, so that every shape is known when it is written.
    probabilities: (1, labels); a class beyond the labels, "none of them", is left out, so that
    what they lack to 1 is its share. features: (1, f), the means of the branches' last feature
    maps; only of a network that has branches.
    """
    maps = [layer.input for layer in model.layers if layer.name.startswith(_LAST_MAPS)]
    whole = keras.Model(model.input, [model.output, *maps])
    glyph = keras.Input(batch_shape=(1, *model.input_shape[1:]), name="glyphs")
    classes, *last_maps = whole(glyph)
    outputs = {PROBABILITIES: classes[:, :labels]}
    if last_maps:
        pooled = [layers.GlobalAveragePooling2D()(each) for each in last_maps]
        outputs[FEATURES] = layers.Concatenate()(pooled)
    return keras.Model(glyph, outputs, name="digits")


def mlp(dropout: float, channels: int, classes: int) -> keras.Model:
    """Dense layers alone."""
    dense = [layers.Dense(50, activation="relu") for _ in range(2)]
    return _stacked([layers.Flatten(), *dense, *_dropped(dropout)], channels, classes)


def recurrent(dropout: float, channels: int, classes: int) -> keras.Model:
    """The rows of the picture as a sequence."""
    # Unrolled, since LiteRT has the loop only as an operation of TensorFlow's.
    rows = [layers.Reshape((SIZE_PX, SIZE_PX * channels)), layers.LSTM(_ROWS_UNITS, unroll=True)]
    return _stacked([*rows, *_dropped(dropout)], channels, classes)


def minimal(dropout: float, channels: int, classes: int) -> keras.Model:
    """One convolution."""
    return _stacked([*_pooled(32), *_flat(dropout)], channels, classes)


def dropout(share: float, channels: int, classes: int) -> keras.Model:
    """Two convolutions and dropout: 34,826 parameters."""
    return _stacked([*_pooled(32), *_pooled(64), *_flat(share)], channels, classes)


def deep(dropout: float, channels: int, classes: int) -> keras.Model:
    """Four convolutions: 77,098 parameters."""
    return _stacked([*_pooled(32), *_pooled(64, 64, 32), *_flat(dropout)], channels, classes)


def tuned(filters: int, units: int, dropout: float, channels: int, classes: int) -> keras.Model:
    """Two convolutions and a dense layer, whose sizes are found by tuning."""
    convolutions = [*_pooled(filters), *_pooled(filters)]
    dense = layers.Dense(units, activation="relu")
    return _stacked([*convolutions, *_flat(dropout), dense], channels, classes)


def _pooled(*filters: int) -> list[keras.Layer]:
    convolutions = [layers.Conv2D(count, 3, activation="relu") for count in filters]
    return [*convolutions, layers.MaxPooling2D()]


def _flat(dropout: float) -> list[keras.Layer]:
    return [layers.Flatten(), *_dropped(dropout)]


def _dropped(dropout: float) -> list[keras.Layer]:
    return [layers.Dropout(dropout)] if dropout else []


def _stacked(stack: Sequence[keras.Layer], channels: int, classes: int) -> keras.Model:
    """Layers one after the other: (n, 28, 28, channels) in 0..1 to (n, classes)."""
    glyphs = keras.Input((SIZE_PX, SIZE_PX, channels), name="glyphs")
    x = glyphs
    for layer in stack:
        x = layer(x)
    outputs = layers.Dense(classes, activation="softmax", name=_LAST_LAYER, dtype=FLOATS)(x)
    return keras.Model(glyphs, outputs, name="digits")
