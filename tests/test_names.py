"""Names stand once, files are short, and how many labels there are stands in one place."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "recognizer"
FILES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 350
TREES = {path: ast.parse(path.read_text("utf-8")) for path in FILES}


def place(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def test_no_public_class_has_the_name_of_another() -> None:
    places = defaultdict(list)
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(f"{place(path)}:{node.lineno}")
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_module_has_the_name_of_another() -> None:
    """But for a command, which may be named as the module is whose work it starts."""
    places = defaultdict(list)
    for path in FILES:
        if path.parent.name == "cli":
            continue
        # A package is named as its folder.
        places[path.parent.name if path.stem == "__init__" else path.stem].append(place(path))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_file_is_too_long() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in FILES}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_the_digits_are_counted_in_one_place() -> None:
    """How many labels there are, and which, is asked of labels.py or of the model's card."""
    found = [
        f"{place(path)}:{node.lineno} has {ast.unparse(node)}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if path.name != "labels.py" and isinstance(node, ast.expr) and _counts_digits(node)
    ]
    found += [
        place(page) for page in PACKAGE.rglob("*.html") if "range(10)" in page.read_text("utf-8")
    ]
    assert not found, "\n".join(found)


def _counts_digits(node: ast.expr) -> bool:
    """Whether it is range(10), np.arange(10), DIGITS, N_DIGITS, "0123456789" or the like."""
    if isinstance(node, ast.Call):
        ends = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        return ast.unparse(node.func).endswith("range") and ends[-1:] == [10]
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name.isupper() and "DIGITS" in name
    return isinstance(node, ast.Constant) and node.value == "0123456789"
