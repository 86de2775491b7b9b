"""The notebook runs, and the committed one shows a whole run without traces of a machine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "train.ipynb"
MAX_BYTES = 1_500_000
"""What the notebook may take with its pictures."""

NO_DATA = """
from recognizer.datasets import MissingDataError, mnist, pendigits

def offline(name, url, sha256):
    raise MissingDataError(name)

for module in (mnist, pendigits):
    module.find, module.download = lambda name, folder: None, offline
"""
SMALL_DATA = """
import numpy as np
from recognizer.datasets import Drawing, Images, mnist, pendigits
from recognizer.strokes import Stroke
from tests import samples

glyphs, digits = samples.mnist()

def images(n):
    at = np.arange(n) % len(digits)
    return Images(glyphs[at], digits[at].astype(np.uint8))

drawings = [
    Drawing(
        tuple(map(Stroke, strokes)),
        str(digit),
        pendigits.VALIDATION_WRITERS[0] if number % 2 else 1 + number // 2 % 4,
    )
    for number, (strokes, digit) in enumerate(sorted(samples.pen_digits(), key=lambda d: d[1]))
]
mnist.load_mnist = lambda folder: mnist.Mnist(images(1000), images(100))
mnist.load_writers = lambda folder: np.arange(1000) // 100
pendigits.load_pen = lambda folder: drawings
"""


def run(folder: Path, before: str) -> nbformat.NotebookNode:
    """The quick profile, after a cell of other code; the model goes to `folder`/run."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(before))
    nbformat.write(notebook, folder / "before.ipynb")
    command = [sys.executable, "-m", "papermill", "before.ipynb", "after.ipynb"]
    command += ["--no-progress-bar", "--cwd", str(ROOT)]
    settings = {"profile": "quick", "epochs": "1", "run_name": str(folder / "run")}
    options = [part for pair in settings.items() for part in ("-p", *pair)]
    done = subprocess.run(
        [*command, *options],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    return nbformat.read(folder / "after.ipynb", as_version=4)


def said_in(notebook: nbformat.NotebookNode) -> str:
    """All texts that the notebook put out."""
    return "\n".join(
        output.get("text", "") or output.get("data", {}).get("text/markdown", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("before", "sentence", "drawings"),
    [(NO_DATA, "from a toy dataset only", 10), (SMALL_DATA, "learns from the real data", 10)],
    ids=["without data", "with data"],
)
def test_the_quick_profile_runs_and_leaves_a_model(
    tmp_path: Path, before: str, sentence: str, drawings: int
) -> None:
    saved = {path: path.read_bytes() for path in (ROOT / "saved_model").iterdir()}
    said = said_in(run(tmp_path, before))
    assert sentence in said
    assert f"of {drawings} drawings right" in said
    assert "macro avg" in said
    assert (tmp_path / "run" / "digits.tflite").is_file()
    assert saved == {path: path.read_bytes() for path in (ROOT / "saved_model").iterdir()}


def test_the_committed_notebook_is_a_whole_run() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    kinds = {output.output_type for cell in code for output in cell.outputs}
    assert kinds <= {"stream", "display_data", "execute_result"}
    assert "learns from the real data" in said_in(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert ["parameters"] in [cell.metadata.get("tags") for cell in code]


def test_the_committed_notebook_tells_nothing_of_the_machine() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text) < MAX_BYTES
    said = said_in(nbformat.reads(text, as_version=4))
    assert not re.search(
        r"(?<![\w.])/(home|root|tmp|usr|work|Users)/|[A-Z]:\\\\|site-packages", said
    )
    assert '"name": "stderr"' not in text
