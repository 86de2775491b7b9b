"""The evaluation report: the files with its figures, and a page of HTML that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from recognizer.evaluation.hands import STROKES
from recognizer.evaluation.predictions import Predictions, picture_of
from recognizer.evaluation.robustness import OutOfDistribution
from recognizer.files import REPORT_FILE, ReportError, atomic_write, install_command
from recognizer.model import card
from recognizer.training import metrics

METRICS_FILE = "metrics.json"
CLASSIFICATION_FILE = "classification_report"
CONFUSION_FILE = "confusion_matrix.png"
TEMPLATE = "page.html"
TITLES = {
    "mnist_test": "MNIST’s test images",
    "pen_validation": "Pen strokes, validation writers",
    "pen_test": "Pen strokes, test writers",
    "writers_digits": "Validation writers: digits",
    "writers_letters": "Validation writers: letters",
    "writers_sums": "Validation writers: digits and signs",
}
_CHOSEN_ON = "its checkpoint was chosen on them, which makes this a little kind"
WRITERS = {
    "mnist_test": ("MNIST’s test images", "American writers, which chose no checkpoint"),
    "pen_validation": (
        "the validation writers’ drawings",
        f"5 people whom the network did not learn from; {_CHOSEN_ON}",
    ),
    "pen_test": ("the test writers’ drawings", "people who had no part in training or choosing"),
}
"""Each data set in the midst of a sentence, and who wrote it."""
MAX_MISREAD_SHOWN = 1000
"""Misread characters that are shown; only a bad model has more."""
SHOWN_PER_KIND = 12
"""Pictures shown of each kind out of distribution."""
NAMED_CONFUSIONS, NAMED_WEAKNESSES = 3, 3
"""Confusions of each data set, and perturbations, that are named in the summary."""
STRINGS_PREFIX = "strings_"
"""Of the names of what `benchmarks strings` measures."""
WEAK_SHARE = 0.9
"""A perturbation is a weakness where less than this share is read right."""


def last_metrics(folder: Path) -> dict[str, Any]:
    """What `metrics.json` holds from the last time; nothing if it is not there or damaged."""
    try:
        return card.read(folder / METRICS_FILE)
    except (OSError, ValueError):
        return {}


def write(
    folder: Path,
    content: dict[str, Any],
    sets: Sequence[Predictions],
    kinds: Sequence[OutOfDistribution],
) -> None:
    """Write all reports into `folder`, the figures first.

    content: what `metrics.json` is to hold. Raises ReportError that names the file which could
    not be written; those before it are complete.
    """
    _save_file(folder / METRICS_FILE, card.as_text(content))
    texts = (
        f"{found['of']} (n = {found['n']})\n\n{found['classification_report']}"
        for found in content["sets"].values()
    )
    _save_file(folder / f"{CLASSIFICATION_FILE}.txt", "\n".join(texts))
    per_label = {name: found["per_label"] for name, found in content["sets"].items()}
    _save_file(folder / f"{CLASSIFICATION_FILE}.json", card.as_text(per_label))
    try:
        from recognizer.evaluation.report import charts

        digits = {n: s for n, s in content["sets"].items() if s["labels"] == content["labels"]}
        picture = charts.confusion_matrices(digits, content["labels"])
        text = render(content, sets, kinds)
    except ImportError as error:
        raise ReportError(
            f"{REPORT_FILE} was not written, since a part that draws it does not work here "
            f"({error}). The figures are in {folder / METRICS_FILE}. "
            f"Mend it, then evaluate again: {install_command('train')}"
        ) from None
    _save_file(folder / CONFUSION_FILE, picture)
    _save_file(folder / REPORT_FILE, text)


def _save_file(path: Path, content: str | bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(path, content.encode("utf-8") if isinstance(content, str) else content)
    except OSError as error:
        raise ReportError(
            f"{path} could not be written: {error.strerror}. The model's card has the figures. "
            "Make room there, or name another folder: python -m recognizer evaluate --reports DIR"
        ) from None


def render(
    content: Mapping[str, Any], sets: Sequence[Predictions], kinds: Sequence[OutOfDistribution]
) -> str:
    """The page. content: what `metrics.json` holds; the rest gives the pictures."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from recognizer.evaluation.report import charts

    blocks: Any = {"trim_blocks": True, "lstrip_blocks": True}
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, **blocks)
    environment.filters |= {"percent": percent, "between": between, "number": number}
    threshold, found = content["threshold"], content["sets"]
    history = content["history"]
    return environment.get_template(TEMPLATE).render(
        content,
        titles=TITLES,
        headlines=_headlines(content),
        failures=_failures(content),
        line_figures=_line_figures(content),
        bins=metrics.BINS,
        threshold=threshold,
        reliability={name: charts.reliability(found[name], TITLES[name]) for name in found},
        coverage={name: charts.coverage(found[name], TITLES[name]) for name in found},
        galleries={a.name: misread_gallery(a, found[a.name]) for a in sets},
        charts=[charts.perturbation(each) for each in content["perturbations"]],
        curves=[charts.curves(history, name) for name in ("error", "loss") if history],
        kinds=out_of_distribution_gallery(kinds, content["labels"], threshold),
        max_misread=MAX_MISREAD_SHOWN,
    )


