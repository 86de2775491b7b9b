"""A line of ink read whole: what stands in it, and which ink is whose.

The line network tells along the line what it sees; the likeliest text follows from that, and from
its alignment where each character stands. The character network then reads the ink of each by
itself, and both answers are weighed together.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer import glyph, images
from recognizer.geometry import Box
from recognizer.images.lines import Component, TextLine
from recognizer.images.paper import FRINGE_GREY
from recognizer.ink import Ink
from recognizer.labels import Labels
from recognizer.model import Probabilities, answered
from recognizer.model.line_model import BLANK, COLUMNS_PER_STEP, FIRST_COLUMN, LineModel
from recognizer.segmentation.character_ink import inks_of, joined
from recognizer.segmentation.places import LinePlaces
from recognizer.segmentation.strips import strip_of

Predict = Callable[[NDArray[np.uint8]], Probabilities]
Steps = NDArray[np.float32]
"""(steps, 1 + labels + 1): probabilities of no character, of each label, and of any other."""
Text = tuple[int, ...]
"""The classes of a text's characters."""

CLEAR = 0.999
"""Where every step has a class so probable, the likeliest path is the likeliest text."""
CERTAIN = 0.99
"""Connected ink that the character network is so certain of is no two characters."""
BEAM, MIN_SHARE = 10, 0.003
"""So many texts are followed, and of each step the classes that are at least so probable."""
WHOLE_WEIGHT, CUT_WEIGHT = 0.7, 0.3
"""What the character network says counts so much beside the line network: of ink that stands apart,
and of what was cut from that of others."""
ONE_FACTOR = 3.0
"""Ink that was cut, and is not wider than high, is one character if that is so many times as likely
as all its parts."""
SIGN_WEIGHT = 2.0
"""A sign is so much likelier where signs may be answered than among all that was learned from."""
FRINGE_PX = 1
"""How far the ink of a character reaches beyond it on every side: its faint fringe."""
MIN_PROBABILITY = 1e-4
"""Neither network is trusted any further that something cannot be."""


@dataclass(frozen=True, eq=False)
class Character:
    """A character found in a line: its ink there, its glyph, and what that was read as.

    probabilities: (labels,), what is missing to 1 is the probability of another character.
    certainty: what decides whether it is sure, 0 to 1.
    """

    ink: Component
    glyph: glyph.Glyph
    probabilities: Probabilities
    certainty: float


def read(
    line: TextLine,
    model: LineModel,
    labels: Labels,
    predict: Predict,
    places: LinePlaces | None = None,
    pictures: images.Steps | None = None,
) -> list[Character]:
    """The characters of a line, from left to right.

    labels: that may be answered. predict: probabilities (n, labels) of glyphs (n, 28, 28).
    places: of the labels on a line, if it counts where a character stands. pictures: takes the
    strip that the network sees.
    """
    if places is None and (single := _single(line.ink, predict)):
        return [single]
    strip = strip_of(line.ink)
    images.show(pictures, "strip", strip.picture)
    steps = asked(model.see(strip.picture), model.labels, labels)
    spans, likely = spotted(steps)
    parts = inks_of(line.ink, [strip.ink_x(_column(steps, span)) for span in spans])
    kept = [number for number, part in enumerate(parts) if part is not None]
    if not kept:
        return []
    found = [part for part in parts if part is not None]
    glyphs = np.stack([glyph.normalize(part.ink.ink) for part in found])
    seen = np.stack([steps[_clearest(steps, spans[number])] for number in kept])
    alone = predict(glyphs)
    weights = np.where([part.cut_from is None for part in found], WHOLE_WEIGHT, CUT_WEIGHT)
    both = weighed(seen, alone, weights)
    if places is not None:
        boxes = boxes_of([part.ink for part in found], line.ink)
        alone, both = places.among(alone, boxes), places.among(both, boxes)
    both = (both * likely[kept, None]).astype(np.float32)
    # It is sure if what the line shows is what its ink alone shows.
    certainty = alone[np.arange(len(kept)), both.argmax(axis=1)] * likely[kept]
    inks = [part.ink for part in found]
    characters = [
        Character(*each) for each in zip(inks, glyphs, both, certainty.tolist(), strict=True)
    ]
    return _as_one(characters, [part.cut_from for part in found], predict)


