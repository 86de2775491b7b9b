"""The search: KerasTuner chooses the trials, this trains them.

Its state lies in the folder, so that a search which was stopped or killed goes on. With
KerasTuner's environment variables set, one process (the chief) gives out trials and any
number of others (the workers), which share the folder, train them.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import grpc
import keras
import keras_tuner
import tensorflow as tf
from tqdm import tqdm

from recognizer.files import atomic_write
from recognizer.training import metrics, models, train
from recognizer.training.batches import Epoch
from recognizer.training.synthesis import TrainingData
from recognizer.training.tuning.plan import SPACES, Limits, Plan, Trial, TuneError, claim, in_words
from recognizer.training.validation import ValidationPart, predict

OBJECTIVE = keras_tuner.Objective("val_accuracy", "max")
FACTOR = 2
"""Of how many trials Hyperband lets one go on, for as many times the epochs."""
STATE_FOLDER, STATE_COPY = "state", "state.json"
"""Where KerasTuner keeps its state, and the copy of it, both in the folder of the search."""
_ORACLE_FILE, _STATE_FILES = "oracle.json", ("*.json", "trial_*/trial.json")
IDLE_SECONDS = 0.2
"""Seconds before a worker asks for the next trial."""
_ADDRESS, _PORT, _ID = (f"KERASTUNER_{name}" for name in ("ORACLE_IP", "ORACLE_PORT", "TUNER_ID"))
_MODEL_FILE = "model.keras"


class _Lasting(keras_tuner.Oracle):
    """Gives out no trial after a point in time (of `time.monotonic`), and copies its state.

    KerasTuner writes its state into the old files, which a full disk or a kill would leave in
    parts; the copy is whole at any time. state: the folder of the state.
    """

    until, state = math.inf, Path()

    def populate_space(self, trial_id: str) -> Any:
        late = time.monotonic() >= self.until
        return {"status": "STOPPED"} if late else super().populate_space(trial_id)

    @keras_tuner.synchronized  # type: ignore[untyped-decorator]
    def end_trial(self, trial: Any) -> None:
        super().end_trial(trial)
        self.save()  # what was saved before counts the trial as one that is still under way
        copy_state(self.state)


class _Hyperband(_Lasting, keras_tuner.oracles.HyperbandOracle):
    """Li and others: Hyperband, a novel bandit-based approach (2018)."""


class _Random(_Lasting, keras_tuner.oracles.RandomSearchOracle):
    """Bergstra, Bengio: Random search for hyper-parameter optimization (2012)."""


def copy_state(state: Path) -> None:
    """Copy KerasTuner's files of JSON in a folder into one beside it."""
    texts = {
        path.relative_to(state).as_posix(): path.read_text(encoding="utf-8")
        for pattern in _STATE_FILES
        for path in sorted(state.glob(pattern))
        if _is_whole(path)  # a worker may be writing its own
    }
    atomic_write(state.with_name(STATE_COPY), json.dumps(texts).encode())


def mend_state(state: Path) -> None:
    """If one of KerasTuner's files is not whole, write all of them anew from their copy."""
    copy = state.with_name(STATE_COPY)
    found = [path for pattern in _STATE_FILES for path in state.glob(pattern)]
    if not copy.exists() or all(_is_whole(path) for path in found):
        return
    texts = {state / name: text for name, text in json.loads(copy.read_text("utf-8")).items()}
    for path in set(found) - set(texts):
        path.unlink()
    for path, text in texts.items():
        atomic_write(path, text.encode())


def _is_whole(path: Path) -> bool:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return True


def make_oracle(plan: Plan, limits: Limits, state: Path) -> Any:
    """An oracle for the plan that has given out nothing yet; state: the folder of its state."""
    settings = keras_tuner.HyperParameters()
    for name, values in SPACES[plan.space].settings.items():
        settings.Choice(name, list(values), ordered=True)
    given = {"objective": OBJECTIVE, "seed": plan.seed, "hyperparameters": settings}
    if plan.method == "hyperband":
        # It begins anew until there are enough trials.
        made = _Hyperband(max_epochs=plan.epochs, factor=FACTOR, hyperband_iterations=0, **given)
    else:
        made = _Random(**given)
    made.max_trials = limits.trials
    made.until = time.monotonic() + 3600 * (limits.hours or math.inf)
    made.verbose, made.state = 0, state
    return made


class TrialError(TuneError, keras_tuner.errors.FatalError):
    """A trial broke. KerasTuner would count any other error as a bad result and go on."""


def role() -> str:
    """What this process does, by KerasTuner's variables: "alone", "chief" or "worker".

    Raises TuneError if only some of them are set.
    """
    if _ADDRESS not in os.environ:
        return "alone"
    missing = [name for name in (_PORT, _ID) if name not in os.environ]
    if missing:
        raise TuneError(f"{_ADDRESS} is set, but {' and '.join(missing)} is not. Set all three.")
    return "chief" if "chief" in os.environ[_ID] else "worker"


