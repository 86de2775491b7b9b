"""How well the hands of people are read whom the network never saw: the validation writers.

Every figure is cross-fitted: nobody is measured with a temperature or a threshold that they
helped to set. A mean is over writers, since a stranger is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from recognizer.datasets.catalog import LOADERS
from recognizer.evaluation.predictions import (
    Figures,
    Predictions,
    accuracy_figure,
    misread,
    picture_of,
    share,
)
from recognizer.evaluation.writers import DOODLES_SET, WrittenCharacters
from recognizer.labels import Labels, known_sets, label_set
from recognizer.model import card, given_inside
from recognizer.training import calibration, metrics
from recognizer.training.calibration import Answers, Mask

MAIN_SET = "digits"
"""The set of labels whose every figure is told."""
SECTIONS = {
    MAIN_SET: "the digits of {} validation writers",
    "letters": "the letters of {} validation writers, upper and lower case as one",
    "sums": "the digits and signs of {} validation writers",
}
"""The sets of labels whose predictions are told in every detail, of strokes alone."""
AS_DISTRIBUTED, CLEAN = "labels as distributed", "without doubtful labels"
STROKES, PICTURES = "pen strokes", "pictures"
FAMILIES = (*LOADERS,)
"""Names of sets, those of UNIPEN's providers as one."""


@dataclass(frozen=True, eq=False)
class Hands:
    """The digits that were written, what was answered, and whether that is sure."""

    written: WrittenCharacters
    answers: Answers
    sure: Mask

    @classmethod
    def of(cls, fitted: calibration.CrossFitted[WrittenCharacters], mode: str) -> Hands:
        """What is answered if the labels of a set may be."""
        written = fitted.characters
        return cls(written, written.answers(mode), fitted.sure(mode))

    def accuracies(self, chosen: Mask) -> dict[str, float]:
        """The share that is right of each writer's digits that are chosen by a mask."""
        return metrics.accuracies(self.answers.right[chosen], self.written.writers[chosen])

    def predictions(self, name: str, of: str, chosen: Mask) -> Predictions:
        """What is answered to those that a mask chooses, upper and lower case as one."""
        joint, labels, truth = _case_folded(self.answers)
        glyphs, sure = self.written.glyphs[chosen], self.sure[chosen]
        return Predictions(name, of, glyphs, labels, truth[chosen], joint[chosen], sure)

    def row(self, name: str, chosen: Mask) -> dict[str, Any]:
        """The figures of the digits that a mask chooses; shares are 0..1.

        The calibration error is of the probabilities given that it is a digit, as all of them
        are. The confidence allows for what is none, so that of digits alone it is too low.
        """
        answers, right = self.answers, self.answers.right[chosen]
        sure, n = self.sure[chosen], int(chosen.sum())
        joint, truth = answers.joint[chosen], answers.truth[chosen].astype(np.uint8)
        shares = [*self.accuracies(chosen).values()]
        return {
            "name": name,
            "writers": len(shares),
            "n": n,
            "accuracy": share(int(right.sum()), n),
            "mean": {"value": float(np.mean(shares)), "interval": metrics.mean_interval(shares)},
            "worst_tenth": metrics.worst_tenth(shares),
            "calibration_error": metrics.calibration_error(given_inside(joint)[0], truth),
            "confidence_error": metrics.calibration_error(joint, truth),
            "sure": share(int(sure.sum()), n),
            "wrong": share(int((sure & ~right).sum()), int(sure.sum())),
        }

    def rows(self, masks: dict[str, Mask], version: Mask) -> list[dict[str, Any]]:
        """A row for each mask that chooses a digit of a version of the labels."""
        asked = self.answers.is_asked & version
        return [
            self.row(name, mask & asked) for name, mask in masks.items() if (mask & asked).any()
        ]


def set_masks(written: WrittenCharacters) -> dict[str, Mask]:
    """Strokes and pictures, each set, and each provider of UNIPEN, by their names."""
    families = np.array([name.partition("/")[0] for name in written.sets])
    masks = {STROKES: ~written.pictures, PICTURES: written.pictures}
    masks |= {name: families == name for name in np.unique(families).tolist()}
    return masks | {name: written.sets == name for name in np.unique(written.sets).tolist()}


