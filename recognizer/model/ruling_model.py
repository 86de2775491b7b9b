"""The ruling network as it is read with: what of the ink of a page was written."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.files import GET_MODEL_BACK, SAVED_MODEL
from recognizer.model import card, interpreter_of, of_its_kind
from recognizer.model.card import ModelError, verified

RULING_FILE, RULING_CARD_FILE, RULING_KERAS_FILE = "ruling.tflite", "ruling.json", "ruling.keras"
"""What a folder holds of the ruling network; LiteRT's file reads, Keras' is trained on."""
SIDE_STEP_PX = 32
"""Pages are made wider and higher to multiples of this."""


class RulingModel:
    """The ruling network of a folder. May be used by several threads.

    Raises ModelError if its files are missing, damaged or do not belong together.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / RULING_CARD_FILE
        try:
            self.card: dict[str, Any] = card.read(path)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The card of the ruling network {path} is missing or damaged ({error}). "
                f"{GET_MODEL_BACK}, or train one: python -m recognizer train --network ruling"
            ) from None
        content = verified(folder, RULING_FILE, self.card)
        with of_its_kind(f"The ruling network {folder / RULING_FILE}", "train --network ruling"):
            self._interpreter = interpreter_of(content)
            (inputs,) = self._interpreter.get_input_details()
            (outputs,) = self._interpreter.get_output_details()
        self._input, self._output = inputs["index"], outputs["index"]
        self._shape: tuple[int, ...] = ()
        self._lock = threading.Lock()

    def see(self, page: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The probability that its ink was written there, (height, width), of a page."""
        height, width = (side + -side % SIDE_STEP_PX for side in page.shape)
        image = np.zeros((1, height, width, 1), np.float32)
        image[0, : page.shape[0], : page.shape[1], 0] = page / np.float32(255)
        with self._lock:
            if image.shape != self._shape:
                self._interpreter.resize_tensor_input(self._input, image.shape)
                self._interpreter.allocate_tensors()
                self._shape = image.shape
            self._interpreter.set_tensor(self._input, image)
            self._interpreter.invoke()
            found = self._interpreter.get_tensor(self._output)
        return np.asarray(found[0, : page.shape[0], : page.shape[1], 0])


@lru_cache(maxsize=1)
def saved_ruling() -> RulingModel:
    """The one that is shipped: it knows no labels, so pictures are read with it by any model."""
    return RulingModel(SAVED_MODEL)
