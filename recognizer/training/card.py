"""The model card: what a model is, what it came from, and every figure that was measured."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from recognizer.files import write_beside

_NUMBERS = r"(?<=\[)\s+[-+.\deE]+(,\s+[-+.\deE]+)*\s+(?=\])"


def read(path: Path) -> dict[str, Any]:
    """The card's content."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def write(path: Path, content: dict[str, Any]) -> None:
    """Write the card, or another object of JSON, whole or not at all."""
    write_beside(path, as_text(content).encode("utf-8"))


def as_text(content: dict[str, Any]) -> str:
    """JSON to be read by people, too: indented, but a list of numbers on one line."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    return re.sub(_NUMBERS, lambda found: re.sub(r"\s+", " ", found[0].strip()), text)


def figure(
    value: float,
    unit: str,
    of: str,
    n: int | None = None,
    interval: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """One measured figure: its value, its unit, what it was measured on, and how sure it is."""
    return {"value": value, "unit": unit, "of": of, "n": n, "interval": interval}


def curves(history: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    """The history of a run as the card keeps it: a short list for each figure of an epoch."""
    names = [name for name in history[0] if name != "seconds"] if history else []
    return {name: [round(epoch[name], 5) for epoch in history] for name in names}