def country_masks(written: WrittenCharacters) -> dict[str, Mask]:
    """The strokes and the pictures of each country, by its code and what they are."""
    return {
        f"{name}, {kind}": (written.countries == name) & (written.pictures == (kind == PICTURES))
        for name in np.unique(written.countries).tolist()
        for kind in (STROKES, PICTURES)
    }


def describe(written: WrittenCharacters) -> tuple[dict[str, Any], list[Predictions]]:
    """What `metrics.json` tells of the validation writers, and their predictions in detail.

    Their lines are not read here, nor are they corrected (`learning`), see `sums` and
    `corrections.correction_figures`.
    """
    fitted = calibration.cross_fit(written)
    digits = Hands.of(fitted, MAIN_SET)
    strokes = digits.answers.is_asked & ~written.pictures
    versions = {AS_DISTRIBUTED: np.ones(len(written.labels), dtype=bool)}
    if written.doubtful.any():
        versions[CLEAN] = ~written.doubtful
    told = {
        "folds": calibration.FOLDS,
        "temperatures": fitted.temperatures,
        "thresholds": fitted.thresholds,
        "sets": {name: digits.rows(set_masks(written), mask) for name, mask in versions.items()},
        "countries": {
            name: digits.rows(country_masks(written), mask) for name, mask in versions.items()
        },
        "worst_writer": _worst_writer(digits, strokes),
        "slashed_zeros": _share_of(digits.answers.right, written.slashed & ~written.doubtful),
        "others": {name: _others(digits, mask) for name, mask in versions.items()},
        "modes": {name: _modes(fitted, mask) for name, mask in versions.items()},
        "lines": {},
        "misread_lines": [],
        "learning": {},
    }
    return told, [*_sections(fitted)]


def _share_of(true: Mask, chosen: Mask) -> dict[str, Any]:
    return share(int(true[chosen].sum()), int(chosen.sum()))


def _worst_writer(hands: Hands, strokes: Mask) -> dict[str, Any] | None:
    """The writer whose digits in strokes are read worst, and all of these that are misread."""
    written, right = hands.written, hands.answers.right
    accuracies = hands.accuracies(strokes & ~written.doubtful)
    if not accuracies:
        return None
    name = min(accuracies, key=lambda writer: accuracies[writer])
    own = strokes & ~written.doubtful & (written.writers == name)
    read = hands.predictions(f"worst_{MAIN_SET}", name, own)
    return {
        "name": name,
        "country": str(written.countries[own][0]),
        "accuracy": _share_of(right, own),
        "misread": [
            each | {"picture": picture_of(read.glyphs[each["number"]])} for each in misread(read)
        ],
    }


def _others(hands: Hands, version: Mask) -> list[dict[str, Any]]:
    """How often what is no digit, nor looks like one, is a sure digit, for each kind of it.

    AUROC is of the probability that it is a digit; of the confidence, where the network knows
    digits alone. It tells them from the digits in strokes.
    """
    written, answers = hands.written, hands.answers
    score = answers.confidence if answers.asked == written.known else answers.joint.sum(axis=1)
    digits = score[answers.is_asked & ~written.pictures & version]
    none, doodles = answers.is_none & ~written.pictures & version, written.sets == DOODLES_SET
    letters, signs = np.char.isalpha(written.labels), np.isin(written.labels, label_set("sums"))
    kinds = {
        "letters": none & letters,
        "signs": none & signs,
        "other signs": none & ~letters & ~signs & ~doodles,
        DOODLES_SET: none & doodles,
    }
    found = []
    for name, chosen in (kinds | {"together": none}).items():
        if chosen.any() and len(digits):
            truth = [1] * len(digits) + [0] * int(chosen.sum())
            auroc = float(roc_auc_score(truth, np.concatenate([digits, score[chosen]])))
            found.append({"kind": name, "sure": _share_of(hands.sure, chosen), "auroc": auroc})
    return found


def _modes(
    fitted: calibration.CrossFitted[WrittenCharacters], version: Mask
) -> dict[str, dict[str, Any]]:
    """The figures of each set of labels that may be answered."""
    modes = known_sets(fitted.characters.known)
    return {mode: _mode(Hands.of(fitted, mode), version) for mode in modes}


