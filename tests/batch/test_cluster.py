"""Many pictures by Ray Data, on one Ray of two cores that all of these tests share."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ray", reason="Ray is not installed")

import pyarrow as pa
import ray
from pyarrow import parquet

from recognizer.batch import BatchJob, Worker, cluster
from recognizer.batch.cluster import connected, read_on_cluster, units_in
from recognizer.batch.parts import PartsFolder
from recognizer.batch.tables import TABLE_COLUMNS, TableError
from recognizer.cli import main
from tests.batch.command import read
from tests.samples import picture_of

CORES = 2
Row = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def started() -> Iterator[None]:
    """A Ray on this machine, which the command finds started."""
    with connected(cores=CORES) as cores:
        assert cores == CORES
        yield
    assert not ray.is_initialized()


def rows_in(folder: Path) -> list[Row]:
    parts = [parquet.read_table(part) for part in sorted(folder.glob("*.parquet"))]
    return pa.concat_tables(parts).to_pylist() if parts else []


def texts_in(folder: Path) -> dict[str, str]:
    rows = rows_in(folder)
    found = {Path(row["path"]).stem: row["text"] for row in rows}
    assert len(found) == len(rows)
    return found


def test_a_folder_is_read_and_errors_are_rows(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.png").write_bytes(b"no picture")
    missing = tmp_path / "missing.png"
    out = tmp_path / "out"
    assert read(folder, missing, "--ray", "--parquet", out) == 1
    assert "7 pictures read" in capsys.readouterr().out
    texts = texts_in(out)
    assert texts == {**{str(n): str(n) for n in range(5)}, "broken": "", "missing": ""}
    rows = rows_in(out)
    assert tuple(rows[0]) == TABLE_COLUMNS
    for row in rows:
        assert (row["error"] != "") == (Path(row["path"]).stem in ("broken", "missing"))
        assert (row["confidence"] is None) == (row["error"] != "")


def test_it_goes_on_where_it_stopped(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert read(folder / "0.png", folder / "1.png", "--ray", "--parquet", out) == 0
    assert read(folder, "--ray", "--parquet", out) == 0
    assert "3 pictures read" in capsys.readouterr().out
    assert len(list(out.glob("*.parquet"))) == 2
    assert read(folder, "--ray", "--parquet", out) == 0
    assert "0 pictures read" in capsys.readouterr().out
    assert texts_in(out) == {str(n): str(n) for n in range(5)}


def png(digit: int) -> bytes:
    file = io.BytesIO()
    picture_of(digit).save(file, "PNG")
    return file.getvalue()


def test_pictures_in_parquet_are_read_row_group_by_row_group(tmp_path: Path) -> None:
    contents = [png(digit) for digit in range(5)]
    names = [f"s3://there/{digit}.png" for digit in range(5)]
    plain = pa.table({"bytes": [*contents[:4], None], "path": names})
    parquet.write_table(plain, tmp_path / "plain.parquet", row_group_size=2)
    inner = [{"bytes": content, "path": None} for content in contents[:2]]
    parquet.write_table(pa.table({"image": inner}), tmp_path / "inner.parquet")
    parquet.write_table(pa.table({"number": [1]}), tmp_path / "none.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    out = tmp_path / "out"
    files = [tmp_path / f"{name}.parquet" for name in ("plain", "inner", "none", "broken")]
    assert read(*files, "--ray", "--parquet", out) == 1
    found = {row["path"]: (row["text"], row["error"]) for row in rows_in(out)}
    for digit in range(4):
        assert found.pop(names[digit]) == (str(digit), "")
    assert "is empty" in found.pop(names[4])[1]
    for number in range(2):
        assert found.pop(f"{tmp_path / 'inner.parquet'}#{number}") == (str(number), "")
    assert "no pictures" in found.pop(f"{tmp_path / 'none.parquet'}#group0")[1]
    assert "no picture" in found.pop(str(tmp_path / "broken.parquet"))[1]
    assert not found
    with PartsFolder(out) as table:
        assert list(units_in(files, table, out)) == []


def test_patterns_stand_for_files(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert read(folder / "**" / "[23].png", "--ray", "--parquet", out) == 0
    assert texts_in(out) == {"2": "2", "3": "3"}


class Busy:
    """Holds all cores but one."""

    def ready(self) -> bool:
        return True


def test_one_free_core_is_enough(folder: Path, tmp_path: Path) -> None:
    busy = ray.remote(num_cpus=CORES - 1)(Busy).remote()
    assert ray.get(busy.ready.remote())
    try:
        assert read(folder, "--ray", "--parquet", tmp_path / "out") == 0
    finally:
        ray.kill(busy)
    assert len(texts_in(tmp_path / "out")) == 5


class DyingWorker(Worker):
    """Its process is killed at a file of one name; once, if a file beside it can be made."""

    @property
    def recognizer(self) -> Any:
        return _Dying(super().recognizer)


class _Dying:
    def __init__(self, recognizer: Any) -> None:
        self._recognizer = recognizer

    def read_image(self, path: Any, steps: Any = None) -> Any:
        if Path(path).stem == "deadly":
            os.kill(os.getpid(), signal.SIGKILL)
        if Path(path).stem == "once" and not Path(path).with_suffix(".died").exists():
            Path(path).with_suffix(".died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self._recognizer.read_image(path, steps)


class DyingReader(cluster.ClusterReader):
    """Reads by such a worker."""

    def __init__(self, job: BatchJob) -> None:
        self._worker = DyingWorker(job)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot kill so")
def test_a_reader_that_is_killed_costs_at_most_the_picture_that_killed_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture_of(7).save(folder / "deadly.png")
    picture_of(8).save(folder / "once.png")
    monkeypatch.setattr(cluster, "ClusterReader", DyingReader)
    out = tmp_path / "out"
    with PartsFolder(out) as table:
        units = list(units_in([folder], table, out))
        read_so = read_on_cluster(units, BatchJob(None, None), table, CORES)
        assert [sum(each) for each in zip(*read_so, strict=True)] == [7, 1]
    texts = texts_in(out)
    assert texts == {**{str(n): str(n) for n in range(5)}, "once": "8", "deadly": ""}
    (reason,) = (row["error"] for row in rows_in(out) if row["error"])
    assert "died" in reason


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ([], "--parquet FOLDER"),
        (["--parquet", "OUT", "--csv", "a.csv"], "no --csv"),
        (["--parquet", "OUT", "--json"], "no --json"),
        (["--parquet", "FILE"], "is a file"),
        (["--parquet", "OTHER"], "no part of a table"),
        (["--parquet", "OUT", "--model", "nowhere"], "nowhere"),
        (["--parquet", "OUT", "--labels", "§§"], "--labels"),
    ],
)
def test_what_does_not_go_together_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: Any, named: str
) -> None:
    (tmp_path / "FILE").write_text("a file")
    (tmp_path / "OTHER").mkdir()
    parquet.write_table(pa.table({"path": ["a"]}), tmp_path / "OTHER" / "other.parquet")
    places = [str(tmp_path / each) if each.isupper() else each for each in options]
    assert main(["read", str(folder), "--ray", *places]) == 2
    told = capsys.readouterr().err
    assert named in told and told.count("\n") == 1


def test_two_commands_do_not_write_to_one_folder(tmp_path: Path) -> None:
    with PartsFolder(tmp_path / "out"), pytest.raises(TableError, match="Another command"):
        PartsFolder(tmp_path / "out")
