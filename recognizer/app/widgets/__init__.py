"""The parts that the window is painted of, and the repainting of those that changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

from pygame import Rect, Surface

MAX_RECTS = 12
"""More rectangles than this are repainted as the one that holds them all."""


@dataclass(frozen=True)
class Part:
    """Something in a rectangle of the window, painted over the parts before it.

    key: whatever its look depends on; the part is painted anew when it changes.
    """

    name: str
    rect: Rect
    key: Hashable
    paint: Callable[[Surface], object]


class Compositor:
    """Remembers what it has shown, and paints only what is different."""

    def __init__(self) -> None:
        self._shown: dict[str, Part] = {}
        self._damage: list[Rect] = []

    def damage(self, rects: Iterable[Rect]) -> None:
        """Have these rectangles painted anew, whether or not their parts changed."""
        self._damage.extend(rect.copy() for rect in rects)

    def show(self, surface: Surface, parts: Iterable[Part]) -> list[Rect]:
        """Paint what changed since the last time; returns the rectangles painted."""
        wanted = {part.name: part for part in parts}
        dirty = _disjoint([*self._damage, *self._changed(wanted)], surface.get_rect())
        for rect in dirty:
            surface.set_clip(rect)
            for part in wanted.values():
                if part.rect.colliderect(rect):
                    part.paint(surface)
        surface.set_clip(None)
        self._shown, self._damage = wanted, []
        return dirty

    def _changed(self, wanted: dict[str, Part]) -> Iterable[Rect]:
        for name in self._shown.keys() | wanted.keys():
            before, after = self._shown.get(name), wanted.get(name)
            if before and after and before.rect == after.rect and before.key == after.key:
                continue
            yield from (part.rect for part in (before, after) if part)


def _disjoint(rects: Iterable[Rect], whole: Rect) -> list[Rect]:
    """The same area in rectangles that do not overlap."""
    apart: list[Rect] = []
    for rect in rects:
        rect = rect.clip(whole)
        if not rect:
            continue
        while (hit := rect.collidelist(apart)) >= 0:
            rect = rect.union(apart.pop(hit))
        apart.append(rect)
    return apart if len(apart) <= MAX_RECTS else [apart[0].unionall(apart[1:])]
