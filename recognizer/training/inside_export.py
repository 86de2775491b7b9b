"""What the screen Inside shows of a network, in two files beside it: its stages, and drawings.

The drawings are some of those that it learned from, by writers of sets whose licence lets anybody
hand them on who names them.
"""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from numpy.typing import NDArray

from recognizer.errors import SketchpadError
from recognizer.files import atomic_write
from recognizer.model import card
from recognizer.model.card import CARD_FILE, SIMILAR_FILE, STAGES_FILE
from recognizer.model.neighbours import Neighbours
from recognizer.model.stages import StageFacts
from recognizer.training import LABELS, NO_LABEL, models
from recognizer.training.collection import Collection
from recognizer.training.models.stages_network import map_outputs, stages_network
from recognizer.training.validation import PREDICTED_GLYPHS, plain, shown

SOURCES = {
    "pendigits": "Pendigits (Alimoglu, Alpaydin; CC BY 4.0)",
    "unipen": "UNIPEN (International Unipen Foundation; CC BY 4.0)",
    "uji": "UJI Pen Characters (CC BY 4.0)",
    "lipi": "Lipi Toolkit (MIT)",
}
"""The sets of drawings, by what their names begin with, that may be handed on: by whom they are,
and under which licence."""
MAX_PER_DIGIT, MAX_PER_OTHER = 56, 16
"""Drawings of a digit and of any other label at most."""
MAX_DRAWINGS, MAX_SIMILAR_BYTES = 2000, 400_000
LIVELIEST_MAPS = 24
"""Maps of a stage that a card names, to be shown first."""
SEED = 17


class InsideError(SketchpadError):
    """There is nothing to show of a model; the message says why."""


def write(folder: Path, collection: Collection) -> None:
    """Write both files for the model in a folder, and name them in its card.

    collection: what it learned from. Raises ModelError if there is no model, InsideError for one
    whose network has no stages to show, or without a drawing that may be handed on.
    """
    model = models.load(folder)
    network = stages_network(model)
    if network is None:
        raise InsideError(f"The network in {folder} has no branches of convolutions to show.")
    content = card.read(folder / CARD_FILE)
    numbers = chosen(collection, tuple(content["labels"]))
    glyphs = np.stack([plain((collection.drawn(at), collection.shares[at])) for at in numbers])
    activity = _activity(model, glyphs)
    similar = _neighbours(collection, numbers, activity[-1])
    stages = as_small_litert(network)
    files = {STAGES_FILE: card.sha256(stages), SIMILAR_FILE: card.sha256(similar)}
    told = {
        "files": content["files"] | files,
        "stages": [asdict(each) for each in facts_of(model, activity)],
        "similar": described(collection, numbers),
    }
    atomic_write(folder / STAGES_FILE, stages)
    atomic_write(folder / SIMILAR_FILE, similar)
    card.write(folder / CARD_FILE, content | told)


def chosen(collection: Collection, labels: Sequence[str]) -> list[int]:
    """Numbers of the drawings that are shown: of each label some, by as many writers as can be.

    Raises InsideError if there is none.
    """
    allowed = np.array([_begin(name) in SOURCES for name in collection.set_names.tolist()])
    free = collection.learned & ~collection.is_picture & allowed[collection.sets]
    free &= collection.labels != NO_LABEL
    rng, found = np.random.default_rng(SEED), []
    for label in labels:
        if label not in LABELS:
            continue
        of_label = rng.permutation(
            np.flatnonzero(free & (collection.labels == LABELS.index(label)))
        )
        turns = _turns(collection.writers[of_label])
        most = MAX_PER_DIGIT if label.isdecimal() else MAX_PER_OTHER
        found += of_label[np.argsort(turns, kind="stable")][:most].tolist()
    if not found:
        raise InsideError(
            "No drawing that was learned from may be handed on: none has such a licence."
        )
    return found[:MAX_DRAWINGS]


def _turns(writers: NDArray[np.uint16]) -> list[int]:
    """Of each drawing, how many by the same writer stand before it."""
    seen: Counter[int] = Counter()
    turns = []
    for writer in writers.tolist():
        turns.append(seen[writer])
        seen[writer] += 1
    return turns


def _begin(name: str) -> str:
    return name.split("/")[0]


def described(collection: Collection, numbers: Sequence[int]) -> dict[str, Any]:
    """What a card tells of the drawings: how many of which set, and under which licence."""
    names = collection.set_names[collection.sets[list(numbers)]].tolist()
    counts = Counter(SOURCES[_begin(name)] for name in names)
    return {
        "drawings": len(numbers),
        "of": dict(sorted(counts.items())),
        "changed": "points rounded to 250 steps of a drawing's longest side",
    }


def _neighbours(
    collection: Collection, numbers: Sequence[int], features: NDArray[np.float32]
) -> bytes:
    """The drawings as the content of a file, fewer of them if they are too large."""
    step = 1.0
    while True:
        places = np.arange(0, len(numbers), step).astype(int).tolist()
        some = [numbers[at] for at in places]
        sets = collection.set_names[collection.sets[some]].tolist()
        packed = Neighbours.of(
            [LABELS[label] for label in collection.labels[some].tolist()],
            [SOURCES[_begin(name)] for name in sets],
            [collection.drawn(at) for at in some],
            features[places],
        ).packed()
        if len(packed) <= MAX_SIMILAR_BYTES:
            return packed
        step *= 1.1


def _activity(model: keras.Model, glyphs: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
    """The mean of every map of each stage for glyphs (n, 28, 28, 5): (n, maps) each."""
    means = [
        layers.Concatenate()([layers.GlobalAveragePooling2D()(each) for each in stage])
        if len(stage) > 1
        else layers.GlobalAveragePooling2D()(stage[0])
        for stage in map_outputs(model)
    ]
    part = keras.Model(model.input, means)
    found = [
        part.predict_on_batch(shown(glyphs[at : at + PREDICTED_GLYPHS], model.input_shape[-1]))
        for at in range(0, len(glyphs), PREDICTED_GLYPHS)
    ]
    return [np.concatenate(each) for each in zip(*found, strict=True)]


def facts_of(model: keras.Model, activity: Sequence[NDArray[np.float32]]) -> list[StageFacts]:
    """What the card tells of every stage. activity: see `_activity`."""
    found = []
    for stage, means in zip(map_outputs(model), activity, strict=True):
        sees, step = 1, 1
        for layer in keras.Model(model.input, stage[0]).layers:
            if isinstance(layer, layers.Conv2D):
                sees += step * (layer.kernel_size[0] - 1)
                step *= layer.strides[0]
        liveliest = np.argsort(-means.std(axis=0), kind="stable")[:LIVELIEST_MAPS]
        side, maps = int(stage[0].shape[1]), means.shape[1]
        facts = (side, maps, sees, (sees - 1) / 2, step, tuple(liveliest.tolist()))
        found.append(StageFacts(*facts))
    assert all(a.side > b.side for a, b in pairwise(found))
    return found


def as_small_litert(network: keras.Model) -> bytes:
    """The network as the content of a LiteRT file, its weights in 8-bit integers.

    So it has a quarter of the size, and takes a fifth of the time; it only shows, and nothing is
    read by it.
    """
    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    with contextlib.redirect_stdout(io.StringIO()):
        return bytes(converter.convert())
