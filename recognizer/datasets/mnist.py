"""MNIST's pictures of digits."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.datasets import DataError, Images, Sample, damaged, download, find, unpack

MNIST_FILE = "mnist.npz"
MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
WRITERS_FILE = "qmnist-train-labels.tsv"
WRITERS_URL = (
    "https://raw.githubusercontent.com/facebookresearch/qmnist/master/qmnist-train-labels.tsv.gz"
)
_WRITERS_SHA256 = "d12becc9bddd68fc45d52ddaa7868aa49dc4c7080d65b51ce6cf12ecdfbabd5c"
_MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
_ARRAYS_SHA256 = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}


@dataclass(frozen=True)
class Mnist:
    """MNIST's 60,000 training images and 10,000 test images."""

    train: Images
    test: Images


def load_mnist(folder: Path | None = None) -> Mnist:
    """MNIST in its original order. Raises DataError."""
    path = find(MNIST_FILE, folder) or download(MNIST_FILE, MNIST_URL, _MNIST_SHA256)
    try:
        with path.open("rb") as packed, np.load(packed, allow_pickle=False) as file:
            arrays = {name: file[name] for name in _ARRAYS_SHA256}
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(damaged(path, MNIST_URL, error)) from None
    for name, expected in _ARRAYS_SHA256.items():
        if hashlib.sha256(arrays[name].tobytes()).hexdigest() != expected:
            raise DataError(damaged(path, MNIST_URL, f"{name} has another hash"))
    return Mnist(
        Images(arrays["x_train"], arrays["y_train"]), Images(arrays["x_test"], arrays["y_test"])
    )


def load_mnist_samples(folder: Path | None = None) -> list[Sample]:
    """MNIST's 60,000 training images with their writers, who come from QMNIST (Yadav and Bottou:
    Cold case: the lost MNIST digits, NeurIPS 2019). Raises DataError.
    """
    train, writers = load_mnist(folder).train, load_writers(folder)
    return [
        Sample(str(label), "mnist", f"mnist/{writer:04}", "US", picture=image)
        for image, label, writer in zip(train.images, train.labels, writers, strict=True)
    ]


def load_writers(folder: Path | None = None) -> NDArray[np.int64]:
    """QMNIST's numbers of the writers of MNIST's training images, (60000,). Raises DataError."""
    path = find(WRITERS_FILE, folder) or download(WRITERS_FILE + ".gz", WRITERS_URL, None)
    text = unpack(path, WRITERS_URL)
    if hashlib.sha256(text).hexdigest() != _WRITERS_SHA256:
        raise DataError(damaged(path, WRITERS_URL, "its text has another hash"))
    return np.array([line.split()[2] for line in text.splitlines()], dtype=np.int64)
