"""A whole training run, from the data to the model's files."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import keras
import numpy as np

from recognizer.datasets import Drawing, Images
from recognizer.datasets.mnist import MNIST_FILE, Mnist, load_mnist
from recognizer.datasets.pendigits import PEN_FILE, PEN_SHA256, load_pen, split_writers
from recognizer.files import SAVED_MODEL
from recognizer.model import card
from recognizer.model.card import CARD_FILE
from recognizer.training import MNIST_ALONE, Config, export, models, segmentation_weights, synthesis
from recognizer.training.models import classical, networks
from recognizer.training.train import RunError, Validation, train

ENSEMBLE_MEMBERS = 3
"""How many models an ensemble trains if none are named."""
REPRESENTATIVE_GLYPHS = 250
"""Glyphs of either data set by which a model is quantized."""


@dataclass(frozen=True, eq=False)
class TrainingJob:
    """What is to be trained, where, and on what; its data are read when they are first needed.

    folder: of the run; output: of the finished model. members: folders of the models that an
    ensemble is made of, or of the one that is quantized. tensorboard: whether to keep logs.
    fitted_numbers: how many numbers the weights of segmentation are fitted to.
    """

    folder: Path
    output: Path
    data_folder: Path | None
    config: Config
    members: Sequence[Path] = ()
    tensorboard: bool = False
    fitted_numbers: int = segmentation_weights.FITTED_NUMBERS

    @cached_property
    def mnist(self) -> Mnist:
        """MNIST, of which as many training images are learned from as the settings say."""
        mnist, count = load_mnist(self.data_folder), self.config.mnist_images
        return replace(mnist, train=Images(mnist.train.images[:count], mnist.train.labels[:count]))

    @cached_property
    def drawings(self) -> tuple[list[Drawing], list[Drawing]]:
        """What is learned from, and what is chosen on."""
        return split_writers(load_pen(self.data_folder))

    @cached_property
    def validation(self) -> Validation:
        """What the checkpoint is chosen on."""
        return Validation(self.mnist.validation, synthesis.plain_glyphs(self.drawings[1]))

    @property
    def hashes(self) -> dict[str, str]:
        """Of the data's files."""
        return {MNIST_FILE: self.mnist.sha256, f"{PEN_FILE} (unpacked)": PEN_SHA256}

    @property
    def segmentation(self) -> export.SegmentationOf:
        """Fits the costs of segmentation to the content of a LiteRT file."""
        fitted = segmentation_weights.fitted_segmentation
        return partial(fitted, drawings=self.drawings[0], count=self.fitted_numbers)

    def write(self, model: keras.Model, about: dict[str, Any], **rest: Any) -> None:
        """Write the model with a card that tells `about` it; rest: as of `export.write`."""
        export.write(
            self.output, model, self.validation, about, segmentation=self.segmentation, **rest
        )


def run(
    folder: Path,
    output: Path,
    data_folder: Path | None,
    settings: dict[str, Any],
    *,
    architecture: str = "ours",
    members: Sequence[Path] = (),
    **rest: Any,
) -> Path:
    """Train in `folder` with these settings of `Config`, write the model to `output`.

    members, rest: see `TrainingJob`. Returns `output`.
    Raises SettingError for an architecture or a setting that does not exist, DataError without
    the data, RunError if the folder holds another run or a member no model, and ModelError if a
    member is damaged.
    """
    config = models.find(architecture).configure(settings)
    job = TrainingJob(folder, output, data_folder, config, members, **rest)
    if members and architecture not in ("ensemble", "int8"):
        raise RunError(f"{architecture} is not made of other models; ensemble and int8 are.")
    if job.tensorboard and architecture in ("knn", "svm", "int8"):
        raise RunError(f"{architecture} does not learn in epochs and has no logs for TensorBoard.")
    _MAKERS.get(architecture, _network)(job)
    return output


def _network(job: TrainingJob) -> None:
    config, mnist = job.config, job.mnist.train
    if config.data == MNIST_ALONE:
        drawn = synthesis.mnist_alone(mnist)
    else:
        drawn = synthesis.prepare(
            mnist, job.drawings[0], config.variants, config.seed, segments=config.segment_share > 0
        )
    history = train(job.folder, config, drawn, job.validation, tensorboard=job.tensorboard)
    export.export(
        job.folder, job.output, config, history, job.validation, job.hashes, job.segmentation
    )


def _classical(job: TrainingJob) -> None:
    name, images, validation = job.config.architecture, job.mnist.train, job.validation
    started = time.monotonic()
    pipeline = classical.fit(name, images)
    minutes = (time.monotonic() - started) / 60
    model = classical.as_network(pipeline)
    chosen = {"architecture": name, "mnist_images": len(images.images)}
    about = {
        "configuration": chosen | dict(classical.CLASSICAL_SETTINGS),
        "training_minutes": round(minutes, 1),
        "temperature": export.calibrate(model, validation),
        "data": job.hashes,
    }
    job.write(model, about)


def _ensemble(job: TrainingJob) -> None:
    members = job.members or _trained_members(job)
    model = networks.mean_of([_model(member) for member in members])
    cards = [card.read(member / CARD_FILE) for member in members]
    configurations = [content["configuration"] for content in cards]
    about = {
        "configuration": {"architecture": "ensemble", "members": configurations},
        "training_minutes": round(sum(content["training_minutes"] for content in cards), 1),
        "temperature": export.calibrate(model, job.validation),
        "data": job.hashes,
    }
    job.write(model, about)


def _trained_members(job: TrainingJob) -> list[Path]:
    seeds = range(job.config.seed, job.config.seed + ENSEMBLE_MEMBERS)
    members = [job.folder / f"seed-{seed}" for seed in seeds]
    for seed, member in zip(seeds, members, strict=True):
        config = replace(job.config, architecture="ours", seed=seed)
        _network(replace(job, folder=member, output=member, config=config))
    return members


def _int8(job: TrainingJob) -> None:
    if len(job.members) > 1:
        raise RunError("int8 is made of one model; name one with --members.")
    source = job.members[0] if job.members else SAVED_MODEL
    model, content = _model(source), card.read(source / CARD_FILE)
    drawn = synthesis.plain_glyphs(job.drawings[0][:REPRESENTATIVE_GLYPHS])
    shown = np.concatenate([job.mnist.train.images[:REPRESENTATIVE_GLYPHS], drawn.images])
    kept = ("chosen", "history", "training_minutes", "training_accuracy", "temperature", "data")
    about = {
        "configuration": {"architecture": "int8", "of": content["configuration"]},
        **{name: content[name] for name in kept if name in content},
    }
    job.write(model, about, representative=shown)


def _model(folder: Path) -> keras.Model:
    if not all((folder / name).is_file() for name in (card.KERAS_FILE, CARD_FILE)):
        raise RunError(
            f"{folder} holds no finished model ({card.KERAS_FILE}, {CARD_FILE}). "
            f"Train it: python -m recognizer train --run {folder}"
        )
    return models.load(folder)


_MAKERS = {"knn": _classical, "svm": _classical, "ensemble": _ensemble, "int8": _int8}
"""Of what is no network that learns in epochs."""
