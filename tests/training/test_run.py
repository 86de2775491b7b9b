"""Whole runs on made data: each ends as a model that reads."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from recognizer import Recognizer
from recognizer.cli import main
from recognizer.datasets import Drawing
from recognizer.datasets.mnist import Mnist
from recognizer.files import SAVED_MODEL
from recognizer.model.card import KERAS_FILE, MODEL_FILE, ModelError, load, sha256
from recognizer.segmentation.lattice import FEATURES
from recognizer.strokes import Stroke
from recognizer.training import segmentation_weights, train
from recognizer.training.run import run
from tests.samples import pen_digits
from tests.training.test_train import made_images

IMAGES = made_images(20, 9).images


@pytest.fixture(autouse=True, scope="module")
def little_data() -> Iterator[None]:
    """400 made images and the samples' drawings, half of them of a validation writer."""
    parts = {"train": made_images(400, 1), "validation": made_images(40, 2)}
    mnist = Mnist(**parts, test=made_images(1, 3), sha256="made")
    drawings = [
        Drawing(tuple(Stroke(points) for points in strokes), str(digit), 5 + number % 2)
        for number, (strokes, digit) in enumerate(pen_digits())
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recognizer.training.run.load_mnist", lambda _: mnist)
        patch.setattr("recognizer.training.run.load_pen", lambda _: drawings)
        yield


def trained(folder: Path, architecture: str, **rest: Any) -> Recognizer:
    settings = rest.pop("settings", {})
    rest |= {"architecture": architecture, "fitted_numbers": 4}
    return Recognizer(run(folder, folder, None, settings, **rest))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, little_data: None) -> Path:
    """A finished run of a small network."""
    folder = tmp_path_factory.mktemp("runs") / "small"
    trained(folder, "mlp", settings={"epochs": 4})
    return folder


def test_a_network_of_another_source_ends_as_a_model(small: Path) -> None:
    recognizer = Recognizer(small)
    card = recognizer.card
    assert card["configuration"]["architecture"] == "mlp"
    assert card["claim"]["percent"] == 97.4
    assert card["claim"]["measured"] == pytest.approx(100 * card["training_accuracy"])
    assert card["validation"]["mnist"]["n"] == 40
    np.testing.assert_allclose(recognizer.predict_proba(IMAGES).sum(axis=1), 1, atol=1e-5)


def test_the_card_tells_what_was_fitted_and_the_hashes_of_what_was_written(small: Path) -> None:
    content, saved = load(small).content, load(SAVED_MODEL).content
    assert content["labels"] == saved["labels"]
    assert content["files"] == {
        name: sha256((small / name).read_bytes()) for name in (MODEL_FILE, KERAS_FILE)
    }
    assert 0.5 <= content["acceptance_threshold"] <= 1
    own, before = content["segmentation"], saved["segmentation"]
    assert own["strokes"] == before["strokes"]
    assert own["line"]["dirt"] == before["line"]["dirt"]
    assert set(own["line"]["weights"]) == set(FEATURES)
    assert own["line"]["weights"] != before["line"]["weights"]


def test_a_swapped_member_is_refused(tmp_path: Path, small: Path) -> None:
    shutil.copytree(small, tmp_path / "swapped")
    shutil.copyfile(SAVED_MODEL / KERAS_FILE, tmp_path / "swapped" / KERAS_FILE)
    with pytest.raises(ModelError, match=r"not the one that card\.json"):
        trained(tmp_path / "both", "ensemble", members=[tmp_path / "swapped"])


def test_without_a_saved_model_training_starts_from_plain_costs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segmentation_weights, "SAVED_MODEL", tmp_path / "none")
    own = trained(tmp_path / "run", "mlp", settings={"epochs": 4}).card["segmentation"]
    plain = segmentation_weights.PLAIN_COSTS
    assert own["strokes"] == plain["strokes"]
    assert own["line"]["weights"] != plain["line"]["weights"]
    assert "no saved model" in own["fitted_on"]


def test_a_classical_recognizer_ends_as_a_model(tmp_path: Path) -> None:
    recognizer = trained(tmp_path, "svm")
    assert recognizer.card["configuration"]["penalty"] == 5
    assert recognizer.card["validation"]["mnist"]["misread"] == 0


def test_an_ensemble_is_the_mean_of_its_members(tmp_path: Path, small: Path) -> None:
    trained(tmp_path / "other", "mlp", settings={"epochs": 4, "seed": 2})
    members = [small, tmp_path / "other"]
    ensemble = trained(tmp_path / "both", "ensemble", members=members)
    mean = np.mean([Recognizer(member).predict_proba(IMAGES) for member in members], axis=0)
    sharpened = mean ** (1 / ensemble.card["temperature"])
    expected = sharpened / sharpened.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(ensemble.predict_proba(IMAGES), expected, atol=1e-3)
    assert ensemble.card["parameters"] > 2 * Recognizer(small).card["parameters"]
    assert [member["seed"] for member in ensemble.card["configuration"]["members"]] == [1, 2]


def test_a_model_is_quantized_and_still_gives_probabilities(tmp_path: Path) -> None:
    trained(tmp_path / "deep", "deep", settings={"epochs": 1, "batch": 20})
    quantized = trained(tmp_path / "int8", "int8", members=[tmp_path / "deep"])
    predictions, before = (
        r.predict_proba(IMAGES) for r in (quantized, Recognizer(tmp_path / "deep"))
    )
    np.testing.assert_allclose(predictions.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(predictions, before, atol=0.1)
    sizes = [(tmp_path / name / "digits.tflite").stat().st_size for name in ("int8", "deep")]
    assert sizes[0] < 0.5 * sizes[1]


def test_training_stops_early_and_keeps_logs_of_all_epochs(tmp_path: Path) -> None:
    settings = {"epochs": 40, "patience": 1, "learning_rate": 0.01}
    history = trained(tmp_path, "mlp", settings=settings, tensorboard=True).card["history"]
    losses = history["mnist_validation_loss"]
    assert 1 < len(losses) < 40
    logs = EventAccumulator(str(tmp_path / train.LOGS_FOLDER))
    logs.Reload()
    logged = logs.Tensors("mnist_validation_loss")
    assert [event.step for event in logged] == list(range(1, len(losses) + 1))


def test_only_what_is_made_of_models_has_members(tmp_path: Path) -> None:
    with pytest.raises(train.RunError, match="mlp is not made of other models"):
        trained(tmp_path, "mlp", members=[tmp_path])


def test_a_member_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(train.RunError, match=r"none holds no finished model.*recognizer train"):
        trained(tmp_path, "ensemble", members=[tmp_path / "none"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--architecture", "vgg"], "'vgg'; there are: ours, mlp"),
        (["--set", "width=3"], "'width=3' is no setting"),
        (["--set", "l2=2"], "l2 cannot be 2.0"),
    ],
)
def test_the_command_refuses_what_there_is_not(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--run", str(tmp_path / "run"), *options]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1
    assert not (tmp_path / "run").exists()
