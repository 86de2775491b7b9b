"""The characters that can be read, the sets of them that have a name, and those that look alike."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from string import ascii_letters

from recognizer.errors import brief

Labels = tuple[str, ...]
"""Characters in the order of their probabilities."""

_DIGITS = "0123456789"
_SIGNS = "+−×·÷/=().,:<>%"
_SETS = {"digits": _DIGITS, "sums": _DIGITS + _SIGNS, "letters": ascii_letters}
SUMS = "sums"
"""The set whose readings have a value."""
ALL_LABELS: Labels = tuple(_DIGITS + ascii_letters + _SIGNS)
"""Every character that our network learns to read."""
_SAME_SHAPES = (*("Cc", "Kk", "Oo", "Pp", "Ss", "Uu", "Vv", "Ww", "Xx", "Yy", "Zz"), ".·")
"""Two characters of one shape each: how large they are and where they stand tells them apart."""
_LOOK_ALIKES = ("0Oo", "1lI/|", "2Zz", "5Ss", "6b", "9gq", "×xX", "·.")
"""What a hand writes alike. Who is asked for one of these gets those for it that are not asked for;
who is asked for several, for the first: an l is commoner than an I."""


def label_set(name: str) -> Labels:
    """The labels of a set by its name, such as "digits". Raises ValueError for another name."""
    if name not in _SETS:
        raise ValueError(f"there is no set of labels {name!r}; there are: {', '.join(_SETS)}")
    return tuple(_SETS[name])


@cache
def known_sets(known: Labels) -> dict[str, Labels]:
    """The sets that a model can be asked for, by name, with those of their labels that it knows.

    It knows two at least, and there are others of each set.
    """
    found: dict[str, Labels] = {}
    for name, labels in _SETS.items():
        own = tuple(label for label in labels if label in known)
        if len(own) > 1 and own not in found.values():
            found[name] = own
    return found


def as_labels(found: object) -> Labels:
    """The labels that a model's card lists. Raises ValueError unless they are characters."""
    if not isinstance(found, list) or not all(isinstance(x, str) and x for x in found):
        raise ValueError("labels must be a list of characters")
    if len(found) < 2 or len(set(found)) < len(found):
        raise ValueError("labels must be distinct, and there must be two at least")
    return tuple(found)


def asked_for(name: str | None, known: Labels) -> Labels:
    """The labels that may be answered by a model that knows some.

    name: of a set, of which those are meant that the model knows, or the characters themselves;
    None for the digits, or for all that is known if those are not. Raises ValueError for a
    character that the model does not know, and for fewer than two.
    """
    if name is not None and not isinstance(name, str):
        raise ValueError(f"labels={brief(name)}: a name of a set or its characters are needed")
    if name is None:
        return tuple(_DIGITS) if set(_DIGITS) <= set(known) else known
    if name in _SETS:
        found = tuple(label for label in _SETS[name] if label in known)
    else:
        found = tuple(dict.fromkeys(name))
    unknown = [label for label in found if label not in known]
    if unknown or len(found) < 2:
        trouble = (
            f"does not know {brief(''.join(unknown))}" if unknown else "needs two labels at least"
        )
        raise ValueError(
            f"labels={brief(name)}: the model {trouble}. It knows {''.join(known)!r}; "
            f"sets of labels are: {', '.join(_SETS)}"
        )
    return found


def counted_for(known: Labels, asked: Labels) -> list[int | None]:
    """For each label that a model knows, the place of the asked one that it counts for.

    That is its own, or that of one that looks like it; None if it counts for none of them.
    """
    return [_place(label, asked) for label in known]


def _place(label: str, asked: Labels) -> int | None:
    if label in asked:
        return asked.index(label)
    groups = (*_SAME_SHAPES, *_LOOK_ALIKES)
    alike = (other for group in groups if label in group for other in group)
    return next((asked.index(other) for other in alike if other in asked), None)


def alike(label: str, known: Labels) -> list[int]:
    """The places of the labels that a hand writes like this one: itself, and its other case."""
    groups = [set(group) for group in _LOOK_ALIKES if label in group]
    groups.append({label, label.lower(), label.upper()})
    return [place for place, other in enumerate(known) if any(other in group for group in groups)]


def same_shapes(labels: Labels) -> list[tuple[int, int]]:
    """The places of each two labels that have one shape, such as c and C."""
    return [
        (labels.index(one), labels.index(other))
        for one, other in map(tuple, _SAME_SHAPES)
        if one in labels and other in labels
    ]


def digit_of(label: str | None) -> int | None:
    """The number that a label stands for; None if it is no digit."""
    return int(label) if label is not None and len(label) == 1 and label in _DIGITS else None


def ranked(labels: Sequence[str]) -> list[str] | list[int]:
    """The same labels, as numbers if all of them are digits."""
    digits = [digit_of(label) for label in labels]
    known = [digit for digit in digits if digit is not None]
    return known if len(known) == len(digits) else list(labels)
