"""Where annotated copies belong."""

from __future__ import annotations

from pathlib import Path


def copy_of(path: Path, folder: Path) -> Path:
    """Where the annotated copy of a file belongs.

    The file's own place below `folder`, so that files of one name in several folders, or of
    several kinds, do not take each other's place.
    """
    parts = [part for part in path.parts if part not in (path.anchor, "..")]
    return folder.joinpath(*parts[:-1], f"{path.name}.png")
