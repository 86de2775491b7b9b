"""What a session does with files: it keeps the sketch, saves it, and opens others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognizer.errors import SketchpadError
from recognizer.geometry import Box
from recognizer.ink import render
from recognizer.reading import PARTLY_READ_TEXT, Reading, Recognizer
from recognizer.session.learning import Message
from recognizer.session.opening import (
    Background,
    Load,
    Opening,
    Picture,
    Step,
    Tell,
    load_file,
    load_pasted,
)
from recognizer.session.storage import Storage
from recognizer.strokes import Sketch, Stroke, transformed


class SketchFiles:
    """The files of a session: the unsaved sketch, what is saved, and what is being opened."""

    storage: Storage
    sketch: Sketch
    recognizer: Recognizer
    tell: Callable[[Message], None]
    in_background: Background
    autosaves = True
    opening: Opening | None = None
    """What is being opened; None if nothing is."""
    _kept: tuple[Stroke, ...] | None = ()
    _autosave_failed = False
    _saved: tuple[tuple[Stroke, ...], object, Box] | None = None
    _saved_to: Path | None = None

    @property
    def picture(self) -> Picture | None:
        """The picture below the ink."""
        below = self.sketch.below
        return below if isinstance(below, Picture) else None

    def keep(self, strokes: tuple[Stroke, ...]) -> None:
        """Write these as the unsaved sketch, if they are not what was written last."""
        if not self.autosaves or self._kept is strokes:
            return
        self._kept = strokes
        try:
            self.storage.autosave(strokes)
            self._autosave_failed = False
        except OSError as error:
            if not self._autosave_failed:
                self._autosave_failed = True
                self.tell(Message(not_autosaved(error, self.storage.unsaved), trouble=True))

    def keep_at_last(self) -> None:
        """Write the unsaved sketch before the end, and leave its file to the next window."""
        if self._autosave_failed:
            self._kept = None
        self.keep(self.sketch.strokes)
        self.storage.release()

    def save(self, area: Box) -> None:
        """Save the part of the sketch that is in sight, as PNG and InkML, or with its picture."""
        picture, strokes = self.picture, self.sketch.strokes
        if picture and not strokes:
            text = "Only drawings are saved, and this picture was pasted."
            if picture.path:
                text = f"This picture is saved already:\n{picture.path}"
            self.tell(Message(text))
        elif not strokes:
            self.tell(Message("There is nothing to save yet. Draw a digit first."))
        elif self._is_saved(area):
            self.tell(Message(f"Nothing changed since it was saved:\n{self._saved_to}"))
        else:
            self._save(area)

    def open(self, path: Path, area: Box, fail: Tell | None = None) -> None:
        """Show a file; what was there comes back by undo.

        fail: called with the reason if it cannot be opened, which is told otherwise.
        """
        self._begin(lambda: load_file(path, area), fail)

    def paste(self, area: Box) -> None:
        """Show what was copied elsewhere, a picture or a file."""
        self._begin(lambda: load_pasted(area), None)

    @property
    def loading(self) -> bool:
        """Whether something is being opened that cannot be shown yet."""
        return self.opening is not None and self.opening.picture is None

    def take_opened(self) -> None:
        """Show what was opened since the last time."""
        opening = self.opening
        for step in opening.steps() if opening else ():
            if self.opening is opening:
                self._take(step)

    def cancel_opening(self) -> bool:
        """Open no more, and put away what is not read yet; False if nothing is being opened."""
        opening, self.opening = self.opening, None
        if opening and opening.picture is not None and opening.picture is self.sketch.below:
            self.sketch.undo()
        return opening is not None

    def _begin(self, load: Load, fail: Tell | None) -> None:
        self.cancel_opening()
        told = fail or (lambda reason: self.tell(Message(reason, trouble=True)))
        self.opening = Opening(load, self.recognizer, told)
        self.in_background(self.opening.run)
        self.take_opened()

    def _take(self, step: Step | None) -> None:
        assert self.opening
        if step is None:
            self.opening = None
        elif isinstance(step, Exception):
            self._fail(step)
        elif isinstance(step, Reading):
            if self.opening.picture:
                self.opening.picture.take(step)
            if step.partial:
                self.tell(Message(f"This picture is {PARTLY_READ_TEXT}."))
        else:
            self._show(step)

    def _fail(self, error: Exception) -> None:
        opening = self.opening
        self.cancel_opening()
        if not isinstance(error, ValueError | OSError | SketchpadError):
            raise error
        if opening:
            opening.fail(str(error))

    def _show(self, found: tuple[Stroke, ...] | Picture) -> None:
        assert self.opening
        self.keep(self.sketch.strokes)
        if isinstance(found, Picture):
            self.opening.picture = found
            self.sketch.replace((), found)
        else:
            self.sketch.replace(found)
        # The file has it; an unsaved sketch from before stays kept for the next start.
        self._kept = self.sketch.strokes

    def _is_saved(self, area: Box) -> bool:
        strokes, below, before = self._saved or (None, None, None)
        same = strokes is self.sketch.strokes and below is self.sketch.below and before == area
        return same and self._saved_to is not None and self._saved_to.exists()

    def _save(self, area: Box) -> None:
        try:
            path = self._write(area)
        except OSError as error:
            self.tell(Message(_not_saved(error, self.storage.folder), trouble=True))
            return
        kind = "a picture" if self.picture else "PNG and InkML"
        self.tell(Message(f"Saved as {kind}:\n{path}"))
        self._saved, self._saved_to = (self.sketch.strokes, self.sketch.below, area), path
        self._kept = self.sketch.strokes
        try:
            self.storage.autosave(())
        except OSError as error:
            self.tell(Message(not_autosaved(error, self.storage.unsaved), trouble=True))

    def _write(self, area: Box) -> Path:
        if self.picture:
            return self.storage.save_picture(_annotated(self.picture, self.sketch.strokes))
        return self.storage.save(self.sketch.strokes, area)


def _annotated(picture: Picture, strokes: tuple[Stroke, ...]) -> NDArray[np.uint8]:
    """A picture (height, width, 3) with the strokes over it, and paper where they reach beyond."""
    scale = picture.pixels.shape[1] / picture.place.width
    boxes = [picture.place, *(_reach(stroke) for stroke in strokes)]
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    size = round((right - left) * scale), round((bottom - top) * scale)
    paper = Image.new("RGB", size, "white" if picture.is_light else "black")
    x, y = (picture.place.x - left) * scale, (picture.place.y - top) * scale
    paper.paste(Image.fromarray(picture.pixels), (round(x), round(y)))
    ink = render(transformed(strokes, scale, origin=(left, top)), size)
    paper.paste(picture.ink_colour, (0, 0, *size), Image.fromarray(ink))
    return np.asarray(paper)


def _reach(stroke: Stroke) -> Box:
    return Box.around(stroke.points).grown(stroke.reach)


def not_autosaved(error: OSError, path: Path) -> str:
    """What to say where the unsaved sketch or the settings could not be written."""
    return (
        f"The sketch cannot be kept for the next start in {path.parent}: {_reason(error)}. "
        "Save it before you quit."
    )


def _not_saved(error: OSError, folder: Path) -> str:
    """A sketch could not be saved on purpose."""
    return (
        f"Not saved in {folder}: {_reason(error)}. Nothing is lost: the sketch is still here. "
        "Make room there, or start with another folder for sketches."
    )


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
