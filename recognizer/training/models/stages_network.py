"""The network that shows its stages: every feature map, and where the evidence lies.

A second network of the same weights, for looking only: it is run where somebody looks, and what
reads stays as small and quick as it is.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from recognizer.model.stages import ASKED, EVIDENCE, STAGE
from recognizer.training.models.networks import scoring_layers

EVIDENCE_STAGE = 1
"""Number of the stage in whose maps the evidence is told: fine, and not yet single pixels."""


def stages_network(model: keras.Model) -> keras.Model | None:
    """The network that shows the stages of another one with branches; None for one without any.

    From a glyph (1, 28, 28, channels) in 0..1 and how much is asked of each class, (1, classes),
    to the maps after every stage, (1, height, width, maps), those of the branches side by side,
    and the evidence (1, height, width) in the maps of `EVIDENCE_STAGE`.

    What is asked is a weighted sum of the scores before softmax, the mean of the branches: 1 for
    an answer and -1 for another one asks what speaks for the one against the other. The evidence
    is the sum over the maps of each map times the gradient of that score (HiResCAM: Draelos,
    Carin: Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural
    networks, 2020). From there on a network of ReLUs is linear piece by piece, so the evidence
    of all places sums to the score, but for the biases. LiteRT has no gradients: the way back is
    laid out as layers of its own.
    """
    scoring = scoring_layers(model)
    if len(scoring) < 2:
        return None
    stages = map_outputs(model)
    flat = [each for stage in stages for each in stage]
    glyph = keras.Input(batch_shape=(1, *model.input_shape[1:]), name="glyphs")
    asked = keras.Input(batch_shape=(1, scoring[0].units), name=ASKED)
    maps = {id(a): b for a, b in zip(flat, keras.Model(model.input, flat)(glyph), strict=True)}
    (watched,) = stages[EVIDENCE_STAGE]
    share = layers.Rescaling(1 / len(scoring))(asked)
    gradients = [_gradient(last, share, watched, maps) for last in scoring]
    evidence = ops.sum(maps[id(watched)] * layers.Add()(gradients), axis=3)
    together = [
        layers.Concatenate()(found) if len(found) > 1 else found[0]
        for found in ([maps[id(each)] for each in stage] for stage in stages)
    ]
    names = (f"{STAGE}{number}" for number in range(len(together)))
    outputs = dict(zip(names, together, strict=True)) | {EVIDENCE: evidence}
    return keras.Model([glyph, asked], outputs, name="stages")


def map_outputs(model: keras.Model) -> list[list[Any]]:
    """What comes after every convolution, where nothing is below zero, first to last.

    Of each stage the maps of all branches, which have one size.
    """
    found: dict[int, list[Any]] = {}
    for layer in model.layers:
        if isinstance(layer, layers.ReLU):
            found.setdefault(layer.output.shape[1], []).append(layer.output)
    return list(found.values())


def _gradient(last: keras.Layer, asked: Any, watched: Any, maps: dict[int, Any]) -> Any:
    """How much the score rises with each value of the watched maps, by one branch."""
    (units, _), kernel = last.kernel.shape, _kernel(last)
    gradient = _with_weights(layers.Dense(units, use_bias=False), kernel.T, asked)
    at = last.input
    while at is not watched:
        layer = at._keras_history.operation
        gradient = _back_through(layer, gradient, maps.get(id(at)))
        at = layer.input
    return gradient


def _back_through(layer: keras.Layer, gradient: Any, output: Any) -> Any:
    """The gradient at a layer's input, from that at its output. output: of a ReLU."""
    if isinstance(layer, layers.Flatten):
        return ops.reshape(gradient, (1, *layer.input.shape[1:]))
    if isinstance(layer, layers.ReLU):
        return gradient * ops.cast(output > 0, "float32")
    if isinstance(layer, layers.BatchNormalization):
        spread = np.sqrt(np.asarray(layer.moving_variance) + layer.epsilon)
        return layers.Rescaling(np.asarray(layer.gamma) / spread)(gradient)
    if isinstance(layer, layers.Conv2D):
        back = layers.Conv2DTranspose(
            layer.input.shape[-1], layer.kernel_size, layer.strides, use_bias=False
        )
        return _with_weights(back, _kernel(layer), gradient)
    assert isinstance(layer, layers.Dropout), layer
    return gradient


def _with_weights(layer: keras.Layer, kernel: Any, inputs: Any) -> Any:
    outputs = layer(inputs)
    layer.set_weights([kernel])
    return outputs


def _kernel(layer: keras.Layer) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.asarray(layer.kernel, dtype=np.float32)
