"""The hands of several people by name: choose who writes, begin, rename, delete, export all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pygame
from pygame import Rect, Surface
from pygame.event import Event

from recognizer.app.screens import Frame, Screen
from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.screens.page_view import (
    BUTTON_HEIGHT,
    EDGE,
    HEAD_HEIGHT,
    back_rect,
    foot_of,
    page_parts,
)
from recognizer.app.style import BOLD
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace, button_part, paint_focus, row_of
from recognizer.model.hand_file import MAX_NAME_LETTERS
from recognizer.session import Message, Session

TITLE_TEXT, TOLD_TEXT = "Who writes?", "Each person has a hand of their own on this machine"
NEW_NAME = "Hand 2"
BACK, NEW, RENAME, REMOVE, EXPORT = "back", "new", "rename", "remove", "export all"
ROW, ROW_HEIGHT, ROW_GAP = "hand ", 48, 8
NAME_KEYS_TEXT = "Type a name · Enter keeps it · Esc goes back"
KEEP, CANCEL = "Keep", "Cancel"
Tell = Callable[[Message | None], None]


class HandListScreen(ButtonScreen):
    """A row for each hand; pressing one takes it."""

    def __init__(self, frame: Frame, behind: Screen, session: Session, tell: Tell) -> None:
        super().__init__(frame, behind)
        self._session, self._learning, self._tell = session, session.learning, tell
        self.note: Message | None = None
        self._first = 0
        self._sure_to_remove = False
        self.hands: dict[str, int] = {}
        self._list()

    def _list(self) -> None:
        """Look again what hands there are, with the number of their drawings."""
        learning, store = self._learning, self._learning.store
        own = learning.hand
        found = {n: len(store.load(n)[0].drawings) for n in store.names() if n != own.name}
        self.hands = found | {own.name: len(own.drawings)}
        self.hands = {name: self.hands[name] for name in sorted(self.hands, key=str.casefold)}

    def tell(self, note: Message | None) -> None:
        """Show what happened, also on the screen behind."""
        self.note = note
        self._tell(note)
        self._list()

    def buttons(self) -> dict[str, Rect]:
        """What can be pressed."""
        px = self.frame.layout.px
        row = Rect(px(EDGE), px(HEAD_HEIGHT), 0, px(BUTTON_HEIGHT))
        row.width = self.frame.layout.size[0] - 2 * px(EDGE)
        above = row_of(row, [NEW, RENAME, REMOVE, EXPORT], px(8))
        return {BACK: back_rect(self.frame)} | above | self._rows()

    def _rows(self) -> dict[str, Rect]:
        px, foot = self.frame.layout.px, foot_of(self.frame)
        top = px(HEAD_HEIGHT) + px(BUTTON_HEIGHT) + px(EDGE)
        step = px(ROW_HEIGHT) + px(ROW_GAP)
        names = list(self.hands)[self._first : self._first + max(1, (foot.top - top) // step)]
        return {
            f"{ROW}{name}": Rect(foot.left, top + number * step, foot.width, px(ROW_HEIGHT))
            for number, name in enumerate(names)
        }

    def press(self, name: str) -> None:
        """Do what a button is for."""
        sure, self._sure_to_remove = self._sure_to_remove, False
        learning = self._learning
        if name == BACK:
            self.back()
        elif name.startswith(ROW):
            self.tell(learning.choose(name.removeprefix(ROW)))
            self.back()
        elif name == NEW:
            wanted = learning.store.free_name(NEW_NAME)
            self.next = NameScreen(self.frame, self, "Name of the new hand", wanted, self._create)
        elif name == RENAME:
            title, now = "New name of this hand", learning.hand.name
            self.next = NameScreen(self.frame, self, title, now, self._rename)
        elif name == EXPORT:
            self.tell(learning.export_all(self._session.storage.folder))
        else:
            self._sure_to_remove = not sure
            if sure:
                self.tell(learning.remove())

    def scroll(self, rows: int) -> None:
        """Show the hands so many rows further down."""
        last = len(self.hands) - len(self._rows())
        self._first = min(max(self._first + rows, 0), max(last, self._first, 0))

    def take_key(self, event: Event) -> bool:
        """Move on through the hands beyond those in sight."""
        steps = {pygame.K_PAGEDOWN: len(self._rows()), pygame.K_PAGEUP: -len(self._rows())}
        if event.key not in steps:
            return False
        self.scroll(steps[event.key])
        return True

    def parts(self) -> Iterable[Part]:
        """The whole screen."""
        layout, style, own = self.frame.layout, self.frame.style, self._learning.hand.name
        note = (self.note.text, self.note.trouble) if self.note else ("", False)
        yield from page_parts(self.frame, TITLE_TEXT, TOLD_TEXT, note)
        remove = f"Really delete “{own}”?" if self._sure_to_remove else f"Delete “{own}”"
        faces = {
            BACK: ButtonFace("Back"),
            NEW: ButtonFace("New hand", main=True),
            RENAME: ButtonFace(f"Rename “{own}”"),
            REMOVE: ButtonFace(remove, active=self._sure_to_remove),
            EXPORT: ButtonFace("Export all"),
        }
        for name, rect in self.buttons().items():
            if name in faces:
                yield button_part(name, rect, faces[name], self.marks, layout, style)
            else:
                yield self._row(name, rect, own)

    def _row(self, name: str, rect: Rect, own: str) -> Part:
        layout, style = self.frame.layout, self.frame.style
        theme, hand = style.theme, name.removeprefix(ROW)
        chosen, focused, lit = hand == own, self.focus == name, self.hovered == name
        count = self.hands[hand]

        def paint(surface: Surface) -> None:
            fill = theme.hover if lit else theme.card
            edge = theme.sure if chosen else theme.line
            surface.blit(style.box(rect.size, layout.px(8), fill, edge), rect)
            left = rect.left + layout.px(44)
            if chosen:
                icon = style.icon("done", layout.px(22), theme.sure)
                surface.blit(icon, icon.get_rect(midleft=(rect.left + layout.px(12), rect.centery)))
            words = "writes now, " if chosen else ""
            told = f"{words}{count} drawing{'' if count == 1 else 's'}"
            right = style.text(told, layout.type(15), theme.muted)
            surface.blit(right, right.get_rect(midright=(rect.right - layout.px(14), rect.centery)))
            room = rect.right - layout.px(28) - right.get_width() - left
            line = style.line(hand, layout.type(18), theme.text, room, BOLD)
            surface.blit(line, line.get_rect(midleft=(left, rect.centery)))
            if focused:
                paint_focus(surface, rect, layout, style)

        return Part(name, rect, (chosen, focused, lit, count), paint)

    def _create(self, name: str) -> None:
        self.tell(self._learning.create(name))

    def _rename(self, name: str) -> None:
        self.tell(self._learning.rename(name))


class NameScreen(ButtonScreen):
    """A line to type a name into."""

    def __init__(
        self,
        frame: Frame,
        behind: Screen,
        title: str,
        name: str,
        keep: Callable[[str], None],
    ) -> None:
        super().__init__(frame, behind)
        self._title, self._keep = title, keep
        self.name = name
        self._fresh = True
        self.focus = KEEP
        pygame.key.start_text_input()

    def buttons(self) -> dict[str, Rect]:
        """Keep the name, or not."""
        px, line = self.frame.layout.px, self._line()
        row = Rect(line.left, line.bottom + px(18), line.width, px(BUTTON_HEIGHT))
        return row_of(row, [KEEP, CANCEL], px(10))

    def press(self, name: str) -> None:
        """Keep the name, or go back."""
        if name == KEEP and self.name.strip():
            self._keep(self.name)
        if name != KEEP or self.name.strip():
            self.back()

    def back(self) -> None:
        """Nothing is typed any more."""
        pygame.key.stop_text_input()
        super().back()

    def take_key(self, event: Event) -> bool:
        """Letters are typed; the first one takes the place of the name that was there."""
        typed = getattr(event, "unicode", "") or _letter(event)
        if event.key == pygame.K_BACKSPACE:
            self.name, self._fresh = "" if self._fresh else self.name[:-1], False
        elif typed.isprintable() and typed and not event.mod & pygame.KMOD_CTRL:
            if typed == " " and self._fresh:
                return True
            before = "" if self._fresh else self.name
            self.name, self._fresh = (before + typed)[:MAX_NAME_LETTERS], False
        else:
            return False
        return True

    def parts(self) -> Iterable[Part]:
        """The title, the line and the buttons."""
        layout, style = self.frame.layout, self.frame.style
        yield from page_parts(self.frame, self._title, NAME_KEYS_TEXT, ("", False))
        line, name, fresh = self._line(), self.name, self._fresh
        yield Part("line", line, (name, fresh), lambda s: self._paint_line(s, line))
        for button, rect in self.buttons().items():
            face = ButtonFace(button, main=button == KEEP, enabled=bool(name.strip()))
            yield button_part(button, rect, face, self.marks, layout, style)

    def _line(self) -> Rect:
        layout = self.frame.layout
        width, height = min(layout.px(560), layout.size[0] - 2 * layout.px(EDGE)), layout.px(60)
        return Rect((layout.size[0] - width) // 2, layout.px(HEAD_HEIGHT) + height, width, height)

    def _paint_line(self, surface: Surface, line: Rect) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, gap = style.theme, layout.px(14)
        surface.blit(style.box(line.size, layout.px(10), theme.paper, theme.sure), line)
        colour = theme.muted if self._fresh else theme.text
        words = style.line(self.name or " ", layout.type(26), colour, line.width - 2 * gap)
        place = words.get_rect(midleft=(line.left + gap, line.centery))
        surface.blit(words, place)
        right = place.right if self.name and not self._fresh else place.left
        caret = Rect(right + 2, line.top + gap, max(2, layout.px(2)), line.height - 2 * gap)
        surface.fill(theme.sure, caret)


def _letter(event: Event) -> str:
    """What a key types where the system does not tell."""
    sign = chr(event.key) if 32 <= event.key < 127 else ""
    return sign.upper() if event.mod & pygame.KMOD_SHIFT else sign
