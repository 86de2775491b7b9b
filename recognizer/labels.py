"""The characters that can be read, and the sets of them that have a name."""

from __future__ import annotations

from collections.abc import Sequence

Labels = tuple[str, ...]
"""What a model can answer, in the order of its probabilities."""

_DIGITS = "0123456789"
_SETS = {"digits": _DIGITS}


def label_set(name: str) -> Labels:
    """The labels of a set by its name, such as "digits". Raises ValueError for another name."""
    if name not in _SETS:
        raise ValueError(f"there is no set of labels {name!r}; there are: {', '.join(_SETS)}")
    return tuple(_SETS[name])


def as_labels(found: object) -> Labels:
    """The labels that a model's card lists. Raises ValueError unless they are distinct texts."""
    if not isinstance(found, list) or not all(isinstance(each, str) and each for each in found):
        raise ValueError("labels must be a list of texts")
    if len(found) < 2 or len(set(found)) < len(found):
        raise ValueError("labels must be distinct, and there must be two at least")
    return tuple(found)


def digit_of(label: str | None) -> int | None:
    """The number that a label stands for; None if it is no digit."""
    return int(label) if label is not None and label in label_set("digits") else None


def ranked(labels: Sequence[str]) -> list[str] | list[int]:
    """The same labels, as numbers if all of them are digits."""
    digits = [digit_of(label) for label in labels]
    known = [digit for digit in digits if digit is not None]
    return known if len(known) == len(digits) else list(labels)
