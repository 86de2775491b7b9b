"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_beside(path: str | Path, data: bytes) -> None:
    """Write a file so that the old one stays as it is until the new one is complete.

    The data go to a file beside it, which then takes its place; after a crash or on a full
    disk the old file is still there. Raises OSError if that fails, and leaves nothing behind.
    """
    # A link keeps pointing where it did; its target is what is written.
    target = Path(path).resolve()
    beside = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
