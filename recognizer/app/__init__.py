"""The sketchpad: a window that reads what you draw while you draw it."""

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

from recognizer.files import install_command

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the sketchpad; returns the exit status, 2 if it could not start."""
    try:
        from recognizer.app import launch
    except ModuleNotFoundError as error:
        if error.name != "pygame":
            raise
        needed = "The sketchpad needs pygame, which is not installed"
        sys.stderr.write(f"{needed}: {install_command('app')}\n")
        return 2
    return launch.main(arguments)


def _import_pygame() -> None:
    """Import pygame without setuptools' pkg_resources: half the time, and nothing is missing.

    Without pygame nothing happens; whatever needs it says so.
    """
    modules: dict[str, Any] = vars(sys)["modules"]
    if "pygame" not in modules and "pkg_resources" not in modules:
        modules["pkg_resources"] = None
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module("pygame")
        del modules["pkg_resources"]


_import_pygame()
