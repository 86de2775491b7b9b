"""The menu: all that can be done and has no button, over the sketch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from pygame import Rect, Surface
from pygame.event import Event

from recognizer.app.actions import BY_NAME, Action, action_of, menu_actions
from recognizer.app.screens import Frame, Pointer, Screen
from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.style import BOLD, mix
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import paint_focus
from recognizer.session import Session

ROW_HEIGHT, COLUMN_WIDTH, PADDING = 44, 380, 10
"""Scale 1."""
MIN_ROW_PX = 30


class MenuScreen(ButtonScreen):
    """A list of actions under the menu's button; a click, a tap, Enter or its own key does one."""

    def __init__(
        self, frame: Frame, behind: Screen, session: Session, do: Callable[[Action], Screen | None]
    ) -> None:
        super().__init__(frame, behind)
        self._session, self._do = session, do

    def buttons(self) -> dict[str, Rect]:
        """A row for each action."""
        card, (rows, columns, height) = self._card(), self._grid()
        padding = self.frame.layout.px(PADDING)
        width = (card.width - 2 * padding) // columns
        found = {}
        for number, action in enumerate(self._actions()):
            column, row = divmod(number, rows)
            left, top = card.left + padding + column * width, card.top + padding + row * height
            found[action.name] = Rect(left, top, width, height)
        return found

    def press(self, name: str) -> None:
        """Do it, and close the menu."""
        if BY_NAME[name].possible(self._session):
            self.next = self._do(BY_NAME[name])

    def take_key(self, event: Event) -> bool:
        """The key of any action does it; the menu's own key closes the menu."""
        action = action_of(event)
        if action is None or action.name in ("back", "correct"):
            return False  # Esc and Tab have their meaning here
        if action.name == "menu":
            self.back()
        else:
            self.next = self.behind.handle(event)
        return True

    def press_beside(self, what: Pointer, event: Event) -> None:
        """The menu closes."""
        if not self._card().collidepoint(what.position):
            self.back()

    def parts(self) -> Iterable[Part]:
        """The sketch, the card and its rows."""
        yield from self.behind.parts()
        layout, style, card = self.frame.layout, self.frame.style, self._card()
        box = style.box(card.size, layout.px(12), style.theme.card, style.theme.muted)
        yield Part("menu", card, 0, lambda surface: surface.blit(box, card))
        for name, rect in self.buttons().items():
            action = BY_NAME[name]
            said = f": {action.says(self._session)}" if action.says else ""
            possible = action.possible(self._session)
            key = action.help + said, possible, name == self.focus, name == self.hovered
            yield Part(f"row {name}", rect, key, partial(self._paint_row, action, rect, *key))

    def _paint_row(
        self,
        action: Action,
        rect: Rect,
        words: str,
        possible: bool,
        focused: bool,
        hovered: bool,
        surface: Surface,
    ) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, gap = style.theme, layout.px(10)
        if possible and (hovered or focused):
            surface.blit(style.box(rect.size, layout.px(8), theme.hover, theme.hover), rect)
        if focused:
            paint_focus(surface, rect, layout, style)
        text, muted = theme.text, theme.muted
        if not possible:
            text = muted = mix(theme.card, theme.muted, 0.6)
        size, room = layout.type(16), rect.width - 3 * gap
        left = style.line(words, size, text, round(0.64 * room), BOLD)
        right = style.line(action.keys.split(" or ")[0], size, muted, round(0.36 * room))
        surface.blit(left, left.get_rect(midleft=(rect.left + gap, rect.centery)))
        surface.blit(right, right.get_rect(midright=(rect.right - gap, rect.centery)))

    def _actions(self) -> list[Action]:
        return menu_actions(self.frame.layout.buttons)

    def _grid(self) -> tuple[int, int, int]:
        """Rows, columns, and the height of a row."""
        layout, count = self.frame.layout, len(self._actions())
        top = layout.buttons["menu"].bottom
        room = layout.size[1] - top - 4 * layout.px(PADDING)
        height = max(min(layout.px(ROW_HEIGHT), room // count), MIN_ROW_PX)
        columns = -(-count * height // room)
        rows = -(-count // columns)
        return rows, columns, min(layout.px(ROW_HEIGHT), room // rows)

    def _card(self) -> Rect:
        layout, (rows, columns, height) = self.frame.layout, self._grid()
        padding, button = layout.px(PADDING), layout.buttons["menu"]
        most = layout.size[0] - 2 * padding
        width = min(columns * layout.px(COLUMN_WIDTH) + 2 * padding, most)
        card = Rect(0, 0, width, rows * height + 2 * padding)
        card.topright = (button.right, button.bottom + padding)
        return card.clamp(Rect(padding, 0, most, layout.size[1]))
