"""What is learned from the person who writes: which hand it is, and what is done with it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from recognizer.model.hand_file import HandError, as_name, read_hands
from recognizer.model.learned import LearnedDrawing, LearnedHand
from recognizer.model.learner import NO_FEATURES_TEXT
from recognizer.reading import Recognizer
from recognizer.session.hand_store import HandStore, export, file_name
from recognizer.strokes import Stroke


@dataclass(frozen=True)
class Message:
    """Something to tell the user; `trouble` if something did not work."""

    text: str
    trouble: bool = False


class Learning:
    """The hand that is learned from, kept in a store and used by a recognizer while it is on."""

    def __init__(self, recognizer: Recognizer, store: HandStore) -> None:
        self._recognizer, self.store = recognizer, store
        self.hand = LearnedHand()
        self.on = True

    @property
    def possible(self) -> bool:
        """Whether the model can learn."""
        return self._recognizer.can_learn

    def choose(self, name: str) -> Message | None:
        """Take the hand of this name, new if there is none; returns what there is to tell."""
        hand, trouble = self.store.load(name)
        self._use(hand)
        return Message(trouble, trouble=True) if trouble else None

    def use(self, recognizer: Recognizer) -> None:
        """Have another recognizer read by the hand."""
        self._recognizer = recognizer
        self._use(self.hand)

    def switch(self, on: bool) -> None:
        """Use what was learned, or only keep it."""
        self.on = on
        self._use(self.hand)

    def learn(self, drawings: Sequence[LearnedDrawing]) -> Message:
        """Learn and keep drawings of this person, one at least; readings use them at once."""
        if not self.possible:
            return Message(NO_FEATURES_TEXT, trouble=True)
        self._take_changes()
        self._use(self.hand.with_drawings(drawings))
        labels = ", ".join(dict.fromkeys(each.label for each in drawings))
        return self._kept(f"I know your {labels} now")

    def learn_strokes(
        self, named: Sequence[tuple[str, Sequence[Stroke]]], extent: tuple[float, float]
    ) -> Message:
        """Learn characters, each a label and its strokes in a writing area of this size."""
        return self.learn([LearnedDrawing.of(label, lines, extent) for label, lines in named])

    def forget(self, drawing: LearnedDrawing) -> Message:
        """Forget one of the drawings."""
        self._take_changes()
        left = tuple(each for each in self.hand.drawings if each is not drawing)
        self._use(replace(self.hand, drawings=left))
        return self._kept(f"This {drawing.label} is forgotten")

    def forget_all(self) -> Message:
        """Forget all drawings of this hand."""
        self._use(LearnedHand(self.hand.name))
        return self._kept(f"Everything from “{self.hand.name}” is forgotten")

    def rename(self, name: str) -> Message:
        """Give the hand another name."""
        try:
            name, before = as_name(name), self.hand.name
        except ValueError as error:
            return Message(f"{error}".capitalize(), trouble=True)
        if name.casefold() != before.casefold() and self.store.free_name(name) != name:
            return Message(f"There is a hand “{name}” already", trouble=True)
        try:
            self.store.remove(before)
        except OSError as error:
            return Message(_not_kept(before, error), trouble=True)
        self._use(replace(self.hand, name=name))
        return self._kept(f"This hand is “{name}” now")

    def create(self, name: str) -> Message:
        """Begin a new hand."""
        try:
            name = self.store.free_name(as_name(name))
        except ValueError as error:
            return Message(f"{error}".capitalize(), trouble=True)
        self._use(LearnedHand(name))
        return self._kept(f"“{name}” writes now")

    def remove(self) -> Message:
        """Delete the hand, and take the next one."""
        name = self.hand.name
        try:
            self.store.remove(name)
        except OSError as error:
            return Message(_not_kept(name, error), trouble=True)
        self.choose(next(iter(self.store.names()), LearnedHand.name))
        return Message(f"“{name}” is deleted")

    def export(self, folder: Path) -> Message:
        """Write the hand to a file that others can import."""
        if not self.hand.drawings:
            return Message("There is nothing to export yet: correct an answer or write a sample")
        return _exported(folder, [self.hand], f"hand-{file_name(self.hand.name)}")

    def export_all(self, folder: Path) -> Message:
        """Write all hands to one file, a data set to train on."""
        hands = [self.store.load(name)[0] for name in self.store.names()]
        hands = [hand for hand in hands if hand.drawings]
        if not hands:
            return Message("There is nothing to export yet: no hand has learned anything")
        return _exported(folder, hands, f"hands-{time.strftime('%Y-%m-%d')}")

    def import_file(self, path: Path) -> Message:
        """Keep the hands in a file, beside those that are there, and take the first of them."""
        try:
            hands = read_hands(path)
            names = []
            for hand in hands:
                names.append(self.store.free_name(hand.name))
                self.store.save(replace(hand, name=names[-1]))
        except HandError as error:
            return Message(str(error), trouble=True)
        except OSError as error:
            return Message(_not_kept(path.name, error), trouble=True)
        trouble = self.choose(names[0])
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        return trouble or Message(f"Imported “{names[0]}”{more}")

    def _use(self, hand: LearnedHand) -> None:
        self.hand = hand
        self._recognizer.hand = hand if self.on and self.possible else LearnedHand()

    def _take_changes(self) -> None:
        """Take over what another window has learned of this hand."""
        if not self.store.changed(self.hand.name):
            return
        kept = {(each.label, _trace(each)): each for each in self.hand.drawings}
        found, _ = self.store.load(self.hand.name)
        both = [kept.get((each.label, _trace(each)), each) for each in found.drawings]
        self.hand = replace(found, drawings=tuple(both))

    def _kept(self, told: str) -> Message:
        try:
            self.store.save(self.hand)
        except OSError as error:
            return Message(f"{told}, but only until you quit. {_not_kept('', error)}", trouble=True)
        return Message(told)


def _trace(drawing: LearnedDrawing) -> bytes:
    """What tells a drawing from all others."""
    lines = [stroke.points.tobytes() for stroke in drawing.strokes]
    return b"".join(lines) + (b"" if drawing.picture is None else drawing.picture.tobytes())


def _exported(folder: Path, hands: Sequence[LearnedHand], wanted: str) -> Message:
    try:
        path = export(folder, hands, wanted)
    except OSError as error:
        return Message(f"Not exported to {folder}: {error.strerror or error}.", trouble=True)
    count = sum(len(hand.drawings) for hand in hands)
    of = f" of {len(hands)} hands" if len(hands) > 1 else ""
    return Message(f"{count} drawings{of} exported:\n{path}")


def _not_kept(name: str, error: OSError) -> str:
    of = f"“{name}”" if name else "It"
    return f"{of} cannot be written: {error.strerror or error}. Make room or allow writing there."
