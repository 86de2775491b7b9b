"""The model card: what a model is, what it came from, and every figure that was measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from recognizer.files import write_beside


def read(path: Path) -> dict[str, Any]:
    """The card's content."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def write(path: Path, content: dict[str, Any]) -> None:
    """Write the card, whole or not at all."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_beside(path, text.encode("utf-8"))


def figure(
    value: float,
    unit: str,
    of: str,
    n: int | None = None,
    interval: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """One measured figure: its value, its unit, what it was measured on, and how sure it is."""
    return {"value": value, "unit": unit, "of": of, "n": n, "interval": interval}
