"""Hands that clients send along: what was learned from them is used, and stored nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from recognizer.model.hand_file import HandError, hands_of
from recognizer.model.learned import together
from recognizer.model.learner import NO_FEATURES_TEXT
from recognizer.reading import Recognizer

KEPT_LABEL_SETS = 16
"""So many sets of labels that were asked for stay ready."""
KEPT_HANDS = 32
"""So many of the last hands stay in memory, since a network takes long to look at one."""


class SentHands:
    """Recognizers by the labels that they answer, and by the hand that they read by.

    for_labels: gives the recognizer of a set of labels without a hand.
    """

    def __init__(self, for_labels: Callable[[str], Recognizer]) -> None:
        self._for_labels = for_labels
        self._by_hand = lru_cache(KEPT_HANDS)(self._made)

    def reader(self, labels: str, hand: str = "") -> Recognizer:
        """The recognizer for these labels and this hand, as the JSON of its file; "" for none.

        Raises ValueError for labels that the model does not know, HandError, which is one, for a
        hand that is none or that the model cannot use.
        """
        return self._by_hand(labels, hand) if hand else self._for_labels(labels)

    def _made(self, labels: str, hand: str) -> Recognizer:
        plain = self._for_labels(labels)
        if not plain.can_learn:
            raise HandError(NO_FEATURES_TEXT)
        try:
            return plain.reading_by(together(hands_of(json.loads(hand))))
        except HandError as error:
            raise HandError(f"The hand is damaged: {error}") from None
