"""How a game looks while one plays: the facts, the task, the paper, what is read, the choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface

from recognizer.app.screens import Frame
from recognizer.app.screens.page_view import EDGE, HEAD_HEIGHT, back_rect, foot_of
from recognizer.app.style import BOLD, REGULAR, centred, wrapped
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace, ButtonMarks, button_part
from recognizer.app.widgets.canvas import Canvas, rect_of
from recognizer.app.widgets.panel import bar_part
from recognizer.games.game import VERDICT, GameState

SIDE_WIDTH, SIDE_SHARE, SIDE_HEIGHT = 264, 0.34, 220
"""Of what stands beside the paper: its width, at most this share of the window's; in a tall
window it stands below, so high. Scale 1."""
TASK_HEIGHT, TIME_HEIGHT, CHOICE_HEIGHT, GAP = 92, 8, 50, 10
"""Of the task above the paper, the bar of the time, and a button beside it; scale 1."""
BARS, BAR_HEIGHT = 4, 26
"""So many of the likeliest digits the network's bet shows, in bars so high; scale 1."""
HURRY_SECONDS = 10
"""When so much is left, the time stands out."""
LEAVE = "leave"


@dataclass(frozen=True)
class GameTime:
    """The seconds that are left, and of how many; None for a game without an end."""

    left: int
    of: float


