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
from PIL import Image, PngImagePlugin

from recognizer.files import PROGRAM_NAME, atomic_write, set_aside
from recognizer.geometry import Box
from recognizer.ink import render
from recognizer.inkml import InkMLError, read_inkml, write_inkml
from recognizer.model.hand_file import as_name
from recognizer.model.learned import LearnedHand
from recognizer.session.hand_store import HandStore
from recognizer.strokes import Stroke, transformed

THEMES = ("auto", "light", "dark")
UNSAVED_FILE, SETTINGS_FILE = "unsaved.inkml", "settings.json"
HANDS_FOLDER, GAMES_FOLDER = "hands", "games"
MIN_PEN_WIDTH, MAX_PEN_WIDTH = 2.0, 40.0
"""Pen widths in the sketch's unit; see `CANVAS_SIDE`."""
CANVAS_SIDE = 560.0
"""The canvas' shorter side in the sketch's own unit, whatever its size on the screen."""
CANVAS_EXTENT = (CANVAS_SIDE, CANVAS_SIDE)
SAVED_SIDE_PX = 1120
"""Shorter side of a saved picture in pixels."""


@dataclass(frozen=True)
class Settings:
    """What the window remembers from one start to the next.

    hand: the name of the person who writes. learning: whether readings use that hand.
    sounds: whether the games are heard. animations: whether things move in them; None for as
    the system says.
    """

    theme: str = "auto"
    pen_width: float = 16.0
    hand: str = LearnedHand.name
    learning: bool = True
    sounds: bool = True
    animations: bool | None = None


class Storage:
    """Reads and writes the sketch's files.

    data: folder of the unsaved sketch and the settings; folder: where saving puts sketches.
    """

    def __init__(self, data: Path, folder: Path) -> None:
        self.folder = folder
        self.unsaved = data / UNSAVED_FILE
        self.hands = HandStore(data / HANDS_FOLDER)
        self.games = data / GAMES_FOLDER
        self._settings = data / SETTINGS_FILE

    def restore(self) -> tuple[tuple[Stroke, ...], str]:
        """The sketch that was not saved, and a message for the user or "".

        A damaged one is set aside under another name, never deleted.
        """
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
        write_inkml(self.unsaved, strokes, CANVAS_EXTENT)

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

    def settings(self) -> Settings:
        """What was remembered; the usual where nothing was, or nothing sensible."""
        try:
            found = json.loads(self._settings.read_text(encoding="utf-8"))
            settings = Settings(
                str(found["theme"]),
                float(found["pen_width"]),
                as_name(found.get("hand", Settings.hand)),
                found.get("learning") is not False,
                found.get("sounds") is not False,
                moves if isinstance(moves := found.get("animations"), bool) else None,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Settings()
        good = MIN_PEN_WIDTH <= settings.pen_width <= MAX_PEN_WIDTH
        return settings if good and settings.theme in THEMES else Settings()

    def save_settings(self, settings: Settings) -> None:
        """Write the settings. Raises OSError."""
        self._settings.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(self._settings, json.dumps(asdict(settings)).encode())

    def _free_name(self) -> Path:
        stamp = time.strftime("%Y-%m-%d-%H%M%S")
        path, number = self.folder / f"sketch-{stamp}.png", 1
        while path.exists() or path.with_suffix(".inkml").exists():
            number += 1
            path = self.folder / f"sketch-{stamp}-{number}.png"
        return path


def _png(strokes: Sequence[Stroke], extent: tuple[float, float]) -> bytes:
    """Dark ink on white paper."""
    scale = SAVED_SIDE_PX / min(extent)
    width, height = (round(side * scale) for side in extent)
    ink = render(transformed(strokes, scale), (width, height))
    words: Any = PngImagePlugin.PngInfo()
    words.add_text("Software", PROGRAM_NAME)
    file = io.BytesIO()
    Image.fromarray(np.asarray(255 - ink, dtype=np.uint8)).save(file, "PNG", pnginfo=words)
    return file.getvalue()