class Search(keras_tuner.Tuner):
    """A search in a folder, which goes on from the trials that finished there.

    Raises TuneError if the folder holds another search or is damaged.
    """

    def __init__(self, folder: Path, plan: Plan, limits: Limits) -> None:
        claim(folder, plan)
        self._plan, self._space = plan, SPACES[plan.space]
        state = folder / STATE_FOLDER
        oracle = make_oracle(plan, limits, state)
        try:
            if role() != "worker":
                mend_state(state)
            with contextlib.redirect_stdout(io.StringIO()):  # tells where it reads its state
                super().__init__(oracle, directory=str(folder), project_name=STATE_FOLDER)
            # KerasTuner itself reloads only what was begun in the same role.
            if role() != "worker" and (state / _ORACLE_FILE).exists():
                oracle.reload()
        except (ValueError, RuntimeError) as error:
            raise TuneError(
                f"The state of the search in {folder} is damaged ({error}). Delete the folder "
                "and tune anew."
            ) from None
        self._given, self._state = oracle, state

    @property
    def finished(self) -> list[Trial]:
        """The trials that are done, as far as this process knows; a worker knows none."""
        trials = self._given.trials.values()
        return [self._told(trial) for trial in trials if trial.status == "COMPLETED"]

    def go(self, data: TrainingData | None, validation: ValidationPart | None) -> None:
        """Run trials, or give them out as chief, until the limits are reached.

        A chief needs no data. Raises TuneError if something else breaks the search.
        """
        if role() != "worker":
            self.save()
            copy_state(self._state)
        try:
            self.search(data, validation)
        except (tf.errors.OpError, RuntimeError) as error:
            raise TuneError(f"The search stopped ({error}). The same command goes on.") from error
        except grpc.RpcError as error:
            raise TuneError(
                f"The chief at {os.environ[_ADDRESS]}:{os.environ[_PORT]} does not answer. "
                "Start it again with its own command, then this worker."
            ) from error

    def pre_create_trial(self) -> None:
        """Keep a worker for which there is no trial yet from asking without a pause."""
        if role() == "worker":
            time.sleep(IDLE_SECONDS)

    def run_trial(
        self, trial: Any, data: TrainingData, validation: ValidationPart
    ) -> dict[str, float]:
        """Train and measure one choice of values; returns its figures."""
        try:
            return self._run(trial, data, validation)
        except Exception as error:
            raise TrialError(
                f"Trial {_trial_number(trial)} broke ({error}). What finished before it is kept; "
                "the same command goes on."
            ) from error

    def _run(self, trial: Any, data: TrainingData, validation: ValidationPart) -> dict[str, float]:
        started = time.monotonic()
        first, last = self._epochs(trial)
        config = replace(self._space.config, seed=self._plan.seed)
        branches = models.find(config.architecture).branches
        steps = len(Epoch(config, data, first))
        keras.utils.clear_session()
        train.fix_seeds(self._plan.seed + _trial_number(trial))
        model = self._begin(trial, steps)
        choice = in_words(self._values(trial))
        with tqdm(total=(last - first) * steps, desc=choice, unit=" steps", leave=False) as bar:
            for number in range(first, last):
                epoch = Epoch(config, data, number, branches=branches)
                for batch in range(steps):
                    model.train_on_batch(*epoch[batch])
                    bar.update()
        model.save(self._model_path(trial.trial_id))
        probabilities = predict(model.get_layer("digits"), validation.glyphs)
        judged = validation.judged(probabilities, config)
        accuracy, loss = metrics.accuracy(*judged), metrics.loss(*judged)
        right = f"{100 * accuracy:.2f} %"
        tqdm.write(f"trial {_trial_number(trial)}: {right} after {last} epochs with {choice}")
        seconds = time.monotonic() - started
        return {"val_accuracy": accuracy, "val_loss": loss, "seconds": seconds}

    def _begin(self, trial: Any, steps: int) -> keras.Model:
        before = trial.hyperparameters.values.get("tuner/trial_id")
        if before is not None:  # Hyperband lets a promising trial go on
            return keras.models.load_model(self._model_path(before))
        return self._space.begin(self._values(trial), steps * self._plan.epochs)

    def _model_path(self, trial_id: str) -> Path:
        return Path(self.get_trial_dir(trial_id)) / _MODEL_FILE

    def _epochs(self, trial: Any) -> tuple[int, int]:
        values = trial.hyperparameters.values
        last = values.get("tuner/epochs", self._plan.epochs)
        return values.get("tuner/initial_epoch", 0), last

    def _values(self, trial: Any) -> dict[str, float]:
        return {name: trial.hyperparameters.values[name] for name in self._space.settings}

    def _told(self, trial: Any) -> Trial:
        found = map(trial.metrics.get_last_value, ("val_accuracy", "val_loss", "seconds"))
        _, epochs = self._epochs(trial)
        return Trial(_trial_number(trial), self._values(trial), epochs, *found)


def _trial_number(trial: Any) -> int:
    """From 1."""
    return int(trial.trial_id) + 1
