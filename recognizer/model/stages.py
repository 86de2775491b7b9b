"""What a network sees at every stage, and where in a drawing the evidence for an answer lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.glyph import SIZE_PX, Glyph
from recognizer.labels import Labels
from recognizer.model import Floats, as_images, counts_of, interpreter_of, with_directions
from recognizer.model.card import STAGES_FILE, ModelCard, ModelError, verified

STAGE, EVIDENCE, ASKED = "stage_", "evidence", "asked"
"""Names of its outputs, the first followed by the number of the stage, and of its second input."""
_REMEDY = "Write what Inside shows: python -m recognizer export --format inside"
_MIN_PROBABILITY = 1e-12


@dataclass(frozen=True)
class StageFacts:
    """What a card tells of a stage.

    side, maps: how large its maps are, and how many. sees_px: side of the square of the glyph
    that a pixel of them depends on. first_px, step_px: where in the glyph the middle of the first
    pixel lies, and how far the next one is. liveliest: numbers of the maps that differ most from
    drawing to drawing, the first the most.
    """

    side: int
    maps: int
    sees_px: int
    first_px: float
    step_px: int
    liveliest: tuple[int, ...]

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> StageFacts:
        """Those in a card. Raises TypeError, ValueError or AttributeError for wrong ones."""
        facts = cls(**{**told, "liveliest": tuple(told["liveliest"])})
        if not all(0 <= number < facts.maps for number in facts.liveliest):
            raise ValueError(f"a stage of {facts.maps} maps has no others")
        return facts


@dataclass(frozen=True, eq=False)
class SeenStages:
    """What the stages make of a glyph.

    stages: what is known of each. maps: after each stage, (height, width, maps), nothing below
    zero. evidence: (height, width), how much each place speaks for the one label (above zero) and
    against it, in nats of the score; in the places of the maps of one of the stages.
    """

    stages: tuple[StageFacts, ...]
    maps: tuple[Floats, ...]
    evidence: Floats

    @property
    def evidence_of(self) -> StageFacts:
        """The stage whose maps have the places that the evidence is told of."""
        return next(each for each in self.stages if each.side == len(self.evidence))

    @property
    def features(self) -> Floats:
        """What the network judges by, (f,): the means of the last maps."""
        return np.asarray(self.maps[-1].mean(axis=(0, 1)), dtype=np.float32)

    @property
    def share_for(self) -> float:
        """How much of all evidence speaks for the one label, 0 to 1."""
        total = float(np.abs(self.evidence).sum())
        return float(np.maximum(self.evidence, 0).sum()) / total if total else 0.5

    def evidence_at(self, side: int) -> Floats:
        """The evidence laid over the glyph, a square of so many pixels, between its places."""
        scale = SIZE_PX / side
        where = self.evidence_of
        at = ((np.arange(side) + 0.5) * scale - 0.5 - where.first_px) / where.step_px
        return between(between(self.evidence, at).T, at).T


def between(values: Floats, at: NDArray[np.floating[Any]]) -> Floats:
    """Rows between the rows of (n, m), at any numbers; it fades to zero beyond the outer ones."""
    padded = np.pad(values, ((1, 1), (0, 0)))
    place = np.clip(at + 1, 0, len(padded) - 1.001)
    row = place.astype(np.intp)
    share = (place - row)[:, None].astype(np.float32)
    return np.asarray(padded[row] * (1 - share) + padded[row + 1] * share, dtype=np.float32)


class Stages:
    """LiteRT's network that shows its stages, see `training.models.stages_network`.

    folder: of the model whose card this is. Raises ModelError if the file is missing, damaged,
    or of another model.
    """

    def __init__(self, folder: Path, card: ModelCard) -> None:
        path = folder / STAGES_FILE
        if not path.is_file():
            raise ModelError(f"This model comes without its stages ({path}). {_REMEDY} {folder}")
        content = verified(folder, STAGES_FILE, card.content)
        self._labels, self._channels = card.labels, card.channels
        try:
            self.facts = tuple(StageFacts.of(each) for each in card.content["stages"])
            self._open(content)
        except (KeyError, TypeError, ValueError, AttributeError, RuntimeError):
            raise ModelError(
                f"The stages {path} are of another model. {_REMEDY} {folder}"
            ) from None

    def _open(self, content: bytes) -> None:
        self._interpreter = interpreter_of(content)
        self._interpreter.allocate_tensors()
        inputs = self._interpreter.get_signature_runner().get_input_details()
        outputs = self._interpreter.get_signature_runner().get_output_details()
        self._glyph, self._asked = (inputs[name] for name in ("glyphs", ASKED))
        self._outputs = [outputs[f"{STAGE}{n}"]["index"] for n in range(len(self.facts))]
        self._evidence = outputs[EVIDENCE]["index"]
        if int(outputs[EVIDENCE]["shape"][1]) not in {each.side for each in self.facts}:
            raise ValueError("the evidence is of no stage")
        classes = int(self._asked["shape"][1])
        if int(self._glyph["shape"][-1]) != self._channels or classes < len(self._labels):
            raise ValueError("its glyphs or labels are others")

    def see(
        self, picture: Glyph, directions: NDArray[np.uint8] | None, asked: Floats
    ) -> SeenStages:
        """What the stages make of a glyph (28, 28), and of the pen's directions (28, 28, 4) in it.

        asked: (labels,), how much is asked of each, see `asked_for_one`.
        """
        image = as_images(picture[None])
        if self._channels > 1:
            image = with_directions(image, None if directions is None else directions[None])
        weights = np.zeros(self._asked["shape"], dtype=np.float32)
        weights[0, : len(asked)] = asked
        run = self._interpreter
        run.set_tensor(self._glyph["index"], image.reshape(self._glyph["shape"]))
        run.set_tensor(self._asked["index"], weights)
        run.invoke()
        maps = tuple(run.get_tensor(index)[0] for index in self._outputs)
        return SeenStages(self.facts, maps, run.get_tensor(self._evidence)[0])


def asked_for_one(
    known: Floats, labels: Labels, may_be: Labels, answer: str, other: str | None = None
) -> Floats:
    """How much is asked of each label that the network knows, (labels,).

    It asks what speaks for one answer, against another one if it is named. known: (labels,) their
    probabilities. may_be: what may be answered; where several labels count for one answer, each
    has as much part in it as in its probability, so that the sum is the gradient of the logarithm
    of that probability.
    """
    counts = counts_of(labels, may_be)
    asked = np.zeros(len(labels), dtype=np.float32)
    for label, sign in ((answer, 1), (other, -1)):
        if label is not None:
            part = known * counts[:, may_be.index(label)]
            asked += sign * part / max(float(part.sum()), _MIN_PROBABILITY)
    return asked
