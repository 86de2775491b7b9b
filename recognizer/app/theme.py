"""Colours of the window, and which of the two themes the system asks for."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Theme:
    """Colours by what they are for; every text has a contrast of at least 4.5 to its ground.

    Blue and orange differ for every kind of colour vision (Okabe, Ito: Color universal
    design, 2008), and whatever they say is said in words or signs too.
    """

    name: str
    desk: Colour
    card: Colour
    paper: Colour
    ink: Colour
    text: Colour
    muted: Colour
    line: Colour
    hover: Colour
    sure: Colour
    unsure: Colour
    on_accent: Colour


LIGHT = Theme(
    name="light",
    desk=(240, 242, 245),
    card=(255, 255, 255),
    paper=(255, 255, 255),
    ink=(24, 30, 40),
    text=(27, 34, 46),
    muted=(88, 99, 115),
    line=(218, 223, 230),
    hover=(226, 231, 238),
    sure=(0, 103, 172),
    unsure=(173, 72, 0),
    on_accent=(255, 255, 255),
)
DARK = Theme(
    name="dark",
    desk=(16, 19, 24),
    card=(26, 30, 37),
    paper=(26, 30, 37),
    ink=(242, 245, 249),
    text=(232, 236, 242),
    muted=(154, 165, 180),
    line=(50, 57, 68),
    hover=(40, 46, 56),
    sure=(98, 184, 240),
    unsure=(245, 170, 64),
    on_accent=(12, 16, 22),
)


def choose(name: str) -> Theme:
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
        for setting in _lines(config / name):
            key, _, value = (part.strip().lower() for part in setting.partition("="))
            if key == "gtk-application-prefer-dark-theme":
                return value in ("1", "true")
            if key in ("gtk-theme-name", "colorscheme") and value.endswith("dark"):
                return True
    return False


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
