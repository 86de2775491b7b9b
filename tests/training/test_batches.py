"""Epochs repeat, hold of each group what the settings say, and want what is known to be right."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from recognizer.labels import ALL_LABELS, label_set
from recognizer.training import (
    AFFINE,
    LABELS,
    MNIST_ALONE,
    NO_DIGIT,
    NO_LABEL,
    NO_VARIATION,
    Config,
)
from recognizer.training.batches import Epoch, target_rows
from recognizer.training.synthesis import Group, TrainingData
from tests.training.made import CONFIG, alone, made_data, made_images, with_ways

PLAIN = replace(CONFIG, augmentation=NO_VARIATION)


def marked(n: int, mark: int) -> Group:
    """Samples that are blank but for one pixel, which tells which they are."""
    glyphs = np.zeros((n, 28, 28), np.uint8)
    glyphs[np.arange(n), mark, np.arange(n) % 28] = 1 + np.arange(n)
    return Group(glyphs[None, ..., None], np.full(n, mark, np.uint8))


def held(config: Config, data: TrainingData, epoch: int) -> Counter[bytes]:
    """How often an epoch holds each ink."""
    batches = Epoch(config, data, epoch)
    shown = [batches[at][0]["glyphs"][..., 0] for at in range(len(batches))]
    return Counter(ink.tobytes() for batch in shown for ink in batch)


def test_few_samples_are_one_batch() -> None:
    batches = Epoch(replace(PLAIN, batch=1000), made_data(), 0)
    assert len(batches) == 1 and 0 < len(batches[0][1]) < 1000


def test_an_epoch_repeats_and_the_next_is_another() -> None:
    data = made_data()

    def batch(epoch: int, number: int = 0) -> list[np.ndarray]:
        inputs, targets = Epoch(CONFIG, data, epoch)[number]
        return [*inputs.values(), targets]

    inputs, targets = Epoch(CONFIG, data, 0)[0]
    assert inputs["glyphs"].shape == (16, 28, 28, 5)
    assert inputs["glyphs"].dtype == np.uint8
    assert {name: values.shape for name, values in inputs.items() if name != "glyphs"} == {
        "matrix": (16, 2, 3),
        "bend": (16, 2, 5, 5),
        "pen": (16, 4),
    }
    assert targets.shape == (16, 11)
    assert set(np.unique(targets)) == {0, 1}
    assert (targets.sum(axis=1) >= 1).all()
    for a, b in zip(batch(0), batch(0), strict=True):
        np.testing.assert_array_equal(a, b)
    for other in (batch(1), batch(0, 1)):
        assert not any(np.array_equal(a, b) for a, b in zip(batch(0)[:4], other[:4], strict=True))
    seeded = Epoch(replace(CONFIG, seed=4), data, 0)[0][0]
    assert not np.array_equal(seeded["matrix"], inputs["matrix"])


def test_an_epoch_holds_each_group_as_often_as_its_copies_and_shares_say() -> None:
    data = TrainingData(
        {
            "mnist": marked(20, 1),
            "digits": marked(10, 2),
            "letters": marked(10, 3),
            "signs": marked(4, 4),
            "scans": marked(5, 5),
            "pictures": marked(10, 6),
            "others": marked(9, 7),
            "segments": marked(8, 8),
        }
    )
    config = replace(
        PLAIN,
        mnist_copies=1.5,
        pen_copies=2.5,
        letter_copies=0.4,
        sign_copies=1.0,
        scan_copies=3.0,
        picture_copies=0.0,
        out_of_distribution_share=0.1,
        segment_share=0.25,
        batch=1,
    )
    expected = {1: 30, 2: 25, 3: 4, 4: 4, 5: 15, 7: round(0.1 * 78), 8: round(0.25 * 78)}
    parts = []
    for epoch in range(3):
        found = held(config, data, epoch)
        counts: Counter[int] = Counter()
        for ink, times in found.items():
            counts[int(np.frombuffer(ink, np.uint8).argmax()) // 28] += times
        assert counts == expected
        parts.append({ink for ink in found if np.frombuffer(ink, np.uint8).argmax() // 28 == 3})
        often = [n for ink, n in found.items() if np.frombuffer(ink, np.uint8).argmax() // 28 == 2]
        assert sorted(often) == [2] * 5 + [3] * 5
    assert parts[0] != parts[1]


def test_variants_take_turns() -> None:
    images = made_images(8, 1)
    other = images.images.copy()
    other[:, 0, 0] = 9
    group = Group(np.stack([images.images, other])[..., None], images.labels)
    found = held(replace(PLAIN, batch=8), TrainingData({"mnist": group}), 0)
    second = sum(n for ink, n in found.items() if ink[0] == 9)
    assert 0 < second < 8


def test_directions_are_blanked_of_a_share_and_the_ink_never() -> None:
    images = made_images(200, 1)
    group = Group(with_ways(images.images)[None], images.labels)
    config = replace(PLAIN, batch=200, pen_copies=1)
    data = TrainingData({"digits": group})
    shown = Epoch(config, data, 0)[0][0]["glyphs"]
    there = shown[..., 1:].any(axis=(1, 2, 3))
    assert there.mean() == pytest.approx(config.direction_share, abs=0.1)
    assert shown[..., 0].any(axis=(1, 2)).all()
    np.testing.assert_array_equal(shown[there], with_ways(shown[there][..., 0]))
    for share, some in ((1.0, True), (0.0, False)):
        known = Epoch(replace(config, direction_share=share), data, 0)[0][0]["glyphs"]
        assert known[..., 1:].any(axis=(1, 2, 3)).all() == some
    ink = Epoch(replace(config, channels=1), data, 0)[0][0]["glyphs"]
    assert ink.shape == (200, 28, 28, 1)


def test_segments_that_are_no_digit_may_be_anything_else_and_the_others_are_their_digit() -> None:
    data = made_data()
    config = replace(PLAIN, batch=58, pen_copies=0, out_of_distribution_share=0)
    inputs, targets = Epoch(config, data, 0)[0]
    pictures, segments = data.groups["mnist"], data.groups["segments"]
    among_segments = 0
    for image, target in zip(inputs["glyphs"][..., 0], targets, strict=True):
        if any(np.array_equal(image, digit) for digit in pictures.glyphs[0, ..., 0]):
            assert target.sum() == 1
            continue
        (number,) = {
            int(label)
            for one, label in zip(segments.glyphs[0, ..., 0], segments.numbers, strict=True)
            if np.array_equal(image, one)
        }
        among_segments += 1
        digit = np.eye(11)[number if number < 10 else 10]
        np.testing.assert_array_equal(target, digit)
    assert among_segments == 10


def test_every_branch_is_to_give_the_same_targets() -> None:
    def targets(branches: int | None) -> np.ndarray:
        return Epoch(CONFIG, made_data(), 0, branches=branches)[0][1]

    assert targets(2).shape == (16, 2, 11)
    for branch in range(2):
        np.testing.assert_array_equal(targets(2)[:, branch], targets(None))


def test_each_sample_varies_by_another_strength() -> None:
    data = made_data()
    mild = Epoch(CONFIG, data, 0, (0.0, 0.1))[0][0]
    full = Epoch(CONFIG, data, 0)[0][0]
    off = [np.abs(each["matrix"][:, :, :2] - np.eye(2)).max(axis=(1, 2)) for each in (mild, full)]
    assert off[0].max() < 0.05 < off[1].max()
    assert len(np.unique(off[0].round(5))) > 10
    turned = Epoch(replace(CONFIG, augmentation=AFFINE), data, 0)[0][0]
    assert not turned["bend"].any()


def test_mnist_alone_without_variation_is_learned_from_as_it_is() -> None:
    images = made_images(32, 3)
    config = replace(PLAIN, data=MNIST_ALONE, channels=1, batch=32)
    epoch = Epoch(config, alone(images), 0)
    inputs, targets = epoch[0]
    assert len(epoch) == 1
    assert set(inputs) == {"glyphs"}
    assert sorted(targets.argmax(axis=1)) == sorted(images.labels)
    assert {ink.tobytes() for ink in inputs["glyphs"][..., 0]} == {
        image.tobytes() for image in images.images
    }


@pytest.mark.parametrize("labels", [ALL_LABELS, label_set("digits")], ids=["all", "digits"])
def test_one_class_is_right_for_a_label_and_for_what_has_none(labels: tuple[str, ...]) -> None:
    rows = target_rows(labels, len(labels) + 1)
    assert rows.shape == (len(LABELS) + 2, len(labels) + 1)
    for number, label in enumerate(LABELS):
        place = labels.index(label) if label in labels else len(labels)
        np.testing.assert_array_equal(rows[number], np.eye(len(labels) + 1)[place])
    np.testing.assert_array_equal(rows[NO_LABEL], np.eye(len(labels) + 1)[-1])


def test_what_is_no_digit_may_be_anything_but_digits_and_what_looks_like_them() -> None:
    row = target_rows(ALL_LABELS, len(ALL_LABELS) + 1)[NO_DIGIT]
    right = {label for label, allowed in zip(ALL_LABELS, row, strict=False) if allowed}
    assert row[-1] == 1
    assert right.isdisjoint("0123456789OolIZzSsbgq/")
    assert set("ACDEFxXyYw+−=(%") <= right


def test_without_a_class_for_none_what_is_no_digit_wants_nothing() -> None:
    assert target_rows(label_set("digits"), 10)[NO_DIGIT].sum() == 0
