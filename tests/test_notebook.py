"""The notebook runs, and the committed one shows a whole run without traces of a machine."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient.exceptions import CellExecutionError

from docs import run_notebook
from docs.run_notebook import given
from recognizer.datasets import Sample
from recognizer.evaluation import hands
from recognizer.evaluation.predictions import describe
from recognizer.evaluation.report import METRICS_FILE
from recognizer.files import REPORTS
from recognizer.inkml import write_inkml
from recognizer.model import card
from recognizer.strokes import Stroke
from recognizer.training.collection import packed
from tests import samples
from tests.evaluation.test_hands import ten_writers
from tests.training.made import made_samples

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "train.ipynb"
MAX_BYTES = 1_500_000
"""What the notebook may take with its pictures."""

LACKING_HANDS = (
    *("What was thrown out as doubtful", "What more writers are worth"),
    "What the pen's directions add",
)
LACKING_FIGURES = (
    *("A table of the sets", "A table of the countries", "The worst writer"),
    *("A confusion matrix of letters", "A table of other recognizers"),
)

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

FEW_HANDS = """
from recognizer.training import small_runs, synthesis

synthesis.COMPOSED_SIGNS = 1

class FewSmallRuns(small_runs.SmallRuns):
    def __init__(self, collection, drawings, settings):
        few = {"epochs": 1, "pen_copies": 1.0, "variants": 1}
        super().__init__(collection, 16, settings | few)

    def possible(self, counts):
        return super().possible((2, 4))

small_runs.SmallRuns = FewSmallRuns
"""


def prepare_hands(path: Path) -> None:
    """Digits, letters and signs of ten writers, some of them doubtful, and real pictures."""
    glyphs, digits = samples.mnist()
    found = [sample for sample in made_samples() if sample.set != "mnist"]
    found += [
        Sample(str(digit), "mnist", f"mnist/{number // 5}", "US", picture=picture)
        for number, (picture, digit) in enumerate(zip(glyphs, digits, strict=True))
        for _ in range(2)
    ]
    packed(found, np.array([sample.label == "x" for sample in found])).save(path)


def write_figures(folder: Path) -> None:
    """The saved model's figures with those of ten made writers."""
    told, sets = hands.describe(ten_writers())
    more = {"writers": told, "sets": {each.name: describe(each) for each in sets}}
    card.write(folder / METRICS_FILE, card.read(REPORTS / METRICS_FILE) | more)


def run(folder: Path, before: str, **parameters: str) -> nbformat.NotebookNode:
    """The quick profile, after a cell of other code; the model goes to `folder`/run."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(before))
    nbformat.write(notebook, folder / "before.ipynb")
    command = [sys.executable, "-m", "papermill", "before.ipynb", "after.ipynb"]
    command += ["--no-progress-bar", "--cwd", str(ROOT)]
    settings = {"profile": "quick", "epochs": "1", "run_name": str(folder / "run")}
    settings |= parameters
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
    saved = {path: path.read_bytes() for path in (ROOT / "saved_model").rglob("*.*")}
    said = said_in(run(tmp_path, before, reports=str(tmp_path)))
    assert sentence in said
    assert f"of {drawings} drawings right" in said
    assert "macro avg" in said
    for lacking in LACKING_HANDS:
        assert f"*{lacking} takes many hands" in said
    for lacking in LACKING_FIGURES:
        assert f"*{lacking} needs figures of many writers" in said
    assert re.search(r"before: \d+\nafter: \S", said)
    assert re.search(r"^\d{5} is read as \d{5}$", said, re.MULTILINE)
    assert re.search(r"^\d+ of (10|15) numbers are read right$", said, re.MULTILINE)
    assert (tmp_path / "run" / "digits.tflite").is_file()
    assert saved == {path: path.read_bytes() for path in (ROOT / "saved_model").rglob("*.*")}


@pytest.mark.timeout(1200)
def test_it_learns_from_prepared_hands_and_tells_of_writers(tmp_path: Path) -> None:
    prepare_hands(tmp_path / "hands.npz")
    write_figures(tmp_path)
    (lines, _), *_ = samples.pen_digits()
    write_inkml(tmp_path / "mine.inkml", [Stroke(line) for line in lines], (500, 500))
    named = {"prepared": tmp_path / "hands.npz", "reports": tmp_path}
    named |= {"drawing": tmp_path / "mine.inkml"}
    parameters = {"subset": "1000"} | {name: str(path) for name, path in named.items()}
    said = said_in(run(tmp_path, SMALL_DATA + FEW_HANDS, **parameters))
    assert "All hands are here" in said and "learns from the real data" in said
    assert "10 of 160 drawings are doubtful" in said
    for kind in ("other drawings of the same people", "drawings of strangers"):
        assert re.search(rf"{kind}, misread: 2 writers [\d.]+ %, 4 writers [\d.]+ %", said)
    assert "ink alone: " in said and "with directions: " in said
    assert "unipen/b/9 (DE): 5 of 10 digits right, 50 %" in said
    assert re.search(r"^pen strokes +10 +100 +95.00 %", said, re.MULTILINE)
    assert re.search(r"^DE, pen strokes +10 +100", said, re.MULTILINE)
    assert "signs of these" in said and "two convolutions and dropout" in said
    assert re.search(r"before: \d\nafter: \S", said)
    assert "takes many hands" not in said and "needs figures" not in said
    assert len(card.read(tmp_path / "run" / "card.json")["labels"]) == 77


def test_prepared_data_are_named_for_a_run_alone() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    cells = [cell.source for cell in notebook.cells]
    with given(notebook, Path("hands.npz")):
        changed = [cell.source for cell in notebook.cells]
        (cell,) = (new for new, old in zip(changed, cells, strict=True) if new != old)
        parameters: dict[str, object] = {}
        exec(cell, parameters)
        assert parameters["prepared"] == str(Path("hands.npz").resolve())
    assert [cell.source for cell in notebook.cells] == cells


def small_notebook(path: Path, last: str) -> nbformat.NotebookNode:
    """A notebook of two chapters, which was run once; last: the code of the second."""
    code, words = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    parameters = code("prepared = None", metadata={"tags": ["parameters"]})
    first = code("print(1 / 0)", outputs=[nbformat.v4.new_output("stream", text="once\n")])
    cells = [parameters, words("## One"), first, words("## Two\nIs run."), code(last)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(notebook, path)
    return notebook


def test_of_a_chapter_alone_the_outputs_are_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small.ipynb"
    monkeypatch.setattr(run_notebook, "NOTEBOOK", path)
    before = small_notebook(path, "print(f'by {prepared}')")
    run_notebook.main(["--chapter", "Two", "--prepared", str(tmp_path / "hands.npz")])
    after = nbformat.read(path, as_version=4)
    assert [cell.source for cell in after.cells] == [cell.source for cell in before.cells]
    assert after.cells[2].outputs == before.cells[2].outputs
    assert after.cells[4].outputs[0].text == f"by {tmp_path / 'hands.npz'}\n"
    code = [cell for cell in after.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == [1, 2, 3]


def test_a_chapter_that_fails_or_is_not_there_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "small.ipynb"
    monkeypatch.setattr(run_notebook, "NOTEBOOK", path)
    small_notebook(path, "print(1 / 0)")
    before = path.read_bytes()
    with pytest.raises(CellExecutionError):
        run_notebook.main(["--chapter", "Two"])
    with pytest.raises(SystemExit):
        run_notebook.main(["--chapter", "Three"])
    assert "no chapter “Three”; there are: “One”, “Two”" in capsys.readouterr().err
    assert path.read_bytes() == before


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
