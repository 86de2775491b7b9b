"""From a trained ruling network to its files: Keras', LiteRT's, and its card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
from keras import layers

from recognizer.files import atomic_write
from recognizer.model import card
from recognizer.model.ruling_model import RULING_CARD_FILE, RULING_FILE, RULING_KERAS_FILE
from recognizer.training import FLOATS, RulingConfig
from recognizer.training.collection import Collection
from recognizer.training.line_export import quantized, told_of_run
from recognizer.training.models.arithmetic import in_floats
from recognizer.training.models.ruling_network import PAGES, WRITTEN
from recognizer.training.train import LAST_FILE


def export(
    run: Path, folder: Path, config: RulingConfig, history: list[Any], collection: Collection
) -> None:
    """Write the network of a finished run to `folder`: Keras file, LiteRT file, and card."""
    learner = keras.models.load_model(run / LAST_FILE, compile=False)
    network = in_floats(learner.get_layer("ruling"))
    folder.mkdir(parents=True, exist_ok=True)
    content = quantized(ruling_reader_of(network))
    beside = folder / f"writing-{RULING_KERAS_FILE}"
    network.save(beside)
    told: dict[str, Any] = {
        "name": "Digit Sketchpad, ruling network",
        "architecture": "a U-Net of five levels, from half the resolution on",
        "parameters": network.count_params(),
        "input": "(1, height, width, 1) float32 0..1, ink white on black, sides multiples of 32, "
        "a pen about 3 px wide",
        "output": "(1, height, width, 1) float32, the probability that a pixel's ink was written, "
        "and is no rule, grid, margin, frame or box",
        "files": {
            RULING_KERAS_FILE: card.sha256(beside.read_bytes()),
            RULING_FILE: card.sha256(content),
        },
        **told_of_run(config, history, collection),
    }
    beside.replace(folder / RULING_KERAS_FILE)
    atomic_write(folder / RULING_FILE, content)
    card.write(folder / RULING_CARD_FILE, told)


def ruling_reader_of(network: keras.Model, pages: int | None = 1) -> keras.Model:
    """The network that is read with: pages (n, height, width, 1) to probabilities, as large.

    pages: how many at a time; None for any number.
    """
    shown = keras.Input((None, None, 1), batch_size=pages, name=PAGES)
    seen = layers.Activation("sigmoid", dtype=FLOATS, name=WRITTEN)(network(shown))
    return keras.Model(shown, {WRITTEN: seen}, name="ruling")
