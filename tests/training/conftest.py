"""Little work for those that draw training data, and little data."""

import numpy as np
import pytest

from recognizer.training import synthesis
from recognizer.training.collection import Collection, packed
from tests.training.made import made_samples, serially


@pytest.fixture(scope="module")
def collection() -> Collection:
    """The made samples, of which none is doubtful."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("recognizer.training.collection.in_parallel", serially)
        samples = made_samples()
        return packed(samples, np.zeros(len(samples), dtype=bool))


@pytest.fixture
def little_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few doodles, signs and segments, all drawn in this process."""
    for module in ("synthesis", "collection", "validation"):
        monkeypatch.setattr(f"recognizer.training.{module}.in_parallel", serially)
    monkeypatch.setattr(synthesis, "DOODLES", 12)
    monkeypatch.setattr(synthesis, "COMPOSED_SIGNS", 1)
    monkeypatch.setattr(synthesis, "SEGMENTED_NUMBERS", 4)
    monkeypatch.setattr("recognizer.training.validation.VALIDATION_DOODLES", 5)
