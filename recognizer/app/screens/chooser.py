"""Say what a character really is: a card of all that it may be, beside the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pygame
from pygame import Rect, Surface
from pygame.event import Event

from recognizer.app.actions import action_of
from recognizer.app.screens import Frame, Pointer, Screen
from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.style import BOLD
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace, button_part, row_of
from recognizer.session import Session

TITLE_TEXT = "What did you write?"
PADDING, KEY_SIDE, GAP, TITLE_HEIGHT, FOOT_HEIGHT = 14, 50, 6, 34, 38
"""Scale 1."""
MIN_KEY_PX = 28
PLACES = (
    *(("midtop", "midbottom"), ("midleft", "midright")),
    *(("midright", "midleft"), ("midbottom", "midtop")),
)
"""Which point of the card may lie on which point of the answer's box, the best first."""
REMOVE, BACK = "Delete it", "Cancel"
TYPED = {"-": "−", "*": "×", "x": "×", ":": "÷"}
"""What a key without a label of its own stands for."""


@dataclass(frozen=True)
class AnswerPlaces:
    """Where the answers of a sketch stand in the window.

    box: of a character by its number; at: the number of the answer at a position, if any.
    """

    box: Callable[[int], Rect]
    at: Callable[[tuple[float, float]], int | None]


class Chooser(ButtonScreen):
    """The characters that an answer may be, over the sketch; a key, click or tap chooses."""

    def __init__(
        self, frame: Frame, behind: Screen, session: Session, answers: AnswerPlaces, number: int
    ) -> None:
        super().__init__(frame, behind)
        self._session, self._answers = session, answers
        self.number = number
        self.select(number)

    def select(self, number: int) -> None:
        """Take another of the answers."""
        self.number = number % len(self._session.reading.digits)
        self._session.pointed = self.number
        self.focus = None

    def buttons(self) -> dict[str, Rect]:
        """The characters, and what else can be done."""
        card = self._card()
        px = self.frame.layout.px
        gap, columns, side = px(GAP), *self._grid()
        left, top = card.left + px(PADDING), card.top + px(PADDING) + px(TITLE_HEIGHT)
        found = {}
        for number, label in enumerate(self._session.recognizer.labels):
            row, column = divmod(number, columns)
            found[label] = Rect(left + column * (side + gap), top + row * (side + gap), side, side)
        foot = Rect(left, card.bottom - px(PADDING) - px(FOOT_HEIGHT), 0, px(FOOT_HEIGHT))
        foot.width = card.width - 2 * px(PADDING)
        others = [REMOVE, BACK] if self._is_drawn else [BACK]
        return found | row_of(foot, others, gap)

    @property
    def _is_drawn(self) -> bool:
        return bool(self._session.reading.digits[self.number].strokes)

    def press(self, name: str) -> None:
        """Learn what the character is, or take it away."""
        if name == REMOVE:
            self._session.remove(self.number)
        elif name != BACK:
            self._session.correct(self.number, name)
        self.back()

    def take_key(self, event: Event) -> bool:
        """A character's own key, Tab for the next answer, Delete; other actions go on behind."""
        label = self._typed(event)
        if label is not None:
            self.press(label)
        elif event.key == pygame.K_TAB:
            self.select(self.number + (-1 if event.mod & pygame.KMOD_SHIFT else 1))
        elif event.key in (pygame.K_DELETE, pygame.K_BACKSPACE):
            self.press(REMOVE if self._is_drawn else BACK)
        elif event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META) and action_of(event):
            self.next = self.behind.handle(event)
        else:
            return False
        return True

    def press_beside(self, what: Pointer, event: Event) -> None:
        """Another answer is taken, a stroke is begun, or the card goes."""
        other = self._answers.at(what.position)
        if self._card().collidepoint(what.position):
            return
        if other is not None:
            self.select(other)
        else:
            self.next = self.behind.handle(event)

    def parts(self) -> Iterable[Part]:
        """The sketch, the card and its buttons."""
        yield from self.behind.parts()
        layout, style, card = self.frame.layout, self.frame.style, self._card()
        box = self._answers.box(self.number).inflate(layout.px(6), layout.px(6))
        colour, width = style.theme.unsure, max(2, layout.px(3))
        yield Part(
            "selected", box, 0, lambda s: pygame.draw.rect(s, colour, box, width, layout.px(8))
        )
        said = self._session.reading.digits[self.number].words
        yield Part("chooser", card, said, lambda s: self._paint(s, card, said))
        for name, rect in self.buttons().items():
            face = ButtonFace(name, active=name == said)
            yield button_part(name, rect, face, self.marks, layout, style)

    def _paint(self, surface: Surface, card: Rect, said: str) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, px = style.theme, layout.px
        surface.blit(style.box(card.size, px(12), theme.card, theme.muted), card)
        room = card.width - 2 * px(PADDING)
        title = style.line(TITLE_TEXT, layout.type(18), theme.text, room, BOLD)
        surface.blit(title, (card.left + px(PADDING), card.top + px(PADDING) // 2 + px(4)))

    def _grid(self) -> tuple[int, int]:
        """How many characters stand in a row, and the side of each in pixels."""
        labels, layout = len(self._session.recognizer.labels), self.frame.layout
        columns = 5 if labels <= 10 else 9 if labels <= 27 else 13
        room = layout.size[0] - 4 * layout.px(PADDING) - columns * layout.px(GAP)
        return columns, min(layout.px(KEY_SIDE), max(room // columns, MIN_KEY_PX))

    def _card(self) -> Rect:
        """Under the answer's box, else beside it or above it, inside the window."""
        layout = self.frame.layout
        px, (columns, side) = layout.px, self._grid()
        rows = -(-len(self._session.recognizer.labels) // columns)
        gap, padding = px(GAP), px(PADDING)
        width = columns * (side + gap) - gap + 2 * padding
        height = px(TITLE_HEIGHT) + rows * (side + gap) + px(FOOT_HEIGHT) + 2 * padding
        box = self._answers.box(self.number).inflate(2 * padding, 2 * padding)
        whole = Rect((0, 0), layout.size).inflate(-2 * gap, -2 * gap)
        whole.height -= layout.toolbar.height
        whole.bottom = layout.size[1] - gap
        card = Rect(0, 0, width, height)
        for own, of_box in PLACES:
            setattr(card, own, getattr(box, of_box))
            card.clamp_ip(whole)
            if not card.colliderect(box):
                return card
        card.bottomright = whole.bottomright
        return card

    def _typed(self, event: Event) -> str | None:
        if event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META | pygame.KMOD_ALT):
            return None
        sign = getattr(event, "unicode", "") or (chr(event.key) if 32 < event.key < 127 else "")
        labels = self._session.recognizer.labels
        found = sign if sign in labels else TYPED.get(sign, sign)
        return found if found in labels else None
