"""The line network: its lines, a tiny run that goes on, and its exported file."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from recognizer.files import SAVED_MODEL
from recognizer.labels import label_set
from recognizer.model.line_model import BLANK, LineNetwork
from recognizer.training import LABELS, LineConfig, SettingError, line_export, models, parse
from recognizer.training.collection import Collection
from recognizer.training.line_training import (
    ctc,
    greedy,
    train_lines,
)
from recognizer.training.made_lines import KIND_SHARES, NUMBER, PRINT, SUM, LineWriters
from recognizer.training.models.arithmetic import in_floats
from recognizer.training.models.line_network import line_network, take_over
from recognizer.training.train import RunError
from tests.samples import mnist

TINY = LineConfig(epochs=2, lines=64, batch=16, arithmetic="float32")


@pytest.fixture(scope="module")
def glyph_network() -> keras.Model:
    return models.load(SAVED_MODEL)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little to read, and all in this process."""
    import recognizer.training.line_training as room

    monkeypatch.setattr(room, "VALIDATION_LINES", 6)
    monkeypatch.setattr(room, "in_order", lambda work, jobs, chunk: (work(job) for job in jobs))


@pytest.mark.parametrize("kind", [*KIND_SHARES])
def test_a_line_depends_on_its_seed_alone(collection: Collection, kind: str) -> None:
    hands = LineWriters(collection, collection.learned)
    if kind not in (PRINT, *hands.kinds):
        pytest.skip("the made samples have none of that kind")
    first, second = (hands.line(kind, 4, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first.ink, second.ink)
    assert first.text == second.text and set(first.text) <= set(LABELS)
    assert first.picture.shape[0] == 28 and first.picture.max() == 255


def test_lines_of_digits_hold_digits_of_the_chosen_writers(collection: Collection) -> None:
    hands = LineWriters(collection, collection.validation)
    for seed in range(5):
        assert set(hands.line(NUMBER, 5, np.random.default_rng(seed)).text) <= set(
            label_set("digits")
        )


def test_sums_have_signs(collection: Collection) -> None:
    hands = LineWriters(collection, collection.learned)
    texts = "".join(hands.line(SUM, 6, np.random.default_rng(seed)).text for seed in range(20))
    assert len(set(texts) - set(label_set("digits"))) > 5


def test_it_begins_with_what_the_glyph_network_reads(glyph_network: keras.Model) -> None:
    network = line_network(len(LABELS) + 1)
    take_over(network, glyph_network)
    glyphs, digits = mnist()
    scores = np.asarray(network(glyphs[..., None].astype(np.float32) / 255))
    assert scores.shape == (len(glyphs), 1, len(LABELS) + 1)
    read_as = [LABELS[number - 1] for number in scores[:, 0, 1:].argmax(axis=1) + 1]
    right = [label == str(digit) for label, digit in zip(read_as, digits, strict=True)]
    assert np.mean(right) > 0.9
    assert network.count_params() <= 500_000


def test_the_loss_is_that_of_ctc_over_the_characters() -> None:
    scores = np.log(np.array([[[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]]], np.float32))
    # A 1 alone: 1 twice, 1 and paper, or paper and 1.
    expected = -np.log(0.5 * 0.3 + 0.5 * 0.6 + 0.2 * 0.3)
    loss = ops.convert_to_numpy(ctc(np.array([[1, BLANK]], np.int32), scores))
    np.testing.assert_allclose(loss, [expected], rtol=1e-5)
    both = ops.convert_to_numpy(ctc(np.array([[1, 2]], np.int32), scores))
    np.testing.assert_allclose(both, [-np.log(0.5 * 0.1) / 2], rtol=1e-5)


def test_the_likeliest_class_of_each_step_spells_the_text() -> None:
    path = [0, 3, 3, 0, 3, 5, 0]
    assert greedy(np.eye(8, dtype=np.float32)[None, path]) == [LABELS[2] * 2 + LABELS[4]]


@pytest.mark.usefixtures("few")
def test_a_run_goes_on_after_an_interruption_as_if_there_had_been_none(
    tmp_path: Path, collection: Collection, glyph_network: keras.Model
) -> None:
    whole = train_lines(tmp_path / "whole", TINY, collection, glyph_network)
    train_lines(tmp_path / "parted", TINY, collection, glyph_network, minutes=1e-9)
    parted = train_lines(tmp_path / "parted", TINY, collection, glyph_network)
    assert [epoch["loss"] for epoch in parted] == pytest.approx(
        [epoch["loss"] for epoch in whole], rel=1e-3
    )
    with pytest.raises(RunError, match="other settings"):
        train_lines(tmp_path / "whole", replace(TINY, seed=2), collection, glyph_network)


def test_the_exported_file_sees_what_keras_sees(glyph_network: keras.Model) -> None:
    network = line_network(len(LABELS) + 1)
    take_over(network, glyph_network)
    network = in_floats(network)
    exported = LineNetwork(
        line_export.quantized(line_export.line_reader_of(network)), Path("line.tflite")
    )
    glyphs, _ = mnist()
    for count in (1, 4, 13):
        strip = np.concatenate(glyphs[:count], axis=1)
        shown = (strip / np.float32(255))[None, :, :, None]
        expected = ops.convert_to_numpy(ops.softmax(network(shown)[0]))
        assert np.abs(exported.run(strip) - expected).max() < 0.05


def test_missing_characters_make_their_neighbours_wrong() -> None:
    assert line_export.rights("123", "123") == [True] * 3
    assert line_export.rights("124", "123") == [True, True, False]
    assert line_export.rights("13", "123") == [False, False]
    assert line_export.rights("1", "12") == [False]
    assert line_export.rights("1223", "123").count(False) == 1
    assert line_export.rights("", "1") == []


@pytest.mark.parametrize("wrong", ["epochs=0", "color=red", "lines=many"])
def test_settings_that_cannot_be_are_named(wrong: str) -> None:
    with pytest.raises(SettingError, match=wrong.split("=")[0]):
        LineConfig(**parse([wrong], LineConfig))
