"""A tiny run on made data: it repeats, it goes on after an interruption, it can be exported."""

import dataclasses
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from recognizer import Recognizer, training
from recognizer.labels import label_set
from recognizer.model import FEATURES, PROBABILITIES, card
from recognizer.training import ALL_HANDS, Config, export, stroke_costs, train
from recognizer.training.models import networks
from recognizer.training.synthesis import TrainingData
from recognizer.training.validation import Validation, predict
from tests.training.made import CONFIG, made_data, made_images, made_validation, with_ways

MAX_CHECKPOINT_BYTES = 16_000_000


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return made_data()


@pytest.fixture(scope="module")
def validation() -> Validation:
    return made_validation()


@pytest.fixture(scope="module")
def finished(
    tmp_path_factory: pytest.TempPathFactory, data: TrainingData, validation: Validation
) -> Path:
    run = tmp_path_factory.mktemp("runs") / "whole"
    train.train(run, CONFIG, data, validation)
    return run


def weights(path: Path) -> list[np.ndarray]:
    return list(keras.models.load_model(path).get_weights())


def test_the_network_predicts_probabilities_and_is_small() -> None:
    classes = Config().classes
    model = networks.ours(0.4, 5, classes)
    found = predict(model, with_ways(made_images(3, 0).images))
    assert found.shape == (3, classes)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)
    assert model.count_params() <= 600_000
    assert any(isinstance(layer, keras.layers.Dropout) for layer in model.layers)


def test_the_loss_is_that_of_the_summed_probability_of_what_may_be_right() -> None:
    probabilities = np.array([[0.5, 0.3, 0.2], [0.1, 0.0, 0.9], [1.0, 0.0, 0.0]], np.float32)
    targets = np.array([[1, 0, 0], [0, 1, 1], [0, 1, 0]], np.float32)
    found = ops.convert_to_numpy(train.partial_label_loss(targets, probabilities))
    np.testing.assert_allclose(found, -np.log([0.5, 0.9, 1e-7]), rtol=1e-5)
    right = ops.convert_to_numpy(train.accuracy(targets, probabilities))
    np.testing.assert_array_equal(right, [1, 1, 0])


def test_with_one_right_class_the_loss_is_the_cross_entropy() -> None:
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet(np.ones(5), (7, 2)).astype(np.float32)
    targets = np.eye(5, dtype=np.float32)[rng.integers(5, size=(7, 2))]
    np.testing.assert_allclose(
        ops.convert_to_numpy(train.partial_label_loss(targets, probabilities)),
        ops.convert_to_numpy(keras.losses.categorical_crossentropy(targets, probabilities)),
        rtol=1e-4,
    )


def test_what_is_read_is_the_mean_of_the_branches() -> None:
    images = made_images(5, 0).images
    keras.utils.set_random_seed(5)
    model = networks.ours(0.4, 1, 11)
    branches = model.predict_on_batch(images[..., None] / np.float32(255))
    assert branches.shape == (5, networks.BRANCHES, 11)
    assert not np.allclose(branches[:, 0], branches[:, 1], atol=1e-3)
    read = predict(networks.mean_of_branches(model), images)
    np.testing.assert_allclose(read, branches.mean(axis=1), atol=1e-6)
    np.testing.assert_allclose(read, predict(model, images), atol=1e-6)


