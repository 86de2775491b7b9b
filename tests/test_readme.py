"""The README and docs/: their figures, example, commands and links are true."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks import measured, readme
from benchmarks.figures import Figure
from benchmarks.goals import COST, READING
from recognizer import Recognizer
from recognizer.batch.results import FileReading
from recognizer.expression import result_of
from recognizer.files import REPORTS, SAVED_MODEL
from recognizer.model import card
from tests.test_directions import IMPORTS, NEWEST

ROOT = readme.ROOT
TEXT = readme.README.read_text(encoding="utf-8")
USAGE = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
MAX_README_LINES = 100
ROOMS = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = ROOMS.partition("## The rooms")[2].partition("## Where")[0]
MODULES = {
    "Pillow": "PIL",
    "OpenCV": "cv2",
    "LiteRT": "ai_edge_litert",
    "KerasTuner": "keras_tuner",
    "scikit-learn": "sklearn",
    "Prometheus": "prometheus_client",
}
"""Modules of the libraries that are not simply named in small letters."""


def code_after(mark: str) -> str:
    """The first code block after a mark."""
    found = re.search(rf"<!-- {mark} -->\n```bash\n(.*?)```", TEXT, re.DOTALL)
    assert found, f"README.md has no code block after <!-- {mark} -->"
    return found[1]


def test_figures_are_those_of_the_card() -> None:
    for document, expected in readme.passages(card.read(measured.CARD)).items():
        text = document.read_text(encoding="utf-8")
        assert readme.rewritten(text, expected) == text, "Run: python -m benchmarks.readme"


def test_main_figures_are_some_of_all() -> None:
    assert set(readme.MAIN_FIGURES) < {*READING, *COST}
    found = card.read(measured.CARD)
    rows = [line for line in readme.main_passage(found).splitlines() if line.startswith("|")]
    assert set(rows) < set(readme.passage(found).splitlines())
    assert len(rows) == len(readme.MAIN_FIGURES) + 2 * 2  # two heads of two lines


def test_figures_are_checked_and_rewritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("README", "EVALUATION")
    monkeypatch.setattr(readme, "ROOT", tmp_path)
    for name in names:
        copy = tmp_path / f"{name}.md"
        copy.write_text(f"{readme.BEGIN}\nold\n{readme.END}\n", encoding="utf-8")
        monkeypatch.setattr(readme, name, copy)
    assert readme.main(["--check"]) == 1
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        f"{name}.md" for name in names
    ]
    assert readme.main([]) == 0
    assert readme.main(["--check"]) == 0


def test_passage_shows_every_kind_of_figure() -> None:
    content = {
        "figures": {
            "mnist_test_accuracy": Figure(99.75, "%", "", (99.63, 99.83), 10000).as_json(),
            "paint_correct": Figure(63, "digits", "", (60.2, 63.9), 64).as_json(),
        },
        "benchmarks": {
            "start_seconds": Figure(0.3, "s", "", (0.29, 0.4), 9).as_json(),
            "ratio_start": Figure(0.05, "×", "").as_json(),
        },
        "benchmarks_on": "2 cores",
    }
    lines = readme.passage(content).splitlines()
    mnist = "| MNIST test, right | 99.75 % | 99.63–99.83 | 99.70 % | 99.80 % | meets the minimum |"
    assert mnist in lines
    paint = "| 63 of 64 | 60–64 | 63 of 64 | 64 of 64 | meets the minimum |"
    assert any(line.endswith(paint) for line in lines)
    start = "| 0.30 s | 0.29–0.40 | 0.50 s | 0.35 s | reaches the aim | 20 × as much |"
    assert any(line.endswith(start) for line in lines)
    assert lines[-1] == "Costs were measured on 2 cores."


def test_passage_of_a_card_without_figures() -> None:
    assert readme.passage({}) == "No figures yet."


def test_rewriting_changes_only_what_is_between_the_marks() -> None:
    text = f"before\n{readme.BEGIN}\nold\n{readme.END}\nafter\n"
    assert readme.rewritten(text, "new") == f"before\n{readme.BEGIN}\nnew\n{readme.END}\nafter\n"


def test_readme_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="one <!-- figures -->"):
        readme.rewritten("no marks", "new")


def test_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.new("L", (200, 200), "white")
    ImageDraw.Draw(picture).line([(60, 40), (140, 40), (90, 170)], "black", 14)
    for name in ("seven.png", "number.png"):
        picture.save(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    short = re.search(r"^  ```python\n(.*?)^  ```", TEXT, re.DOTALL | re.MULTILINE)
    assert short
    names: dict[str, Any] = {}
    exec(compile(textwrap.dedent(short[1]), "README.md", "exec"), names)
    assert names["reading"].text == "7"
    names = {"glyphs": np.zeros((3, 28, 28), dtype=np.uint8)}
    alone, learned, under_way = re.findall(
        r"^```python\n(.*?)^```", USAGE, re.DOTALL | re.MULTILINE
    )
    exec(compile(alone, "docs/usage.md", "exec"), names)
    assert names["prediction"].digit == 7
    assert names["reading"].text == "7"
    assert names["probabilities"].shape == (3, 10)
    recognizer = names["recognizer"]
    if recognizer.can_learn:  # the saved network may tell no features
        exec(compile(learned, "docs/usage.md", "exec"), names)
        assert not recognizer.hand.drawings and (tmp_path / "anna.hand").is_file()
    counted = Mock(wraps=recognizer._model.predict_proba)
    monkeypatch.setattr(recognizer._model, "predict_proba", counted)
    exec(compile(under_way, "docs/usage.md", "exec"), names)
    assert names["reading"].text == "71"
    assert counted.call_count == 2, "the first character was read anew"


def test_json_of_a_file_is_described_completely() -> None:
    seven = [[(150, 120), (350, 120), (220, 400)]]
    found = json.loads(FileReading("seven.png", Recognizer().read_strokes(seven)).json())
    assert members("file") == list(found)
    assert members("sum") == list(result_of("1+1=2").as_json())
    (character,) = found["digits"]
    assert members("character") == list(character)


def members(of: str) -> list[str]:
    """The names in the documentation's table of what JSON gives of a file, or of a character."""
    table = USAGE.partition(f"| of a {of} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def test_commands_are_one_line_each_and_name_files_that_exist() -> None:
    for mark in ("run command", "test command"):
        command = code_after(mark)
        assert command.count("\n") == 1
        assert command.startswith("python3 -m venv .venv && ")
        (requirements,) = re.findall(r"-r (\S+)", command)
        assert (ROOT / requirements).is_file()


def test_ci_takes_the_same_test_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    function = re.search(r"^test_command\(\) \{\n.*?^\}\n", script, re.DOTALL | re.MULTILINE)
    assert function
    found = subprocess.run(
        ["bash", "-c", f"{function[0]}test_command"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == code_after("test command")


@pytest.mark.parametrize("name", ["make_usage", "make_pictures", "run_notebook"])
def test_what_makes_the_documents_explains_itself(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        import_module(f"docs.{name}").main(["--help"])
    assert ended.value.code == 0
    assert f"python -m docs.{name}" in capsys.readouterr().out


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://)([^)#]*)(?:#([^)]+))?\)", text)
    for name, heading in links:
        target = document.parent / name if name else document
        assert target.exists(), name
        if heading:
            assert heading in headings(target)


def headings(document: Path) -> list[str]:
    """What a link may name after #."""
    found = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in found]


def test_readme_is_read_in_two_minutes() -> None:
    assert len(TEXT.splitlines()) <= MAX_README_LINES
    names = {path.name for path in ROOT.glob("docs/*.md")}
    assert {name for name in names if f"docs/{name}" not in TEXT} == set()


def test_rooms_of_the_architecture_exist() -> None:
    modules = re.search(r"common\s+modules(.*?)\.\s", ROOMS, re.DOTALL)
    assert modules
    common = set(re.findall(r"`([^`]+)`", modules[1]))
    there = {
        path.name
        for path in (ROOT / "recognizer").iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
    }
    told = {name.rstrip("/") for name in rooms_told()}
    assert told | common == there - {"__main__.py"}


def rooms_told() -> dict[str, tuple[str, str]]:
    """Each room in the architecture's table, with the cells of what it imports."""
    rows = re.findall(r"^\| `([^`]+)` \|.*\|(.*)\|(.*)\|$", ROOMS, re.MULTILINE)
    return {name: (rooms, libraries) for name, rooms, libraries in rows}


@pytest.mark.parametrize("name", rooms_told())
def test_the_table_of_rooms_tells_what_they_import(name: str) -> None:
    room = name.rstrip("/").removesuffix(".py")
    rooms, libraries = rooms_told()[name]
    told = {found.rstrip("/") for found in re.findall(r"`([^`]+)`", rooms)}
    assert {found.removesuffix(".py") for found in told} == set(NEWEST[room])
    used = {found.module.partition(".")[0] for found in IMPORTS if found.room == room}
    used -= {"numpy", "recognizer", *sys.stdlib_module_names}
    written = {found.strip() for found in libraries.split(",")} - {"–"}
    assert {MODULES.get(found, found.lower()) for found in written} == used


def test_the_report_tells_the_figures_of_the_card() -> None:
    told = card.read(REPORTS / "metrics.json")
    saved = card.read(SAVED_MODEL / card.CARD_FILE)
    assert told["figures"] == saved["figures"]
    assert (told["costs"], told["costs_on"]) == (saved["benchmarks"], saved["benchmarks_on"])
