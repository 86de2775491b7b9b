"""The small networks that the screen Inside sets beside ours, to see them fail.

Both are the network of two convolutions and dropout that most programs have, see `models`; it
learns from MNIST alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from recognizer.model import card
from recognizer.model.card import CARD_FILE, KERAS_FILE, MODEL_FILE
from recognizer.training import run

FITTED_NUMBERS = 10
"""Numbers that their costs of segmentation are fitted to: they are shown single characters."""


@dataclass(frozen=True)
class ComparisonRecipe:
    """How a network is made that ours is compared with.

    title, sentence: what is said of it. whole_canvas: whether it is shown the whole canvas, and
    not the character alone. settings: of the architecture, those that are not its own.
    """

    name: str
    title: str
    sentence: str
    whole_canvas: bool
    architecture: str = "dropout"
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


RECIPES = (
    ComparisonRecipe(
        "canvas",
        "Only MNIST, the whole canvas",
        "It is shown the whole canvas squeezed into 28 × 28 pixels, so it often fails where you "
        "draw small or in a corner.",
        whole_canvas=True,
    ),
    ComparisonRecipe(
        "no_dropout",
        "Only MNIST, no dropout",
        "It learned MNIST's writers by heart, so it is often sure, and wrong, where your hand is "
        "unlike theirs.",
        whole_canvas=False,
        settings=MappingProxyType({"dropout": 0.0, "epochs": 20}),
    ),
)


def train_all(
    runs: Path, output: Path, data_folder: Path | None, settings: Mapping[str, Any], **rest: Any
) -> list[Path]:
    """Train the networks in folders of `runs`, write each to a folder of `output`.

    settings: of all of them, beside those of their recipes. rest: see `run.run`. Returns the
    folders. What is finished is not trained again.
    """
    found = []
    for recipe in RECIPES:
        folder = run.run(
            runs / recipe.name,
            output / recipe.name,
            data_folder,
            {**recipe.settings, **settings},
            architecture=recipe.architecture,
            fitted_numbers=FITTED_NUMBERS,
            **rest,
        )
        content = card.read(folder / CARD_FILE)
        told = {
            "title": recipe.title,
            "sentence": recipe.sentence,
            "whole_canvas": recipe.whole_canvas,
        }
        files = {MODEL_FILE: content["files"][MODEL_FILE]}
        card.write(folder / CARD_FILE, content | {"comparison": told, "files": files})
        (folder / KERAS_FILE).unlink()  # nobody goes on from it
        found.append(folder)
    return found
