"""A model is promoted only if it reads as well as the saved one."""

import shutil
from pathlib import Path

import pytest

from recognizer import evaluation
from recognizer.datasets import Sample, catalog
from recognizer.datasets.catalog import LOADERS
from recognizer.files import SAVED_MODEL
from recognizer.model import card
from recognizer.model.card import CARD_FILE, INSIDE_FILES, KERAS_FILE, MODEL_FILES, ModelError
from tests.samples import mnist, sign_model

GLYPHS, LABELS = mnist()
SAMPLES = [
    Sample(str(label), "mnist", "mnist/5", picture=glyph)
    for glyph, label in zip(GLYPHS, LABELS.tolist(), strict=True)
]


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the saved model; `run` beside it has the same model with another card."""
    monkeypatch.setattr(evaluation, "_validation", lambda _: SAMPLES)
    for name in ("saved", "run"):
        shutil.copytree(SAVED_MODEL, tmp_path / name)
    path = tmp_path / "run" / CARD_FILE
    path.write_text(path.read_text().replace('"name"', '"mark": "promoted", "name"', 1))
    return tmp_path / "saved"


def promoted(saved: Path) -> bool:
    return "promoted" in (saved / "card.json").read_text()


def worse(monkeypatch: pytest.MonkeyPatch) -> None:
    real = evaluation._misread
    monkeypatch.setattr(
        evaluation, "_misread", lambda folder, given: real(folder, given) + (folder.name == "run")
    )


def test_one_as_good_takes_the_place_with_all_its_files(saved: Path) -> None:
    before = sorted(path.name for path in saved.iterdir())
    assert set(MODEL_FILES) <= set(before)
    found = evaluation.promote(saved.parent / "run", None, saved=saved)
    assert found.run == found.saved
    assert found.of == 50
    assert promoted(saved)
    assert sorted(path.name for path in saved.iterdir()) == before


def test_what_inside_shows_goes_with_its_model(saved: Path) -> None:
    stages, similar = INSIDE_FILES
    for folder in (saved, saved.parent / "run"):
        (folder / stages).write_bytes(folder.name.encode())
        (folder / similar).unlink(missing_ok=True)
    (saved / similar).write_bytes(b"of the old model")
    evaluation.promote(saved.parent / "run", None, saved=saved)
    assert (saved / stages).read_bytes() == b"run" and not (saved / similar).exists()


def test_a_worse_one_is_refused_with_both_figures(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worse(monkeypatch)
    with pytest.raises(evaluation.PromoteError, match=r"\d of 50 .*the saved model \d.*--force"):
        evaluation.promote(saved.parent / "run", None, saved=saved)
    assert not promoted(saved)


def test_a_worse_one_can_be_forced(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worse(monkeypatch)
    found = evaluation.promote(saved.parent / "run", None, force=True, saved=saved)
    assert found.saved is not None
    assert found.run > found.saved
    assert promoted(saved)


@pytest.mark.parametrize("name", MODEL_FILES)
def test_a_run_without_a_model_says_what_to_do(saved: Path, name: str) -> None:
    (saved.parent / "run" / name).unlink()
    with pytest.raises(
        evaluation.PromoteError, match=rf"{name} missing.*python -m recognizer train"
    ):
        evaluation.promote(saved.parent / "run", None, saved=saved)


def test_a_run_whose_keras_file_is_another_is_refused(saved: Path) -> None:
    with (saved.parent / "run" / KERAS_FILE).open("ab") as file:
        file.write(b"more")
    with pytest.raises(ModelError, match="damaged"):
        evaluation.promote(saved.parent / "run", None, saved=saved)
    assert not promoted(saved)


def test_one_that_reads_no_digits_is_refused(saved: Path) -> None:
    other = saved.parent / "other"
    other.mkdir()
    sign_model(other)
    content = card.read(other / CARD_FILE)
    (other / KERAS_FILE).write_bytes(b"made")
    content["files"][KERAS_FILE] = card.sha256(b"made")
    card.write(other / CARD_FILE, content)
    with pytest.raises(ModelError, match="reads no digits"):
        evaluation.promote(other, None, saved=saved)
    assert not promoted(saved)


def test_models_are_compared_on_the_validation_writers_of_the_base_sets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sets = {name: [Sample("7", name, f"{name}/{writer}") for writer in "12345"] for name in LOADERS}
    loaders = {name: lambda _, own=own: own for name, own in sets.items()}
    monkeypatch.setattr(catalog, "LOADERS", loaders)
    assert [sample.writer for sample in evaluation._validation(None)] == ["mnist/5", "pendigits/5"]


def test_without_a_usable_saved_model_there_is_nothing_to_compare_with(saved: Path) -> None:
    (saved / "digits.tflite").write_bytes(b"torn")
    found = evaluation.promote(saved.parent / "run", None, saved=saved)
    assert found.saved is None
    assert promoted(saved)


def test_a_full_disk_leaves_the_saved_model_as_it_is(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.copyfile

    def copy(source: Path, target: Path) -> None:
        if source.name == "card.json":
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(shutil, "copyfile", copy)
    before = {path: path.read_bytes() for path in saved.rglob("*.*")}
    with pytest.raises(OSError, match="No space left"):
        evaluation.promote(saved.parent / "run", None, saved=saved)
    assert {path: path.read_bytes() for path in saved.rglob("*.*")} == before
