"""What certainty counts for when strokes are shared is sought where neighbours are good, too."""

from pathlib import Path

import numpy as np
import pytest

from recognizer import Recognizer
from recognizer.datasets import Drawing
from recognizer.files import SAVED_MODEL
from recognizer.model.card import MODEL_FILE, load
from recognizer.strokes import Stroke, transformed
from recognizer.training import made_numbers, stroke_costs
from recognizer.training.made_sums import WrittenLine
from recognizer.training.stroke_costs import GRIDS, GroupingJudge, best_costs, costs_of
from tests.fakes import NearestSign, sign_drawings
from tests.samples import changed, copied_model, number, pen_digits

DRAWINGS = [
    Drawing(tuple(Stroke(points) for points in strokes), str(digit), 1)
    for strokes, digit in pen_digits()
]
CONTENT = (SAVED_MODEL / MODEL_FILE).read_bytes()
PLAIN = load(SAVED_MODEL).grouping


def test_a_plateau_is_better_than_a_peak() -> None:
    grid = GRIDS["digits"]
    shares = np.full([len(each) for each in grid.values()], 0.5)
    shares[0, 0, 0] = 1
    shares[1:, 2:, :] = 0.8
    found = best_costs(grid, shares.ravel())
    assert found == {"join": grid["join"][-1], "min_uncertainty": 0.1, "wrong": found["wrong"]}
    assert len(costs_of(grid)) == shares.size


def written(number: made_numbers.WrittenNumber) -> WrittenLine:
    rng = np.random.default_rng(number.seed)
    return made_numbers.side_by_side(number.digits, rng, (0.6, 0.7))


@pytest.mark.parametrize("seed", [1, 2])
def test_digits_that_stand_apart_are_told_apart(seed: int) -> None:
    (number,) = made_numbers.some_numbers(DRAWINGS, 1, seed)
    assert GroupingJudge(CONTENT, PLAIN).judge(written(number)).all()


def test_costs_decide_where_strokes_lie_upon_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """To join costs so much in one of them that no two strokes make a digit."""
    monkeypatch.setattr(stroke_costs, "GRIDS", {"digits": {"join": (-1.0, 9.0)}})
    number = made_numbers.WrittenNumber([d for d in DRAWINGS if len(d.strokes) > 1][:1], [1])
    assert GroupingJudge(CONTENT, PLAIN).judge(written(number)).tolist() == [True, False]


def test_in_sums_a_sign_may_be_of_strokes_that_lie_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as the drawing that is most like it. A colon's dots are far from each other."""
    reader = NearestSign()
    monkeypatch.setattr(
        stroke_costs.CharacterNetwork,
        "joint",
        lambda _, strokes, area: reader.classify_strokes(strokes, area).joint,
    )
    characters = [
        transformed(sign_drawings()[label], 1.0, to=(50.0 + 100 * number, 60.0))
        for number, label in enumerate("3÷4:5=")
    ]
    line = WrittenLine(tuple(characters), "3÷4:5=", (700, 240))
    assert GroupingJudge(CONTENT, PLAIN, "sums").judge(line).mean() > 0.5


def test_what_is_not_sought_is_kept() -> None:
    found = stroke_costs.fitted_costs(CONTENT, DRAWINGS, 3)["strokes"]
    saved = load(SAVED_MODEL).content["segmentation"]["strokes"]
    assert list(found) == list(saved)
    assert {k: v for k, v in found.items() if k not in GRIDS["digits"]} == {
        k: v for k, v in saved.items() if k not in GRIDS["digits"]
    }
    assert all(found[name] in values for name, values in GRIDS["digits"].items())


def test_of_a_saved_card_only_what_is_used_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cards had costs of cutting lines, too."""
    saved = load(copied_model(tmp_path)).content["segmentation"]
    changed(tmp_path, segmentation=saved | {"line": {"dirt": [1, 4]}})
    monkeypatch.setattr(stroke_costs, "SAVED_MODEL", tmp_path)
    found = stroke_costs.unfitted_costs()
    assert set(found) == {"strokes", "signs", "fitted_on"}
    assert (found["strokes"], found["signs"]) == (saved["strokes"], saved["signs"])


def test_fitted_from_plain_costs_a_good_network_reads_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied_model(tmp_path)
    monkeypatch.setattr(stroke_costs, "SAVED_MODEL", tmp_path / "none")
    changed(tmp_path, segmentation=stroke_costs.fitted_costs(CONTENT, DRAWINGS, 25))
    strokes = [stroke for strokes in number((5, 0, 4, 7, 1), gap=0) for stroke in strokes]
    assert Recognizer(tmp_path).read_strokes(strokes, extent=(900, 240)).text == "50471"
