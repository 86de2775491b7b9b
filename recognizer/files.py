"""Files: where the program's own lie, and how they are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
import time
from pathlib import Path

from recognizer.errors import SketchpadError, brief

PROGRAM_NAME, _FOLDER_NAME = "Digit Sketchpad", "digit-sketchpad"
REPORT_FILE = "evaluation.html"
_REQUIREMENTS = {
    "app": "requirements-window.txt",
    "cluster": "requirements-window.txt -r requirements-cluster.txt",
    "export": "requirements.txt -r requirements-export.txt",
    "parquet": "requirements-dev.txt",
    "train": "requirements.txt",
    "web": "requirements-window.txt -r requirements-web.txt",
}
_LOCKED_BYTE = 2**31 - 2
"""Where Windows locks a file: far behind its content, which others may read."""
_PACKAGE = Path(__file__).resolve().parent


def atomic_write(path: str | Path, data: bytes) -> None:
    """Write a file so that the old one stays as it is until the new one is complete.

    The data go to a file beside it, which then takes its place; after a crash or on a full
    disk the old file is still there. Raises OSError that names the file if that fails, and leaves
    nothing behind.
    """
    # A link keeps pointing where it did; its target is what is written.
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{secrets.token_hex(8)}.tmp")
    if target.exists() and not target.is_file():  # a device, which a file would take the place of
        raise OSError(errno.EINVAL, "It is no file that can be written", str(path))
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise


def as_path(path: object, name: str) -> Path:
    """A path from one or from a text; ValueError that names what is anything else."""
    if not isinstance(path, str | os.PathLike):
        raise ValueError(f"{name} must be a path; got {brief(path)}")
    return Path(path)


def set_aside(path: Path, what: str) -> str:
    """Give a damaged file another name, under which it is kept; returns what to tell the user.

    what: the file is, in words: "The file of scores".
    """
    aside = path.with_name(f"damaged-{time.strftime('%Y-%m-%d-%H%M%S')}-{path.name}")
    try:
        path.rename(aside)
    except OSError as error:
        return f"{what} cannot be read, nor set aside ({error.strerror})."
    return f"{what} is damaged. It was set aside as\n{aside}"


def try_lock(file: int) -> bool:
    """Lock an open file for this process until it is closed; False if another one has done so."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


# The folders of the user are found when they are asked for: reading starts faster without them.


def data_folder() -> Path:
    """The user's folder for the data of this program."""
    import platformdirs

    return Path(platformdirs.user_data_dir(_FOLDER_NAME, appauthor=False))


def pictures_folder() -> Path:
    """The user's folder for saved sketches."""
    import platformdirs

    return Path(platformdirs.user_pictures_dir()) / PROGRAM_NAME


def cache_folder() -> Path:
    """Where downloads are kept."""
    import platformdirs

    return Path(platformdirs.user_cache_dir(_FOLDER_NAME, appauthor=False))


IN_CHECKOUT = (_PACKAGE.parent / "pyproject.toml").is_file()
"""Whether this package runs in its repository; if not, it was installed."""
SAVED_MODEL = (_PACKAGE.parent if IN_CHECKOUT else _PACKAGE) / "saved_model"
"""Folder of the model that comes with the program; installed, it lies in the package."""
FONTS = _PACKAGE / "app" / "fonts"
"""Folder of the font in which the window, and pictures for people, are written."""
COMPARISON = SAVED_MODEL / "comparison"
"""Folder of the small networks that ours is compared with, a folder each."""
REPORTS = (_PACKAGE.parent if IN_CHECKOUT else data_folder()) / "reports"
"""Folder of the saved model's reports, which an installed package does not bring along."""
GET_MODEL_BACK = "Get it back with git checkout" if IN_CHECKOUT else "Install the package again"


def install_command(extra: str) -> str:
    """What installs the packages of an extra, such as "app", in a checkout or elsewhere."""
    if IN_CHECKOUT:
        return f"pip install -r {_REQUIREMENTS[extra]}"
    return f'pip install "digit-sketchpad[{extra}]"'


class ReportError(SketchpadError):
    """A report cannot be written or shown; the message says what to do."""


def show_report(folder: Path = REPORTS) -> Path:
    """Open the report of a folder in the web browser; returns its path.

    Raises ReportError if there is no report or no browser.
    """
    import webbrowser

    path = folder / REPORT_FILE
    if not path.is_file():
        raise ReportError(_no_report(path))
    if not webbrowser.open(path.as_uri()):
        raise ReportError(f"No web browser could be started. Open the report yourself: {path}")
    return path


def _no_report(path: Path) -> str:
    make_one = "make one: python -m recognizer evaluate"
    if IN_CHECKOUT:
        return f"There is no report at {path}. {make_one.capitalize()}"
    return (
        f"The package comes without its report: open reports/{REPORT_FILE} in the program's "
        f"repository, or {make_one}"
    )
