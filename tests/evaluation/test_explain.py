"""What is shown of a network lies where it belongs."""

import keras
import numpy as np

from recognizer import Recognizer
from recognizer.evaluation import explain
from recognizer.files import SAVED_MODEL
from recognizer.model.line_model import LineModel
from recognizer.training.models import networks
from tests.samples import written


def watching_network() -> keras.Model:
    """Two convolutions that look at single pixels, and an answer that counts what is left."""
    glyphs = keras.Input((28, 28, 1))
    x = keras.layers.ReLU()(keras.layers.Conv2D(1, 3, use_bias=False)(glyphs))
    x = keras.layers.ReLU()(keras.layers.Conv2D(1, 3, strides=2, use_bias=False)(x))
    counted = keras.layers.Dense(10, name="digits")(keras.layers.Flatten()(x))
    model = keras.Model(glyphs, counted)
    pixel = np.zeros((3, 3, 1, 1), dtype=np.float32)
    pixel[1, 1] = 1
    model.set_weights([pixel, pixel, np.ones((144, 10)), np.zeros(10)])
    return model


def test_grad_cam_finds_the_only_evidence_where_it_is() -> None:
    dot = np.zeros((1, 28, 28), dtype=np.uint8)
    dot[0, 10, 16] = 255
    model = watching_network()
    evidence = explain.grad_cam(model, explain.deepest_maps(model, 12), dot, np.array([3]))
    assert evidence.shape == (1, 28, 28)
    assert np.unravel_index(evidence[0].argmax(), (28, 28)) == (10, 16)
    assert evidence.max() == 1


def test_grad_cam_counts_the_evidence_of_every_branch() -> None:
    glyphs = keras.Input((28, 28, 1))
    shared = keras.layers.ReLU()(keras.layers.Conv2D(1, 3, use_bias=False)(glyphs))
    # One branch has nothing to say of a 3, the other counts what it sees.
    branches = []
    for counts in (0, 1):
        seen = keras.layers.ReLU()(keras.layers.Conv2D(1, 3, strides=2, use_bias=False)(shared))
        branch = keras.layers.Dense(10, activation="softmax")
        branches.append(keras.layers.Reshape((1, 10))(branch(keras.layers.Flatten()(seen))))
        branch.set_weights([np.full((144, 10), counts * np.eye(10)[3]), np.zeros(10)])
    learner = keras.Model(glyphs, keras.layers.Concatenate(axis=1)(branches))
    pixel = np.zeros((3, 3, 1, 1), dtype=np.float32)
    pixel[1, 1] = 1
    for layer in learner.layers:
        if isinstance(layer, keras.layers.Conv2D):
            layer.set_weights([pixel])
    dot = np.zeros((1, 28, 28), dtype=np.uint8)
    dot[0, 10, 16] = 255
    model = networks.mean_of_branches(learner)
    for watched in (explain.deepest_maps(model, 12), explain.map_layers(model)[:1]):
        evidence = explain.grad_cam(model, watched, dot, np.array([3]))
        assert np.unravel_index(evidence[0].argmax(), (28, 28)) == (10, 16)
        assert evidence.max() == 1
    assert len(explain.deepest_maps(model, 12)) == 2


def test_grad_cam_of_nothing_is_nothing() -> None:
    model = watching_network()
    blank = np.zeros((2, 28, 28), dtype=np.uint8)
    assert not explain.grad_cam(model, explain.map_layers(model)[:1], blank, np.array([0, 1])).any()


def test_filters_that_see_the_same_are_shown_once() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.random((2, 5, 5))
    maps = np.stack([2 * one, one, other, np.zeros((5, 5))], axis=2).astype(np.float32)
    assert explain.unlike(maps, 2) == [0, 2]


def test_a_line_is_shown_with_each_character_where_it_stands_on_the_strip() -> None:
    seen = explain.seen_line(written("2047"), LineModel(SAVED_MODEL), Recognizer())
    assert [span.number - 1 for span in seen.spans] == [2, 0, 4, 7]
    assert seen.steps.shape == ((seen.strip.shape[1] - 28) // 2 + 1, 12)
    np.testing.assert_allclose(seen.steps.sum(axis=1), 1, atol=1e-4)
    assert [box.x for box in seen.boxes] == sorted(box.x for box in seen.boxes)
    for span, box in zip(seen.spans, seen.boxes, strict=True):
        left, right = seen.reach(span.first, span.last)
        assert box.x < (left + right) / 2 < box.right
        columns = seen.strip[:, round(box.x) : round(box.right)].max(axis=0)
        assert np.mean(columns > 60) > 0.9
        assert box.y >= 0 and box.bottom <= 28


def test_the_steps_of_a_line_cover_it_but_for_its_margins() -> None:
    seen = explain.seen_line(written("11"), LineModel(SAVED_MODEL), Recognizer())
    first, last = seen.reach(0, len(seen.steps) - 1)
    assert first == 13 and 13 <= seen.strip.shape[1] - last <= 14
