"""Which labels are doubtful: two methods that never saw a set read something else in it.

A consensus filter (Brodley, Friedl: Identifying mislabeled training data, 1999) over predictions
that are out of sample, as in confident learning (Northcutt, Jiang, Chuang, 2021); but they are out
of the whole set, since a set repeats its mistakes. And a hand is consistent: what a writer always
draws in that way is a style and no mistake, however odd.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neighbors import KNeighborsClassifier

from recognizer import glyph, ink
from recognizer.datasets import Sample
from recognizer.datasets.catalog import validation_writers
from recognizer.datasets.slashed_zeros import is_slashed_zero
from recognizer.geometry import Box, Points
from recognizer.labels import Labels, counted_for
from recognizer.processes import in_parallel
from recognizer.strokes import Stroke, bounds

Floats = NDArray[np.float32]
Numbers = NDArray[np.intp]

FOLDS = 3
LEARNED_OF_A_HAND = 12
"""Drawings of a label by one writer that are learned from at most."""
MIN_LEARNED = 10
"""A label with fewer drawings in the other folds is not judged."""
MAX_PROBABILITY = 0.05
"""A method doubts a label if it gives less to it and to all that looks like it."""
MAX_LONE_PROBABILITY = 0.01
"""The same where the writer has no other drawing of that label to compare with."""
MIN_STYLE_DRAWINGS, STYLE_SHARE = 3, 0.5
"""A writer who drew a label so often, more than this share of it doubted, has a style."""
HAND_NEIGHBOURS = 5
"""Drawings by the same writer that a doubted one is compared with."""
LOOK_ALIKES = ("1lI|/", "−_~", ".,·'`", ",/)", "uv", "ij", "tf+", "c(<", "x*")
"""What looks alike, beside small and capital letters and what `labels.py` knows: here nobody
knows how large a character was, and where it stood on the line."""

FILTERS, HALVING_CONVOLUTIONS, DROPOUT = (24, 48, 96, 96), (0, 2), 0.3
EPOCHS, BATCH, LEARNING_RATE, WEIGHT_DECAY = 6, 128, 2e-3, 0.02
PATH_POINTS, PATH_WEIGHT = 30, 0.3
"""Points that the pen's path is described by, and what they weigh beside the maps of ink."""
POOLED_PX = 4
"""Pixels of a glyph that are taken together along each axis."""
DISCRIMINANTS, NEIGHBOURS = 60, 20
MIN_SIDE = 1.0
"""Of a drawing, in the unit of its tablet: a dot is no smaller."""
CHUNK_DRAWINGS = 64
"""Drawings that a process draws at a time."""


@dataclass(frozen=True, eq=False)
class Described:
    """Drawings as the methods see them.

    glyphs: (n, 28, 28, 1) uint8. features: (n, features), of the pen's path and directions.
    """

    glyphs: NDArray[np.uint8]
    features: Floats

    def __getitem__(self, numbers: Numbers) -> Described:
        return Described(self.glyphs[numbers], self.features[numbers])


def doubtful_labels(samples: Sequence[Sample], seed: int) -> NDArray[np.bool_]:
    """Whether the label of each sample is doubtful, (n,).

    samples: of whole sets. seed: of what is learned, and of how. Pictures are not judged.

    Sets are dealt into folds. Each is read by a convolutional network, which sees the ink, and
    by nearest neighbours, which see the pen's path and directions; both learned from the other
    folds' writers that are not for validation. Where neither gives the label, or what looks like
    it, a probability worth naming, the label is doubted, and is doubtful unless the writer's own
    hand speaks for it: see `_spoken_for`.
    """
    flags = np.zeros(len(samples), dtype=np.bool_)
    drawn = np.array([n for n, sample in enumerate(samples) if sample.strokes], dtype=np.intp)
    if len(drawn):
        flags[drawn] = _doubtful([samples[number] for number in drawn], seed)
    return flags


