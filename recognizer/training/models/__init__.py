"""The recognizers that can be trained: ours, and those it is compared with.

Each is trained as its source did, but for two things that hold for all: every fifth writer of
MNIST's training images is kept for choosing, and the checkpoint is chosen on validation data,
never on the test set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import keras

from recognizer.model import card
from recognizer.training import FLOATS, Config, SettingError
from recognizer.training.models import networks
from recognizer.training.models.arithmetic import calculating

Build = Callable[[float, int, int], keras.Model]
"""Makes an untrained network of a share of dropout, channels and classes."""


# Found on MNIST's validation images, in two rounds. `tune --trials 26 --epochs 8 --subset 12000`:
# after 8 epochs with 64 dense units, 128 and 64 filters read 98.66 %, 32 filters 98.50 %. Then
# the rate over 24 epochs of 20,000 images, since short trials favour a high one: 99.28 % with
# 0.001, 98.76 % with 0.01; and 99.20 % with 128 dense units, no better than with 64.
TUNED_FILTERS, TUNED_UNITS, TUNED_LEARNING_RATE = 64, 64, 1e-3
_EVERY_SETTING = tuple(f.name for f in fields(Config) if f.name != "architecture")
_AS_SOURCES_DO: dict[str, Any] = {
    "data": "mnist",
    "channels": 1,
    "mnist_copies": 1.0,
    "arithmetic": FLOATS,
    "precision": FLOATS,
    "augmentation": "none",
    "batch": 128,
    "fine_tuning_epochs": 0,
    "schedule": "constant",
    "learning_rate": 1e-3,  # Adam's own in Keras
    "weight_decay": 0.0,  # which makes AdamW the plain Adam
    "dropout": 0.0,
}
_CLASSICAL: dict[str, Any] = {
    "takes": ("mnist_images",),
    "settings": {"data": "mnist", "channels": 1, "arithmetic": FLOATS, "precision": FLOATS},
}
_FEWER_IMAGES = "48,093 training images, without the validation writers', where the source had "


@dataclass(frozen=True)
class Claim:
    """What a source says of its recognizer: its accuracy in percent, on test images or, if there
    is a `training_epoch`, on training images after so many epochs.
    """

    accuracy: float
    of: str
    training_epoch: int | None = None


@dataclass(frozen=True)
class Architecture:
    """A recognizer that can be trained.

    title: what it is in a few words; description: what it is made of. build: makes the
    untrained network with a share of dropout; None for what is no network of its own.
    settings: what differs from `Config`'s defaults. takes: the settings that mean something to
    it. deviates: what differs from its source. branches: how many predictions its network makes
    while it learns, if not one.
    """

    name: str
    title: str
    description: str
    build: Build | None = None
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    takes: tuple[str, ...] = _EVERY_SETTING
    claim: Claim | None = None
    deviates: str | None = None
    branches: int | None = None

    def configure(self, given: Mapping[str, Any]) -> Config:
        """Its settings with those given. Raises SettingError for one that it does not have."""
        for name in given:
            if name not in self.takes:
                has = f"those it has: {', '.join(self.takes)}" if self.takes else "it has none"
                raise SettingError(f"{self.name} has no setting {name}; {has}.")
        return Config(**{**self.settings, **given, "architecture": self.name})


def find(name: str) -> Architecture:
    """The architecture of that name. Raises SettingError that lists those that exist."""
    known = {architecture.name: architecture for architecture in ARCHITECTURES}
    if name not in known:
        raise SettingError(f"There is no architecture {name!r}; there are: {', '.join(known)}.")
    return known[name]


def load(folder: Path) -> keras.Model:
    """The trained network in a model's folder, by Keras.

    Raises ModelError if its file is missing, damaged or another one than its card tells of.
    """
    content = card.load(folder).content
    # The checked bytes cannot be given to Keras, which reads files only.
    card.verified(folder, card.KERAS_FILE, content)
    return keras.models.load_model(folder / card.KERAS_FILE, compile=False)


def build(config: Config) -> keras.Model:
    """The untrained network of a run.

    From glyphs (n, 28, 28, channels) in 0..1 to probabilities (n, classes), of one with
    branches (n, branches, classes). Raises SettingError for what is no network.
    """
    made = find(config.architecture).build
    if made is None:
        raise SettingError(f"{config.architecture} is no network that learns in epochs.")
    with calculating(config.arithmetic):
        model = made(config.dropout, config.channels, config.classes)
    return _with_l2(model, config.l2) if config.l2 else model


def _with_l2(model: keras.Model, weight: float) -> keras.Model:
    """The same network with the kernels' squares in its loss."""

    def decayed(layer: keras.Layer) -> keras.Layer:
        described = layer.get_config()
        if "kernel_regularizer" in described:
            described["kernel_regularizer"] = keras.regularizers.L2(weight)
        return type(layer).from_config(described)

    return keras.models.clone_model(model, clone_function=decayed)


