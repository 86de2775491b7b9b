"""What is packed is kept, compactly, and what is for choosing is learned from nowhere."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recognizer.datasets import DataError, MissingDataError, Sample
from recognizer.datasets.catalog import LOADERS, validation_writers
from recognizer.geometry import Points
from recognizer.strokes import Stroke, bounds
from recognizer.training import LABELS, NO_LABEL, collection
from recognizer.training.collection import SIDE, Collection, packed
from recognizer.training.synthesis import TrainingData, prepare
from recognizer.training.validation import validation_of
from tests.samples import pen_digits
from tests.training.made import CONFIG, made_samples

pytestmark = pytest.mark.usefixtures("little_drawn")
ALL = replace(CONFIG, data="hands", variants=1)
NONE_DOUBTFUL = np.zeros(len(made_samples()), dtype=bool)


def whole(samples: list[Sample] | None = None) -> Collection:
    return packed(samples or made_samples(), NONE_DOUBTFUL)


def off(points: Points, line: Points) -> float:
    """How far the points are from a line of straight pieces at most."""
    starts, steps = line[:-1], np.diff(line, axis=0)
    lengths = np.maximum((steps**2).sum(axis=1), 1e-12)
    along = (((points[:, None] - starts) * steps).sum(axis=2) / lengths).clip(0, 1)
    away = np.hypot(*(points[:, None] - starts - along[..., None] * steps).transpose(2, 0, 1))
    return float(away.min(axis=1).max())


def test_a_collection_is_loaded_as_it_was_saved(tmp_path: Path) -> None:
    saved = whole()
    saved.save(tmp_path / "hands.npz")
    loaded = Collection.load(tmp_path / "hands.npz")
    for field in fields(Collection):
        np.testing.assert_array_equal(getattr(loaded, field.name), getattr(saved, field.name))
    assert loaded.described == saved.described
    assert [path.name for path in tmp_path.iterdir()] == ["hands.npz"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-500]),
        lambda path: path.write_bytes(b"no archive"),
        lambda path: np.savez(path, labels=np.zeros(3)),
        lambda path: path.write_bytes(path.read_bytes().replace(b"labels", b"labelz")),
    ],
    ids=["missing", "empty", "truncated", "text", "another", "damaged"],
)
def test_a_file_that_is_not_whole_is_refused_in_a_sentence(
    tmp_path: Path, spoil: Callable[[Path], Any]
) -> None:
    path = tmp_path / "hands.npz"
    whole().save(path)
    spoil(path)
    with pytest.raises(DataError, match=r"hands\.npz.*recognizer train --prepare") as error:
        Collection.load(path)
    assert "\n" not in str(error.value)


def test_a_flipped_bit_is_found(tmp_path: Path) -> None:
    path = tmp_path / "hands.npz"
    whole().save(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 16
    path.write_bytes(content)
    with pytest.raises(DataError, match="is damaged or another file"):
        Collection.load(path)


def test_its_size_is_small(tmp_path: Path) -> None:
    """300,000 characters of which 100,000 are pictures must fit into 45 MB."""
    drawn = [
        Sample(str(digit), "pendigits", f"pendigits/{n}", strokes=tuple(map(Stroke, strokes)))
        for n, (strokes, digit) in enumerate(pen_digits())
    ]
    packed(drawn * 20, np.zeros(400, dtype=bool)).save(tmp_path / "hands.npz")
    assert (tmp_path / "hands.npz").stat().st_size < 400 * 100


def test_strokes_are_kept_within_a_250th_and_thinned() -> None:
    drawn = [
        Sample(str(digit), "pendigits", "pendigits/1", strokes=tuple(map(Stroke, strokes)))
        for strokes, digit in pen_digits()
    ]
    dense = np.stack([np.linspace(3, 93, 500), 50 + 40 * np.sin(np.linspace(0, 6, 500))], axis=1)
    drawn.append(Sample("−", "pendigits", "pendigits/1", strokes=(Stroke(dense),)))
    found = packed(drawn, np.zeros(len(drawn), dtype=bool))
    for number, sample in enumerate(drawn):
        box = bounds(sample.strokes)
        scale = SIDE / box.side
        kept = found.drawn(number)
        assert len(kept) == len(sample.strokes)
        for own, stroke in zip(kept, sample.strokes, strict=True):
            line = (stroke.points - box.corner) * scale
            assert off(own.points, line) < 1
            np.testing.assert_allclose(own.points[[0, -1]], line[[0, -1]], atol=0.51)
            assert len(own.points) <= len(stroke.points)
    assert len(found.drawn(len(drawn) - 1)[0].points) < 60
    assert off((dense - bounds(drawn[-1].strokes).corner) * SIDE / 90, kept[0].points) < 5


def test_who_is_for_choosing_is_the_catalog_s_split() -> None:
    found, samples = whole(), made_samples()
    chosen = found.writer_names[found.writers[found.validation]]
    assert set(chosen.tolist()) == validation_writers(samples) - {None}
    assert 0 < found.validation.sum() < len(found.labels) / 2


def test_only_labels_that_are_learned_are_kept_and_signs_like_none_count_as_none() -> None:
    found, samples = whole(), made_samples()
    kept = [sample.label for sample in samples if sample.label != "'"]
    named = [LABELS[at] if at != NO_LABEL else "&" for at in found.labels.tolist()]
    assert named == kept
    assert found.of_sets("mnist").sum() == 20
    assert found.is_picture.sum() == 60


def changed(samples: list[Sample], chosen: Callable[[int, Sample], bool]) -> list[Sample]:
    """The samples with others in place of the chosen, as large and with the same label."""
    return [_mirrored(each) if chosen(at, each) else each for at, each in enumerate(samples)]


def _mirrored(sample: Sample) -> Sample:
    if sample.picture is not None:
        return replace(sample, picture=sample.picture[::-1, ::-1])
    right = bounds(sample.strokes).right
    left = bounds(sample.strokes).x
    lines = (line.points * (-1, 1) + (left + right, 0) for line in sample.strokes)
    return replace(sample, strokes=tuple(map(Stroke, lines)))


def learned(samples: list[Sample], doubtful: np.ndarray) -> TrainingData:
    return prepare(packed(samples, doubtful), ALL)


def same(a: TrainingData, b: TrainingData) -> bool:
    return a.groups.keys() == b.groups.keys() and all(
        np.array_equal(own.glyphs, b.groups[name].glyphs)
        and np.array_equal(own.numbers, b.groups[name].numbers)
        for name, own in a.groups.items()
    )


def test_nothing_of_a_validation_writer_and_nothing_doubtful_is_learned_from() -> None:
    """Whatever they had written instead, not a pixel of the training data would be another."""
    samples = made_samples()
    choosing = validation_writers(samples)
    doubtful = np.random.default_rng(2).random(len(samples)) < 0.1
    data = learned(samples, doubtful)
    others = changed(samples, lambda _, sample: sample.writer in choosing)
    assert same(data, learned(others, doubtful))
    others = changed(samples, lambda at, _: bool(doubtful[at]))
    assert same(data, learned(others, doubtful))
    one = next(at for at, s in enumerate(samples) if s.writer not in choosing and not doubtful[at])
    assert not same(data, learned(changed(samples, lambda at, _: at == one), doubtful))


def test_doubts_are_told_of_the_validation_writers_samples_as_they_were_read() -> None:
    samples = [*made_samples(), *(replace(each, label="|") for each in made_samples()[::7])]
    doubtful = np.arange(len(samples)) % 3 == 0
    found = packed(samples, doubtful)
    chosen = validation_writers(samples)
    own = [(s, d) for s, d in zip(samples, doubtful, strict=True) if s.writer in chosen]
    told = found.doubtful_of([sample for sample, _ in own])
    known = (*LABELS, *collection.NO_CHARACTERS)
    assert told.tolist() == [bool(d) and sample.label in known for sample, d in own]
    assert 0 < told.sum() < len(told)
    with pytest.raises(DataError, match="other data sets"):
        found.doubtful_of([sample for sample, _ in own[1:]])


def test_only_validation_writers_are_chosen_on() -> None:
    samples = made_samples()
    choosing = validation_writers(samples)
    found = validation_of(whole(), ALL)
    assert set(found.parts) == {"mnist", "pen", "scans", "letters", "signs"}
    for part in found.parts.values():
        assert set(part.writers.tolist()) <= choosing

    def glyphs_with(others: Callable[[int, Sample], bool]) -> list[bytes]:
        again = validation_of(whole(changed(samples, others)), ALL)
        return [part.glyphs.tobytes() for part in again.parts.values()]

    before = glyphs_with(lambda *_: False)
    assert glyphs_with(lambda _, sample: sample.writer not in choosing) == before
    assert glyphs_with(lambda _, sample: sample.writer in choosing) != before


def test_of_a_part_each_set_is_learned_from_alike_and_the_rest_stays() -> None:
    collected = whole()
    half = collected.part(0.5, 1)
    for name in collected.set_names.tolist():
        own = collected.of_sets(name)
        assert (half.learned & own).sum() == round(0.5 * (collected.learned & own).sum())
    assert not (half.learned & ~collected.learned).any()
    np.testing.assert_array_equal(half.validation, collected.validation)
    np.testing.assert_array_equal(half.learned, collected.part(0.5, 1).learned)
    assert not np.array_equal(half.learned, collected.part(0.5, 2).learned)


def test_of_a_part_less_can_be_for_choosing_too() -> None:
    collected = whole()
    part = collected.part(0.5, 1, 0.25)
    for name in collected.set_names.tolist():
        own = collected.of_sets(name) & collected.validation
        assert (own & ~part.doubtful).sum() == round(0.25 * own.sum())
    assert (part.learned.sum()) == collected.part(0.5, 1).learned.sum()


def test_whole_hands_are_of_training_writers_and_of_as_many_sets_as_there_are() -> None:
    digits = "0123456789"
    others = [
        replace(sample, set="uji", writer=f"uji/{sample.writer}") for sample in made_samples()
    ]
    two_sets = [*made_samples(), *(sample for sample in others if sample.strokes)]
    collected = packed(two_sets, np.zeros(len(two_sets), dtype=bool))
    found = collected.hands(4, 1)
    assert [name.partition("/")[0] for name in found] == ["pendigits", "uji"] * 2
    assert all([drawing.label for drawing in own] == [*digits] for own in found.values())
    learned = {str(collected.writer_names[at]) for at in collected.writers[collected.learned]}
    assert set(found) <= learned
    assert [*found] == [*collected.hands(4, 1)] != [*collected.hands(4, 2)]
    assert len(collected.hands(100, 1)) == 16
    without_nine = [sample for sample in two_sets if sample.label != "9"]
    assert not packed(without_nine, np.zeros(len(without_nine), dtype=bool)).hands(4, 1)


def test_its_description_counts_the_sets_and_tells_it_from_another() -> None:
    collected = whole()
    told = collected.described
    assert told["characters"] == {"bhmsds": 20, "mnist": 20, "pendigits": 160, "swiss": 20}
    assert told["doubtful"] == 0
    assert collected.part(0.5, 1).described["sha256"] != told["sha256"]


def test_a_set_that_is_missing_is_left_out_but_none_of_the_base(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_: Path | None) -> list[Sample]:
        raise MissingDataError("it is missing")

    samples = made_samples()
    found = {name: (lambda _, name=name: [s for s in samples if s.set == name]) for name in LOADERS}
    monkeypatch.setattr(collection, "LOADERS", found | {"uji": missing})
    none = collection.nothing_doubtful
    assert len(collection.gather(None, 1, none).labels) == len(samples) - 10
    assert "uji is missing: it is not learned from." in capsys.readouterr().out
    monkeypatch.setattr(collection, "LOADERS", found | {"pendigits": missing})
    with pytest.raises(MissingDataError):
        collection.gather(None, 1, none)


def test_a_dot_is_as_small_beside_its_writer_s_characters_as_it_was_drawn() -> None:
    one = Sample("1", "uji", "uji/1", strokes=(Stroke(np.array([[0.0, 0.0], [9.0, 100.0]])),))
    dot = replace(one, label=".", strokes=(Stroke(np.array([[5.0, 5.0], [7.0, 9.0]])),))
    found = packed([one, one, dot], np.zeros(3, dtype=bool))
    assert found.shares.tolist() == pytest.approx([1, 1, 0.04])