def _doubtful(samples: Sequence[Sample], seed: int) -> NDArray[np.bool_]:
    known = tuple(sorted({sample.label for sample in samples}))
    classes = np.array([known.index(sample.label) for sample in samples], dtype=np.intp)
    writers = np.array([sample.writer or "" for sample in samples])
    drawings, alike = _described(samples), _alike(known)
    flags = np.zeros(len(samples), dtype=np.bool_)
    for judged, learned in folds(samples, seed):
        learn = drawings[learned], classes[learned], drawings[judged]
        network = network_probabilities(*learn, len(known), seed)
        neighbours, places = neighbour_probabilities(*learn, len(known))
        label = classes[judged]
        given = [np.sum(found * alike[label], axis=1) for found in (network, neighbours)]
        probability = np.maximum(*given)
        probability[np.bincount(classes[learned], minlength=len(known))[label] < MIN_LEARNED] = 1
        flags[judged] = _unlike_the_hand(probability, writers[judged], label, places, alike)
    slashed = [sample.label == "0" and is_slashed_zero(sample.strokes) for sample in samples]
    return np.asarray(flags & ~np.array(slashed))


def folds(samples: Sequence[Sample], seed: int) -> Iterator[tuple[Numbers, Numbers]]:
    """The numbers of the samples that are judged together, and of those that are learned from.

    Sets are dealt from the largest on, each into the fold that is smallest by then. Of the other
    folds' training writers some drawings of each label are learned from, which the seed draws.
    """
    sets = np.array([sample.set for sample in samples])
    dealt: list[list[str]] = [[] for _ in range(FOLDS)]
    sizes = Counter(sets.tolist())
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        min(dealt, key=lambda fold: sum(sizes[other] for other in fold)).append(name)
    validation = validation_writers(samples)
    order = np.random.default_rng([seed, 8]).permutation(len(samples)).tolist()
    for names in dealt:
        hands: Counter[tuple[str | None, str]] = Counter()
        learned = []
        for number in order:
            sample = samples[number]
            hand = (sample.writer, sample.label)
            if sample.set in names or sample.writer in validation:
                continue
            if hands[hand] < LEARNED_OF_A_HAND:
                hands[hand] += 1
                learned.append(number)
        judged = np.flatnonzero(np.isin(sets, names))
        if len(judged) and learned:
            yield judged, np.array(learned)


