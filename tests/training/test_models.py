"""The recognizers are what their sources describe, and settings are checked by name."""

from pathlib import Path

import keras
import numpy as np
import pytest

from recognizer.training import Config, SettingError, augment, export, models, parse, train
from recognizer.training.batches import Epoch
from recognizer.training.synthesis import mnist_alone
from tests.training.test_train import made_images

NETWORKS = [a.name for a in models.ARCHITECTURES if a.build is not None]
VALIDATION = train.Validation(made_images(20, 5), made_images(10, 6))


def built(name: str) -> keras.Model:
    return models.build(models.find(name).configure({}))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_predicts_ten_probabilities(name: str) -> None:
    predictions = train.predict(built(name), made_images(3, 0).images)
    assert predictions.shape == (3, 10)
    np.testing.assert_allclose(predictions.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("dropout", 34_826), ("deep", 77_098), ("mlp", 784 * 50 + 50 + 50 * 50 + 50 + 50 * 10 + 10)],
)
def test_it_has_the_parameters_of_its_source(name: str, parameters: int) -> None:
    assert built(name).count_params() == parameters


def test_litert_runs_the_recurrent_network() -> None:
    model, images = built("recurrent"), made_images(10, 1)
    predictions, labels = export.litert_predictions(export.as_litert(model), images)
    np.testing.assert_allclose(predictions, train.predict(model, images.images), atol=1e-5)
    np.testing.assert_array_equal(labels, images.labels)


def test_an_unknown_architecture_is_refused_with_those_that_exist() -> None:
    with pytest.raises(SettingError, match=r"'vgg'.* ours, mlp, .*int8"):
        models.find("vgg")


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["width=3"], "'width=3' is no setting.* seed, .*dropout"),
        (["dropout"], "'dropout' is no setting"),
        (["architecture=deep"], "is no setting"),
        (["epochs=2.5"], "epochs is a whole number; got '2.5'"),
        (["dropout=much"], "dropout is a number; got 'much'"),
    ],
)
def test_a_wrong_setting_is_named(texts: list[str], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        parse(texts)


@pytest.mark.parametrize(
    "text", ["dropout=1", "dropout=nan", "epochs=0", "l2=-1", "data=cifar", "schedule=linear"]
)
def test_an_impossible_value_is_named(text: str) -> None:
    with pytest.raises(SettingError, match=f"^{text.partition('=')[0]} cannot be "):
        Config(**parse([text]))


def test_settings_have_their_types() -> None:
    settings = parse(["l2=1e-4", "epochs=3", "data=mnist"])
    assert settings == {"l2": 1e-4, "epochs": 3, "data": "mnist"}


def test_a_setting_that_means_nothing_to_an_architecture_is_refused() -> None:
    with pytest.raises(SettingError, match=r"svm has no setting dropout.*mnist_images"):
        models.find("svm").configure({"dropout": 0.5})


def test_given_settings_come_before_the_sources() -> None:
    chosen = models.find("deep").configure({"epochs": 2})
    assert (chosen.epochs, chosen.batch, chosen.data) == (2, 120, "mnist")


def test_l2_is_part_of_the_loss_and_survives_saving(tmp_path: Path) -> None:
    config = models.find("mlp").configure({"l2": 0.01})
    model = models.build(config)
    model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    kernels = [layer.kernel for layer in again.layers if hasattr(layer, "kernel")]
    expected = sum(0.01 * float(np.sum(np.square(kernel))) for kernel in kernels)
    assert sum(map(float, again.losses)) == pytest.approx(expected, rel=1e-4)
    assert not built("mlp").losses


def test_mnist_alone_without_variation_is_learned_from_as_it_is() -> None:
    images = made_images(32, 3)
    data = mnist_alone(images)
    epoch = Epoch(
        data,
        seed=1,
        epoch=0,
        batch=32,
        pen_copies=0,
        out_of_distribution_share=0,
        augmentation="none",
    )
    shown, targets = epoch[0]
    assert len(epoch) == 1
    order = [target.argmax() for target in targets]
    assert sorted(order) == sorted(images.labels)
    assert sorted(shown.sum(axis=(1, 2, 3))) == pytest.approx(
        sorted(images.images.sum(axis=(1, 2)) / 255), rel=1e-5
    )


def test_turning_moving_and_zooming_keeps_the_digit_and_its_range() -> None:
    images = np.zeros((40, 28, 28), dtype=np.uint8)
    images[:, 8:20, 12:16] = 255
    out = augment.turn_move_zoom(images, np.random.default_rng(1))
    assert out.dtype == np.float32
    assert (out.min(), out.max()) == (0, 1)
    assert not np.allclose(out[0], out[1])
    np.testing.assert_allclose(out.sum(axis=(1, 2)), 48, rtol=0.3)
