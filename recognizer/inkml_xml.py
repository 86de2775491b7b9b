"""The XML of InkML, read so that no file can do harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

LARGEST = 16 * 2**20
"""Size in bytes of the largest file that is read; an hour of steady writing fits in."""
_DEEPEST = 64
_SETTINGS = ("contextRef", "brushRef")


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
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise InkMLError(f"{path} cannot be opened: {reason}") from None
    if len(data) > LARGEST:
        raise InkMLError(
            f"{path} is too large for a sketch; it may have {LARGEST // 2**20} MB at most"
        )
    return data


def _tree(data: bytes) -> Element:
    builder, depth = TreeBuilder(), 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise _RefusedError(f"is nested deeper than {_DEEPEST} elements")
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
