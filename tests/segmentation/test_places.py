"""What is likely where on a line, and how that weighs with what the network sees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from recognizer.geometry import Box
from recognizer.labels import label_set
from recognizer.model import Probabilities
from recognizer.segmentation.places import LOW_LABELS, LinePlaces, Surroundings
from recognizer.strokes import Stroke, bounds

SUMS = label_set("sums")


def joint(shares: dict[str, float], labels: tuple[str, ...] = SUMS) -> Probabilities:
    """These joint probabilities; all other labels have none."""
    return np.array([shares.get(label, 0.0) for label in labels], dtype=np.float32)


@pytest.mark.parametrize(
    ("shares", "side", "middle", "label"),
    [
        ({".": 0.6, "·": 0.4}, 0.08, 0.5, "·"),
        ({".": 0.4, "·": 0.6}, 0.08, 0.05, "."),
        ({"·": 1.0}, 0.08, 0.03, "."),
        ({"1": 0.6, "/": 0.2, ",": 0.2}, 0.3, -0.02, ","),
        ({"1": 0.2, "/": 0.01, ",": 0.79}, 1.0, 0.5, "1"),
        ({",": 0.5, ")": 0.5}, 1.2, 0.5, ")"),
        ({"−": 0.9, "1": 0.1}, 0.6, 0.5, "−"),
        ({"7": 0.9, "1": 0.1}, 0.95, 0.5, "7"),
    ],
)
def test_size_and_height_decide_between_what_has_one_shape(
    shares: dict[str, float], side: float, middle: float, label: str
) -> None:
    found = LinePlaces(SUMS).weighed(joint(shares), side, middle)
    assert SUMS[int(found.argmax())] == label
    assert found.max() > 0.8
    assert found.sum() == pytest.approx(1, abs=1e-5)


def test_at_its_usual_place_a_probability_stays_as_it_is() -> None:
    found = LinePlaces(SUMS).weighed(joint({"7": 0.6, "1": 0.3}), 1.0, 0.5)
    assert found[SUMS.index("7")] == pytest.approx(0.6, abs=1e-6)
    assert found.sum() == pytest.approx(0.9, abs=1e-6)


def test_what_fits_no_label_there_is_another_character() -> None:
    assert LinePlaces(SUMS).weighed(joint({"7": 0.8}), 0.1, 1.3).sum() < 0.01


def test_several_are_weighed_at_once() -> None:
    several = np.stack([joint({".": 0.9, "·": 0.1}), joint({"1": 0.4, ",": 0.4})])
    found = LinePlaces(SUMS).weighed(several, 0.1, 0.0)
    assert [SUMS[number] for number in found.argmax(axis=1)] == [".", ","]
    assert np.array_equal(several[0], joint({".": 0.9, "·": 0.1}))


def test_letters_and_digits_alone_have_no_places_that_count() -> None:
    assert not LOW_LABELS.isdisjoint(SUMS)
    assert LOW_LABELS.isdisjoint(label_set("digits") + label_set("letters"))
    labels = ("a", "b", ".")
    found = LinePlaces(labels).weighed(joint({"a": 0.7, "b": 0.3}, labels), 0.1, 0.1)
    assert found == pytest.approx([0.7, 0.3, 0.0])


def stroke(*points: tuple[float, float]) -> Stroke:
    return Stroke(np.array(points))


def around(strokes: Sequence[Stroke]) -> Surroundings[Stroke]:
    return Surroundings({each: bounds([each]) for each in strokes})


def test_the_line_is_that_of_the_tall_strokes_around() -> None:
    ones = [stroke((x, y), (x, y + 100)) for y in (0, 400) for x in (0, 50, 150)]
    dot, low = stroke((100, 450), (103, 454)), stroke((100, 96), (103, 100))
    lines = around([*ones, dot, low])
    assert lines.usual == 100
    assert lines.place_of([dot]) == pytest.approx((0.04, 0.48))
    assert lines.place_of([low]) == pytest.approx((0.04, 0.02))
    assert lines.place_of([ones[0]]) == pytest.approx((1.0, 0.5))


def test_a_character_alone_stands_on_no_line() -> None:
    alone = [stroke((0, 0), (3, 100))]
    assert around(alone).place_of(alone) is None
    assert around([stroke((5, 5))]).usual == 0
    assert around([]).usual == 0


def test_dots_in_a_picture_are_told_by_their_height_on_the_line() -> None:
    places = LinePlaces(SUMS)
    either = joint({".": 0.5, "·": 0.5})
    digit = joint({"7": 1.0})
    boxes = [Box(20 * n, 10, 15, 40) for n in range(3)]
    for top, dot in ((46, "."), (28, "·")):
        shares = np.stack([digit, digit, digit, either])
        found = places.among(shares, [*boxes, Box(62, top, 4, 4)])
        assert SUMS[int(found[3].argmax())] == dot
        assert found[:3] == pytest.approx(shares[:3])
    assert places.among(either[None], [Box(0, 0, 4, 4)]) == pytest.approx(either[None])
