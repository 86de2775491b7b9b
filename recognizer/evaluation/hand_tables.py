"""What `metrics.json` tells of a model, and what a collection holds, as tables of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from recognizer.console import in_columns
from recognizer.evaluation.evaluate import COMPARED_FIGURES
from recognizer.evaluation.report import between, number, percent
from recognizer.training.collection import NO_WRITER, Collection

Rows = Iterable[Mapping[str, Any]]
SETS_HEADINGS = (
    *("set", "characters", "writers", "validation writers", "pictures", "letters", "signs"),
    "doubtful",
)
HANDS_HEADINGS = (
    *("writers", "digits", "right", "mean over writers", "95 % interval", "worst tenth"),
    *("sure", "wrong where sure"),
)
MODES_HEADINGS = ("labels", "characters", "right", "sure", "wrong where sure")
RECOGNIZERS_HEADINGS = (
    *("recognizer", "claimed", "MNIST test", "pen validation", "pen test", "paint"),
    *("parameters", "minutes", "ms a digit"),
)


def sets_table(collection: Collection) -> str:
    """Who wrote how much of what in each set of a collection."""
    lines = [SETS_HEADINGS]
    digits, letters = collection.is_digit, collection.is_letter
    named = collection.writer_names[collection.writers] != NO_WRITER
    for name in collection.set_names.tolist():
        own = collection.of_sets(name)
        validation = own & collection.validation
        counts = (
            own.sum(),
            len(np.unique(collection.writers[own & named])),
            len(np.unique(collection.writers[validation])),
            *((own & kind).sum() for kind in (collection.is_picture, letters)),
            (own & ~digits & ~letters).sum(),
            (own & collection.doubtful).sum(),
        )
        lines.append((name, *(number(count) if count else "–" for count in counts)))
    return in_columns(lines, words=(0,))


def hands_table(rows: Rows, what: str) -> str:
    """The digits of the validation writers; what: of which a row is, such as "set"."""
    lines = [
        (
            str(row["name"]),
            number(row["writers"]),
            number(row["n"]),
            percent(row["accuracy"]["value"]),
            percent(row["mean"]["value"]),
            between(row["mean"]["interval"]),
            percent(row["worst_tenth"]),
            percent(row["sure"]["value"], 1),
            percent(row["wrong"]["value"]),
        )
        for row in rows
    ]
    return in_columns([(what, *HANDS_HEADINGS), *lines], words=(0,))


def modes_table(modes: Mapping[str, Mapping[str, Any]]) -> str:
    """What is read if the labels of a set may be answered, and the signs among them."""
    lines = [_mode(name, one) for name, one in modes.items()]
    if "sums" in modes:
        signs = modes["sums"]["signs"]
        lines.append(("signs of these", number(signs["n"]), percent(signs["value"]), "", ""))
    return in_columns([MODES_HEADINGS, *lines], words=(0,))


def _mode(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    right, sure, wrong = (one[key] for key in ("accuracy", "sure", "wrong"))
    shares = percent(right["value"]), percent(sure["value"], 1), percent(wrong["value"])
    return (name, number(right["n"]), *shares)


def recognizers_table(rows: Rows) -> str:
    """This model and the other recognizers; without columns that none of them has."""
    lines = [
        (
            f"{row['name']}: {row['title']}" if row["title"] else str(row["name"]),
            f"{row['claim']['percent']:.2f} %" if row["claim"] else number(None),
            *(_figure(row["figures"].get(name)) for name in COMPARED_FIGURES),
            number(row["parameters"]),
            number(row["training_minutes"], 1),
            number(row["milliseconds"], 2),
        )
        for row in rows
    ]
    nothing = number(None)
    columns = [
        column
        for column in zip(RECOGNIZERS_HEADINGS, *lines, strict=True)
        if set(column[1:]) != {nothing}
    ]
    return in_columns([*zip(*columns, strict=True)], words=(0,))


def _figure(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return number(None)
    return f"{one['value']:.2f} %" if one["unit"] == "%" else f"{one['value']} of {one['n']}"
