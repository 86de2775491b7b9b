"""The reading in words: the digit or the number, how sure it is, and the next best answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pygame import Rect, Surface

from recognizer.app.answer import answer_of
from recognizer.app.desk import Desk
from recognizer.app.layout import SMALLEST_TYPE, Layout
from recognizer.app.look import BOLD, Look, centred
from recognizer.app.stage import Part
from recognizer.app.words import UNSURE, number, percent
from recognizer.reading import Prediction, Reading

LARGEST = 58
"""Size of a number's digits at most, in pixels at scale 1."""


@dataclass(frozen=True)
class Verdict:
    """What is said: in large signs, in a line below them, and in a small one below that."""

    signs: str
    first: str
    second: str


def part(desk: Desk, layout: Layout, look: Look) -> Part:
    """The verdict on what lies on the desk, and on the digit in it that is looked at closely."""
    said = verdict(desk.reading, desk.prediction, desk.picture is not None)
    paint = _paint_number if len(desk.reading.digits) > 1 else _paint_digit
    return Part("verdict", layout.verdict, said, lambda s: paint(s, said, layout, look))


def verdict(reading: Reading, prediction: Prediction, in_picture: bool = False) -> Verdict:
    """What there is to say."""
    if prediction.digit is None and in_picture:
        return Verdict("", "No digit found", "in this picture")
    if prediction.digit is None:
        return Verdict("", "No digit yet", "It is read as you draw")
    first, second = prediction.ranking[:2]
    next_best = f"{second} ({percent(prediction.probabilities[second])})"
    likely = f"{first} ({percent(prediction.confidence)})"
    if len(reading.digits) > 1:
        joint = ", next best" if prediction.sure else " or"
        return Verdict(number(reading), f"{likely}{joint} {next_best}", "")
    digit = answer_of(prediction).digit
    if prediction.sure:
        sure = f"{percent(prediction.confidence)} sure"
        return Verdict(digit, sure, f"Next best: {next_best}")
    return Verdict(digit, "Not sure", f"{likely} or {next_best}")


def _paint_digit(surface: Surface, said: Verdict, layout: Layout, look: Look) -> None:
    rect, theme = layout.verdict, look.theme
    colour = theme.unsure if said.signs == UNSURE else theme.sure
    beside = rect.width > 1.6 * rect.height
    size = layout.px(74 if beside else 104)
    if said.signs:
        figure = look.figure(said.signs, size, colour)
    else:
        figure = look.icon("pen", size // 2, theme.muted)
    if beside:
        spot = Rect(rect.left, rect.top, round(0.3 * rect.width), rect.height)
        lines = Rect(spot.right, rect.top, rect.right - spot.right, rect.height)
    else:
        spot = Rect(rect.left, rect.top, rect.width, round(0.55 * rect.height))
        lines = Rect(rect.left, spot.bottom, rect.width, layout.px(56))
    centred(surface, figure, spot)
    above = look.line(said.first, layout.px(22), theme.text, lines.width, BOLD)
    below = look.line(said.second, layout.type(15), theme.muted, lines.width)
    top = lines.top + (lines.height - above.get_height() - below.get_height()) // 2
    for line in (above, below):
        left = lines.left if beside else lines.centerx - line.get_width() // 2
        surface.blit(line, (left, top))
        top += line.get_height()


def _paint_number(surface: Surface, said: Verdict, layout: Layout, look: Look) -> None:
    rect = layout.verdict
    below = look.line(said.first, layout.type(15), look.theme.muted, rect.width)
    rows, size = fitted(said.signs, (rect.width, rect.height - below.get_height()), layout, look)
    step = look.font(BOLD, size).get_linesize()
    top = rect.top + (rect.height - below.get_height() - step * len(rows)) // 2
    for row in rows:
        _paint_row(surface, row, size, Rect(rect.left, top, rect.width, step), look)
        top += step
    surface.blit(below, below.get_rect(midtop=(rect.centerx, top)))


def fitted(text: str, room: tuple[int, int], layout: Layout, look: Look) -> tuple[list[str], int]:
    """The rows of a number and the largest size in pixels at which they fit.

    What is too long even at the smallest size goes on in further rows; what is too much for
    those, too, is cut off with an ellipsis.
    """
    rows = text.split("\n")
    for size in range(layout.px(LARGEST), SMALLEST_TYPE, -1):
        font = look.font(BOLD, size)
        if font.get_linesize() * len(rows) <= room[1] and all(
            font.size(row)[0] <= room[0] for row in rows
        ):
            return rows, size
    font = look.font(BOLD, SMALLEST_TYPE)
    most = max(1, room[0] // font.size("0")[0])
    cut = [row[at : at + most] for row in rows for at in range(0, len(row), most)]
    fitting = max(1, room[1] // font.get_linesize())
    if len(cut) > fitting:
        cut = [*cut[: fitting - 1], f"{cut[fitting - 1][: most - 1]}…"]
    return cut, SMALLEST_TYPE


def _paint_row(surface: Surface, row: str, size: int, rect: Rect, look: Look) -> None:
    """A row of a number in the middle of a rectangle, what is unsure in its own colour."""
    theme = look.theme
    pieces = [
        look.text(run, size, theme.unsure if run[0] == UNSURE else theme.sure, BOLD)
        for run in re.findall(r"[?]+|[^?]+", row)
    ]
    left = rect.centerx - sum(piece.get_width() for piece in pieces) // 2
    for piece in pieces:
        surface.blit(piece, (left, rect.top))
        left += piece.get_width()
