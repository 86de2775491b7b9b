"""Made drawings are repeatable, drawn as with a pen, and have the parts they should."""

from collections.abc import Callable

import numpy as np
import pytest

from recognizer.ink import render_to_fit
from recognizer.strokes import Stroke, bounds
from recognizer.training import composed, doodles, figures, pen

Make = Callable[[np.random.Generator], tuple[Stroke, ...]]
SEVEN = (Stroke(np.array([[0.0, 0.0], [60.0, 0.0], [20.0, 100.0]])),)
BAR = (Stroke(np.array([[200.0, 50.0], [240.0, 52.0], [300.0, 49.0]])),)
COLON = tuple(Stroke(np.array([[9.0, y], [10.0, y + 2]])) for y in (80.0, 20.0))
CROSS = tuple(Stroke(np.array([[0.0, y], [30.0, 50.0 - y]])) for y in (0.0, 50.0))
DOT = (Stroke(np.array([[5.0, 5.0]])),)
WRITER: composed.Parts = {"−": [BAR], ":": [COLON], "x": [CROSS], ".": [DOT]}
SEEDS = range(25)


def made(make: Make, seed: int) -> tuple[Stroke, ...]:
    return make(np.random.default_rng(seed))


def sign(label: str, seed: int, parts: composed.Parts = WRITER) -> tuple[Stroke, ...]:
    return composed.composed(label, parts, np.random.default_rng([seed, ord(label)]))


def assert_drawn(strokes: tuple[Stroke, ...], most: float) -> None:
    """There is ink of finite points within sensible bounds."""
    points = np.concatenate([stroke.points for stroke in strokes])
    assert all(stroke.points.shape[1:] == (2,) and len(stroke.points) for stroke in strokes)
    assert np.isfinite(points).all()
    assert np.abs(points).max() <= most
    assert len(points) < 3000
    assert render_to_fit(strokes, (2 * most, 2 * most)).max() > 200


@pytest.mark.parametrize("kind", doodles.FIGURES)
def test_a_figure_is_drawn_anew_with_every_seed_and_alike_with_the_same(kind: str) -> None:
    drawn = [made(lambda rng: doodles.figure(kind, rng), seed) for seed in SEEDS]
    for strokes in drawn:
        assert_drawn(strokes, doodles.DOODLE_SIDE + 1e-6)
        assert bounds(strokes).side == pytest.approx(doodles.DOODLE_SIDE)
        assert min(bounds(strokes).size) > 0
    again = made(lambda rng: doodles.figure(kind, rng), 0)
    assert all(np.array_equal(a.points, b.points) for a, b in zip(drawn[0], again, strict=True))
    assert len({strokes[0].points.tobytes() for strokes in drawn}) == len(drawn)


