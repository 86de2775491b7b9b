"""What one character was read as, and how that is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer import glyph
from recognizer.geometry import Box
from recognizer.labels import Labels, digit_of, ranked
from recognizer.model import Probabilities

UNSURE_SIGN, PROBABLY = "?", ", probably"
"""What stands for a character that is not even probable, and after what is probable."""
PROBABLE_CONFIDENCE = 0.5
"""What is read with more is likelier than all else together: probable, if not sure."""
MIN_CANDIDATE, MIN_CANDIDATE_SHARE = 0.15, 0.2
"""A label is worth telling if it is so probable, and as probable as this share of the best."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """What one character was read as.

    label: "7", or None for an empty drawing.
    confidence: calibrated probability of `label`, 0 to 1; 0 for an empty drawing.
    probabilities: of each of `labels`, float32, sums to 1; all equal for an empty drawing.
    sure: whether the confidence is above the threshold that was chosen on validation data.
    glyph: the (28, 28) uint8 picture that the network saw.
    other: probability that it is none of the labels, of which the probabilities do not tell.
    speck: whether it is but a speck beside the others on its line.
    directions: where the pen went right, left, down and up in it, (28, 28, 4) uint8; None for a
    picture, and where the network looks at the ink alone.
    box: where its ink lies, in the strokes' unit or the picture's pixels; None where one
    character was read alone.
    """

    label: str | None
    confidence: float
    labels: Labels
    probabilities: Probabilities
    sure: bool
    glyph: glyph.Glyph
    other: float = 0.0
    box: Box | None = None
    directions: NDArray[np.uint8] | None = None
    speck: bool = False

    @property
    def sign(self) -> str:
        """What is shown of it: its label if it is sure or probable, else "?"; "" if empty."""
        probable = self.confidence > PROBABLE_CONFIDENCE and not self.speck
        return (self.label or "") if self.sure or probable or not self.label else UNSURE_SIGN

    @property
    def words(self) -> str:
        """What is said of it: "7" if it is sure, "7, probably", or "?"; "" if empty."""
        return self.sign + (PROBABLY if self.sign == self.label and not self.sure else "")

    @property
    def joint(self) -> Probabilities:
        """Probability of each of the labels with `other` beside them: their sum is 1 - other."""
        return self.probabilities * np.float32(1 - self.other)

    @property
    def candidates(self) -> list[tuple[str, float]]:
        """Two labels at most that are worth telling, with their joint probabilities.

        None of a speck, nor of what is likely no character at all.
        """
        found = [(label, share * (1 - self.other)) for label, share in self.likeliest(2)]
        least = max(MIN_CANDIDATE, MIN_CANDIDATE_SHARE * found[0][1])
        return [each for each in found if self.label and each[1] >= least and not self.speck]

    @property
    def digit(self) -> int | None:
        """0 to 9; None for an empty drawing and for a label that is no digit."""
        return digit_of(self.label)

    @property
    def ranking(self) -> list[str] | list[int]:
        """All labels, the likeliest first; numbers if all are digits."""
        return ranked([label for label, _ in self.likeliest(len(self.labels))])

    def likeliest(self, count: int) -> list[tuple[str, float]]:
        """So many labels with their probabilities, the likeliest first."""
        order = np.argsort(-self.probabilities, kind="stable")[:count].tolist()
        return [(self.labels[number], float(self.probabilities[number])) for number in order]

    def as_json(self) -> dict[str, Any]:
        """For programs: what can be written as an object of JSON."""
        return {
            "label": self.label,
            "digit": self.digit,
            "confidence": round(self.confidence, 4),
            "sure": self.sure,
            "other": round(self.other, 4),
            "probabilities": [round(share, 4) for share in self.probabilities.tolist()],
            "box": None if self.box is None else [round(float(side), 1) for side in self.box],
        }