def _as_one(
    characters: Sequence[Character], cut_from: Sequence[int | None], predict: Predict
) -> list[Character]:
    """The characters, but those that were cut from the same ink are one if it is far likelier.

    cut_from: what each was cut from, see `CharacterInk`. Such a one is never sure.
    """
    found: list[Character] = []
    for number, group in groupby(zip(characters, cut_from, strict=True), key=lambda each: each[1]):
        own = [each for each, _ in group]
        found += own if number is None else _one_or_all(own, predict)
    return found


def _one_or_all(parts: list[Character], predict: Predict) -> list[Character]:
    """The character that all the parts of some ink are, if that is far likelier, or the parts."""
    ink = joined([each.ink for each in parts])
    if ink.box.width > ink.box.height:
        return parts
    normal = glyph.normalize(ink.ink)
    (alone,) = predict(normal[None])
    apart = math.prod(float(each.probabilities.max()) for each in parts)
    return [Character(ink, normal, alone, 0.0)] if alone.max() > ONE_FACTOR * apart else parts


def _single(ink: Ink, predict: Predict) -> Character | None:
    """The character that a line is, if it is connected and narrow, and one for certain.

    Two that touch are hardly ever taken for one, and then it is so certain by chance.
    """
    height, width = ink.shape
    if width > height or cv2.connectedComponents((ink > FRINGE_GREY).astype(np.uint8))[0] != 2:
        return None
    normal = glyph.normalize(ink)
    (alone,) = predict(normal[None])
    if (certainty := float(alone.max())) < CERTAIN:
        return None
    return Character(Component(ink, 0, 0), normal, alone, certainty)


