"""What is likely where on a line, and how that weighs with what the network sees."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.labels import label_set
from recognizer.model import Prediction
from recognizer.segmentation.places import Surroundings, have_places, weighed
from recognizer.strokes import Stroke

SUMS = label_set("sums")


def seen(shares: dict[str, float], labels: tuple[str, ...] = SUMS) -> Prediction:
    """A prediction with these joint probabilities."""
    joint = np.array([shares.get(label, 0.0) for label in labels], dtype=np.float32)
    best = int(joint.argmax())
    blank = np.zeros((28, 28), dtype=np.uint8)
    return Prediction(
        labels[best],
        float(joint[best]),
        labels,
        joint / joint.sum(),
        False,
        blank,
        float(1 - joint.sum()),
    )


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
    joint = weighed(seen(shares), side, middle)
    assert SUMS[int(joint.argmax())] == label
    assert joint.max() > 0.8
    assert joint.sum() == pytest.approx(1, abs=1e-5)


def test_at_its_usual_place_a_probability_stays_as_it_is() -> None:
    joint = weighed(seen({"7": 0.6, "1": 0.3}), 1.0, 0.5)
    assert joint[SUMS.index("7")] == pytest.approx(0.6, abs=1e-6)
    assert joint.sum() == pytest.approx(0.9, abs=1e-6)


def test_what_fits_no_label_there_is_another_character() -> None:
    joint = weighed(seen({"7": 0.8}), 0.1, 1.3)
    assert joint.sum() < 0.01


def test_letters_have_no_place() -> None:
    assert have_places(SUMS) and have_places(("1", "."))
    assert not have_places(label_set("digits")) and not have_places(label_set("letters"))
    labels = ("a", "b", ".")
    assert weighed(seen({"a": 0.7, "b": 0.3}, labels), 0.1, 0.1) == pytest.approx([0.7, 0.3, 0.0])


def stroke(*points: tuple[float, float]) -> Stroke:
    return Stroke(np.array(points))


def test_the_line_is_that_of_the_tall_strokes_around() -> None:
    ones = [stroke((x, y), (x, y + 100)) for y in (0, 400) for x in (0, 50, 150)]
    dot = stroke((100, 450), (103, 453))
    lines = Surroundings([*ones, dot])
    assert lines.usual == 100
    joint = lines.weighed(seen({".": 0.9, "·": 0.1}), [dot])
    assert SUMS[int(joint.argmax())] == "·"
    low = stroke((100, 96), (103, 99))
    joint = Surroundings([*ones, low]).weighed(seen({".": 0.1, "·": 0.9}), [low])
    assert SUMS[int(joint.argmax())] == "."


def test_a_character_alone_is_what_the_network_sees() -> None:
    alone = [stroke((0, 0), (3, 100))]
    shares = seen({"1": 0.6, "/": 0.4})
    assert Surroundings(alone).weighed(shares, alone) == pytest.approx(shares.joint)
    assert Surroundings([stroke((5, 5))]).usual == 0
    assert Surroundings([]).usual == 0
