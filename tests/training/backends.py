"""Three steps of training from saved weights, for comparing backends: a script of its own.

KERAS_BACKEND=torch python -m tests.training.backends MODEL prints the losses as JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import keras

from recognizer.training import FLOATS, NO_VARIATION, Config, models, train
from recognizer.training.batches import Epoch
from tests.training.made import CONFIG, made_data

STEPS = 3


def plain_config() -> Config:
    """Of our network, without dropout and variations; all that is random is in the batches."""
    return replace(CONFIG, dropout=0.0, augmentation=NO_VARIATION, arithmetic=FLOATS)


def without_dropout(config: Config) -> keras.Model:
    """What learns, untrained, none of whose dropout drops anything."""

    def copied(layer: keras.Layer) -> keras.Layer:
        told = layer.get_config()
        if isinstance(layer, keras.layers.Dropout):
            told["rate"] = 0.0
        return type(layer).from_config(told)

    network = keras.models.clone_model(models.build(config), clone_function=copied)
    return train.learner(network, config)


def losses(path: Path) -> list[float]:
    """Of each step on the same batches, from the weights of the file on."""
    config, data = plain_config(), made_data()
    model = keras.models.load_model(path, compile=False)
    train._compile(model, train.stages(config)[0], config, data)
    batches = Epoch(config, data, 0, branches=models.find(config.architecture).branches)
    return [
        float(model.train_on_batch(*batches[at], return_dict=True)["loss"]) for at in range(STEPS)
    ]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(losses(Path(sys.argv[1]))))
