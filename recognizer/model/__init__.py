"""The trained network: its card, LiteRT, which runs it, and what it reads a character as."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recognizer import glyph
from recognizer.errors import brief
from recognizer.files import GET_MODEL_BACK
from recognizer.geometry import Box
from recognizer.labels import Labels, counted_for, digit_of, ranked, same_shapes
from recognizer.model.card import MODEL_FILE, ModelCard, ModelError, load, verified
from recognizer.strokes import Stroke

if TYPE_CHECKING:
    from recognizer.model.line_model import LineModel

Floats = NDArray[np.float32]
Probabilities = Floats
Features = Floats
PROBABILITIES, FEATURES = "probabilities", "features"
"""The names of the outputs of a network; of one with a single output, that is the first."""

UNSURE_SIGN, PROBABLY = "?", ", probably"
"""What stands for a character that is not even probable, and after what is probable."""
PROBABLE_CONFIDENCE = 0.5
"""What is read with more is likelier than all else together: probable, if not sure."""
MIN_CANDIDATE, MIN_CANDIDATE_SHARE = 0.15, 0.2
"""A label is worth telling if it is so probable, and as probable as this share of the best."""


class Model:
    """A network and its card. May be used by several threads.

    folder: holds `digits.tflite` and `card.json`. Raises ModelError if they are missing, damaged
    or do not belong together.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.card: ModelCard = load(folder)
        content = verified(folder, MODEL_FILE, self.card.content)
        self._network = Network(content, folder / MODEL_FILE)
        network, known = self._network, self.card
        if (network.channels, network.count) != (known.channels, len(known.labels)):
            raise ModelError(
                f"The model {folder / MODEL_FILE} has {network.count} outputs and channels: "
                f"{network.channels}, but its card lists {len(known.labels)} labels and channels: "
                f"{known.channels}. Train a model: python -m recognizer train"
            )
        self._lock = threading.Lock()

    @cached_property
    def line_model(self) -> LineModel | None:
        """What reads lines whole; None if the folder holds no line network.

        Raises ModelError if it holds one that is incomplete or damaged.
        """
        from recognizer.model import line_model

        files = (line_model.LINE_FILE, line_model.LINE_CARD_FILE)
        known = any((self.folder / name).exists() for name in files)
        return line_model.LineModel(self.folder) if known else None

    @property
    def gives_features(self) -> bool:
        """Whether its network tells what it judges by, without which nothing can be learned."""
        return self._network.gives_features

    def predict_proba(self, glyphs: Any, directions: Any = None) -> Probabilities:
        """Probabilities of the labels, (n, number of labels), of glyphs (n, 28, 28).

        directions: (n, 28, 28, 4), of which a network of one channel needs none; zero without
        them. Raises ValueError unless both are uint8 0..255 or float 0..1.
        """
        return self.see(glyphs, directions)[0]

    def see(self, glyphs: Any, directions: Any = None) -> tuple[Probabilities, Features | None]:
        """What `predict_proba` gives, and the last features that it judges by, (n, f).

        These are None if the network does not give them.
        """
        images = as_images(glyphs)
        if self.card.channels > 1:
            images = with_directions(images, directions)
        with self._lock:
            return self._network.see(images)


class Network:
    """The LiteRT interpreter, for one glyph at a time: many at a time are hardly faster.

    content: of a LiteRT file; source: its path, for messages. Raises ModelError if LiteRT cannot
    run it.
    """

    def __init__(self, content: bytes, source: Path) -> None:
        with of_its_kind(f"The model {source}", "train"):
            self._interpreter = interpreter_of(content)
            (inputs,) = self._interpreter.get_input_details()
            outputs = self._interpreter.get_signature_runner().get_output_details()
            found = outputs.get(PROBABILITIES) or next(iter(outputs.values()))
            self._input, self._output = inputs["index"], found["index"]
            self._features = outputs.get(FEATURES)
            self.channels = int(inputs["shape"][-1])
            self._shape = (1, glyph.SIZE_PX, glyph.SIZE_PX, self.channels)
            self._interpreter.resize_tensor_input(self._input, self._shape)
            self._interpreter.allocate_tensors()
        self.count = int(found["shape"][-1])

    @property
    def gives_features(self) -> bool:
        """Whether it has a second output, `FEATURES`."""
        return self._features is not None

    def run(self, images: NDArray[np.float32]) -> Probabilities:
        """(n, 28, 28) or (n, 28, 28, channels) float32 0..1 to (n, number of labels)."""
        return self.see(images)[0]

    def see(self, images: NDArray[np.float32]) -> tuple[Probabilities, Features | None]:
        """The same, and the features (n, f), if the network gives them."""
        probabilities = np.empty((len(images), self.count), dtype=np.float32)
        found = self._features
        features = found and np.empty((len(images), int(found["shape"][-1])), dtype=np.float32)
        for number, image in enumerate(images):
            self._interpreter.set_tensor(self._input, image.reshape(self._shape))
            self._interpreter.invoke()
            probabilities[number] = self._interpreter.get_tensor(self._output)[0]
            if found:
                features[number] = self._interpreter.get_tensor(found["index"])[0]
        return probabilities, features


