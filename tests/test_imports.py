import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"tensorflow", "keras", "matplotlib", "sklearn", "scipy", "cv2"}


def modules_after(code: str) -> set[str]:
    """Top-level modules that a fresh Python has loaded after some code."""
    code += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import recognizer",
        "from recognizer import Recognizer; Recognizer()",
        "import numpy, recognizer; recognizer.Recognizer().classify_image(numpy.eye(28))",
        "import recognizer; recognizer.Recognizer().classify_strokes([[(1, 1), (2, 9)]])",
        "import recognizer.inkml, recognizer.files",
    ],
)
def test_reading_brings_in_nothing_heavy(code: str) -> None:
    assert not modules_after(code) & HEAVY


def test_importing_the_package_brings_in_next_to_nothing() -> None:
    loaded = modules_after("import recognizer")
    assert "recognizer" in loaded
    assert not loaded & {"numpy", "PIL", "ai_edge_litert", "pygame"}


def test_other_names_are_unknown() -> None:
    import recognizer

    with pytest.raises(AttributeError, match="'Reader'"):
        _ = recognizer.Reader
