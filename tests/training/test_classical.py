"""What is exported of scikit-learn's classifiers predicts as they do."""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.pipeline import Pipeline

from recognizer.datasets import Images
from recognizer.training import export
from recognizer.training.models import classical
from recognizer.training.validation import predict

LEARNED = 1200


def scikit_learns_digits() -> Images:
    """1,797 digits of 8 × 8 pixels, each made 3 × 3, with a margin of 2."""
    found = load_digits()
    large = np.kron(found.images * 15, np.ones((1, 3, 3)))
    images = np.pad(large, ((0, 0), (2, 2), (2, 2))).astype(np.uint8)
    return Images(images, found.target.astype(np.uint8))


DIGITS = scikit_learns_digits()
REST = Images(DIGITS.images[LEARNED:], DIGITS.labels[LEARNED:])


def fitted(name: str) -> Pipeline:
    return classical.fit(name, Images(DIGITS.images[:LEARNED], DIGITS.labels[:LEARNED]))


def exported(pipeline: Pipeline, images: Images) -> np.ndarray:
    model = classical.as_network(pipeline)
    predictions = export.litert_predictions(export.as_litert(model), images.images[..., None])
    np.testing.assert_allclose(predictions, predict(model, images.images), atol=1e-4)
    return predictions


def test_nearest_neighbours_vote_as_in_scikit_learn() -> None:
    pipeline = fitted("knn")
    expected = pipeline.predict_proba(classical.rows(REST.images))
    predictions = exported(pipeline, REST)
    np.testing.assert_array_equal(predictions.argmax(axis=1), expected.argmax(axis=1))
    assert np.mean(predictions.argmax(axis=1) == REST.labels) > 0.9
    logits = np.exp(10 * expected)
    np.testing.assert_allclose(predictions, logits / logits.sum(axis=1, keepdims=True), atol=1e-3)


def test_a_glyph_that_was_learned_from_is_its_own_neighbour() -> None:
    pipeline = fitted("knn")
    learned = Images(DIGITS.images[:200], DIGITS.labels[:200])
    np.testing.assert_array_equal(exported(pipeline, learned).argmax(axis=1), learned.labels)


def test_duels_are_those_of_scikit_learns_support_vector_machine() -> None:
    pipeline = fitted("svm")
    pixels = classical.rows(REST.images)
    duels = pipeline.decision_function(pixels)
    weakest, wins = np.full((len(pixels), 10), np.inf), np.zeros((len(pixels), 10))
    pairs = [(i, j) for i in range(10) for j in range(i + 1, 10)]
    for (i, j), duel in zip(pairs, duels.T, strict=True):
        for digit, lead in ((i, duel), (j, -duel)):
            weakest[:, digit] = np.minimum(weakest[:, digit], lead)
            wins[:, digit] += lead > 0
    predictions = exported(pipeline, REST)
    logits = np.exp(10 * weakest)
    np.testing.assert_allclose(predictions, logits / logits.sum(axis=1, keepdims=True), atol=1e-3)
    clear = wins.max(axis=1) == 9
    assert clear.mean() > 0.99
    np.testing.assert_array_equal(
        predictions.argmax(axis=1)[clear], pipeline.predict(pixels)[clear]
    )
