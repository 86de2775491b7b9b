"""What was worked out before, so that a drawing under way is not read anew as a whole."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

V = TypeVar("V")


class Memory:
    """Keeps what this round of work and the one before it asked for, and forgets the rest.

    A key tells all that its value depends on. Strokes may be part of it: they never change,
    and two of them are equal only if they are the same.
    """

    def __init__(self) -> None:
        self._now: dict[Hashable, Any] = {}
        self._before: dict[Hashable, Any] = {}

    def turn(self) -> None:
        """Begin a round; what the last one did not ask for is forgotten."""
        self._before, self._now = self._now, {}

    def recall(self, key: Hashable) -> Any:
        """The value of a key; None if it was forgotten or never there."""
        value = self._now.get(key)
        if value is None and (value := self._before.get(key)) is not None:
            self._now[key] = value
        return value

    def once(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of a key, made only if it is not there."""
        known: V | None = self.recall(key)
        if known is not None:
            return known
        value = self._now[key] = make()
        return value
