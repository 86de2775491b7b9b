"""Imports follow the flow from strokes to the window; each that runs against it is named."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import recognizer

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "recognizer"

HELPERS = ("errors", "console", "files", "processes")
"""Any room may import them; they import nothing but errors."""

NEWEST = {
    "geometry": (),
    "labels": (),
    "strokes": ("geometry",),
    "inkml": ("strokes",),
    "ink": ("strokes",),
    "glyph": ("ink",),
    "images": ("model",),
    "model": ("glyph", "labels"),
    "segmentation": ("images",),
    "reading": ("segmentation", "inkml", "expression"),
    "expression": (),
    "steps": ("reading",),
    "session": ("steps",),
    "games": ("session",),
    "app": ("games",),
    "web": ("session",),
    "batch": ("steps",),
    "datasets": ("strokes",),
    "training": ("reading", "datasets"),
    "evaluation": ("training",),
    "cli": ("app", "web", "batch", "evaluation"),
    "__init__": ("reading",),
    "__main__": ("cli",),
    "main": ("app",),
}
"""Each room with the newest rooms that it may import; whatever these may import, it may too."""

ONLY_IN = {
    "pygame": ("app",),
    "ai_edge_litert": ("model",),
    **dict.fromkeys(("pyarrow", "ray"), ("batch",)),
    **dict.fromkeys(("onnx", "tf2onnx"), ("training",)),
    **dict.fromkeys(("keras", "tensorflow", "keras_tuner"), ("training", "evaluation")),
    **dict.fromkeys(("sklearn", "matplotlib", "jinja2"), ("training", "evaluation")),
    **dict.fromkeys(("fastapi", "starlette", "uvicorn", "pydantic"), ("web",)),
    **dict.fromkeys(("pebble", "prometheus_client", "segno"), ("web",)),
    "cv2": ("images", "segmentation", "steps", "reading", "batch", "training", "evaluation"),
}
"""Libraries that stay in some rooms."""


class Import(NamedTuple):
    """A module that a file imports, and where."""

    path: Path
    line: int
    module: str

    @property
    def room(self) -> str:
        """The room that imports."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return parts[1] if parts[0] == PACKAGE else parts[0]

    @property
    def wanted(self) -> str:
        """The room that is imported; "" for a library."""
        top, _, inner = self.module.partition(".")
        return (inner.partition(".")[0] or "__init__") if top == PACKAGE else ""

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.module}"


def imports_in(path: Path, text: str) -> Iterator[Import]:
    """Every import of a file, also those in functions and those for types alone."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(path, node.lineno, name.name)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports from where it lies"
            for name in node.names:
                yield Import(path, node.lineno, imported(node.module or "", name.name))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("import_module", "__import__")
        ):
            (module,) = (a.value for a in node.args if isinstance(a, ast.Constant))
            yield Import(path, node.lineno, str(module))


def imported(module: str, name: str) -> str:
    """The module that `from module import name` brings in."""
    if module == PACKAGE and name in recognizer.__all__:
        return f"{PACKAGE}.reading"
    inner = ROOT.joinpath(*module.split("."), name)
    return f"{module}.{name}" if inner.is_dir() or inner.with_suffix(".py").exists() else module


def allowed(room: str) -> set[str]:
    """All rooms that a room may import, itself included."""
    if room in HELPERS:
        return {room, "errors"}
    return {room, *HELPERS}.union(*(allowed(newest) for newest in NEWEST[room]))


FILES = [ROOT / "main.py", *sorted((ROOT / PACKAGE).rglob("*.py"))]
IMPORTS = [found for path in FILES for found in imports_in(path, path.read_text("utf-8"))]


def test_every_file_lies_in_a_room() -> None:
    rooms = {Import(path, 0, "").room for path in FILES}
    assert rooms <= {*HELPERS, *NEWEST}
    assert len(IMPORTS) > 300


def test_no_import_runs_against_the_direction() -> None:
    against = [
        str(found) for found in IMPORTS if found.wanted and found.wanted not in allowed(found.room)
    ]
    assert not against, "\n".join(against)


def test_libraries_stay_in_their_rooms() -> None:
    astray = [
        str(found)
        for found in IMPORTS
        if found.room not in ONLY_IN.get(found.module.partition(".")[0], (found.room,))
    ]
    assert not astray, "\n".join(astray)


def test_widgets_know_no_screen() -> None:
    inside = f"{PACKAGE}.app.screens"
    knowing = [
        str(found)
        for found in IMPORTS
        if found.path.parent.name == "widgets" and found.module.startswith(inside)
    ]
    assert not knowing, "\n".join(knowing)


def test_views_do_not_reach_into_a_screen() -> None:
    """A view is handed what it shows; the screen that owns it imports it, not the reverse."""
    inside = f"{PACKAGE}.app.screens."
    reaching = [
        str(found)
        for found in IMPORTS
        if found.path.stem.endswith("_view")
        and found.module.startswith(inside)
        and not found.module.endswith("_view")
    ]
    assert not reaching, "\n".join(reaching)


@pytest.mark.parametrize(
    ("room", "text", "module"),
    [
        ("strokes.py", "from recognizer import glyph", "recognizer.glyph"),
        ("model/card.py", "from recognizer import Recognizer", "recognizer.reading"),
        ("session/opening.py", "def f():\n    import recognizer.app.window", None),
        ("glyph.py", "if TYPE_CHECKING:\n    from recognizer.images.lines import Page", None),
        ("batch/results.py", "from recognizer.session import Session", "recognizer.session"),
        ("files.py", "from importlib import import_module\nimport_module('recognizer.ink')", None),
        (
            "images/lines.py",
            "from recognizer.segmentation import apart",
            "recognizer.segmentation.apart",
        ),
        ("web/page.py", "from recognizer.app import style", "recognizer.app.style"),
        ("training/run.py", "from recognizer.evaluation import explain", None),
        ("app/launch.py", "from recognizer import cli", "recognizer.cli"),
    ],
)
def test_an_import_against_the_direction_is_found(room: str, text: str, module: str | None) -> None:
    path = ROOT / PACKAGE / room
    found = [
        each for each in imports_in(path, text) if each.wanted not in {"", *allowed(each.room)}
    ]
    (against,) = found
    assert module in (None, against.module)
    assert f"{PACKAGE}/{room}:" in str(against).replace("\\", "/")
