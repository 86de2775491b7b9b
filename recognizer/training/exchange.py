"""A trained network in the formats of other runtimes: SavedModel, ONNX and LiteRT.

Like every export it runs on TensorFlow, from the Keras file.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import keras

from recognizer.console import suppress_stderr
from recognizer.errors import SketchpadError
from recognizer.files import atomic_write
from recognizer.labels import Labels
from recognizer.model.card import KERAS_FILE, load, read, verified
from recognizer.model.line_model import LINE_CARD_FILE, LINE_KERAS_FILE, LineModel
from recognizer.model.ruling_model import RULING_KERAS_FILE, RulingModel
from recognizer.training.export import as_litert
from recognizer.training.line_export import line_reader_of
from recognizer.training.models import networks
from recognizer.training.ruling_export import ruling_reader_of

ONNX_OPSET = 18
"""The version of ONNX' operations that is written: of 2022, so that most runtimes know it."""

ANY_SIDE_PX = 64
"""A side that each network takes where it takes several."""


class ExchangeError(SketchpadError):
    """A network cannot be written there; the message says what to do."""


def glyph_network(folder: Path) -> tuple[keras.Model, Labels]:
    """The network of a model's folder that reads one character, as it is read with, its labels.

    Its outputs have the names that the card tells of. Raises ModelError if its files are missing
    or damaged.
    """
    card = load(folder)
    verified(folder, KERAS_FILE, card.content)
    model = keras.models.load_model(folder / KERAS_FILE, compile=False)
    return networks.reader(model, len(card.labels)), card.labels


def line_network(folder: Path) -> tuple[keras.Model, Labels]:
    """The network of a model's folder that reads lines, as it is read with, and its labels.

    Its first class is no character. Raises ModelError if its files are missing or damaged.
    """
    labels = LineModel(folder).labels
    verified(folder, LINE_KERAS_FILE, read(folder / LINE_CARD_FILE))
    model = keras.models.load_model(folder / LINE_KERAS_FILE, compile=False)
    return line_reader_of(model, strips=None), labels


def ruling_network(folder: Path) -> tuple[keras.Model, Labels]:
    """The network of a folder that tells what was written on a page, as it is read with; no labels.

    Raises ModelError if its files are missing or damaged.
    """
    verified(folder, RULING_KERAS_FILE, RulingModel(folder).card)
    model = keras.models.load_model(folder / RULING_KERAS_FILE, compile=False)
    return ruling_reader_of(model, pages=None), ()


NETWORKS: Mapping[str, Callable[[Path], tuple[keras.Model, Labels]]] = {
    "glyph": glyph_network,
    "line": line_network,
    "ruling": ruling_network,
}
"""What loads each network of a model's folder, by the network's name."""


def write_exchanged(model: keras.Model, kind: str, path: Path) -> None:
    """Write a network in one of `WRITERS`' formats: a folder of SavedModel, or a file.

    Its inputs and outputs keep their names. SavedModel and ONNX take any number of inputs at a
    time, LiteRT one. Raises ExchangeError where something else is in the way, OSError.
    """
    if kind == SAVED_MODEL_KIND and path.exists():
        raise ExchangeError(f"{path} is there already. Delete it, or name another with --out.")
    if kind != SAVED_MODEL_KIND and path.is_dir():
        raise ExchangeError(f"{path} is a folder. Name a file with --out.")
    path.parent.mkdir(parents=True, exist_ok=True)
    WRITERS[kind](model, path)


def _write_saved_model(model: keras.Model, path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".exporting-") as beside:
        whole = Path(beside) / path.name
        with suppress_stderr():
            model.export(whole, format="tf_saved_model", verbose=False)
        whole.rename(path)


def _write_onnx(model: keras.Model, path: Path) -> None:
    # Keras imports both itself, but tells their lack in words of its own.
    import onnx  # noqa: F401
    import tf2onnx  # noqa: F401

    shape = [side or ANY_SIDE_PX for side in model.input_shape[1:]]
    model(keras.ops.zeros((1, *shape)))  # one that was never called is refused
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # Keras asks NumPy for a name that NumPy will have again.
        warnings.simplefilter("ignore", FutureWarning)
        file = Path(folder) / path.name
        with suppress_stderr():
            model.export(file, format="onnx", verbose=False, opset_version=ONNX_OPSET)
        atomic_write(path, file.read_bytes())


def _write_litert(model: keras.Model, path: Path) -> None:
    with suppress_stderr():
        content = as_litert(model)
    atomic_write(path, content)


SAVED_MODEL_KIND = "savedmodel"
WRITERS: Mapping[str, Callable[[keras.Model, Path], None]] = {
    SAVED_MODEL_KIND: _write_saved_model,
    "onnx": _write_onnx,
    "litert": _write_litert,
}
"""What writes each format, by its name."""