@contextmanager
def of_its_kind(what: str, command: str) -> Iterator[None]:
    """Raises ModelError in place of what LiteRT says of a file with other inputs or outputs.

    what: the file, in words; command: of ours, which makes one.
    """
    try:
        yield
    except (ValueError, RuntimeError):
        raise ModelError(
            f"{what} is of another kind. {GET_MODEL_BACK}, or train one: "
            f"python -m recognizer {command}"
        ) from None


def interpreter_of(content: bytes) -> Any:
    """LiteRT's interpreter of a file. Raises ValueError or RuntimeError for one it cannot run."""
    # Here, since training does without it until there is a model.
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_content=content, num_threads=1)


def answered(known: Probabilities, labels: Labels, asked: Labels) -> Probabilities:
    """Probabilities of the labels asked for, (n, asked), from those of all known, (n, labels).

    What is missing to 1 is the probability that it is none of them. Of two that have one shape,
    the likelier has the probability of both.
    """
    found = known if labels == asked else np.asarray(known @ counts_of(labels, asked))
    for pair in _pairs(asked):
        both = found[:, pair]
        found = found.copy() if found is known else found
        likelier = np.eye(2, dtype=np.float32)[both.argmax(axis=1)]
        found[:, pair] = both.sum(axis=1, keepdims=True) * likelier
    return found


@lru_cache
def _pairs(asked: Labels) -> list[tuple[int, int]]:
    return same_shapes(asked)


@lru_cache
def counts_of(labels: Labels, asked: Labels) -> Probabilities:
    """(labels, asked): 1 where one counts for the other, 0 elsewhere."""
    counts = np.zeros((len(labels), len(asked)), dtype=np.float32)
    for number, place in enumerate(counted_for(labels, asked)):
        if place is not None:
            counts[number, place] = 1
    return counts


def given_inside(joint: Probabilities) -> tuple[Probabilities, Probabilities]:
    """Probabilities (n, labels) given that it is one of the labels, and that it is none, (n,)."""
    inside = joint.sum(axis=1, keepdims=True)
    if np.allclose(inside, 1, atol=1e-5):
        return joint, np.zeros(len(joint), dtype=np.float32)
    even = np.float32(1 / joint.shape[1])
    shares = np.where(inside > 0, joint / np.where(inside > 0, inside, 1), even)
    return shares, np.clip(1 - inside[:, 0], 0, 1)


