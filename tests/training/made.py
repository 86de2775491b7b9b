"""Made data for tiny trainings: bars in place of digits, with the pen going down them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.datasets import Images, Sample
from recognizer.labels import label_set
from recognizer.strokes import Stroke
from recognizer.training import (
    LABELS,
    MNIST_ALONE,
    MNIST_AND_PEN,
    NO_DIGIT,
    NO_LABEL,
    NO_VARIATION,
    Config,
)
from recognizer.training.augment import with_directions
from recognizer.training.synthesis import Group, TrainingData
from recognizer.training.validation import Validation, ValidationPart

CONFIG = Config(
    seed=3,
    data=MNIST_AND_PEN,
    epochs=3,
    fine_tuning_epochs=2,
    batch=16,
    variants=2,
    mnist_copies=1,
    pen_copies=1,
    out_of_distribution_share=0.1,
    segment_share=0.2,
)
TINY = Config(architecture="mlp", data=MNIST_ALONE, channels=1, augmentation=NO_VARIATION)


def made_images(n: int, seed: int) -> Images:
    """Bars whose place tells their label."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, n).astype(np.uint8)
    images = np.zeros((n, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4:24, 4 + 2 * label : 7 + 2 * label] = rng.integers(150, 256)
    return Images(images, labels)


def with_ways(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same (n, 28, 28) with the pen going down where there is ink, (n, 28, 28, 5)."""
    down = np.zeros((28, 28, 4), np.uint8)
    return np.stack([with_directions(image, down + image[..., None] // 2) for image in images])


def alone(images: Images) -> TrainingData:
    """Pictures of MNIST and nothing else."""
    return TrainingData({"mnist": Group(images.images[None, ..., None], images.labels)})


def made_data() -> TrainingData:
    """Of the groups that a run learns from, several; each segment is another."""
    mnist, pen = made_images(48, 1), made_images(16, 2)
    scribbles = np.random.default_rng(4).integers(0, 256, (4, 28, 28)).astype(np.uint8)
    marked = pen.images.copy()
    marked[:, 0, :16] = np.eye(16, dtype=np.uint8)
    numbers = np.where(pen.labels < 5, NO_DIGIT, pen.labels).astype(np.uint8)
    return TrainingData(
        {
            **alone(mnist).groups,
            "digits": Group(np.stack([with_ways(pen.images)] * 2), pen.labels),
            "letters": Group(np.zeros((1, 0, 28, 28, 5), np.uint8), np.zeros(0, np.uint8)),
            "others": Group(with_ways(scribbles)[None], np.full(4, NO_LABEL, np.uint8)),
            "segments": Group(marked[None, ..., None], numbers),
        }
    )


def part_of(images: Images, *, ways: bool = False) -> ValidationPart:
    """The images as a validation writer's."""
    glyphs = with_ways(images.images) if ways else images.images[..., None]
    writers = np.full(len(images.labels), "made/5")
    return ValidationPart(glyphs, images.labels, np.full(len(writers), "made"), writers)


def made_validation() -> Validation:
    """Pictures and drawings of other bars."""
    parts = {
        "mnist": part_of(made_images(20, 5)),
        "pen": part_of(made_images(10, 6), ways=True),
    }
    return Validation(parts, "made bars")


def stroke(*points: tuple[float, float]) -> Stroke:
    return Stroke(np.array(points, dtype=np.float64))


def made_samples() -> list[Sample]:
    """All kinds of characters by ten writers of two sets, of whom every fifth is for validation.

    Characters of two lines, each of other proportions; a few pictures by the same; doodles' like.
    """
    rng, found = np.random.default_rng(8), []
    for number, label in enumerate([*label_set("digits"), *"aBx", "+", "−", "&", "'"] * 10):
        writer = number % 10
        lines = tuple(Stroke(rng.uniform(0, 300, (4, 2))) for _ in range(2))
        found.append(Sample(label, "pendigits", f"pendigits/{writer:02}", "TR", lines))
    for at, image in enumerate(made_images(60, 9).images):
        name = ("mnist", "swiss", "bhmsds")[at % 3]
        writer_name = None if name == "bhmsds" else f"{name}/{at // 3 % 5}"
        found.append(Sample(str(at % 10), name, writer_name, picture=image))
    return found


def serially(work: Callable[[Any], Any], jobs: Iterable[Any], *_: Any, **__: Any) -> list[Any]:
    """What `in_parallel` does, in this process."""
    return [work(job) for job in jobs]


def label_numbers(text: str) -> NDArray[np.uint8]:
    """The class numbers of some labels."""
    return np.array([LABELS.index(label) for label in text], np.uint8)
