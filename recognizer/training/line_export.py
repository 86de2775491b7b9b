"""From a trained line network to its files: Keras', LiteRT's, and its card."""

from __future__ import annotations

import contextlib
import io
import platform
from collections.abc import Sequence
from dataclasses import asdict
from difflib import SequenceMatcher
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from recognizer import Recognizer
from recognizer.files import atomic_write
from recognizer.glyph import SIZE_PX
from recognizer.images.lines import TextLine
from recognizer.model import PROBABILITIES, card
from recognizer.model.line_model import LINE_CARD_FILE, LINE_FILE, LINE_KERAS_FILE, LineModel
from recognizer.segmentation import line_reader
from recognizer.training import FLOATS, LABELS, LineConfig, RulingConfig
from recognizer.training.calibration import NEVER_SURE, threshold
from recognizer.training.collection import Collection
from recognizer.training.line_training import validation_lines
from recognizer.training.made_lines import LETTERS, NUMBER, PICTURES, SUM, MadeLine
from recognizer.training.models.arithmetic import in_floats
from recognizer.training.models.line_network import STRIPS
from recognizer.training.train import LAST_FILE

JUDGED_LINES = 1500
"""Lines of each kind that tell what is sure."""
JUDGED_KINDS = {
    "digits": (NUMBER, PICTURES),
    "sums": (NUMBER, PICTURES, SUM),
    "letters": (LETTERS,),
}
"""What is written where the labels of a set may be."""
PACKAGES = ("tensorflow", "keras", "numpy", "ai-edge-litert", "opencv-python-headless")


def export(
    run: Path, folder: Path, config: LineConfig, history: list[Any], collection: Collection
) -> None:
    """Write the network of a finished run to `folder`: Keras file, LiteRT file, and card."""
    network = in_floats(keras.models.load_model(run / LAST_FILE, compile=False).get_layer("lines"))
    folder.mkdir(parents=True, exist_ok=True)
    content = quantized(line_reader_of(network))
    beside = folder / f"writing-{LINE_KERAS_FILE}"
    network.save(beside)
    told: dict[str, Any] = {
        "name": "Digit Sketchpad, line network",
        "architecture": "the convolutions of the glyph network along the whole line, and two more "
        "over five steps; CTC",
        "parameters": network.count_params(),
        "input": f"(1, {SIZE_PX}, width, 1) float32 0..1, white ink on black, digits 20 px high",
        "output": f"(1, steps, {len(LABELS) + 1}) float32, probabilities of no character and of "
        "the labels, for every second column",
        "labels": list(LABELS),
        "files": {
            LINE_KERAS_FILE: card.sha256(beside.read_bytes()),
            LINE_FILE: card.sha256(content),
        },
        **told_of_run(config, history, collection),
        "acceptance_threshold": NEVER_SURE,  # until it is known
        "acceptance_means": "on legible lines made of the validation writers' characters, at most "
        "1 in 1000 sure characters was wrong",
    }
    beside.replace(folder / LINE_KERAS_FILE)
    atomic_write(folder / LINE_FILE, content)
    card.write(folder / LINE_CARD_FILE, told)
    told["acceptance_threshold"] = thresholds(LineModel(folder), collection, config.seed)
    card.write(folder / LINE_CARD_FILE, told)


def told_of_run(
    config: LineConfig | RulingConfig, history: list[Any], collection: Collection
) -> dict[str, Any]:
    """What a card tells of the run of a network for pictures."""
    return {
        "configuration": asdict(config),
        "data": collection.described,
        "history": card.curves(history),
        "training_minutes": round(sum(record["seconds"] for record in history) / 60, 1),
        "versions": {"python": platform.python_version()} | {p: version(p) for p in PACKAGES},
    }


def line_reader_of(network: keras.Model, strips: int | None = 1) -> keras.Model:
    """The network that is read with: strips (n, 28, width, 1) to probabilities (n, steps, classes).

    strips: how many at a time; None for any number.
    """
    shown = keras.Input((SIZE_PX, None, 1), batch_size=strips, name=STRIPS)
    seen = layers.Softmax(dtype=FLOATS, name=PROBABILITIES)(network(shown))
    return keras.Model(shown, {PROBABILITIES: seen}, name="lines")


def quantized(reader: keras.Model) -> bytes:
    """A network as the content of a LiteRT file, its weights in 8-bit integers.

    Those are a quarter as large; what they are shown is calculated with the range of its own
    values.
    """
    converter = tf.lite.TFLiteConverter.from_keras_model(reader)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    with contextlib.redirect_stdout(io.StringIO()):
        return bytes(converter.convert())


def thresholds(model: LineModel, collection: Collection, seed: int) -> dict[str, float]:
    """For each set of labels, the least threshold that keeps the promise on made lines."""
    found = {}
    for name, kinds in JUDGED_KINDS.items():
        recognizer = Recognizer(labels=name)
        made = (
            validation_lines(collection, seed, kind, JUDGED_LINES, legible=True) for kind in kinds
        )
        lines = list(chain.from_iterable(made))
        found[name] = threshold(*judged(lines, model, recognizer))
    return found


def judged(
    lines: Sequence[MadeLine], model: LineModel, recognizer: Recognizer
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Of all characters that are read: their certainty, and whether they are right, (n,) each.

    Where one is missing, those beside it are wrong.
    """
    certainty: list[float] = []
    right: list[bool] = []
    for line in lines:
        whole = TextLine(line.ink, float(line.ink.shape[0]), np.eye(2, 3))
        found = line_reader.read(
            whole, model, recognizer.labels, recognizer.predict_joint, recognizer.places
        )
        certainty += [each.certainty for each in found]
        text = "".join(recognizer.labels[int(each.probabilities.argmax())] for each in found)
        right += rights(text, line.text)
    return np.array(certainty, np.float32), np.array(right, np.bool_)


def rights(text: str, truth: str) -> list[bool]:
    """Which characters of a text are right; none beside one that is missing is."""
    found = [False] * len(text)
    matcher = SequenceMatcher(None, text.casefold(), truth.casefold(), autojunk=False)
    for block in matcher.get_matching_blocks():
        found[block.a : block.a + block.size] = [True] * block.size
    for kind, first, last, _, _ in matcher.get_opcodes():
        if kind == "insert":
            for place in {max(first - 1, 0), min(last, len(text) - 1)} if text else ():
                found[place] = False
    return found
