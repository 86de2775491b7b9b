"""How the window looks: its colours, and texts, shapes and icons, each made once and kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Rect, Surface

from recognizer.app.icons import icon_ink
from recognizer.files import FONTS

Colour = tuple[int, int, int]
Share = NDArray[np.float32]

REGULAR, BOLD = "Inter-Regular.otf", "Inter-SemiBold.otf"
MAX_SURFACES = 400
"""So many surfaces are kept; a drawing person sees about a hundred different ones."""


@dataclass(frozen=True)
class Theme:
    """Colours by what they are for; every text has a contrast of at least 4.5 to its ground.

    Blue, orange and the purple of what the program writes differ for every kind of colour vision
    (Okabe, Ito: Color universal design, 2008), and whatever they say is said in words or signs too.
    """

    name: str
    background: Colour
    card: Colour
    paper: Colour
    ink: Colour
    text: Colour
    muted: Colour
    line: Colour
    hover: Colour
    sure: Colour
    unsure: Colour
    answer: Colour
    on_accent: Colour


LIGHT = Theme(
    name="light",
    background=(240, 242, 245),
    card=(255, 255, 255),
    paper=(255, 255, 255),
    ink=(24, 30, 40),
    text=(27, 34, 46),
    muted=(88, 99, 115),
    line=(218, 223, 230),
    hover=(226, 231, 238),
    sure=(0, 103, 172),
    unsure=(173, 72, 0),
    answer=(143, 45, 114),
    on_accent=(255, 255, 255),
)


DARK = Theme(
    name="dark",
    background=(16, 19, 24),
    card=(26, 30, 37),
    paper=(26, 30, 37),
    ink=(242, 245, 249),
    text=(232, 236, 242),
    muted=(154, 165, 180),
    line=(50, 57, 68),
    hover=(40, 46, 56),
    sure=(98, 184, 240),
    unsure=(245, 170, 64),
    answer=(232, 150, 208),
    on_accent=(12, 16, 22),
)


def choose_theme(name: str) -> Theme:
    """The theme called "light" or "dark"; for "auto", what the system prefers."""
    dark = system_prefers_dark() if name == "auto" else name == "dark"
    return DARK if dark else LIGHT


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """The colour that lies this share of the way from a to b."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def system_prefers_dark() -> bool:
    """Whether the desktop is dark, as far as it can be told without asking another program."""
    try:
        if sys.platform == "win32":
            return _windows_is_dark()
        if sys.platform == "darwin":
            return _mac_is_dark()
        return _desktop_is_dark()
    except (OSError, ValueError):
        return False


def _windows_is_dark() -> bool:
    if sys.platform != "win32":
        return False
    import winreg

    place = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
    with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
        return bool(winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0)


def _mac_is_dark() -> bool:
    import plistlib

    path = Path.home() / "Library/Preferences/.GlobalPreferences.plist"
    with path.open("rb") as file:
        return bool(plistlib.load(file).get("AppleInterfaceStyle") == "Dark")


def _desktop_is_dark() -> bool:
    if "GTK_THEME" in os.environ:
        return os.environ["GTK_THEME"].lower().endswith("dark")
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for name in ("gtk-4.0/settings.ini", "gtk-3.0/settings.ini", "kdeglobals"):
        for setting in setting_lines(config / name):
            key, _, value = (part.strip().lower() for part in setting.partition("="))
            if key == "gtk-application-prefer-dark-theme":
                return value in ("1", "true")
            if key in ("gtk-theme-name", "colorscheme") and value.endswith("dark"):
                return True
    return False


def setting_lines(path: Path) -> list[str]:
    """The lines of a file of settings, which need not exist."""
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