def network_probabilities(
    learned: Described, classes: Numbers, judged: Described, count: int, seed: int
) -> Floats:
    """What a network gives to each of `count` classes, (n, count), after a few epochs."""
    keras.utils.set_random_seed(seed)
    model = _network(count)
    steps = EPOCHS * -(-len(classes) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    optimizer = keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    model.fit(learned.glyphs, classes, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    return np.asarray(model.predict(judged.glyphs, batch_size=4 * BATCH, verbose=0))


def _network(count: int) -> keras.Model:
    glyphs = keras.Input((glyph.SIZE_PX, glyph.SIZE_PX, 1), dtype="uint8")
    x = layers.Rescaling(1 / 255)(glyphs)
    for number, filters in enumerate(FILTERS):
        strides = 2 if number in HALVING_CONVOLUTIONS else 1
        x = layers.Conv2D(filters, 3, strides=strides, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.Dropout(DROPOUT)(layers.Flatten()(x))
    return keras.Model(glyphs, layers.Dense(count, activation="softmax")(x))


def neighbour_probabilities(
    learned: Described, classes: Numbers, judged: Described, count: int
) -> tuple[Floats, Floats]:
    """What the nearest drawings that are known give to each of `count` classes, (n, count).

    Also the places (n, discriminants) by which they are near. These are linear discriminants
    (Fisher, 1936), in which drawings of the same class lie close together.
    """
    found = np.zeros((len(judged.features), count), dtype=np.float32)
    analysis = LinearDiscriminantAnalysis(
        n_components=min(DISCRIMINANTS, len(np.unique(classes)) - 1)
    )
    known = np.asarray(analysis.fit_transform(learned.features, classes), dtype=np.float32)
    places = np.asarray(analysis.transform(judged.features), dtype=np.float32)
    nearest = KNeighborsClassifier(NEIGHBOURS, weights="distance", algorithm="brute")
    nearest.fit(known, classes)
    found[:, nearest.classes_] = nearest.predict_proba(places)
    return found, places


def _unlike_the_hand(
    probability: Floats,
    writers: NDArray[np.str_],
    classes: Numbers,
    places: Floats,
    alike: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Which labels are doubted, (n,), and by what the same writer drew, too.

    It speaks for a label if most of the writer's drawings of it are doubted: that is a style. It
    also does so if of the nearest of the writer's drawings that nobody doubts, half have that
    label or one that looks like it.
    """
    doubted = probability < MAX_PROBABILITY
    found = np.zeros(len(doubted), dtype=np.bool_)
    for writer in np.unique(writers[doubted]):
        own = np.flatnonzero(writers == writer)
        sure = own[~doubted[own]]
        for number in own[doubted[own]].tolist():
            label = classes[number]
            same = own[classes[own] == label]
            others = int(np.sum(classes[sure] == label))
            if len(same) >= MIN_STYLE_DRAWINGS and len(same) - others > STYLE_SHARE * len(same):
                continue
            away = np.sum((places[sure] - places[number]) ** 2, axis=1)
            nearest = sure[np.argsort(away, kind="stable")[: min(others, HAND_NEIGHBOURS)]]
            speaking = alike[label, classes[nearest]]
            found[number] = (
                speaking.mean() < 0.5 if others else probability[number] < MAX_LONE_PROBABILITY
            )
    return found


def _alike(known: Labels) -> NDArray[np.bool_]:
    """Which labels the shape alone does not tell apart, (labels, labels)."""
    return np.array([_looks_like(label, known) for label in known])


def _looks_like(label: str, known: Labels) -> list[bool]:
    group = set(label.upper() + label.lower()).union(*(g for g in LOOK_ALIKES if label in g))
    places = counted_for(known, (label,))
    return [n is not None or other in group for n, other in zip(places, known, strict=True)]


def _described(samples: Sequence[Sample]) -> Described:
    strokes = [sample.strokes for sample in samples]
    drawn = in_parallel(_describe, strokes, "drawing", unit=" drawings", chunk=CHUNK_DRAWINGS)
    glyphs, features = zip(*drawn, strict=True)
    return Described(np.stack(glyphs)[..., None], np.stack(features))


def _describe(strokes: tuple[Stroke, ...]) -> tuple[glyph.Glyph, Floats]:
    """The glyph of a drawing, and the features (features,) of its path, ink and directions."""
    side = max(bounds(strokes).side, MIN_SIDE)
    drawn, ways = glyph.normalize_with_directions(
        *ink.render_with_directions(strokes, (side, side))
    )
    maps = np.concatenate([drawn[..., None], ways], axis=2, dtype=np.float32) / 255
    cells = glyph.SIZE_PX // POOLED_PX
    pooled = maps.reshape(cells, POOLED_PX, cells, POOLED_PX, -1).mean(axis=(1, 3))
    path = PATH_WEIGHT * _path(np.concatenate([stroke.points for stroke in strokes]))
    return drawn, np.concatenate([np.sqrt(pooled), path], axis=None, dtype=np.float32)


def _path(points: Points) -> Points:
    """Where the pen was and which way it went at points equally far apart, (points, 4).

    The ways between strokes count as if they were drawn.
    """
    box = Box.around(points)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    places = np.linspace(0, along[-1], PATH_POINTS)
    path = np.stack([np.interp(places, along, axis) for axis in points.T], axis=1)
    steps = np.gradient(path, axis=0)
    lengths = np.hypot(*steps.T)[:, None]
    ways = np.divide(steps, lengths, out=np.zeros_like(steps), where=lengths > 0)
    return np.concatenate([(path - box.middle) / max(box.side, MIN_SIDE), ways], axis=1)