ARCHITECTURES = (
    Architecture(
        "ours", "single model", networks.OUR_SUMMARY, networks.ours, branches=networks.BRANCHES
    ),
    Architecture(
        "mlp",
        "dense layers",
        "flatten; dense 50; dense 50; softmax",
        networks.mlp,
        _AS_SOURCES_DO | {"epochs": 10, "batch": 32},
        claim=Claim(97.4, "its training images after 4 epochs", training_epoch=4),
        deviates=f"{_FEWER_IMAGES}60,000",
    ),
    Architecture(
        "recurrent",
        "recurrent network",
        "the 28 rows as a sequence through an LSTM of 128 units; softmax",
        networks.recurrent,
        _AS_SOURCES_DO | {"epochs": 10},
        deviates=f"{_FEWER_IMAGES}60,000; units and epochs, which no source gives, are ours",
    ),
    Architecture(
        "minimal",
        "one convolution",
        "convolution 3 × 3 of 32 filters; max pooling; softmax",
        networks.minimal,
        _AS_SOURCES_DO | {"epochs": 5, "batch": 32},
        claim=Claim(98.29, "30 % of MNIST's images after learning from 70 %"),
        deviates=f"measured on MNIST's own test images; {_FEWER_IMAGES}49,000",
    ),
    Architecture(
        "dropout",
        "two convolutions and dropout",
        "convolutions 3 × 3 of 32 and 64 filters, max pooling after each; dropout; softmax",
        networks.dropout,
        _AS_SOURCES_DO | {"epochs": 15, "dropout": 0.5},
        claim=Claim(99.07, "MNIST's test images, with a loss of 0.0810"),
        deviates=f"{_FEWER_IMAGES}60,000",
    ),
    Architecture(
        "deep",
        "four convolutions",
        "convolutions 3 × 3 of 32, 64, 64, 32 filters, max pooling after the first and the "
        "last; softmax",
        networks.deep,
        _AS_SOURCES_DO | {"epochs": 5, "batch": 120},
        claim=Claim(98.6, "MNIST's test images"),
        deviates=f"{_FEWER_IMAGES}60,000",
    ),
    Architecture(
        "tuned",
        "tuned network",
        f"convolutions 3 × 3 of {TUNED_FILTERS} and {TUNED_FILTERS} filters, max pooling after "
        f"each; dropout; dense {TUNED_UNITS}; softmax; filters, units and rate found by tuning",
        partial(networks.tuned, TUNED_FILTERS, TUNED_UNITS),
        _AS_SOURCES_DO
        | {"epochs": 16, "augmentation": "affine", "dropout": 0.5}
        | {"learning_rate": TUNED_LEARNING_RATE},
        claim=Claim(99.45, "MNIST's test images"),
        deviates=f"{_FEWER_IMAGES}60,000; turned by up to 10°, moved and zoomed by up to a tenth, "
        "which the source does not say",
    ),
    Architecture(
        "knn",
        "nearest neighbours",
        "50 principal components; the 4 nearest neighbours, weighted by their distance",
        **_CLASSICAL,
    ),
    Architecture(
        "svm",
        "support vector machine",
        "50 principal components; a support vector machine with radial basis functions for each "
        "pair of digits",
        **_CLASSICAL,
    ),
    Architecture(
        "ensemble",
        "mean of several models",
        "the mean of the probabilities of several of ours",
        settings={"epochs": 12, "fine_tuning_epochs": 2}
        | {"fine_tuning_rate": 5e-4, "fine_tuning_strength": 0.6},
    ),
    Architecture(
        "float",
        "in 32-bit floats",
        "ours as it learned, its LiteRT file in 32-bit floats",
        settings={"precision": FLOATS},
        takes=(),
    ),
)
"""In the order of a table: ours, the others from small to large, and what is made of ours."""
