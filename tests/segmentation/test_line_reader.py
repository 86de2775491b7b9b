"""From probabilities along a line to its text and where its characters stand."""

from collections.abc import Callable
from itertools import groupby, product
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer.glyph import SIZE_PX
from recognizer.images.lines import TextLine
from recognizer.model.line_model import BLANK, COLUMNS_PER_STEP, LineModel
from recognizer.segmentation.line_reader import (
    SIGN_WEIGHT,
    aligned,
    asked,
    likely_texts,
    read,
    spotted,
    standing,
    weighed,
)
from tests.samples import written

Steps = NDArray[np.float32]


def collapsed(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(number for number, _ in groupby(path) if number != BLANK)


def likeliest(steps: Steps) -> tuple[int, ...]:
    texts = likely_texts(steps)
    assert sum(texts.values()) == pytest.approx(1)
    return max(texts, key=lambda text: texts[text])


def every_text(steps: Steps) -> dict[tuple[int, ...], float]:
    """The probability of every text, over all paths: the oracle."""
    found: dict[tuple[int, ...], float] = {}
    for path in product(range(steps.shape[1]), repeat=len(steps)):
        share = float(np.prod(steps[np.arange(len(steps)), path]))
        found[collapsed(path)] = found.get(collapsed(path), 0.0) + share
    return found


@pytest.mark.parametrize("seed", range(30))
def test_the_likeliest_text_is_that_of_all_paths_together(seed: int) -> None:
    rng = np.random.default_rng(seed)
    steps = rng.dirichlet([0.4, 0.4, 0.4], 6).astype(np.float32)
    texts = every_text(steps)
    assert texts[likeliest(steps)] >= 0.99 * max(texts.values())


def test_the_likeliest_path_may_spell_another_text() -> None:
    # Each step by itself is more likely blank than 1, and yet a 1 is there.
    steps = np.array([[0.6, 0.4], [0.6, 0.4]], np.float32)
    assert likeliest(steps) == (1,)
    assert [span.number for span in spotted(steps)[0]] == [1]


def test_what_other_likely_texts_lack_or_add_stands_less_surely() -> None:
    texts = {(1, 2, 3): 0.6, (1, 3): 0.3, (1, 2, 3, 3): 0.1}
    np.testing.assert_allclose(standing((1, 2, 3), texts), [1.0, 0.7, 0.9])
    np.testing.assert_allclose(standing((1, 3), {(1, 3): 0.8, (1, 2, 3): 0.2}), [0.8, 0.8])
    assert len(standing((), {(): 1.0})) == 0


@pytest.mark.parametrize("seed", range(10))
def test_an_alignment_spells_its_text_along_the_best_path(seed: int) -> None:
    rng = np.random.default_rng(seed)
    steps = rng.dirichlet([0.5] * 3, 7).astype(np.float32)
    text = (1, 2, 2)
    spans = aligned(steps, text)
    assert [span.number for span in spans] == list(text)
    path = np.zeros(len(steps), dtype=int)
    for span in spans:
        path[span.first : span.last + 1] = span.number
    assert collapsed(tuple(path.tolist())) == text
    share = np.prod(steps[np.arange(len(steps)), path])
    best = max(
        float(np.prod(steps[np.arange(len(steps)), other]))
        for other in product(range(3), repeat=len(steps))
        if collapsed(other) == text
    )
    assert share == pytest.approx(best, rel=1e-4)


def test_two_of_a_kind_need_paper_between_them() -> None:
    clear = np.full((6, 3), 0.01, np.float32)
    clear[np.arange(6), [1, 1, 0, 1, 2, 2]] = 0.98
    assert [(span.number, span.first, span.last) for span in spotted(clear)[0]] == [
        (1, 0, 1),
        (1, 3, 3),
        (2, 4, 5),
    ]


def test_blank_paper_has_no_characters() -> None:
    assert spotted(np.tile(np.array([[0.99, 0.01]], np.float32), (5, 1)))[0] == []
    assert spotted(np.zeros((0, 4), np.float32))[0] == []


def test_what_was_not_asked_for_is_other() -> None:
    known, seen = ("0", "1", "O", ","), np.array([[0.1, 0.2, 0.1, 0.4, 0.2]], np.float32)
    steps = asked(seen, known, ("0", "1"))
    np.testing.assert_allclose(steps, [[0.1, 0.6, 0.1, 0.2]], atol=1e-6)  # an O is like a 0


@pytest.mark.parametrize("weight", [0.3, 0.7])
def test_both_networks_count_and_neither_forbids(weight: float) -> None:
    line, weights = np.array([[0.0, 0.7, 0.3, 0.0]], np.float32), np.array([weight])
    found = weighed(line, np.array([[0.2, 0.8]], np.float32), weights)
    shares = np.array([0.7 * 0.2**weight, 0.3 * 0.8**weight])
    np.testing.assert_allclose(found, [shares / shares.sum()], atol=1e-3)
    sure = np.array([[0.0, 1.0, 0.0, 0.0]], np.float32)
    assert 0 < weighed(sure, np.array([[0.0, 1.0]], np.float32), weights)[0, 0] < 1


def test_signs_are_likelier_where_they_may_be_answered() -> None:
    seen = np.array([[0.5, 0.3, 0.2]], np.float32)
    known = ("3", "÷")
    assert asked(seen, known, ("3",)) == pytest.approx(np.array([[0.5, 0.3, 0.2]]))
    both = asked(seen, known, known)[0]
    assert both[2] / both[1] == pytest.approx(SIGN_WEIGHT * 0.2 / 0.3)
    assert both.sum() == pytest.approx(1)


class NoNetwork:
    """Stands for a line network that is not asked."""

    labels = tuple("0123456789")

    def see(self, strip: NDArray[np.uint8]) -> Steps:
        raise AssertionError("the line network is asked")


def certain_of(digit: int, share: float) -> Callable[[NDArray[np.uint8]], Steps]:
    shares = np.full(10, (1 - share) / 20, np.float32)
    shares[digit] = share
    return lambda glyphs: np.tile(shares, (len(glyphs), 1))


def line_of(text: str, gap: float = 0.3) -> TextLine:
    ink = written(text, 40, 5, gap, margin=0)
    return TextLine(ink, 40.0, np.eye(2, 3))


def test_connected_ink_that_is_one_digit_for_certain_needs_no_line_network() -> None:
    model, labels = cast(LineModel, NoNetwork()), NoNetwork.labels
    (found,) = read(line_of("6"), model, labels, certain_of(6, 0.998))
    assert found.probabilities.argmax() == 6 and found.certainty == pytest.approx(0.998)
    assert found.ink.box.size == line_of("6").ink.shape[::-1]


@pytest.mark.parametrize(
    ("text", "gap", "share"), [("6", 0.3, 0.9), ("20", 0.3, 0.998), ("20", -0.05, 0.998)]
)
def test_what_may_be_two_characters_is_seen_by_the_line_network(
    text: str, gap: float, share: float
) -> None:
    model, labels = cast(LineModel, NoNetwork()), NoNetwork.labels
    with pytest.raises(AssertionError, match="is asked"):
        read(line_of(text, gap), model, labels, certain_of(2, share))


class SpotsTwo(NoNetwork):
    """Stands for a line network that takes the ink for a digit, hardly a 0, and a 6 beside it."""

    def see(self, strip: NDArray[np.uint8]) -> Steps:
        """A step for each second column, as the network has."""
        middle = (strip.shape[1] - SIZE_PX) // 2 // COLUMNS_PER_STEP
        steps = np.full((2 * middle + 1, 11), 0.001, np.float32)
        steps[:, BLANK] = 0.99
        for at, digits in ((middle - 2, [0, 3, 5, 7, 8]), (middle + 2, [6])):
            steps[at] = 0.001
            steps[at, 1 + np.array(digits)] = 0.98 / len(digits)
        steps[middle - 2, 1] += 0.01
        return steps


@pytest.mark.parametrize(("whole", "text"), [(0.9, "6"), (0.05, "06")])
def test_a_digit_that_was_cut_is_whole_if_that_is_far_likelier(whole: float, text: str) -> None:
    line = line_of("6")
    wide = line.ink.shape[1] - 4

    def predict(glyphs: NDArray[np.uint8]) -> Steps:
        # Its whole ink comes alone; its two parts come together.
        return certain_of(6, whole if len(glyphs) == 1 else 0.2)(glyphs)

    found = read(line, cast(LineModel, SpotsTwo()), NoNetwork.labels, predict)
    assert "".join(str(each.probabilities.argmax()) for each in found) == text
    if len(found) == 1:
        assert found[0].ink.box.width >= wide and found[0].certainty == 0
