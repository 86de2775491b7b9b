"""The sketchpad: a window that reads what you draw while you draw it."""

import importlib
import os
import sys
from typing import Any

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def _import_pygame() -> None:
    """Import pygame without setuptools' pkg_resources: half the time, and nothing is missing."""
    modules: dict[str, Any] = vars(sys)["modules"]
    if "pygame" not in modules and "pkg_resources" not in modules:
        modules["pkg_resources"] = None
        importlib.import_module("pygame")
        del modules["pkg_resources"]


_import_pygame()
