"""The README: its figures, its example, its commands and its links are true."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks import measured, readme
from benchmarks.figures import Figure
from recognizer.app.actions import KEYS
from recognizer.model import card

ROOT = readme.README.parent
TEXT = readme.README.read_text(encoding="utf-8")


def code_after(mark: str) -> str:
    """The first code block after a mark."""
    found = re.search(rf"<!-- {mark} -->\n```bash\n(.*?)```", TEXT, re.DOTALL)
    assert found, f"README.md has no code block after <!-- {mark} -->"
    return found[1]


def test_figures_are_those_of_the_card() -> None:
    expected = readme.passage(card.read(measured.CARD))
    assert readme.rewritten(TEXT, expected) == TEXT, "Run: python -m benchmarks.readme"


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
    assert (
        "| MNIST test, right | 99.75 % | 99.63–99.83 | 99.70 % | 99.80 % | must reached |" in lines
    )
    paint = "| 63 of 64 | 60–64 | 63 of 64 | 64 of 64 | must reached |"
    assert any(line.endswith(paint) for line in lines)
    start = "| 0.30 s | 0.29–0.40 | 0.50 s | 0.35 s | aim reached | 20 × as much |"
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


def test_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.new("L", (200, 200), "white")
    ImageDraw.Draw(picture).line([(60, 40), (140, 40), (90, 170)], "black", 14)
    for name in ("seven.png", "number.png"):
        picture.save(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    found = re.search(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert found
    names: dict[str, Any] = {"glyphs": np.zeros((3, 28, 28), dtype=np.uint8)}
    exec(compile(found[1], "README.md", "exec"), names)
    assert names["answer"].digit == 7
    assert names["reading"].text == "7"
    assert names["probabilities"].shape == (3, 10)


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


def test_links_lead_to_files() -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)\)", TEXT)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_key_is_told() -> None:
    told = " ".join(line for line in TEXT.splitlines() if "<kbd>" in line)
    words = {"eraser": "erase", "full": "full screen", "theme": "light or dark"}
    actions = {words.get(action, action) for action in KEYS.values()}
    assert {action for action in actions if action not in told} == set()
