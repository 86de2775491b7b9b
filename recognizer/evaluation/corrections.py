"""How much less is misread by a reader that is corrected: the digits of the validation writers.

Each writer is one person at the window, whose drawings come in the order of the data set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from recognizer import Recognizer
from recognizer.console import suppress_stderr
from recognizer.datasets import Sample
from recognizer.evaluation.predictions import Figures
from recognizer.evaluation.writers import writing_area
from recognizer.labels import label_set
from recognizer.model import Prediction, card
from recognizer.processes import in_parallel
from recognizer.training import metrics
from recognizer.training.collection import usual_sides

CORRECTIONS = 10
"""After so many it is asked what learning them has spoilt."""


class CorrectedWriter(NamedTuple):
    """What became of a writer's digits.

    errors: misread without learning. left: misread when each misreading is corrected once, at
    once. kept: read right without learning, and not learned from themselves; harmed: those of
    them that are wrong after `CORRECTIONS` drawings of that writer were learned, the least sure.
    """

    errors: int
    left: int
    kept: int
    harmed: int


@dataclass(frozen=True)
class WriterCorrector:
    """Corrects the reader of the model in a folder, in any process.

    sides: the usual side of each writer's characters.
    """

    folder: Path
    sides: dict[str | None, float]

    @cached_property
    def _recognizer(self) -> Recognizer:
        with suppress_stderr():
            return Recognizer(self.folder)

    def correct(self, drawings: Sequence[Sample]) -> CorrectedWriter:
        """What becomes of one writer's digits, given in their order."""
        reader = self._recognizer
        reader.forget()
        before = [self._read(each) for each in drawings]
        right = [read.label == each.label for read, each in zip(before, drawings, strict=True)]
        left = 0
        for each in drawings:
            if self._read(each).label != each.label:
                left += 1
                self._learn(each)
        reader.forget()
        order = np.argsort([read.confidence for read in before], kind="stable").tolist()
        for number in order[:CORRECTIONS]:
            self._learn(drawings[number])
        kept = [drawings[number] for number in order[CORRECTIONS:] if right[number]]
        harmed = sum(self._read(each).label != each.label for each in kept)
        return CorrectedWriter(right.count(False), left, len(kept), harmed)

    def _read(self, each: Sample) -> Prediction:
        return self._recognizer.classify_strokes(each.strokes, writing_area(each, self.sides))

    def _learn(self, each: Sample) -> None:
        self._recognizer.learn(each.strokes, each.label, writing_area(each, self.sides))


def correction_figures(samples: Iterable[Sample], folder: Path) -> Figures:
    """What learning from corrections is worth to the model in a folder, for its card.

    samples: of validation writers, without doubtful ones; their digits in strokes count. Nothing
    if there are none, or if the model cannot learn.
    """
    given = list(samples)
    own: dict[str, list[Sample]] = defaultdict(list)
    for each in given:
        if each.strokes and each.writer is not None and each.label in label_set("digits"):
            own[each.writer].append(each)
    with suppress_stderr():
        learns = Recognizer(folder).can_learn
    if not own or not learns:
        return {}
    work = WriterCorrector(folder, usual_sides(given)).correct
    found = [*in_parallel(work, [*own.values()], "correcting")]
    errors, left, kept, harmed = np.array(found).T
    n, of = int(errors.sum()), f"digits of {len(found)} validation writers"
    figures = {}
    if n:
        interval = metrics.ratio_interval(left, errors)
        told = f"{of}, each misreading corrected once, of those misread without learning"
        share = card.figure(100 * left.sum() / n, "%", told, n)
        figures["writers_errors_left"] = share | {
            "interval": None if interval is None else [100 * bound for bound in interval]
        }
    if kept.any():
        told = f"{of} that were right, wrong after {CORRECTIONS} drawings were learned, of 1,000"
        spoilt = 1000 * harmed.sum() / kept.sum()
        figures["writers_harmed"] = card.figure(float(spoilt), "", told, int(kept.sum()))
    return figures
