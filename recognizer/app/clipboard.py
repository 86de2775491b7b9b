"""What was copied elsewhere to be pasted here."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageGrab

from recognizer.errors import SketchpadError


class ClipboardError(SketchpadError):
    """There is nothing to paste; the message says why and what to do."""


def pasted() -> Image.Image | Path:
    """The picture in the system's clipboard, or the file. Raises ClipboardError."""
    try:
        found = ImageGrab.grabclipboard()
    except NotImplementedError:
        raise ClipboardError(
            "Pasting needs the program xclip, or wl-clipboard on Wayland. "
            "Install it: sudo apt install xclip wl-clipboard"
        ) from None
    except (OSError, SyntaxError, ValueError) as error:
        raise ClipboardError(f"The clipboard cannot be read: {error}. Copy it again.") from None
    if isinstance(found, list) and found:
        return Path(found[0])
    if isinstance(found, Image.Image):
        return found
    raise ClipboardError("There is no picture to paste. Copy one first.")
