"""Classical recognizers: fitted by scikit-learn, then turned into a network that predicts the same.

So that they become an ordinary model, which LiteRT runs and the window reads with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import SVC

from recognizer.datasets import Images
from recognizer.glyph import SIZE_PX
from recognizer.labels import label_set
from recognizer.model import as_images

Floats = NDArray[np.floating]
_KNOWN = label_set("digits")
"""What is written in MNIST."""
CLASSICAL_SETTINGS: Mapping[str, Any] = {"components": 50, "neighbours": 4, "penalty": 5.0}
"""Chosen on MNIST's validation images."""
_SHARPNESS = 10.0
"""What votes and duels are multiplied by to become logits, before they are calibrated."""
_MIN_SQUARED_DISTANCE = 1e-6
"""A squared distance below which two glyphs are the same."""


def fit(name: str, images: Images) -> Pipeline:
    """The scikit-learn pipeline of the architecture `knn` or `svm`, fitted on rows of pixels."""
    components, neighbours, penalty = CLASSICAL_SETTINGS.values()
    classifiers = {
        "knn": KNeighborsClassifier(neighbours, weights="distance", algorithm="brute"),
        "svm": SVC(C=penalty, decision_function_shape="ovo", cache_size=1000),
    }
    analysis = PCA(min(components, len(images.images)), svd_solver="covariance_eigh")
    pipeline = make_pipeline(analysis, classifiers[name])
    return pipeline.fit(rows(images.images), images.labels)


def rows(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, 28, 28) uint8 to (n, 784) in 0..1."""
    return as_images(images).reshape(len(images), -1)


def as_network(pipeline: Pipeline) -> keras.Model:
    """The fitted pipeline as a Keras model: (n, 28, 28, 1) in 0..1 to (n, number of labels)."""
    analysis, classifier = (step for _, step in pipeline.steps)
    glyphs = keras.Input((SIZE_PX, SIZE_PX, 1), name="glyphs")
    components = analysis.components_
    means = -analysis.mean_ @ components.T
    x = _linear(layers.Flatten()(glyphs), components.T, means, "components")
    told = _votes if isinstance(classifier, KNeighborsClassifier) else _weakest_duels
    logits = _SHARPNESS * np.eye(len(_KNOWN))
    probabilities = _linear(told(x, classifier), logits, np.zeros(len(_KNOWN)), "digits", "softmax")
    return keras.Model(glyphs, probabilities, name="digits")


def _votes(x: keras.KerasTensor, classifier: KNeighborsClassifier) -> keras.KerasTensor:
    """The digits' shares of the nearest neighbours, each weighing 1 / distance.

    |x - t|² = |x|² - (2 x·t - |t|²), whose bracket is one matrix product for all neighbours.
    """
    points = classifier._fit_X
    bracket = _linear(x, 2 * points.T, -np.sum(points**2, axis=1), "neighbours")
    nearest, numbers = ops.top_k(bracket, classifier.n_neighbors)
    squares = ops.sum(ops.square(x), axis=1, keepdims=True) - nearest
    weights = ops.expand_dims(ops.rsqrt(ops.maximum(squares, _MIN_SQUARED_DISTANCE)), -1)
    labels = layers.Embedding(len(points), len(_KNOWN), name="labels")
    digits = labels(numbers)
    labels.set_weights([np.eye(len(_KNOWN))[classifier.classes_[classifier._y]]])
    return ops.sum(digits * weights, axis=1) / ops.sum(weights, axis=1)


def _weakest_duels(x: keras.KerasTensor, classifier: SVC) -> keras.KerasTensor:
    """How clearly each digit wins the weakest of its duels with the other digits.

    The digit that wins all its duels has the most votes, too, and is scikit-learn's prediction;
    where none does, the one that loses least is predicted (the minimax method of Simpson, 1969,
    and Kramer, 1977), which scikit-learn settles by counting. Votes alone would give no confidence.
    """
    width, points = float(classifier._gamma), classifier.support_vectors_
    biases = -width * np.sum(points**2, axis=1)
    bracket = _linear(x, 2 * width * points.T, biases, "support_vectors")
    kernel = ops.exp(bracket - width * ops.sum(ops.square(x), axis=1, keepdims=True))
    weights, biases = _duels(classifier)
    duels = _linear(kernel, weights, biases, "duels")
    return ops.min(ops.reshape(duels, (-1, len(_KNOWN), len(_KNOWN) - 1)), axis=2)


def _duels(classifier: SVC) -> tuple[Floats, Floats]:
    """Weights of the support vectors (n, duels) and biases (duels,): of each digit, each other.

    scikit-learn has the weights of class i's support vectors against class j in row j - 1 of
    `dual_coef_` for i < j, and in row j for i > j (as LIBSVM).
    """
    ends = np.cumsum([0, *classifier.n_support_])
    weights = np.zeros((len(classifier.support_), len(_KNOWN), len(_KNOWN)))
    biases = np.zeros((len(_KNOWN), len(_KNOWN)))
    pairs = [(i, j) for i in range(len(_KNOWN)) for j in range(i + 1, len(_KNOWN))]
    for (i, j), bias in zip(pairs, classifier.intercept_, strict=True):
        for own, row in ((i, j - 1), (j, i)):
            part = slice(ends[own], ends[own + 1])
            weights[part, i, j] = classifier.dual_coef_[row, part]
        biases[i, j] = bias
    weights, biases = weights - weights.transpose(0, 2, 1), biases - biases.T
    others = ~np.eye(len(_KNOWN), dtype=bool)
    return weights[:, others], biases[others]


def _linear(
    x: keras.KerasTensor, weights: Floats, biases: Floats, name: str, activation: str | None = None
) -> keras.KerasTensor:
    layer = layers.Dense(len(biases), activation=activation, name=name)
    y = layer(x)
    layer.set_weights([weights, biases])
    return y
