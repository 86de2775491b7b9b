"""Whether things move on the screen, and how: short, and not where somebody wants none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from recognizer.app.style import setting_lines

FRAME_SECONDS = 1 / 40
"""Between two pictures of an animation."""


def eased(share: float) -> float:
    """Fast at first, then slower: from 0 to 1, as the share of the time does."""
    return 1 - (1 - min(max(share, 0.0), 1.0)) ** 3


def system_reduces_motion() -> bool:
    """Whether the desktop is set to move little, as far as it can be told from its files."""
    try:
        if sys.platform == "win32":
            return _windows_reduces()
        if sys.platform == "darwin":
            return _mac_reduces()
        return _desktop_reduces()
    except (OSError, ValueError):
        return False


def _windows_reduces() -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    animated, get_client_area_animation = ctypes.c_int(1), 0x1042
    ctypes.windll.user32.SystemParametersInfoW(
        get_client_area_animation, 0, ctypes.byref(animated), 0
    )
    return not animated.value


def _mac_reduces() -> bool:
    import plistlib

    path = Path.home() / "Library/Preferences/com.apple.universalaccess.plist"
    with path.open("rb") as file:
        return bool(plistlib.load(file).get("reduceMotion"))


def _desktop_reduces() -> bool:
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    for name in ("gtk-4.0/settings.ini", "gtk-3.0/settings.ini", "kdeglobals"):
        for setting in setting_lines(config / name):
            key, _, value = (part.strip().lower() for part in setting.partition("="))
            if key == "gtk-enable-animations" and value in ("0", "false"):
                return True
            if key == "animationdurationfactor" and float(value) == 0:
                return True
    return False
