"""How well models read: figures, report, baselines; and which of two becomes the saved one."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from recognizer.datasets import Sample, catalog
from recognizer.errors import SketchpadError
from recognizer.evaluation.writers import read_characters
from recognizer.files import SAVED_MODEL
from recognizer.labels import known_sets
from recognizer.model.card import INSIDE_FILES, KERAS_FILE, MODEL_FILES, ModelError, load, verified
from recognizer.training.collection import BASE_SETS


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


def promote(
    run: Path, data_folder: Path | None, *, force: bool = False, saved: Path = SAVED_MODEL
) -> PromotionComparison:
    """Put the model of `run` into `saved` if it misreads no more validation digits, or `force`.

    Both models are measured anew, as the window runs them, on the validation writers of MNIST and
    of Pendigits together. Raises PromoteError if `run` has no model or misreads more, ModelError
    if its files are damaged or it reads no digits, and DataError without the data; then the saved
    model stays as it is.
    """
    missing = [name for name in MODEL_FILES if not (run / name).is_file()]
    if missing:
        raise PromoteError(
            f"{run} holds no finished model ({', '.join(missing)} missing). Train it to its end: "
            f"python -m recognizer train --run {run}"
        )
    verified(run, KERAS_FILE, load(run).content)
    samples, misread_by_saved = _validation(data_folder), None
    with contextlib.suppress(ModelError):
        misread_by_saved = _misread(saved, samples)
    found = PromotionComparison(_misread(run, samples), misread_by_saved, len(samples))
    if not force and found.saved is not None and found.run > found.saved:
        raise PromoteError(
            f"{run} is not promoted: {found}. To promote it all the same, add --force."
        )
    _replace(run, saved)
    return found


def _validation(data_folder: Path | None) -> list[Sample]:
    loaded = (catalog.LOADERS[name](data_folder) for name in BASE_SETS)
    return catalog.split(chain.from_iterable(loaded))[1]


def _misread(folder: Path, samples: list[Sample]) -> int:
    if "digits" not in known_sets(load(folder).labels):
        raise ModelError(f"The model in {folder} reads no digits.")
    return int(np.sum(~read_characters(folder, samples).answers("digits").right))


def _replace(source: Path, target: Path) -> None:
    """Copy the model's files; they take the old ones' place only when all are complete.

    What Inside shows of the old model goes if the new one has nothing of the kind.
    """
    target.mkdir(parents=True, exist_ok=True)
    shown = [name for name in INSIDE_FILES if (source / name).is_file()]
    with TemporaryDirectory(dir=target) as beside:
        copies = [Path(beside, name) for name in (*shown, *MODEL_FILES)]
        for copy in copies:
            shutil.copyfile(source / copy.name, copy)
            with copy.open("rb+") as file:
                os.fsync(file.fileno())
        for copy in copies:
            copy.replace(target / copy.name)
    for name in set(INSIDE_FILES) - set(shown):
        (target / name).unlink(missing_ok=True)
