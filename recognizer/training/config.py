"""The settings of a run, and how they are written on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from recognizer.errors import SketchpadError
from recognizer.labels import label_set

LABELS = label_set("digits")
"""What is learned to be read; class numbers are places in it."""
CONFIG_FILE, HISTORY_FILE = "config.json", "history.json"
"""What the folder of a run holds from its beginning, and after each epoch."""
MNIST_ALONE, MNIST_AND_PEN = "mnist", "mnist+pen"
NO_VARIATION, AFFINE, FULL = "none", "affine", "full"
CONSTANT, COSINE = "constant", "cosine"
_CHOICES = {
    "data": (MNIST_AND_PEN, MNIST_ALONE),
    "augmentation": (FULL, AFFINE, NO_VARIATION),
    "schedule": (COSINE, CONSTANT),
}
_LIMITS = {
    "seed": (0, 2**31 - 1),
    "epochs": (1, 10_000),
    "fine_tuning_epochs": (0, 10_000),
    "fine_tuning_rate": (1e-9, 1.0),
    "fine_tuning_strength": (0.0, 1.0),
    "batch": (1, 1000),
    "mnist_images": (1000, 55_000),
    "learning_rate": (1e-9, 1.0),
    "weight_decay": (0.0, 1.0),
    "l2": (0.0, 1.0),
    "dropout": (0.0, 0.95),
    "patience": (0, 10_000),
    "variants": (1, 100),
    "pen_copies": (0.0, 100.0),
    "out_of_distribution_share": (0.0, 1.0),
    "segment_share": (0.0, 10.0),
}


class SettingError(SketchpadError):
    """A setting does not exist or cannot have that value; the message says what can be."""


@dataclass(frozen=True)
class Config:
    """The settings of a run; with the data they determine its weights.

    architecture: name of what is trained, see `architectures.py`.
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

    seed: int = 1
    architecture: str = "ours"
    data: str = MNIST_AND_PEN
    mnist_images: int = 55_000
    augmentation: str = FULL
    epochs: int = 60
    fine_tuning_epochs: int = 8
    fine_tuning_rate: float = 2e-4
    fine_tuning_strength: float = 1.0
    batch: int = 128
    schedule: str = COSINE
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    l2: float = 0.0
    dropout: float = 0.4
    patience: int = 0
    variants: int = 10
    pen_copies: float = 0.5
    out_of_distribution_share: float = 0.03
    segment_share: float = 0.1

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise SettingError(
                    f"{name} cannot be {getattr(self, name)!r}; it is one of: {', '.join(choices)}."
                )
        for name, (low, high) in _LIMITS.items():
            if not low <= getattr(self, name) <= high:
                raise SettingError(
                    f"{name} cannot be {getattr(self, name)}; it lies between {low} and {high}."
                )


def parse(texts: Sequence[str]) -> dict[str, Any]:
    """Settings written as NAME=VALUE, each of the type that `Config` wants.

    Raises SettingError for an unknown name, and for a value of another type.
    """
    kinds = {field.name: type(field.default) for field in fields(Config)}
    del kinds["architecture"]  # it has an option of its own
    settings = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or name not in kinds:
            raise SettingError(
                f"{text!r} is no setting. Write NAME=VALUE with a name of: {', '.join(kinds)}."
            )
        settings[name] = _typed(name, value, kinds[name])
    return settings


def _typed(name: str, value: str, kind: type) -> Any:
    try:
        return kind(value)
    except ValueError:
        wanted = "a whole number" if kind is int else "a number"
        raise SettingError(f"{name} is {wanted}; got {value!r}.") from None
