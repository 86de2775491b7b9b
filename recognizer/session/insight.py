"""What can be seen inside the network, of the drawing as it is or as it was some points ago."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from recognizer import ink
from recognizer.files import COMPARISON
from recognizer.geometry import Box, union
from recognizer.glyph import SIZE_PX, Glyph
from recognizer.model import Features, Model, Probabilities, given_inside
from recognizer.model.card import CARD_FILE, ModelError
from recognizer.model.neighbours import Neighbours, SimilarDrawing
from recognizer.model.stages import SeenStages, Stages, asked_for_one
from recognizer.reading import NOTHING_READ, Prediction, Reading
from recognizer.session import Session, drawn_last
from recognizer.session.opening import Picture
from recognizer.session.storage import CANVAS_EXTENT
from recognizer.strokes import Cache, Stroke, ink_bounds, transformed

V = TypeVar("V")
PAGES = ("stages", "evidence", "similar", "compared")
"""What can be looked at, one at a time; nothing is worked out that is not looked at."""
MAX_COMPARED = 2
"""Networks beside ours: more have no room on the screen."""


@dataclass(frozen=True, eq=False)
class ComparedReading:
    """What a network reads a drawing as, given that it is one of its labels.

    glyph: what it was shown, (28, 28). shares: probabilities of its likeliest labels.
    label: None for nothing drawn.
    """

    title: str
    sentence: str
    glyph: Glyph
    label: str | None
    shares: tuple[tuple[str, float], ...]

    @property
    def confidence(self) -> float:
        """The probability of its answer."""
        return self.shares[0][1] if self.label is not None else 0.0


@dataclass(frozen=True, eq=False)
class ComparedNetwork:
    """A network that ours is compared with, and what its card says of it."""

    title: str
    sentence: str
    whole_canvas: bool
    model: Model

    @classmethod
    def load(cls, folder: Path) -> ComparedNetwork:
        """The one in a folder. Raises ModelError."""
        model = Model(folder)
        try:
            told = model.card.content["comparison"]
            return cls(str(told["title"]), str(told["sentence"]), bool(told["whole_canvas"]), model)
        except (KeyError, TypeError):
            raise ModelError(
                f"The card in {folder} does not tell what it is compared as."
            ) from None

    def read(self, glyph: Glyph, canvas: Glyph) -> ComparedReading:
        """What it reads: the glyph of a character, or all of the canvas."""
        shown = canvas if self.whole_canvas else glyph
        shares = given_inside(self.model.predict_proba(shown[None]))[0][0]
        labels = self.model.card.labels
        order = np.argsort(-shares, kind="stable").tolist()
        likeliest = tuple((labels[at], float(shares[at])) for at in order)
        label = likeliest[0][0] if shown.any() else None
        return ComparedReading(self.title, self.sentence, shown, label, likeliest)


class Insight:
    """Looks inside the network of a session, at one page at a time.

    What is asked for is worked out once for each drawing. Files are loaded when they are first
    needed; where one is missing, ModelError says so each time.
    comparison: the folder of the networks that ours is compared with.
    """

    def __init__(self, session: Session, comparison: Path = COMPARISON) -> None:
        self._session, self._comparison = session, comparison
        self.page = PAGES[0]
        self._back: int | None = None
        self._cache = Cache()
        self._found: dict[str, Any] = {}
        self._opened: dict[str, Any] = {}
        self._looked_at: tuple[object, ...] = ()
        self.strokes: tuple[Stroke, ...] = ()
        self.reading: Reading = session.reading
        self.prediction: Prediction = session.prediction
        self.update()

    @property
    def count(self) -> int:
        """How many points the whole sketch has."""
        return sum(len(stroke.points) for stroke in self._session.sketch.strokes)

    @property
    def at(self) -> int:
        """At which point of the drawing it is looked at; the last one while it grows."""
        return self.count if self._back is None else self._back

    @property
    def picture(self) -> Picture | None:
        """The picture that is looked at instead of a drawing."""
        return self._session.picture

    def go(self, at: int) -> None:
        """Go to a point of the drawing, as far as there is one."""
        at = min(max(at, 0), self.count)
        self._back = None if at == self.count else at
        self.update()

    def update(self) -> bool:
        """Look at the drawing as it is now; returns whether it is another one than before."""
        session = self._session
        if self._looked_at and self._looked_at[0] != session.sketch.revision:
            self._back = None
        now = (session.sketch.revision, self._back, session.reading, session.chosen)
        if len(self._looked_at) == len(now) and all(
            a is b or a == b for a, b in zip(now, self._looked_at, strict=True)
        ):
            return False
        self._looked_at, self._found = now, {}
        if self._back is None:
            self.strokes, self.reading = session.sketch.strokes, session.reading
            self.prediction = session.prediction
        else:
            self._read_back(self._back)
        return True

    def _read_back(self, at: int) -> None:
        self.strokes = strokes_until(self._session.sketch.strokes, at)
        try:
            self.reading = self._session.recognizer.read_strokes(
                self.strokes, CANVAS_EXTENT, self._cache
            )
        except ValueError:  # there are too many, as the sketch has said already
            self.reading = NOTHING_READ
        found = self.reading.digits
        self.prediction = (
            found[drawn_last(self.reading, self.strokes)] if found else self._session.nothing
        )

    @property
    def contrast(self) -> tuple[str, str | None] | None:
        """The answer, and the next best one if there is one; None for nothing drawn."""
        if self.prediction.label is None:
            return None
        (answer, _), *others = self.prediction.likeliest(2)
        return answer, others[0][0] if others else None

    def seen(self) -> SeenStages:
        """What the stages make of the character, with the evidence for its answer.

        Raises ModelError.
        """
        return self._once("seen", self._see)

    def similar(self, count: int) -> list[SimilarDrawing]:
        """The drawings that it learned from that are most similar. Raises ModelError."""
        neighbours = self._open("similar", self._neighbours)
        if self.prediction.label is None:
            return []
        _, features = self._once("own", self._own)
        if features is None:
            raise ModelError("This model does not tell its features, which are compared here.")
        return neighbours.nearest(features, count)

    def compared(self) -> list[ComparedReading]:
        """What ours and other networks read the character as. Raises ModelError."""
        networks = self._open("compared", self._networks)
        return self._once("compared", lambda: self._compare(networks))

    def _see(self) -> SeenStages:
        model, prediction = self._session.recognizer.model, self.prediction
        stages = self._open("stages", lambda: Stages(model.folder, model.card))
        asked = np.zeros(len(model.card.labels), dtype=np.float32)
        if self.contrast:
            known, _ = self._once("own", self._own)
            labels = model.card.labels, prediction.labels
            asked = asked_for_one(known, *labels, *self.contrast)
        return stages.see(prediction.glyph, prediction.directions, asked)

    def _own(self) -> tuple[Probabilities, Features | None]:
        """What the network itself makes of the character, whatever was learned from a person."""
        glyph, ways = self.prediction.glyph, self.prediction.directions
        model = self._session.recognizer.model
        known, features = model.see(glyph[None], None if ways is None else ways[None])
        return known[0], None if features is None else features[0]

    def _neighbours(self) -> Neighbours:
        model = self._session.recognizer.model
        return Neighbours.load(model.folder, model.card)

    def _networks(self) -> list[ComparedNetwork]:
        found = sorted(path.parent for path in self._comparison.glob(f"*/{CARD_FILE}"))
        if not found:
            raise ModelError(
                f"There are no networks to compare ours with in {self._comparison}. "
                "Train them: python -m recognizer train --comparison"
            )
        return [ComparedNetwork.load(folder) for folder in found[:MAX_COMPARED]]

    def _compare(self, networks: list[ComparedNetwork]) -> list[ComparedReading]:
        own = self.prediction
        shares = tuple(own.likeliest(len(own.labels)))
        pen = "" if own.directions is None else ", and where the pen went"
        told = f"It is shown the character alone, always of one size{pen}."
        canvas = squeezed_picture(self.picture) if self.picture else squeezed_canvas(self.strokes)
        return [
            ComparedReading("This network", told, own.glyph, own.label, shares),
            *(network.read(own.glyph, canvas) for network in networks),
        ]

    def _once(self, name: str, work: Callable[[], V]) -> V:
        """What is worked out once for this drawing."""
        if name not in self._found:
            self._found[name] = work()
        found: V = self._found[name]
        return found

    def _open(self, name: str, load: Callable[[], V]) -> V:
        """What is loaded once; the trouble with it is told each time."""
        if name not in self._opened:
            try:
                self._opened[name] = load()
            except ModelError as error:
                self._opened[name] = error
        if isinstance(self._opened[name], ModelError):
            raise self._opened[name]
        found: V = self._opened[name]
        return found


def strokes_until(strokes: tuple[Stroke, ...], count: int) -> tuple[Stroke, ...]:
    """The strokes as they were after so many points; those that were whole stay the same."""
    found = []
    for stroke in strokes:
        if count <= 0:
            break
        whole = count >= len(stroke.points)
        found.append(stroke if whole else Stroke(stroke.points[:count], stroke.width))
        count -= len(stroke.points)
    return tuple(found)


def squeezed_canvas(strokes: tuple[Stroke, ...]) -> Glyph:
    """The whole canvas in 28 × 28 pixels, white on black, as most programs show it a network."""
    area = Box(0.0, 0.0, *CANVAS_EXTENT)
    if strokes:
        area = union([area, ink_bounds(strokes)])
    small = transformed(strokes, SIZE_PX / area.side, origin=area.corner)
    return ink.render(small, (SIZE_PX, SIZE_PX))


def squeezed_picture(picture: Picture) -> Glyph:
    """A whole picture in 28 × 28 pixels, white on black."""
    small = Image.fromarray(picture.pixels).convert("L").resize((SIZE_PX, SIZE_PX))
    return np.asarray(255 - np.asarray(small), dtype=np.uint8)
