"""What people taught the window, as data to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from recognizer.datasets import DataError, Sample
from recognizer.model.hand_file import read_hands
from recognizer.training import LABELS
from recognizer.training.collection import Collection, nothing_doubtful, packed

HANDS = "hands"
"""The set of what persons taught the window."""


def from_hands(paths: Sequence[Path]) -> Collection:
    """What the hands in these files hold, all of it to learn from.

    Raises HandError for a file that cannot be read, DataError if nothing can be learned from it.
    """
    hands = [(path, hand) for path in paths for hand in read_hands(path)]
    samples = [
        Sample(each.label, HANDS, f"{path.stem}/{hand.name}", None, each.strokes, each.picture)
        for path, hand in hands
        for each in hand.drawings
        if each.label in LABELS
    ]
    if not samples:
        raise DataError(f"There is nothing to learn in {', '.join(map(str, paths))}.")
    found = packed(samples, nothing_doubtful(samples, 0))
    return replace(found, validation=np.zeros(len(samples), dtype=bool))
