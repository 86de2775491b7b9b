"""The line network as it is read with: LiteRT, and what was fitted to it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.files import GET_MODEL_BACK
from recognizer.glyph import SIZE_PX
from recognizer.labels import Labels, as_labels
from recognizer.model import card, interpreter_of, of_its_kind
from recognizer.model.card import ModelError, threshold_among, thresholds_in, verified

LINE_FILE, LINE_CARD_FILE, LINE_KERAS_FILE = "line.tflite", "line.json", "line.keras"
"""What a model's folder holds of the line network; LiteRT's file reads, Keras' is trained on."""
FIRST_COLUMN, COLUMNS_PER_STEP = 13.5, 2
"""Where in a strip its first step looks, in pixels from the left, and how far it is to the next."""
BLANK = 0
"""The class of no character; those of the labels follow in their order."""
WIDTH_STEP_PX = 32
"""Strips are made wider to multiples of this, so that memory for few shapes is laid out."""


class LineModel:
    """The line network of a model's folder. May be used by several threads.

    Raises ModelError if its files are missing, damaged or do not belong together.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / LINE_CARD_FILE
        try:
            self.card: dict[str, Any] = card.read(path)
            self.labels: Labels = as_labels(self.card["labels"])
            self._thresholds = thresholds_in(self.card["acceptance_threshold"])
        except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise ModelError(
                f"The card of the line network {path} is missing or damaged ({error}). "
                f"{GET_MODEL_BACK}, or train one: python -m recognizer train --network line"
            ) from None
        content = verified(folder, LINE_FILE, self.card)
        self._network, self._lock = LineNetwork(content, folder / LINE_FILE), threading.Lock()

    def threshold_for(self, asked: Labels) -> float:
        """What is read with more confidence is sure, where these labels may be answered."""
        return threshold_among(self._thresholds, self.labels, asked)

    def see(self, strip: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of no character and of the labels, (steps, 1 + labels), of a strip."""
        with self._lock:
            return self._network.run(strip)


class LineNetwork:
    """The LiteRT interpreter, for one strip at a time: many at a time are no faster.

    content: of a LiteRT file; source: its path, for messages. Raises ModelError if LiteRT cannot
    run it.
    """

    def __init__(self, content: bytes, source: Path) -> None:
        with of_its_kind(f"The line network {source}", "train --network line"):
            self._interpreter = interpreter_of(content)
            (inputs,) = self._interpreter.get_input_details()
            (outputs,) = self._interpreter.get_output_details()
        self._input, self._output, self._width = inputs["index"], outputs["index"], 0

    def run(self, strip: NDArray[np.uint8]) -> NDArray[np.float32]:
        """A strip (28, width) to (steps, classes); a step for each second column of its ink."""
        own = strip.shape[1]
        width = -(-own // WIDTH_STEP_PX) * WIDTH_STEP_PX
        image = np.zeros((1, SIZE_PX, width, 1), np.float32)
        image[0, :, :own, 0] = strip / np.float32(255)
        if width != self._width:
            self._interpreter.resize_tensor_input(self._input, image.shape)
            self._interpreter.allocate_tensors()
            self._width = width
        self._interpreter.set_tensor(self._input, image)
        self._interpreter.invoke()
        steps = (own - SIZE_PX) // COLUMNS_PER_STEP + 1
        return np.asarray(self._interpreter.get_tensor(self._output)[0, :steps])
