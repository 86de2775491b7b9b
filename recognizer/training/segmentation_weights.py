"""Fits to a network what the features of a character cost when a line is cut into characters.

The weights make the right digits of numbers, made of the training writers' digits, the likeliest
of all ways to cut them: a conditional random field (Lafferty, McCallum, Pereira, 2001) over the
ways through a line's segments, as in a semi-Markov one (Sarawagi, Cohen, 2004).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from recognizer import glyph
from recognizer.datasets import Drawing
from recognizer.files import SAVED_MODEL
from recognizer.images.lines import components
from recognizer.labels import digit_of
from recognizer.model.card import GroupingCosts, ModelError, load
from recognizer.processes import in_parallel
from recognizer.segmentation.lattice import FEATURES, agreed, candidates, features, weights_of
from recognizer.training import made_numbers, synthesis
from recognizer.training.stroke_costs import CharacterNetwork, fitted_stroke_costs

FITTED_NUMBERS, FITTED_LENGTHS = 1200, (1, 6)
"""Numbers that the weights are found on, and the digits of each, at least and at most."""
FIT_SEED = 11
SQUARED_WEIGHTS_COST = 0.05
"""Cost of the weights' own squares, so that none grows without need."""
CHUNK_NUMBERS = 25
"""Numbers that a process reads at a time."""
Floats = NDArray[np.float64]
PLAIN_COSTS: Mapping[str, Any] = {
    "strokes": {cost.name: 1.0 for cost in fields(GroupingCosts)}
    | {"join": -1.0, "min_uncertainty": 0.001, "above": 0.0},
    "line": {"settled_confidence": 1, "weights": dict.fromkeys(FEATURES, 0), "dirt": [1, 1]},
    "fitted_on": "plain costs, since there was no saved model",
}
"""Where no model is saved: all counts the same, and strokes that touch gain as much."""


def unfitted_segmentation(content: bytes = b"") -> dict[str, Any]:
    """The saved model's costs of segmentation, which fit any network well, or plain ones."""
    with contextlib.suppress(ModelError):
        origin = "taken over from the model that was the saved one"
        return {**load(SAVED_MODEL).content["segmentation"], "fitted_on": origin}
    return dict(PLAIN_COSTS)


def fitted_segmentation(
    content: bytes, drawings: Sequence[Drawing], count: int = FITTED_NUMBERS
) -> dict[str, Any]:
    """The costs of segmentation for a network, as its card keeps them.

    content: of its LiteRT file. They are fitted to `count` numbers made of the drawings, in a few
    minutes for the default.
    """
    before = unfitted_segmentation()
    digits = [drawing for drawing in drawings if digit_of(drawing.label) is not None]
    numbers = made_numbers.some_numbers(digits, count, FIT_SEED, FITTED_LENGTHS)
    read = LatticeReader(content).read
    found = in_parallel(read, numbers, "cutting numbers", unit=" numbers", chunk=CHUNK_NUMBERS)
    fitted = fit_segmentation_weights(found, weights_of(before["line"]["weights"]))
    weights = {name: round(float(one), 4) for name, one in zip(FEATURES, fitted, strict=True)}
    of_strokes = fitted_stroke_costs(content, drawings, count, before["strokes"])
    with_sums = ", and to sums" if "signs" in of_strokes else ""
    return {
        **before,
        **of_strokes,
        "line": before["line"] | {"weights": weights},
        "fitted_on": f"{count} numbers made of the training writers' digits: of strokes apart and "
        f"touching, of pictures touching{with_sums}; the others are {before['fitted_on']}",
    }


@dataclass(frozen=True, eq=False)
class Lattice:
    """All ways to cut a number.

    spans: (k, 2), the first segment of each candidate and the one after its last; features:
    (k, f), see `lattice.FEATURES`; right: (k, t), whether a candidate reads as the number's
    digit t. It begins before segment 0 and ends after segment `end`.
    """

    spans: NDArray[np.intp]
    features: Floats
    right: NDArray[np.bool_]
    end: int


