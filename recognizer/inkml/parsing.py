"""The XML of InkML, read so that no file can do harm, and the points of its traces."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from recognizer.geometry import Points

MAX_FILE_BYTES = 16 * 2**20
"""Size in bytes of the largest file that is read; an hour of steady writing fits in."""
MAX_ELEMENTS, MAX_TRACES, MAX_POINTS = 100_000, 20_000, 1_000_000
"""The most elements, traces, and points of all traces that a file may have."""
_MAX_DEPTH = 64
_MAX_HEX_CHARACTERS = 16
_SETTINGS = ("contextRef", "brushRef")
_VALUE = re.compile(
    r"""\s*(?:([!'"])\s*)?([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|\#[0-9A-Fa-f]+|[*?TF])\s*"""
)
_PLAIN = re.compile(r"[-+.0-9\s,]*")
_EXPLICIT, _FIRST, _SECOND = "!", "'", '"'


class InkMLError(ValueError):
    """An InkML file that cannot be read; the message names the file and the trouble."""


class _RefusedError(Exception):
    """The document holds what is never read."""


def parse(path: Path) -> Element:
    """The root of an InkML document; names without their namespace.

    Raises InkMLError for whatever cannot be opened or is no InkML. Document types, which
    could declare entities and bring in other files, are refused, and so is deep nesting.
    """
    data = _read(path)
    if not data.strip():
        raise InkMLError(f"{path} is empty; an InkML file with strokes is needed")
    try:
        root = _tree(data)
    except _RefusedError as error:
        raise InkMLError(f"{path} is not read because it {error}") from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InkMLError(
            f"{path} is no InkML or is damaged ({error}); "
            "open a sketch that this program or another InkML program saved"
        ) from None
    if root.tag != "ink":
        raise InkMLError(f"{path} is XML, but no InkML: it begins with <{root.tag}>, not <ink>")
    return root


def _read(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise InkMLError(f"{path} is no file; an InkML file is needed")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise InkMLError(f"{path} cannot be opened: {reason}") from None
    if len(data) > MAX_FILE_BYTES:
        raise InkMLError(
            f"{path} is too large for a sketch; it may have {MAX_FILE_BYTES // 2**20} MB at most"
        )
    return data


def _tree(data: bytes) -> Element:
    builder, depth, count = TreeBuilder(), 0, 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _MAX_DEPTH:
            raise _RefusedError(f"is nested deeper than {_MAX_DEPTH} elements")
        if count > MAX_ELEMENTS:
            raise _RefusedError(f"has more than {MAX_ELEMENTS} elements; no sketch needs so many")
        builder.start(_local(tag), {_local(name): v for name, v in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_local(tag))

    def doctype(*_: object) -> None:
        raise _RefusedError("declares a document type; InkML needs none")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(data, True)
    root = builder.close()
    assert isinstance(root, Element)
    return root


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def traces(root: Element) -> Iterator[tuple[Element, dict[str, str]]]:
    """The traces that are drawn, each with the references that hold for it.

    A reference holds for everything inside its group, and a context or brush that stands
    between the traces for all that follow. Definitions are drawn only where they are shown
    by others, which is not supported; the pen in the air draws nothing.
    """
    yield from _traces(root, {})


def _traces(group: Element, settings: dict[str, str]) -> Iterator[tuple[Element, dict[str, str]]]:
    settings = settings | _references(group)
    for element in group:
        if element.tag == "trace" and element.get("type") != "penUp":
            yield element, settings | _references(element)
        elif element.tag == "traceGroup":
            yield from _traces(element, settings)
        elif element.tag in ("context", "brush") and (name := element.get("id")):
            settings = settings | {f"{element.tag}Ref": name}


def _references(element: Element) -> dict[str, str]:
    return {name: value for name in _SETTINGS if (value := element.get(name))}


@dataclass(frozen=True)
class Format:
    """Where X and Y stand in a point, which way they go, and their unit of length."""

    places: tuple[int, int] = (0, 1)
    signs: tuple[int, int] = (1, 1)
    unit: str | None = None

    @classmethod
    def of(cls, element: Element | None) -> Format:
        """The format that a traceFormat element describes; X, Y without one."""
        channels = [] if element is None else list(element.iter("channel"))
        names = [channel.get("name") for channel in channels]
        if "X" not in names or "Y" not in names:
            return cls()
        x, y = names.index("X"), names.index("Y")
        signs = [-1 if channels[i].get("orientation") == "-ve" else 1 for i in (x, y)]
        return cls((x, y), (signs[0], signs[1]), channels[x].get("units"))


def text_of(trace: Element) -> str:
    """The points of a trace as they are written, without what elements inside it say."""
    return "".join([trace.text or "", *(inner.tail or "" for inner in trace)])


def points(text: str, form: Format) -> Points:
    """The points of a trace as `text_of` gives it, (n, 2).

    A value is explicit (!), or the difference from the last one ('), or the difference from
    the last difference ("); the sign holds until the channel has another. * repeats the last
    value, ? is not known. Raises ValueError that tells which point cannot be read.
    """
    found = _plain(text, form.places)
    if found is None:
        found = np.array(_any(text, form.places), dtype=np.float64)
    return np.asarray(found.reshape(-1, 2) * form.signs)


def _plain(text: str, places: tuple[int, int]) -> NDArray[np.float64] | None:
    """The points of a trace without signs and shorthand, as most are, read many times faster."""
    if not _PLAIN.fullmatch(text):
        return None
    rows = (point.split() for point in text.split(","))
    try:
        return np.fromiter((float(row[n]) for row in rows if row for n in places), np.float64)
    except (ValueError, IndexError):
        return None


def _any(text: str, places: tuple[int, int]) -> list[tuple[float, float]]:
    channels = (_Channel(), _Channel())
    found = []
    for number, point in enumerate(text.split(","), start=1):
        if not point.strip():
            continue
        values = _values(point, number)
        if len(values) <= max(places):
            raise ValueError(f"has no X and Y in point {number}: {_short(point)}")
        x, y = (c.next(*values[place]) for c, place in zip(channels, places, strict=True))
        if not (math.isnan(x) or math.isnan(y)):
            found.append((x, y))
    return found


def _values(point: str, number: int) -> list[tuple[str, str]]:
    values, place = [], 0
    while place < len(point):
        match = _VALUE.match(point, place)
        if match is None:
            raise ValueError(f"has a point {number} that is no numbers: {_short(point)}")
        values.append((match[1] or "", match[2]))
        place = match.end()
    return values


class _Channel:
    """One coordinate as it goes from point to point."""

    def __init__(self) -> None:
        self._value = self._step = 0.0
        self._sign = _EXPLICIT

    def next(self, sign: str, text: str) -> float:
        """The coordinate's next value; NaN where it is not known."""
        self._sign = sign or self._sign
        if text == "*":
            self._step = 0.0
            return self._value
        number = _number(text)
        if math.isnan(number):
            return number
        if self._sign == _EXPLICIT:
            self._step, self._value = number - self._value, number
            return number
        self._step = number if self._sign == _FIRST else self._step + number
        self._value += self._step
        return self._value


def _number(text: str) -> float:
    if text in "?TF":
        return math.nan
    if not text.startswith("#"):
        return float(text)
    return float(int(text[1:], 16)) if len(text) <= 1 + _MAX_HEX_CHARACTERS else math.inf


def decimal(text: str | None) -> float | None:
    """An attribute's number; None if it is missing or none."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _short(point: str) -> str:
    point = " ".join(point.split())
    return repr(point if len(point) <= 30 else point[:30] + "…")
