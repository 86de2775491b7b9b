"""Small trainings learn from as much of each writer, and read what they did not learn from."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.training import models, small_runs, synthesis
from recognizer.training.collection import Collection, packed
from recognizer.training.small_runs import DrawingsRead, SmallRuns
from tests.training.made import made_samples

pytestmark = pytest.mark.usefixtures("little_drawn")
DRAWINGS = 12
SETTINGS = {"seed": 4, "epochs": 1, "pen_copies": 1.0, "variants": 1, "batch": 4}


@pytest.fixture
def learned(monkeypatch: pytest.MonkeyPatch) -> list[NDArray[np.int64]]:
    """What each training learned from; it is one of a network that learns in no time."""
    found: list[NDArray[np.int64]] = []
    tiny, real = models.find("mlp"), synthesis.pen_group

    def group(collection: Collection, chosen: Any, *rest: Any) -> Any:
        found.append(np.flatnonzero(chosen))
        return real(collection, chosen, *rest)

    monkeypatch.setattr(models, "find", lambda _: tiny)
    monkeypatch.setattr(small_runs, "pen_group", group)
    return found


def whole() -> Collection:
    """Eight training writers who drew each digit once, and two for validation."""
    samples = made_samples()
    return packed(samples, np.zeros(len(samples), dtype=bool))


def test_as_much_is_learned_of_each_writer_and_the_rest_is_read(
    learned: list[NDArray[np.int64]],
) -> None:
    collection = whole()
    trial = SmallRuns(collection, DRAWINGS, SETTINGS)
    run = trial.of_writers(3)
    writers, drawings = np.unique(collection.writers[learned[0]], return_counts=True)
    assert drawings.tolist() == [4, 4, 4] and run.writers == 3
    assert collection.learned[learned[0]].all() and collection.is_digit[learned[0]].all()
    own = collection.writers == writers[:, None]
    others = np.flatnonzero(own.any(axis=0) & collection.is_digit & ~collection.is_picture)
    assert sorted([*learned[0], *run.own.numbers]) == others.tolist()
    assert set(run.own.writers) == set(collection.writer_names[writers])
    assert collection.validation[run.strangers.numbers].all()
    np.testing.assert_array_equal(run.strangers.truth, collection.labels[run.strangers.numbers])
    assert len(run.strangers.truth) == 20 and len(run.strangers.shares) == 2


def test_the_same_drawings_are_learned_from_with_ink_alone(
    learned: list[NDArray[np.int64]],
) -> None:
    trial = SmallRuns(whole(), DRAWINGS, SETTINGS)
    for channels in (5, 1):
        trial.of_writers(2, channels)
    with_directions, ink_alone = learned
    np.testing.assert_array_equal(with_directions, ink_alone)


def test_only_numbers_of_writers_are_possible_who_drew_enough() -> None:
    trial = SmallRuns(whole(), DRAWINGS, SETTINGS)
    # Of one writer it were twelve drawings, and there are ten; and there are eight writers.
    assert trial.possible((1, 2, 6, 20)) == [2, 6]
    with pytest.raises(ValueError, match="0 writers drew enough"):
        trial.of_writers(1)


def test_shares_are_of_writers() -> None:
    truth, predicted = np.array([1, 1, 1, 2], np.uint8), np.array([1, 1, 7, 2])
    read = DrawingsRead(np.arange(4), np.array(["a", "a", "a", "b"]), truth, predicted)
    assert read.right.tolist() == [True, True, False, True]
    assert read.shares == pytest.approx([2 / 3, 1])