@dataclass(frozen=True, eq=False)
class Prediction:
    """What one character was read as.

    label: "7", or None for an empty drawing.
    confidence: calibrated probability of `label`, 0 to 1; 0 for an empty drawing.
    probabilities: of each of `labels`, float32, sums to 1; all equal for an empty drawing.
    sure: whether the confidence is above the threshold that was chosen on validation data.
    glyph: the (28, 28) uint8 picture that the network saw.
    other: probability that it is none of the labels, of which the probabilities do not tell.
    speck: whether it is but a speck beside the others on its line.
    directions: where the pen went right, left, down and up in it, (28, 28, 4) uint8; None for a
    picture, and where the network looks at the ink alone.
    strokes: those that it was read from in a line; empty for a picture, and where one character
    was read alone.
    box: where its ink lies, in the strokes' unit or the picture's pixels; None where one
    character was read alone.
    """

    label: str | None
    confidence: float
    labels: Labels
    probabilities: Probabilities
    sure: bool
    glyph: glyph.Glyph
    other: float = 0.0
    box: Box | None = None
    directions: NDArray[np.uint8] | None = None
    speck: bool = False
    strokes: tuple[Stroke, ...] = ()

    @cached_property
    def sign(self) -> str:
        """What is shown of it: its label if it is sure or probable, else "?"; "" if empty."""
        probable = self.confidence > PROBABLE_CONFIDENCE and not self.speck
        return (self.label or "") if self.sure or probable or not self.label else UNSURE_SIGN

    @cached_property
    def words(self) -> str:
        """What is said of it: "7" if it is sure, "7, probably", or "?"; "" if empty."""
        return self.sign + (PROBABLY if self.sign == self.label and not self.sure else "")

    @property
    def joint(self) -> Probabilities:
        """Probability of each of the labels with `other` beside them: their sum is 1 - other."""
        return self.probabilities * np.float32(1 - self.other)

    @property
    def candidates(self) -> list[tuple[str, float]]:
        """Two labels at most that are worth telling, with their joint probabilities.

        None of a speck, nor of what is likely no character at all.
        """
        found = [(label, share * (1 - self.other)) for label, share in self.likeliest(2)]
        least = max(MIN_CANDIDATE, MIN_CANDIDATE_SHARE * found[0][1])
        return [each for each in found if self.label and each[1] >= least and not self.speck]

    @property
    def digit(self) -> int | None:
        """0 to 9; None for an empty drawing and for a label that is no digit."""
        return digit_of(self.label)

    @property
    def ranking(self) -> list[str] | list[int]:
        """All labels, the likeliest first; numbers if all are digits."""
        return ranked([label for label, _ in self.likeliest(len(self.labels))])

    def likeliest(self, count: int) -> list[tuple[str, float]]:
        """So many labels with their probabilities, the likeliest first."""
        order = np.argsort(-self.probabilities, kind="stable")[:count].tolist()
        return [(self.labels[number], float(self.probabilities[number])) for number in order]

    def as_json(
        self, *, glyph: bool = False, drawing: Sequence[Stroke] | None = None
    ) -> dict[str, Any]:
        """For programs: what can be written as an object of JSON.

        glyph: whether it holds the picture that the network saw, too, as base64 of its 784 bytes.
        drawing: what was read; with it, `strokes` tells which of its strokes, counted from 0.
        """
        seen: dict[str, Any] = {}
        if glyph:
            seen["glyph"] = b64encode(self.glyph.tobytes()).decode()
        if drawing is not None:
            own = set(self.strokes)
            seen["strokes"] = [number for number, each in enumerate(drawing) if each in own]
        return {
            "label": self.label,
            "digit": self.digit,
            "words": self.words,
            "confidence": round(self.confidence, 4),
            "sure": self.sure,
            "other": round(self.other, 4),
            "probabilities": [round(share, 4) for share in self.probabilities.tolist()],
            "candidates": [[label, round(share, 4)] for label, share in self.candidates],
            "box": None if self.box is None else [round(float(side), 1) for side in self.box],
            **seen,
        }


def as_images(glyphs: Any) -> NDArray[np.float32]:
    """Glyphs as the network takes them, (n, 28, 28) float32 0..1; ValueError for anything else."""
    return _as_floats(glyphs, "glyphs", (glyph.SIZE_PX, glyph.SIZE_PX))


def with_directions(images: NDArray[np.float32], directions: Any) -> NDArray[np.float32]:
    """Glyphs (n, 28, 28) with the pen's directions (n, 28, 28, 4), or with none: (n, 28, 28, 5)."""
    if directions is None:
        ways = np.zeros((*images.shape, 4), dtype=np.float32)
    else:
        ways = _as_floats(directions, "directions", (glyph.SIZE_PX, glyph.SIZE_PX, 4))
        if len(ways) != len(images):
            raise ValueError(f"there are {len(images)} glyphs, but {len(ways)} directions")
    return np.concatenate([images[..., None], ways], axis=3)


def _as_floats(values: Any, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    try:
        images = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} are no array; got {brief(values)}") from None
    if images.ndim != 1 + len(shape) or images.shape[1:] != shape:
        wanted = ", ".join(map(str, shape))
        raise ValueError(f"{name} must have the shape (n, {wanted}); got {images.shape}")
    if images.dtype == np.uint8:
        return np.asarray(images / np.float32(255), dtype=np.float32)
    if not np.issubdtype(images.dtype, np.floating):
        raise ValueError(f"{name} must be uint8 0..255 or float 0..1; got {images.dtype}")
    if not np.all((images >= 0) & (images <= 1)):
        raise ValueError(f"{name} of floats must lie between 0 and 1")
    return images.astype(np.float32)
