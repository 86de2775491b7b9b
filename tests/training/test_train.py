"""A tiny run on made data: it repeats, it goes on after an interruption, it can be exported."""

import dataclasses
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from recognizer import Recognizer, training
from recognizer.datasets import Images
from recognizer.model import card
from recognizer.training import (
    Config,
    augment,
    batches,
    export,
    segmentation_weights,
    synthesis,
    train,
)
from recognizer.training.models import networks
from recognizer.training.synthesis import TrainingData

CONFIG = Config(
    seed=3,
    epochs=3,
    fine_tuning_epochs=2,
    batch=16,
    variants=2,
    pen_copies=1,
    out_of_distribution_share=0.1,
    segment_share=0.2,
)


def made_images(n: int, seed: int) -> Images:
    """Bars whose place tells their label."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, n).astype(np.uint8)
    images = np.zeros((n, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4:24, 4 + 2 * label : 7 + 2 * label] = rng.integers(150, 256)
    return Images(images, labels)


@pytest.fixture(scope="module")
def data() -> TrainingData:
    mnist, pen = made_images(48, 1), made_images(16, 2)
    rng = np.random.default_rng(4)
    scribbles = np.stack([augment.scribble(rng) for _ in range(4)])
    marked = pen.images.copy()
    marked[:, 0, :16] = np.eye(16, dtype=np.uint8)  # so that each is another
    labels = np.where(pen.labels < 5, synthesis.NO_LABEL, pen.labels)
    cut = Images(marked, labels.astype(np.uint8))
    return TrainingData(mnist, np.stack([pen.images] * 2), pen.labels, scribbles, cut)


@pytest.fixture(scope="module")
def validation() -> train.Validation:
    return train.Validation(made_images(20, 5), made_images(10, 6))


@pytest.fixture(scope="module")
def finished(
    tmp_path_factory: pytest.TempPathFactory,
    data: TrainingData,
    validation: train.Validation,
) -> Path:
    run = tmp_path_factory.mktemp("runs") / "whole"
    train.train(run, CONFIG, data, validation)
    return run


def weights(path: Path) -> list[np.ndarray]:
    return list(keras.models.load_model(path).get_weights())


def test_the_network_predicts_ten_probabilities_and_is_small() -> None:
    model = networks.ours(0.4)
    found = train.predict(model, made_images(3, 0).images)
    assert found.shape == (3, 10)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    assert model.count_params() <= 500_000
    assert any(isinstance(layer, keras.layers.Dropout) for layer in model.layers)


def test_an_epoch_repeats_and_the_next_is_another(data: TrainingData) -> None:
    def first_batch(epoch: int) -> tuple[batches.Floats, batches.Floats]:
        return batches.Epoch(
            data, seed=1, epoch=epoch, batch=16, pen_copies=1, out_of_distribution_share=0.1
        )[0]

    images, targets = first_batch(0)
    assert images.shape == (16, 28, 28, 1)
    assert images.min() >= 0
    assert images.max() <= 1
    np.testing.assert_allclose(targets.sum(axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(images, first_batch(0)[0])
    assert not np.array_equal(images, first_batch(1)[0])


def test_segments_that_are_no_digit_get_equal_targets_and_the_others_their_digit(
    data: TrainingData,
) -> None:
    epoch = batches.Epoch(
        data, seed=1, epoch=0, batch=58, pen_copies=0, out_of_distribution_share=0,
        segment_share=0.2, augmentation="none",
    )  # fmt: skip
    shown, targets = epoch[0]
    among_segments = 0
    for image, target in zip(np.round(shown[..., 0] * 255), targets, strict=True):
        if any(np.array_equal(image, digit) for digit in data.mnist.images):
            assert target.max() == 1
            continue
        (segment,) = {
            int(label)
            for one, label in zip(data.segments.images, data.segments.labels, strict=True)
            if np.array_equal(image, one)
        }
        among_segments += 1
        expected = np.full(10, 0.1) if segment == synthesis.NO_LABEL else np.eye(10)[segment]
        np.testing.assert_allclose(target, expected, rtol=1e-6)
    assert among_segments == 10


def test_every_branch_is_to_give_the_same_targets(data: TrainingData) -> None:
    def targets(branches: int | None) -> batches.Floats:
        epoch = batches.Epoch(
            data,
            seed=1,
            epoch=0,
            batch=16,
            pen_copies=0,
            out_of_distribution_share=0.2,
            branches=branches,
        )
        return epoch[0][1]

    assert targets(2).shape == (16, 2, 10)
    for branch in range(2):
        np.testing.assert_array_equal(targets(2)[:, branch], targets(None))


def test_what_is_read_is_the_mean_of_the_branches() -> None:
    images = made_images(5, 0).images
    keras.utils.set_random_seed(5)
    model = networks.ours(0.4)
    branches = model.predict_on_batch(images[..., None] / np.float32(255))
    assert branches.shape == (5, networks.BRANCHES, 10)
    assert not np.allclose(branches[:, 0], branches[:, 1], atol=1e-3)
    read = train.predict(networks.mean_of_branches(model), images)
    np.testing.assert_allclose(read, branches.mean(axis=1), atol=1e-6)
    np.testing.assert_allclose(read, train.predict(model, images), atol=1e-6)


@pytest.mark.parametrize("at", [1, 3, 4])
def test_a_run_that_was_interrupted_ends_with_the_same_weights(
    tmp_path: Path,
    finished: Path,
    data: TrainingData,
    validation: train.Validation,
    monkeypatch: pytest.MonkeyPatch,
    at: int,
) -> None:
    run = tmp_path / "interrupted"
    real = train._train_epoch

    def interrupted(model: keras.Model, epoch: int, *rest: Any) -> dict[str, float]:
        if epoch == at:
            raise KeyboardInterrupt
        return real(model, epoch, *rest)

    monkeypatch.setattr(train, "_train_epoch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train.train(run, CONFIG, data, validation)
    monkeypatch.undo()
    history = train.train(run, CONFIG, data, validation)
    assert len(history) == 5
    for a, b in zip(
        weights(run / train.LAST_FILE), weights(finished / train.LAST_FILE), strict=True
    ):
        np.testing.assert_array_equal(a, b)


def test_another_seed_gives_other_weights(
    tmp_path: Path,
    finished: Path,
    data: TrainingData,
    validation: train.Validation,
) -> None:
    other = dataclasses.replace(CONFIG, seed=4)
    train.train(tmp_path, other, data, validation)
    pairs = zip(
        weights(tmp_path / train.LAST_FILE), weights(finished / train.LAST_FILE), strict=True
    )
    assert any(not np.array_equal(a, b) for a, b in pairs)


def test_a_folder_with_another_run_is_refused(
    finished: Path, data: TrainingData, validation: train.Validation
) -> None:
    with pytest.raises(train.RunError, match="other settings"):
        train.train(finished, Config(seed=9), data, validation)


def test_a_damaged_history_is_refused(
    tmp_path: Path, data: TrainingData, validation: train.Validation
) -> None:
    (tmp_path / training.CONFIG_FILE).write_text("{")
    with pytest.raises(train.RunError, match="is damaged"):
        train.train(tmp_path, CONFIG, data, validation)


def test_the_best_epoch_is_chosen_by_misread_digits_and_then_by_loss() -> None:
    def record(misread: int, loss: float) -> dict[str, float]:
        return {
            "varied_misread": misread,
            "mnist_validation_loss": loss,
            "pen_validation_loss": loss,
        }

    history = [record(3, 0.1), record(2, 0.1), record(2, 0.05), record(4, 0.01)]

    def stages(learning: int, fine_tuning: int) -> Config:
        return Config(epochs=learning, fine_tuning_epochs=fine_tuning)

    assert train.best_epoch(history, stages(9, 1)) == 2
    assert train.best_epoch(history, stages(2, 2)) == 2
    assert train.best_epoch(history, stages(3, 1)) == 3


def test_the_exported_model_predicts_as_the_keras_model_does(
    tmp_path: Path, finished: Path, validation: train.Validation
) -> None:
    history = train._read(finished / training.HISTORY_FILE)
    hashes, costs = {"mnist.npz": "made"}, dict(segmentation_weights.PLAIN_COSTS)
    export.export(finished, tmp_path, CONFIG, history, validation, hashes, lambda _: costs)
    recognizer = Recognizer(tmp_path)
    model = keras.models.load_model(tmp_path / card.KERAS_FILE)
    glyphs = np.concatenate(
        [made_images(70, 7).images, np.random.default_rng(8).integers(0, 256, (70, 28, 28))]
    ).astype(np.uint8)
    np.testing.assert_allclose(
        recognizer.predict_proba(glyphs), train.predict(model, glyphs), atol=1e-3
    )
    assert recognizer.card["chosen"]["of"] == 5
    assert 0.5 <= recognizer.threshold <= 1
