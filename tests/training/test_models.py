"""The recognizers are what their sources describe, and settings are checked by name."""

from pathlib import Path

import keras
import numpy as np
import pytest

from recognizer.training import Config, SettingError, export, models, parse
from recognizer.training.validation import predict
from tests.training.made import made_images

NETWORKS = [a.name for a in models.ARCHITECTURES if a.build is not None]


def built(name: str) -> keras.Model:
    return models.build(models.find(name).configure({}))


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_predicts_probabilities_of_its_classes(name: str) -> None:
    predictions = predict(built(name), made_images(3, 0).images)
    assert predictions.shape == (3, models.find(name).configure({}).classes)
    np.testing.assert_allclose(predictions.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("dropout", 34_826), ("deep", 77_098), ("mlp", 784 * 50 + 50 + 50 * 50 + 50 + 50 * 10 + 10)],
)
def test_it_has_the_parameters_of_its_source(name: str, parameters: int) -> None:
    assert built(name).count_params() == parameters


def test_litert_runs_the_recurrent_network() -> None:
    model, images = built("recurrent"), made_images(10, 1)
    predictions = export.litert_predictions(export.as_litert(model), images.images[..., None])
    np.testing.assert_allclose(predictions, predict(model, images.images), atol=1e-5)


def test_an_unknown_architecture_is_refused_with_those_that_exist() -> None:
    with pytest.raises(SettingError, match=r"'vgg'.* ours, mlp, .*float"):
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


def test_ours_is_in_integers_and_all_hands_and_the_others_as_their_sources() -> None:
    ours, other = (models.find(name).configure({}) for name in ("ours", "deep"))
    assert (ours.precision, ours.channels, ours.classes) == ("int8", 5, len(ours.labels) + 1)
    assert (other.precision, other.channels, other.classes) == ("float32", 1, 10)
    assert models.find("float").configure({}).precision == "float32"


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
