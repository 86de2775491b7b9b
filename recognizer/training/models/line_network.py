"""The line network: a whole line of ink to the probabilities of characters along it.

Its stem is the glyph network's, glided along the line: without padding, what reads a glyph of 28 ×
28 reads every part of a strip 28 high. So it begins with what was learned of single characters.
"""

from __future__ import annotations

import keras
import numpy as np
from keras import layers

from recognizer.glyph import SIZE_PX
from recognizer.training import FLOATS
from recognizer.training.models.arithmetic import FusedBatchNormalization
from recognizer.training.models.networks import (
    HALVING_CONVOLUTION,
    OUR_FILTERS,
    SHARED_CONVOLUTIONS,
    scoring_layers,
)

STRIPS, SCORES = "strips", "scores"
"""The names of its input and of its output."""
CONTEXT_FILTERS = 128
DROPOUT_SHARE = 0.2


def line_network(classes: int, dropout: float = DROPOUT_SHARE) -> keras.Model:
    """The untrained network.

    From strips (n, 28, width, 1) in 0..1 to the scores of the classes along them, before a
    softmax, (n, steps, classes): a step for every second column from the fourteenth on. It is
    fully convolutional; what the strip's neighbours say is added to what is seen at each step.
    """
    strips = keras.Input((SIZE_PX, None, 1), name=STRIPS)
    x = strips
    for number, filters in enumerate(OUR_FILTERS):
        strides = 2 if number == HALVING_CONVOLUTION else 1
        x = layers.Conv2D(filters, 3, strides=strides, use_bias=False, name=_name(number))(x)
        x = FusedBatchNormalization(name=f"{_name(number)}_norm")(x)
        x = layers.ReLU()(x)
        if number >= SHARED_CONVOLUTIONS and number % 2:
            x = layers.Dropout(dropout / 4)(x)
    dropped = layers.Dropout(dropout)(x)
    own = layers.Conv2D(classes, 2, name="own", dtype=FLOATS)(dropped)
    around = layers.Conv2D(CONTEXT_FILTERS, 2, use_bias=False, name="around")(x)
    around = layers.ReLU()(FusedBatchNormalization(name="around_norm")(around))
    around = layers.Conv2D(CONTEXT_FILTERS, (1, 5), padding="same", use_bias=False, name="wide")(
        around
    )
    around = layers.ReLU()(FusedBatchNormalization(name="wide_norm")(around))
    around = layers.Conv2D(
        classes, (1, 3), padding="same", kernel_initializer="zeros", name="beside", dtype=FLOATS
    )(around)
    scores = layers.Add(dtype=FLOATS)([own, around])
    scores = layers.Reshape((-1, classes), name=SCORES, dtype=FLOATS)(scores)
    return keras.Model(strips, scores, name="lines")


def _name(number: int) -> str:
    return f"convolution_{number + 1}"


def take_over(network: keras.Model, glyphs: keras.Model) -> None:
    """Begin with the weights of a glyph network: its convolutions and its first branch.

    Its last class, "none of them", is the network's first, the blank.
    """
    convolutions = [each for each in glyphs.layers if isinstance(each, layers.Conv2D)]
    norms = [each for each in glyphs.layers if isinstance(each, layers.BatchNormalization)]
    branch = len(OUR_FILTERS) - SHARED_CONVOLUTIONS
    own = [*range(SHARED_CONVOLUTIONS + branch)]
    for number, (convolution, norm) in enumerate(
        zip(_branch_of(convolutions, own), _branch_of(norms, own), strict=True)
    ):
        (kernel,) = convolution.get_weights()
        taken = network.get_layer(_name(number))
        taken.set_weights([kernel[:, :, : taken.get_weights()[0].shape[2]]])
        network.get_layer(f"{_name(number)}_norm").set_weights(norm.get_weights())
    kernel, bias = scoring_layers(glyphs)[0].get_weights()
    order = np.roll(np.arange(len(bias)), 1)
    side = (2, 2, OUR_FILTERS[-1], len(bias))
    network.get_layer("own").set_weights([kernel.reshape(side)[..., order], bias[order]])


def _branch_of(found: list[keras.Layer], numbers: list[int]) -> list[keras.Layer]:
    """The shared layers and those of the first branch, in their order."""
    by_name = sorted(found, key=lambda layer: _number_of(layer.name))
    return [by_name[number] for number in numbers]


def _number_of(name: str) -> int:
    last = name.rsplit("_", 1)[-1]
    return int(last) if last.isdigit() else 0
