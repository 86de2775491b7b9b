"""How the screen of games looks, and what stands where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pygame import Rect, Surface

from recognizer.app.screens import Frame
from recognizer.app.screens.game_picture_view import paint_game_picture
from recognizer.app.screens.page_view import (
    BUTTON_HEIGHT,
    EDGE,
    HEAD_HEIGHT,
    back_rect,
    foot_of,
    page_parts,
)
from recognizer.app.style import BOLD, REGULAR, centred, wrapped
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace, ButtonMarks, button_part, paint_focus, row_of

TITLE_TEXT = "Play"
CARD_GAP, CARD_PADDING, DISC = 14, 18, 64
"""Between the cards, inside them, and the disc behind their pictures; scale 1."""
BACK, GALLERY, SOUNDS, ANIMATIONS, HELP = "back", "gallery", "sounds", "animations", "help"
ICONS = {"sums": "sums", "draw it": "pen", "fool it": "fool", "guess early": "early"}


@dataclass(frozen=True)
class GameCard:
    """A game to choose: its name, its title, what one does in it, and the best scores."""

    name: str
    title: str
    words: str
    best: str


class PlayView:
    """Four cards, and a row of buttons."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def buttons(self, names: Sequence[str]) -> dict[str, Rect]:
        """The cards of these games, and the buttons below."""
        px, foot = self.frame.layout.px, foot_of(self.frame)
        row = Rect(foot.left, foot.top - px(BUTTON_HEIGHT), foot.width, px(BUTTON_HEIGHT))
        others = row_of(row, [GALLERY, SOUNDS, ANIMATIONS, HELP], px(8))
        room = Rect(foot.left, px(HEAD_HEIGHT), foot.width, row.top - px(EDGE) - px(HEAD_HEIGHT))
        columns = 2 if room.width > room.height else 1
        rows, gap = -(-len(names) // columns), px(CARD_GAP)
        width, height = (room.width + gap) // columns - gap, (room.height + gap) // rows - gap
        cards = {}
        for number, name in enumerate(names):
            down, right = divmod(number, columns)
            corner = room.left + right * (width + gap), room.top + down * (height + gap)
            cards[name] = Rect(corner, (width, height))
        return cards | others | {BACK: back_rect(self.frame)}

    def parts(
        self,
        player: str,
        cards: Sequence[GameCard],
        faces: Mapping[str, ButtonFace],
        note: tuple[str, bool],
        marks: ButtonMarks,
    ) -> Iterable[Part]:
        """The whole screen."""
        layout, style = self.frame.layout, self.frame.style
        told = f"“{player}” plays, the network is the referee"
        yield from page_parts(self.frame, TITLE_TEXT, told, note)
        rects = self.buttons([card.name for card in cards])
        for number, card in enumerate(cards, 1):
            yield self._card(card, number, rects[card.name], marks)
        for name, face in faces.items():
            yield button_part(name, rects[name], face, marks, layout, style)

    def _card(self, card: GameCard, number: int, rect: Rect, marks: ButtonMarks) -> Part:
        focused, hovered = marks.focus == card.name, marks.hovered == card.name

        def paint(surface: Surface) -> None:
            layout, style = self.frame.layout, self.frame.style
            edge = style.theme.sure if hovered else style.theme.line
            box = style.box(rect.size, layout.px(12), style.theme.card, edge)
            surface.blit(box, rect)
            self._paint_card(surface, card, number, rect)
            if focused:
                paint_focus(surface, rect, layout, style)

        return Part(f"card {card.name}", rect, (card, focused, hovered), paint)

    def _paint_card(self, surface: Surface, card: GameCard, number: int, rect: Rect) -> None:
        layout, style = self.frame.layout, self.frame.style
        theme, px = style.theme, layout.px
        inside = rect.inflate(-2 * px(CARD_PADDING), -2 * px(CARD_PADDING))
        side = min(px(DISC), inside.height // 2)
        spot = Rect(inside.left, inside.top, side, side)
        centred(surface, style.disc(side, theme.sure), spot)
        centred(surface, style.icon(ICONS[card.name], round(0.6 * side), theme.on_accent), spot)
        key = style.text(f"{number}", layout.type(15), theme.muted, BOLD)
        surface.blit(key, key.get_rect(topright=inside.topright))
        left = spot.right + px(CARD_PADDING)
        room = inside.right - left
        title = style.line(card.title, layout.type(26), theme.text, room - px(20), BOLD)
        best = style.line(card.best, layout.type(15), theme.text, room, BOLD)
        surface.blit(title, (left, inside.top))
        surface.blit(best, best.get_rect(bottomleft=(left, inside.bottom)))
        top, size = inside.top + title.get_height() + px(2), layout.type(17)
        for line in wrapped(card.words, style.font(REGULAR, size), room):
            words = style.text(line, size, theme.muted)
            surface.blit(words, (left, top))
            top += words.get_height()
        picture = Rect(left, top, room, inside.bottom - best.get_height() - top)
        paint_game_picture(surface, card.name, picture.inflate(0, -2 * px(8)), style)
