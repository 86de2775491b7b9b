"""Sets of pen strokes in UNIPEN's format: UNIPEN itself, UJI's characters and Lipi's numerals.

A file of this format is a list of directives, lines that begin with a full stop; the lines after
.PEN_DOWN or .PEN_UP are the points of one component. Guyon and others: UNIPEN project of on-line
data exchange and recognizer benchmarks, ICPR 1994.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from recognizer.datasets import MINUS, Files, Sample, Source, load_set
from recognizer.geometry import Points
from recognizer.strokes import Stroke

UNIPEN = Source(
    "unipen-train_r01_v07-1abcd",
    "https://zenodo.org/records/1195803 (train_r01_v07; its parts data/1a to 1d and include)",
    121_083,
)
UJI = Source(
    "uji-pen-v1",
    "https://archive.ics.uci.edu/dataset/139/uji+pen+characters",
    1364,
)
LIPI = Source(
    "lipitk-numerals",
    "https://lipitk.sourceforge.net (numerals, in the folder projects)",
    160,
)

PROVIDER_COUNTRIES = {
    "aga": "US", "apa": "US", "apb": "US", "app": "US", "art": "IL", "cea": "US", "ceb": "US",
    "ced": "US", "gmd": "DE", "ibm": "US", "imp": "GB", "kai": "KR", "lav": "CA", "lou": "BE",
    "mot": "US", "pri": "US", "sie": "DE", "syn": "US", "tos": "JP", "uqb": "CA", "val": "ES",
}  # fmt: skip
"""Where UNIPEN's providers are, in ISO 3166: for writers whose country is not told."""

COUNTRY_CODES = {
    "australia": "AU", "belgium": "BE", "canada": "CA", "china": "CN", "england": "GB",
    "germany": "DE", "haiti": "HT", "hongkong": "HK", "india": "IN", "iran": "IR",
    "jamaica": "JM", "japan": "JP", "korea": "KR", "malaysia": "MY", "spain": "ES",
    "srilanka": "LK", "stlucia": "LC", "uae": "AE", "usa": "US", "ussr": "SU",
}  # fmt: skip
"""The countries that UNIPEN's writers name, without full stops and hyphens, in ISO 3166."""

SAME_HAND = {"ceb/gb2911": "cea/gb2911", "gmd/kast": "gmd/alek"}
"""Writers who are, or have drawings of, another one, and the name that both have here.

One wrote for two providers; 211 drawings of GMD's alek and kast are the same to the point.
"""

NO_SIGN = "\\@"
"""UNIPEN's label of lines that are no character."""

_DATA_FILE = re.compile(r"(?:^|/)data/1[abcd]/([a-z]{3})/")
_INCLUDED_FILE = re.compile(r"(?:^|/)include/(.+)")
_SEGMENT = re.compile(r'^\.SEGMENT CHARACTER (\S+) (?:\?|OK)\s+"(.+)"\s*$')
_SPAN = re.compile(r"(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?")
_INCLUDE = re.compile(r"^\.INCLUDE\s+(\S+)", re.MULTILINE)
_UJI_SEGMENT = re.compile(r'^\.SEGMENT CHARACTER \S+ \? "(.)"', re.MULTILINE)
_UJI_FILE = re.compile(r"UJIpenchars-w(\d\d)$")
_LIPI_FILE = re.compile(r"usr(\d+)/(\d{6})t\d\d\.txt$")


class PenComponent(NamedTuple):
    """Points between two directives of the pen, and whether it was on the paper."""

    down: bool
    text: str

    def points(self, columns: int) -> Points:
        """(n, 2) float64. columns: values for each point. Raises ValueError for other text."""
        values = np.array(self.text.split(), dtype=np.float64)
        if values.size % columns or not np.isfinite(values).all():
            raise ValueError(f"points of {columns} numbers were expected: {self.text[:40]!r}")
        return values.reshape(-1, columns)[:, :2]


@dataclass(frozen=True)
class Recording:
    """What an included file of UNIPEN tells of its writer, and what the pen did."""

    writer: str
    country: str | None
    columns: int
    components: list[PenComponent]


def load_unipen(folder: Path | None = None) -> list[Sample]:
    """The parts 1a to 1d of UNIPEN's train_r01_v07; each provider is a set. Raises DataError."""
    return load_set(UNIPEN, unipen_samples, folder)


def load_uji(folder: Path | None = None) -> list[Sample]:
    """UJI's pen characters, version 1, of 11 Spanish writers. Raises DataError."""
    return load_set(UJI, uji_samples, folder)


def load_lipi(folder: Path | None = None) -> list[Sample]:
    """Lipi's numerals of 8 Indian writers. Raises DataError."""
    return load_set(LIPI, lipi_samples, folder)


def unipen_samples(files: Files) -> Iterator[Sample]:
    """The labelled characters of UNIPEN's files. Raises ValueError that names the file."""
    included = {match[1]: files[name] for name in files if (match := _INCLUDED_FILE.search(name))}
    recordings: dict[tuple[str, ...], Recording] = {}
    for name, content in files.items():
        if match := _DATA_FILE.search(name):
            try:
                yield from _segments(content.decode("latin-1"), match[1], included, recordings)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None


