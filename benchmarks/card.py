"""The model's card: the file that every figure of the README comes from."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, from_json
from recognizer.files import write_beside
from recognizer.reading import CARD_FILE, SAVED_MODEL

CARD = SAVED_MODEL / CARD_FILE


def read(path: Path = CARD) -> dict[str, Any]:
    """The whole card. Raises OSError or ValueError."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def figures(card: Mapping[str, Any]) -> dict[str, Figure]:
    """All measured figures of a card, by name: how well it reads and what it costs."""
    found = {**card.get("figures", {}), **card.get("benchmarks", {})}
    return {name: from_json(figure) for name, figure in found.items()}


def write(measured: Mapping[str, Figure], path: Path = CARD) -> None:
    """Put the figures of benchmarks into the card, in place of those of the same name."""
    card = read(path)
    new = {name: figure.as_json() for name, figure in measured.items()}
    card["benchmarks"] = {**card.get("benchmarks", {}), **new}
    card["benchmarks_on"] = machine()
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    write_beside(path, text.encode())


def machine() -> str:
    """The machine that runs this, in words."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, "
        f"Python {platform.python_version()}"
    )
