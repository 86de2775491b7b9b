"""The command `promote`: a run's model becomes the saved one, if it reads at least as well."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from recognizer.cli.train import add_data_folder
from recognizer.errors import SketchpadError
from recognizer.files import SAVED_MODEL

if TYPE_CHECKING:
    from recognizer.datasets import Images


class PromoteError(SketchpadError):
    """A model does not take the saved one's place; the message says why."""


@dataclass(frozen=True)
class PromotionComparison:
    """How many of `of` validation digits are misread; `saved` is None without a usable one."""

    run: int
    saved: int | None
    of: int

    def __str__(self) -> str:
        before = "there was none" if self.saved is None else f"the saved model {self.saved}"
        return f"{self.run} of {self.of:,} validation digits misread, {before}"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which run, on which data, and whether it must."""
    add_data_folder(parser)
    parser.add_argument("folder", type=Path, metavar="RUN", help="folder of the run")
    parser.add_argument("--force", action="store_true", help="even if it reads worse")


def run(options: argparse.Namespace) -> None:
    """Promote the run, and say what was compared. Raises PromoteError and DataError."""
    found = promote(options.folder, options.data_dir, force=options.force)
    print(f"The model of {options.folder} is the saved one now: {found}.")
    print("Measure it: python -m recognizer evaluate")


def promote(
    run: Path, data_folder: Path | None, *, force: bool = False, saved: Path = SAVED_MODEL
) -> PromotionComparison:
    """Put the model of `run` into `saved` if it misreads no more validation digits, or `force`.

    Both models are measured anew, as the window runs them, on MNIST's validation images and the
    validation writers together. Raises PromoteError if `run` has no model or misreads more,
    ModelError if its files are damaged, and DataError without the data; then the saved model
    stays as it is.
    """
    from recognizer.model.card import KERAS_FILE, MODEL_FILES, ModelError, load, verified

    missing = [name for name in MODEL_FILES if not (run / name).is_file()]
    if missing:
        raise PromoteError(
            f"{run} holds no finished model ({', '.join(missing)} missing). Train it to its end: "
            f"python -m recognizer train --run {run}"
        )
    verified(run, KERAS_FILE, load(run).content)
    sets, misread_by_saved = _validation(data_folder), None
    with contextlib.suppress(ModelError):
        misread_by_saved = _misread(saved, sets)
    n = sum(len(images.labels) for images in sets)
    found = PromotionComparison(_misread(run, sets), misread_by_saved, n)
    if not force and found.saved is not None and found.run > found.saved:
        raise PromoteError(
            f"{run} is not promoted: {found}. To promote it all the same, add --force."
        )
    _replace(run, saved)
    return found


def _validation(data_folder: Path | None) -> list[Images]:
    from recognizer.datasets.mnist import load_mnist
    from recognizer.datasets.pendigits import load_pen, split_writers
    from recognizer.training import synthesis

    _, chosen = split_writers(load_pen(data_folder))
    return [load_mnist(data_folder).validation, synthesis.plain_glyphs(chosen)]


def _misread(folder: Path, sets: list[Images]) -> int:
    from recognizer import Recognizer

    recognizer = Recognizer(folder)
    wrong = (recognizer.predict_proba(s.images).argmax(axis=1) != s.labels for s in sets)
    return sum(int(part.sum()) for part in wrong)


def _replace(source: Path, target: Path) -> None:
    """Copy the model's files; they take the old ones' place only when all are complete."""
    from recognizer.model.card import MODEL_FILES

    target.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target) as beside:
        copies = [Path(beside, name) for name in MODEL_FILES]
        for copy in copies:
            shutil.copyfile(source / copy.name, copy)
            with copy.open("rb+") as file:
                os.fsync(file.fileno())
        for copy in copies:
            copy.replace(target / copy.name)
