"""What importing and reading does not load, proven in a Python of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.samples import mnist, picture_of

ROOT = Path(__file__).resolve().parent.parent
TRAINING = {"tensorflow", "keras", "keras_tuner", "matplotlib", "sklearn", "scipy", "jinja2"}
HEAVY = TRAINING | {"cv2"}


def modules_after(code: str, *arguments: object) -> set[str]:
    """Top-level modules that a fresh Python has loaded after some code."""
    code += "\nimport sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def importing(*rooms: str) -> str:
    """Code that imports every module of some rooms."""
    files = [path for room in rooms for path in _files(ROOT / "recognizer" / room)]
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    return "import " + ", ".join(name.removesuffix(".__init__") for name in modules)


def _files(room: Path) -> list[Path]:
    return sorted(room.rglob("*.py")) if room.is_dir() else [room.with_suffix(".py")]


@pytest.mark.parametrize(
    "code",
    [
        "import recognizer",
        "from recognizer import Recognizer; Recognizer()",
        "import recognizer; recognizer.Recognizer().classify_strokes([[(1, 1), (2, 9)]])",
        "import recognizer.inkml, recognizer.files",
    ],
)
def test_reading_brings_in_nothing_heavy(code: str) -> None:
    assert not modules_after(code) & HEAVY


def test_a_picture_of_one_character_brings_in_opencv_unless_it_is_a_glyph(tmp_path: Path) -> None:
    code = """
import sys, numpy
from PIL import Image
from recognizer import Recognizer
assert Recognizer().classify_image(numpy.asarray(Image.open(sys.argv[1]))).digit is not None
"""
    Image.fromarray(mnist()[0][0]).save(tmp_path / "glyph.png")
    picture_of(7).save(tmp_path / "seven.png")
    assert not modules_after(code, tmp_path / "glyph.png") & HEAVY
    assert modules_after(code, tmp_path / "seven.png") & HEAVY == {"cv2"}


def test_importing_the_package_brings_in_next_to_nothing() -> None:
    loaded = modules_after("import recognizer")
    assert "recognizer" in loaded
    assert not loaded & {"numpy", "PIL", "ai_edge_litert", "pygame"}


def test_what_is_below_the_network_loads_no_network() -> None:
    rooms = ("geometry", "labels", "strokes", "inkml", "ink", "glyph", "datasets", "files")
    loaded = modules_after(importing(*rooms))
    assert {"recognizer", "numpy"} <= loaded
    assert not loaded & {"ai_edge_litert", "pygame", *HEAVY}


def test_labels_load_little() -> None:
    """Whoever only asks which characters there are need not wait."""
    loaded = modules_after(importing("labels", "errors"))
    assert "recognizer" in loaded
    assert not loaded & {"numpy", "PIL", "ai_edge_litert", "pygame", *HEAVY}


def test_what_reads_loads_neither_a_window_nor_what_trains(tmp_path: Path) -> None:
    """Every module of the rooms that read, then everything that they can read."""
    picture = tmp_path / "seven.png"
    picture_of(7).save(picture)
    rooms = ["model", "images", "segmentation", "reading", "session", "batch"]
    rooms += ["web", "expression"]
    code = importing(*rooms, "cli/read")
    code += """
import sys
from pathlib import Path
from recognizer import Recognizer
from recognizer.cli import main
from recognizer.images import upright_colours
r, line = Recognizer(), [[(100, 100), (100, 400)], [(300, 100), (300, 400)]]
assert r.classify_strokes(line[:1]).digit == 1
assert r.read_strokes(line).text == "11"
assert r.classify_image(sys.argv[1]).digit == 7
assert r.read_image(sys.argv[1]).text == "7"
assert r.read_image(upright_colours(Path(sys.argv[1]))[0]).text == "7"
assert main(["read", sys.argv[1], "--annotate", sys.argv[2], "--json"]) == 0
"""
    loaded = modules_after(code, picture, tmp_path / "copies")
    assert {"cv2", "ai_edge_litert"} <= loaded
    assert not loaded & {"pygame", *TRAINING}


def test_a_run_from_prepared_data_needs_neither_tensorflow_nor_what_reads() -> None:
    """A stand-in takes the place of Keras, which would bring in the backend that is installed."""
    stand_in = "import sys; from unittest.mock import MagicMock; sys.modules['keras'] = MagicMock()"
    loaded = modules_after(f"{stand_in}\nimport recognizer.training.run, recognizer.cli.train")
    assert {"keras", "cv2", "scipy"} <= loaded
    assert not loaded & {"tensorflow", "sklearn", "ai_edge_litert", "matplotlib", "pygame"}


def test_the_command_line_loads_nothing_until_a_command_is_given() -> None:
    code = "from recognizer.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    loaded = modules_after(code)
    assert not loaded & {"numpy", "PIL", "ai_edge_litert", "pygame", *HEAVY}


def test_other_names_are_unknown() -> None:
    import recognizer

    with pytest.raises(AttributeError, match="'Reader'"):
        _ = recognizer.Reader
