"""What is searched: settings with their values, and how a trial trains with some of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import keras

from recognizer.training import architectures, network, others
from recognizer.training.config import COSINE, MNIST_AND_PEN, Config
from recognizer.training.dataset import Epoch
from recognizer.training.material import Material

Values = Mapping[str, Any]

LEARNING_RATE, WEIGHT_DECAY = "learning rate", "weight decay"


@dataclass(frozen=True, eq=False)
class Space:
    """Settings to choose among; all else is as the architecture is usually trained.

    settings: the values of each, in their order. build: the network for a choice of values.
    """

    config: Config
    settings: Mapping[str, tuple[float, ...]]
    build: Callable[[Values, Config], keras.Model]

    @property
    def with_pen(self) -> bool:
        """Whether trials learn from pen drawings too."""
        return self.config.data == MNIST_AND_PEN

    def begin(self, values: Values, steps: int) -> keras.Model:
        """The compiled network of a trial; steps: of the longest ones."""
        model = self.build(values, self.config)
        rate: Any = values[LEARNING_RATE]
        if self.config.schedule == COSINE:
            rate = keras.optimizers.schedules.CosineDecay(rate, steps)
        decay = values.get(WEIGHT_DECAY, self.config.weight_decay)
        optimizer = keras.optimizers.AdamW(rate, weight_decay=decay)
        model.compile(optimizer, "categorical_crossentropy")
        return model

    def epoch(self, material: Material, seed: int, number: int) -> Epoch:
        """The batches of one epoch."""
        return Epoch(
            material,
            seed=seed,
            epoch=number,
            batch=self.config.batch,
            pen_copies=self.config.pen_copies if self.with_pen else 0,
            odd_share=self.config.odd_share if self.with_pen else 0,
            augmentation=self.config.augmentation,
            branches=architectures.find(self.config.architecture).branches,
        )


SPACES: Mapping[str, Space] = MappingProxyType(
    {
        "simple": Space(
            architectures.find("tuned").configure({}),
            {
                "filters": (32, 64, 128),
                "dense units": (32, 64, 128),
                LEARNING_RATE: (0.01, 0.001, 0.0001),
            },
            lambda values, config: others.tuned(
                values["filters"], values["dense units"], config.dropout
            ),
        ),
        "ours": Space(
            architectures.find("ours").configure({}),
            {
                "dropout": (0.2, 0.3, 0.4, 0.5, 0.6),
                LEARNING_RATE: (0.0005, 0.001, 0.002, 0.004),
                WEIGHT_DECAY: (0.005, 0.01, 0.02, 0.04),
            },
            lambda values, config: network.build(values["dropout"]),
        ),
    }
)
