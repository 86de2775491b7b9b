"""Drawings and pictures to readings: from ink to labels with their confidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recognizer import glyph, images, strokes
from recognizer.errors import brief
from recognizer.expression import Result, is_begun, is_usual, result_of
from recognizer.geometry import Box, in_lines, spaces
from recognizer.labels import SUMS
from recognizer.model import PROBABLY, UNSURE_SIGN, Probabilities, answered, given_inside
from recognizer.model import Prediction as Prediction
from recognizer.model.learned import LearnedDrawing
from recognizer.model.learner import Learner
from recognizer.segmentation.grouping import characters, unsure_of_signs
from recognizer.segmentation.places import LOW_LABELS, LinePlaces, Surroundings
from recognizer.segmentation.syntax import as_allowed

if TYPE_CHECKING:
    from recognizer.images.lines import TextLine

ReadGroup = Callable[[tuple[strokes.Stroke, ...]], Prediction]
"""Reads strokes as one character."""
MAX_STROKES_READ = 2000
"""More strokes are not read at a time: several closely written pages have fewer."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a number of any length was read as.

    text: the likeliest labels, "2047", its lines joined by newlines, what stands far apart on a
    line by spaces; "" for an empty drawing.
    digits: a Prediction with its `box` for each of them, left to right and line by line.
    confidence: probability that the whole text is right, 0 to 1; 0 for an empty drawing.
    sure: whether every character is sure; False for an empty drawing.
    result: what the text comes to as a sum; None unless the labels asked for are "sums".
    partial: whether a picture holds more than can be read at a time; then it is never sure.
    """

    text: str
    digits: tuple[Prediction, ...]
    confidence: float
    sure: bool
    result: Result | None = None
    partial: bool = False

    @property
    def lines(self) -> list[str]:
        """The text of each line, from the top."""
        return self.text.split("\n") if self.text else []

    @property
    def line_numbers(self) -> list[range]:
        """Which of the digits stand on each line, by their numbers."""
        begins = [number for number, gap in enumerate(self._gaps) if number == 0 or "\n" in gap]
        return [*map(range, begins, [*begins[1:], len(self.digits)])]

    @cached_property
    def _gaps(self) -> list[str]:
        """What stands in the text before each digit: nothing, a space or a newline."""
        gaps, at = [], 0
        for label in (each.label or "" for each in self.digits):
            start = self.text.index(label, at)
            gaps.append(self.text[at:start])
            at = start + len(label)
        return gaps

    @property
    def words(self) -> str:
        """What is said of it: "2047" or "12+30 is 42", with ", probably" if not sure; "20?7"."""
        shown = "".join(gap + each.sign for gap, each in zip(self._gaps, self.digits, strict=True))
        if not shown or UNSURE_SIGN in shown:
            return shown
        said = self.result.told(shown) if self.result else shown
        return said if self.sure else said + PROBABLY

    @property
    def value(self) -> int | Decimal | None:
        """What a sum comes to; None if it has no value, and unless "sums" are asked for."""
        return None if self.result is None else self.result.value

    @property
    def correct(self) -> bool | None:
        """Whether the result that the writer of a sum gave is right; None if there is none."""
        return None if self.result is None else self.result.correct

    def as_json(
        self, *, glyphs: bool = False, drawing: Sequence[strokes.Stroke] | None = None
    ) -> dict[str, Any]:
        """For programs: what can be written as an object of JSON.

        glyphs: whether each character tells what the network saw, too. drawing: what was read;
        with it, each character tells which of its strokes it is.
        """
        return {
            "text": self.text,
            "lines": self.lines,
            "words": self.words,
            "confidence": round(self.confidence, 4),
            "sure": self.sure,
            "partial": self.partial,
            "digits": [each.as_json(glyph=glyphs, drawing=drawing) for each in self.digits],
            **({} if self.result is None else self.result.as_json()),
        }


PARTLY_READ_TEXT = "read in part: it holds more than 2,000 characters or 200 lines"
PLAUSIBLE = 0.05
"""What is unusual in a sum is read otherwise only if that is so probable, too."""
NOTHING_READ = Reading("", (), 0.0, False)


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

    @cached_property
    def places(self) -> LinePlaces | None:
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
        if self.places is not None:
            lines = Surroundings({stroke: strokes.bounds([stroke]) for stroke in checked})
            see = self._placed(read, lines, self.places)
            # Where strokes come or go, they may change what all others are.
            costs, usual, known = self._model.card.sign_grouping, lines.usual, strokes.Cache()
        found = characters(checked, lambda group: see(group).confidence, costs, guess, known, usual)
        return self._with_result(reading_of([see(group) for group in found]))

    def _placed(
        self, read: ReadGroup, lines: Surroundings[strokes.Stroke], places: LinePlaces
    ) -> ReadGroup:
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
        uint8, uint16 or float 0..1; 8 × 8 pixels to 40 megapixels.
        Raises ValueError (PictureError for a file) if it cannot be read.
        """
        grey, _ = images.grey_of(image, images.CLASSIFIED_SIDE_PX)
        if (known := glyph.already(grey)) is None:
            from recognizer.images.paper import ink_on  # brings in OpenCV, which takes its time

            known = glyph.normalize(ink_on(grey))
        return self._classify(known)

    def read_image(self, image: Any, steps: images.Steps | None = None) -> Reading:
        """Read a number of any length, on one line or several, from a picture.

        image: as for `classify_image`; a photo of paper, ruled or not, or a scan as well. Its lines
        may slope by up to 20°, one alone by more. Boxes are in its pixels, turned upright.
        steps: an empty list that takes the pictures of the stages, each with its name.
        Raises ValueError (PictureError for a file) if it cannot be read, ModelError for a model.
        """
        from recognizer.images import lines

        grey, size = images.grey_of(image, lines.READ_SIDE_PX)
        page = lines.page_of(grey, size, glyph.already(grey), steps)
        found = reading_of_lines([self._likelier(line, steps) for line in page.lines])
        reading = self.read_again(self._with_result(found))
        return replace(reading, partial=page.partial, sure=reading.sure and page.is_whole)

    def _likelier(self, line: TextLine, steps: images.Steps | None) -> list[Prediction]:
        """The characters of a line, turned or as they stand if it falls; sure if both agree."""
        turned = self._read_line(line, steps)
        if line.upright is None:
            return turned
        ways = [turned, self._read_line(line.upright, steps)]
        best = max(ways, key=lambda read: math.prod(each.confidence for each in read))
        agreed = len({tuple(each.label for each in read) for read in ways}) == 1
        return best if agreed else [replace(each, sure=False) for each in best]

    def _read_line(self, line: TextLine, steps: images.Steps | None) -> list[Prediction]:
        from recognizer.segmentation import apart, line_reader

        model, threshold = self._model.line_model, self.threshold
        if model is None:
            found = apart.read(line, self.predict_joint, self.places)
        else:
            found = line_reader.read(
                line, model, self.labels, self.predict_joint, self.places, steps
            )
            threshold = model.threshold_for(self.labels)
        read = [self._prediction(x.glyph, x.probabilities, line.box_of(x.ink)) for x in found]
        certain = [each.certainty > threshold for each in found]
        return [replace(each, sure=sure) for each, sure in zip(read, certain, strict=True)]

    def read_again(self, reading: Reading) -> Reading:
        """The reading of a picture of one character as what was learned says, if it says more."""
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
        lines = (reading.digits[each.start : each.stop] for each in reading.line_numbers)
        begun = (as_allowed(line, is_begun) for line in lines)
        reading = reading_of_lines([as_allowed(line, is_usual, PLAUSIBLE) for line in begun])
        text = reading.text.replace(" ", "")  # which mean nothing in a sum
        return replace(reading, text=text, result=result_of(text))

    def _read_character(
        self, members: tuple[strokes.Stroke, ...], area: tuple[float, float]
    ) -> Prediction:
        seen = self._classify_strokes(members, area)
        return replace(seen, box=strokes.ink_bounds(members), strokes=members)

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
        label, confidence, beside = self.labels[best], float(joint[best]), float(other[0])
        sure = confidence > self.threshold
        return Prediction(label, confidence, self.labels, shares[0], sure, picture, beside, box)


def reading_of(predictions: Sequence[Prediction]) -> Reading:
    """The reading of characters with their boxes, in any order; what is blank is left out."""
    found = [(each, each.box) for each in predictions if each.label is not None and each.box]
    low = [number for number, (each, _) in enumerate(found) if each.label in LOW_LABELS]
    lines = in_lines([box for _, box in found], low)
    return reading_of_lines([unsure_of_signs([found[n] for n in line]) for line in lines])


def _spaced(line: Sequence[Prediction]) -> str:
    """The labels of a line, with a space where there is so much room between two."""
    boxes = [each.box for each in line if each.box]
    ends = [*(" " if is_space else "" for is_space in spaces(boxes)), ""]
    return "".join(f"{each.label}{end}" for each, end in zip(line, ends, strict=True))


def reading_of_lines(lines: Sequence[Sequence[Prediction]]) -> Reading:
    """The reading of characters in their order, line by line."""
    ordered = tuple(each for line in lines for each in line)
    return Reading(
        text="\n".join(_spaced(line) for line in lines if line),
        digits=ordered,
        confidence=math.prod(each.confidence for each in ordered) if ordered else 0.0,
        sure=bool(ordered) and all(each.sure for each in ordered),
    )
