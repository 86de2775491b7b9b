"""Read handwritten digits: from pen strokes, from pictures and live in a window.

>>> from recognizer import Recognizer
>>> recognizer = Recognizer()
>>> recognizer.classify_strokes([[(250, 100), (250, 400)]], extent=(500, 500)).digit
1

Importing this package costs next to nothing: its names are loaded on first use.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recognizer.reading import Prediction, Reading, Recognizer

__all__ = ["Prediction", "Reading", "Recognizer"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in __all__:
        from recognizer import reading

        return getattr(reading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
