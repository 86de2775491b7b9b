"""What the terminal shows: tables and names, and not the greetings of libraries."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path


@contextlib.contextmanager
def suppress_stderr() -> Iterator[None]:
    """Keep standard error free of the greetings of LiteRT and TensorFlow, which have no setting."""
    try:
        kept = os.dup(2)
    except OSError:
        # A program without a console has no standard error.
        yield
        return
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def open_streams() -> None:
    """Let what is printed go where the program was started without an output or an error stream."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - open to the end


def printable(text: str) -> str:
    """The text with escapes in place of what would move the cursor, colour or break the line."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def quoted(path: str | Path) -> str:
    """A path as it is printed: in quotes and with escapes if it could do more than be read."""
    return str(path) if str(path).isprintable() else repr(str(path))


def in_columns(lines: Sequence[Sequence[str]], words: Collection[int] = ()) -> str:
    """A table of cells whose columns stand below each other.

    words: numbers of the columns that begin at the left, the others end at the right.
    """
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
