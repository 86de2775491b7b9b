"""What chooses the trials: KerasTuner's oracles, with an end in time and with safe files."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

import keras_tuner

from recognizer.files import write_beside
from recognizer.training.tuning.plan import Limits, Plan
from recognizer.training.tuning.spaces import SPACES

OBJECTIVE = keras_tuner.Objective("val_accuracy", "max")
FACTOR = 2
"""Of how many trials Hyperband lets one go on, for as many times the epochs."""


class _Oracle(keras_tuner.Oracle):
    """Gives out no trial after a point in time (of `time.monotonic`); loses none it was told."""

    until = math.inf

    def populate_space(self, trial_id: str) -> Any:
        late = time.monotonic() >= self.until
        return {"status": "STOPPED"} if late else super().populate_space(trial_id)

    # KerasTuner writes into the old file, which a full disk or a kill would leave in pieces.
    def save(self) -> None:
        write_beside(self._get_oracle_fname(), json.dumps(self.get_state()).encode())

    def _save_trial(self, trial: Any) -> None:
        path = Path(self._get_trial_dir(trial.trial_id)) / "trial.json"
        write_beside(path, json.dumps(trial.get_state()).encode())


class _Hyperband(_Oracle, keras_tuner.oracles.HyperbandOracle):
    """Li and others: Hyperband, a novel bandit-based approach (2018)."""


class _Random(_Oracle, keras_tuner.oracles.RandomSearchOracle):
    """Bergstra, Bengio: Random search for hyper-parameter optimization (2012)."""


def oracle(plan: Plan, limits: Limits) -> Any:
    """An oracle for the plan that has given out nothing yet, and ends with the limits."""
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
    made.verbose = 0
    return made
