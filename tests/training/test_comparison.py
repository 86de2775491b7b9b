"""The small networks that ours is compared with: what is written of them, and their settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recognizer.model.card import KERAS_FILE
from recognizer.session.insight import ComparedNetwork
from recognizer.training import run
from recognizer.training.comparison import RECIPES, train_all
from tests.samples import copied_model


def test_each_network_tells_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, dict[str, Any]] = {}

    def train(folder: Path, output: Path, data: Path | None, settings: Any, **rest: Any) -> Path:
        output.mkdir(parents=True)
        (output / KERAS_FILE).touch()
        asked[folder.name] = {**settings, **rest}
        return copied_model(output)

    monkeypatch.setattr(run, "run", train)
    folders = train_all(tmp_path / "runs", tmp_path / "out", None, {"seed": 7})
    assert [folder.name for folder in folders] == [recipe.name for recipe in RECIPES]
    for recipe, folder in zip(RECIPES, folders, strict=True):
        network = ComparedNetwork.load(folder)
        assert (network.title, network.sentence) == (recipe.title, recipe.sentence)
        assert network.whole_canvas == recipe.whole_canvas
        assert not (folder / KERAS_FILE).exists()
        assert asked[recipe.name]["seed"] == 7
        assert asked[recipe.name]["architecture"] == "dropout"
    assert asked["no_dropout"]["dropout"] == 0.0
