"""The shade of the paper."""

from __future__ import annotations

import numpy as np

from recognizer.images import shading


def test_otsus_threshold_parts_two_heaps() -> None:
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(40, 8, 900), rng.normal(200, 8, 300)])
    assert 70 < shading.otsu(values) < 170
