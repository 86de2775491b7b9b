"""The report as one page of HTML that needs nothing else: its figures, pictures and summary."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from PIL import Image

from recognizer.evaluation.out_of_distribution import OutOfDistribution
from recognizer.evaluation.predictions import Predictions
from recognizer.evaluation.report import charts
from recognizer.glyph import Glyph
from recognizer.training import metrics

TEMPLATE = "page.html"

TITLES = {
    "mnist_test": "MNIST’s test images",
    "pen_validation": "Pen strokes, validation writers",
    "pen_test": "Pen strokes, test writers",
}


def render(
    content: Mapping[str, Any], sets: Sequence[Predictions], kinds: Sequence[OutOfDistribution]
) -> str:
    """The page. content: what `metrics.json` holds; the rest gives the pictures."""
    template = _environment().get_template(TEMPLATE)
    threshold = content["model"]["acceptance_threshold"]
    return template.render(
        content,
        titles=TITLES,
        summary=summarize(content),
        bins=metrics.BINS,
        threshold=threshold,
        reliability={
            name: charts.reliability(found, TITLES[name]) for name, found in content["sets"].items()
        },
        coverage={
            name: charts.coverage(found, TITLES[name]) for name, found in content["sets"].items()
        },
        galleries={a.name: misread_gallery(a, content["sets"][a.name], threshold) for a in sets},
        charts=[charts.perturbation(each) for each in content["perturbations"]],
        curves=[charts.curves(content["history"], name) for name in ("error", "loss")]
        if content["history"]
        else [],
        kinds=out_of_distribution_gallery(kinds, content["labels"], threshold),
        max_misread=MAX_MISREAD_SHOWN,
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


MAX_MISREAD_SHOWN = 1000
"""Misread characters that are shown; only a bad model has more."""

SHOWN_PER_KIND = 12
"""Pictures shown of each kind out of distribution."""


def misread_gallery(
    predictions: Predictions, found: Mapping[str, Any], threshold: float
) -> list[dict[str, Any]]:
    """Every misread character with its picture; found: the details of the data set."""
    return [
        {**one, "picture": glyph_picture(predictions.glyphs[one["number"]])}
        | _is_sure(one["confidence"], threshold)
        for one in found["misread"][:MAX_MISREAD_SHOWN]
    ]


def out_of_distribution_gallery(
    kinds: Sequence[OutOfDistribution], labels: Sequence[str], threshold: float
) -> dict[str, list[dict[str, Any]]]:
    """A few of each kind with the predicted label and its confidence."""
    return {
        kind.name: [
            {
                "picture": glyph_picture(glyph),
                "predicted": labels[int(probabilities.argmax())],
                "confidence": float(probabilities.max()),
            }
            | _is_sure(float(probabilities.max()), threshold)
            for glyph, probabilities in zip(
                kind.glyphs[:SHOWN_PER_KIND], kind.probabilities[:SHOWN_PER_KIND], strict=True
            )
        ]
        for kind in kinds
    }


def glyph_picture(glyph: Glyph) -> str:
    """A PNG of dark ink on white, as a data URI."""
    file = io.BytesIO()
    # Sixteen greys are enough to see a character, and take half the room.
    greys = Image.fromarray(np.asarray(255 - glyph // 17 * 17, dtype=np.uint8))
    greys.quantize(16).save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _is_sure(confidence: float, threshold: float) -> dict[str, bool]:
    return {"sure": confidence > threshold}


NAMED_CONFUSIONS = 3
"""Confusions named in the summary."""

NAMED_WEAKNESSES = 3
"""Perturbations named in the summary."""

WEAK_SHARE = 0.9
"""A perturbation is a weakness where less than this share is read right."""


@dataclass(frozen=True)
class Headline:
    """A main figure: the share that is right, its interval, and what was measured on whom."""

    title: str
    share: Mapping[str, Any]
    note: str


@dataclass(frozen=True)
class Summary:
    """The main figures, and sentences on where it fails."""

    headlines: list[Headline]
    failures: list[str]


def summarize(content: Mapping[str, Any]) -> Summary:
    """The summary of what `metrics.json` holds."""
    return Summary(_headlines(content["sets"]), _failures(content))


def _headlines(sets: Mapping[str, Mapping[str, Any]]) -> list[Headline]:
    mnist, pen = sets["mnist_test"], sets["pen_validation"]
    found = [
        Headline(
            "of MNIST’s test images are read right",
            mnist["accuracy"],
            f"{mnist['n']:,} digits by American writers, which chose no checkpoint",
        ),
        Headline(
            "of the validation writers’ drawings are read right",
            pen["accuracy"],
            f"{pen['n']:,} digits by 5 people whom the network did not learn from; "
            "its checkpoint was chosen on them, which makes this a little kind",
        ),
    ]
    if "pen_test" in sets:
        test = sets["pen_test"]
        note = f"{test['n']:,} digits by people who had no part in training or choosing"
        found.append(
            Headline("of the test writers’ drawings are read right", test["accuracy"], note)
        )
    given = f"{100 * mnist['sure']['value']:.1f} %"
    note = f"it is sure of {given} of MNIST’s test images; elsewhere it shows “?” and two digits"
    found.append(
        Headline("of the predictions it is sure of are right", mnist["sure_accuracy"], note)
    )
    return found


def _failures(content: Mapping[str, Any]) -> list[str]:
    found = [
        sentence
        for name, words in (
            ("mnist_test", "Of MNIST’s test images"),
            ("pen_validation", "Of the validation writers’ drawings"),
            ("pen_test", "Of the test writers’ drawings"),
        )
        if name in content["sets"]
        for sentence in [_confusions(words, content["sets"][name])]
    ]
    return [*found, *_weaknesses(content), _out_of_distribution(content["out_of_distribution"])]


def _confusions(words: str, found: Mapping[str, Any]) -> str:
    misread = len(found["misread"])
    if not misread:
        return f"{words}, none is misread."
    named = ", ".join(
        f"a {one['truth']} read as {one['predicted']} ({one['count']} ×)"
        for one in found["commonest_confusions"][:NAMED_CONFUSIONS]
    )
    most = " most often" if len(found["commonest_confusions"]) > NAMED_CONFUSIONS else ""
    return f"{words}, {misread:,} of {found['n']:,} are misread,{most} {named}."


def _weaknesses(content: Mapping[str, Any]) -> list[str]:
    """The perturbations under which it fails most, each at its worst level."""
    worst = [
        (point["ours"] / point["n"], f"{one['name']} {_signed(point['level'])} {one['unit']}")
        for one in content["perturbations"]
        for point in [min(one["points"], key=lambda point: point["ours"])]
    ]
    weak = [found for found in sorted(worst) if found[0] < WEAK_SHARE][:NAMED_WEAKNESSES]
    if not weak:
        return [f"No perturbation that was tried takes it below {100 * WEAK_SHARE:.0f} %."]
    told = "; ".join(f"{words}: {100 * share:.0f} % right" for share, words in weak)
    return [f"Of the perturbations, it reads these worst: {told}."]


def _signed(level: float) -> str:
    return f"{level:g}".replace("-", "−")


def _out_of_distribution(found: Mapping[str, Mapping[str, float]]) -> str:
    unsure = ", ".join(
        f"{100 * found[name]['unsure']:.0f} % of the {words}"
        for name, words in (
            ("scribbles", "scribbles"),
            ("fragments", "halves of digits"),
            ("merged", "pairs of digits in one place"),
        )
    )
    return f"What is no digit is not refused; it shows “?” for {unsure}."
