"""Runs notebooks/train.ipynb and keeps its outputs in it: python -m docs.run_notebook

Takes about twenty minutes on two quiet cores, and less where its run is in runs/ already.
The data are those of the folder in the environment variable DIGITS_DATA, or of the cache; all
hands are learned from with --prepared.
"""

from __future__ import annotations

import argparse
import base64
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

from recognizer.files import atomic_write

NOTEBOOK = Path(__file__).resolve().parent.parent / "notebooks" / "train.ipynb"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""The same on every machine."""
PARAMETERS_TAG = "parameters"
PICTURE_TYPE = "image/png"
PICTURE_COLOURS = 128


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all cells; the old outputs stay if one fails."""
    parser = argparse.ArgumentParser("python -m docs.run_notebook", description=__doc__)
    told = "file that python -m recognizer train --prepare wrote"
    parser.add_argument("--prepared", type=Path, metavar="FILE", help=told)
    options = parser.parse_args(arguments)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(NOTEBOOK.parent)}}
    with given(notebook, options.prepared):
        NotebookClient(notebook, timeout=None, record_timing=False, resources=resources).execute()
    clean(notebook)
    atomic_write(NOTEBOOK, (nbformat.writes(notebook) + "\n").encode("utf-8"))


@contextmanager
def given(notebook: nbformat.NotebookNode, prepared: Path | None) -> Iterator[None]:
    """Meanwhile the notebook's parameter names the prepared data; its cell stays as it was."""
    cell = next(cell for cell in notebook.cells if PARAMETERS_TAG in cell.metadata.get("tags", ()))
    written = cell.source
    if prepared is not None:
        cell.source += f"\nprepared = {str(prepared.resolve())!r}"
    yield
    cell.source = written


def clean(notebook: nbformat.NotebookNode) -> None:
    """Make pictures smaller, and remove what tells of the machine and what libraries report."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
            for output in cell.outputs:
                if PICTURE_TYPE in output.get("data", {}):
                    output.data[PICTURE_TYPE] = smaller(output.data[PICTURE_TYPE])


def smaller(picture: str) -> str:
    """A PNG of fewer colours, both in base64."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(picture))) as opened:
        opened.convert("RGB").quantize(PICTURE_COLOURS).save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


if __name__ == "__main__":
    main()
