"""Benchmarks: the arithmetic, the table, the files. No test asserts a time."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from benchmarks import __main__, learn, lines, load, measured, paint, predict, table, usual
from benchmarks.figures import Figure, from_json, median_of, percentile
from benchmarks.goals import AIM, COST, MINIMUM, MISSED, READING, SERVICE, Goal
from benchmarks.window import WindowError, play
from recognizer.model import card
from tests.samples import recognizer

FAST = {
    "predict_ms": Figure(0.1, "ms", "one glyph", (0.09, 0.12), 7),
    "ratio_predict": Figure(0.0025, "×", "of 40 ms"),
}


def test_percentile_is_a_measured_value() -> None:
    values = [5.0, 1.0, 4.0, 2.0, 3.0]
    assert percentile(values, 0.0) == 1
    assert percentile(values, 0.2) == 1
    assert percentile(values, 0.21) == 2
    assert percentile(values, 0.99) == 5
    assert percentile(range(1, 1001), 0.99) == 990


def test_median_lies_between_the_middle_two() -> None:
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([4, 1, 2, 3], 0.5) == 2.5


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_median_of_repeats_keeps_their_spread() -> None:
    figure = median_of([3.0, 9.0, 4.0], "s", "starts")
    assert figure == Figure(4.0, "s", "starts", (3.0, 9.0), 3)


@pytest.mark.parametrize("figure", FAST.values())
def test_figure_survives_json(figure: Figure) -> None:
    assert from_json(json.loads(json.dumps(figure.as_json()))) == figure


@pytest.mark.parametrize(
    ("value", "more", "expected"),
    [
        (8, False, AIM),
        (12, False, MINIMUM),
        (17, False, MISSED),
        (8, True, MISSED),
        (17, True, AIM),
    ],
)
def test_goals_are_judged(value: float, more: bool, expected: str) -> None:
    minimum, aim = (10.0, 16.0) if more else (16.0, 8.0)
    goal = Goal("a figure", minimum, aim, "ms", more=more)
    assert goal.reached(Figure(value, "ms", "")) == expected


def test_an_aim_alone_can_be_missed_and_no_goal_cannot() -> None:
    figure = Figure(99.0, "%", "")
    assert Goal("a figure", None, 99.4, "%", more=True).reached(figure) == MISSED
    assert Goal("a figure", None, None, "%", more=True).reached(figure) == ""


def test_rows_tell_figure_goals_and_ratio() -> None:
    assert table.rows(FAST, COST) == [
        (
            "`predict_proba` of one glyph",
            "0.100 ms",
            "0.090–0.120",
            "0.150 ms",
            "0.100 ms",
            "reaches the aim",
            "400 × as much",
        )
    ]


def test_plain_table_is_aligned() -> None:
    text = table.plain(("a", "long head"), [("`longer`", "x"), ("b", "y")])
    assert text.splitlines() == ["a       long head", "longer  x", "b       y"]


def test_every_ratio_has_a_figure_that_shows_it() -> None:
    shown = {goal.ratio for goal in COST.values()} - {None}
    assert shown == usual.RATIOS.keys()
    assert {name for name, _ in usual.RATIOS.values()} <= COST.keys()
    assert not COST.keys() & READING.keys()
    assert not SERVICE.keys() & (COST.keys() | READING.keys())


def test_ratios_are_ours_to_the_usual() -> None:
    theirs = {"usual_predict_ms": Figure(40, "ms", "")}
    ratios = usual.ratios({"predict_ms": Figure(0.1, "ms", "")}, theirs)
    assert ratios.keys() == {"ratio_predict"}
    assert ratios["ratio_predict"].value == pytest.approx(0.0025)


def test_json_holds_figures_and_machine(tmp_path: Path) -> None:
    path = tmp_path / "build" / "results.json"
    __main__.write_json(path, FAST)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert {name: from_json(figure) for name, figure in found["figures"].items()} == FAST
    assert found["machine"] == measured.machine()


def test_card_keeps_what_was_not_measured_again(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    old = {name: Figure(1, "s", "old").as_json() for name in ("start_seconds", "predict_ms")}
    card.write(path, {"seed": 1, "figures": {}, "benchmarks": old})
    measured.write(FAST, path)
    content = card.read(path)
    assert content["seed"] == 1
    assert measured.figures(content) == {"start_seconds": Figure(1, "s", "old")} | FAST


def test_learning_is_measured() -> None:
    (figure,) = learn.measure(repeats=2).values()
    assert figure.n == 2 and 0 < figure.value < 10_000


def test_predict_is_measured() -> None:
    figures = predict.measure(calls=3, repeats=2)
    assert figures["predict_ms"].value > 0
    assert figures["predict_ms"].n == 2


def test_unknown_benchmark_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        __main__.main(["stort"])
    assert stopped.value.code == 2
    assert "there is no benchmark stort, but start, predict" in capsys.readouterr().err


def test_memory_grows_from_when_all_is_loaded() -> None:
    flat = load.Load(10, megabytes=[10, 50, *[100.0] * 8])
    assert flat.growth_percent() == 0
    rising = load.Load(10, megabytes=[10, 50, *map(float, range(100, 180, 10))])
    growth = rising.growth_percent()
    assert growth is not None and growth > 20
    assert load.Load(10).growth_percent() is None


def test_right_answers_alone_make_the_rate() -> None:
    assert load.Load(10, answers=50, failed=10).rate == 4


def test_what_the_server_is_sent_shows_ten_digits() -> None:
    read = [recognizer().read_image(io.BytesIO(file)).text for file in load.pictures()]
    assert sorted(read) == list("0123456789")
    read = [recognizer().read_strokes(drawing).text for drawing in load.drawings()]
    assert sorted(read) == list("0123456789")


def test_the_page_that_is_measured_is_there() -> None:
    assert {path.suffix for path in paint.PAGE.iterdir()} >= {".html", ".css", ".js"}


def test_an_eight_is_drawn_in_one_closed_line() -> None:
    line = lines.eight(100)
    assert len(line) == 101
    assert line[0] == pytest.approx(line[-1])
    assert all(0.25 <= down <= 0.75 and 0.375 <= across <= 0.625 for across, down in line)


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_a_scenario_plays_in_the_real_window() -> None:
    found = play("start")
    assert found["read"] > found["started"]


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_a_scenario_that_fails_tells_why() -> None:
    with pytest.raises(WindowError, match="No module named"):
        play("nonsense")
