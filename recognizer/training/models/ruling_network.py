"""The ruling network: from the ink of a page to what of it was written.

A U-Net (Ronneberger, Fischer, Brox: U-Net, convolutional networks for biomedical image
segmentation, 2015) whose finest level has half the resolution, and whose levels are added.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from recognizer.training import FLOATS
from recognizer.training.models.arithmetic import FusedBatchNormalization

PAGES, WRITTEN = "pages", "written"
"""The names of its input and of its output."""
LEVEL_FILTERS = (24, 40, 64, 80, 112)
"""Of each level; each has half the resolution of the one before."""
DEEP_CONVOLUTIONS = 4
"""On the coarsest level, which sees how far a line goes on."""


def ruling_network() -> keras.Model:
    """The untrained network.

    From pages (n, height, width, 1) in 0..1, with sides that are multiples of 32, to scores for
    each pixel (n, height, width, 1), before a sigmoid.
    """
    pages = keras.Input((None, None, 1), name=PAGES)
    x, finer = pages, []
    for level, filters in enumerate(LEVEL_FILTERS):
        if level == 0:
            x = _convolved(x, filters, size=5, strides=2)
        else:
            x = _convolved(layers.MaxPooling2D()(x), filters)
        x = _convolved(x, filters)
        finer.append(x)
    for _ in range(DEEP_CONVOLUTIONS - 2):
        x = _convolved(x, LEVEL_FILTERS[-1])
    for level in reversed(range(len(LEVEL_FILTERS) - 1)):
        filters = LEVEL_FILTERS[level]
        coarse = layers.UpSampling2D()(layers.Conv2D(filters, 1)(x))
        x = _convolved(layers.Add()([finer[level], coarse]), filters)
    scores = layers.Conv2DTranspose(1, 4, strides=2, padding="same", name=WRITTEN, dtype=FLOATS)(x)
    return keras.Model(pages, scores, name="ruling")


def _convolved(x: Any, filters: int, size: int = 3, strides: int = 1) -> Any:
    x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False)(x)
    return layers.ReLU()(FusedBatchNormalization()(x))
