"""Sketches in files: strokes to InkML and back.

Ink Markup Language, W3C Recommendation of 20 September 2011. A sketch is written as traces
with a brush for every pen width, and its writing area as a canvas. What is read may come
from other programs: groups, contexts, more channels, differences, no brush.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np

from recognizer.files import atomic_write
from recognizer.geometry import Points
from recognizer.inkml import parsing
from recognizer.inkml.parsing import InkMLError as InkMLError
from recognizer.strokes import MAX_COORDINATE, MIN_EXTENT, Cache, Stroke, as_extent, as_strokes

DEMO_CELL_SIDE = 500.0
DEMO_FILE = Path(__file__).with_name("demo.inkml")
"""A person's drawing of every digit, each in a square of `DEMO_CELL_SIDE`, side by side."""
_DECIMALS = 6
_NAMESPACE = "http://www.w3.org/2003/InkML"
_CENTIMETRES = {"m": 100.0, "cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6}
_CENTIMETRES["himetric"] = 0.001


def read_inkml(path: str | Path) -> tuple[tuple[Stroke, ...], tuple[float, float] | None]:
    """Strokes of an InkML file, and the (width, height) of its writing area if it tells.

    Pen widths are None where the file has no brush. Raises InkMLError that names the file
    if it cannot be read, is no InkML, is damaged, or is larger than any sketch.
    """
    path = Path(path)
    document = _Document(path, parsing.parse(path))
    drawn = document.strokes()
    try:
        strokes = as_strokes(drawn)
    except ValueError as error:
        raise InkMLError(f"{path} is damaged: {error}") from None
    return strokes, document.extent()


def demo_drawings() -> dict[int, tuple[Stroke, ...]]:
    """A person's drawing of every digit, each in a square of `DEMO_CELL_SIDE`, side by side."""
    found: dict[int, tuple[Stroke, ...]] = {}
    for stroke in read_inkml(DEMO_FILE)[0]:
        digit = int(stroke.points[0, 0] // DEMO_CELL_SIDE)
        found[digit] = (*found.get(digit, ()), stroke)
    return found


def write_inkml(
    path: str | Path,
    strokes: Iterable[Any],
    extent: tuple[float, float] | None,
    cache: Cache | None = None,
) -> None:
    """Write strokes, their pen widths and the size of the writing area; whole or not at all.

    cache: for a drawing that is written again and again, the same one every time, so that only
    new strokes are put into words.
    Raises ValueError for strokes that are none, OSError if the file cannot be written.
    """
    known = Cache() if cache is None else cache
    known.begin_round()
    text = _text(as_strokes(strokes), None if extent is None else as_extent(extent), known)
    atomic_write(path, text.encode("utf-8"))


def _text(strokes: tuple[Stroke, ...], extent: tuple[float, float] | None, cache: Cache) -> str:
    widths = {stroke.width for stroke in strokes if stroke.width is not None}
    pens = {width: f"pen{number}" for number, width in enumerate(sorted(widths))}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<ink xmlns="{_NAMESPACE}">',
        "  <definitions>",
        *(_area(extent) if extent else ()),
        *(_brush(width, pen) for width, pen in pens.items()),
        "  </definitions>",
        *(_trace(stroke, pens, cache) for stroke in strokes),
        "</ink>",
    ]
    return "\n".join(lines) + "\n"


def _area(extent: tuple[float, float]) -> Iterable[str]:
    yield '    <canvas xml:id="area">'
    yield "      <traceFormat>"
    for axis, side in zip("XY", extent, strict=True):
        yield f'        <channel name="{axis}" type="decimal" min="0" max="{_number(side)}"/>'
    yield "      </traceFormat>"
    yield "    </canvas>"


def _brush(width: float, pen: str) -> str:
    value = _number(width)
    return f'    <brush xml:id="{pen}"><brushProperty name="width" value="{value}"/></brush>'


def _trace(stroke: Stroke, pens: dict[float, str], cache: Cache) -> str:
    points = cache.get_or_make(stroke, lambda: _points(stroke))
    brush = "" if stroke.width is None else f' brushRef="#{pens[stroke.width]}"'
    return f"  <trace{brush}>{points}</trace>"


def _points(stroke: Stroke) -> str:
    return ", ".join(f"{_number(x)} {_number(y)}" for x, y in stroke.points.tolist())


def _number(value: float) -> str:
    # InkML knows no exponents, and 9 + 6 digits are what a double holds.
    text = f"{value:.{_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class _Document:
    """An InkML document, its elements found by their id."""

    def __init__(self, path: Path, root: Element) -> None:
        self._path = path
        self._root = root
        self._named = {name: e for e in root.iter() if (name := e.get("id"))}
        areas = {id(e) for canvas in root.iter("canvas") for e in canvas.iter("traceFormat")}
        # Programs leave out the reference where the document has only one format.
        self._usual = next((e for e in root.iter("traceFormat") if id(e) not in areas), None)
        self._resolution = _resolution(root)
        # What traces refer to, found once for all that do.
        self._formats: dict[str | None, parsing.Format] = {}
        self._widths: dict[tuple[str | None, str | None], float | None] = {}
        self._firsts: dict[tuple[int, str], Element | None] = {}

    def extent(self) -> tuple[float, float] | None:
        for canvas in self._root.iter("canvas"):
            found = canvas.find("traceFormat")
            if found is None:
                continue
            channels = {channel.get("name"): channel for channel in found.iter("channel")}
            sides = [_range(channels.get(axis)) for axis in "XY"]
            if all(MIN_EXTENT <= side <= MAX_COORDINATE for side in sides):
                return sides[0], sides[1]
        return None

    def strokes(self) -> list[Stroke]:
        pieces: list[list[Points]] = []
        widths: list[float | None] = []
        count = 0
        for number, (trace, settings) in enumerate(parsing.traces(self._root), start=1):
            text = parsing.text_of(trace)
            count += text.count(",") + 1
            self._check_size(number, count)
            form = self._format(settings.get("contextRef"))
            try:
                points = parsing.points(text, form)
            except ValueError as error:
                raise InkMLError(f"{self._path} is damaged: trace {number} {error}") from None
            if trace.get("continuation") in ("middle", "end") and pieces:
                pieces[-1].append(points)
            else:
                pieces.append([points])
                widths.append(self._width(settings, form))
        return [
            Stroke(np.concatenate(parts), width)
            for parts, width in zip(pieces, widths, strict=True)
        ]

    def _check_size(self, traces: int, points: int) -> None:
        for count, most, name in (
            (traces, parsing.MAX_TRACES, "traces"),
            (points, parsing.MAX_POINTS, "points"),
        ):
            if count > most:
                raise InkMLError(
                    f"{self._path} has more than {most} {name}; divide it into several sketches"
                )

    def _format(self, reference: str | None) -> parsing.Format:
        if reference not in self._formats:
            context = self._at(reference)
            found = self._beneath(context, "traceFormat") if context is not None else None
            self._formats[reference] = parsing.Format.of(
                found if found is not None else self._usual
            )
        return self._formats[reference]

    def _width(self, settings: dict[str, str], form: parsing.Format) -> float | None:
        """The width of a trace's brush in the unit of its points; None if that is not known."""
        key = settings.get("brushRef"), settings.get("contextRef")
        if key not in self._widths:
            brush, context = map(self._at, key)
            if brush is None and context is not None:
                brush = self._beneath(context, "brush")
            entry = None if brush is None else self._first(brush, "brushProperty", "width")
            self._widths[key] = None if entry is None else self._in_points(entry, form)
        return self._widths[key]

    def _at(self, reference: str | None) -> Element | None:
        return self._named.get(reference.removeprefix("#")) if reference else None

    def _beneath(self, context: Element, tag: str) -> Element | None:
        """The context's own element of this kind, or the one that it refers to."""
        found = self._first(context, tag)
        if found is None:
            found = self._at(context.get(f"{tag}Ref"))
        if found is None and (source := self._at(context.get("inkSourceRef"))) is not None:
            found = self._first(source, tag)
        return found

    def _first(self, element: Element, tag: str, name: str | None = None) -> Element | None:
        """The first element of a kind in another, of this name if one is given."""
        key = id(element), tag
        if key not in self._firsts:
            inside = (e for e in element.iter(tag) if name is None or e.get("name") == name)
            self._firsts[key] = next(inside, None)
        return self._firsts[key]

    def _in_points(self, entry: Element, form: parsing.Format) -> float | None:
        """A length in the unit of the points; None if it is no possible width of a pen."""
        width, unit = parsing.decimal(entry.get("value")), entry.get("units")
        if width is not None and unit in _CENTIMETRES:
            if self._resolution is not None:
                steps, per = self._resolution
                width *= _CENTIMETRES[unit] / _CENTIMETRES[per] * steps
            elif form.unit in _CENTIMETRES:
                width *= _CENTIMETRES[unit] / _CENTIMETRES[form.unit]
            else:
                return None
        return width if width is not None and 0 <= width <= MAX_COORDINATE else None


def _resolution(root: Element) -> tuple[float, str] | None:
    """Steps of the X channel to a unit of length, and that unit."""
    for entry in root.iter("channelProperty"):
        unit = (entry.get("units") or "").removeprefix("1/")
        steps = parsing.decimal(entry.get("value"))
        wanted = (entry.get("channel"), entry.get("name")) == ("X", "resolution")
        if wanted and unit in _CENTIMETRES and steps:
            return steps, unit
    return None


def _range(channel: Element | None) -> float:
    if channel is None:
        return 0.0
    low, high = (parsing.decimal(channel.get(end)) for end in ("min", "max"))
    return 0.0 if high is None else high - (low or 0.0)
