"""UNIPEN, UJI and Lipi, read from small pieces in their formats that are made here."""

import io
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recognizer.datasets import DataError, Files, MissingDataError, Sample, Source, unipen
from recognizer.datasets.unipen import lipi_samples, uji_samples, unipen_samples

LABELS = """.VERSION 1.0
.INCLUDE abc/abc.doc
.INCLUDE abc/data/one.dat
.SEGMENT CHARACTER 0 ? "7"
.SEGMENT CHARACTER 1-3 OK "\\\\"
.SEGMENT CHARACTER 5 ? "-"
.SEGMENT CHARACTER 5 ?  "\\@"
"""

RECORDING = """.WRITER_ID one
.COUNTRY U.S.A.
.H_LINE 137
.PEN_DOWN
10 30
20 50
30 10
.PEN_UP
.PEN_DOWN
.PEN_UP
.START_BOX
.PEN_DOWN
1 2
3 4
.PEN_UP
.DT 930
.PEN_UP
100 100
100 101
.PEN_DOWN
\t5 6
7 8
.PEN_UP
9 9
.PEN_DOWN
-1 -2
"""

UJI = """.LEXICON "a" "b"
.HIERARCHY CHARACTER
.SEGMENT CHARACTER 0 ? "a"
.COMMENT Class [A]
.PEN_DOWN
 557  844
 550  803
.PEN_UP
.DT 100
.SEGMENT CHARACTER 1-2 ? "7"
.PEN_DOWN
 1 2
.PEN_UP
.DT 100
.PEN_DOWN
 3 4
.PEN_UP
"""

LIPI = """.VERSION 1.0 0
.COORD X Y T
.WRITER_INFO
 WriterName:SOMEBODY
.PEN_DOWN
2749 719 34620
2748 696 0
.PEN_UP
"""

UNIPEN_FILES = {
    "data/1a/abc/one.dat": LABELS.encode(),
    "include/abc/abc.doc": b".DATA_ID abc\n.COORD X Y\n",
    "include/abc/data/one.dat": RECORDING.encode(),
}
SMALL = {
    "unipen": (UNIPEN_FILES, 3),
    "uji": ({"original_data/UJIpenchars-w03": UJI.encode()}, 2),
    "lipi": ({"projects/numerals/data/raw/usr4/000003t01.txt": LIPI.encode()}, 1),
}


def packed(files: Files) -> bytes:
    """A .tar.xz with these files."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:xz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return target.getvalue()


@pytest.fixture(params=SMALL)
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a set that is complete with the few samples made here."""
    source: Source = getattr(unipen, request.param.upper())
    complete = replace(source, samples=SMALL[request.param][1])
    monkeypatch.setattr(unipen, request.param.upper(), complete)
    return str(request.param)


def load(name: str, folder: Path) -> list[Sample]:
    loader: Callable[[Path], list[Sample]] = getattr(unipen, f"load_{name}")
    return loader(folder)


def archive_of(name: str, folder: Path) -> Path:
    source: Source = getattr(unipen, name.upper())
    return folder / f"{source.name}.tar.xz"


def described(samples: list[Sample]) -> list[tuple[object, ...]]:
    return [
        (each.label, each.set, each.writer, [stroke.points.tolist() for stroke in each.strokes])
        for each in samples
    ]


def test_components_are_counted_if_they_have_points_and_pen_up_is_left_out() -> None:
    seven, backslash, minus = unipen_samples(UNIPEN_FILES)
    assert [each.label for each in (seven, backslash, minus)] == ["7", "\\", "−"]
    assert (seven.set, seven.writer, seven.country) == ("unipen/abc", "unipen/abc/one", "US")
    assert [stroke.points.tolist() for stroke in backslash.strokes] == [
        [[1, -2], [3, -4]],
        [[5, -6], [7, -8]],
    ]
    np.testing.assert_array_equal(minus.strokes[0].points, [[-1, 2]])


def test_y_points_upwards_on_the_tablet_and_downwards_here() -> None:
    first = next(unipen_samples(UNIPEN_FILES))
    top = first.strokes[0].points[np.argmin(first.strokes[0].points[:, 1])]
    np.testing.assert_array_equal(top, [20, -50])


@pytest.mark.parametrize(
    ("reference", "strokes"),
    [
        ("0:1", [[[20, -50], [30, -10]]]),
        ("0:1-0:1", [[[20, -50]]]),
        ("0:2-1:0", [[[30, -10]], [[1, -2]]]),
        ("5,0:0-0:0", [[[-1, 2]], [[10, -30]]]),
        ("1:1-3", [[[3, -4]], [[5, -6], [7, -8]]]),
        ("0-0", [[[10, -30], [20, -50], [30, -10]]]),
    ],
)
def test_a_character_may_begin_and_end_within_components(
    reference: str, strokes: list[list[list[float]]]
) -> None:
    labels = LABELS.replace("CHARACTER 0 ?", f"CHARACTER {reference} ?")
    first = next(unipen_samples({**UNIPEN_FILES, "data/1a/abc/one.dat": labels.encode()}))
    assert [stroke.points.tolist() for stroke in first.strokes] == strokes


def test_times_are_no_coordinates() -> None:
    timed = RECORDING.replace("10 30", "10 30 5").replace("20 50", "20 50 6")
    timed = ".COORD X Y T\n" + timed.replace("30 10", "30 10 7")
    first = next(unipen_samples({**UNIPEN_FILES, "include/abc/data/one.dat": timed.encode()}))
    np.testing.assert_array_equal(first.strokes[0].points, [[10, -30], [20, -50], [30, -10]])


