"""The ruling network: its pages, a tiny run that goes on, and its exported file."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from recognizer.images.ruling import shown_to_network
from recognizer.model import card
from recognizer.model.ruling_model import RULING_CARD_FILE, RulingModel
from recognizer.training import RulingConfig, ruling_export
from recognizer.training.collection import Collection
from recognizer.training.made_lines import LineWriters
from recognizer.training.made_pages import SIDE_PX, made_page
from recognizer.training.models.ruling_network import ruling_network
from recognizer.training.ruling_training import ink_loss, train_ruling
from recognizer.training.train import LAST_FILE, RunError

TINY = RulingConfig(epochs=2, pages=32, batch=16)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little to look at, and all in this process."""
    import recognizer.training.ruling_training as room

    monkeypatch.setattr(room, "VALIDATION_PAGES", 4)
    monkeypatch.setattr(room, "in_order", lambda work, jobs, chunk: (work(job) for job in jobs))


def test_a_page_depends_on_its_seed_alone(collection: Collection) -> None:
    writers = LineWriters(collection, collection.learned)
    for seed in range(5):
        first, second = (made_page(writers, np.random.default_rng(seed)) for _ in range(2))
        for one, other in zip(first, second, strict=True):
            np.testing.assert_array_equal(one, other)


def test_pages_tell_what_of_their_ink_is_written(collection: Collection) -> None:
    writers = LineWriters(collection, collection.learned)
    pages = [made_page(writers, np.random.default_rng(seed)) for seed in range(80)]
    assert {page.picture.shape for page in pages} == {(SIDE_PX, SIDE_PX)}
    for page in pages:
        assert {*np.unique(page.is_written)} <= {0, 1}
        assert not page.weights[page.picture == 0].any()
    written = [int(((page.is_written > 0) & (page.picture > 0)).sum()) for page in pages]
    printed = [int(((page.is_written == 0) & (page.picture > 0)).sum()) for page in pages]
    # Most have both; some have nothing printed on them, and few nothing written.
    assert sum(count > 50 for count in written) > 60
    assert 20 < sum(count > 200 for count in printed) < 75


def test_ink_is_shown_black_whatever_pen_it_is_of() -> None:
    ink = np.zeros((40, 40), np.uint8)
    ink[10:30, 18:22] = 90
    seen = shown_to_network(ink)
    assert seen[20, 20] == 255 and seen[0, 0] == 0
    assert not shown_to_network(0 * ink).any()


def test_the_loss_is_that_of_the_ink_alone() -> None:
    scores = np.array([[[[2.0], [-1.0]], [[30.0], [0.0]]]], np.float32)
    targets = np.array([[[[1, 1], [0, 3]], [[0, 0], [1, 0]]]], np.uint8)
    expected = (np.log1p(np.exp(-2.0)) + 3 * np.log1p(np.exp(-1.0))) / (4 + 1)
    np.testing.assert_allclose(ops.convert_to_numpy(ink_loss(targets, scores)), expected, 1e-5)


@pytest.mark.usefixtures("few")
def test_a_run_goes_on_after_an_interruption_as_if_there_had_been_none(
    tmp_path: Path, collection: Collection
) -> None:
    whole = train_ruling(tmp_path / "whole", TINY, collection)
    train_ruling(tmp_path / "parted", TINY, collection, minutes=1e-9)
    parted = train_ruling(tmp_path / "parted", TINY, collection)
    assert [epoch["loss"] for epoch in parted] == pytest.approx(
        [epoch["loss"] for epoch in whole], rel=1e-3
    )
    assert whole[1]["loss"] < whole[0]["loss"]
    with pytest.raises(RunError, match="other settings"):
        train_ruling(tmp_path / "whole", replace(TINY, seed=2), collection)
    ruling_export.export(tmp_path / "whole", tmp_path / "out", TINY, whole, collection)
    learner = keras.models.load_model(tmp_path / "whole" / LAST_FILE, compile=False)
    model = RulingModel(tmp_path / "out")
    assert card.read(tmp_path / "out" / RULING_CARD_FILE)["history"]
    for side in (SIDE_PX, 64):
        page = made_page(LineWriters(collection, collection.learned), np.random.default_rng(4))
        shown = page.picture[:side, :side]
        expected = ops.convert_to_numpy(ops.sigmoid(learner(shown[None, ..., None])))[0, ..., 0]
        assert np.abs(model.see(shown) - expected).max() < 0.05


def test_it_is_small_and_keeps_the_size_of_a_page() -> None:
    network = ruling_network()
    assert network.count_params() <= 800_000
    assert network(np.zeros((1, 96, 160, 1), np.float32)).shape == (1, 96, 160, 1)
