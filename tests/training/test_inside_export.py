"""What Inside shows of a network: its maps and its evidence are Keras', its drawings are free."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from recognizer.datasets import Sample
from recognizer.files import SAVED_MODEL
from recognizer.labels import label_set
from recognizer.model import Floats, card
from recognizer.model.card import CARD_FILE, INSIDE_FILES, KERAS_FILE
from recognizer.model.neighbours import Neighbours
from recognizer.model.stages import SeenStages, Stages, asked_for_one
from recognizer.strokes import Stroke
from recognizer.training import LABELS, inside_export
from recognizer.training.collection import Collection, packed
from recognizer.training.inside_export import InsideError, chosen, write
from recognizer.training.models import networks
from recognizer.training.models.stages_network import EVIDENCE_STAGE, map_outputs, stages_network
from recognizer.training.validation import plain
from tests.samples import pen_digits
from tests.training.made import made_images, serially

DIGITS = label_set("digits")
CHANNELS, CLASSES = 5, len(DIGITS) + 1


@pytest.fixture(scope="module")
def model() -> Iterator[keras.Model]:
    """Our network, but slim, with weights as after some training: normalization does something."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(networks, "OUR_FILTERS", (4, 6, 6, 6, 8, 8, 8))
        keras.utils.set_random_seed(5)
        slim = networks.ours(0.2, CHANNELS, CLASSES)
    rng = np.random.default_rng(7)
    for layer in slim.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            shapes = [weight.shape for weight in layer.get_weights()]
            layer.set_weights([rng.uniform(0.4, 1.2, shape) for shape in shapes])
    yield networks.mean_of_branches(slim)


@pytest.fixture(scope="module")
def collection() -> Collection:
    """Drawings by ten writers of two sets, pictures of MNIST, and a set that nobody may hand on."""
    samples = [
        Sample(str(digit), name, f"{name}/{at % 10}", strokes=tuple(map(Stroke, lines)))
        for name in ("pendigits", "uji", "secret")
        for at, (lines, digit) in enumerate(pen_digits())
    ]
    samples += [
        Sample(str(label), "mnist", f"mnist/{at % 5}", picture=image)
        for at, (image, label) in enumerate(
            zip(made_images(10, 1).images, made_images(10, 1).labels, strict=True)
        )
    ]
    doubtful = np.zeros(len(samples), dtype=bool)
    doubtful[0] = True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recognizer.training.collection.in_parallel", serially)
        return packed(samples, doubtful)


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory, model: keras.Model, collection: Collection
) -> Path:
    """The model's folder with what Inside shows."""
    found = tmp_path_factory.mktemp("model")
    model.save(found / KERAS_FILE)
    content = card.read(SAVED_MODEL / CARD_FILE)
    told = {
        "labels": list(DIGITS),
        "channels": CHANNELS,
        "files": {KERAS_FILE: card.sha256((found / KERAS_FILE).read_bytes())},
    }
    card.write(found / CARD_FILE, content | told)
    write(found, collection)
    return found


def glyphs(count: int) -> Floats:
    """Drawings with directions, (n, 28, 28, 5) in 0..1."""
    rng = np.random.default_rng(11)
    images = np.zeros((count, 28, 28, CHANNELS), np.float32)
    images[:, 4:24, 6:22] = rng.random((count, 20, 16, CHANNELS)) > 0.7
    return images


def gradient_evidence(model: keras.Model, glyph: Floats, asked: Floats) -> Floats:
    """The maps times the gradient of the branches' mean score, by TensorFlow's own gradient."""
    scoring = networks.scoring_layers(model)
    watched = map_outputs(model)[EVIDENCE_STAGE][0]
    part = keras.Model(model.input, [watched, [layer.input for layer in scoring]])
    with tf.GradientTape() as tape:
        seen, features = part(tf.constant(glyph[None]), training=False)
        scores = [
            tf.reduce_sum(before @ tf.constant(layer.get_weights()[0] @ asked)[:, None])
            for before, layer in zip(features, scoring, strict=True)
        ]
        score = sum(scores) / len(scores)
    gradient = tape.gradient(score, seen)
    return np.asarray(tf.reduce_sum(gradient * seen, axis=3)[0], np.float32)


def one_against(answer: int, other: int) -> Floats:
    asked = np.zeros(CLASSES, np.float32)
    asked[answer], asked[other] = 1, -1
    return asked


def test_the_evidence_is_the_gradient_that_keras_computes(model: keras.Model) -> None:
    network = stages_network(model)
    assert network is not None
    for number, glyph in enumerate(glyphs(6)):
        asked = one_against(number, number + 3)
        found = np.asarray(network([glyph[None], asked[None]])["evidence"])[0]
        expected = gradient_evidence(model, glyph, asked)
        assert np.abs(expected).max() > 0
        np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(expected).max())


