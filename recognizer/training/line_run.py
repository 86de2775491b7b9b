"""A whole run of the line network, from the data to its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from recognizer.files import SAVED_MODEL
from recognizer.training import LineConfig, models
from recognizer.training.line_training import train_lines
from recognizer.training.run import collected
from recognizer.training.train import LAST_FILE, UnfinishedError


def run_line(
    folder: Path,
    output: Path,
    data_folder: Path | None,
    settings: dict[str, Any],
    *,
    prepared: Path | None = None,
    minutes: float | None = None,
) -> None:
    """Train in `folder` with these settings of `LineConfig`, write the network to `output`.

    Raises SettingError, DataError without the data, RunError if the folder holds another run, and
    UnfinishedError if it stopped in time.
    """
    config = LineConfig(**settings)
    collection = collected(prepared, data_folder, config.seed)
    history = train_lines(folder, config, collection, models.load(SAVED_MODEL), minutes=minutes)
    if len(history) < config.epochs:
        raise UnfinishedError(
            f"{len(history)} of {config.epochs} epochs are done. The same command goes on."
        )
    if keras.backend.backend() != "tensorflow":
        raise UnfinishedError(
            f"The network is trained: {folder / LAST_FILE}. TensorFlow writes its files: the same "
            "command with KERAS_BACKEND=tensorflow."
        )
    from recognizer.training import line_export

    line_export.export(folder, output, config, history, collection)
