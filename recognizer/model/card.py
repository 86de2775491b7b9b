"""The model card: what a model is, what was fitted to it, and every figure that was measured."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recognizer.console import quoted
from recognizer.errors import SketchpadError
from recognizer.files import GET_MODEL_BACK, atomic_write
from recognizer.labels import Labels, as_labels, known_sets, label_set

CARD_FILE, MODEL_FILE, KERAS_FILE = "card.json", "digits.tflite", "digits.keras"
"""What the folder of a model holds; LiteRT's file reads, Keras' file is trained on."""

MODEL_FILES = (MODEL_FILE, KERAS_FILE, CARD_FILE)
STAGES_FILE, SIMILAR_FILE = INSIDE_FILES = "stages.tflite", "similar.npz"
"""What may lie beside them: what the screen Inside shows of the network."""
_REMEDY = f"{GET_MODEL_BACK}, or train a model: python -m recognizer train"
_LISTS_OF_NUMBERS = r"(?<=\[)\s+[-+.\deE]+(,\s+[-+.\deE]+)*\s+(?=\])"


class ModelError(SketchpadError):
    """There is no usable model; the message says where and what to do."""


@dataclass(frozen=True)
class GroupingCosts:
    """What it costs to make strokes one character, in nats, see `segmentation.grouping`.

    join, apart, beside, off: joining two strokes: always, and for each of their sizes that they
    are apart, that one stands to the right of the other (less if they overlap), and that their
    middles are off sideways. min_uncertainty: uncertainty below this counts as none. wrong: the
    weight of the reading being wrong beside uncertainty. small, tall: for each height of the
    usual stroke that a character is smaller than `small_below` of them, or taller than
    `tall_above`. above: joining two strokes of which one stands exactly above the other, as those
    of =, : and + do, and characters never; less if their middles are off sideways.
    """

    join: float
    apart: float
    beside: float
    off: float
    min_uncertainty: float
    wrong: float
    small: float
    small_below: float
    tall: float
    tall_above: float
    above: float = 0.0


@dataclass(frozen=True)
class ModelCard:
    """What reading needs of a card.

    labels: what the model answers, in the order of its probabilities. channels: 1 for ink alone,
    5 for ink and the pen's directions. acceptance_thresholds: for each set of labels that may be
    answered, by name, a reading of more confidence is sure. sign_grouping: the costs where strokes
    may make signs, too. content: the whole card, as in its file, where one number stands for the
    threshold of every set.
    """

    labels: Labels
    channels: int
    acceptance_thresholds: Mapping[str, float]
    grouping: GroupingCosts
    sign_grouping: GroupingCosts
    content: dict[str, Any]

    @classmethod
    def of(cls, content: dict[str, Any]) -> ModelCard:
        """The card with this content. Raises ValueError, KeyError or TypeError for a wrong one."""
        segmentation = content["segmentation"]
        grouping = _grouping_costs(segmentation["strokes"])
        signs = segmentation.get("signs")  # of cards whose network knows some
        if content.get("channels", 1) not in (1, 5):
            raise ValueError("channels must be 1 or 5")
        return cls(
            as_labels(content["labels"]),
            content.get("channels", 1),
            thresholds_in(content["acceptance_threshold"]),
            grouping,
            grouping if signs is None else _grouping_costs(signs),
            content,
        )

    def threshold_for(self, asked: Labels) -> float:
        """The threshold where these labels may be answered, see `threshold_among`."""
        return threshold_among(self.acceptance_thresholds, self.labels, asked)


def threshold_among(thresholds: Mapping[str, float], known: Labels, asked: Labels) -> float:
    """Of the thresholds of sets, by name, the one where these labels may be answered.

    That of the smallest set which holds them all, since what it has beside them is other then;
    where none does, the strictest. known: what the network knows.
    """
    sets = known_sets(known)
    holding = [n for n in thresholds if n in sets and set(asked) <= set(sets[n])]
    if not holding:
        return max(thresholds.values())
    return thresholds[min(holding, key=lambda name: len(sets[name]))]


def _grouping_costs(found: Mapping[str, object]) -> GroupingCosts:
    costs = GroupingCosts(**{name: _number(cost) for name, cost in found.items()})
    if costs.min_uncertainty <= 0:
        raise ValueError("min_uncertainty must be more than 0")
    return costs


def _number(found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise ValueError(f"{found!r:.40} must be a finite number")
    return float(found)


def thresholds_in(found: object) -> dict[str, float]:
    """The thresholds of a card by the names of their sets; one number is of every set.

    Raises ValueError for what is none.
    """
    named = found if isinstance(found, dict) else {"digits": found}
    thresholds = {name: _number(value) for name, value in named.items()}
    for name, value in thresholds.items():
        if not (label_set(name) and 0 <= value <= 1):
            raise ValueError("acceptance_threshold must lie between 0 and 1")
    if not thresholds:
        raise ValueError("acceptance_threshold names no set of labels")
    return thresholds


def load(folder: Path) -> ModelCard:
    """The card in a model's folder. Raises ModelError if it is missing, damaged or too old."""
    path = folder / CARD_FILE
    try:
        return ModelCard.of(read(path))
    except OSError as error:
        raise ModelError(f"No model card at {quoted(path)} ({error.strerror}). {_REMEDY}") from None
    except KeyError as error:
        raise ModelError(
            f"The model card {quoted(path)} does not tell {error}, which reading needs. {_REMEDY}"
        ) from None
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ModelError(f"The model card {quoted(path)} is damaged ({error}). {_REMEDY}") from None


def verified(folder: Path, name: str, content: Mapping[str, Any]) -> bytes:
    """The bytes of a model's file, which are those that its card has the SHA-256 of.

    Raises ModelError if the file is missing, damaged, or another one than the card tells of.
    """
    path = folder / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"No model at {quoted(path)} ({error.strerror}). {_REMEDY}") from None
    hashes = content.get("files")
    if not isinstance(hashes, Mapping) or hashes.get(name) != sha256(data):
        raise ModelError(
            f"The model {quoted(path)} is damaged, or not the one that {CARD_FILE} beside it tells "
            f"of. {_REMEDY}"
        )
    return data


def sha256(data: bytes) -> str:
    """The hash of a file's content, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read(path: Path) -> dict[str, Any]:
    """The card's content. Raises ValueError unless it is an object of JSON."""
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError("it is no object of JSON")
    return content


def write(path: Path, content: dict[str, Any]) -> None:
    """Write the card, or another object of JSON, whole or not at all."""
    atomic_write(path, as_text(content).encode("utf-8"))


def as_text(content: dict[str, Any]) -> str:
    """JSON to be read by people, too: indented, but a list of numbers on one line."""
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    return re.sub(_LISTS_OF_NUMBERS, lambda found: re.sub(r"\s+", " ", found[0].strip()), text)


def figure(
    value: float,
    unit: str,
    of: str,
    n: int | None = None,
    interval: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """One measured figure: its value, its unit, what it was measured on, and how sure it is."""
    return {"value": value, "unit": unit, "of": of, "n": n, "interval": interval}


def curves(history: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    """The history of a run as the card keeps it: a short list for each figure of an epoch."""
    names = [name for name in history[0] if name != "seconds"] if history else []
    return {name: [round(epoch[name], 5) for epoch in history] for name in names}
