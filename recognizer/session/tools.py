"""What a hand draws and erases with: the pen, and two erasers."""

from __future__ import annotations

from dataclasses import replace

from recognizer.session.storage import (
    MAX_ERASER_WIDTH,
    MAX_PEN_WIDTH,
    MIN_ERASER_WIDTH,
    MIN_PEN_WIDTH,
    Settings,
)
from recognizer.strokes import Sketch

PEN_STEP_FACTOR = 1.15
"""One step of the width of pen or eraser, as a factor."""


class DrawingTools:
    """The pen and the eraser of a session, each of a size of its own."""

    settings: Settings
    sketch: Sketch
    erasing = False
    """Whether the eraser is in hand instead of the pen."""

    @property
    def pen_width(self) -> float:
        """Diameter of the pen in the sketch's unit."""
        return self.settings.pen_width

    @property
    def eraser_width(self) -> float:
        """Diameter of the eraser in the sketch's unit."""
        return self.settings.eraser_width

    @property
    def tool_width(self) -> float:
        """Diameter of what is in hand."""
        return self.eraser_width if self.erasing else self.pen_width

    @property
    def whole_strokes(self) -> bool:
        """Whether the eraser takes the whole of each stroke that it touches."""
        return self.settings.whole_strokes

    def toggle_eraser(self) -> None:
        """Take the eraser in hand, or the pen again."""
        self.erasing = not self.erasing

    def toggle_whole_strokes(self) -> None:
        """Have the eraser take whole strokes, or only what it touches."""
        self.settings = replace(self.settings, whole_strokes=not self.whole_strokes)

    def set_pen_width(self, width: float) -> None:
        """Take a pen of this diameter in the sketch's unit, as far as there is one."""
        width = min(max(width, MIN_PEN_WIDTH), MAX_PEN_WIDTH)
        self.settings = replace(self.settings, pen_width=width)

    def set_eraser_width(self, width: float) -> None:
        """Take an eraser of this diameter in the sketch's unit, as far as there is one."""
        width = min(max(width, MIN_ERASER_WIDTH), MAX_ERASER_WIDTH)
        self.settings = replace(self.settings, eraser_width=width)

    def thicker(self) -> None:
        """Take the next thicker pen, or eraser if that is in hand."""
        self._resize(max(self.tool_width * PEN_STEP_FACTOR, self.tool_width + 1))

    def thinner(self) -> None:
        """Take the next thinner pen, or eraser if that is in hand."""
        self._resize(min(self.tool_width / PEN_STEP_FACTOR, self.tool_width - 1))

    def erase(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Move the eraser, in the sketch's unit."""
        self.sketch.erase(start, end, self.eraser_width / 2, self.whole_strokes)

    def _resize(self, width: float) -> None:
        if self.erasing:
            self.set_eraser_width(width)
        else:
            self.set_pen_width(width)
