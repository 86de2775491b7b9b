"""What a network makes of the drawings that were learned, and how they weigh in a reading."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from recognizer import glyph
from recognizer.model import Features, Model, Probabilities
from recognizer.model.learned import LearnedDrawing, LearnedHand, Prototypes

Row = tuple[Probabilities, Features]
"""What the network gives of one drawing: (labels,) and (f,)."""


@dataclass(frozen=True, eq=False)
class HandPrototypes:
    """A hand as a network sees it.

    drawn: the drawings with the pen's directions, to read strokes by; pictured: the same without,
    and pictures, to read pictures by.
    """

    hand: LearnedHand = field(default_factory=LearnedHand)
    drawn: Prototypes | None = None
    pictured: Prototypes | None = None
    _rows: dict[LearnedDrawing, tuple[Row | None, Row]] = field(default_factory=dict)

    def of_hand(self, hand: LearnedHand, model: Model) -> HandPrototypes:
        """Those of another hand; what both have in common is not looked at again."""
        known = [each for each in hand.drawings if each.label in model.card.labels]
        rows = {each: self._rows.get(each) or _rows_of(each, model) for each in known}
        drawn = [(each.label, found[0]) for each, found in rows.items()]
        pictured = [(each.label, found[1]) for each, found in rows.items()]
        return HandPrototypes(
            hand,
            _together([(label, row) for label, row in drawn if row is not None], model),
            _together(pictured, model),
            rows,
        )

    def weighed(self, known: Probabilities, features: Features, drawn: bool) -> Probabilities:
        """Probabilities (labels,) after what was learned, see `Prototypes.weighed`."""
        prototypes = self.drawn if drawn else self.pictured
        return known if prototypes is None else prototypes.weighed(known, features)


def _rows_of(drawing: LearnedDrawing, model: Model) -> tuple[Row | None, Row]:
    if drawing.picture is not None:
        return None, _row(model, drawing.picture)
    directed = model.card.channels > 1
    picture, directions = glyph.of_strokes(drawing.strokes, drawing.extent, directed)
    pictured = _row(model, picture)
    return (_row(model, picture, directions) if directed else pictured), pictured


def _row(model: Model, picture: glyph.Glyph, directions: glyph.Glyph | None = None) -> Row:
    known, features = model.see(picture[None], None if directions is None else directions[None])
    assert features is not None  # whoever learns has asked
    return known[0], features[0]


def _together(rows: list[tuple[str, Row]], model: Model) -> Prototypes | None:
    if not rows:
        return None
    known, features = (np.stack([row[part] for _, row in rows]) for part in (0, 1))
    return Prototypes.of(known, features, [model.card.labels.index(label) for label, _ in rows])
