"""The report as one page of HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from recognizer.training import metrics
from recognizer.training.answers import Answers
from recognizer.training.oddities import Oddities
from recognizer.training.report import charts, gallery, summary

TEMPLATE = "page.html"
TITLES = {
    "mnist_test": "MNIST’s test images",
    "pen_validation": "Pen strokes, validation writers",
    "pen_test": "Pen strokes, test writers",
}


def render(content: Mapping[str, Any], sets: Sequence[Answers], odd: Sequence[Oddities]) -> str:
    """The page. content: what `metrics.json` holds; the rest gives the pictures."""
    template = _environment().get_template(TEMPLATE)
    threshold = content["model"]["sure_threshold"]
    return template.render(
        content,
        titles=TITLES,
        summary=summary.summarize(content),
        bins=metrics.BINS,
        threshold=threshold,
        reliability={
            name: charts.reliability(found, TITLES[name]) for name, found in content["sets"].items()
        },
        coverage={
            name: charts.coverage(found, TITLES[name]) for name, found in content["sets"].items()
        },
        galleries={a.name: gallery.misread(a, content["sets"][a.name], threshold) for a in sets},
        changed=[charts.condition(condition) for condition in content["conditions"]],
        curves=[charts.curves(content["history"], name) for name in ("error", "loss")]
        if content["history"]
        else [],
        odd=gallery.odd(odd, threshold),
        most=gallery.MOST,
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "between": between, "number": number}
    return environment


def percent(share: float | None, digits: int = 2) -> str:
    """0.9961 as "99.61 %"; "–" for None."""
    return "–" if share is None else f"{100 * share:.{digits}f} %"


def between(interval: Sequence[float] | None, digits: int = 2) -> str:
    """An interval of shares as "99.47–99.71"; "" for None."""
    return "" if interval is None else "–".join(f"{100 * end:.{digits}f}" for end in interval)


def number(value: float | None, digits: int = 0) -> str:
    """12345.6 as "12,346"; "–" for None."""
    return "–" if value is None else f"{value:,.{digits}f}"
