"""How a network calculates while it learns: at half the bits where that is quicker.

Weights, their updates and losses stay in 32-bit floats (as in Micikevicius and others: Mixed
precision training, 2018).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from recognizer.training import BFLOAT16

_POLICIES = {BFLOAT16: "mixed_bfloat16"}


@contextmanager
def calculating(arithmetic: str) -> Iterator[None]:
    """Layers that are made meanwhile calculate so, see `Config`; all others are as before."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(_POLICIES.get(arithmetic, arithmetic))
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


@keras.saving.register_keras_serializable("recognizer")
class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Batch normalization that TensorFlow learns in one operation, where Keras takes ten.

    In ten it takes three times as long, a third of a training. Elsewhere it is Keras' own.
    """

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """The normalized inputs, of the same shape."""
        if not training or keras.backend.backend() != "tensorflow":
            return super().call(inputs, training=training, mask=mask)
        import tensorflow as tf

        found, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs, self.gamma, self.beta, epsilon=self.epsilon
        )
        # It tells the variance of what the batch is a sample of; Keras keeps that of the batch.
        count = ops.cast(ops.size(inputs) / inputs.shape[-1], variance.dtype)
        kept = self.momentum
        self.moving_mean.assign(self.moving_mean * kept + mean * (1 - kept))
        variance = variance * (count - 1) / count
        self.moving_variance.assign(self.moving_variance * kept + variance * (1 - kept))
        return found


def in_floats(model: keras.Model) -> keras.Model:
    """The same network in 32-bit floats and of Keras' own layers, with the same weights."""

    def plain(layer: keras.Layer) -> keras.Layer:
        kind = type(layer)
        if isinstance(layer, FusedBatchNormalization):
            kind = keras.layers.BatchNormalization
        return kind.from_config(layer.get_config() | {"dtype": "float32"})

    twin = keras.models.clone_model(model, clone_function=plain)
    twin.set_weights(model.get_weights())
    return twin
