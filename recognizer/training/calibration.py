"""How far to trust a network: its temperature, and the thresholds above which it is sure.

Both are fitted on the writers whom it never saw. Whoever is measured is measured with what the
other writers gave (cross-fitting); the card gets what all of them give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp, softmax

from recognizer.labels import Labels, alike, counted_for, known_sets
from recognizer.model import Probabilities, answered

Mask = NDArray[np.bool_]
FOLDS = 5
"""Groups of writers; each is measured with what was fitted on the others."""
MAX_WRONG_SHARE, MAX_NONE_SHARE = 0.001, 0.01
"""Of the sure characters of a set so many may be wrong; of what is none of the set, nor looks like
one, so much may be sure."""
MIN_THRESHOLD, NEVER_SURE = 0.5, 1.0
"""What is as likely wrong as right is never sure; above the other nothing is."""
NONE, LOOK_ALIKE = -1, -2
"""The class numbers of what is no character of a set, and of what looks like one and is another."""
MIN_PROBABILITY = 1e-30


@dataclass(frozen=True, eq=False)
class Characters:
    """n characters of known writers, and what a network answers.

    known: the labels of the network. probabilities: (n, labels); what is missing to 1 is the
    probability of none of them. The others are (n,): labels: what was written, "" for what is
    no character; sets, writers: as of a `Sample`; pictures: True for a picture, False for
    strokes; doubtful: whether the label may be wrong, so that nothing is fitted on it.
    """

    known: Labels
    probabilities: Probabilities
    labels: NDArray[np.str_]
    sets: NDArray[np.str_]
    writers: NDArray[np.str_]
    pictures: Mask
    doubtful: Mask

    def where(self, chosen: Mask) -> Self:
        """Those that are chosen by a mask (n,)."""
        arrays: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)[1:]}
        return replace(self, **{name: values[chosen] for name, values in arrays.items()})

    def answers(self, mode: str) -> Answers:
        """What is answered where the labels of a set may be."""
        return self.answers_among(known_sets(self.known)[mode])

    def answers_among(self, asked: Labels) -> Answers:
        """What is answered where these labels may be."""
        shown, numbers = np.unique(self.labels, return_inverse=True)
        truth = np.array([_truth(label, asked) for label in shown.tolist()], dtype=np.int64)
        joint = answered(self.probabilities, self.known, asked)
        return Answers(asked, joint, truth[numbers])


def _truth(label: str, asked: Labels) -> int:
    if label in asked:
        return asked.index(label)
    return LOOK_ALIKE if label and counted_for((label,), asked) != [None] else NONE


@dataclass(frozen=True, eq=False)
class Answers:
    """What is answered to n characters where some labels may be, and what would be right.

    joint: (n, labels), what is missing to 1 is the probability of none of them. truth: (n,)
    places of the labels, or NONE or LOOK_ALIKE.
    """

    asked: Labels
    joint: Probabilities
    truth: NDArray[np.int64]

    @cached_property
    def confidence(self) -> Probabilities:
        """(n,) probabilities of the likeliest labels."""
        return np.asarray(self.joint.max(axis=1))

    @cached_property
    def right(self) -> Mask:
        """(n,) whether it is the true label, be it the other case of a letter."""
        folded = np.unique([label.casefold() for label in self.asked], return_inverse=True)[1]
        return np.asarray(folded[self.joint.argmax(axis=1)] == folded[self.truth]) & self.is_asked

    @property
    def is_asked(self) -> Mask:
        """(n,) whether it is one of the labels."""
        return np.asarray(self.truth >= 0)

    @property
    def is_none(self) -> Mask:
        """(n,) whether it neither is one of the labels nor looks like one."""
        return np.asarray(self.truth == NONE)


def temperature(parts: Sequence[tuple[Probabilities, Mask]]) -> float:
    """What to divide the logits by, so that the mean loss of all parts is smallest.

    parts: the probabilities of some characters, (n, classes), whose rows sum to 1, and which of
    the classes would be right, (n, classes). Temperature scaling (Guo, Pleiss, Sun, Weinberger:
    On calibration of modern neural networks, 2017). Each part counts the same, whatever its size.
    """
    if not parts:
        return 1.0
    logs = [(np.log(np.maximum(each, MIN_PROBABILITY)), right) for each, right in parts]

    def mean_loss(log_temperature: float) -> float:
        losses = []
        for log, right in logs:
            logits = log / np.exp(log_temperature)
            of_right = logsumexp(np.where(right, logits, -np.inf), axis=1)
            losses.append(np.mean(logsumexp(logits, axis=1) - of_right))
        return float(np.mean(losses))

    return float(np.exp(minimize_scalar(mean_loss, bounds=(-2, 2), method="bounded").x))


def temperature_of(characters: Characters) -> float:
    """The temperature on which the characters of all sets agree, each set counting the same.

    Characters of the same look are one: no network can tell them apart, nor need it. The
    probability of none of the labels counts as that of another class.
    """
    usable = ~characters.doubtful & np.isin(characters.labels, characters.known)
    chosen = characters.where(usable)
    rows = np.zeros((len(chosen.labels), len(chosen.known) + 1), dtype=bool)
    for label in np.unique(chosen.labels).tolist():
        rows[np.ix_(chosen.labels == label, alike(label, chosen.known))] = True
    whole = _with_none(chosen.probabilities)
    own = (chosen.sets == name for name in np.unique(chosen.sets))
    return temperature([(whole[each], rows[each]) for each in own])


def scaled(probabilities: Probabilities, by: float) -> Probabilities:
    """The probabilities (n, labels) at another temperature, `by` times as high."""
    logs = np.log(np.maximum(_with_none(probabilities), MIN_PROBABILITY))
    return np.asarray(softmax(logs / by, axis=1)[:, :-1], dtype=np.float32)


def _with_none(probabilities: Probabilities) -> NDArray[np.float64]:
    """(n, labels + 1): the last column is the probability of none of the labels."""
    known = probabilities.astype(np.float64)
    return np.column_stack([known, np.maximum(1 - known.sum(axis=1), 0)])


def thresholds_of(characters: Characters) -> dict[str, float]:
    """For each set of labels that was written, the least threshold that keeps the promise.

    For strokes and for pictures alike it is kept, see `MAX_WRONG_SHARE` and `MAX_NONE_SHARE`.
    """
    usable = characters.where(~characters.doubtful)
    found = {}
    for mode in known_sets(characters.known):
        kinds = (usable.where(usable.pictures == each).answers(mode) for each in (False, True))
        written = [answers for answers in kinds if answers.is_asked.any()]
        if written:
            found[mode] = max(_threshold_of(answers) for answers in written)
    return found


def _threshold_of(answers: Answers) -> float:
    asked, none = answers.is_asked, answers.is_none
    least = threshold(answers.confidence[asked], answers.right[asked])
    if not none.any():
        return least
    return max(least, float(np.quantile(answers.confidence[none], 1 - MAX_NONE_SHARE)))


def threshold(
    confidence: Probabilities, right: Mask, wrong_share: float = MAX_WRONG_SHARE
) -> float:
    """The least confidence above which at most `wrong_share` of the predictions (n,) are wrong.

    At least one half.
    """
    order = np.argsort(-confidence, kind="stable")
    confidence, wrong = confidence[order].astype(np.float64), ~right[order]
    # Of the same confidence, all are sure or none.
    last = np.append(np.diff(confidence) != 0, True)
    shares = np.cumsum(wrong) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(last & (shares <= wrong_share))
    accepted = int(good[-1]) + 1 if len(good) else 0
    if accepted == len(order):
        return MIN_THRESHOLD
    # Halfway to the most confident prediction that is left out, so that rounding does not matter.
    before = confidence[accepted - 1] if accepted else NEVER_SURE
    return max(MIN_THRESHOLD, float((before + confidence[accepted]) / 2))


Written = TypeVar("Written", bound=Characters)


@dataclass(frozen=True, eq=False)
class CrossFitted(Generic[Written]):
    """Characters with the probabilities that the temperature of the other writers gives.

    folds: (n,) which group of writers each belongs to. temperatures, thresholds: for each group,
    what the writers of all others gave.
    """

    characters: Written
    folds: NDArray[np.intp]
    temperatures: list[float]
    thresholds: list[dict[str, float]]

    def sure(self, mode: str) -> Mask:
        """(n,) whether it is sure, by the threshold that the other writers gave."""
        limits = np.array([found.get(mode, NEVER_SURE) for found in self.thresholds])
        return np.asarray(self.characters.answers(mode).confidence > limits[self.folds])


def cross_fit(characters: Written) -> CrossFitted[Written]:
    """Fit temperature and thresholds for each group of writers on the other groups.

    Writers are dealt to the groups in turn in the order of their names, which begin with the
    name of the set, so that every set is in as many groups as can be.
    """
    folds = np.unique(characters.writers, return_inverse=True)[1] % FOLDS
    found = characters.probabilities.copy()
    temperatures, thresholds = [], []
    for fold in range(FOLDS):
        others, own = characters.where(folds != fold), folds == fold
        by = temperature_of(others)
        others = replace(others, probabilities=scaled(others.probabilities, by))
        found[own] = scaled(characters.probabilities[own], by)
        temperatures.append(by)
        thresholds.append(thresholds_of(others))
    return CrossFitted(replace(characters, probabilities=found), folds, temperatures, thresholds)
