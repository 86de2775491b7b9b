"""Where everything stands on the screen that looks inside the network."""

from __future__ import annotations

from dataclasses import dataclass

from pygame import Rect

from recognizer.app.layout import TALL_SHARE
from recognizer.app.screens import Frame
from recognizer.app.screens.page_view import BUTTON_HEIGHT, EDGE, HEAD_HEIGHT, back_rect, foot_of
from recognizer.app.widgets.buttons import row_of
from recognizer.session.insight import PAGES

BACK, SLIDER, REPLAY = "back", "slider", "replay"
GAP = 8
SLIDER_HEIGHT, ANSWERS_HEIGHT = 34, 84
"""Of the slider through the drawing and of the answers' bars; scale 1."""
LEFT_SHARE, TOP_SHARE = 0.36, 0.4
"""How much of the room the drawing takes, of its width, or of its height in a tall window."""
MIN_CANVAS_PX = 120


@dataclass(frozen=True)
class InsideLayout:
    """Rectangles in pixels of the window; page: the room of what is looked at."""

    canvas: Rect
    answers: Rect
    page: Rect
    buttons: dict[str, Rect]


def arrange_inside(frame: Frame) -> InsideLayout:
    """Lay out the screen in its frame: the drawing to the left of the page, or above it."""
    px, (width, height) = frame.layout.px, frame.layout.size
    edge, gap = px(EDGE), px(GAP)
    tabs = Rect(edge, px(HEAD_HEIGHT), width - 2 * edge, px(BUTTON_HEIGHT))
    top = tabs.bottom + gap
    room = Rect(edge, top, width - 2 * edge, foot_of(frame).top - top)
    if width < TALL_SHARE * height:
        own, page = room.copy(), room.copy()
        own.height = round(TOP_SHARE * room.height)
        page.top, page.height = own.bottom + gap, room.bottom - own.bottom - gap
    else:
        own, page = room.copy(), room.copy()
        own.width = round(LEFT_SHARE * room.width)
        page.left, page.width = own.right + 2 * gap, room.right - own.right - 2 * gap
    slider_height, answers_height = px(SLIDER_HEIGHT), px(ANSWERS_HEIGHT)
    canvas = own.copy()
    canvas.height = max(own.height - slider_height - answers_height - 2 * gap, MIN_CANVAS_PX)
    slider = Rect(own.left, canvas.bottom + gap, own.width, slider_height)
    answers = Rect(own.left, slider.bottom + gap, own.width, own.bottom - slider.bottom - gap)
    replay = Rect(slider.left, slider.top, round(1.2 * slider_height), slider_height)
    track = Rect(replay.right + gap, slider.top, slider.right - replay.right - gap, slider_height)
    buttons = {BACK: back_rect(frame)} | row_of(tabs, list(PAGES), gap)
    return InsideLayout(canvas, answers, page, buttons | {REPLAY: replay, SLIDER: track})


def knob_x(track: Rect, at: int, count: int) -> int:
    """Where the slider's knob stands along its track, in pixels."""
    inset = track.height // 2
    return track.left + inset + round((track.width - 2 * inset) * at / max(count, 1))


def point_at(track: Rect, x: float, count: int) -> int:
    """Which point of the drawing a place along the track stands for."""
    inset = track.height // 2
    return round(count * min(max((x - track.left - inset) / (track.width - 2 * inset), 0), 1))
