"""Where hands lie: a file for each person who uses this machine, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from recognizer.files import set_aside
from recognizer.model.hand_file import HAND_SUFFIX, HandError, as_name, read_hands, write_hands
from recognizer.model.learned import LearnedHand, together

_PREFIX = "hand-"


class HandStore:
    """The hands in a folder, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[str, tuple[int, int] | None] = {}

    def names(self) -> list[str]:
        """The names of all hands, in alphabetical order."""
        found = []
        for path in self.folder.glob(f"{_PREFIX}*{HAND_SUFFIX}"):
            try:
                found.append(as_name(unquote(path.stem.removeprefix(_PREFIX))))
            except ValueError:
                continue
        return sorted(found, key=str.casefold)

    def load(self, name: str) -> tuple[LearnedHand, str]:
        """The hand of that name, and a message for the user or "".

        It is empty if there is none; a damaged one is set aside under another name, never deleted.
        """
        path = self.path_of(name)
        self._seen[name] = _stamp(path)
        if self._seen[name] is None:
            return LearnedHand(name), ""
        try:
            return replace(together(read_hands(path)), name=name), ""
        except HandError:
            return LearnedHand(name), set_aside(path, f"What was learned from “{name}”")

    def changed(self, name: str) -> bool:
        """Whether another window has written that hand since it was loaded or saved here."""
        return self._seen.get(name) != _stamp(self.path_of(name))

    def save(self, hand: LearnedHand) -> None:
        """Write a hand, whole or not at all. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.path_of(hand.name)
        write_hands(path, [hand])
        self._seen[hand.name] = _stamp(path)

    def remove(self, name: str) -> None:
        """Delete a hand, if there is one. Raises OSError."""
        self.path_of(name).unlink(missing_ok=True)
        self._seen.pop(name, None)

    def free_name(self, wanted: str) -> str:
        """The name, or one with a number that no hand has yet."""
        taken = {name.casefold() for name in self.names()}
        name, number = wanted, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted} {number}"
        return name

    def path_of(self, name: str) -> Path:
        """The file of a hand. A name in other capitals is the same name."""
        known = {each.casefold(): each for each in self.names()}
        return self.folder / f"{_PREFIX}{file_name(known.get(name.casefold(), name))}{HAND_SUFFIX}"


def file_name(name: str) -> str:
    """A name as part of a file's name, which any system allows."""
    return "".join(
        f"%{ord(sign):02X}" if sign.isascii() and not (sign.isalnum() or sign in " -_") else sign
        for sign in name
    )


def export(folder: Path, hands: Sequence[LearnedHand], wanted: str) -> Path:
    """Write hands to a new file in a folder; returns its path. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path, number = folder / f"{wanted}{HAND_SUFFIX}", 1
    while path.exists():
        number += 1
        path = folder / f"{wanted}-{number}{HAND_SUFFIX}"
    write_hands(path, hands)
    return path


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when a file is written; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
