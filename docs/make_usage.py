"""Writes the table of actions into docs/usage.md: python -m docs.make_usage

The table is made from recognizer/app/actions.py, where every action of the window stands.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from recognizer.app.actions import as_markdown
from recognizer.files import atomic_write

USAGE = Path(__file__).resolve().parent / "usage.md"
BEGIN, END = "<!-- actions -->", "<!-- /actions -->"


def main(arguments: Sequence[str] | None = None) -> None:
    """Put the table between the marks."""
    name = "python -m docs.make_usage"
    argparse.ArgumentParser(name, description=__doc__).parse_args(arguments)
    text = USAGE.read_text(encoding="utf-8")
    table = f"{BEGIN}\n{as_markdown()}\n{END}"
    atomic_write(USAGE, re.sub(f"{BEGIN}.*{END}", lambda _: table, text, flags=re.DOTALL).encode())


if __name__ == "__main__":
    main()
