"""Small pictures of glyphs for the report."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from recognizer.glyph import Glyph
from recognizer.training.answers import Answers
from recognizer.training.oddities import Oddities

MOST = 1000
"""Misread digits that are shown; only a bad model has more."""
ODD_SHOWN = 12
"""Pictures shown of each kind that is no digit."""


def misread(answers: Answers, found: Mapping[str, Any], threshold: float) -> list[dict[str, Any]]:
    """Every misread digit with its picture; found: the details of the data set."""
    return [
        {**one, "picture": picture(answers.glyphs[one["number"]])}
        | _sure(one["confidence"], threshold)
        for one in found["misread"][:MOST]
    ]


def odd(kinds: Sequence[Oddities], threshold: float) -> dict[str, list[dict[str, Any]]]:
    """A few of each kind with its answer and confidence."""
    return {
        kind.name: [
            {
                "picture": picture(glyph),
                "answer": int(probabilities.argmax()),
                "confidence": float(probabilities.max()),
            }
            | _sure(float(probabilities.max()), threshold)
            for glyph, probabilities in zip(
                kind.glyphs[:ODD_SHOWN], kind.probabilities[:ODD_SHOWN], strict=True
            )
        ]
        for kind in kinds
    }


def picture(glyph: Glyph) -> str:
    """A PNG of dark ink on white, as a data URI."""
    file = io.BytesIO()
    # Sixteen greys are enough to see a digit, and take half the room.
    greys = Image.fromarray(np.asarray(255 - glyph // 17 * 17, dtype=np.uint8))
    greys.quantize(16).save(file, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def _sure(confidence: float, threshold: float) -> dict[str, bool]:
    return {"sure": confidence > threshold}
