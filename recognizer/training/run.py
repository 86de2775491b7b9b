"""A whole training run, from the data to the model's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recognizer.training import data, material
from recognizer.training.export import export
from recognizer.training.train import Config, Validation, train


def run(folder: Path, output: Path, data_folder: Path | None, settings: dict[str, Any]) -> Path:
    """Train in `folder` with these settings of `Config`, write the model to `output`.

    Returns `output`. Raises DataError without the data, RunError if the folder holds
    another run.
    """
    config = Config(**settings)
    mnist = data.load_mnist(data_folder)
    learned, chosen = data.split_writers(data.load_pen(data_folder))
    validation = Validation(mnist.validation, material.plain_glyphs(chosen))
    drawn = material.prepare(mnist.train, learned, config.variants, config.seed)
    history = train(folder, config, drawn, validation)
    hashes = {"mnist.npz": mnist.sha256, f"{data.PEN_FILE} (unpacked)": data.PEN_SHA256}
    export(folder, output, config, history, validation, hashes)
    return output