@pytest.mark.parametrize("at", [1, 3, 4])
def test_a_run_that_was_interrupted_ends_with_the_same_weights(
    tmp_path: Path,
    finished: Path,
    data: TrainingData,
    validation: Validation,
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


def test_minutes_stop_a_run_at_an_epoch_and_the_next_call_goes_on(
    tmp_path: Path,
    finished: Path,
    data: TrainingData,
    validation: Validation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An epoch takes 60 seconds of a made clock: in two minutes there are two, then the rest."""
    seconds = 0.0
    real = train._train_epoch

    def slow(*given: Any) -> dict[str, float]:
        nonlocal seconds
        seconds += 60
        return real(*given) | {"seconds": 60.0}

    monkeypatch.setattr(train, "_train_epoch", slow)
    monkeypatch.setattr(time, "monotonic", lambda: seconds)
    assert len(train.train(tmp_path, CONFIG, data, validation, minutes=2)) == 2
    assert (tmp_path / train.LAST_FILE).stat().st_size <= MAX_CHECKPOINT_BYTES
    assert len(train.train(tmp_path, CONFIG, data, validation, minutes=2.5)) == 4
    assert not train.finished(train.history_of(tmp_path), CONFIG)
    assert len(train.train(tmp_path, CONFIG, data, validation, minutes=0.1)) == 4
    assert len(train.train(tmp_path, CONFIG, data, validation, minutes=9)) == 5
    for a, b in zip(
        weights(tmp_path / train.LAST_FILE), weights(finished / train.LAST_FILE), strict=True
    ):
        np.testing.assert_array_equal(a, b)


def test_a_checkpoint_of_the_whole_network_can_be_carried(
    tmp_path: Path, data: TrainingData, validation: Validation
) -> None:
    """With all channels and labels, and what its optimizer keeps of every weight."""
    config = dataclasses.replace(CONFIG, data=ALL_HANDS, epochs=1, fine_tuning_epochs=0)
    train.train(tmp_path, config, data, validation)
    assert (tmp_path / train.LAST_FILE).stat().st_size <= MAX_CHECKPOINT_BYTES


def test_another_seed_gives_other_weights(
    tmp_path: Path, finished: Path, data: TrainingData, validation: Validation
) -> None:
    other = dataclasses.replace(CONFIG, seed=4)
    train.train(tmp_path, other, data, validation)
    pairs = zip(
        weights(tmp_path / train.LAST_FILE), weights(finished / train.LAST_FILE), strict=True
    )
    assert any(not np.array_equal(a, b) for a, b in pairs)


def test_a_folder_with_another_run_is_refused(
    finished: Path, data: TrainingData, validation: Validation
) -> None:
    with pytest.raises(train.RunError, match="other settings"):
        train.train(finished, Config(seed=9), data, validation)


def test_a_damaged_history_is_refused(
    tmp_path: Path, data: TrainingData, validation: Validation
) -> None:
    (tmp_path / training.CONFIG_FILE).write_text("{")
    with pytest.raises(train.RunError, match="is damaged"):
        train.train(tmp_path, CONFIG, data, validation)


def test_the_best_epoch_is_chosen_by_misread_characters_and_then_by_loss() -> None:
    def record(misread: float, loss: float) -> dict[str, float]:
        losses = {f"{name}_validation_loss": loss for name in ("mnist", "pen")}
        return {"varied_error": misread} | losses

    history = [record(0.3, 0.1), record(0.2, 0.1), record(0.2, 0.05), record(0.4, 0.01)]

    def stages(learning: int, fine_tuning: int) -> Config:
        return Config(epochs=learning, fine_tuning_epochs=fine_tuning)

    assert train.best_epoch(history, stages(9, 1)) == 2
    assert train.best_epoch(history, stages(2, 2)) == 2
    assert train.best_epoch(history, stages(3, 1)) == 3


@pytest.fixture(scope="module", params=["float32", "int8"])
def exported(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    finished: Path,
    validation: Validation,
) -> Path:
    """The finished run as a model, in floats and in integers."""
    folder = tmp_path_factory.mktemp("exported")
    history = train.history_of(finished)
    config = dataclasses.replace(CONFIG, precision=request.param)
    costs = dict(stroke_costs.PLAIN_COSTS)
    about = {"sha256": "made"}
    export.export(finished, folder, config, history, validation, about, lambda _: costs)
    return folder


def some_glyphs() -> np.ndarray:
    """Bars with directions and without, and noise, (210, 28, 28, 5)."""
    bars = with_ways(made_images(70, 7).images)
    noise = np.random.default_rng(8).integers(0, 256, bars.shape)
    return np.concatenate([bars, bars * np.eye(5, dtype=np.uint8)[0], noise]).astype(np.uint8)


def test_the_exported_model_predicts_as_the_keras_model_does(exported: Path) -> None:
    glyphs = some_glyphs()
    model = keras.models.load_model(exported / card.KERAS_FILE)
    expected = predict(model, glyphs)[:, :10]
    found = export.litert_predictions((exported / card.MODEL_FILE).read_bytes(), glyphs)
    content = card.read(exported / card.CARD_FILE)
    assert content["precision"] in ("int8", "float32")
    if content["precision"] == "float32":
        np.testing.assert_allclose(found, expected, atol=1e-3)
    else:
        np.testing.assert_allclose(found, expected, atol=0.1)
        # The last steps are in floats: in integers there would be steps of 1/256.
        assert np.abs(256 * found - np.round(256 * found)).max() > 0.3
    recognizer = Recognizer(exported)
    whole = recognizer.predict_joint(glyphs[..., 0], glyphs[..., 1:])
    np.testing.assert_allclose(whole, found, atol=1e-5)
    given = recognizer.predict_proba(glyphs[..., 0])
    np.testing.assert_allclose(given.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(
        recognizer.predict_proba(glyphs[70:140, ..., 0]), given[70:140], atol=1e-6
    )
    assert content["chosen"]["of"] == 5
    assert content["labels"] == list(label_set("digits"))
    assert content["channels"] == 5
    assert 0.5 <= recognizer.threshold <= 1


def test_its_outputs_are_found_by_name(exported: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    content = (exported / card.MODEL_FILE).read_bytes()
    runner = Interpreter(model_content=content, num_threads=1).get_signature_runner()
    assert set(runner.get_output_details()) == {PROBABILITIES, FEATURES}
    glyphs = some_glyphs()[:40]
    (name,) = runner.get_input_details()
    outputs = [runner(**{name: glyph[None] / np.float32(255)}) for glyph in glyphs]
    found = {key: np.concatenate([each[key] for each in outputs]) for key in outputs[0]}
    np.testing.assert_allclose(
        found[PROBABILITIES], export.litert_predictions(content, glyphs), atol=1e-5
    )
    reader = networks.reader(keras.models.load_model(exported / card.KERAS_FILE), 10)
    expected = reader.predict_on_batch(glyphs / np.float32(255))
    assert found[FEATURES].shape == expected[FEATURES].shape == (40, 2 * networks.OUR_FILTERS[-1])
    within = 1e-3 if card.read(exported / card.CARD_FILE)["precision"] == "float32" else 0.2
    scale = np.abs(expected[FEATURES]).max()
    np.testing.assert_allclose(found[FEATURES], expected[FEATURES], atol=within * scale)


def test_integers_take_less_room_than_floats(finished: Path, validation: Validation) -> None:
    model = networks.mean_of_branches(
        keras.models.load_model(finished / train.BEST_FILE, compile=False)
    )
    reader = networks.reader(model, 10)
    integers = export.as_int8(reader, export.representative(validation))
    assert len(integers) < 0.5 * len(export.as_litert(reader))