def test_the_file_shows_the_maps_and_the_evidence_of_keras(
    folder: Path, model: keras.Model
) -> None:
    stages = Stages(folder, card.load(folder))
    outputs = map_outputs(model)
    part = keras.Model(model.input, [each for stage in outputs for each in stage])
    for number, glyph in enumerate(glyphs(4)):
        picture = np.round(255 * glyph).astype(np.uint8)
        asked = one_against(number, number + 1)
        seen = stages.see(picture[..., 0], picture[..., 1:], asked[:-1])
        assert [maps.shape[2] for maps in seen.maps] == [4, 6, 6, 12, 16, 16, 16]
        expected = gradient_evidence(model, glyph, asked)
        assert np.corrcoef(seen.evidence.ravel(), expected.ravel())[0, 1] > 0.97
        found = iter(part(glyph[None]))
        for maps, stage in zip(seen.maps, outputs, strict=True):
            own = np.concatenate([np.asarray(next(found))[0] for _ in stage], axis=2)
            assert np.abs(maps - own).max() < 0.06 * max(own.max(), 1)


def test_the_card_names_the_files_and_tells_of_each_stage(folder: Path) -> None:
    content = card.read(folder / CARD_FILE)
    for name in INSIDE_FILES:
        assert content["files"][name] == card.sha256((folder / name).read_bytes())
    stages = content["stages"]
    assert [each["side"] for each in stages] == [26, 12, 10, 8, 6, 4, 2]
    assert [each["sees_px"] for each in stages] == [3, 5, 9, 13, 17, 21, 25]
    assert all(sorted(each["liveliest"]) == [*range(each["maps"])] for each in stages)
    assert "CC BY 4.0" in str(content["similar"])


def test_the_drawings_are_free_and_none_is_a_validation_writers_or_doubtful(
    collection: Collection, folder: Path
) -> None:
    numbers = np.array(chosen(collection, DIGITS))
    assert len(numbers) == len(set(numbers.tolist())) > 10
    assert collection.learned[numbers].all() and not collection.is_picture[numbers].any()
    names = set(collection.set_names[collection.sets[numbers]].tolist())
    assert names == {"pendigits", "uji"}
    size = (folder / INSIDE_FILES[1]).stat().st_size
    assert size <= inside_export.MAX_SIMILAR_BYTES


def test_a_drawing_that_was_learned_from_is_most_like_itself(
    folder: Path, collection: Collection
) -> None:
    known = card.load(folder)
    neighbours, stages = Neighbours.load(folder, known), Stages(folder, known)
    number = chosen(collection, DIGITS)[0]
    glyph = plain((collection.drawn(number), float(collection.shares[number])))
    asked = np.zeros(len(DIGITS), np.float32)
    seen = stages.see(glyph[..., 0], glyph[..., 1:], asked)
    found = neighbours.nearest(seen.features, 3)
    assert found[0].label == LABELS[collection.labels[number]]
    assert found[0].similarity > 0.98 and "CC BY" in found[0].source


def test_labels_take_turns_among_writers_and_large_files_get_fewer(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inside_export, "MAX_PER_DIGIT", 2)
    numbers = chosen(collection, DIGITS)
    writers = {(int(collection.labels[at]), int(collection.writers[at])) for at in numbers}
    assert len(writers) == len(numbers) <= 20
    features = np.ones((len(numbers), 8), np.float32)
    size = len(inside_export._neighbours(collection, numbers, features))
    monkeypatch.setattr(inside_export, "MAX_SIMILAR_BYTES", size - 100)
    assert len(inside_export._neighbours(collection, numbers, features)) <= size - 100


def test_a_network_without_branches_and_data_that_are_not_free_are_refused(
    tmp_path: Path, folder: Path, collection: Collection
) -> None:
    free = collection.of_sets("mnist", "secret")
    kept = replace(collection, doubtful=collection.doubtful | ~free)
    with pytest.raises(InsideError, match="licence"):
        chosen(kept, DIGITS)
    shutil.copytree(folder, tmp_path / "mlp")
    dense = networks.mlp(0.0, 1, len(DIGITS))
    dense.save(tmp_path / "mlp" / KERAS_FILE)
    content = card.read(folder / CARD_FILE)
    content["files"][KERAS_FILE] = card.sha256((tmp_path / "mlp" / KERAS_FILE).read_bytes())
    card.write(tmp_path / "mlp" / CARD_FILE, content)
    with pytest.raises(InsideError, match="branches"):
        write(tmp_path / "mlp", collection)


def test_labels_that_count_for_one_answer_share_what_is_asked() -> None:
    labels = ("0", "1", "O")
    asked = asked_for_one(np.array([0.2, 0.2, 0.6], np.float32), labels, ("0", "1"), "0", "1")
    np.testing.assert_allclose(asked, [0.25, -1, 0.75], atol=1e-6)
    alone = asked_for_one(np.array([0.2, 0.2, 0.6], np.float32), labels, ("0", "1"), "1")
    np.testing.assert_allclose(alone, [0, 1, 0], atol=1e-6)


def test_evidence_lies_over_the_glyph_where_its_place_is(folder: Path) -> None:
    facts = Stages(folder, card.load(folder)).facts
    evidence = np.zeros((12, 12), np.float32)
    evidence[3, 7] = 2
    seen = SeenStages(facts, (), evidence)
    laid = seen.evidence_at(28)
    # The pixel of the glyph in the middle of what this place looks at: 5 × 5 from (6, 14) on.
    assert divmod(int(laid.argmax()), 28) == (8, 16)
    assert laid.max() == pytest.approx(2) and seen.share_for == 1
