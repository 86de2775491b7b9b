"""All sets by name, and who is in which part: a split by writer, fixed before any training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from recognizer.datasets import Sample
from recognizer.datasets.mnist import load_mnist_samples
from recognizer.datasets.pendigits import load_pen_samples
from recognizer.datasets.scans import load_bhmsds, load_mdas, load_swiss
from recognizer.datasets.unipen import load_lipi, load_uji, load_unipen

LOADERS: dict[str, Callable[[Path | None], list[Sample]]] = {
    "mnist": load_mnist_samples,
    "pendigits": load_pen_samples,
    "unipen": load_unipen,
    "uji": load_uji,
    "lipi": load_lipi,
    "swiss": load_swiss,
    "bhmsds": load_bhmsds,
    "mdas": load_mdas,
}
"""What loads each set whole. None holds MNIST's test images or UCI's test writers."""

VALIDATION_EVERY = 5
"""Every fifth writer of a set, in sorted order, is for validation."""


def validation_writers(samples: Iterable[Sample]) -> frozenset[str]:
    """The writers of the validation part: the 5th, 10th, 15th … of each set, sorted by name.

    samples: of whole sets, since who is the fifth depends on all. A set with fewer than five
    writers, or none that it names, has nobody here: it only trains.
    """
    writers: dict[str, set[str]] = defaultdict(set)
    for sample in samples:
        if sample.writer is not None:
            writers[sample.set].add(sample.writer)
    return frozenset(
        writer
        for of_set in writers.values()
        for writer in sorted(of_set)[VALIDATION_EVERY - 1 :: VALIDATION_EVERY]
    )


def split(samples: Iterable[Sample]) -> tuple[list[Sample], list[Sample]]:
    """Whole sets, split into what is learned from and what is validated on.

    No writer is in both, not even one who wrote for several sets.
    """
    samples = list(samples)
    chosen = validation_writers(samples)
    train = [sample for sample in samples if sample.writer not in chosen]
    return train, [sample for sample in samples if sample.writer in chosen]
