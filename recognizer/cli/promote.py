"""A run's model takes the place of the saved one, if it reads at least as well."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from recognizer import Recognizer
from recognizer.datasets import Images
from recognizer.datasets.mnist import load_mnist
from recognizer.datasets.pendigits import load_pen, split_writers
from recognizer.errors import SketchpadError
from recognizer.files import SAVED_MODEL
from recognizer.model.card import CARD_FILE, KERAS_FILE, MODEL_FILE, ModelError
from recognizer.training import metrics, synthesis

MODEL_FILES = (MODEL_FILE, KERAS_FILE, CARD_FILE)


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

    Both models are measured anew, as the window runs them, on MNIST's validation images and the
    validation writers together. Raises PromoteError if `run` has no model or misreads more, and
    DataError without the data; then the saved model stays as it is.
    """
    missing = [name for name in MODEL_FILES if not (run / name).is_file()]
    if missing:
        raise PromoteError(
            f"{run} holds no finished model ({', '.join(missing)} missing). Train it to its end: "
            f"python -m recognizer train --run {run}"
        )
    sets = _validation(data_folder)
    found = PromotionComparison(
        run=_misread(run, sets),
        saved=_misread_if_usable(saved, sets),
        of=sum(len(images.labels) for images in sets),
    )
    if not force and found.saved is not None and found.run > found.saved:
        raise PromoteError(
            f"{run} is not promoted: {found}. To promote it all the same, add --force."
        )
    _replace(run, saved)
    return found


def _validation(data_folder: Path | None) -> list[Images]:
    _, chosen = split_writers(load_pen(data_folder))
    return [load_mnist(data_folder).validation, synthesis.plain_glyphs(chosen)]


def _misread(folder: Path, sets: list[Images]) -> int:
    recognizer = Recognizer(folder)
    right = (metrics.top(recognizer.predict_proba(s.images), s.labels, 1) for s in sets)
    return sum(len(s.labels) for s in sets) - sum(right)


def _misread_if_usable(folder: Path, sets: list[Images]) -> int | None:
    try:
        return _misread(folder, sets)
    except ModelError:
        return None


def _replace(source: Path, target: Path) -> None:
    """Copy the model's files; they take the old ones' place only when all are complete."""
    target.mkdir(parents=True, exist_ok=True)
    beside = {name: target / f".{secrets.token_hex(8)}.tmp" for name in MODEL_FILES}
    try:
        for name, path in beside.items():
            shutil.copyfile(source / name, path)
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        for name, path in beside.items():
            path.replace(target / name)
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)
