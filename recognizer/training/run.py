"""A whole training run, from the data to the model's files."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import keras

from recognizer.datasets import Drawing, Images
from recognizer.files import SAVED_MODEL
from recognizer.model import card
from recognizer.model.card import CARD_FILE
from recognizer.training import (
    ALL_HANDS,
    MNIST_ALONE,
    MNIST_AND_PEN,
    Config,
    models,
    synthesis,
)
from recognizer.training.collection import (
    BASE_SETS,
    Collection,
    gather,
    nothing_doubtful,
)
from recognizer.training.models import networks
from recognizer.training.taught import from_hands
from recognizer.training.train import (
    BEST_FILE,
    RunError,
    UnfinishedError,
    epochs_of,
    finished,
    history_of,
    train,
)
from recognizer.training.validation import Validation, validation_of

ENSEMBLE_MEMBERS = 3
"""How many models an ensemble trains if none are named."""
FITTED_NUMBERS = 600
"""Numbers that the costs of segmentation are fitted to."""


@dataclass(frozen=True, eq=False)
class TrainingJob:
    """What is to be trained, where, and on what; its data are read when they are first needed.

    folder: of the run; output: of the finished model. prepared: the file that has all data; they
    are gathered from the data folder without it. hands: files of what persons taught the window,
    from which is learned as well. members: folders of the models that an ensemble
    is made of, or of the one that is written in floats. tensorboard: whether to keep logs.
    minutes: when to stop, with what is needed to go on. fitted_numbers: how many numbers the
    costs of segmentation are fitted to.
    """

    folder: Path
    output: Path
    data_folder: Path | None
    config: Config
    prepared: Path | None = None
    hands: Sequence[Path] = ()
    members: Sequence[Path] = ()
    tensorboard: bool = False
    minutes: float | None = None
    fitted_numbers: int = FITTED_NUMBERS

    @cached_property
    def collection(self) -> Collection:
        """All that is learned from and chosen on, the hands included."""
        return self._sets.joined(from_hands(self.hands)) if self.hands else self._sets

    @property
    def _sets(self) -> Collection:
        if self.prepared is not None or self.config.data == ALL_HANDS:
            return collected(self.prepared, self.data_folder, self.config.seed)
        return gather(self.data_folder, self.config.seed, nothing_doubtful, BASE_SETS)

    @cached_property
    def mnist(self) -> Images:
        """The images of MNIST's training writers, as many as the settings say."""
        learned = self.collection.learned & self.collection.of_sets("mnist")
        return self.collection.images(learned, self.config.mnist_images)

    @property
    def drawings(self) -> list[Drawing]:
        """The training writers' digits and the signs of sums."""
        return self.collection.drawings(self.collection.learned & self.collection.is_of_sums)

    @cached_property
    def validation(self) -> Validation:
        """What the checkpoint is chosen on."""
        return validation_of(self.collection, self.config)

    @property
    def segmentation(self) -> Callable[[bytes], dict[str, Any]]:
        """Fits the costs of segmentation to the content of a LiteRT file."""
        from recognizer.training.stroke_costs import fitted_costs

        return partial(fitted_costs, drawings=self.drawings, count=self.fitted_numbers)

    def write(self, model: keras.Model, about: dict[str, Any]) -> None:
        """Calibrate the model and write it with a card that tells `about` it."""
        from recognizer.training import export

        scale = export.calibrate(model, self.validation, self.config.labels)
        told = about | {"temperature": scale, "data": self.collection.described}
        export.write(
            self.output, model, self.validation, told, self.config, segmentation=self.segmentation
        )


def collected(prepared: Path | None, data_folder: Path | None, seed: int) -> Collection:
    """All that can be learned from: out of a prepared file, or gathered from the data folder.

    Raises DataError.
    """
    return _cleaned(data_folder, seed) if prepared is None else Collection.load(prepared)


def prepare(path: Path, data_folder: Path | None, seed: int) -> None:
    """Pack all that training needs into one file. Raises DataError."""
    _cleaned(data_folder, seed).save(path)


