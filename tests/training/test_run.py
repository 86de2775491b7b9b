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
from recognizer.datasets import Sample
from recognizer.files import SAVED_MODEL
from recognizer.labels import ALL_LABELS
from recognizer.model.card import KERAS_FILE, MODEL_FILE, ModelError, load, sha256
from recognizer.strokes import Stroke
from recognizer.training import stroke_costs, synthesis, train
from recognizer.training.collection import Collection, packed
from recognizer.training.run import run
from tests.samples import mnist, pen_digits
from tests.training.made import made_images, serially

IMAGES = made_images(20, 9).images
FITTED = ("join", "min_uncertainty", "wrong")
"""The costs of strokes that are sought for each network."""


def made_collection() -> Collection:
    """400 made images and 80 for validation, and the samples' drawings by ten writers."""
    images = made_images(500, 1)
    samples = [
        Sample(str(label), "mnist", f"mnist/{at % 5}", picture=image)
        for at, (image, label) in enumerate(zip(images.images, images.labels, strict=True))
    ]
    samples += [
        Sample(str(digit), "pendigits", f"pendigits/{at // 4}", strokes=tuple(map(Stroke, lines)))
        for at, (lines, digit) in enumerate(pen_digits())
    ]
    return packed(samples, np.zeros(len(samples), dtype=bool))


@pytest.fixture(autouse=True, scope="module")
def little_data() -> Iterator[None]:
    """All data are made, and few; what is drawn is drawn in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("synthesis", "validation", "stroke_costs"):
            patch.setattr(f"recognizer.training.{module}.in_parallel", serially)
        patch.setattr("recognizer.training.validation.VALIDATION_DOODLES", 20)
        patch.setattr("recognizer.training.run.gather", lambda *_: made_collection())
        patch.setattr("recognizer.training.run._cleaned", lambda *_: made_collection())
        yield


def trained(folder: Path, architecture: str, **rest: Any) -> Recognizer:
    settings = rest.pop("settings", {})
    rest |= {"architecture": architecture, "fitted_numbers": 2}
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
    assert card["validation"]["mnist"]["n"] == 100
    np.testing.assert_allclose(recognizer.predict_proba(IMAGES).sum(axis=1), 1, atol=1e-5)


def test_the_card_tells_what_was_fitted_and_the_hashes_of_what_was_written(small: Path) -> None:
    content, saved = load(small).content, load(SAVED_MODEL).content
    assert content["labels"] == list("0123456789")
    assert content["files"] == {
        name: sha256((small / name).read_bytes()) for name in (MODEL_FILE, KERAS_FILE)
    }
    assert set(content["acceptance_threshold"]) == {"digits"}
    assert 0.5 <= content["acceptance_threshold"]["digits"] <= 1
    assert content["data"] == made_collection().described
    own, before = content["segmentation"], saved["segmentation"]
    assert own["strokes"] == before["strokes"] | {name: own["strokes"][name] for name in FITTED}
    assert set(own) == {"strokes", "fitted_on"}


def test_a_swapped_member_is_refused(tmp_path: Path, small: Path) -> None:
    shutil.copytree(small, tmp_path / "swapped")
    shutil.copyfile(SAVED_MODEL / KERAS_FILE, tmp_path / "swapped" / KERAS_FILE)
    with pytest.raises(ModelError, match=r"not the one that card\.json"):
        trained(tmp_path / "both", "ensemble", members=[tmp_path / "swapped"])


def test_without_a_saved_model_training_starts_from_plain_costs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stroke_costs, "SAVED_MODEL", tmp_path / "none")
    own = trained(tmp_path / "run", "mlp", settings={"epochs": 4}).card["segmentation"]
    plain = stroke_costs.PLAIN_COSTS["strokes"]
    assert own["strokes"] == plain | {name: own["strokes"][name] for name in FITTED}
    assert "no saved model" in own["fitted_on"]


def test_a_classical_recognizer_ends_as_a_model(tmp_path: Path) -> None:
    recognizer = trained(tmp_path, "svm")
    assert recognizer.card["configuration"]["penalty"] == 5
    assert recognizer.card["validation"]["mnist"]["misread"] == 0


def sharpened(probabilities: np.ndarray, by: Recognizer) -> np.ndarray:
    """The probabilities, calibrated once more as another model was."""
    found = probabilities ** (1 / by.card["temperature"])
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def test_an_ensemble_is_the_mean_of_its_members(tmp_path: Path, small: Path) -> None:
    trained(tmp_path / "other", "mlp", settings={"epochs": 4, "seed": 2})
    members = [small, tmp_path / "other"]
    precise = {"precision": "float32"}
    ensemble = trained(tmp_path / "both", "ensemble", members=members, settings=precise)
    mean = np.mean([Recognizer(member).predict_proba(IMAGES) for member in members], axis=0)
    expected = sharpened(mean, ensemble)
    np.testing.assert_allclose(ensemble.predict_proba(IMAGES), expected, atol=1e-3)
    assert ensemble.card["parameters"] > 2 * Recognizer(small).card["parameters"]
    assert [member["seed"] for member in ensemble.card["configuration"]["members"]] == [1, 2]


def test_a_model_in_integers_reads_as_in_floats(tmp_path: Path) -> None:
    settings = {"epochs": 3, "batch": 20, "precision": "int8"}
    quantized = trained(tmp_path / "int8", "deep", settings=settings)
    floats = trained(tmp_path / "float", "float", members=[tmp_path / "int8"])
    images = made_images(200, 19).images
    predictions, before = (r.predict_proba(images) for r in (quantized, floats))
    predictions = sharpened(predictions, floats)
    np.testing.assert_allclose(predictions.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(predictions, before, atol=0.1)
    assert np.mean(predictions.argmax(axis=1) == before.argmax(axis=1)) >= 0.98
    sizes = [(tmp_path / name / MODEL_FILE).stat().st_size for name in ("int8", "float")]
    assert sizes[0] < 0.5 * sizes[1]
    assert [r.card["precision"] for r in (quantized, floats)] == ["int8", "float32"]
    assert floats.card["configuration"]["of"] == quantized.card["configuration"]


def test_the_saved_model_can_be_written_in_floats(tmp_path: Path) -> None:
    saved, floats = Recognizer(SAVED_MODEL), trained(tmp_path, "float")
    glyphs, _ = mnist()
    np.testing.assert_array_equal(
        floats.predict_proba(glyphs).argmax(axis=1), saved.predict_proba(glyphs).argmax(axis=1)
    )
    assert floats.card["labels"] == saved.card["labels"]


def test_a_network_of_all_hands_ends_as_a_model_of_all_labels(tmp_path: Path) -> None:
    """Small, with directions; without any of them it reads pictures, too."""
    settings = {
        "data": "hands",
        "channels": 5,
        "epochs": 1,
        "fine_tuning_epochs": 1,
        "batch": 100,
        "augmentation": "full",
        "precision": "float32",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, few in (("DOODLES", 10), ("COMPOSED_SIGNS", 1), ("SEGMENTED_NUMBERS", 3)):
            patch.setattr(synthesis, name, few)
        recognizer = trained(tmp_path, "mlp", settings=settings)
    assert recognizer.card["labels"] == list(ALL_LABELS)
    assert recognizer.card["channels"] == 5
    assert "probability of none of them" in recognizer.card["output"]["probabilities"]
    ways = np.zeros((20, 28, 28, 4), np.uint8)
    whole = recognizer.predict_joint(IMAGES)
    assert whole.shape == (20, 10)
    np.testing.assert_allclose(whole, recognizer.predict_joint(IMAGES, ways), atol=1e-6)
    assert not np.allclose(whole, recognizer.predict_joint(IMAGES, ways + 99), atol=1e-6)
    assert recognizer.classify_strokes(pen_digits()[0][0]).label is not None


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


@pytest.fixture
def plain_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """No costs of segmentation are fitted."""
    monkeypatch.setattr(
        stroke_costs, "fitted_costs", lambda *_, **__: dict(stroke_costs.PLAIN_COSTS)
    )


@pytest.fixture
def hands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A file of all that training needs, packed by the command."""
    path = tmp_path / "hands.npz"
    assert main(["train", "--prepare", str(path)]) == 0
    assert f"All that training needs is in {path}." in capsys.readouterr().out
    return path


