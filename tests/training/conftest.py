"""Little work for those that draw training data."""

import pytest

from recognizer.training import synthesis
from tests.training.made import serially


@pytest.fixture
def little_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few doodles, signs and segments, all drawn in this process."""
    for module in ("synthesis", "collection", "validation"):
        monkeypatch.setattr(f"recognizer.training.{module}.in_parallel", serially)
    monkeypatch.setattr(synthesis, "DOODLES", 12)
    monkeypatch.setattr(synthesis, "COMPOSED_SIGNS", 1)
    monkeypatch.setattr(synthesis, "SEGMENTED_NUMBERS", 4)
    monkeypatch.setattr("recognizer.training.validation.VALIDATION_DOODLES", 5)
