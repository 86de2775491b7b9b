"""Training is the same on every backend of Keras that is installed."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import pytest

from tests.training import backends

ROOT = Path(__file__).parents[2]


def losses_on(backend: str, model: Path) -> list[float]:
    """In a process of its own, without what TensorFlow rounds otherwise on Intel's processors."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.backends", str(model)],
        cwd=ROOT,
        env=os.environ | {"KERAS_BACKEND": backend, "TF_ENABLE_ONEDNN_OPTS": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_steps_from_the_same_weights_give_the_same_losses(tmp_path: Path, backend: str) -> None:
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed; TensorFlow alone cannot be compared")
    keras.utils.set_random_seed(1)
    backends.without_dropout(backends.plain_config()).save(tmp_path / "model.keras")
    found = losses_on(backend, tmp_path / "model.keras")
    assert found == pytest.approx(losses_on("tensorflow", tmp_path / "model.keras"), abs=1e-3)
    assert found[0] != found[-1]


def test_steps_repeat(tmp_path: Path) -> None:
    """What is compared depends on the weights and the batches alone."""
    backends.without_dropout(backends.plain_config()).save(tmp_path / "model.keras")
    first, second = (backends.losses(tmp_path / "model.keras") for _ in range(2))
    assert first == pytest.approx(second, abs=1e-4)
    assert len(set(first)) == backends.STEPS
