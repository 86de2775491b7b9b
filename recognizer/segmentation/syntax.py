"""Lines that must follow rules, as sums do: where one does not, its likeliest reading that does.

In "0+/25" the stroke after the plus can be no slash, however much it looks like one.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from recognizer.model import Prediction

Allowed = Callable[[str], bool]

MAX_LABELS, MIN_PROBABILITY = 4, 0.01
"""So many labels of a character are tried, as far as they are so probable."""
MAX_READINGS = 300
"""So many readings of a line are tried, the likeliest first."""


def as_allowed(
    line: Sequence[Prediction], allowed: Allowed, least: float = MIN_PROBABILITY
) -> list[Prediction]:
    """The characters of a line, read as the likeliest text that is allowed.

    least: labels are tried that are so probable.
    They stay as they are if that is so already, or if no probable text is. A character that is
    read otherwise is never sure; its confidence is the share of its label among those that are
    allowed beside the others.
    """
    labels = [each.label or "" for each in line]
    if allowed("".join(labels)):
        return list(line)
    candidates = [_candidates(each, least) for each in line]
    chosen = next((text for text in _likeliest_first(candidates) if allowed("".join(text))), labels)
    return [
        each if label == each.label else _read_as(number, chosen, line, candidates, allowed)
        for number, (each, label) in enumerate(zip(line, chosen, strict=True))
    ]


def _candidates(character: Prediction, least: float) -> list[tuple[str, float]]:
    """Labels with their joint probabilities, the likeliest first; there is one at least."""
    likeliest = character.likeliest(MAX_LABELS)
    found = [(label, share * (1 - character.other)) for label, share in likeliest]
    return [each for each in found if each[1] >= least] or found[:1]


def _likeliest_first(candidates: Sequence[Sequence[tuple[str, float]]]) -> Iterator[list[str]]:
    """The texts that candidates make, as a best-first search over their places finds them."""
    costs = [[-math.log(max(share, 1e-9)) for _, share in each] for each in candidates]
    start = (0,) * len(candidates)
    heap = [(sum(each[0] for each in costs), start)]
    seen = {start}
    for _ in range(MAX_READINGS):
        if not heap:
            return
        cost, places = heapq.heappop(heap)
        yield [each[place][0] for each, place in zip(candidates, places, strict=True)]
        for number, place in enumerate(places):
            after = (*places[:number], place + 1, *places[number + 1 :])
            if place + 1 < len(costs[number]) and after not in seen:
                seen.add(after)
                more = costs[number][place + 1] - costs[number][place]
                heapq.heappush(heap, (cost + more, after))


def _read_as(
    number: int,
    chosen: Sequence[str],
    line: Sequence[Prediction],
    candidates: Sequence[Sequence[tuple[str, float]]],
    allowed: Allowed,
) -> Prediction:
    """A character as the label that was chosen for it."""
    before, after = "".join(chosen[:number]), "".join(chosen[number + 1 :])
    shares = {
        label: share for label, share in candidates[number] if allowed(f"{before}{label}{after}")
    }
    label, other = chosen[number], line[number].other
    confidence = (1 - other) * shares[label] / sum(shares.values())
    return replace(line[number], label=label, confidence=confidence, sure=False)