def test_what_a_recording_includes_is_read_too() -> None:
    nested = RECORDING.replace(".WRITER_ID one\n", ".INCLUDE abc/who.doc\n")
    files = {
        **UNIPEN_FILES,
        "include/abc/data/one.dat": nested.encode(),
        "include/abc/who.doc": b".WRITER_ID other",
    }
    assert next(unipen_samples(files)).writer == "unipen/abc/other"


def test_the_country_is_the_writers_or_else_the_providers() -> None:
    recording = RECORDING.replace("U.S.A.", "?").encode()
    files = {**UNIPEN_FILES, "include/abc/data/one.dat": recording}
    assert next(unipen_samples(files)).country is None
    files["data/1a/gmd/one.dat"] = files.pop("data/1a/abc/one.dat")
    assert next(unipen_samples(files)).country == "DE"


def test_one_person_has_one_name_in_all_sessions_and_for_all_providers() -> None:
    def writer(provider: str, name: str) -> str | None:
        files = {
            f"train_r01_v07/data/1c/{provider}/one.dat": LABELS.encode(),
            "train_r01_v07/include/abc/abc.doc": b"",
            "train_r01_v07/include/abc/data/one.dat": RECORDING.replace("one", name).encode(),
        }
        return next(unipen_samples(files)).writer

    assert writer("ibm", "r00-07") == writer("ibm", "r02-07") == "unipen/ibm/07"
    assert writer("cea", "gb2911") == writer("ceb", "gb2911")
    assert writer("gmd", "kast") == writer("gmd", "alek") != writer("gmd", "monu")
    assert writer("tos", "1007") != writer("tos", "3007")
    assert writer("uqb", "ja_3828") != writer("art", "ja_3828")


def test_each_writer_of_uji_and_lipi_has_files_with_y_downwards() -> None:
    small_a, seven = uji_samples(SMALL["uji"][0])
    assert (small_a.label, small_a.writer, small_a.country) == ("a", "uji/03", "ES")
    np.testing.assert_array_equal(small_a.strokes[0].points, [[557, 844], [550, 803]])
    assert (seven.label, len(seven.strokes)) == ("7", 2)
    (three,) = lipi_samples(SMALL["lipi"][0])
    assert (three.label, three.writer, three.country) == ("3", "lipi/4", "IN")
    np.testing.assert_array_equal(three.strokes[0].points, [[2749, 719], [2748, 696]])


def test_an_archive_and_its_folder_are_the_same(small: str, tmp_path: Path) -> None:
    files, count = SMALL[small]
    archive_of(small, tmp_path).write_bytes(packed(files))
    from_archive = load(small, tmp_path)
    assert len(from_archive) == count
    archive_of(small, tmp_path).unlink()
    for name, content in files.items():
        path = archive_of(small, tmp_path).with_suffix("").with_suffix("") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert described(load(small, tmp_path)) == described(from_archive)


def test_a_missing_set_says_what_to_put_where(
    small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(MissingDataError, match=r"is in no data folder. Get it from .*--data-dir"):
        load(small, tmp_path)


def test_no_half_of_a_set_is_read(small: str, tmp_path: Path) -> None:
    files, _ = SMALL[small]
    whole = packed(files)
    path = archive_of(small, tmp_path)
    for end in (0, 1, len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:end])
        with pytest.raises(DataError, match=f"{path.name} is damaged or another file"):
            load(small, tmp_path)


@pytest.mark.parametrize("content", [b"no archive", packed({"other/file.txt": b"text"})])
def test_another_archive_is_refused(small: str, tmp_path: Path, content: bytes) -> None:
    archive_of(small, tmp_path).write_bytes(content)
    with pytest.raises(DataError, match=r"tar\.xz is damaged or another file"):
        load(small, tmp_path)


def test_a_set_with_too_few_samples_is_refused(tmp_path: Path) -> None:
    archive_of("lipi", tmp_path).write_bytes(packed(SMALL["lipi"][0]))
    with pytest.raises(DataError, match="it holds 1 samples, not 160"):
        load("lipi", tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new", "trouble"),
    [
        ("data/1a/abc/one.dat", "0 ?", "x ?", "no.* reference to components: 'x'"),
        ("data/1a/abc/one.dat", "0 ?", "6 ?", "component 6 of 6 does not exist"),
        ("data/1a/abc/one.dat", "0 ?", "4 ?", "'7' without a stroke"),
        ("data/1a/abc/one.dat", '"7"', '"77"', "label '77' is more than one character"),
        ("data/1a/abc/one.dat", '"7"', "7", "not a labelled character"),
        ("data/1a/abc/one.dat", "abc.doc", "no.doc", "include/abc/no.doc is missing"),
        ("include/abc/data/one.dat", ".WRITER_ID", ".COMMENT", "names the writer"),
        ("include/abc/data/one.dat", "20 50", "20", "points of 2 numbers"),
        ("include/abc/data/one.dat", "20 50", "20 nan", "points of 2 numbers"),
        ("include/abc/data/one.dat", "20 50", "20 x", "could not convert"),
    ],
)
def test_the_file_with_the_trouble_is_named(
    tmp_path: Path, file: str, old: str, new: str, trouble: str
) -> None:
    changed = UNIPEN_FILES[file].replace(old.encode(), new.encode())
    archive_of("unipen", tmp_path).write_bytes(packed({**UNIPEN_FILES, file: changed}))
    with pytest.raises(DataError, match=rf"data/1a/abc/one\.dat: .*{trouble}"):
        load("unipen", tmp_path)
