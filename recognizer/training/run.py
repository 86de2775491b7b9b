"""A whole training run, from the data to the model's files."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np

from recognizer.datasets import Drawing, Images
from recognizer.datasets.mnist import MNIST_FILE, load_mnist
from recognizer.datasets.pendigits import PEN_FILE, PEN_SHA256, load_pen, split_writers
from recognizer.files import SAVED_MODEL
from recognizer.model import card
from recognizer.model.card import CARD_FILE
from recognizer.training import export, models, synthesis
from recognizer.training.config import MNIST_ALONE, Config
from recognizer.training.models import classical, networks
from recognizer.training.segmentation_weights import (
    FITTED_NUMBERS,
    fitted_segmentation,
    saved_segmentation,
)
from recognizer.training.train import RunError, Validation, train

ENSEMBLE_MEMBERS = 3
"""How many models an ensemble trains if none are named."""
REPRESENTATIVE_GLYPHS = 250
"""Glyphs of either data set by which a model is quantized."""


@dataclass(frozen=True)
class TrainingJob:
    """What is to be trained and where.

    folder: of the run; output: of the finished model. members: folders of the models that an
    ensemble is made of, or of the one that is quantized. tensorboard: whether to keep logs.
    fitted_numbers: how many numbers the weights of segmentation are fitted to.
    """

    folder: Path
    output: Path
    data_folder: Path | None
    config: Config
    members: tuple[Path, ...] = ()
    tensorboard: bool = False
    fitted_numbers: int = FITTED_NUMBERS


@dataclass(frozen=True, eq=False)
class RunData:
    """What is learned from and what is chosen on; of the files, their hashes.

    segmentation: fits the costs of segmentation to the content of a LiteRT file.
    """

    mnist: Images
    drawings: list[Drawing]
    validation: Validation
    hashes: dict[str, str]
    segmentation: export.SegmentationOf


def run(
    folder: Path,
    output: Path,
    data_folder: Path | None,
    settings: dict[str, Any],
    *,
    architecture: str = "ours",
    members: Sequence[Path] = (),
    tensorboard: bool = False,
    fitted_numbers: int = FITTED_NUMBERS,
) -> Path:
    """Train in `folder` with these settings of `Config`, write the model to `output`.

    fitted_numbers: how many numbers the weights of segmentation are fitted to. Returns `output`.
    Raises SettingError for an architecture or a setting that does not exist, DataError without
    the data, RunError if the folder holds another run or a member no model, and ModelError if a
    member is damaged or the saved model has no card, from which segmentation is fitted on.
    """
    config = models.find(architecture).configure(settings)
    made_of_models = architecture in ("ensemble", "int8")
    if members and not made_of_models:
        raise RunError(f"{architecture} is not made of other models; ensemble and int8 are.")
    if tensorboard and architecture in ("knn", "svm", "int8"):
        raise RunError(f"{architecture} does not learn in epochs and has no logs for TensorBoard.")
    saved_segmentation()  # if it is missing, that is better told now than after an hour
    job = TrainingJob(
        folder, output, data_folder, config, tuple(members), tensorboard, fitted_numbers
    )
    _MAKERS.get(architecture, _network)(job)
    return output


def _load(job: TrainingJob) -> RunData:
    mnist = load_mnist(job.data_folder)
    learned, chosen = split_writers(load_pen(job.data_folder))
    count = job.config.mnist_images
    return RunData(
        Images(mnist.train.images[:count], mnist.train.labels[:count]),
        learned,
        Validation(mnist.validation, synthesis.plain_glyphs(chosen)),
        {MNIST_FILE: mnist.sha256, f"{PEN_FILE} (unpacked)": PEN_SHA256},
        partial(fitted_segmentation, drawings=learned, count=job.fitted_numbers),
    )


def _network(job: TrainingJob) -> None:
    config, loaded = job.config, _load(job)
    if config.data == MNIST_ALONE:
        drawn = synthesis.mnist_alone(loaded.mnist)
    else:
        drawn = synthesis.prepare(
            loaded.mnist,
            loaded.drawings,
            config.variants,
            config.seed,
            segments=config.segment_share > 0,
        )
    history = train(job.folder, config, drawn, loaded.validation, tensorboard=job.tensorboard)
    export.export(
        job.folder,
        job.output,
        config,
        history,
        loaded.validation,
        loaded.hashes,
        loaded.segmentation,
    )


def _classical(job: TrainingJob) -> None:
    loaded, name = _load(job), job.config.architecture
    started = time.monotonic()
    pipeline = classical.fit(name, loaded.mnist)
    minutes = (time.monotonic() - started) / 60
    model = classical.as_network(pipeline)
    chosen = {"architecture": name, "mnist_images": len(loaded.mnist.images)}
    about = {
        "configuration": chosen | asdict(classical.CLASSICAL_SETTINGS),
        "training_minutes": round(minutes, 1),
        "temperature": export.calibrate(model, loaded.validation),
        "data": loaded.hashes,
    }
    export.write(job.output, model, loaded.validation, about, segmentation=loaded.segmentation)


def _ensemble(job: TrainingJob) -> None:
    members = job.members or _trained_members(job)
    trained, loaded = [_model(member) for member in members], _load(job)
    model = networks.mean_of(trained)
    cards = [card.read(member / CARD_FILE) for member in members]
    about = {
        "configuration": {
            "architecture": "ensemble",
            "members": [c["configuration"] for c in cards],
        },
        "training_minutes": round(sum(c["training_minutes"] for c in cards), 1),
        "temperature": export.calibrate(model, loaded.validation),
        "data": loaded.hashes,
    }
    export.write(job.output, model, loaded.validation, about, segmentation=loaded.segmentation)


def _trained_members(job: TrainingJob) -> tuple[Path, ...]:
    members = []
    for seed in range(job.config.seed, job.config.seed + ENSEMBLE_MEMBERS):
        member = job.folder / f"seed-{seed}"
        config = replace(job.config, architecture="ours", seed=seed)
        _network(replace(job, folder=member, output=member, config=config))
        members.append(member)
    return tuple(members)


def _int8(job: TrainingJob) -> None:
    if len(job.members) > 1:
        raise RunError("int8 is made of one model; name one with --members.")
    source = job.members[0] if job.members else SAVED_MODEL
    model, content, loaded = _model(source), card.read(source / CARD_FILE), _load(job)
    drawn = synthesis.plain_glyphs(loaded.drawings[:REPRESENTATIVE_GLYPHS])
    shown = np.concatenate([loaded.mnist.images[:REPRESENTATIVE_GLYPHS], drawn.images])
    kept = ("chosen", "history", "training_minutes", "training_accuracy", "temperature", "data")
    about = {
        "configuration": {"architecture": "int8", "of": content["configuration"]},
        **{name: content[name] for name in kept if name in content},
    }
    export.write(
        job.output,
        model,
        loaded.validation,
        about,
        segmentation=loaded.segmentation,
        representative=shown,
    )


def _model(folder: Path) -> keras.Model:
    if not all((folder / name).is_file() for name in (card.KERAS_FILE, CARD_FILE)):
        raise RunError(
            f"{folder} holds no finished model ({card.KERAS_FILE}, {CARD_FILE}). "
            f"Train it: python -m recognizer train --run {folder}"
        )
    return models.load(folder)


_MAKERS: dict[str, Callable[[TrainingJob], None]] = {
    "knn": _classical,
    "svm": _classical,
    "ensemble": _ensemble,
    "int8": _int8,
}
"""Of what is no network that learns in epochs."""
