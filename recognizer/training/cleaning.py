"""Which labels are doubtful: two methods that never saw a set read something else in it.

A consensus filter (Brodley, Friedl: Identifying mislabeled training data, 1999) over predictions
that are out of sample, as in confident learning (Northcutt, Jiang, Chuang, 2021); but they are out
of the whole set, since a set repeats its mistakes. And a hand is consistent: what a writer always
draws in that way is a style and no mistake, however odd.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neighbors import KNeighborsClassifier

from recognizer.datasets import Sample
from recognizer.datasets.catalog import validation_writers
from recognizer.datasets.slashed_zeros import is_slashed_zero
from recognizer.glyph import SIZE_PX
from recognizer.labels import Labels, counted_for
from recognizer.training.features import Described, Floats, described

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
LOOK_ALIKES = ("1lI|/", "−_~", ".,·'`", ",/)", "uvUV", "ijIJ", "tfT+", "cC(<", "xX*")
"""What looks alike, beside small and capital letters and what `labels.py` knows: here nobody
knows how large a character was, and where it stood on the line."""

CHANNELS = 5
"""Of a glyph: the ink and four directions."""
FILTERS, HALVING_CONVOLUTIONS, DROPOUT = (24, 48, 96, 96), (0, 2), 0.3
EPOCHS, BATCH, LEARNING_RATE, WEIGHT_DECAY = 6, 128, 2e-3, 0.02
DISCRIMINANTS, NEIGHBOURS = 60, 20


def doubtful_labels(samples: Sequence[Sample], seed: int) -> NDArray[np.bool_]:
    """Whether the label of each sample is doubtful, (n,).

    samples: of whole sets. seed: of what is learned, and of how. Pictures are not judged.

    Sets are dealt into folds. Each is read by a convolutional network, which sees
    glyphs, and by nearest neighbours, which see the path of the pen; both learned from the other
    folds' writers that are not for validation. Where neither gives the label, or what looks like
    it, a probability worth naming, the label is doubted, and is doubtful unless the writer's own
    hand speaks for it. A slashed zero, which few sets show, is never doubtful.
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
    drawings, alike = described(samples), _alike(known)
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

    Of the training writers of the other folds, some drawings of each label are learned from,
    which the seed draws.
    """
    validation = validation_writers(samples)
    shuffled = np.random.default_rng([seed, 8]).permutation(len(samples)).tolist()
    for names in _dealt(Counter(sample.set for sample in samples)):
        judged = [number for number, sample in enumerate(samples) if sample.set in names]
        hands: Counter[tuple[str | None, str]] = Counter()
        learned = []
        for number in shuffled:
            sample = samples[number]
            hand = sample.writer, sample.label
            if sample.set not in names and sample.writer not in validation:
                hands[hand] += 1
                if hands[hand] <= LEARNED_OF_A_HAND:
                    learned.append(number)
        if judged and learned:
            yield np.array(judged), np.array(learned)


def _dealt(sizes: Counter[str]) -> list[list[str]]:
    """The names of sets, from the largest on each put to the fewest samples by then."""
    dealt: list[list[str]] = [[] for _ in range(FOLDS)]
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        min(dealt, key=lambda fold: sum(sizes[other] for other in fold)).append(name)
    return dealt


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
    glyphs = keras.Input((SIZE_PX, SIZE_PX, CHANNELS), dtype="uint8")
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
    """Which labels are doubted, and also by what the same writer drew, (n,).

    A writer's drawings speak for a label if most of those that have it are doubted: that is a
    style. So do the nearest of those that nobody doubts, if half of them have it, or one that
    looks like it.
    """
    doubted = probability < MAX_PROBABILITY
    found = probability < MAX_LONE_PROBABILITY
    for writer in np.unique(writers[doubted]):
        own = np.flatnonzero(writers == writer)
        sure = own[~doubted[own]]
        for number in own[doubted[own]].tolist():
            label = classes[number]
            same = doubted[own[classes[own] == label]]
            if len(same) >= MIN_STYLE_DRAWINGS and same.mean() > STYLE_SHARE:
                found[number] = False
            elif not same.all():
                away = np.sum((places[sure] - places[number]) ** 2, axis=1)
                nearest = sure[np.argsort(away, kind="stable")]
                some = nearest[: min(HAND_NEIGHBOURS, np.sum(~same))]
                found[number] = alike[label, classes[some]].mean() < STYLE_SHARE
    return found


def _alike(known: Labels) -> NDArray[np.bool_]:
    """Which labels the shape alone does not tell apart, (labels, labels)."""
    return np.array([_looks_like(label, known) for label in known])


def _looks_like(label: str, known: Labels) -> list[bool]:
    group = set(label.upper() + label.lower()).union(*(g for g in LOOK_ALIKES if label in g))
    places = counted_for(known, (label,))
    return [n is not None or other in group for n, other in zip(places, known, strict=True)]
