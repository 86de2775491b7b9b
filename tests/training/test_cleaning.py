"""Wrong labels are found, odd hands are kept, and no set judges itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recognizer.datasets import Sample
from recognizer.datasets.catalog import validation_writers
from recognizer.strokes import Stroke
from recognizer.training import cleaning
from recognizer.training.features import described

SHAPES = {
    "0": [(0, -5), (-3, 0), (0, 5), (3, 0), (0, -5)],
    "O": [(0, -5), (-3, 0), (0, 5), (3, 0), (0, -5)],
    "1": [(0, -5), (0, 5)],
    "7": [(-3, -5), (3, -5), (-1, 5)],
    "L": [(-3, -5), (-3, 5), (3, 5)],
    "U": [(-3, -5), (-3, 4), (0, 5), (3, 4), (3, -5)],
}
SLASH = [(4, -6), (-4, 6)]
SETS, WRITERS, TIMES = 2, 5, 4


def drawn(shape: str, rng: np.random.Generator, *more: list[tuple[int, int]]) -> tuple[Stroke, ...]:
    lines = [SHAPES[shape], *more]
    return tuple(Stroke(np.array(line) * 40 + rng.normal(0, 15, (len(line), 2))) for line in lines)


def right_samples() -> list[Sample]:
    rng = np.random.default_rng(3)
    return [
        Sample(label, f"set{number}", f"set{number}/{writer}", strokes=drawn(label, rng))
        for number in range(SETS)
        for writer in range(WRITERS)
        for label in SHAPES
        for _ in range(TIMES)
    ]


RIGHT = right_samples()


def of(writer: str, label: str) -> list[int]:
    return [
        number
        for number, sample in enumerate(RIGHT)
        if sample.writer == writer and sample.label == label
    ]


def with_mistakes() -> list[Sample]:
    """Some labels are wrong; a hand writes every 7 as a U, another slashes one zero."""
    rng = np.random.default_rng(4)
    samples = list(RIGHT)
    for number in WRONG:
        samples[number] = replace(samples[number], label="7")
    for number in STYLE:
        samples[number] = replace(samples[number], strokes=drawn("U", rng))
    samples[SLASHED] = replace(samples[SLASHED], strokes=drawn("1", rng, SLASH, SHAPES["0"]))
    return samples


WRONG = [of("set0/0", "L")[0], of("set1/2", "1")[1], of("set1/4", "L")[2], of("set0/1", "0")[0]]
STYLE = of("set1/3", "7")
SLASHED = of("set1/0", "0")[2]


@pytest.fixture(scope="module")
def flags() -> np.ndarray:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cleaning, "EPOCHS", 8)
        patch.setattr(cleaning, "BATCH", 16)
        patch.setattr(cleaning, "FOLDS", 2)
        return cleaning.doubtful_labels(with_mistakes(), 1)


def test_a_wrong_label_is_found_among_right_ones(flags: np.ndarray) -> None:
    assert flags[WRONG].all()
    assert flags.sum() <= len(WRONG) + 2


def test_a_consistent_hand_stays(flags: np.ndarray) -> None:
    assert not flags[STYLE].any()


def test_a_look_alike_stays(flags: np.ndarray) -> None:
    rings = [number for number, sample in enumerate(RIGHT) if sample.label in "0O"]
    assert not flags[[number for number in rings if number not in WRONG]].any()


def test_a_slashed_zero_stays(flags: np.ndarray) -> None:
    assert not flags[SLASHED]


def test_pictures_are_not_judged() -> None:
    pictures = [replace(RIGHT[0], strokes=(), picture=np.zeros((9, 9), np.uint8))] * 3
    assert not cleaning.doubtful_labels(pictures, 1).any()


def test_no_set_judges_itself_and_no_validation_writer_teaches() -> None:
    validation = validation_writers(RIGHT)
    times_judged = np.zeros(len(RIGHT), int)
    for judged, learned in cleaning.folds(RIGHT, 1):
        times_judged[judged] += 1
        assert not {RIGHT[n].set for n in judged} & {RIGHT[n].set for n in learned}
        assert not {RIGHT[n].writer for n in learned} & validation
    assert np.all(times_judged == 1)


def test_what_is_learned_is_what_the_folds_say(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def probabilities(learned: Any, classes: Any, judged: Any, count: int, *seed: int) -> Any:
        seen.append((learned, judged))
        given = np.full((len(judged.glyphs), count), 1 / count, np.float32)
        return given if seed else (given, given)

    monkeypatch.setattr(cleaning, "network_probabilities", probabilities)
    monkeypatch.setattr(cleaning, "neighbour_probabilities", probabilities)
    assert not cleaning.doubtful_labels(RIGHT, 1).any()
    drawings = described(RIGHT)
    expected = [fold for fold in cleaning.folds(RIGHT, 1) for _ in range(2)]
    for (judged, learned), found in zip(expected, seen, strict=True):
        for numbers, part in zip((learned, judged), found, strict=True):
            np.testing.assert_array_equal(part.features, drawings.features[numbers])


def test_the_seed_decides_what_is_learned() -> None:
    first, again, other = (
        [learned.tolist() for _, learned in cleaning.folds(RIGHT, seed)] for seed in (1, 1, 2)
    )
    assert first == again != other


def test_the_same_seed_gives_the_same_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "EPOCHS", 1)
    some = described(RIGHT[:200])
    classes = np.arange(200) % 4
    one, other = (cleaning.network_probabilities(some, classes, some, 4, seed=5) for _ in range(2))
    np.testing.assert_array_equal(one, other)
