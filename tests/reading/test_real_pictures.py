"""Pictures that people fed to such programs, where they are at hand; they only measure."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from recognizer import Recognizer

FOLDER = Path(os.environ.get("DIGITS_DATA", "../shared/data")) / "pictures"
MIN_RIGHT = 37
"""So many of the 40 are read right as a whole."""


def is_right(lines: list[str], truth: dict[str, Any]) -> bool:
    """Whether the lines are what stands there, spaces left out; some more may stand first."""
    found, wanted = ["".join(line.split()) for line in lines], truth["text"].split("\n")
    more = len(truth.get("may_also_stand", []))
    return found[-len(wanted) :] == wanted and len(found) <= len(wanted) + more


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"there are no pictures in {FOLDER}")
def test_real_pictures_are_read() -> None:
    truths = json.loads((FOLDER / "truth.json").read_text("utf-8"))
    readers = {mode: Recognizer(labels=mode) for mode in ("digits", "sums")}
    right = [
        is_right(readers[truth["mode"]].read_image(FOLDER / truth["file"]).lines, truth)
        for truth in truths
    ]
    assert sum(right) >= MIN_RIGHT
