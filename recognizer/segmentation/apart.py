"""A line of ink whose characters stand apart, each read by itself.

So reads a model that has no line network: what touches is one character to it.
"""

from __future__ import annotations

import numpy as np

from recognizer import glyph
from recognizer.geometry import Box, union
from recognizer.images.lines import Component, TextLine, connected
from recognizer.ink import Ink
from recognizer.segmentation.character_ink import joined, part_of
from recognizer.segmentation.line_reader import Character, Predict, boxes_of
from recognizer.segmentation.places import LinePlaces

OVERLAP_SHARE = 0.3
"""Components one above the other over this share of the narrower one are one character."""


def read(line: TextLine, predict: Predict, places: LinePlaces | None = None) -> list[Character]:
    """The characters of a line, from left to right.

    predict: probabilities (n, labels) of glyphs (n, 28, 28). places: of the labels on the line,
    if it counts where a character stands.
    """
    found = characters_in(line.ink)
    glyphs = np.stack([glyph.normalize(each.ink) for each in found])
    seen = predict(glyphs)
    if places is not None:
        seen = places.among(seen, boxes_of(found, line.ink))
    sure = seen.max(axis=1).tolist()
    return [Character(*each) for each in zip(found, glyphs, seen, sure, strict=True)]


def characters_in(ink: Ink) -> list[Component]:
    """The connected ink of a line (height, width), from left to right; parts above each other,
    such as the bars of a 5 and of =, are joined."""
    groups: list[list[Component]] = []
    boxes: list[Box] = []
    for part in _components(ink, glyph.pen_width(ink)):
        if boxes and _is_above(boxes[-1], part.box):
            groups[-1].append(part)
            boxes[-1] = union([boxes[-1], part.box])
        else:
            groups.append([part])
            boxes.append(part.box)
    return [joined(group) for group in groups]


def _components(ink: Ink, pen: float) -> list[Component]:
    """The connected ink of a line, from left to right by their middles."""
    labels, found = connected(ink, pen)
    order = sorted(range(len(found)), key=lambda n: 2 * found[n, 0] + found[n, 2])
    parts = (part_of(ink, labels, n + 1) for n in order)
    return [part for part in parts if part is not None]


def _is_above(one: Box, other: Box) -> bool:
    """Whether one box lies above or below another, or in it."""
    shared = min(one.right, other.right) - max(one.x, other.x)
    return shared > OVERLAP_SHARE * min(one.width, other.width)
