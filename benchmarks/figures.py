"""Measured figures, as the card and the JSON file hold them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """Something that was measured.

    of: what was measured, in words. interval: the figure's confidence interval or its spread
    over repeats, low and high. n: how many samples or repeats it rests on.
    """

    value: float
    unit: str
    of: str
    interval: tuple[float, float] | None = None
    n: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The figure as an object of JSON."""
        return asdict(self)


def from_json(found: Mapping[str, Any]) -> Figure:
    """The figure in an object of JSON. Raises KeyError or TypeError if it holds none."""
    interval = found.get("interval")
    return Figure(
        value=float(found["value"]),
        unit=str(found["unit"]),
        of=str(found["of"]),
        interval=None if interval is None else (float(interval[0]), float(interval[1])),
        n=found.get("n"),
    )


def median_of(values: Sequence[float], unit: str, of: str) -> Figure:
    """The median of repeats, with the least and the greatest as its spread."""
    return Figure(percentile(values, 0.5), unit, of, (min(values), max(values)), len(values))


def percentile(values: Sequence[float], share: float) -> float:
    """The least of the values that is not exceeded by this share of them; share in 0..1.

    No value is made up between two measured ones, but for the median of an even number.
    Raises ValueError without values.
    """
    if not values:
        raise ValueError("there is no percentile of nothing")
    ranked = sorted(values)
    if share == 0.5:
        return (ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2
    return ranked[max(math.ceil(share * len(ranked)), 1) - 1]
