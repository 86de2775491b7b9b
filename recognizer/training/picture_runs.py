"""Whole runs of the networks for pictures, of lines and of ruling, from the data to the files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from recognizer.files import SAVED_MODEL
from recognizer.training import LineConfig, RulingConfig, models
from recognizer.training.line_training import train_lines
from recognizer.training.ruling_training import train_ruling
from recognizer.training.run import collected
from recognizer.training.train import LAST_FILE, UnfinishedError

CONFIGS = {"line": LineConfig, "ruling": RulingConfig}
"""The settings of each network."""


def run(
    network: str,
    folder: Path,
    output: Path,
    data_folder: Path | None,
    settings: dict[str, Any],
    *,
    prepared: Path | None = None,
    minutes: float | None = None,
) -> None:
    """Train one of the networks in `folder` with these settings, write it to `output`.

    Raises SettingError, DataError without the data, RunError if the folder holds another run, and
    UnfinishedError if it stopped in time.
    """
    config = CONFIGS[network](**settings)
    collection = collected(prepared, data_folder, config.seed)
    if isinstance(config, LineConfig):
        glyphs = models.load(SAVED_MODEL)
        history = train_lines(folder, config, collection, glyphs, minutes=minutes)
        _check_finished(folder, len(history), config.epochs)
        from recognizer.training import line_export

        line_export.export(folder, output, config, history, collection)
    else:
        history = train_ruling(folder, config, collection, minutes=minutes)
        _check_finished(folder, len(history), config.epochs)
        from recognizer.training import ruling_export

        ruling_export.export(folder, output, config, history, collection)


def _check_finished(folder: Path, done: int, epochs: int) -> None:
    """Raises UnfinishedError unless all is trained and TensorFlow is there to write the files."""
    if done < epochs:
        raise UnfinishedError(f"{done} of {epochs} epochs are done. The same command goes on.")
    if keras.backend.backend() != "tensorflow":
        raise UnfinishedError(
            f"The network is trained: {folder / LAST_FILE}. TensorFlow writes its files: the same "
            "command with KERAS_BACKEND=tensorflow."
        )