def _cleaned(data_folder: Path | None, seed: int) -> Collection:
    # Here, since a run from prepared data needs no scikit-learn.
    from recognizer.training.cleaning import doubtful_labels

    return gather(data_folder, seed, doubtful_labels)


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
    the data, HandError for a hand that cannot be read, RunError if the folder holds another run
    or a member no model, and ModelError if a member is damaged.
    """
    config = models.find(architecture).configure(settings)
    job = TrainingJob(folder, output, data_folder, config, members=members, **rest)
    if members and architecture not in ("ensemble", "float"):
        raise RunError(f"{architecture} is not made of other models; ensemble and float are.")
    if job.tensorboard and architecture in ("knn", "svm", "float"):
        raise RunError(f"{architecture} does not learn in epochs and has no logs for TensorBoard.")
    _MAKERS.get(architecture, _network)(job)
    return output


def _network(job: TrainingJob) -> None:
    history = _trained(job)
    if not finished(history, job.config):
        raise UnfinishedError(
            f"{len(history)} of {epochs_of(job.config)} epochs are done. The same command goes on."
        )
    if keras.backend.backend() != "tensorflow":
        raise UnfinishedError(
            f"The network is trained: {job.folder / BEST_FILE}. TensorFlow writes its model: the "
            "same command with KERAS_BACKEND=tensorflow."
        )
    from recognizer.training import export, inside_export

    export.export(
        job.folder,
        job.output,
        job.config,
        history,
        job.validation,
        job.collection.described,
        job.segmentation,
    )
    with contextlib.suppress(inside_export.InsideError):  # others have no stages to show
        inside_export.write(job.output, job.collection)


def _trained(job: TrainingJob) -> list[Any]:
    """The history of the run, after training what is left of it."""
    before = history_of(job.folder)
    if finished(before, job.config):
        return before
    data = synthesis.prepare(job.collection, job.config)
    more: Any = {"tensorboard": job.tensorboard, "minutes": job.minutes}
    return train(job.folder, job.config, data, job.validation, **more)


def _classical(job: TrainingJob) -> None:
    from recognizer.training.models import classical  # which brings in scikit-learn

    name, images = job.config.architecture, job.mnist
    started = time.monotonic()
    pipeline = classical.fit(name, images)
    minutes = (time.monotonic() - started) / 60
    model = classical.as_network(pipeline)
    chosen = {"architecture": name, "mnist_images": len(images.images)}
    about = {
        "configuration": chosen | dict(classical.CLASSICAL_SETTINGS),
        "training_minutes": round(minutes, 1),
    }
    job.write(model, about)


def _ensemble(job: TrainingJob) -> None:
    members = job.members or _trained_members(job)
    model = networks.mean_of([_model(member) for member in members])
    job = _with_data_of(model, job)
    cards = [card.read(member / CARD_FILE) for member in members]
    configurations = [content["configuration"] for content in cards]
    about = {
        "configuration": {"architecture": "ensemble", "members": configurations},
        "training_minutes": round(sum(content["training_minutes"] for content in cards), 1),
    }
    job.write(model, about)


def _trained_members(job: TrainingJob) -> list[Path]:
    seeds = range(job.config.seed, job.config.seed + ENSEMBLE_MEMBERS)
    members = [job.folder / f"seed-{seed}" for seed in seeds]
    for seed, member in zip(seeds, members, strict=True):
        config = replace(job.config, architecture="ours", seed=seed)
        _network(replace(job, folder=member, output=member, config=config))
    return members


def _precision(job: TrainingJob) -> None:
    """The saved model, or another one, its LiteRT file in floats."""
    if len(job.members) > 1:
        raise RunError(f"{job.config.architecture} is made of one model; name one with --members.")
    source = job.members[0] if job.members else SAVED_MODEL
    model, content = _model(source), card.read(source / CARD_FILE)
    job = _with_data_of(model, job)
    kept = ("chosen", "history", "training_minutes", "training_accuracy")
    of = {"architecture": job.config.architecture, "of": content["configuration"]}
    job.write(
        model,
        {"configuration": of, **{name: content[name] for name in kept if name in content}},
    )


def _with_data_of(model: keras.Model, job: TrainingJob) -> TrainingJob:
    """The job with the data whose labels the model tells apart, whatever the settings say."""
    for data in (ALL_HANDS, MNIST_AND_PEN, MNIST_ALONE):
        config = replace(job.config, data=data)
        if config.classes == model.output_shape[-1]:
            return replace(job, config=config)
    raise RunError(f"The models that {job.config.architecture} is made of have other labels.")


def _model(folder: Path) -> keras.Model:
    if not all((folder / name).is_file() for name in (card.KERAS_FILE, CARD_FILE)):
        raise RunError(
            f"{folder} holds no finished model ({card.KERAS_FILE}, {CARD_FILE}). "
            f"Train it: python -m recognizer train --run {folder}"
        )
    return models.load(folder)


_MAKERS = {"knn": _classical, "svm": _classical, "ensemble": _ensemble, "float": _precision}
"""Of what is no network that learns in epochs."""
