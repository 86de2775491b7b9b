"""Drawings and pictures to readings: from ink to labels with their confidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer import glyph, images, strokes
from recognizer.errors import brief
from recognizer.expression import is_begun, result_of
from recognizer.files import SAVED_MODEL
from recognizer.geometry import Box
from recognizer.labels import SUMS, Labels, asked_for
from recognizer.model import Model, Probabilities, answered, given_inside
from recognizer.model import Prediction as Prediction
from recognizer.model.learned import LearnedDrawing
from recognizer.model.learner import Learner
from recognizer.segmentation.grouping import characters
from recognizer.segmentation.places import LOW_LABELS, LinePlaces, Surroundings
from recognizer.segmentation.syntax import as_allowed
from recognizer.transcription import NOTHING_READ as NOTHING_READ
from recognizer.transcription import Reading as Reading
from recognizer.transcription import reading_of as reading_of
from recognizer.transcription import reading_of_lines

ReadGroup = Callable[[tuple[strokes.Stroke, ...]], Prediction]
"""Reads strokes as one character."""
MAX_STROKES_READ = 2000
"""More strokes are not read at a time: several closely written pages have fewer."""


class Recognizer(Learner):
    """Reads digits, or whatever labels its network was trained on.

    path: a folder with `digits.tflite` and `card.json`; `saved_model/` by default.
    labels: what may be answered: "digits" (where the model knows them), "sums", "letters", or
    any characters. What looks like another character is `other`, but for those that a hand
    writes alike: an O counts for a 0. Of two that have one shape, such as c and C, the likelier
    has the probability of both.
    Raises ModelError if the files are missing or damaged, ValueError for labels that the model
    does not know. May be used by several threads.
    """

    _asked: str | None = None

    def __init__(self, path: str | Path | None = None, *, labels: str | None = None) -> None:
        if not isinstance(path, str | Path | None):
            raise ValueError(f"the folder of a model must be a path; got {brief(path)}")
        self._model = Model(SAVED_MODEL if path is None else Path(path))
        self._asked = labels
        _ = self.labels  # that the model does not know them is better told now

    def asking_for(self, labels: str | None) -> Recognizer:
        """A recognizer of the same network, which is not loaded anew, for other labels.

        labels: as for the constructor. Raises ValueError for labels that the model does not know.
        """
        other = object.__new__(type(self))
        other._model, other._asked = self._model, labels
        _ = other.labels
        return other

    @cached_property
    def labels(self) -> Labels:
        """What may be answered, in the order of the probabilities."""
        return asked_for(self._asked, self._model.card.labels)

    @property
    def card(self) -> dict[str, Any]:
        """The model's card, as it is written down: what it is, and every measured figure."""
        return self._model.card.content

    @cached_property
    def threshold(self) -> float:
        """What is read with more confidence is sure."""
        return self._model.card.threshold_for(self.labels)

    def predict_proba(self, glyphs: Any, directions: Any = None) -> Probabilities:
        """Probabilities of the labels, given that it is one of them.

        glyphs: (n, 28, 28), white ink on black, uint8 0..255 or float 0..1. directions: where
        the pen went right, left, down and up in them, (n, 28, 28, 4); None for pictures.
        Returns (n, number of labels) float32; rows sum to 1. Raises ValueError for any other
        input.
        """
        return given_inside(self.predict_joint(glyphs, directions))[0]

    def predict_joint(self, glyphs: Any, directions: Any = None) -> Probabilities:
        """Probabilities of the labels, (n, number of labels); what is missing to 1 is `other`.

        The largest of a row is the confidence. glyphs, directions: as for `predict_proba`.
        """
        known = self._model.predict_proba(glyphs, directions)
        return answered(known, self._model.card.labels, self.labels)

    @cached_property
    def _places(self) -> LinePlaces | None:
        """None unless it counts where characters stand."""
        return None if LOW_LABELS.isdisjoint(self.labels) else LinePlaces(self.labels)

    def classify_strokes(self, drawing: Iterable[Any], extent: Any = (500, 500)) -> Prediction:
        """Read one character from the strokes of a pen.

        drawing: strokes, each a sequence of points (x, y) with y downwards, or a `Stroke`.
        extent: (width, height) of the writing area in the strokes' unit.
        Raises ValueError for points that are not finite, or a drawing of another shape.
        """
        checked = strokes.as_strokes(drawing)
        return self._classify_strokes(checked, strokes.as_extent(extent))

    def read_strokes(
        self, drawing: Iterable[Any], extent: Any = (500, 500), cache: strokes.Cache | None = None
    ) -> Reading:
        """Read a number of any length, on one line or several, from the strokes of a pen.

        drawing, extent: as for `classify_strokes`; boxes are in the strokes' unit.
        cache: for a drawing under way, the same one every time, so that only characters that
        changed are read anew; it works with `Stroke` objects that are kept.
        Raises ValueError for points that are not finite, a drawing of another shape, or one of
        more than `MAX_STROKES_READ` strokes.
        """
        if not isinstance(cache, strokes.Cache | None):
            raise ValueError(f"cache must be a recognizer.strokes.Cache; got {brief(cache)}")
        known = strokes.Cache() if cache is None else cache
        known.begin_round(self.hand)
        checked = strokes.as_strokes(drawing, known)
        area = strokes.as_extent(extent)
        if len(checked) > MAX_STROKES_READ:
            raise ValueError(
                f"there are {len(checked)} strokes, and {MAX_STROKES_READ} can be read at a time; "
                "read them in parts"
            )

        def read(members: tuple[strokes.Stroke, ...]) -> Prediction:
            key = ("prediction", members, area)
            return known.get_or_make(key, lambda: self._read_character(members, area))

        see: ReadGroup = read
        costs, guess, usual = self._model.card.grouping, 1 / len(self.labels), None
        if self._places is not None:
            lines = Surroundings(checked)
            see = self._placed(read, lines, self._places)
            # Where strokes come or go, they may change what all others are.
            costs, usual, known = self._model.card.sign_grouping, lines.usual, strokes.Cache()
        found = characters(checked, lambda group: see(group).confidence, costs, guess, known, usual)
        return self._with_result(reading_of([see(group) for group in found]))

    def _placed(self, read: ReadGroup, lines: Surroundings, places: LinePlaces) -> ReadGroup:
        """Reads strokes by what they look like and by where they stand on their line."""

        def see(group: tuple[strokes.Stroke, ...]) -> Prediction:
            seen, place = read(group), lines.place_of(group)
            if seen.label is None or place is None:
                return seen
            joint = places.weighed(seen.joint, *place)
            placed = self._prediction(seen.glyph, joint, seen.box)
            return replace(placed, directions=seen.directions, strokes=seen.strokes)

        return see

    def classify_image(self, image: Any) -> Prediction:
        """Read one character from a picture.

        image: a path (PNG, JPEG, BMP, GIF, WebP, TIFF), such a file in memory (BytesIO), or an
        array, grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4), dark on light or light on dark,
        uint8, uint16 or
        float 0..1; 8 × 8 pixels to 40 megapixels.
        Raises ValueError (PictureError for a file) if it cannot be read.
        """
        grey, _ = images.grey_of(image, images.CLASSIFIED_SIDE_PX)
        known = glyph.already(grey)
        return self._classify(glyph.normalize(images.ink_on(grey)) if known is None else known)

    def read_image(self, image: Any) -> Reading:
        """Read a number of any length, on one line or several, from a picture.

        image: as for `classify_image`; a photo of paper, ruled or not, or a scan as well.
        Its lines may slope by up to 20°. Boxes are in the picture's pixels, turned upright
        if it is a photo that says how the camera was held.
        Raises ValueError (PictureError for a file) if it cannot be read.
        """
        # OpenCV takes longer to import than one digit takes to be read without it.
        from recognizer.images import lines
        from recognizer.segmentation import lattice

        grey, size = images.grey_of(image, lines.READ_SIDE_PX)
        page = lines.page_of(grey, size, glyph.already(grey))
        found = [
            [
                self._prediction(each.glyph, each.probabilities, line.box_of(each.ink))
                for each in lattice.read(
                    line, self.predict_joint, self._model.card.lattice, self._places
                )
            ]
            for line in lines.text_lines(page, dots=self._places is not None)
        ]
        return self.read_again(self._with_result(reading_of_lines(found)))

    def read_again(self, reading: Reading) -> Reading:
        """The reading of a picture as what was learned says, if it says more.

        It does so of a single character alone.
        """
        if len(reading.digits) != 1 or not self.hand.drawings:
            return reading
        (plain,) = reading.digits
        learned = replace(self._classify(plain.glyph), box=plain.box)
        more = learned.label != plain.label or learned.confidence > plain.confidence
        return self._with_result(reading_of_lines([[learned]])) if more else reading

    def learn_image(self, image: Any, label: str) -> None:
        """Learn that a picture shows this character; pictures of one character are read by it.

        image: as for `classify_image`. Raises as `learn`.
        """
        seen = self.classify_image(image)
        if seen.label is None:
            raise ValueError("there is nothing to learn: the picture is blank")
        self.learn_drawing(LearnedDrawing(label, picture=seen.glyph))

    def _with_result(self, reading: Reading) -> Reading:
        """The reading as that of sums, one in each line, and what it comes to, if asked for."""
        if self._asked != SUMS:
            return reading
        digits = iter(reading.digits)
        lines = [tuple(islice(digits, len(line.replace(" ", "")))) for line in reading.lines]
        reading = reading_of_lines([as_allowed(line, is_begun) for line in lines])
        text = reading.text.replace(" ", "")  # which mean nothing in a sum
        return replace(reading, text=text, result=result_of(text))

    def _read_character(
        self, members: tuple[strokes.Stroke, ...], area: tuple[float, float]
    ) -> Prediction:
        prediction = self._classify_strokes(members, area)
        return replace(prediction, box=strokes.ink_bounds(members), strokes=members)

    def _classify_strokes(
        self, drawing: tuple[strokes.Stroke, ...], area: tuple[float, float]
    ) -> Prediction:
        directed = self._model.card.channels > 1
        return self._classify(*glyph.of_strokes(drawing, area, directed), drawn=True)

    def _classify(
        self,
        picture: glyph.Glyph,
        directions: NDArray[np.uint8] | None = None,
        *,
        drawn: bool = False,
    ) -> Prediction:
        if not picture.any():
            even = np.full(len(self.labels), 1 / len(self.labels), dtype=np.float32)
            return Prediction(None, 0.0, self.labels, even, False, picture)
        seen = picture[None], None if directions is None else directions[None]
        if self.hand.drawings:
            known = self.known_by_hand(*seen, drawn)
        else:
            known = self._model.predict_proba(*seen)
        joint = answered(known, self._model.card.labels, self.labels)[0]
        return replace(self._prediction(picture, joint), directions=directions)

    def _prediction(
        self, picture: glyph.Glyph, joint: Probabilities, box: Box | None = None
    ) -> Prediction:
        shares, other = given_inside(joint[None])
        best = int(joint.argmax())
        confidence = float(joint[best])
        return Prediction(
            self.labels[best],
            confidence,
            self.labels,
            shares[0],
            confidence > self.threshold,
            picture,
            float(other[0]),
            box,
        )
