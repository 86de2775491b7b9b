"""Half the bits while a network learns, and nothing of it in what is kept of it."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from recognizer.training import BFLOAT16, train
from recognizer.training.models import build
from recognizer.training.models.arithmetic import (
    FusedBatchNormalization,
    calculating,
    in_floats,
)
from recognizer.training.validation import predict
from tests.training.made import CONFIG, made_data, made_images, made_validation, with_ways


def policies(model: keras.Model, kind: Any) -> set[str]:
    return {layer.compute_dtype for layer in model.layers if isinstance(layer, kind)}


@pytest.mark.parametrize("training", [True, False])
def test_fused_batch_normalization_is_batch_normalization(training: bool) -> None:
    rng = np.random.default_rng(2)
    inputs = rng.normal(3, 2, (4, 5, 6, 7)).astype(np.float32)
    ours, keras_own = FusedBatchNormalization(), keras.layers.BatchNormalization()
    for layer in (ours, keras_own):
        layer.build(inputs.shape)
        layer.set_weights([np.linspace(a, 2, 7, dtype=np.float32) for a in (1, -1, 0, 0.5)])
    found, expected = (np.asarray(each(inputs, training=training)) for each in (ours, keras_own))
    np.testing.assert_allclose(found, expected, atol=1e-5)
    for a, b in zip(ours.get_weights(), keras_own.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)


def test_layers_calculate_so_only_meanwhile() -> None:
    with pytest.raises(RuntimeError), calculating(BFLOAT16):
        assert keras.layers.Dense(2).compute_dtype == "bfloat16"
        raise RuntimeError
    assert keras.layers.Dense(2).compute_dtype == "float32"


def test_in_floats_a_network_says_nearly_the_same_with_keras_own_layers() -> None:
    assert CONFIG.arithmetic == BFLOAT16
    model = build(CONFIG)
    glyphs = with_ways(made_images(20, 3).images)
    twin = in_floats(model)
    np.testing.assert_allclose(predict(twin, glyphs), predict(model, glyphs), atol=0.02)
    assert policies(model, keras.layers.Conv2D) == {"bfloat16"}
    assert policies(twin, keras.layers.Layer) == {"float32"}
    assert {type(layer).__module__.partition(".")[0] for layer in twin.layers} == {"keras"}


def test_probabilities_and_weights_are_floats_while_it_learns() -> None:
    model = build(CONFIG)
    assert {weight.dtype for weight in model.weights} == {"float32"}
    sums = predict(model, with_ways(made_images(20, 3).images)).sum(axis=-1)
    np.testing.assert_allclose(sums, 1, atol=1e-6)


def test_the_best_network_is_kept_in_floats(tmp_path: Path) -> None:
    train.train(tmp_path, CONFIG, made_data(), made_validation())
    best = keras.models.load_model(tmp_path / train.BEST_FILE)
    last = keras.models.load_model(tmp_path / train.LAST_FILE).get_layer("digits")
    assert policies(best, keras.layers.Layer) == {"float32"}
    assert policies(last, keras.layers.Conv2D) == {"bfloat16"}
