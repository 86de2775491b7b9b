"""Inside: what the network does with the drawing, live, while one draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pygame
from pygame import Rect
from pygame.event import Event

from recognizer.app.actions import BY_NAME, Action, action_of
from recognizer.app.screens import DOWN, GONE, LEFT, MOVE, RIGHT, UP, Frame, Pointer, Screen
from recognizer.app.screens.button_screen import ButtonScreen
from recognizer.app.screens.inside_layout_view import (
    BACK,
    REPLAY,
    SLIDER,
    InsideLayout,
    arrange_inside,
    point_at,
)
from recognizer.app.screens.inside_pages_view import ShownInside
from recognizer.app.screens.inside_view import STAGE_ROW, InsideView
from recognizer.app.widgets import Part
from recognizer.app.widgets.canvas import Canvas
from recognizer.session import Session
from recognizer.session.insight import PAGES, Insight

PEN, ERASER = "pen", "eraser"
PAGE_KEYS = tuple(str(number + 1) for number in range(len(PAGES)))
HELPFUL_ACTIONS = ("undo", "redo", "clear", "eraser", "thinner", "thicker", "theme")
"""What can be done here as on the sketch, by the same keys."""
MAX_LAG_SECONDS = 0.08
"""The pictures are at most so much older than the ink: they wait until the pen leaves time."""
REPLAY_SECONDS, FRAME_SECONDS = 4.0, 0.03
"""How long a drawing takes to be replayed at most, and how long each point is shown at least."""
_STEPS = {pygame.K_LEFT: -1, pygame.K_RIGHT: 1, pygame.K_PAGEUP: -10, pygame.K_PAGEDOWN: 10}


class InsideScreen(ButtonScreen):
    """A canvas, a slider through the drawing, the answers, and a page of what is seen inside.

    do: what does an action of the sketch.
    """

    def __init__(
        self, frame: Frame, behind: Screen, session: Session, do: Callable[[Action], object]
    ) -> None:
        super().__init__(frame, behind)
        self._session, self._do = session, do
        self.insight = Insight(session)
        self.view = InsideView(frame)
        self.canvas = Canvas(self.layout.canvas, frame.style.theme)
        self.shown: ShownInside = self.view.look(self.insight)
        self._held: str | None = None
        self._finger: int | None = None
        self._last = (0.0, 0.0)
        self._heard = False
        self._stale_since: float | None = None
        self._replay_due: float | None = None
        self._damage: list[Rect] = []

    @property
    def layout(self) -> InsideLayout:
        """Where everything stands."""
        return arrange_inside(self.frame)

    def buttons(self) -> dict[str, Rect]:
        """The pages, the way back, the slider, and the rows of the page."""
        return self.layout.buttons | self.view.rows(self.shown, self.layout.page)

    def press(self, name: str) -> None:
        """Do what a button is for."""
        if name == BACK:
            self.back()
        elif name in PAGES:
            self.insight.page = name
            self._look()
        elif name == REPLAY:
            self._begin_replay()
        elif name.startswith(STAGE_ROW):
            self.focus = name
        self._damage.append(Rect((0, 0), self.frame.layout.size))

    def take_key(self, event: Event) -> bool:
        """Go through the drawing, choose a page by its number, and what the sketch's keys do."""
        insight, action = self.insight, action_of(event)
        if self.focus == SLIDER and event.key in _STEPS:
            self._go_to(insight.at + _STEPS[event.key])
        elif event.key in (pygame.K_HOME, pygame.K_END):
            self._go_to(0 if event.key == pygame.K_HOME else insight.count)
        elif getattr(event, "unicode", "") in PAGE_KEYS:
            self.press(PAGES[int(event.unicode) - 1])
        elif action == BY_NAME["inside"]:
            self.back()
        elif action and action.name in HELPFUL_ACTIONS and self._held is None:
            self._do(action)
        else:
            return False
        return True

    def handle(self, event: Event) -> Screen | None:
        """Take an event; what was begun with the pen, the eraser or the slider goes on."""
        self._heard = True
        what = self.frame.pointer(event)
        if what and self._held:
            self._go_on(what)
            return self
        if what and what.what == DOWN and what.button == RIGHT:
            self._touch(what)
            return self
        following = super().handle(event)
        if following is not self:
            self._session.autosave()
        return following

    def press_beside(self, what: Pointer, event: Event) -> None:
        """A stroke begins on the canvas."""
        self._touch(what)

    def _point(self, what: Pointer, event: Event) -> None:
        if (
            what.what == DOWN
            and what.button == LEFT
            and self.layout.buttons[SLIDER].collidepoint(what.position)
        ):
            self.focus = self._held = SLIDER
            self._finger = what.finger
            self._slide(what)
        else:
            super()._point(what, event)

    def _touch(self, what: Pointer) -> None:
        session = self._session
        if not self.canvas.rect.collidepoint(what.position) or session.picture:
            return
        self._finger, self._last = what.finger, self._to_paper(what.position)
        if what.button == RIGHT or session.erasing:
            self._held = ERASER
            session.sketch.begin_erasing()
            session.erase(self._last, self._last)
        else:
            self._held = PEN
            session.sketch.begin_stroke(*self._last, session.pen_width)

    def _go_on(self, what: Pointer) -> None:
        if what.finger != self._finger or what.what in (DOWN, GONE):
            return  # A second finger, or the palm, does not draw.
        if what.what == MOVE and not what.button and what.finger is None:
            self._held = None  # The button was let go where the window could not see it.
            return
        if self._held == SLIDER:
            self._slide(what)
        else:
            before, self._last = self._last, self._to_paper(what.position)
            if self._held == PEN:
                self._session.sketch.extend_stroke(*self._last)
            else:
                self._session.erase(before, self._last)
        if what.what == UP:
            self._held = None

    def _slide(self, what: Pointer) -> None:
        self._go_to(point_at(self.layout.buttons[SLIDER], what.position[0], self.insight.count))

    def _go_to(self, at: int) -> None:
        self._replay_due = None
        self.insight.go(at)
        self._stale_since = self._stale_since or self.frame.now()

    def update(self) -> None:
        """Read and show what was drawn; what is seen inside follows when the pen leaves time."""
        now = self.frame.now()
        self._session.read()
        self._replay(now)
        if self.insight.update() and self._stale_since is None:
            self._stale_since = now
        self._damage += self.canvas.show(self.insight.strokes)
        if self._held not in (PEN, ERASER):
            self._session.autosave()
        since = self._stale_since
        if since is not None and not (self._heard and now - since < MAX_LAG_SECONDS):
            self._look()
        self._heard = False

    def due(self) -> float | None:
        """At once while the pictures are older than the ink, or when the replay goes on."""
        return self._replay_due if self._stale_since is None else self.frame.now()

    def resized(self) -> None:
        """Take the window's new layout or theme."""
        super().resized()
        theme = self.frame.style.theme
        self.canvas.resize(self.layout.canvas, theme, self.insight.strokes)
        self._look()

    def damage(self) -> list[Rect]:
        """Where ink changed since the last call."""
        damage, self._damage = self._damage, []
        return damage

    def parts(self) -> Iterable[Part]:
        """The whole screen."""
        return self.view.parts(self.insight, self.shown, self.canvas, self.layout, self.marks)

    def leave(self) -> None:
        """The screen behind keeps the sketch."""
        self._held = None
        super().leave()

    def _look(self) -> None:
        self._stale_since = None
        self.shown = self.view.look(self.insight)

    def _begin_replay(self) -> None:
        if self.insight.count:
            self._go_to(1)
            self._replay_due = self.frame.now() + FRAME_SECONDS

    def _replay(self, now: float) -> None:
        """Go on through the drawing, if it is being replayed and the time has come."""
        if self._replay_due is None or now < self._replay_due:
            return
        insight = self.insight
        step = max(1, round(insight.count * FRAME_SECONDS / REPLAY_SECONDS))
        self._go_to(insight.at + step)
        if insight.at < insight.count:
            self._replay_due = now + FRAME_SECONDS

    def _to_paper(self, position: tuple[float, float]) -> tuple[float, float]:
        """A position of the window in the sketch's unit; beside the canvas, its edge."""
        rect, view = self.canvas.rect, self.canvas.view
        x = min(max(position[0], rect.left), rect.right)
        y = min(max(position[1], rect.top), rect.bottom)
        return view.inwards((x, y))