def mlp_in(run: Path, hands: Path, *more: str) -> list[str]:
    options = ["--architecture", "mlp", "--epochs", "3", "--prepared", str(hands)]
    return ["train", "--run", str(run), *options, *more]


@pytest.mark.usefixtures("plain_costs")
def test_what_is_packed_is_learned_from_without_any_data(
    tmp_path: Path, hands: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("recognizer.training.run.gather")
    assert main(mlp_in(tmp_path / "run", hands)) == 0
    assert Recognizer(tmp_path / "run").card["data"] == made_collection().described


@pytest.mark.usefixtures("plain_costs")
def test_a_run_that_stops_in_time_says_how_far_it_is_and_goes_on(
    tmp_path: Path, hands: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = mlp_in(tmp_path / "run", hands, "--minutes")
    assert main([*command, "0.00001"]) == 0
    assert "1 of 3 epochs are done. The same command goes on." in capsys.readouterr().out
    assert not (tmp_path / "run" / MODEL_FILE).exists()
    assert main([*command, "60"]) == 0
    assert "The model is in" in capsys.readouterr().out
    assert len(Recognizer(tmp_path / "run").card["history"]["loss"]) == 3


@pytest.mark.usefixtures("plain_costs")
def test_another_backend_trains_and_tensorflow_writes_the_model(
    tmp_path: Path,
    hands: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = mlp_in(tmp_path / "run", hands)
    with monkeypatch.context() as patch:
        patch.setattr("keras.backend.backend", lambda: "torch")
        assert main(command) == 0
    said = capsys.readouterr().out
    assert "best.keras. TensorFlow writes its model: the same command with" in said
    assert not (tmp_path / "run" / MODEL_FILE).exists()
    monkeypatch.setattr(train, "_train_epoch", None)
    assert main(command) == 0
    assert Recognizer(tmp_path / "run").card["chosen"]["of"] == 3


def test_prepared_data_that_are_missing_say_how_to_pack_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(mlp_in(tmp_path / "run", tmp_path / "none.npz")) == 2
    (error,) = capsys.readouterr().err.splitlines()
    assert "recognizer train --prepare" in error


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
