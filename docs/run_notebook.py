"""Runs notebooks/train.ipynb and keeps its outputs in it: python -m docs.run_notebook

Takes about twenty minutes on two quiet cores, and less where its run is in runs/ already. With
--chapter only the cells before the first chapter and those of the named one are run, and only its
outputs become others. The data are those of the folder in the environment variable DIGITS_DATA, or
of the cache; all hands are learned from with --prepared.
"""

from __future__ import annotations

import argparse
import base64
import copy
import io
from collections import defaultdict
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
CHAPTER_MARK = "## "
"""A chapter begins with a cell that begins with this and its title."""
PICTURE_TYPE = "image/png"
PICTURE_COLOURS = 128


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all cells, or those of a chapter; the old outputs stay if one fails."""
    parser = argparse.ArgumentParser("python -m docs.run_notebook", description=__doc__)
    told = "file that python -m recognizer train --prepare wrote"
    parser.add_argument("--prepared", type=Path, metavar="FILE", help=told)
    parser.add_argument("--chapter", metavar="TITLE", help="the only chapter that is run")
    options = parser.parse_args(arguments)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    chapters = chapters_of(notebook)
    if options.chapter is not None and options.chapter not in chapters:
        titles = ", ".join(f"“{title}”" for title in chapters if title)
        parser.error(f"there is no chapter “{options.chapter}”; there are: {titles}")
    with given(notebook, options.prepared):
        if options.chapter is None:
            execute(notebook)
        else:
            run_chapter(notebook, chapters[""], chapters[options.chapter])
    atomic_write(NOTEBOOK, (nbformat.writes(notebook) + "\n").encode("utf-8"))


def chapters_of(notebook: nbformat.NotebookNode) -> dict[str, list[nbformat.NotebookNode]]:
    """The cells of each chapter by its title; those before the first one by ""."""
    title, found = "", defaultdict(list)
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith(CHAPTER_MARK):
            title = cell.source.splitlines()[0].removeprefix(CHAPTER_MARK)
        found[title].append(cell)
    return found


def run_chapter(
    notebook: nbformat.NotebookNode,
    before: list[nbformat.NotebookNode],
    chapter: list[nbformat.NotebookNode],
) -> None:
    """Give a chapter's cells new outputs; the cells before all chapters are run for it."""
    part = nbformat.v4.new_notebook(cells=copy.deepcopy([*before, *chapter]))
    execute(part)
    for cell, done in zip(chapter, part.cells[len(before) :], strict=True):
        cell.update(done)
    code = (cell for cell in notebook.cells if cell.cell_type == "code")
    for number, cell in enumerate(code, 1):  # as if all had been run
        cell.execution_count = number


def execute(notebook: nbformat.NotebookNode) -> None:
    """Run all cells of a notebook where the committed one lies."""
    resources = {"metadata": {"path": str(NOTEBOOK.parent)}}
    NotebookClient(notebook, timeout=None, record_timing=False, resources=resources).execute()
    clean(notebook)


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