class GameBoard:
    """Where everything of a game stands, and its paper."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.canvas = Canvas(self.paper, frame.style.theme)

    @property
    def _room(self) -> Rect:
        px, foot = self.frame.layout.px, foot_of(self.frame)
        top = px(HEAD_HEIGHT) + px(TIME_HEIGHT) + px(GAP)
        return Rect(foot.left, top, foot.width, foot.top - top)

    @property
    def side(self) -> Rect:
        """What stands beside the paper, or below it."""
        room, px = self._room, self.frame.layout.px
        if self._tall:
            return Rect(room.left, room.bottom - px(SIDE_HEIGHT), room.width, px(SIDE_HEIGHT))
        width = min(px(SIDE_WIDTH), round(SIDE_SHARE * room.width))
        return Rect(room.right - width, room.top, width, room.height)

    @property
    def task(self) -> Rect:
        """What is to be done, above the paper."""
        room, side, px = self._room, self.side, self.frame.layout.px
        right = room.right if self._tall else side.left - px(GAP)
        return Rect(room.left, room.top, right - room.left, px(TASK_HEIGHT))

    @property
    def paper(self) -> Rect:
        """Where one draws."""
        room, task, px = self._room, self.task, self.frame.layout.px
        bottom = self.side.top - px(GAP) if self._tall else room.bottom
        top = task.bottom + px(GAP)
        return Rect(task.left, top, task.width, bottom - top)

    @property
    def _tall(self) -> bool:
        width, height = self.frame.layout.size
        return width < height

    def buttons(self, names: Iterable[str]) -> dict[str, Rect]:
        """The choices, one under the other at the foot of the side, and the way out."""
        px, side, found = self.frame.layout.px, self.side, list(names)
        width = side.width // 2 - px(GAP) if self._tall else side.width
        step, bottom = px(CHOICE_HEIGHT) + px(GAP), side.bottom
        rects = {
            name: Rect(side.right - width, bottom - number * step - px(CHOICE_HEIGHT), width, 0)
            for number, name in enumerate(reversed(found))
        }
        for rect in rects.values():
            rect.height = px(CHOICE_HEIGHT)
        return {name: rects[name] for name in found} | {LEAVE: back_rect(self.frame)}

    def ground(self) -> Part:
        """The window behind everything."""
        background = self.frame.style.theme.background
        whole = Rect((0, 0), self.frame.layout.size)
        return Part("page", whole, 0, lambda s: s.fill(background))

    def head_parts(
        self, facts: tuple[tuple[str, str], ...], time: GameTime | None
    ) -> Iterable[Part]:
        """Points and whatever else counts, and the time as a number and a bar."""
        layout = self.frame.layout
        edge = layout.px(EDGE)
        room = back_rect(self.frame).left - 2 * edge
        rect = Rect(edge, 0, room, layout.px(HEAD_HEIGHT))
        if time:
            facts = (*facts, ("Time", f"{time.left} s"))
        hurry = time is not None and time.left <= HURRY_SECONDS
        yield Part(
            "facts", rect, (facts, hurry), lambda s: self._paint_facts(s, rect, facts, hurry)
        )
        if time:
            width = layout.size[0] - 2 * edge
            bar = Rect(edge, layout.px(HEAD_HEIGHT), width, layout.px(TIME_HEIGHT))
            yield Part("time", bar, time, lambda s: self._paint_time(s, bar, time))

    def _paint_facts(
        self, surface: Surface, rect: Rect, facts: tuple[tuple[str, str], ...], hurry: bool
    ) -> None:
        layout, style = self.frame.layout, self.frame.style
        width = min(rect.width // len(facts), layout.px(120))
        for number, (name, value) in enumerate(facts):
            colour = style.theme.text
            if hurry and name == "Time":
                colour = style.theme.unsure
            left, room = rect.left + number * width, width - layout.px(8)
            above = style.line(name, layout.type(14), style.theme.muted, room)
            below = style.line(value, layout.type(26), colour, room, BOLD)
            top = rect.top + (rect.height - above.get_height() - below.get_height()) // 2
            surface.blit(above, (left, top))
            surface.blit(below, (left, top + above.get_height()))

    def _paint_time(self, surface: Surface, rect: Rect, time: GameTime) -> None:
        theme, style = self.frame.style.theme, self.frame.style
        surface.blit(style.box(rect.size, rect.height / 2, theme.hover, theme.hover), rect)
        width = round(rect.width * time.left / time.of)
        if width > rect.height:
            fill = theme.unsure if time.left <= HURRY_SECONDS else theme.sure
            surface.blit(style.box((width, rect.height), rect.height / 2, fill, fill), rect)

    def task_part(self, state: GameState, stage: str) -> Part:
        """The task, large, and what to do with it."""
        asked = stage == VERDICT
        key = (state.task, state.answer, state.words, state.turned, asked)
        return Part("task", self.task, key, lambda s: self._paint_task(s, state, asked))

    def _paint_task(self, surface: Surface, state: GameState, asked: bool) -> None:
        """asked: whether the words are a question to the player, which stand out."""
        layout, style, rect = self.frame.layout, self.frame.style, self.task
        theme, px = style.theme, layout.px
        edge = theme.unsure if asked else theme.line
        surface.blit(style.box(rect.size, px(10), theme.card, edge), rect)
        size = round(0.72 * rect.height)
        if len(state.task) == 1:
            sign = style.figure(state.task, round(0.9 * rect.height), theme.text)
            if state.turned:
                sign = pygame.transform.rotozoom(sign, -state.turned, 1.0)
            spot = Rect(rect.left + px(10), rect.top, rect.height, rect.height)
            centred(surface, sign, spot)
            left = spot.right + px(10)
        else:
            task = style.text(state.task, size, theme.text, BOLD)
            surface.blit(task, task.get_rect(midleft=(rect.left + px(16), rect.centery)))
            left = rect.left + px(16) + task.get_width() + px(14)
            if not asked:
                answer = style.text(state.answer, size, theme.sure, BOLD)
                surface.blit(answer, answer.get_rect(midleft=(left, rect.centery)))
                left += max(answer.get_width(), px(60)) + px(14)
        room = Rect(left, rect.top, rect.right - left - px(12), rect.height)
        self._paint_words(surface, state.words, room, asked)

    def _paint_words(self, surface: Surface, words: str, rect: Rect, asked: bool) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, size = style.theme, layout.type(19)
        colour, weight = (theme.text, BOLD) if asked else (theme.muted, REGULAR)
        font = style.font(weight, size)
        if rect.width < layout.px(90):
            return
        lines = wrapped(words, font, rect.width)
        top = rect.centery - len(lines) * font.get_linesize() // 2
        for line in lines:
            surface.blit(style.text(line, size, colour, weight), (rect.left, top))
            top += font.get_linesize()

    def paper_parts(self, state: GameState) -> Iterable[Part]:
        """The paper with its ink, where its top is if it is turned, and the box to draw in."""
        paper, theme = self.paper, self.frame.style.theme
        yield Part("paper", paper, 0, self.canvas.paint)
        if state.box:
            rect = rect_of(self.canvas.view.box_outwards(state.box)).inflate(4, 4)
            width = max(2, self.frame.layout.px(2))
            yield Part("box", rect, 0, lambda s: pygame.draw.rect(s, theme.sure, rect, width, 3))
        if state.turned:
            yield self._top_part(state.turned)
        yield Part("frame", paper, 0, lambda s: pygame.draw.rect(s, theme.line, paper, 1))

    def _top_part(self, degrees: int) -> Part:
        """An arrow to the top of the paper, at its edge."""
        layout, style = self.frame.layout, self.frame.style
        size, colour = layout.px(30), style.theme.sure
        sign = Surface((layout.px(70), layout.px(60)), pygame.SRCALPHA)
        arrow, words = (
            style.icon("up", size, colour),
            style.text("top", layout.type(18), colour, BOLD),
        )
        sign.blit(arrow, arrow.get_rect(midtop=(sign.get_width() // 2, 0)))
        sign.blit(words, words.get_rect(midtop=(sign.get_width() // 2, size)))
        shown = pygame.transform.rotozoom(sign, -degrees, 1.0)
        away = min(self.paper.size) / 2 - layout.px(36)
        place = pygame.Vector2(0, -away).rotate(degrees) + pygame.Vector2(self.paper.center)
        rect = shown.get_rect(center=(round(place.x), round(place.y)))
        return Part("top", rect, degrees, lambda s: s.blit(shown, rect))

    def read_parts(self, state: GameState, choices: int) -> Iterable[Part]:
        """What the network reads, and its bet in bars where that is part of the game."""
        rect = self._read_rect(choices)
        key = (state.answer, state.heading, state.bet is not None)
        yield Part("read", rect, key, lambda s: self._paint_read(s, rect, state))
        if state.bet and state.bet.label:
            shown = zip(state.bet.labels, state.bet.joint.tolist(), strict=True)
            best = sorted(shown, key=lambda each: -each[1])[:BARS]
            for number, (bar, each) in enumerate(zip(self._bars(rect), best, strict=False)):
                yield bar_part(number, bar, each, state.bet, self.frame.style)

    def _read_rect(self, choices: int) -> Rect:
        px, side = self.frame.layout.px, self.side
        if self._tall:
            return Rect(side.left, side.top, side.width // 2, side.height)
        taken = choices * (px(CHOICE_HEIGHT) + px(GAP))
        return Rect(side.left, side.top, side.width, side.height - taken)

    def _bars(self, rect: Rect) -> list[Rect]:
        """Rectangles of the bars at the foot of the card, as many as there is room for."""
        px = self.frame.layout.px
        height, padding = px(BAR_HEIGHT), px(12)
        count = min(BARS, (rect.height - px(96)) // height)
        top = rect.bottom - padding - count * height
        width = rect.width - 2 * padding
        return [Rect(rect.left + padding, top + n * height, width, height) for n in range(count)]

    def _paint_read(self, surface: Surface, rect: Rect, state: GameState) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, px = style.theme, layout.px
        surface.blit(style.box(rect.size, px(10), theme.card, theme.line), rect)
        above = style.line(state.heading, layout.type(15), theme.muted, rect.width - px(24))
        surface.blit(above, (rect.left + px(12), rect.top + px(8)))
        bars = self._bars(rect) if state.bet else []
        bottom = bars[0].top if bars else rect.bottom - px(8)
        spot = Rect(rect.left + px(12), rect.top + px(28), rect.width - px(24), 0)
        spot.height = max(bottom - spot.top - px(6), 1)
        if state.answer:
            size = min(round(0.95 * spot.height), px(110))
            sign = style.figure(state.answer, size, theme.sure)
            if sign.get_width() > spot.width:
                size = size * spot.width // sign.get_width()
                sign = style.figure(state.answer, size, theme.sure)
        else:
            sign = style.icon("pen", min(px(44), spot.height), theme.muted)
        centred(surface, sign, spot)

    def choice_parts(
        self, faces: Mapping[str, ButtonFace], rects: Mapping[str, Rect], marks: ButtonMarks
    ) -> Iterable[Part]:
        """The buttons."""
        for name, rect in rects.items():
            yield button_part(name, rect, faces[name], marks, self.frame.layout, self.frame.style)

    def key_hint(self, face: str, key: str) -> str:
        """The words of a button, and its key where there is room."""
        font = self.frame.style.font(REGULAR, self.frame.layout.type(16))
        both = f"{face}  ({key})"
        return both if font.size(both)[0] <= self.side.width - self.frame.layout.px(36) else face
