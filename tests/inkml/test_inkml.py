"""Sketches in files: written, read back, and as other programs write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.inkml import InkMLError, parsing, read_inkml, write_inkml
from recognizer.strokes import Stroke
from tests.samples import pen_digits

NAMESPACE = 'xmlns="http://www.w3.org/2003/InkML"'


def read(folder: Path, text: str) -> list[tuple[list[list[float]], float | None]]:
    path = folder / "sketch.inkml"
    path.write_text(text, encoding="utf-8")
    return [(stroke.points.tolist(), stroke.width) for stroke in read_inkml(path)[0]]


def trace(folder: Path, text: str, channels: str = "") -> list[list[float]]:
    form = f"<traceFormat>{channels}</traceFormat>" if channels else ""
    ((points, _),) = read(folder, f"<ink {NAMESPACE}>{form}<trace>{text}</trace></ink>")
    return points


coordinates = st.floats(-1e6, 1e6)


strokes = st.builds(
    lambda points, width: Stroke(np.array(points, dtype=np.float64), width),
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=12),
    st.none() | st.floats(0, 500),
)


@given(sketch=st.lists(strokes, max_size=6), extent=st.tuples(*[st.floats(0.01, 1e5)] * 2))
@settings(deadline=None, max_examples=60, derandomize=True)
def test_a_round_trip_is_exact(
    tmp_path_factory: pytest.TempPathFactory, sketch: list[Stroke], extent: tuple[float, float]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.inkml"
    write_inkml(path, sketch, extent)
    back, area = read_inkml(path)
    assert area == pytest.approx(extent, abs=1e-3)
    assert len(back) == len(sketch)
    for ours, theirs in zip(back, sketch, strict=True):
        assert ours.points == pytest.approx(theirs.points, abs=1e-3)
        assert ours.width == (
            None if theirs.width is None else pytest.approx(theirs.width, abs=1e-3)
        )


def test_real_drawings_and_no_extent(tmp_path: Path) -> None:
    path = tmp_path / "s.inkml"
    for drawing, _ in pen_digits():
        write_inkml(path, drawing, None)
        back, area = read_inkml(path)
        assert area is None
        assert all(np.array_equal(a.points, b) for a, b in zip(back, drawing, strict=True))


def test_an_empty_sketch_is_a_sketch(tmp_path: Path) -> None:
    write_inkml(tmp_path / "s.inkml", [], (500, 400))
    assert read_inkml(tmp_path / "s.inkml") == ((), (500, 400))


def test_the_example_of_the_recommendation(tmp_path: Path) -> None:
    text = "1125 18432,'23'43,\"7\"-8,3-5,7 -3,6 2,6 8,3 6 T,2 4*T,3 6,3-6 F F"
    assert trace(tmp_path, text) == [
        [1125, 18432], [1148, 18475], [1178, 18510], [1211, 18540], [1251, 18567], [1297, 18596],
        [1349, 18633], [1404, 18676], [1461, 18723], [1521, 18776], [1584, 18823],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1 2, 3 4", [[1, 2], [3, 4]]),
        ("1.5 -2,-.5 +3.", [[1.5, -2], [-0.5, 3]]),
        ("\n 1\t2 ,\n3 4,\n", [[1, 2], [3, 4]]),
        ("1 2, '1 '1, !5 !6, 7 8", [[1, 2], [2, 3], [5, 6], [7, 8]]),
        ("1 2, * 5, ? 6, 7 8", [[1, 2], [1, 5], [7, 8]]),
        ("#A #1f", [[10, 31]]),
        ("1e2 2", [[100, 2]]),
    ],
)
def test_traces(tmp_path: Path, text: str, points: list[list[float]]) -> None:
    assert trace(tmp_path, text) == points


def test_other_channels_are_passed_over(tmp_path: Path) -> None:
    channels = '<channel name="T"/><channel name="Y"/><channel name="F"/><channel name="X"/>'
    assert trace(tmp_path, "0 20 0.5 10, 8 21 0.7 11", channels) == [[10, 20], [11, 21]]


def test_an_axis_may_point_the_other_way(tmp_path: Path) -> None:
    channels = '<channel name="X"/><channel name="Y" orientation="-ve"/>'
    assert trace(tmp_path, "1 2, 3 4", channels) == [[1, -2], [3, -4]]


def test_brushes_are_found_in_groups_and_contexts(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        f"""<ink {NAMESPACE}><definitions>
        <brush xml:id="a"><brushProperty name="width" value="3"/></brush>
        <brush xml:id="b"><brushProperty name="width" value="5"/></brush>
        <brush xml:id="c"><brushProperty name="color" value="#ff0000"/></brush>
        <context xml:id="k" brushRef="#b"/>
        </definitions>
        <trace>0 0</trace>
        <traceGroup brushRef="#a"><trace>1 1</trace>
        <traceGroup><trace brushRef="#b">2 2</trace></traceGroup></traceGroup>
        <trace contextRef="#k">3 3</trace><trace brushRef="#c">4 4</trace>
        <trace brushRef="#nowhere">5 5</trace><trace type="penUp">6 6</trace></ink>""",
    )
    assert [width for _, width in found] == [None, 3, 5, 5, None, None]


def test_a_file_as_microsoft_writes_it(tmp_path: Path) -> None:
    ((points, width),) = read(
        tmp_path,
        """<inkml:ink xmlns:inkml="http://www.w3.org/2003/InkML"><inkml:definitions>
        <inkml:context xml:id="ctx0"><inkml:inkSource xml:id="src0"><inkml:traceFormat>
        <inkml:channel name="X" type="integer" max="9600" units="cm"/>
        <inkml:channel name="Y" type="integer" max="7200" units="cm"/>
        <inkml:channel name="F" type="integer" max="256" units="dev"/></inkml:traceFormat>
        <inkml:channelProperties>
        <inkml:channelProperty channel="X" name="resolution" value="400" units="1/cm"/>
        </inkml:channelProperties></inkml:inkSource></inkml:context>
        <inkml:brush xml:id="br0"><inkml:brushProperty name="width" value="0.05" units="cm"/>
        </inkml:brush></inkml:definitions><inkml:traceGroup>
        <inkml:trace contextRef="#ctx0" brushRef="#br0">100 200 80, 110 220 90</inkml:trace>
        </inkml:traceGroup></inkml:ink>""",
    )
    assert points == [[100, 200], [110, 220]]
    assert width == pytest.approx(20)


def test_a_trace_goes_on_in_another(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        '<ink><trace continuation="begin">0 0</trace><trace continuation="middle">1 1</trace>'
        '<trace continuation="end">2 2</trace><trace>9 9</trace></ink>',
    )
    assert [points for points, _ in found] == [[[0, 0], [1, 1], [2, 2]], [[9, 9]]]


BOMB = '<!DOCTYPE ink [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><ink>&b;</ink>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ("hello", "no InkML or is damaged"),
        ("<svg/>", "begins with <svg>"),
        ("<ink><trace>1 2</trace>", "no InkML or is damaged"),
        ("<ink><trace>1 2, 3</trace></ink>", "trace 1 has no X and Y in point 2"),
        ("<ink><trace>1 2</trace><trace>1 a</trace></ink>", "trace 2 has a point 1"),
        ("<ink><trace>1e999 0</trace></ink>", "not finite"),
        ("<ink><trace>nan nan</trace></ink>", "trace 1"),
        ("<ink><trace>9999999999 0</trace></ink>", "beyond"),
        ("<ink>" + "<traceGroup>" * 9999, "nested deeper"),
        (BOMB, "document type"),
        ('<!DOCTYPE ink SYSTEM "file:///etc/passwd"><ink/>', "document type"),
        ('<?xml version="1.0" encoding="klingon"?><ink/>', "damaged"),
    ],
)
def test_wrong_files_are_refused_by_name(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "wrong.inkml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InkMLError, match=words) as error:
        read_inkml(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InkMLError, match="No such file"):
        read_inkml(tmp_path / "missing.inkml")
    with pytest.raises(InkMLError, match="is no file"):
        read_inkml(tmp_path)


def test_huge_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.inkml"
    with path.open("wb") as file:
        file.truncate(parsing.MAX_FILE_BYTES + 1)
    with pytest.raises(InkMLError, match="too large"):
        read_inkml(path)


@given(cut=st.floats(0, 1), flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255))))
@settings(deadline=None, max_examples=80, derandomize=True)
def test_damage_is_an_error_or_strokes(
    tmp_path_factory: pytest.TempPathFactory, cut: float, flips: list[tuple[float, int]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.inkml"
    write_inkml(path, pen_digits()[0][0], (500, 500))
    data = bytearray(path.read_bytes())
    for place, byte in flips:
        data[int(place * len(data))] = byte
    path.write_bytes(data[: int(cut * len(data))])
    try:
        read, _ = read_inkml(path)
    except InkMLError as error:
        assert str(path) in str(error)
    else:
        assert all(np.isfinite(stroke.points).all() for stroke in read)


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.inkml"
    write_inkml(path, [[(1, 2)]], (9, 9))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_inkml(path, [[(3, 4)]], (9, 9))
    assert read_inkml(path)[0][0].points.tolist() == [[1, 2]]
    assert list(tmp_path.iterdir()) == [path]


GROUP = '<traceGroup contextRef="#c" brushRef="#b">'
MILLIMETRES = '<brush id="b"><brushProperty name="width" value="1" units="mm"/></brush>'
RESOLUTION = '<channelProperty channel="X" name="resolution" value="10" units="1/mm"/>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"<ink><trace>1 2,{' ' * 20_000}x</trace></ink>", "has a point 2 that is no numbers"),
        (f"<ink><trace>#{'f' * 300} 1</trace></ink>", "not finite or beyond"),
        (f"<ink><trace>1 1, '#{'f' * 300} 1</trace></ink>", "not finite or beyond"),
        (f"<ink><trace>{'9' * 400} 1</trace></ink>", "not finite or beyond"),
        (f"<ink>{'<trace>1 2</trace>' * 20_001}</ink>", "more than 20000 traces"),
        (f"<ink><trace>{'1 2,' * 1_000_001}</trace></ink>", "more than 1000000 points"),
        (f"<ink>{'<x/>' * 100_001}</ink>", "more than 100000 elements"),
    ],
)
def test_what_no_sketch_needs_is_refused_in_one_sentence(
    tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "huge.inkml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InkMLError, match=words) as error:
        read_inkml(path)
    message = str(error.value)
    assert message.count(str(path)) == 1 and message.count("damaged") <= 1
    assert "\n" not in message and len(message) < len(str(path)) + 160


def test_what_many_traces_refer_to_is_looked_up_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, first = [], Element.iter

    class Counted(Element):
        def iter(self, tag: str | None = None) -> Any:
            looked.append(tag)
            return first(self, tag)

    monkeypatch.setattr(parsing, "TreeBuilder", lambda: TreeBuilder(element_factory=Counted))
    properties = RESOLUTION + '<channelProperty channel="F" name="q"/>' * 50
    channels = '<channel name="A"/>' * 50 + '<channel name="X"/><channel name="Y"/>'
    context = f'<context id="c"><inkSource><traceFormat>{channels}</traceFormat>{properties}'
    context += "</inkSource></context>"
    point = "0 " * 50 + "3 4"
    counts = []
    for traces in (1, 500):
        looked.clear()
        inside = f"<trace>{point}</trace>" * traces
        found = read(tmp_path, f"<ink>{MILLIMETRES}{context}{GROUP}{inside}</traceGroup></ink>")
        assert found == [([[3.0, 4.0]], 10.0)] * traces
        counts.append(len(looked))
    assert counts[0] == counts[1]


def test_an_element_inside_a_trace_does_not_end_it(tmp_path: Path) -> None:
    text = "1 2, <annotation>9 9</annotation>3 4, <!-- 8 8 --> 5 6"
    assert trace(tmp_path, text) == [[1, 2], [3, 4], [5, 6]]


def test_a_million_points_are_read(tmp_path: Path) -> None:
    text = ",".join(f"{500 * (n % 2)} {n % 500}" for n in range(parsing.MAX_POINTS))
    ((points, _),) = read(tmp_path, f"<ink><trace>{text}</trace></ink>")
    assert len(points) == parsing.MAX_POINTS


def test_an_area_that_is_no_area_is_not_told(tmp_path: Path) -> None:
    for side in ("1e-320", "1e400", "-1", "1e10"):
        channels = "".join(f'<channel name="{axis}" max="{side}"/>' for axis in "XY")
        path = tmp_path / "s.inkml"
        path.write_text(f"<ink><canvas><traceFormat>{channels}</traceFormat></canvas></ink>")
        assert read_inkml(path)[1] is None