def percent(share: float | None, digits: int = 2) -> str:
    """0.9961 as "99.61 %"; "–" for None."""
    return "–" if share is None else f"{100 * share:.{digits}f} %"


def between(interval: Sequence[float] | None, digits: int = 2) -> str:
    """An interval of shares as "99.47–99.71"; "" for None."""
    return "" if interval is None else "–".join(f"{100 * end:.{digits}f}" for end in interval)


def number(value: float | None, digits: int = 0) -> str:
    """12345.6 as "12,346"; "–" for None."""
    return "–" if value is None else f"{value:,.{digits}f}"


def misread_gallery(predictions: Predictions, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every misread character with its picture; found: the details of the data set."""
    return [
        one | {"picture": picture_of(predictions.glyphs[one["number"]])}
        for one in found["misread"][:MAX_MISREAD_SHOWN]
    ]


def out_of_distribution_gallery(
    kinds: Sequence[OutOfDistribution], labels: Sequence[str], threshold: float
) -> dict[str, list[dict[str, Any]]]:
    """A few of each kind with the predicted label and its confidence."""
    found = {}
    for kind in kinds:
        shown = islice(zip(kind.glyphs, kind.probabilities, strict=True), SHOWN_PER_KIND)
        found[kind.name] = [
            {
                "predicted": labels[int(row.argmax())],
                "confidence": float(row.max()),
                "sure": bool(row.max() > threshold),
                "picture": picture_of(glyph),
            }
            for glyph, row in shown
        ]
    return found


def _headlines(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The main figures: the share that is right, its interval, and what was measured on whom."""
    sets = content["sets"]
    found = _strangers(content["writers"]) if content["writers"] else []
    found += [
        {
            "title": f"of {words} are read right",
            "share": sets[name]["accuracy"],
            "note": f"{sets[name]['n']:,} digits by {writers}",
        }
        for name, (words, writers) in WRITERS.items()
        if name in sets
    ]
    mnist = sets["mnist_test"]
    given = f"{100 * mnist['sure']['value']:.1f} %"
    note = f"it is sure of {given} of MNIST’s test images; of the others it says “probably”, or “?”"
    title = "of the predictions it is sure of are right"
    return [*found, {"title": title, "share": mnist["sure_accuracy"], "note": note}]


def _strangers(writers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figure of those who stand for anybody who draws."""
    version, rows = [*writers["sets"].items()][-1]
    return [
        {
            "title": "of a stranger’s digits are read right",
            "share": row["mean"],
            "note": f"the mean over {row['writers']} writers of {row['n']:,} digits in pen "
            f"strokes, {version}; the worst tenth of them: {percent(row['worst_tenth'])}",
        }
        for row in rows
        if row["name"] == STROKES
    ]


def _line_figures(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figures of whole lines, those that `benchmarks strings` measured at the end."""
    found = [*content["writers"]["lines"].values()] if content["writers"] else []
    return found + [
        one for name, one in content["costs"].items() if name.startswith(STRINGS_PREFIX)
    ]


def _failures(content: Mapping[str, Any]) -> list[str]:
    """Sentences on where it fails."""
    sets = content["sets"].items()
    named = {name: words for name, (words, _) in WRITERS.items()}
    found = [_confusions(f"Of {named.get(name, one['of'])}", one) for name, one in sets]
    lines = content["writers"]["misread_lines"] if content["writers"] else []
    found += [f"Of {one['of']}, {one['misread']:,} are misread." for one in lines]
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
    worst = []
    for one in content["perturbations"]:
        point = min(one["points"], key=lambda point: point["ours"])
        level = f"{point['level']:g}".replace("-", "−")
        worst.append((point["ours"] / point["n"], f"{one['name']} {level} {one['unit']}"))
    weak = [found for found in sorted(worst) if found[0] < WEAK_SHARE][:NAMED_WEAKNESSES]
    if not weak:
        return [f"No perturbation that was tried takes it below {100 * WEAK_SHARE:.0f} %."]
    told = "; ".join(f"{words}: {100 * share:.0f} % right" for share, words in weak)
    return [f"Of the perturbations, it reads these worst: {told}."]


def _out_of_distribution(found: Mapping[str, Mapping[str, float]]) -> str:
    kinds = {"fragments": "halves of digits", "merged": "pairs of digits in one place"}
    unsure = ", ".join(
        f"{100 * found[name]['unsure']:.0f} % of the {words}"
        for name, words in {"scribbles": "scribbles", **kinds}.items()
    )
    return f"What is no digit is not always found out: it shows “?” for {unsure}."
