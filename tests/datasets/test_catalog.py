"""Who is in which part: splits by writer."""

from collections import defaultdict
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from recognizer.datasets import Sample
from recognizer.datasets.catalog import LOADERS, split, validation_writers

SETS = ["uji", "lipi", "unipen/cea", "unipen/ceb", "mdas"]
NAMES = st.one_of(st.none(), st.sampled_from([f"person {number}" for number in range(30)]))
SAMPLES = st.lists(
    st.builds(Sample, st.sampled_from("017Aa+"), st.sampled_from(SETS), NAMES), max_size=120
)


def written_by(writers: int, of: str = "uji") -> list[Sample]:
    """A sample of each of some writers, whose names are in order."""
    return [Sample("7", of, f"{of}/{number:02}") for number in range(writers)]


@given(SAMPLES)
def test_no_writer_is_in_two_parts(samples: list[Sample]) -> None:
    train, validation = split(samples)
    learned, validated = ({each.writer for each in part} for part in (train, validation))
    assert not learned & validated
    assert None not in validated


@given(SAMPLES)
def test_every_sample_is_in_one_part(samples: list[Sample]) -> None:
    train, validation = split(samples)
    assert len(train) + len(validation) == len(samples)
    assert {id(each) for each in (*train, *validation)} == {id(each) for each in samples}


@given(SAMPLES, st.randoms())
def test_the_order_of_the_samples_does_not_matter(samples: list[Sample], random: Random) -> None:
    chosen = validation_writers(samples)
    random.shuffle(samples)
    assert validation_writers(samples) == chosen


@given(SAMPLES)
def test_every_fifth_writer_of_each_set_is_for_validation(samples: list[Sample]) -> None:
    writers = defaultdict(set)
    for each in samples:
        if each.writer is not None:
            writers[each.set].add(each.writer)
    chosen = validation_writers(samples)
    for of_set in writers.values():
        for position, writer in enumerate(sorted(of_set), 1):
            assert position % 5 or writer in chosen
    assert len(chosen) <= sum(len(of_set) // 5 for of_set in writers.values())


def test_the_fifth_and_the_tenth_of_eleven_writers() -> None:
    assert validation_writers(written_by(11)) == {"uji/04", "uji/09"}
    assert validation_writers(written_by(8)) == {"uji/04"}
    assert len(validation_writers(written_by(21))) == 4


def test_a_set_of_fewer_than_five_writers_only_trains() -> None:
    samples = written_by(4) + [Sample("7", "mdas")] * 9
    train, validation = split(samples)
    assert (len(train), validation) == (13, [])


def test_who_wrote_for_two_sets_is_on_one_side() -> None:
    shared = Sample("7", "unipen/ceb", "uji/04")
    train, validation = split([*written_by(5), shared])
    assert shared in validation
    assert "uji/04" not in {each.writer for each in train}


def test_no_set_is_of_the_test_writers() -> None:
    assert set(LOADERS) == {
        "mnist",
        "pendigits",
        "unipen",
        "uji",
        "lipi",
        "swiss",
        "bhmsds",
        "mdas",
    }
