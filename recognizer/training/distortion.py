"""Glyphs varied as people, pens and paper vary them, on the device that trains.

What is random is drawn by NumPy for each batch, so that it is the same on every backend; what
costs time, moving the pixels, is a layer of `keras.ops`.
"""

from __future__ import annotations

from typing import Any

import cv2
import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from recognizer.glyph import SIZE_PX
from recognizer.training.augment import Rng

Floats = NDArray[np.float32]
Variations = dict[str, Floats]
"""How each of n glyphs varies, see `full_variations`; their names are those of the inputs."""
GRID = 5
"""Control points of the elastic distortion along each axis."""
_MIDDLE = (SIZE_PX - 1) / 2


def full_variations(n: int, rng: Rng, strength: float | NDArray[np.float64] = 1.0) -> Variations:
    """Turned, moved, zoomed, sheared, bent, made thicker, thinner, blurred, noisy and paler.

    strength: 1 for the full range of variations, 0 for none; for all glyphs or (n,), for each.
    Returns matrix (n, 2, 3), where in the glyph each pixel comes from, from the middle; bend
    (n, 2, 5, 5) in pixels; pen (n, 4): thickness, blur, gain and noise.
    """
    angle = np.radians(rng.uniform(-13, 13, n)) * strength
    shear = rng.uniform(-0.15, 0.15, n) * strength
    zoom = np.exp(rng.uniform(-0.13, 0.13, n) * strength)
    ratio = np.exp(rng.uniform(-0.07, 0.07, n) * strength)
    shift = rng.uniform(-1.6, 1.6, (2, n)) * strength
    cos, sin = np.cos(angle), np.sin(angle)
    across, down = 1 / (zoom * ratio), 1 / zoom
    rows = (
        [(cos + shear * sin) * across, (shear * cos - sin) * down, shift[0]],
        [sin * across, cos * down, shift[1]],
    )
    bending = rng.uniform(0, 1.0, n) * (rng.random(n) < 0.8) * strength
    thickness = rng.uniform(-1, 1, n) * (rng.random(n) < 0.4 * strength)
    # Taking the whole pixel from a thin line would cut it, so thinning goes half as far.
    thickness = np.where(thickness < 0, thickness / 2, thickness)
    blur = rng.uniform(0.2, 0.9, n) * (rng.random(n) < 0.1 * strength)
    gain = np.where(rng.random(n) < 0.2 * strength, rng.uniform(0.6, 1.4, n), 1)
    noise = rng.uniform(0.02, 0.12, n) * (rng.random(n) < 0.12 * strength)
    return {
        "matrix": np.array(rows, np.float32).transpose(2, 0, 1),
        "bend": rng.normal(0, 1, (n, 2, GRID, GRID)).astype(np.float32)
        * bending.astype(np.float32)[:, None, None, None],
        "pen": np.stack([thickness, blur, gain, noise], axis=1).astype(np.float32),
    }


def affine_variations(n: int, rng: Rng) -> Variations:
    """Turned by up to 10°, moved and zoomed by up to a tenth, as is usual with Keras."""
    angle, zoom = np.radians(rng.uniform(-10, 10, n)), rng.uniform(0.9, 1.1, n)
    cos, sin = np.cos(angle) / zoom, np.sin(angle) / zoom
    shift = rng.uniform(-0.1, 0.1, (2, n)) * SIZE_PX
    matrix = np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]]], np.float32)
    return no_variations(n) | {"matrix": matrix.transpose(2, 0, 1)}


def no_variations(n: int) -> Variations:
    """What leaves glyphs as they are."""
    return {
        "matrix": np.tile(np.eye(2, 3, dtype=np.float32), (n, 1, 1)),
        "bend": np.zeros((n, 2, GRID, GRID), np.float32),
        "pen": np.tile(np.array([0, 0, 1, 0], np.float32), (n, 1)),
    }