def test_doodles_are_of_every_kind_and_scribbles_too(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: list[str] = []
    monkeypatch.setattr(doodles, "figure", lambda kind, _: kinds.append(kind))
    rng = np.random.default_rng(1)
    scribbles = [strokes for _ in range(600) if (strokes := doodles.doodle(rng))]
    assert set(kinds) == set(doodles.FIGURES)
    assert 50 < len(scribbles) < 130
    for strokes in scribbles:
        assert_drawn(strokes, 3000)


def test_one_kind_has_one_stroke_or_several_in_either_direction() -> None:
    squares = [made(lambda rng: doodles.figure("box", rng), seed) for seed in SEEDS]
    assert {len(strokes) for strokes in squares} >= {1, 2, 3, 4}
    whole = [strokes[0].points for strokes in squares if len(strokes) == 1]
    areas = [(x[:-1] * y[1:] - x[1:] * y[:-1]).sum() for x, y in (points.T for points in whole)]
    assert min(areas) < 0 < max(areas)
    steps = np.hypot(*np.diff(whole[0], axis=0).T)
    assert steps.max() > 1.2 * steps.min()


def test_a_spiral_turns_twice_at_least_and_a_zigzag_has_many_teeth() -> None:
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        (spiral,) = figures.spiral(rng)
        turns = np.abs(np.unwrap(np.arctan2(spiral[:, 1], spiral[:, 0]))).max() / (2 * np.pi)
        assert turns > 1.6
        assert len(figures.zigzag(rng)[0]) >= 7


def test_what_is_scribbled_over_a_character_covers_it() -> None:
    for seed in SEEDS:
        strokes = made(lambda rng: doodles.scribbled_out(SEVEN, rng), seed)
        assert strokes[: len(SEVEN)] == SEVEN
        own, over = bounds(SEVEN), bounds(strokes[len(SEVEN) :])
        assert over.width > 0.6 * own.width
        assert over.height > 0.6 * own.height
        assert_drawn(strokes, 1000)
    assert_drawn(made(lambda rng: doodles.scribbled_out(DOT, rng), 1), 10)


def test_merged_characters_stand_in_order_and_touch_nearly() -> None:
    left, right = CROSS, SEVEN
    for seed in SEEDS:
        strokes = made(lambda rng: doodles.merged(left, right, rng), seed)
        assert len(strokes) == len(left) + len(right)
        first, second = bounds(strokes[: len(left)]), bounds(strokes[len(left) :])
        low, high = (share * doodles.DOODLE_SIDE for share in doodles.MERGED_GAP_SHARES)
        assert low <= second.x - first.right <= high
        assert first.middle[0] < second.middle[0]
        assert 0.7 < first.height / second.height < 1.4
    assert_drawn(made(lambda rng: doodles.merged(BAR, BAR, rng), 1), 400)


@pytest.mark.parametrize("parts", [{}, WRITER], ids=["made", "of the writer's"])
@pytest.mark.parametrize("label", composed.SIGNS)
def test_every_sign_is_composed_with_a_writer_s_parts_and_without(
    label: str, parts: composed.Parts
) -> None:
    for seed in SEEDS:
        strokes = sign(label, seed, parts)
        assert_drawn(strokes, 3 * composed.LETTER_HEIGHT)
        again = sign(label, seed, parts)
        assert all(np.array_equal(a.points, b.points) for a, b in zip(strokes, again, strict=True))


@pytest.mark.parametrize("parts", [{}, WRITER], ids=["made", "of the writer's"])
def test_a_division_sign_is_a_bar_between_two_narrower_dots(parts: composed.Parts) -> None:
    for seed in SEEDS:
        boxes = sorted((bounds([s]) for s in sign("÷", seed, parts)), key=lambda box: box.middle[1])
        upper, bar, lower = boxes
        assert upper.bottom < bar.middle[1] < lower.y
        assert max(upper.width, lower.width) < 0.4 * bar.width
        assert bar.x < upper.middle[0] < bar.right
        assert bar.x < lower.middle[0] < bar.right


@pytest.mark.parametrize("parts", [{}, WRITER], ids=["made", "of the writer's"])
def test_the_other_signs_have_their_parts(parts: composed.Parts) -> None:
    for seed in SEEDS:
        upper, lower = (bounds([stroke]) for stroke in sign("=", seed, parts))
        assert upper.bottom < lower.y
        assert min(upper.width, lower.width) > 2 * max(upper.height, lower.height)
        assert bounds(sign("·", seed, parts)).side <= composed.DOT_SIDES[1] * 1.2
        first, second = (bounds([stroke]) for stroke in sign(":", seed, parts))
        assert second.y - first.bottom > first.height
        one, other = (bounds([stroke]) for stroke in sign("×", seed, parts))
        assert one.x < other.middle[0] < one.right
        assert one.y < other.middle[1] < one.bottom
        *rings, slash = sorted(bounds([stroke]).side for stroke in sign("%", seed, parts))
        assert len(rings) == 2
        assert max(rings) < 0.6 * slash


def test_a_writer_s_own_drawings_are_used() -> None:
    """The writer's bar has three points in these places; none that is made has."""
    shape = (BAR[0].points - BAR[0].points[0]) / 100
    own = [
        stroke
        for seed in SEEDS
        for stroke in sign("=", seed)
        if len(stroke.points) == 3
        and np.allclose((stroke.points - stroke.points[0]) / np.ptp(stroke.points[:, 0]), shape)
    ]
    assert len(own) > len(SEEDS)


def test_a_label_that_cannot_be_composed_is_refused() -> None:
    with pytest.raises(ValueError, match="no sign '7' can be composed; there are: ÷ ×"):
        composed.composed("7", {}, np.random.default_rng(1))


def test_a_hand_strays_little_from_the_path_and_keeps_its_ends_near() -> None:
    path = pen.polyline((0, 0), (100, 0), (100, 100))
    for seed in SEEDS:
        (stroke,) = made(lambda rng: pen.by_hand([path], rng), seed)
        assert np.hypot(*(stroke.points[0] - path[0])) < 25
        assert np.hypot(*(stroke.points[-1] - path[-1])) < 25
        assert len(stroke.points) >= 4
