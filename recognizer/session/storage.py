"""Where sketches lie: the unsaved one, the saved ones, and what is remembered between starts."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from recognizer.files import PROGRAM_NAME, atomic_write, set_aside
from recognizer.geometry import Box
from recognizer.ink import render
from recognizer.inkml import InkMLError, read_inkml, write_inkml
from recognizer.model.hand_file import as_name
from recognizer.model.learned import LearnedHand
from recognizer.session.hand_store import HandStore
from recognizer.session.slots import SketchSlot
from recognizer.strokes import Cache, Stroke, transformed

THEMES = ("auto", "light", "dark")
SETTINGS_FILE = "settings.json"
HANDS_FOLDER, GAMES_FOLDER = "hands", "games"
MIN_PEN_WIDTH, MAX_PEN_WIDTH = 2.0, 40.0
"""Pen widths in the sketch's unit; see `CANVAS_SIDE`."""
MIN_ERASER_WIDTH, MAX_ERASER_WIDTH = 4.0, 160.0
"""Widths of the eraser in that unit."""
CANVAS_SIDE = 560.0
"""The canvas' shorter side in the sketch's own unit, whatever its size on the screen."""
CANVAS_EXTENT = (CANVAS_SIDE, CANVAS_SIDE)
SAVED_SIDE_PX = 1120
"""Shorter side of a saved picture in pixels."""


@dataclass(frozen=True)
class Settings:
    """What the window remembers from one start to the next.

    pen_width, eraser_width: in the sketch's unit. whole_strokes: whether the eraser takes whole
    strokes. hand: the name of the person who writes. learning: whether readings use that hand.
    sounds: whether the games are heard. animations: whether things move in them; None for as
    the system says. mode: the set of labels that is read. size, place: of the window, (width,
    height) in pixels and (x, y) on the desktop; None where they are not known.
    """

    theme: str = "auto"
    pen_width: float = 16.0
    hand: str = LearnedHand.name
    learning: bool = True
    sounds: bool = True
    animations: bool | None = None
    eraser_width: float = 32.0
    whole_strokes: bool = False
    mode: str = "digits"
    size: tuple[int, int] | None = None
    place: tuple[int, int] | None = None


class Storage:
    """Reads and writes the sketch's files.

    data: folder of the unsaved sketch and the settings; folder: where saving puts sketches.
    """

    def __init__(self, data: Path, folder: Path) -> None:
        self.folder = folder
        self._slot = SketchSlot(data)
        self._written = Cache()
        self.hands = HandStore(data / HANDS_FOLDER)
        self.games = data / GAMES_FOLDER
        self._settings = data / SETTINGS_FILE

    @property
    def unsaved(self) -> Path:
        """The file of the unsaved sketch, which no other window has while this one is open."""
        return self._slot.path

    def release(self) -> None:
        """Leave the unsaved sketch to the next window."""
        self._slot.release()

    def restore(self) -> tuple[tuple[Stroke, ...], str]:
        """The sketch that was not saved and that no window shows, and a message or "".

        A damaged one is set aside under another name, never deleted.
        """
        self._slot.claim()
        if not self.unsaved.exists():
            return (), ""
        try:
            return read_inkml(self.unsaved)[0], ""
        except InkMLError:
            return (), set_aside(self.unsaved, "The sketch of last time")

    def autosave(self, strokes: Sequence[Stroke]) -> None:
        """Write the unsaved sketch, or remove its file if it is empty. Raises OSError."""
        if not strokes:
            self.unsaved.unlink(missing_ok=True)
            return
        self.unsaved.parent.mkdir(parents=True, exist_ok=True)
        write_inkml(self.unsaved, strokes, CANVAS_EXTENT, self._written)

    def save(self, strokes: Sequence[Stroke], area: Box) -> Path:
        """Write InkML and PNG of the part of the sketch that is in sight; returns the PNG's path.

        area: that part, in the strokes' unit. Raises OSError.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        picture = self._free_name()
        shown = transformed(strokes, origin=area.corner)
        write_inkml(picture.with_suffix(".inkml"), shown, area.size)
        atomic_write(picture, _png(shown, area.size))
        return picture

    def save_picture(self, pixels: NDArray[np.uint8]) -> Path:
        """Write a picture with what was drawn over it, (height, width, 3); returns its path.

        Raises OSError.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._free_name("picture")
        atomic_write(path, _as_png(Image.fromarray(pixels)))
        return path

    def settings(self) -> Settings:
        """What was remembered; the usual where nothing was, or nothing sensible."""
        usual = Settings()
        try:
            found = json.loads(self._settings.read_text(encoding="utf-8"))
            settings = Settings(
                str(found["theme"]),
                float(found["pen_width"]),
                as_name(found.get("hand", usual.hand)),
                found.get("learning") is not False,
                found.get("sounds") is not False,
                moves if isinstance(moves := found.get("animations"), bool) else None,
                float(found.get("eraser_width", usual.eraser_width)),
                found.get("whole_strokes") is True,
                str(found.get("mode", usual.mode)),
                _as_pair(found.get("size")),
                _as_pair(found.get("place")),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return usual
        good = MIN_PEN_WIDTH <= settings.pen_width <= MAX_PEN_WIDTH
        good &= MIN_ERASER_WIDTH <= settings.eraser_width <= MAX_ERASER_WIDTH
        return settings if good and settings.theme in THEMES else usual

    def save_settings(self, settings: Settings) -> None:
        """Write the settings. Raises OSError."""
        self._settings.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(self._settings, json.dumps(asdict(settings)).encode())

    def _free_name(self, kind: str = "sketch") -> Path:
        stamp = time.strftime("%Y-%m-%d-%H%M%S")
        path, number = self.folder / f"{kind}-{stamp}.png", 1
        while path.exists() or path.with_suffix(".inkml").exists():
            number += 1
            path = self.folder / f"{kind}-{stamp}-{number}.png"
        return path


def _as_pair(found: Any) -> tuple[int, int] | None:
    """Two whole numbers that were remembered. Raises ValueError or TypeError if they are none."""
    if found is None:
        return None
    first, second = (int(each) for each in found)
    return first, second


def _png(strokes: Sequence[Stroke], extent: tuple[float, float]) -> bytes:
    """Dark ink on white paper."""
    scale = SAVED_SIDE_PX / min(extent)
    width, height = (round(side * scale) for side in extent)
    ink = render(transformed(strokes, scale), (width, height))
    return _as_png(Image.fromarray(np.asarray(255 - ink, dtype=np.uint8)))


def _as_png(image: Image.Image) -> bytes:
    words: Any = PngImagePlugin.PngInfo()
    words.add_text("Software", PROGRAM_NAME)
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=words)
    return file.getvalue()
