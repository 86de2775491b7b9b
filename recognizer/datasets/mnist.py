"""MNIST's pictures of digits."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recognizer.datasets import DataError, Images, damaged, download, find

MNIST_FILE = "mnist.npz"
VALIDATION_IMAGES = 5000
"""The last training images of MNIST, kept for choosing."""
MNIST_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
_MNIST_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
_ARRAYS_SHA256 = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}


@dataclass(frozen=True)
class Mnist:
    """MNIST, its training part split into what is learned from and what is chosen on."""

    train: Images
    validation: Images
    test: Images
    sha256: str


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
    images, labels = arrays["x_train"], arrays["y_train"]
    split = len(images) - VALIDATION_IMAGES
    train = Images(images[:split], labels[:split])
    validation = Images(images[split:], labels[split:])
    test = Images(arrays["x_test"], arrays["y_test"])
    return Mnist(train, validation, test, hashlib.sha256(path.read_bytes()).hexdigest())
