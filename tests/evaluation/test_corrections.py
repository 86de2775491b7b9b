"""What corrections are worth: errors that are left, and what learning has spoilt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognizer.datasets import Sample
from recognizer.evaluation import corrections
from recognizer.evaluation.corrections import (
    CORRECTIONS,
    CorrectedWriter,
    WriterCorrector,
    correction_figures,
)
from recognizer.files import SAVED_MODEL
from recognizer.inkml import demo_drawings
from recognizer.training.metrics import ratio_interval
from tests.fakes import NearestDrawing


def written(labels: str, drawn: str | None = None, writer: str = "w") -> list[Sample]:
    """Digits of one writer; drawn: which digits they look like."""
    drawings = demo_drawings()
    pairs = zip(labels, drawn or labels, strict=True)
    return [Sample(label, "s", writer, strokes=drawings[int(shape)]) for label, shape in pairs]


@pytest.fixture
def corrector(monkeypatch: pytest.MonkeyPatch) -> WriterCorrector:
    monkeypatch.setattr(corrections, "Recognizer", lambda folder: NearestDrawing())
    return WriterCorrector(Path(), {})


def test_a_misreading_that_comes_again_is_corrected_once(corrector: WriterCorrector) -> None:
    # This writer's ones look like sevens.
    found = corrector.correct(written("1411", "7477"))
    assert found == CorrectedWriter(errors=3, left=1, kept=0, harmed=0)


def test_whoever_is_read_right_is_never_corrected(corrector: WriterCorrector) -> None:
    assert corrector.correct(written("0123456789"))[:2] == (0, 0)


def test_what_learning_spoils_is_counted(corrector: WriterCorrector) -> None:
    # Ten ones that look like sevens are learned, and then a seven is a one.
    sevens = "7" * (CORRECTIONS + 3)
    found = corrector.correct(written("1" * CORRECTIONS + "777", sevens))
    assert found.errors == CORRECTIONS and found.kept == found.harmed == 3


def test_writers_do_not_learn_from_each_other(corrector: WriterCorrector) -> None:
    first, second = (corrector.correct(written("11", "77")) for _ in range(2))
    assert first == second == CorrectedWriter(errors=2, left=1, kept=0, harmed=0)


def test_the_figures_are_of_all_writers_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections, "Recognizer", lambda folder: NearestDrawing())
    monkeypatch.setattr(corrections, "in_parallel", lambda work, jobs, _: map(work, jobs))
    samples = written("111", "777", "a") + written("4444", "9994", "b") + written("x", "7", "a")
    found = correction_figures(samples, Path())
    assert found["writers_errors_left"]["value"] == pytest.approx(100 * 2 / 6)
    assert found["writers_errors_left"]["n"] == 6
    low, high = found["writers_errors_left"]["interval"]
    assert low == high == pytest.approx(100 / 3), "both writers have a third left"
    assert "writers_harmed" not in found, "all were learned"


def test_without_digits_in_strokes_there_is_nothing_to_tell() -> None:
    assert (
        correction_figures([Sample("x", "s", "w", strokes=demo_drawings()[7])], SAVED_MODEL) == {}
    )


def test_the_interval_of_a_ratio_is_over_writers() -> None:
    parts, wholes = np.array([1, 0, 3, 0]), np.array([2, 4, 3, 0])
    low, high = ratio_interval(parts, wholes) or (0, 0)
    assert 0 <= low < 4 / 9 < high <= 1
    assert ratio_interval(np.array([1, 0]), np.array([2, 0])) is None