class StyleCache:
    """The theme, and the surfaces that it takes to paint the window in it."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._fonts: dict[tuple[str, int], pygame.font.Font] = {}
        self._made: dict[Hashable, Surface] = {}

    def text(self, text: str, size: int, colour: Colour, weight: str = REGULAR) -> Surface:
        """A line of text, `size` pixels from ascender to descender."""
        key = (text, size, colour, weight)
        return self._once(key, lambda: self.font(weight, size).render(text, True, colour))

    def figure(self, text: str, size: int, colour: Colour) -> Surface:
        """A large sign without any room around it, so that it can be set exactly."""
        return self._once(("figure", text, size, colour), lambda: self._figure(text, size, colour))

    def _figure(self, text: str, size: int, colour: Colour) -> Surface:
        sign = self.font(BOLD, size).render(text, True, colour)
        return sign.subsurface(sign.get_bounding_rect()).copy()

    def line(
        self, text: str, size: int, colour: Colour, width: int, weight: str = REGULAR
    ) -> Surface:
        """A line of text at most `width` pixels long: made a little smaller, then shortened."""
        longest = self.font(weight, size).size(text)[0]
        if longest > width:
            size = max(int(size * width / longest), round(0.75 * size))
            text = shortened(text, self.font(weight, size), width)
        return self.text(text, size, colour, weight)

    def font(self, weight: str, size: int) -> pygame.font.Font:
        """The font with lines of about this many pixels."""
        if (weight, size) not in self._fonts:
            self._fonts[weight, size] = pygame.font.Font(FONTS / weight, max(size, 4))
        return self._fonts[weight, size]

    def box(self, size: tuple[int, int], radius: float, fill: Colour, edge: Colour) -> Surface:
        """A rectangle with round corners and a hairline around it."""
        return self._once(
            (size, radius, fill, edge), lambda: _box_surface(size, radius, fill, edge)
        )

    def ring(self, diameter: int, colour: Colour, halo: Colour) -> Surface:
        """A circle of this inner diameter; the halo sets it off from what is behind."""
        return self._once((diameter, colour, halo), lambda: _ring(diameter, colour, halo))

    def disc(self, diameter: float, colour: Colour) -> Surface:
        """A filled circle."""
        return self._once(("disc", diameter, colour), lambda: _disc(diameter, colour))

    def corner(self, radius: int, fill: Colour, edge: Colour) -> Surface:
        """The four corners around a disc of this radius, and the hairline along it."""
        return self._once(("corner", radius, fill, edge), lambda: _corner(radius, fill, edge))

    def icon(self, name: str, size: int, colour: Colour) -> Surface:
        """The icon of a button."""
        return self._once(
            ("icon", name, size, colour), lambda: tinted(icon_ink(name, size), colour)
        )

    def _once(self, key: Hashable, make: Callable[[], Surface]) -> Surface:
        surface = self._made.get(key)
        if surface is None:
            if len(self._made) >= MAX_SURFACES:
                self._made.clear()
            surface = self._made[key] = make()
        return surface


def shortened(text: str, font: pygame.font.Font, width: int) -> str:
    """The text with its middle left out, so that it is at most `width` pixels long."""
    if font.size(text)[0] <= width:
        return text
    shortest, longest = 0, len(text)
    while longest - shortest > 1:
        kept = (shortest + longest) // 2
        if font.size(_without_middle(text, kept))[0] <= width:
            shortest = kept
        else:
            longest = kept
    return _without_middle(text, shortest)


def _without_middle(text: str, kept: int) -> str:
    # More of the end than of the start: there stands the file's name.
    start = kept // 3
    return f"{text[:start]}…{text[len(text) - (kept - start) :]}" if kept else "…"


def wrapped(text: str, font: pygame.font.Font, width: int) -> list[str]:
    """The text in lines at most `width` pixels long.

    Its first paragraph is wrapped; the others, which are paths, are shortened to a line.
    """
    first, *others = text.split("\n")
    lines = [""]
    for word in first.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.size(longer)[0] <= width:
            lines[-1] = longer
        else:
            lines.append(shortened(word, font, width))
    return [line for line in lines if line] + [shortened(o, font, width) for o in others]


def centred(surface: Surface, picture: Surface, rect: Rect) -> None:
    """Put a picture into the middle of a rectangle."""
    surface.blit(picture, picture.get_rect(center=rect.center))


def as_surface(pixels: NDArray[np.uint8]) -> Surface:
    """A picture of (height, width, 3) red, green, blue."""
    return pygame.image.frombuffer(pixels.tobytes(), pixels.shape[1::-1], "RGB")


def ink_in_square(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink (height, width) in the middle of a square."""
    height, width = ink.shape
    whole = np.zeros((max(ink.shape),) * 2, dtype=np.uint8)
    top, left = (len(whole) - height) // 2, (len(whole) - width) // 2
    whole[top : top + height, left : left + width] = ink
    return whole


def ink_surface(ink: NDArray[np.uint8], side: int, colour: Colour) -> Surface:
    """Ink (n, n) in a colour, in a square of this side in pixels, what is no ink see-through."""
    surface = tinted(ink, colour)
    return surface if len(ink) == side else pygame.transform.smoothscale(surface, (side, side))


def tinted(alpha: NDArray[np.uint8], colour: Colour) -> Surface:
    """A surface of one colour, as opaque as `alpha` (height, width) says."""
    surface = Surface((alpha.shape[1], alpha.shape[0]), pygame.SRCALPHA)
    surface.fill(colour)
    opacity = pygame.surfarray.pixels_alpha(surface)
    opacity[:] = alpha.T
    return surface


def _share(distance: Share) -> NDArray[np.uint8]:
    """How much of a pixel lies inside an outline that is so far outwards of its middle."""
    return np.asarray(np.clip(distance + 0.5, 0, 1) * 255, dtype=np.uint8)


def _box_surface(size: tuple[int, int], radius: float, fill: Colour, edge: Colour) -> Surface:
    inside = tinted(_share(_depth(size, radius) - 1), fill)
    surface = tinted(_share(_depth(size, radius)), edge)
    surface.blit(inside, (0, 0))
    return surface


def _depth(size: tuple[int, int], radius: float) -> Share:
    """Distance of every pixel's middle from the outline, inwards; (height, width)."""
    x, y = (np.abs(np.arange(side) + 0.5 - side / 2) - (side / 2 - radius) for side in size)
    x, y = x[None, :], y[:, None]
    outside = np.hypot(np.maximum(x, 0), np.maximum(y, 0))
    return np.asarray(radius - outside - np.minimum(np.maximum(x, y), 0), dtype=np.float32)


def _ring(diameter: int, colour: Colour, halo: Colour) -> Surface:
    side = diameter + 8
    away = _from_middle(side) - diameter / 2
    surface = tinted(_share(np.minimum(away + 1, 3 - away)), halo)
    surface.blit(tinted(_share(np.minimum(away, 1.6 - away)), colour), (0, 0))
    return surface


def _disc(diameter: float, colour: Colour) -> Surface:
    side = int(np.ceil(diameter)) + 2
    return tinted(_share(diameter / 2 - _from_middle(side)), colour)


def _corner(radius: int, fill: Colour, edge: Colour) -> Surface:
    away = _from_middle(2 * radius) - radius
    surface = tinted(_share(away + 1), edge)
    surface.blit(tinted(_share(away), fill), (0, 0))
    return surface


def _from_middle(side: int) -> Share:
    middle = np.arange(side, dtype=np.float32) + 0.5 - side / 2
    return np.asarray(np.hypot(middle[None, :], middle[:, None]), dtype=np.float32)
