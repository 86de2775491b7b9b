"""What is said to sums on the canvas: the value in another ink beside the sign, a tick, a cross."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pygame import Rect, Surface

from recognizer.app.style import StyleCache
from recognizer.app.widgets import Part
from recognizer.session.sum_values import LineAnswer

VALUE_SHARES = 0.72, 0.5, 0.36
"""Height of a value's digits as shares of its line's height, tried until one finds room."""
MIN_VALUE_PX = 12
VALUE_GAP_SHARE = 0.25
"""Room between the sign and the value, of the line's height."""
MARKS = {True: "done", False: "cross"}
"""The icon of a right and of a wrong result."""


@dataclass(frozen=True)
class ShownAnswer:
    """What stands beside a line of a sum: a mark, a value, or both; rect: where, in the window."""

    mark: str
    value: str
    rect: Rect


def placed_answers(
    answers: Sequence[LineAnswer],
    boxes: Sequence[Rect],
    is_free: Callable[[Rect], bool],
    style: StyleCache,
) -> list[ShownAnswer]:
    """The answers that find room at the ends of their lines, else below them.

    boxes: of all characters, in the window.
    """
    shown: list[ShownAnswer] = []
    for answer in answers:
        line = boxes[answer.first].unionall(list(boxes[answer.first : answer.last + 1]))
        mark = "" if answer.right is None else MARKS[answer.right]
        for place in _places(mark, answer.value, boxes[answer.last], line, style):
            if is_free(place) and place.collidelist([*boxes, *(s.rect for s in shown)]) < 0:
                shown.append(ShownAnswer(mark, answer.value, place))
                break
    return shown


def answer_parts(shown: Sequence[ShownAnswer], style: StyleCache) -> Iterable[Part]:
    """The answers in their ink."""
    for number, answer in enumerate(shown):
        yield _part(number, answer, style)


def _places(mark: str, value: str, sign: Rect, line: Rect, style: StyleCache) -> Iterable[Rect]:
    """Beside the last sign, the largest first, then under the end of the line."""
    gap = round(VALUE_GAP_SHARE * line.height)
    for share in VALUE_SHARES:
        rect = Rect(
            (0, 0), _size(mark, value, max(round(share * line.height), MIN_VALUE_PX), style)
        )
        rect.midleft = (sign.right + gap, line.centery)
        yield rect
    rect.topright = (line.right, line.bottom + gap // 2)
    yield rect


def _size(mark: str, value: str, height: int, style: StyleCache) -> tuple[int, int]:
    """How much room a mark and a value of this height take."""
    width = height if mark else 0
    if value:
        width += _figure(value, height, style).get_width() + (height // 3 if mark else 0)
    return width, height


def _figure(value: str, height: int, style: StyleCache) -> Surface:
    """The value with digits of this height."""
    colour = style.theme.answer
    digit = style.figure("0", height, colour).get_height()
    return style.figure(value, round(height * height / digit), colour)


def _part(number: int, answer: ShownAnswer, style: StyleCache) -> Part:
    rect, theme = answer.rect, style.theme
    colour = theme.unsure if answer.mark == MARKS[False] else theme.answer

    def paint(surface: Surface) -> None:
        left = rect.left
        if answer.mark:
            surface.blit(style.icon(answer.mark, rect.height, colour), rect.topleft)
            left += rect.height + rect.height // 3
        if answer.value:
            figure = _figure(answer.value, rect.height, style)
            surface.blit(figure, figure.get_rect(midleft=(left, rect.centery)))

    return Part(f"sum {number}", rect, (answer.mark, answer.value, colour), paint)
