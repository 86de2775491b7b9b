"""What is exported answers as Keras does, in each format."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from recognizer.cli import export as command
from recognizer.cli import main
from recognizer.files import SAVED_MODEL
from recognizer.labels import ALL_LABELS
from recognizer.model import FEATURES, PROBABILITIES, Network, interpreter_of
from recognizer.model.card import CARD_FILE, KERAS_FILE, sha256
from recognizer.model.line_model import WIDTH_STEP_PX, LineNetwork
from recognizer.training import exchange
from recognizer.training.models import networks
from recognizer.training.models.line_network import STRIPS
from recognizer.training.models.ruling_network import PAGES, WRITTEN
from tests import made_pictures as made
from tests.samples import changed, copied_model, mnist, written

CHANNELS = 5
Floats = NDArray[np.float32]
Outputs = dict[str, Floats]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model's folder whose network is ours, untrained, with a class for none of the labels."""
    found = copied_model(tmp_path_factory.mktemp("model"))
    keras.utils.set_random_seed(0)
    model = networks.mean_of_branches(networks.ours(0.0, CHANNELS, len(ALL_LABELS) + 1))
    model.save(found / KERAS_FILE)
    files = json.loads((found / CARD_FILE).read_text(encoding="utf-8"))["files"]
    files[KERAS_FILE] = sha256((found / KERAS_FILE).read_bytes())
    changed(found, labels=list(ALL_LABELS), channels=CHANNELS, files=files)
    return found


@pytest.fixture(scope="module")
def glyphs() -> Floats:
    return np.random.default_rng(0).random((3, 28, 28, CHANNELS), dtype=np.float32)


def exported(folder: Path, kind: str, path: Path) -> Path:
    assert main(["export", "--format", kind, "--model", str(folder), "--out", str(path)]) == 0
    return path


def by_saved_model(path: Path, shown: Floats, name: str = "glyphs") -> Outputs:
    found = tf.saved_model.load(path).signatures["serving_default"](**{name: tf.constant(shown)})
    return {name: value.numpy() for name, value in found.items()}


def by_onnx(path: Path, shown: Floats, name: str = "glyphs") -> Outputs:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_outputs()]
    return dict(zip(names, session.run(names, {name: shown}), strict=True))


def by_litert(path: Path, glyphs: Floats) -> Outputs:
    probabilities, features = Network(path.read_bytes(), path).see(glyphs)
    assert features is not None
    return {PROBABILITIES: probabilities, FEATURES: features}


GRAPHS: dict[str, Callable[[Path, Floats, str], Outputs]] = {
    "savedmodel": by_saved_model,
    "onnx": by_onnx,
}
RUNTIMES: dict[str, Callable[[Path, Floats], Outputs]] = {
    "savedmodel": by_saved_model,
    "onnx": by_onnx,
    "litert": by_litert,
}


@pytest.mark.parametrize("kind", RUNTIMES)
def test_what_is_exported_answers_as_keras_does(
    folder: Path, glyphs: Floats, kind: str, tmp_path: Path
) -> None:
    whole = keras.models.load_model(folder / KERAS_FILE, compile=False)
    expected = whole.predict(glyphs, verbose=0)[:, : len(ALL_LABELS)]
    path = exported(folder, kind, tmp_path / "out" / kind)
    found = RUNTIMES[kind](path, glyphs)
    assert found.keys() == {PROBABILITIES, FEATURES}
    np.testing.assert_allclose(found[PROBABILITIES], expected, atol=1e-6)
    network, _ = exchange.glyph_network(folder)
    features = np.concatenate([network(glyph[None])[FEATURES] for glyph in glyphs])
    np.testing.assert_allclose(found[FEATURES], features, atol=1e-4)


@pytest.mark.parametrize("kind", RUNTIMES)
def test_the_line_network_is_exported_as_keras_has_it(kind: str, tmp_path: Path) -> None:
    path = tmp_path / kind
    assert main(["export", "--network", "line", "--format", kind, "--out", str(path)]) == 0
    network, labels = exchange.line_network(SAVED_MODEL)
    glyphs, _ = mnist()
    for count in (1, 4, 12):
        strip = np.concatenate(glyphs[:count], axis=1)
        strip = np.pad(strip, ((0, 0), (0, -strip.shape[1] % WIDTH_STEP_PX)))
        shown = np.asarray(strip / np.float32(255), np.float32)[None, :, :, None]
        expected = np.asarray(network(shown)[PROBABILITIES])
        assert expected.shape[2] == len(labels) + 1
        found = line_by(kind, path, shown)
        np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("kind", RUNTIMES)
def test_the_ruling_network_is_exported_as_keras_has_it(kind: str, tmp_path: Path) -> None:
    path = tmp_path / kind
    # As people do it, in a process of its own.
    command = ["export", "--network", "ruling", "--format", kind, "--out", str(path)]
    done = subprocess.run(
        [sys.executable, "-m", "recognizer", *command], capture_output=True, text=True, check=True
    )
    assert f"{WRITTEN}: float32 (n, any, any, 1)" in done.stdout and "labels" not in done.stdout
    network, _ = exchange.ruling_network(SAVED_MODEL)
    for side in (64, 128):
        ink = made.on_sheet(written("20", side / 4, 3, margin=0), (side, side))
        page = np.asarray(ink[None, :, :, None] / np.float32(255), np.float32)
        expected = np.asarray(network(page)[WRITTEN])
        np.testing.assert_allclose(ruling_by(kind, path, page), expected, atol=1e-4)


def ruling_by(kind: str, path: Path, pages: Floats) -> Floats:
    """What was written on pages (1, side, side, 1), as an exported file tells."""
    if kind != "litert":
        return GRAPHS[kind](path, pages, PAGES)[WRITTEN]
    interpreter = interpreter_of(path.read_bytes())
    (inputs,) = interpreter.get_input_details()
    interpreter.resize_tensor_input(inputs["index"], pages.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(inputs["index"], pages)
    interpreter.invoke()
    return np.asarray(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))


def line_by(kind: str, path: Path, strips: Floats) -> Floats:
    """The probabilities along strips (1, 28, width, 1) that an exported file gives."""
    if kind != "litert":
        return GRAPHS[kind](path, strips, STRIPS)[PROBABILITIES]
    strip = (strips[0, :, :, 0] * 255).astype(np.uint8)
    return LineNetwork(path.read_bytes(), path).run(strip)[None]


def test_it_says_what_is_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported(folder, "litert", tmp_path / "digits.tflite")
    told = capsys.readouterr().out
    assert "digits.tflite" in told
    assert f"glyphs: float32 (n, 28, 28, {CHANNELS})" in told
    assert f"{PROBABILITIES}: float32 (n, {len(ALL_LABELS)})" in told
    assert " ".join(ALL_LABELS) in told


def test_nothing_that_is_there_is_lost(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    for kind in RUNTIMES:
        to: list[Any] = ["--model", folder, "--out", tmp_path / "mine"]
        assert main(["export", "--format", kind, *map(str, to)]) == 2
        assert "--out" in capsys.readouterr().err
    assert list(tmp_path.rglob("*")) == [tmp_path / "mine"]


def test_a_model_without_its_keras_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = copied_model(tmp_path)
    assert main(["export", "--format", "onnx", "--model", str(model)]) == 2
    told = capsys.readouterr().err
    assert KERAS_FILE in told and told.count("\n") == 1


def test_the_command_knows_the_formats_and_networks() -> None:
    assert list(command.SUFFIXES) == list(exchange.WRITERS) == list(RUNTIMES)
    assert list(command.NETWORKS) == list(exchange.NETWORKS)
