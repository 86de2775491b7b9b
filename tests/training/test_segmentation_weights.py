"""Segments of touching digits, and the weights by which lines are cut into characters."""

from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from recognizer import Recognizer, glyph
from recognizer.datasets import Drawing
from recognizer.files import SAVED_MODEL
from recognizer.images.lines import Component
from recognizer.model.card import MODEL_FILE
from recognizer.segmentation.lattice import FEATURES
from recognizer.strokes import Stroke
from recognizer.training import NO_DIGIT, made_numbers, segmentation_weights
from tests.samples import changed, copied_model, number, pen_digits, written

DRAWINGS = [
    Drawing(tuple(Stroke(points) for points in strokes), str(digit), 1)
    for strokes, digit in pen_digits()
]


@pytest.fixture(scope="module")
def cut() -> list[made_numbers.LabelledSegment]:
    return [
        segment
        for number in made_numbers.some_numbers(DRAWINGS, 12, 1)
        for segment in made_numbers.segments_of(number)
    ]


def test_numbers_repeat_with_their_seed_and_are_of_one_writer() -> None:
    others = [Drawing(drawing.strokes, drawing.label, 2) for drawing in DRAWINGS]
    first = made_numbers.some_numbers([*DRAWINGS, *others], 20, 3)
    again = made_numbers.some_numbers([*DRAWINGS, *others], 20, 3)
    assert [number.digits for number in first] == [number.digits for number in again]
    assert all(len({drawing.writer for drawing in number.digits}) == 1 for number in first)
    assert {len(number.digits) for number in first} == {2, 3, 4}
    np.testing.assert_array_equal(
        made_numbers.text_line(first[0]).ink, made_numbers.text_line(again[0]).ink
    )


def test_segments_are_glyphs_of_digits_and_of_what_is_none(
    cut: list[made_numbers.LabelledSegment],
) -> None:
    labels = np.bincount([label for _, label in cut])
    assert len(labels) == NO_DIGIT + 1
    assert labels[:10].sum() + labels[NO_DIGIT] == len(cut)
    assert labels[NO_DIGIT] > 20
    assert (labels[:10] > 0).sum() >= 5
    for image, _ in cut:
        np.testing.assert_array_equal(glyph.normalize(image), image)


def test_a_segment_with_the_whole_of_a_digit_is_that_digit() -> None:
    """Far apart, every digit is a component of its own, and nothing needs to be cut."""
    number = made_numbers.some_numbers(DRAWINGS, 1, 5)[0]
    inks = made_numbers._written(number.digits, np.random.default_rng(number.seed))
    for own, drawing in zip(inks, number.digits, strict=True):
        columns, rows = np.flatnonzero(own.any(axis=0)), np.flatnonzero(own.any(axis=1))
        box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        whole = Component(own[box], int(columns[0]), int(rows[0]))
        assert str(made_numbers._class(whole, 0.9, inks, number.digits)) == drawing.label
        half = own[box][: len(rows) // 3]
        if not made_numbers._is_bar(half):
            part = Component(half, int(columns[0]), int(rows[0]))
            assert made_numbers._class(part, 0.9, inks, number.digits) == NO_DIGIT


@pytest.mark.parametrize(
    ("size", "expected"), [((40, 6), True), ((6, 40), False), ((20, 18), False)]
)
def test_an_upright_bar_may_be_read_as_one(size: tuple[int, int], expected: bool) -> None:
    assert made_numbers._is_bar(np.full(size, 255, np.uint8)) is expected


def test_a_single_pixel_is_no_bar() -> None:
    assert not made_numbers._is_bar(np.full((1, 1), 255, np.uint8))


def _lattice(seed: int, right_is: float) -> segmentation_weights.Lattice:
    """Two segments: two digits, or one; feature 1 is low for what is right."""
    rng = np.random.default_rng(seed)
    spans = np.array([[0, 1], [1, 2], [0, 2]])
    features = np.column_stack([np.ones(3), rng.normal([right_is, right_is, 2], 0.1)])
    return segmentation_weights.Lattice(
        spans, features, np.array([[1, 0], [0, 1], [0, 0]], dtype=bool), 2
    )


def test_the_weights_found_make_the_right_ways_the_likeliest() -> None:
    lattices = [_lattice(seed, 0.3) for seed in range(20)]
    weights = segmentation_weights.fit_segmentation_weights(lattices, np.zeros(2))
    for lattice in lattices:
        costs = lattice.features @ weights
        assert costs[0] + costs[1] < costs[2]


def test_the_loss_is_that_of_all_ways_counted_out_and_its_gradient_fits() -> None:
    lattice, weights = _lattice(1, 0.5), np.array([0.4, -0.7])
    scores = -(lattice.features @ weights)
    ways = np.array([scores[0] + scores[1], scores[2]])
    loss, gradient = segmentation_weights._loss(lattice, weights)
    assert loss == pytest.approx(np.log(np.exp(ways).sum()) - ways[0])
    np.testing.assert_allclose(
        gradient,
        approx_fprime(weights, lambda w: segmentation_weights._loss(lattice, w)[0], 1e-6),
        atol=1e-4,
    )


def test_a_number_that_cannot_be_read_rightly_teaches_nothing() -> None:
    lattice = _lattice(1, 0.5)
    hopeless = segmentation_weights.Lattice(
        lattice.spans, lattice.features, np.zeros((3, 2), bool), 2
    )
    start = np.array([0.5, 0.5])
    np.testing.assert_allclose(
        segmentation_weights.fit_segmentation_weights([hopeless], start), 0, atol=1e-4
    )


def test_numbers_have_as_many_digits_as_asked_for() -> None:
    found = made_numbers.some_numbers(DRAWINGS, 60, 4, (1, 3))
    assert {len(number.digits) for number in found} == {1, 2, 3}


def test_the_features_of_a_number_are_those_that_its_reader_weighs() -> None:
    number = made_numbers.some_numbers(DRAWINGS, 1, 2)[0]
    content = (SAVED_MODEL / MODEL_FILE).read_bytes()
    lattice = segmentation_weights.LatticeReader(content).read(number)
    assert lattice.features.shape == (len(lattice.spans), len(FEATURES))
    assert lattice.right.shape == (len(lattice.spans), len(number.digits))
    assert lattice.spans.min() == 0
    assert lattice.spans.max() == lattice.end


def test_fitted_from_plain_costs_a_good_network_reads_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = (copied_model(tmp_path) / MODEL_FILE).read_bytes()
    monkeypatch.setattr(segmentation_weights, "SAVED_MODEL", tmp_path / "none")
    changed(tmp_path, segmentation=segmentation_weights.fitted_segmentation(content, DRAWINGS, 50))
    recognizer = Recognizer(tmp_path)
    digits = (5, 0, 4, 7, 1)
    strokes = [stroke for strokes in number(digits, gap=0) for stroke in strokes]
    assert recognizer.read_strokes(strokes, extent=(900, 240)).text == "50471"
    assert recognizer.read_image(255 - written("50471", gap=0.02)).text == "50471"
