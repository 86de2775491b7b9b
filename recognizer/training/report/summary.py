"""What a reader of half a minute should know: the main figures, and where reading fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CONFUSIONS = 3
"""Confusions named in the summary."""
WEAKNESSES = 3
"""Conditions named in the summary."""
WEAK = 0.9
"""A condition is told as a weakness where less than this share is read right."""


@dataclass(frozen=True)
class Main:
    """A main figure: the share that is right, its interval, and what was measured on whom."""

    title: str
    share: Mapping[str, Any]
    note: str


@dataclass(frozen=True)
class Summary:
    """The main figures, and sentences on where it fails."""

    mains: list[Main]
    failures: list[str]


def summarize(content: Mapping[str, Any]) -> Summary:
    """The summary of what `metrics.json` holds."""
    return Summary(_mains(content["sets"]), _failures(content))


def _mains(sets: Mapping[str, Mapping[str, Any]]) -> list[Main]:
    mnist, pen = sets["mnist_test"], sets["pen_validation"]
    found = [
        Main(
            "of MNIST’s test images are read right",
            mnist["accuracy"],
            f"{mnist['n']:,} digits by American writers, which chose no checkpoint",
        ),
        Main(
            "of the validation writers’ drawings are read right",
            pen["accuracy"],
            f"{pen['n']:,} digits by 5 people whom the network did not learn from; "
            "its checkpoint was chosen on them, which makes this a little kind",
        ),
    ]
    if "pen_test" in sets:
        test = sets["pen_test"]
        note = f"{test['n']:,} digits by people who had no part in training or choosing"
        found.append(Main("of the test writers’ drawings are read right", test["accuracy"], note))
    given = f"{100 * mnist['sure']['value']:.1f} %"
    note = f"it is sure of {given} of MNIST’s test images; elsewhere it shows “?” and two digits"
    found.append(Main("of the answers it is sure of are right", mnist["sure_accuracy"], note))
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
    return [*found, *_weaknesses(content), _oddities(content["not_a_digit"])]


def _confusions(words: str, found: Mapping[str, Any]) -> str:
    misread = len(found["misread"])
    if not misread:
        return f"{words}, none is misread."
    named = ", ".join(
        f"a {one['truth']} read as {one['answer']} ({one['count']} ×)"
        for one in found["commonest_confusions"][:CONFUSIONS]
    )
    most = " most often" if len(found["commonest_confusions"]) > CONFUSIONS else ""
    return f"{words}, {misread:,} of {found['n']:,} are misread,{most} {named}."


def _weaknesses(content: Mapping[str, Any]) -> list[str]:
    """The conditions under which it fails most, each at its worst level."""
    worst = [
        (
            point["ours"] / point["n"],
            f"{one['title'].lower()} {_signed(point['level'])} {one['unit']}",
        )
        for one in content["conditions"]
        for point in [min(one["points"], key=lambda point: point["ours"])]
    ]
    weak = [found for found in sorted(worst) if found[0] < WEAK][:WEAKNESSES]
    if not weak:
        return [f"No change of the drawing that was tried takes it below {100 * WEAK:.0f} %."]
    told = "; ".join(f"{words}: {100 * share:.0f} % right" for share, words in weak)
    return [f"Of the ways in which drawings were changed, it takes these worst: {told}."]


def _signed(level: float) -> str:
    return f"{level:g}".replace("-", "−")


def _oddities(found: Mapping[str, Mapping[str, float]]) -> str:
    unsure = ", ".join(
        f"{100 * found[name]['unsure']:.0f} % of the {words}"
        for name, words in (
            ("scribbles", "scribbles"),
            ("fragments", "halves of digits"),
            ("merged", "pairs of digits in one place"),
        )
    )
    return f"What is no digit is not refused; it shows “?” for {unsure}."
