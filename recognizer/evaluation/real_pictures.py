"""Real pictures of numbers with their truth: they measure how pictures are read, and no more.

They are in the folder `pictures` of the data. Nothing learns from them or is chosen by them, and
they are never shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recognizer import Recognizer
from recognizer.datasets import DataError
from recognizer.evaluation.predictions import Figures, share
from recognizer.labels import known_sets
from recognizer.model import card
from recognizer.training.metrics import interval

PICTURES_FOLDER, TRUTH_FILE = "pictures", "truth.json"


def read_pictures(recognizer: Recognizer, data_folder: Path | None) -> list[dict[str, Any]]:
    """What each picture is, what stands in it, what was read, and whether that is right and sure.

    Those alone whose labels the model knows; none if they are not in the data folder. Raises
    DataError if their truth is damaged, ValueError if a picture is.
    """
    folder = data_folder and data_folder / PICTURES_FOLDER
    if not folder or not (folder / TRUTH_FILE).is_file():
        return []
    try:
        told = json.loads((folder / TRUTH_FILE).read_text(encoding="utf-8"))
        modes = known_sets(tuple(recognizer.card["labels"]))
        known = [each for each in told if each["mode"] in modes]
        return [_read(recognizer, folder, each) for each in known]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise DataError(f"{folder / TRUTH_FILE} is damaged ({error!r}).") from None


def _read(recognizer: Recognizer, folder: Path, told: Mapping[str, Any]) -> dict[str, Any]:
    reading = recognizer.asking_for(told["mode"]).read_image(folder / told["file"])
    truth, read = _lines(told["text"]), _lines(reading.text)
    return {
        "kind": told["kind"],
        "truth": truth,
        "read": read,
        "right": is_right(read, truth, len(told.get("may_also_stand", ()))),
        "sure": reading.sure,
    }


def _lines(text: str) -> list[str]:
    return ["".join(line.split()) for line in text.splitlines()]


def is_right(read: list[str], truth: list[str], more: int = 0) -> bool:
    """Whether the lines are the true ones, among which so many others may stand."""
    left = iter(read)
    return len(read) <= len(truth) + more and all(line in left for line in truth)


def picture_figures(found: list[dict[str, Any]]) -> Figures:
    """How many are right as a whole, and how many are sure and wrong, for the card."""
    if not found:
        return {}
    n, right = len(found), sum(each["right"] for each in found)
    wrong = sum(each["sure"] and not each["right"] for each in found)
    low, high = interval(right, n)
    of = "real pictures of numbers, whole reading right"
    return {
        "pictures_right": card.figure(right, "pictures", of, n=n, interval=(low * n, high * n)),
        "pictures_sure_wrong": card.figure(wrong, "pictures", "sure and wrong among them", n=n),
    }


def describe_pictures(found: list[dict[str, Any]]) -> dict[str, Any]:
    """What `metrics.json` tells of them; {} of none."""
    kinds = dict.fromkeys(each["kind"] for each in found)
    counts = {
        kind: share(*_counts([each for each in found if each["kind"] == kind])) for kind in kinds
    }
    return {"kinds": counts, "readings": found} if found else {}


def _counts(some: list[dict[str, Any]]) -> tuple[int, int]:
    return sum(each["right"] for each in some), len(some)
