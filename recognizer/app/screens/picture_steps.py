"""How a picture was read: its way to the answer, step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import pygame
from pygame import Rect, Surface
from pygame.event import Event

from recognizer.app.actions import BY_NAME, action_of
from recognizer.app.screens import Frame, Screen
from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.screens.page_view import HEAD_HEIGHT, back_rect, foot_of, page_parts
from recognizer.app.style import REGULAR, as_surface, centred, wrapped
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace, button_part, paint_focus, row_of

if TYPE_CHECKING:
    from recognizer.steps import StepPicture

KEYS_TEXT = "Left and right, or a number, go through the steps · R or Esc goes back"
BACK, STEP = "back", "step "
TILE_SHARE, MIN_TILE_HEIGHT = 0.2, 110
"""The height of the small pictures with their names, as a share of the window's, and at least, at
scale 1."""
GAP, INSET = 8, 6
"""Between the pictures, and around them on their cards; scale 1."""
TEXT_INSET_PX = 3
"""Beside a name; in pixels, since it must fit the smallest window."""
MAX_ENLARGEMENT = 2.5
_ARROWS = {pygame.K_LEFT: -1, pygame.K_RIGHT: 1, pygame.K_UP: -1, pygame.K_DOWN: 1}


class PictureStepsScreen(ButtonScreen):
    """All steps as small pictures in a row, and above them the chosen one.

    steps: one at least.
    """

    def __init__(self, frame: Frame, behind: Screen, steps: Sequence[StepPicture]) -> None:
        super().__init__(frame, behind)
        self.steps, self.chosen = steps, 0
        self._surfaces = [as_surface(step.pixels) for step in steps]
        self._fitted: dict[tuple[int, tuple[int, int]], Surface] = {}

    def buttons(self) -> dict[str, Rect]:
        """The steps, and the way back."""
        gap = self.frame.layout.px(GAP)
        names = [f"{STEP}{number}" for number in range(len(self.steps))]
        return row_of(self._row, names, gap) | {BACK: back_rect(self.frame)}

    def press(self, name: str) -> None:
        """Show a step, or go back."""
        if name == BACK:
            self.back()
        else:
            self.choose(int(name.removeprefix(STEP)))

    def choose(self, number: int) -> None:
        """Show a step, by its number from 0; the first or last if there is none such."""
        self.chosen = min(max(number, 0), len(self.steps) - 1)
        self.focus = f"{STEP}{self.chosen}"

    def take_key(self, event: Event) -> bool:
        """Arrows go a step on or back, a number chooses one; the key that led here leads back."""
        typed = getattr(event, "unicode", "")
        if event.key in _ARROWS:
            self.choose(self.chosen + _ARROWS[event.key])
        elif event.key in (pygame.K_HOME, pygame.K_END):
            self.choose(0 if event.key == pygame.K_HOME else len(self.steps))
        elif typed.isdecimal() and 1 <= int(typed) <= len(self.steps):
            self.choose(int(typed) - 1)
        elif action_of(event) == BY_NAME["steps"]:
            self.back()
        else:
            return False
        return True

    def scroll(self, rows: int) -> None:
        """The wheel goes through the steps, too."""
        self.choose(self.chosen + (1 if rows > 0 else -1))

    def handle(self, event: Event) -> Screen | None:
        """Whatever step has the focus is shown."""
        screen = super().handle(event)
        if self.focus and self.focus.startswith(STEP):
            self.chosen = int(self.focus.removeprefix(STEP))
        return screen

    def resized(self) -> None:
        """Take the window's new layout or theme."""
        super().resized()
        self._fitted.clear()

    def parts(self) -> Iterable[Part]:
        """The whole screen."""
        layout, style = self.frame.layout, self.frame.style
        step, place = self.steps[self.chosen], f"{self.chosen + 1} of {len(self.steps)}"
        yield from page_parts(
            self.frame, f"{place}: {step.name}", step.sentence, (KEYS_TEXT, False)
        )
        buttons = self.buttons()
        face = ButtonFace("Back")
        yield button_part(BACK, buttons.pop(BACK), face, self.marks, layout, style)
        room = self._room
        yield Part("step", room, self.chosen, lambda s: self._paint_step(s, room))
        for number, (name, rect) in enumerate(buttons.items()):
            key = (number == self.chosen, name == self.focus, name == self.hovered)
            yield Part(name, rect, key, partial(self._paint_tile, number, rect, *key))

    @property
    def _row(self) -> Rect:
        layout, foot = self.frame.layout, foot_of(self.frame)
        most = min(round(TILE_SHARE * layout.size[1]), foot.width // len(self.steps))
        height = max(layout.px(MIN_TILE_HEIGHT), most)
        return Rect(foot.left, foot.top - height, foot.width, height)

    @property
    def _room(self) -> Rect:
        """Where the chosen step is shown."""
        px, row = self.frame.layout.px, self._row
        top = px(HEAD_HEIGHT)
        return Rect(row.left, top, row.width, row.top - px(GAP) - top)

    def _paint_step(self, surface: Surface, room: Rect) -> None:
        picture = self._fit(self.chosen, room.size)
        rect = picture.get_rect(center=room.center)
        surface.blit(picture, rect)
        pygame.draw.rect(surface, self.frame.style.theme.line, rect, 1)

    def _paint_tile(
        self,
        number: int,
        rect: Rect,
        chosen: bool,
        focused: bool,
        hovered: bool,
        surface: Surface,
    ) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, inset = style.theme, layout.px(INSET)
        fill = theme.hover if hovered else theme.card
        surface.blit(style.box(rect.size, layout.px(8), fill, theme.line), rect)
        if chosen:
            pygame.draw.rect(surface, theme.sure, rect, max(2, layout.px(2)), layout.px(8))
        size = layout.type(13)
        words = wrapped(
            self.steps[number].name, style.font(REGULAR, size), rect.width - 2 * TEXT_INSET_PX
        )[:2]
        inside = rect.inflate(-2 * inset, -2 * inset)
        inside.height -= 2 * size * 5 // 4
        centred(surface, self._fit(number, inside.size), inside)
        top = inside.bottom + (2 - len(words)) * size * 5 // 8
        for line in words:
            told = style.text(line, size, theme.text)
            surface.blit(told, told.get_rect(midtop=(rect.centerx, top)))
            top += size * 5 // 4
        if focused:
            paint_focus(surface, rect, layout, style)

    def _fit(self, number: int, room: tuple[int, int]) -> Surface:
        """The picture of a step as large as a room in pixels, made once."""
        if (number, room) not in self._fitted:
            whole = self._surfaces[number]
            width, height = whole.get_size()
            scale = min(room[0] / width, room[1] / height, MAX_ENLARGEMENT)
            size = max(1, round(width * scale)), max(1, round(height * scale))
            self._fitted[number, room] = pygame.transform.smoothscale(whole, size)
        return self._fitted[number, room]
