"""Where everything stands: one function of the window's size."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pygame import Rect

from recognizer.app.actions import toolbar_groups

MIN_SIZE_PX = (640, 480)
"""Smallest window in pixels; in a smaller one the right and lower parts are cut off."""
DESIGN_SIZE_PX = (960, 640)
"""Size of the window in pixels at which the scale is 1."""
MIN_TYPE_PX = 12
"""Smallest text in pixels."""
CAPTION_HEIGHT = 40
"""Height of the two lines below the glyph; scale 1."""
TALL_SHARE = 0.85
"""A window narrower than this share of its height has its panel below the canvas."""
PEN_GAUGE = "pen gauge"
"""Stands among the buttons, between the thinner and the thicker pen, and shows how wide it is."""
MIN_BAR_PX, MAX_BARS = 12, 12
"""Height of a label's bar at least, and how many there are at most."""
FEW_LINES, MAX_LINES = 2, 5
"""A text of more lines than the first gets more room in the panel, up to that of the second."""
LINE_HEIGHT = 34
"""What each further line of a text gets; scale 1."""
PRESENTED_SHARE = 0.4
"""The height that the answer has in the presenting view, of the window's."""


@dataclass(frozen=True)
class Layout:
    """Rectangles in pixels of the window, and the scale for texts and gaps.

    presenting: whether there is nothing but the canvas, the answer and the bars, for the back row.
    """

    size: tuple[int, int]
    scale: float
    toolbar: Rect
    buttons: dict[str, Rect]
    canvas: Rect
    panel: Rect
    result: Rect
    bars: Rect
    glyph: Rect
    caption: Rect
    presenting: bool = False

    def px(self, length: float) -> int:
        """A length of the design in whole pixels, at least 1."""
        return max(1, round(length * self.scale))

    def type(self, size: float) -> int:
        """A text's size of the design in pixels, never too small to read."""
        return max(MIN_TYPE_PX, round(size * self.scale))

    def bar_rects(self, count: int) -> list[Rect]:
        """Rectangles of the bars, as many as there are, or as have room; all of one size."""
        room, count = self.bars, min(count, self.bars.height // MIN_BAR_PX, MAX_BARS)
        tops = [room.top + round(room.height * number / count) for number in range(count)]
        return [Rect(room.left, top, room.width, room.height // count) for top in tops]

    def for_lines(self, count: int) -> Layout:
        """The same with more room for a text of so many lines, and less for bars and glyph."""
        more = self.px(LINE_HEIGHT) * (min(count, MAX_LINES) - FEW_LINES)
        if more <= 0 or self.presenting or self.result.right < self.bars.left:
            return self
        cells = 28 * max(1, self.glyph.width // 28 - 2)
        glyph = Rect(0, 0, cells, cells)
        glyph.midbottom = self.glyph.midbottom
        result, bars = self.result.copy(), self.bars.copy()
        result.height += more
        bars.height += glyph.top - self.glyph.top - more
        bars.top += more
        return replace(self, result=result, bars=bars, glyph=glyph)


def arrange(size: tuple[int, int], presenting: bool = False) -> Layout:
    """Lay out a window of this size in pixels."""
    width, height = (max(side, least) for side, least in zip(size, MIN_SIZE_PX, strict=True))
    tall = width < TALL_SHARE * height
    # A tall window is as large as a wide one of the same area would be.
    designed = (620, 900) if tall else DESIGN_SIZE_PX
    scale = min(max(min(width / designed[0], height / designed[1]), 0.75), 4.0)
    gap = round(12 * scale)
    if presenting:
        return _presented((width, height), tall, gap, scale)
    toolbar = Rect(0, 0, width, round(62 * scale))
    room = Rect(gap, toolbar.bottom, width - 2 * gap, height - toolbar.bottom - gap)
    canvas, panel = _below(room, gap, scale) if tall else _beside(room, gap, scale)
    inside = panel.inflate(-2 * gap, -2 * gap)
    inner = (_columns if tall else _rows)(inside, gap, scale)
    buttons = _buttons(toolbar, gap, scale)
    return Layout((width, height), scale, toolbar, buttons, canvas, panel, *inner)


def _presented(size: tuple[int, int], tall: bool, gap: int, scale: float) -> Layout:
    """The answer above, the canvas and the bars below; one button in the corner leads back."""
    width, height = size
    whole = Rect(gap, gap, width - 2 * gap, height - 2 * gap)
    side = round(40 * scale)
    menu = Rect(whole.right - side, whole.top, side, side)
    result = Rect(whole.left, whole.top, whole.width - side - gap, round(PRESENTED_SHARE * height))
    room = Rect(whole.left, result.bottom + gap, whole.width, whole.bottom - result.bottom - gap)
    if tall:
        bars = Rect(room.left, 0, room.width, round(0.4 * room.height))
        bars.bottom = room.bottom
        canvas = Rect(room.left, room.top, room.width, bars.top - gap - room.top)
    else:
        bars = Rect(0, room.top, round(0.36 * room.width), room.height)
        bars.right = room.right
        canvas = Rect(room.left, room.top, bars.left - 2 * gap - room.left, room.height)
    none = Rect(0, 0, 0, 0)
    return Layout(
        *(size, scale, none, {"menu": menu}, canvas, bars, result, bars, none, none),
        presenting=True,
    )


def _beside(room: Rect, gap: int, scale: float) -> tuple[Rect, Rect]:
    width = min(max(round(0.29 * room.width), round(236 * scale)), round(330 * scale))
    panel = Rect(room.right - width, room.top, width, room.height)
    return Rect(room.left, room.top, panel.left - gap - room.left, room.height), panel


def _below(room: Rect, gap: int, scale: float) -> tuple[Rect, Rect]:
    height = min(max(round(0.3 * room.height), round(232 * scale)), round(280 * scale))
    panel = Rect(room.left, room.bottom - height, room.width, height)
    return Rect(room.left, room.top, room.width, panel.top - gap - room.top), panel


def _rows(inside: Rect, gap: int, scale: float) -> tuple[Rect, Rect, Rect, Rect]:
    """Result, bars, glyph and its caption, one under the other."""
    result = Rect(inside.left, inside.top, inside.width, round(92 * scale))
    words = round(CAPTION_HEIGHT * scale)
    cells = 28 * max(1, min(inside.width // 28, round(0.3 * inside.height) // 28))
    glyph = Rect(0, 0, cells, cells)
    glyph.midbottom = (inside.centerx, inside.bottom - words)
    caption = Rect(inside.left, glyph.bottom, inside.width, inside.bottom - glyph.bottom)
    top = result.bottom + gap
    room = Rect(inside.left, top, inside.width, glyph.top - gap - top)
    return result, room, glyph, caption


def _columns(inside: Rect, gap: int, scale: float) -> tuple[Rect, Rect, Rect, Rect]:
    """Result, bars, and glyph with its caption, side by side."""
    words = round(CAPTION_HEIGHT * scale)
    most = min(round(0.3 * inside.width), inside.height - words)
    cells = 28 * max(1, most // 28)
    side = max(cells, round(0.3 * inside.width))
    right = Rect(inside.right - side, inside.top, side, inside.height)
    glyph = Rect(0, 0, cells, cells)
    glyph.midtop = (right.centerx, right.top + (right.height - cells - words) // 2)
    caption = Rect(right.left, glyph.bottom, side, words)
    result = Rect(inside.left, inside.top, round(0.27 * inside.width), inside.height)
    left = result.right + gap
    room = Rect(left, inside.top, right.left - 2 * gap - left, inside.height)
    return result, room, glyph, caption


def _buttons(toolbar: Rect, gap: int, scale: float) -> dict[str, Rect]:
    """The buttons in their groups, the last of which stands at the right end."""
    groups = [_with_gauge([action.name for action in group]) for group in toolbar_groups()]
    count = sum(len(group) for group in groups)
    between, gap = round(8 * scale), gap // 2
    free = toolbar.width - 2 * gap - between * (len(groups) - 1)
    width, height = min(free // count, round(64 * scale)), toolbar.height - round(10 * scale)
    rects: dict[str, Rect] = {}
    left, top = gap, (toolbar.height - height) // 2
    for group in groups:
        if group is groups[-1]:
            left = toolbar.width - gap - width * len(group)
        for name in group:
            rects[name] = Rect(left, top, width, height)
            left += width
        left += between
    return rects


def _with_gauge(names: list[str]) -> list[str]:
    return ["thinner", PEN_GAUGE, "thicker"] if "thinner" in names else names