def asked(seen: NDArray[np.float32], known: Labels, labels: Labels) -> Steps:
    """What the network saw of all that it knows, (steps, 1 + known), as answers of some labels."""
    some = answered(seen[:, 1:], known, labels)
    other = np.maximum(1 - seen[:, :1] - some.sum(axis=1, keepdims=True), 0)
    weights = np.array([1.0 if label.isalnum() else SIGN_WEIGHT for label in labels])
    steps = np.concatenate([seen[:, :1], some * weights, other], axis=1)
    return np.asarray(steps / steps.sum(axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True)
class Span:
    """A character's place in the likeliest text: its class, and its steps, from and to."""

    number: int
    first: int
    last: int


def spotted(steps: Steps) -> tuple[list[Span], NDArray[np.float64]]:
    """The characters of the likeliest text and where they stand, and how likely each is there."""
    if len(steps) and float(steps.max(axis=1).min()) < CLEAR:
        texts = likely_texts(steps)
        text = max(texts, key=lambda each: texts[each])
        return (aligned(steps, text) if text else []), standing(text, texts)
    spans = _runs(steps.argmax(axis=1)) if len(steps) else []
    return spans, np.ones(len(spans))


def _runs(path: NDArray[np.intp]) -> list[Span]:
    """Each run of a class other than BLANK along a path."""
    starts = np.flatnonzero(np.concatenate([[True], path[1:] != path[:-1]]))
    ends = [*starts[1:], len(path)]
    runs = zip(path[starts].tolist(), starts.tolist(), ends, strict=True)
    return [Span(number, first, int(end) - 1) for number, first, end in runs if number != BLANK]


def likely_texts(steps: Steps) -> dict[Text, float]:
    """The classes of the likeliest texts, each with the share of all paths that spell it.

    Prefix beam search (Graves, 2012; Hannun and others: First-pass large vocabulary continuous
    speech recognition, 2014).
    """
    beam: dict[Text, tuple[float, float]] = {(): (1.0, 0.0)}
    for shares in steps:
        some = [
            number for number in np.flatnonzero(shares >= MIN_SHARE).tolist() if number != BLANK
        ]
        blank = float(shares[BLANK])
        found: dict[Text, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for text, (ends_blank, ends_label) in beam.items():
            found[text][0] += (ends_blank + ends_label) * blank
            for number in some:
                share = float(shares[number])
                longer = found[(*text, number)]
                if text and text[-1] == number:
                    found[text][1] += ends_label * share
                    longer[1] += ends_blank * share
                else:
                    longer[1] += (ends_blank + ends_label) * share
        kept = sorted(found.items(), key=lambda each: -sum(each[1]))[:BEAM]
        scale = sum(kept[0][1]) or 1.0
        beam = {text: (a / scale, b / scale) for text, (a, b) in kept}
    whole = sum(map(sum, beam.values()))
    return {text: sum(shares) / whole for text, shares in beam.items()}


def standing(text: Text, texts: Mapping[Text, float]) -> NDArray[np.float64]:
    """How likely each character of a text stands there, (n,): by all likely texts together.

    Beside a character that only another text has, neither neighbour stands there for sure.
    """
    found = np.zeros(len(text))
    for other, share in texts.items():
        matcher = SequenceMatcher(None, text, other, autojunk=False)
        there = np.zeros(len(text))
        for kind, first, last, _, _ in matcher.get_opcodes():
            if kind == "equal":
                there[first:last] = 1.0
        for kind, first, last, _, _ in matcher.get_opcodes():
            if kind == "insert":
                there[max(first - 1, 0) : last + 1] = 0.0
        found += share * there
    return found


def aligned(steps: Steps, text: Text) -> list[Span]:
    """Where the classes of a text stand along the likeliest path that spells it (Viterbi)."""
    states = np.full(2 * len(text) + 1, BLANK)
    states[1::2] = text
    may_skip = np.zeros(len(states), dtype=bool)
    may_skip[3::2] = states[3::2] != states[1:-2:2]
    costs = -np.log(np.maximum(steps[:, states], 1e-9))
    best = np.full(len(states), np.inf)
    best[:2] = costs[0, :2]
    came = np.zeros((len(steps), len(states)), dtype=np.intp)
    for at in range(1, len(steps)):
        ways = np.stack([best, _shifted(best, 1), np.where(may_skip, _shifted(best, 2), np.inf)])
        came[at] = ways.argmin(axis=0)
        best = ways.min(axis=0) + costs[at]
    state = int(len(states) - 2 + np.argmin(best[-2:]))
    path = [state]
    for at in range(len(steps) - 1, 0, -1):
        state -= int(came[at, state])
        path.append(state)
    places = np.array(path[::-1])
    spans = []
    for number, label in enumerate(text):
        own = np.flatnonzero(places == 2 * number + 1)
        if len(own):
            spans.append(Span(label, int(own[0]), int(own[-1])))
    return spans


def _shifted(values: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    return np.concatenate([np.full(by, np.inf), values[:-by]])


def _clearest(steps: Steps, span: Span) -> int:
    """The step of a span at which its class is the likeliest."""
    return span.first + int(steps[span.first : span.last + 1, span.number].argmax())


def _column(steps: Steps, span: Span) -> float:
    """The middle of a span in the strip, each step counting by its probability."""
    some = np.arange(span.first, span.last + 1)
    middle = float(np.average(some, weights=steps[some, span.number] + 1e-6))
    return FIRST_COLUMN + COLUMNS_PER_STEP * middle + 0.5


def boxes_of(characters: Sequence[Component], line: Ink) -> list[Box]:
    """The boxes of characters' strokes along their middles, in pixels of the line."""
    off = glyph.pen_width(line) / 2 + FRINGE_PX
    return [
        each.box.grown(-min(off, each.box.width / 2, each.box.height / 2)) for each in characters
    ]


def weighed(line: Steps, alone: Probabilities, weights: NDArray[np.float64]) -> Probabilities:
    """The joint probabilities (n, labels) by the line network (n, 1 + labels + 1) and by the
    character network alone (n, labels): their product, the latter to the power of a weight."""
    other = np.maximum(1 - alone.sum(axis=1, keepdims=True), 0)
    both = np.maximum(np.concatenate([alone, other], axis=1), MIN_PROBABILITY)
    product = np.maximum(line[:, 1:], MIN_PROBABILITY) * both ** weights[:, None]
    return np.asarray((product / product.sum(axis=1, keepdims=True))[:, :-1], dtype=np.float32)