@keras.saving.register_keras_serializable("recognizer")
class Distortion(keras.layers.Layer):
    """Varies glyphs (n, 28, 28, channels) in 0..1; returns as many.

    Elastic distortion after Simard, Steinkraus, Platt: Best practices for convolutional neural
    networks (2003), with splines through a coarse grid in place of smoothed noise. Directions of
    the pen, if there are any, are turned and slanted as the glyph is.
    """

    def __init__(self, seed: int = 0, trainable: bool = False, **rest: Any) -> None:
        super().__init__(trainable=trainable, **rest)
        self.seed_generator = keras.random.SeedGenerator(seed)
        identity = np.eye(GRID, dtype=np.float32)
        self._spline = np.asarray(
            cv2.resize(identity, (GRID, SIZE_PX), interpolation=cv2.INTER_CUBIC)
        )

    def call(self, inputs: dict[str, Any]) -> Any:
        """inputs: `glyphs`, and the `Variations` by their names."""
        images = inputs["glyphs"]
        matrix, pen = inputs["matrix"], inputs["pen"][:, None, None, :]
        thickness, blur, gain, noise = (pen[..., k : k + 1] for k in range(4))
        images = _thickened(images, thickness)
        images = _sampled(images, matrix, self._bent(inputs["bend"]))
        if images.shape[-1] > 1:
            images = ops.concatenate([images[..., :1], _turned(images[..., 1:], matrix)], axis=-1)
        images = images + blur * (_blurred(images) - images)
        ink = images[..., :1] * gain
        ink = ink + noise * keras.random.normal(ops.shape(ink), seed=self.seed_generator)
        return ops.clip(ops.concatenate([ink, images[..., 1:]], axis=-1), 0.0, 1.0)

    def _bent(self, bend: Any) -> Any:
        """Shifts (n, 2, 28, 28) of the pixels by the splines through a grid (n, 2, 5, 5)."""
        spline = ops.convert_to_tensor(self._spline)
        return ops.matmul(ops.matmul(spline, bend), ops.transpose(spline))

    def compute_output_shape(self, shapes: dict[str, Any]) -> Any:
        """That of the glyphs."""
        return shapes["glyphs"]


def _thickened(images: Any, amount: Any) -> Any:
    """Between the images and the same with a pen two pixels wider (or thinner, below zero)."""
    wide = ops.max_pool(images, 3, strides=1, padding="same")
    thin = -ops.max_pool(-images, 3, strides=1, padding="same")
    more, less = ops.maximum(amount, 0.0), ops.maximum(-amount, 0.0)
    return images + 0.7 * (more * (wide - images) + less * (thin - images))


def _sampled(images: Any, matrix: Any, bend: Any) -> Any:
    """Each pixel from where matrix and bend say, between four pixels; blank beyond the edge."""
    axis = np.arange(SIZE_PX, dtype=np.float32) - np.float32(_MIDDLE)
    x, y = axis[None, None, :], axis[None, :, None]
    part = [[matrix[:, row, column, None, None] for column in range(3)] for row in range(2)]
    across, down = (
        part[row][0] * x + part[row][1] * y + part[row][2] + bend[:, row] + _MIDDLE + 1
        for row in range(2)
    )
    side, channels = SIZE_PX + 2, images.shape[-1]
    # With a blank edge, what lies beyond is the edge.
    padded = ops.reshape(ops.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0))), (-1, channels))
    across, down = ops.clip(across, 0.0, side - 1.001), ops.clip(down, 0.0, side - 1.001)
    left, top = ops.floor(across), ops.floor(down)
    right, low = (across - left)[..., None], (down - top)[..., None]
    first = ops.reshape(ops.arange(ops.shape(images)[0], dtype="int32"), (-1, 1, 1)) * side * side
    place = first + ops.cast(top, "int32") * side + ops.cast(left, "int32")

    def taken(offset: int) -> Any:
        return ops.take(padded, place + offset, axis=0)

    upper = taken(0) * (1 - right) + taken(1) * right
    lower = taken(side) * (1 - right) + taken(side + 1) * right
    return upper * (1 - low) + lower * low


def _turned(ways: Any, matrix: Any) -> Any:
    """Directions right, left, down and up as the inverse of the matrix turns them.

    Where two lines cross there may be both right and left; what they have in common stays.
    """
    a, b = matrix[:, 0, 0], matrix[:, 0, 1]
    c, d = matrix[:, 1, 0], matrix[:, 1, 1]
    size = ops.sqrt(ops.abs(a * d - b * c))
    a, b, c, d = (ops.reshape(each / size, (-1, 1, 1)) for each in (a, b, c, d))
    right, left, down, up = (ways[..., k] for k in range(4))
    x, y = right - left, down - up
    x, y = d * x - b * y, a * y - c * x
    across, along = ops.minimum(right, left), ops.minimum(down, up)
    turned = (
        ops.relu(x) + across,
        ops.relu(-x) + across,
        ops.relu(y) + along,
        ops.relu(-y) + along,
    )
    return ops.stack(turned, axis=-1)


def _blurred(images: Any) -> Any:
    """Each pixel with its neighbours, weighted 1, 2 and 1 along both axes."""
    across = ops.pad(images, ((0, 0), (0, 0), (1, 1), (0, 0)))
    images = (across[:, :, :-2] + 2 * across[:, :, 1:-1] + across[:, :, 2:]) / 4
    down = ops.pad(images, ((0, 0), (1, 1), (0, 0), (0, 0)))
    return (down[:, :-2] + 2 * down[:, 1:-1] + down[:, 2:]) / 4