class LatticeReader(CharacterNetwork):
    """Reads all ways to cut a number with the network in a LiteRT file's content."""

    def read(self, number: made_numbers.WrittenNumber) -> Lattice:
        """The number's lattice."""
        line = made_numbers.text_line(number)
        parts, possible = candidates(components(line.ink, glyph.pen_width(line.ink)), line)
        glyphs = [glyph.normalize(ink.ink) for candidate in possible for ink in candidate.inks]
        every = iter(self.predict(np.stack(glyphs)))
        labels, values = [], []
        for candidate in possible:
            probabilities = np.stack([next(every) for _ in candidate.inks])
            label, confidence = agreed(probabilities)
            clearest = float(probabilities[:, label].max())
            labels.append(label)
            values.append(features(candidate, clearest, confidence, line.height))
        spans = np.array([(c.group[0], c.group[-1] + 1) for c in possible])
        right = np.array(labels)[:, None] == synthesis.class_numbers(number.digits)
        return Lattice(spans, np.stack(values), right, len(parts))


def fit_segmentation_weights(lattices: Sequence[Lattice], start: Floats) -> Floats:
    """The weights (f,) under which the right ways are likeliest, sought from `start` on.

    Ways that do not exist in a lattice, because a digit is misread, cannot be learned.
    """
    possible = [number for number in lattices if np.isfinite(_log_sums(number, start)[1])]

    def loss(weights: Floats) -> tuple[float, Floats]:
        parts = [_loss(number, weights) for number in possible]
        value = sum(part[0] for part in parts) + SQUARED_WEIGHTS_COST * float(weights @ weights)
        gradient = np.sum([part[1] for part in parts], axis=0)
        return value, gradient + 2 * SQUARED_WEIGHTS_COST * weights

    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x)


def _loss(number: Lattice, weights: Floats) -> tuple[float, Floats]:
    """Minus the logarithm of the right ways' probability, and its gradient (f,)."""
    every, right, shares = _log_sums(number, weights)
    return every - right, shares @ number.features


def _log_sums(number: Lattice, weights: Floats) -> tuple[float, float, Floats]:
    """Logarithms of the sums over all ways and over the right ones, and how they differ.

    The last, (k,), is how much likelier it is that a right way uses a candidate than that any
    does: the forward-backward algorithm, for all ways and for those that spell the number.
    """
    spans, right = number.spans, number.right
    scores = -(number.features @ weights)
    spelled = np.where(right, scores[:, None], -np.inf)
    length = right.shape[1]
    before, after = np.full((2, number.end + 1), -np.inf)
    read, unread = np.full((2, number.end + 1, length + 1), -np.inf)
    before[0] = after[-1] = read[0, 0] = unread[-1, length] = 0
    for place in range(1, number.end + 1):
        at = np.flatnonzero(spans[:, 1] == place)
        before[place] = _total(before[spans[at, 0]] + scores[at])
        read[place, 1:] = _total(read[spans[at, 0], :-1] + spelled[at])
    for place in range(number.end - 1, -1, -1):
        at = np.flatnonzero(spans[:, 0] == place)
        after[place] = _total(after[spans[at, 1]] + scores[at])
        unread[place, :-1] = _total(unread[spans[at, 1], 1:] + spelled[at])
    every, whole = float(after[0]), float(unread[0, 0])
    used = np.exp(before[spans[:, 0]] + scores + after[spans[:, 1]] - every)
    if not np.isfinite(whole):
        return every, whole, -used
    rightly = np.exp(read[spans[:, 0], :-1] + spelled + unread[spans[:, 1], 1:] - whole)
    return every, whole, rightly.sum(axis=1) - used


def _total(logarithms: Floats) -> Floats:
    """The logarithm of a sum down the first axis, of nothing too."""
    return np.asarray(np.logaddexp.reduce(logarithms, axis=0))
