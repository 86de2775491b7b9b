"""The model's card: the file that every figure of the README comes from."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, from_json
from recognizer.files import SAVED_MODEL
from recognizer.model import card
from recognizer.model.card import CARD_FILE

CARD = SAVED_MODEL / CARD_FILE


def figures(content: Mapping[str, Any]) -> dict[str, Figure]:
    """All measured figures of a card by name: how well it reads and what it costs."""
    found = {**content.get("figures", {}), **content.get("benchmarks", {})}
    return {name: from_json(figure) for name, figure in found.items()}


def write(measured: Mapping[str, Figure], path: Path = CARD) -> None:
    """Put the figures of benchmarks into the card, in place of those of the same name."""
    content = card.read(path)
    new = {name: figure.as_json() for name, figure in measured.items()}
    content["benchmarks"] = content.get("benchmarks", {}) | new
    content["benchmarks_on"] = machine()
    card.write(path, content)


def machine() -> str:
    """The machine that runs this, in words."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, "
        f"Python {platform.python_version()}"
    )