def _mode(hands: Hands, version: Mask) -> dict[str, Any]:
    """How good the answers are if the labels of a set may be; letters in either case are right.

    Signs are told twice: as all of the set may be answered, and as only signs may.
    """
    asked, right = hands.answers.is_asked & version, hands.answers.right
    signs = asked & ~np.char.isalnum(hands.written.labels)
    alone = tuple(label for label in hands.answers.asked if not label.isalnum())
    among_signs = hands.written.answers_among(alone).right if alone else right
    shares = [*hands.accuracies(asked).values()]
    return {
        "accuracy": _share_of(right, asked),
        "mean": float(np.mean(shares)) if shares else None,
        "signs": _share_of(right, signs),
        "signs_alone": _share_of(among_signs, signs),
        "sure": _share_of(hands.sure, asked),
        "wrong": _share_of(~right, asked & hands.sure),
        "sure_others": _share_of(hands.sure, hands.answers.is_none & version),
    }


def _sections(fitted: calibration.CrossFitted[WrittenCharacters]) -> Iterator[Predictions]:
    """The predictions of each set of labels that the network knows and that was written."""
    sets = known_sets(fitted.characters.known)
    for mode, words in SECTIONS.items():
        if mode not in sets:
            continue
        hands = Hands.of(fitted, mode)
        chosen = hands.answers.is_asked & ~hands.written.pictures
        if chosen.any():
            of = words.format(len(hands.accuracies(chosen)))
            yield hands.predictions(f"writers_{mode}", of, chosen)


def _case_folded(answers: Answers) -> tuple[NDArray[np.float32], Labels, NDArray[np.uint8]]:
    """The probabilities, the labels and the truth, upper and lower case as one."""
    labels = tuple(dict.fromkeys(label.casefold() for label in answers.asked))
    places = np.array([labels.index(label.casefold()) for label in answers.asked])
    joint = answers.joint @ np.eye(len(labels), dtype=np.float32)[places]
    return joint, labels, places[answers.truth].astype(np.uint8)


def figures(told: dict[str, Any]) -> Figures:
    """The card's figures of the validation writers, without doubtful labels if those are known."""
    rows = {row["name"]: row for row in [*told["sets"].values()][-1]}
    found: Figures = {}
    for name in (each for each in (STROKES, "swiss") if each in rows):
        row, key = rows[name], "writers_" + name.rpartition(" ")[2]
        of = f"{name}, digits of {row['writers']} validation writers"
        mean = card.figure(100 * row["mean"]["value"], "%", f"{of}, mean over writers", row["n"])
        found[key] = mean | {"interval": [100 * x for x in row["mean"]["interval"] or ()] or None}
        worst = f"{of}, the worst tenth of them"
        found[f"{key}_worst_tenth"] = card.figure(100 * row["worst_tenth"], "%", worst, row["n"])
    for row in rows.values():
        of, error = f"{row['name']}, digits of validation writers", 100 * row["calibration_error"]
        if row["name"] in FAMILIES:
            found[f"ece_writers_{row['name']}"] = card.figure(error, "%", of, row["n"])
    strokes, modes = rows.get(STROKES, {}), [*told["modes"].values()][-1]
    others = [*told["others"].values()][-1]
    together = others[-1] if others else {}
    shares = {
        "slashed_zeros": ("zeros with a slash", told["slashed_zeros"]),
        "sure": ("digits, pen strokes, that are sure", strokes.get("sure")),
        "sure_wrong": ("sure digits, pen strokes, that are wrong", strokes.get("wrong")),
        "others_sure": ("what looks like no digit and is a sure one", together.get("sure")),
        "letters": ("letters, case folded", modes.get("letters", {}).get("accuracy")),
        "signs": ("signs, among the signs", modes.get("sums", {}).get("signs_alone")),
        "signs_and_digits": ("signs, among digits and signs", modes.get("sums", {}).get("signs")),
    }
    for name, (of, one) in shares.items():
        if one and one["n"]:
            of = f"{of}, validation writers"
            found[f"writers_{name}"] = accuracy_figure(one["right"], one["n"], of)
    if together:
        of, n = (
            "digits against letters, signs and doodles that look like none",
            together["sure"]["n"],
        )
        found["writers_others_auroc"] = card.figure(together["auroc"], "AUROC", of, n)
    lines: Figures = told["lines"]
    learning: Figures = told["learning"]
    return found | lines | learning
