"""A folder of pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.samples import picture_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures of 0 to 4, of which 3 lies in a folder of its own."""
    pictures = tmp_path / "pictures"
    (pictures / "more").mkdir(parents=True)
    for digit in range(5):
        picture_of(digit).save(pictures / ("more/3.png" if digit == 3 else f"{digit}.png"))
    return pictures
