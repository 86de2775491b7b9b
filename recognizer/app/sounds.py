"""Sounds of the games, made of sine waves; without a device for sound, there are none."""

from __future__ import annotations

import numpy as np
import pygame
from numpy.typing import NDArray

from recognizer.console import suppress_stderr
from recognizer.games.game import RIGHT, STREAK, WRONG

SAMPLES_PER_SECOND = 22_050
BUFFER_SAMPLES = 512
LOUDNESS, FADE_SECONDS = 0.22, 0.012
"""Of the loudest wave as a share of what can be; and how fast a note begins and ends."""
FINISH = "finish"
NOTES: dict[str, tuple[tuple[float, float], ...]] = {
    RIGHT: ((659.3, 0.07), (987.8, 0.13)),
    WRONG: ((246.9, 0.11), (196.0, 0.18)),
    STREAK: ((523.3, 0.07), (659.3, 0.07), (784.0, 0.07), (1046.5, 0.2)),
    FINISH: ((784.0, 0.12), (659.3, 0.12), (784.0, 0.12), (1046.5, 0.35)),
}
"""For each sound its notes: Hertz and seconds."""


class Sounds:
    """Plays sounds once it is opened, while it is on."""

    def __init__(self, on: bool) -> None:
        self.on = on
        self._made: dict[str, pygame.mixer.Sound] = {}

    def open(self) -> None:
        """Take the device for sound, if there is one; an open one costs something."""
        if self._made:
            return
        try:
            with suppress_stderr():  # where there is no device, ALSA says so at length
                pygame.mixer.init(SAMPLES_PER_SECOND, -16, 1, BUFFER_SAMPLES)
            self._made = {name: pygame.mixer.Sound(buffer=wave(name).tobytes()) for name in NOTES}
        except (pygame.error, NotImplementedError):  # no device, or a pygame without a mixer
            self._made = {}

    def play(self, name: str) -> None:
        """Let a sound be heard, if there is a device and sounds are on."""
        if self.on and name in self._made:
            self._made[name].play()

    def close(self) -> None:
        """Give the device back."""
        if self._made:
            self._made = {}
            pygame.mixer.quit()


def wave(name: str) -> NDArray[np.int16]:
    """The samples of a sound, its notes one after the other."""
    notes = [_note(pitch, seconds) for pitch, seconds in NOTES[name]]
    return np.asarray(np.concatenate(notes) * LOUDNESS * 32767, dtype=np.int16)


def _note(pitch: float, seconds: float) -> NDArray[np.float64]:
    """A note with an octave over it, that begins at once and dies away; -1 to 1."""
    time = np.arange(round(seconds * SAMPLES_PER_SECOND)) / SAMPLES_PER_SECOND
    tone = 0.75 * np.sin(2 * np.pi * pitch * time) + 0.25 * np.sin(4 * np.pi * pitch * time)
    edge = np.minimum(np.minimum(time, seconds - time) / FADE_SECONDS, 1)
    return np.asarray(tone * edge * np.exp(-2.5 * time / seconds))
