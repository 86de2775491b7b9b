"""The small digits are digits, and the two ways of preparing a canvas differ as they should."""

import numpy as np

from recognizer.evaluation import perturbations
from recognizer.training import synthesis


def test_the_small_digits_are_glyphs_and_no_part_has_all() -> None:
    digits = synthesis.load_toy_dataset()
    parts = (digits.train, digits.validation, digits.test)
    assert sum(len(part.labels) for part in parts) == 1797
    for part in parts:
        assert part.images.shape == (len(part.labels), 28, 28)
        assert set(part.labels.tolist()) == set(range(10))
        assert all(20 in np.ptp(np.argwhere(image > 0), axis=0) + 1 for image in part.images)


def test_the_ten_drawings_lie_in_the_corners_of_their_tablets() -> None:
    drawings = synthesis.toy_drawings()
    assert "".join(drawing.label for drawing in drawings) == "0123456789"
    middles = [np.concatenate([s.points for s in d.strokes]).mean(axis=0) > 250 for d in drawings]
    assert [tuple(middle) for middle in middles[:4]] == [
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    ]


def test_a_canvas_made_small_keeps_size_and_place_and_a_glyph_does_not() -> None:
    drawings = synthesis.toy_drawings()
    for images, side in (
        (perturbations.whole_canvas(drawings), range(8, 16)),
        (perturbations.normalized(drawings), [20]),
    ):
        assert images.images.shape == (10, 28, 28)
        for image in images.images:
            assert max(np.ptp(np.argwhere(image > 60), axis=0) + 1) in side
