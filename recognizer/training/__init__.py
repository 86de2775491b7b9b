"""How the network is made: synthesis, augmentation, models, training, export.

Here are the settings of a run, and how they are written on the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from recognizer.errors import SketchpadError
from recognizer.labels import label_set
from recognizer.model.card import CARD_FILE as CARD_FILE
from recognizer.model.card import MODEL_FILE as MODEL_FILE

LABELS = label_set("digits")
"""What is learned to be read; class numbers are places in it."""
CONFIG_FILE, HISTORY_FILE = "config.json", "history.json"
"""What the folder of a run holds from its beginning, and after each epoch."""
MNIST_ALONE, MNIST_AND_PEN = "mnist", "mnist+pen"
NO_VARIATION, AFFINE, FULL = "none", "affine", "full"
CONSTANT, COSINE = "constant", "cosine"


class SettingError(SketchpadError):
    """A setting does not exist or cannot have that value; the message says what can be."""


def _between(default: float, low: float, high: float) -> Any:
    """A setting that lies between two numbers."""
    return field(default=default, metadata={"limits": (low, high)})


def _one_of(*choices: str) -> Any:
    """A setting that is one of some words, the first by default."""
    return field(default=choices[0], metadata={"choices": choices})


@dataclass(frozen=True)
class Config:
    """The settings of a run; with the data they determine its weights.

    architecture: name of what is trained, see `models`.
    data: MNIST and the pen drawings with some that are no digits, or MNIST alone; of it the
    first `mnist_images`. augmentation: the full range of variations, turning, moving and
    zooming only, or none.

    An epoch holds MNIST once and the pen drawings `pen_copies` times: many writers of the
    pen's 1 make it like the 7 of MNIST's Americans, and a few of them suffice to keep it a 1.
    For each of these digits there are `out_of_distribution_share` of scribbles and merged
    digits, and `segment_share` of segments of touching digits.

    `fine_tuning_epochs` follow the `epochs` with the full range of variations; in them each
    sample varies by another strength up to `fine_tuning_strength`, nearer to what the network
    will be shown. schedule: the rate falls along a cosine, or stays. l2: weight of the
    kernels' squares in the loss. patience: epochs without a better one after which training
    stops; 0 for never.

    Raises SettingError for a value that cannot be.
    """

    seed: int = _between(1, 0, 2**31 - 1)
    architecture: str = "ours"
    data: str = _one_of(MNIST_AND_PEN, MNIST_ALONE)
    mnist_images: int = _between(55_000, 1000, 55_000)
    augmentation: str = _one_of(FULL, AFFINE, NO_VARIATION)
    epochs: int = _between(60, 1, 10_000)
    fine_tuning_epochs: int = _between(8, 0, 10_000)
    fine_tuning_rate: float = _between(2e-4, 1e-9, 1.0)
    fine_tuning_strength: float = _between(1.0, 0.0, 1.0)
    batch: int = _between(128, 1, 1000)
    schedule: str = _one_of(COSINE, CONSTANT)
    learning_rate: float = _between(2e-3, 1e-9, 1.0)
    weight_decay: float = _between(0.02, 0.0, 1.0)
    l2: float = _between(0.0, 0.0, 1.0)
    dropout: float = _between(0.4, 0.0, 0.95)
    patience: int = _between(0, 0, 10_000)
    variants: int = _between(10, 1, 100)
    pen_copies: float = _between(0.5, 0.0, 100.0)
    out_of_distribution_share: float = _between(0.03, 0.0, 1.0)
    segment_share: float = _between(0.1, 0.0, 10.0)

    def __post_init__(self) -> None:
        for setting in fields(self):
            value, choices = getattr(self, setting.name), setting.metadata.get("choices")
            if choices and value not in choices:
                raise SettingError(
                    f"{setting.name} cannot be {value!r}; it is one of: {', '.join(choices)}."
                )
            low, high = setting.metadata.get("limits", (value, value))
            if not low <= value <= high:
                raise SettingError(
                    f"{setting.name} cannot be {value}; it lies between {low} and {high}."
                )


def parse(texts: Sequence[str]) -> dict[str, Any]:
    """Settings written as NAME=VALUE, each of the type that `Config` wants.

    Raises SettingError for an unknown name, and for a value of another type.
    """
    kinds: dict[str, Any] = {field.name: type(field.default) for field in fields(Config)}
    del kinds["architecture"]  # it has an option of its own
    settings = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or name not in kinds:
            raise SettingError(
                f"{text!r} is no setting. Write NAME=VALUE with a name of: {', '.join(kinds)}."
            )
        try:
            settings[name] = kinds[name](value)
        except ValueError:
            wanted = "a whole number" if kinds[name] is int else "a number"
            raise SettingError(f"{name} is {wanted}; got {value!r}.") from None
    return settings
