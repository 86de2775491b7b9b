"""Training data have their groups, and toy data are digits that stand in for the real ones."""

from dataclasses import replace

import numpy as np
import pytest

from recognizer.evaluation import perturbations
from recognizer.training import LABELS, MNIST_ALONE, NO_DIGIT, NO_LABEL, composed, toy
from recognizer.training.collection import packed
from recognizer.training.synthesis import prepare
from tests.training.made import CONFIG, made_samples

WITH_WAYS = ("digits", "letters", "signs", "others")
ALL = replace(CONFIG, data="hands", pen_copies=2, letter_copies=0.4, sign_copies=1, variants=4)


@pytest.mark.usefixtures("little_drawn")
def test_each_kind_of_character_is_a_group_drawn_the_more_often_the_more_it_counts() -> None:
    samples = made_samples()
    collection = packed(samples, np.zeros(len(samples), dtype=bool))
    groups = prepare(collection, ALL).groups
    assert {name: group.glyphs.shape[0] for name, group in groups.items()} == {
        "mnist": 1,
        "scans": 1,
        "pictures": 1,
        "segments": 1,
        "others": 1,
        "digits": 4,
        "letters": 1,
        "signs": 2,
    }
    learned, drawn = collection.learned, ~collection.is_picture
    counts = {name: group.glyphs.shape[1] for name, group in groups.items()}
    assert counts["digits"] == (learned & drawn & collection.is_digit).sum()
    assert counts["letters"] == (learned & drawn & collection.is_letter).sum()
    assert counts["mnist"] == (learned & collection.of_sets("mnist")).sum()
    assert counts["scans"] == (learned & collection.of_sets("swiss")).sum()
    assert counts["pictures"] == 20
    assert counts["others"] == 12 + (learned & (collection.labels == NO_LABEL)).sum()
    for name, group in groups.items():
        assert group.glyphs.shape[1] == len(group.numbers)
        assert group.glyphs.shape[-1] == (5 if name in WITH_WAYS else 1)
        assert group.glyphs[..., 0].any(axis=(2, 3)).all(), name
    assert {NO_LABEL} <= set(groups["others"].numbers) <= {NO_LABEL, NO_DIGIT}
    assert NO_DIGIT in groups["segments"].numbers
    assert set(composed.SIGNS) <= {LABELS[number] for number in groups["signs"].numbers}


@pytest.mark.usefixtures("little_drawn")
def test_mnist_and_pen_have_digits_alone_and_repeat_with_their_seed() -> None:
    samples = made_samples()
    collection = packed(samples, np.zeros(len(samples), dtype=bool))
    groups = prepare(collection, replace(CONFIG, segment_share=0)).groups
    sizes = {name for name, group in groups.items() if len(group.numbers)}
    assert sizes == {"mnist", "digits", "letters", "signs", "others"}
    again = prepare(collection, replace(CONFIG, segment_share=0)).groups
    for name, group in groups.items():
        np.testing.assert_array_equal(group.glyphs, again[name].glyphs)
    assert not np.array_equal(groups["digits"].glyphs[0], groups["digits"].glyphs[1])


def test_the_toy_digits_are_glyphs_and_no_part_has_all() -> None:
    collection, test = toy.toy_collection(), toy.toy_test_images()
    parts = [collection.images(collection.learned), collection.images(collection.validation), test]
    assert [len(part.labels) for part in parts] == [1197, 300, 300]
    for part in parts:
        assert part.images.shape == (len(part.labels), 28, 28)
        assert set(part.labels.tolist()) == set(range(10))
        assert all(20 in np.ptp(np.argwhere(image > 0), axis=0) + 1 for image in part.images)


def test_the_ten_drawings_lie_in_the_corners_of_their_tablets() -> None:
    drawings = toy.toy_drawings()
    assert "".join(drawing.label for drawing in drawings) == "0123456789"
    middles = [np.concatenate([s.points for s in d.strokes]).mean(axis=0) > 250 for d in drawings]
    assert [tuple(middle) for middle in middles[:4]] == [
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    ]


def test_a_canvas_made_small_keeps_size_and_place_and_a_glyph_does_not() -> None:
    drawings = toy.toy_drawings()
    for images, side in (
        (perturbations.whole_canvas(drawings), range(8, 16)),
        (perturbations.normalized(drawings), [20]),
    ):
        assert images.images.shape == (10, 28, 28)
        for image in images.images:
            assert max(np.ptp(np.argwhere(image > 60), axis=0) + 1) in side


def test_of_toy_data_a_network_can_learn() -> None:
    config = replace(CONFIG, data=MNIST_ALONE, mnist_images=1000)
    (group,) = prepare(toy.toy_collection(), config).groups.values()
    assert group.glyphs.shape == (1, 1000, 28, 28, 1)
    drawings = toy.toy_collection().drawings(toy.toy_collection().validation)
    assert "".join(drawing.label for drawing in drawings) == "0123456789"
