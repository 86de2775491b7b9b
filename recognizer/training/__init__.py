"""How the network is made: synthesis, augmentation, models, training, export.

Here are the settings of a run, and how they are written on the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from recognizer.errors import SketchpadError
from recognizer.labels import ALL_LABELS, Labels, label_set
from recognizer.model.card import CARD_FILE as CARD_FILE
from recognizer.model.card import MODEL_FILE as MODEL_FILE

LABELS: Labels = ALL_LABELS
"""Every character that can be learned; class numbers are places in it."""
NO_LABEL, NO_DIGIT = len(LABELS), len(LABELS) + 1
"""The class number of what is none of these characters, and of what is no digit at least."""
CONFIG_FILE, HISTORY_FILE = "config.json", "history.json"
"""What the folder of a run holds from its beginning, and after each epoch."""
ALL_HANDS, MNIST_AND_PEN, MNIST_ALONE = "hands", "mnist+pen", "mnist"
NO_VARIATION, AFFINE, FULL = "none", "affine", "full"
CONSTANT, COSINE = "constant", "cosine"
INTEGERS, FLOATS, BFLOAT16 = "int8", "float32", "bfloat16"


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
    data: the characters of all hands; MNIST and Pendigits alone, whose labels are the digits; or
    MNIST alone, of which the first `mnist_images`. channels: 5 for ink and the pen's directions,
    1 for ink. augmentation: the full range of variations, turning, moving and zooming only, or
    none.

    An epoch holds MNIST, the digits, letters and signs of pens, the Swiss scans and the pictures
    of the sets that name no writer as often as their `copies` say: strangers are unlike MNIST's
    writers, so what they draw with a pen counts more. For each of these there are
    `out_of_distribution_share` of doodles, merged and scribbled-out characters, and
    `segment_share` of segments of touching digits.
    direction_share: of the drawings whose directions are known, how many show them.

    `fine_tuning_epochs` follow the `epochs` with the full range of variations; in them each
    sample varies by another strength up to `fine_tuning_strength`, nearer to what the network
    will be shown. schedule: the rate falls along a cosine, or stays. l2: weight of the
    kernels' squares in the loss. patience: epochs without a better one after which training
    stops; 0 for never. arithmetic: what is learned with; without the processor's help, as AMX
    gives, bfloat16 is the slower one. precision: of the weights in the LiteRT file.

    Raises SettingError for a value that cannot be.
    """

    seed: int = _between(1, 0, 2**31 - 1)
    architecture: str = "ours"
    data: str = _one_of(ALL_HANDS, MNIST_AND_PEN, MNIST_ALONE)
    channels: int = _between(5, 1, 5)
    mnist_images: int = _between(60_000, 1000, 60_000)
    augmentation: str = _one_of(FULL, AFFINE, NO_VARIATION)
    epochs: int = _between(54, 1, 10_000)
    fine_tuning_epochs: int = _between(6, 0, 10_000)
    fine_tuning_rate: float = _between(2e-4, 1e-9, 1.0)
    fine_tuning_strength: float = _between(1.0, 0.0, 1.0)
    batch: int = _between(256, 1, 1000)
    schedule: str = _one_of(COSINE, CONSTANT)
    learning_rate: float = _between(3e-3, 1e-9, 1.0)
    weight_decay: float = _between(0.02, 0.0, 1.0)
    l2: float = _between(0.0, 0.0, 1.0)
    dropout: float = _between(0.2, 0.0, 0.95)
    patience: int = _between(0, 0, 10_000)
    variants: int = _between(4, 1, 100)
    mnist_copies: float = _between(2.0, 0.0, 100.0)
    pen_copies: float = _between(2.0, 0.0, 100.0)
    letter_copies: float = _between(0.8, 0.0, 100.0)
    sign_copies: float = _between(1.5, 0.0, 100.0)
    scan_copies: float = _between(3.0, 0.0, 100.0)
    picture_copies: float = _between(0.3, 0.0, 100.0)
    direction_share: float = _between(0.75, 0.0, 1.0)
    out_of_distribution_share: float = _between(0.08, 0.0, 1.0)
    segment_share: float = _between(0.06, 0.0, 10.0)
    arithmetic: str = _one_of(BFLOAT16, FLOATS)
    precision: str = _one_of(INTEGERS, FLOATS)

    @property
    def labels(self) -> Labels:
        """What is learned to be read, in the order of the probabilities."""
        return LABELS if self.data == ALL_HANDS else label_set("digits")

    @property
    def classes(self) -> int:
        """How many there are: the labels and, unless MNIST is alone, what is none of them."""
        return len(self.labels) + (self.data != MNIST_ALONE)

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class LineConfig:
    """The settings of a run of the line network; with the data they determine its weights.

    lines: made for an epoch, in batches of about the same length. The rate rises over the first
    fiftieth of all steps and falls along a cosine. dropout, arithmetic: as for `Config`.

    Raises SettingError for a value that cannot be.
    """

    seed: int = _between(1, 0, 2**31 - 1)
    epochs: int = _between(24, 1, 10_000)
    lines: int = _between(40_960, 64, 10_000_000)
    batch: int = _between(64, 1, 1000)
    learning_rate: float = _between(2e-3, 1e-9, 1.0)
    weight_decay: float = _between(0.02, 0.0, 1.0)
    dropout: float = _between(0.2, 0.0, 0.95)
    arithmetic: str = _one_of(BFLOAT16, FLOATS)

    def __post_init__(self) -> None:
        _check(self)


@dataclass(frozen=True)
class RulingConfig:
    """The settings of a run of the ruling network; with the data they determine its weights.

    pages: parts of pages that are made for an epoch. The rate goes as for `LineConfig`.

    Raises SettingError for a value that cannot be.
    """

    seed: int = _between(1, 0, 2**31 - 1)
    epochs: int = _between(22, 1, 10_000)
    pages: int = _between(16_384, 16, 10_000_000)
    batch: int = _between(16, 1, 1000)
    learning_rate: float = _between(3e-3, 1e-9, 1.0)
    weight_decay: float = _between(0.01, 0.0, 1.0)
    arithmetic: str = _one_of(FLOATS, BFLOAT16)

    def __post_init__(self) -> None:
        _check(self)


def _check(config: Any) -> None:
    """Raises SettingError for a setting with a value that cannot be."""
    for setting in fields(config):
        value, choices = getattr(config, setting.name), setting.metadata.get("choices")
        if choices and value not in choices:
            raise SettingError(
                f"{setting.name} cannot be {value!r}; it is one of: {', '.join(choices)}."
            )
        low, high = setting.metadata.get("limits", (value, value))
        if not low <= value <= high:
            raise SettingError(
                f"{setting.name} cannot be {value}; it lies between {low} and {high}."
            )


def parse(
    texts: Sequence[str], of: type[Config] | type[LineConfig] | type[RulingConfig] = Config
) -> dict[str, Any]:
    """Settings written as NAME=VALUE, each of the type that `of` wants.

    Raises SettingError for an unknown name, and for a value of another type.
    """
    kinds: dict[str, Any] = {field.name: type(field.default) for field in fields(of)}
    kinds.pop("architecture", None)  # it has an option of its own
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