def _segments(
    text: str, provider: str, included: Files, recordings: dict[tuple[str, ...], Recording]
) -> Iterator[Sample]:
    """The characters that a file of labels finds in the files that it includes."""
    names = tuple(_INCLUDE.findall(text))
    if names not in recordings:
        recordings[names] = _recording("\n".join(_expanded(name, included) for name in names))
    recording = recordings[names]
    for line in text.splitlines():
        if line.startswith(".SEGMENT"):
            found = _SEGMENT.match(line)
            if found is None:
                raise ValueError(f"not a labelled character: {line!r}")
            if found[2] != NO_SIGN:
                strokes = _strokes(_cut(recording, found[1]))
                yield _sample(strokes, found[2], provider, recording)


def _expanded(name: str, included: Files) -> str:
    """An included file, before it those that it includes in turn."""
    if name not in included:
        raise ValueError(f"the file include/{name} is missing")
    text = included[name].decode("latin-1")
    nested = (included.get(each, b"").decode("latin-1") for each in _INCLUDE.findall(text))
    return "\n".join((*nested, text))


def _sample(strokes: tuple[Stroke, ...], label: str, provider: str, recording: Recording) -> Sample:
    character = label.removeprefix("\\") if len(label) == 2 else label
    if len(character) != 1:
        raise ValueError(f"the label {label!r} is more than one character")
    if not strokes:
        raise ValueError(f"a character {label!r} without a stroke")
    return Sample(
        label=MINUS if character == "-" else character,
        set=f"unipen/{provider}",
        writer=f"unipen/{_person(provider, recording.writer)}",
        country=recording.country or PROVIDER_COUNTRIES.get(provider),
        strokes=strokes,
    )


def _person(provider: str, writer: str) -> str:
    """The name of a writer, qualified by the provider.

    IBM's names are of sessions: r01-12 and r03-12, for example, are of writer 12, which many
    drawings that are in both confirm.
    """
    name = f"{provider}/{writer.rpartition('-')[2] if provider == 'ibm' else writer}"
    return SAME_HAND.get(name, name)


def _recording(text: str) -> Recording:
    writer = re.search(r"^\.WRITER_ID[ \t]+(\S+)", text, re.MULTILINE)
    if writer is None:
        raise ValueError("no included file names the writer")
    country = re.search(r"^\.COUNTRY[ \t]+(\S+)", text, re.MULTILINE)
    return Recording(
        writer=writer[1],
        country=COUNTRY_CODES.get(re.sub(r"[^a-z]", "", country[1].lower())) if country else None,
        columns=3 if re.search(r"^\.COORD\s+X\s+Y\s+T\b", text, re.MULTILINE) else 2,
        components=list(_components(text)),
    )


def _components(text: str) -> Iterator[PenComponent]:
    """The components that have points: only these are counted in .SEGMENT's references."""
    for directive in ("\n" + text.replace("\r", "")).split("\n."):
        keyword, _, points = directive.partition("\n")
        if keyword.startswith("PEN_") and points.strip():
            yield PenComponent(keyword.startswith("PEN_DOWN"), points)


def _cut(recording: Recording, reference: str) -> Iterator[Points]:
    """The points that a reference such as 3-5 or 3:12-4:20,7 names, with the pen on the paper.

    It counts components from 0 and, after a colon, points from 0; both ends belong to it.
    """
    for span in reference.split(","):
        match = _SPAN.fullmatch(span)
        if match is None:
            raise ValueError(f"not a reference to components: {reference!r}")
        first, start = int(match[1]), int(match[2] or 0)
        last, end = int(match[3] or first), int(match[4]) if match[4] else None
        if last >= len(recording.components):
            raise ValueError(f"component {last} of {len(recording.components)} does not exist")
        for number in range(first, last + 1):
            if recording.components[number].down:
                points = recording.components[number].points(recording.columns)
                stop = end + 1 if end is not None and number == last else None
                yield points[start if number == first else 0 : stop]


def _strokes(lines: Iterable[Points], up: bool = True) -> tuple[Stroke, ...]:
    """Strokes with y downwards. up: the tablet's y points upwards."""
    turn = (1.0, -1.0) if up else (1.0, 1.0)
    return tuple(Stroke(points * turn) for points in lines if len(points))


def uji_samples(files: Files) -> Iterator[Sample]:
    """The characters of UJI's files, one file for each writer. Raises ValueError."""
    for name, content in files.items():
        if match := _UJI_FILE.search(name):
            # The first part is a heading; then a label and its strokes take turns.
            _, *parts = _UJI_SEGMENT.split(content.decode("latin-1"))
            for label, text in zip(parts[::2], parts[1::2], strict=True):
                yield _plain(label, "uji", match[1], "ES", text, columns=2)


def lipi_samples(files: Files) -> Iterator[Sample]:
    """The numerals of Lipi's files, one file for each drawing. Raises ValueError."""
    for name, content in files.items():
        if match := _LIPI_FILE.search(name):
            yield _plain(
                str(int(match[2])), "lipi", match[1], "IN", content.decode("latin-1"), columns=3
            )


def _plain(label: str, of: str, writer: str, country: str, text: str, columns: int) -> Sample:
    """A character that all components of a text belong to, on a tablet whose y is downwards."""
    lines = [part.points(columns) for part in _components(text) if part.down]
    strokes = _strokes(lines, up=False)
    if not strokes:
        raise ValueError(f"a character {label!r} of writer {writer} without a stroke")
    return Sample(label, of, f"{of}/{writer}", country, strokes)
