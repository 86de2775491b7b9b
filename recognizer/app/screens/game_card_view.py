"""The card before and after a game: the rules or the result, the ways to play, the best list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pygame import Rect, Surface

from recognizer.app.screens import Frame
from recognizer.app.screens.game_picture_view import paint_game_picture
from recognizer.app.screens.page_view import BUTTON_HEIGHT, EDGE, HEAD_HEIGHT, back_rect, foot_of
from recognizer.app.style import BOLD, REGULAR, centred, wrapped
from recognizer.app.widgets import Part
from recognizer.app.widgets.buttons import ButtonFace, ButtonMarks, button_part, row_of
from recognizer.games.scores import Score

LIST_SHARE, GAP, PADDING = 0.33, 12, 24
"""Share of the width that the best list takes, and room between and inside; scale 1."""
GO, DUEL, LEAVE, MODE = "go", "duel", "leave", "mode "


@dataclass(frozen=True)
class CardContent:
    """What a card tells.

    name: of the game. title: large. result: even larger, the points of a game that is over; ""
    before. lines: what to know. player, scores, place: the best list, and the place that was won
    in it, from 0.
    champion: who has most points in this game, in words.
    """

    name: str
    title: str
    lines: tuple[str, ...]
    player: str
    scores: tuple[Score, ...]
    result: str = ""
    place: int | None = None
    champion: str = ""


class CardView:
    """Where everything on the card stands."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    @property
    def _room(self) -> Rect:
        px, foot = self.frame.layout.px, foot_of(self.frame)
        return Rect(foot.left, px(HEAD_HEIGHT), foot.width, foot.top - px(HEAD_HEIGHT))

    @property
    def _list(self) -> Rect:
        room = self._room
        width = round(LIST_SHARE * room.width)
        return Rect(room.right - width, room.top, width, room.height)

    @property
    def _told(self) -> Rect:
        room, px = self._room, self.frame.layout.px
        return Rect(room.left, room.top, self._list.left - px(GAP) - room.left, room.height)

    def buttons(self, modes: int, duel: bool) -> dict[str, Rect]:
        """The ways to play, whom against, and the large button that starts."""
        px, told = self.frame.layout.px, self._told
        inside = told.inflate(-2 * px(PADDING), -2 * px(PADDING))
        height, gap = px(BUTTON_HEIGHT), px(GAP)
        go = Rect(inside.left, inside.bottom - round(1.3 * height), inside.width, 0)
        go.height = round(1.3 * height)
        found: dict[str, Rect] = {}
        top = go.top - gap - height
        if duel:
            found[DUEL] = Rect(inside.left, top, inside.width, height)
            top -= gap + height
        if modes > 1:
            row = Rect(inside.left, top, inside.width, height)
            found = row_of(row, [f"{MODE}{n}" for n in range(modes)], gap) | found
        return found | {GO: go, LEAVE: back_rect(self.frame)}

    def parts(
        self,
        content: CardContent,
        faces: Mapping[str, ButtonFace],
        rects: Mapping[str, Rect],
        marks: ButtonMarks,
    ) -> Iterable[Part]:
        """The card, its buttons and the best list."""
        layout, style, told = self.frame.layout, self.frame.style, self._told
        theme = style.theme
        foot = min(rect.top for name, rect in rects.items() if name != LEAVE)
        edge = layout.px(EDGE)
        head = Rect(edge, 0, back_rect(self.frame).left - 2 * edge, layout.px(HEAD_HEIGHT))
        title = style.line(content.title, layout.type(28), theme.text, head.width, BOLD)
        yield Part(
            *("card head", head, content.title),
            lambda s: s.blit(title, title.get_rect(midleft=head.midleft)),
        )
        yield Part("card", told, (content, foot), lambda s: self._paint_told(s, content, foot))
        yield Part("best list", self._list, content, lambda s: self._paint_list(s, content))
        for name, rect in rects.items():
            yield button_part(name, rect, faces[name], marks, layout, style)

    def _paint_told(self, surface: Surface, content: CardContent, foot: int) -> None:
        layout, style, told = self.frame.layout, self.frame.style, self._told
        theme, px = style.theme, layout.px
        surface.blit(style.box(told.size, px(12), theme.card, theme.line), told)
        inside = told.inflate(-2 * px(PADDING), -2 * px(PADDING))
        top = inside.top
        if content.result:
            self._paint_result(surface, content, Rect(inside.topleft, (inside.width, foot - top)))
            return
        for number, line in enumerate(content.lines, 1):
            room = Rect(inside.left, top, inside.width, foot - top)
            top = self._paint_line(surface, f"{number}", line, room)
        room = Rect(inside.left, top, inside.width, foot - top - px(GAP))
        paint_game_picture(surface, content.name, room, style)

    def _paint_result(self, surface: Surface, content: CardContent, room: Rect) -> None:
        """The points, large, and what to say to them, in the middle."""
        layout, style = self.frame.layout, self.frame.style
        theme, px = style.theme, layout.px
        icon = style.icon("trophy" if content.place == 0 else "star", px(72), theme.sure)
        shown = [icon] if content.place is not None else []
        shown.append(style.line(content.result, layout.type(72), theme.sure, room.width, BOLD))
        size = layout.type(22)
        shown += [style.line(line, size, theme.text, room.width, BOLD) for line in content.lines]
        top = room.centery - sum(each.get_height() + px(4) for each in shown) // 2
        for each in shown:
            surface.blit(each, each.get_rect(midtop=(room.centerx, top)))
            top += each.get_height() + px(4)

    def _paint_line(self, surface: Surface, mark: str, line: str, room: Rect) -> int:
        """A line of the card, its number in a disc; returns where the next one begins."""
        layout, style = self.frame.layout, self.frame.style
        theme, px = style.theme, layout.px
        size, top = layout.type(20), room.top
        step = style.font(REGULAR, size).get_linesize()
        spot = Rect(room.left, top, px(28), px(28))
        spot.centery = top + step // 2
        centred(surface, style.disc(px(26), theme.sure), spot)
        centred(surface, style.text(mark, layout.type(16), theme.on_accent, BOLD), spot)
        left = spot.right + px(10)
        for words in wrapped(line, style.font(REGULAR, size), room.right - left):
            if top + step <= room.bottom:
                surface.blit(style.text(words, size, theme.text), (left, top))
            top += step
        return top + px(9)

    def _paint_list(self, surface: Surface, content: CardContent) -> None:
        layout, style, rect = self.frame.layout, self.frame.style, self._list
        theme, px = style.theme, layout.px
        surface.blit(style.box(rect.size, px(12), theme.card, theme.line), rect)
        inside = rect.inflate(-2 * px(18), -2 * px(18))
        icon = style.icon("trophy", px(24), theme.sure)
        surface.blit(icon, inside.topleft)
        title = f"Best of “{content.player}”"
        words = style.line(title, layout.type(17), theme.text, inside.width - px(32), BOLD)
        surface.blit(words, (inside.left + px(32), inside.top))
        top, size = inside.top + px(38), layout.type(20)
        step = style.font(REGULAR, size).get_linesize() + px(4)
        if not content.scores:
            none = style.line(
                "Nobody yet: be the first", layout.type(16), theme.muted, inside.width
            )
            surface.blit(none, (inside.left, top))
        for number, score in enumerate(content.scores):
            won = number == content.place
            colour, weight = (theme.sure, BOLD) if won else (theme.text, REGULAR)
            place = style.text(f"{number + 1}.", size, colour, weight)
            if won:
                icon = style.icon("done", px(20), theme.sure)
                surface.blit(icon, icon.get_rect(midleft=(inside.left + px(26), top + step // 2)))
            points = style.text(f"{score.points}", size, colour, BOLD)
            day = style.line(score.day, layout.type(14), theme.muted, inside.width // 2)
            surface.blit(place, (inside.left, top))
            surface.blit(points, points.get_rect(topright=(inside.left + px(92), top)))
            surface.blit(day, day.get_rect(midright=(inside.right, top + step // 2)))
            top += step
        if content.champion:
            champion = style.line(content.champion, layout.type(15), theme.muted, inside.width)
            surface.blit(champion, champion.get_rect(bottomleft=inside.bottomleft))
