"""Libraries that greet on standard error."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
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
