"""The package: what it installs, what it needs, and that it works outside the checkout."""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.metadata
import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
import typing
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

import recognizer
from tests.test_directions import IMPORTS, Import

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
Folders = tuple[Path, ...]
MAX_WHEEL_BYTES = 4_000_000
EXTRAS_OF_ROOMS = {
    **dict.fromkeys(("app", "main"), ("app",)),
    "web": ("web",),
    "batch": ("parquet", "cluster"),
    **dict.fromkeys(("datasets", "evaluation"), ("train",)),
    "training": ("train", "export"),
}
"""Extras that rooms need; the others do with what reading needs."""
DISTRIBUTIONS = importlib.metadata.packages_distributions()
"""Installed distributions by the modules that they bring."""
PAGE = ROOT / "recognizer" / "web" / "page"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


def requirements(name: str) -> Iterator[str]:
    """What a file of requirements asks for, the files that it names included."""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        wanted = line.partition("#")[0].strip()
        if wanted.startswith("-r "):
            yield from requirements(wanted.removeprefix("-r "))
        elif wanted:
            yield wanted


def of_extras(*names: str) -> list[str]:
    """What the package needs with these extras."""
    extras = PROJECT["optional-dependencies"]
    return sorted([*PROJECT["dependencies"], *(need for name in names for need in extras[name])])


def test_requirements_files_and_extras_agree() -> None:
    assert sorted(requirements("requirements-window.txt")) == of_extras("app")
    assert sorted(requirements("requirements.txt")) == of_extras("app", "train")
    extras = PROJECT["optional-dependencies"]
    for name in ("web", "cluster", "export"):
        assert list(requirements(f"requirements-{name}.txt")) == extras[name]
    assert set(extras["parquet"]) <= set(extras["cluster"])
    tools = of_extras("app", "cluster", "export", "train", "web", "dev")
    tools.remove("digit-sketchpad[app,cluster,export,parquet,train,web]")
    assert sorted(requirements("requirements-dev.txt")) == tools


def test_every_requirement_is_pinned() -> None:
    assert [need for need in requirements("requirements-dev.txt") if "==" not in need] == []


def test_every_library_that_is_imported_is_declared() -> None:
    """Each room imports only what is declared for it, nothing that others happen to bring."""
    others = [
        file for top in ("docs", "benchmarks", "tests") for file in (ROOT / top).rglob("*.py")
    ]
    found = [*IMPORTS, *(each for file in others for each in plain_imports_in(file))]
    missing = [str(each) for each in found if not is_declared(each)]
    assert not missing, "\n".join(missing)


def plain_imports_in(path: Path) -> Iterator[Import]:
    """What a file imports by name, outside the package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Import(path, node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield Import(path, node.lineno, node.module)


@pytest.mark.parametrize(
    ("path", "module", "declared"),
    [
        ("recognizer/ink.py", "numpy.typing", True),
        ("recognizer/ink.py", "pygame", False),
        ("recognizer/app/style.py", "pygame", True),
        ("recognizer/cli/read.py", "scipy.optimize", False),
        ("recognizer/training/metrics.py", "scipy.optimize", True),
        ("recognizer/training/metrics.py", "google.protobuf", False),
        ("tests/test_ink.py", "hypothesis", True),
    ],
)
def test_a_library_that_is_not_declared_is_found(path: str, module: str, declared: bool) -> None:
    assert is_declared(Import(ROOT / path, 1, module)) == declared


def is_declared(found: Import) -> bool:
    """Whether the requirements of an import's room name its library; Python's need no name."""
    top = found.module.partition(".")[0]
    if top in {"recognizer", "docs", "benchmarks", "tests", *sys.stdlib_module_names}:
        return True
    everything = ("app", "cluster", "export", "train", "web", "dev")
    extras = () if found.path.is_relative_to(ROOT / "recognizer") else everything
    needs = of_extras(*EXTRAS_OF_ROOMS.get(found.room, extras))
    declared = {canonical(need) for need in needs}
    return any(canonical(name) in declared for name in DISTRIBUTIONS.get(top, [top]))


def canonical(requirement: str) -> str:
    """The name of a requirement's distribution, in the one way of writing it that counts."""
    name = re.match(r"[\w.-]+", requirement)
    assert name
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_lock_holds_every_requirement_with_hashes() -> None:
    entry = r"^([a-z0-9.-]+)==(\S+)(?: ; .*)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+"
    locked = {found[0] for found in re.findall(entry, LOCK, re.MULTILINE)}
    pins = {tuple(found) for found in re.findall(r"^([a-z0-9.-]+)==(\S+)", LOCK, re.MULTILINE)}
    assert {name for name, _ in pins} == locked
    wanted = {
        tuple(re.sub(r"\[.*?\]|;.*", "", need).split("=="))
        for need in requirements("requirements-dev.txt")
    }
    assert wanted <= pins, "Make the lock anew, see CONTRIBUTING.md"
    assert len(pins) > 2 * len(wanted), "the packages that these need are missing"


def test_lock_names_no_address_and_no_machine() -> None:
    assert re.findall(r"://|file:|--\S*index\S*|--find-links|(?<![\w.])/\w+", LOCK) == []


def test_type_checkers_find_the_public_names(monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module("recognizer.reading")
    monkeypatch.setattr(typing, "TYPE_CHECKING", True)
    assert set(recognizer.__all__) <= set(runpy.run_path(recognizer.__file__))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ("wheel", "--no-index", "--no-build-isolation", "--no-deps", "--wheel-dir", folder)
    subprocess.run([*PIP, *build, ROOT], check=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel, and nothing else, is installed."""
    folder = tmp_path_factory.mktemp("site")
    subprocess.run(
        [*PIP, "install", "--no-index", "--no-deps", "--target", folder, wheel], check=True
    )
    return folder


@pytest.fixture(scope="module")
def reading(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The wheel, and nothing but what it says that it requires."""
    return site, required_by_wheel(site, tmp_path_factory.mktemp("reading"))


@pytest.fixture(scope="module")
def window(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The wheel, and nothing but what it requires with its extra `app`."""
    return site, required_by_wheel(site, tmp_path_factory.mktemp("window"), "app")


def required_by_wheel(site: Path, folder: Path, extra: str = "") -> Path:
    """Link to what the wheel requires, and to what that requires in turn, in a folder."""
    (ours,) = importlib.metadata.distributions(path=[str(site)])
    left, done = list(without_extras(ours.requires, extra)), set()
    while left:
        name = canonical(left.pop())
        if name not in done:
            done.add(name)
            with contextlib.suppress(importlib.metadata.PackageNotFoundError):  # another system's
                found = importlib.metadata.distribution(name)
                left += without_extras(found.requires)
                link(found, folder)
    return folder


def without_extras(requirements: Sequence[str] | None, extra: str = "") -> Iterator[str]:
    """Requirements that belong to no extra, or to this one."""
    for requirement in requirements or ():
        found = re.search(r"extra == ['\"]([\w.-]+)", requirement)
        if found is None or found[1] == extra:
            yield requirement


def link(distribution: importlib.metadata.Distribution, folder: Path) -> None:
    """Make the files of an installed distribution stand in another folder too."""
    for file in distribution.files or ():
        if file.parts[0] != "..":
            place = folder / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(str(distribution.locate_file(file)))


def run(*command: str | Path, path: Folders, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run Python in another folder than the checkout, with the libraries in `path` alone."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(str(folder) for folder in path),
        "XDG_DATA_HOME": str(cwd / "data"),
        "SDL_VIDEODRIVER": "dummy",
    }
    return subprocess.run(
        [sys.executable, "-S", *command], cwd=cwd, env=environment, capture_output=True, text=True
    )


def test_wheel_holds_what_running_needs_and_no_more(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert wheel.name == f"digit_sketchpad-{recognizer.__version__}-py3-none-any.whl"
    assert wheel.stat().st_size < MAX_WHEEL_BYTES
    assert names >= {
        "recognizer/py.typed",
        "recognizer/saved_model/card.json",
        "recognizer/saved_model/digits.tflite",
        "recognizer/saved_model/stages.tflite",
        "recognizer/saved_model/similar.npz",
        *(
            f"recognizer/saved_model/comparison/{network}/{name}"
            for network in ("canvas", "no_dropout")
            for name in ("card.json", "digits.tflite")
        ),
        "recognizer/inkml/demo.inkml",
        "recognizer/app/fonts/Inter-Regular.otf",
        "recognizer/app/fonts/Inter-SemiBold.otf",
        "recognizer/app/fonts/OFL.txt",
        "recognizer/evaluation/report/page.html",
        *(f"recognizer/web/page/{path.name}" for path in PAGE.iterdir()),
    }
    others = {name for name in names if not name.startswith("recognizer/")}
    assert all(".dist-info/" in name for name in others)
    assert {Path(name).suffix for name in names} & {".keras", ".pyc", ".ipynb", ".png"} == set()
    modules = {str(file.relative_to(ROOT)) for file in (ROOT / "recognizer").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules


def test_wheel_names_all_that_reading_needs(reading: Folders, tmp_path: Path) -> None:
    """Of the libraries of this environment, only those are there that the wheel requires."""
    code = """
import importlib.util, sys
from pathlib import Path
from recognizer import Recognizer
from recognizer.cli import main
others = ("pytest", "pip", "pygame", "scipy", "matplotlib", "keras")
assert [name for name in others if importlib.util.find_spec(name)] == []
assert Recognizer().read_strokes([[(150, 120), (350, 120), (220, 400)]]).text == "7"
files = ["seven.png", str(Path(sys.modules["recognizer"].__file__).parent / "inkml/demo.inkml")]
sys.exit(main(["read", *files, "--csv", "table.csv", "--annotate", "copies", "--json"]))
"""
    picture_of_seven(tmp_path / "seven.png")
    done = run("-c", code, path=reading, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    picture, demo = map(json.loads, done.stdout.splitlines())
    assert (picture["text"], demo["text"]) == ("7", "0123456789")
    assert len((tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()) == 3
    assert len(list((tmp_path / "copies").iterdir())) == 2


def picture_of_seven(path: Path) -> None:
    """Write a picture of a 7."""
    picture = Image.new("L", (200, 200), "white")
    ImageDraw.Draw(picture).line([(60, 40), (140, 40), (90, 170)], "black", 14)
    picture.save(path)


def test_installed_package_reads(reading: Folders, tmp_path: Path) -> None:
    code = (
        "import recognizer; from recognizer import Recognizer\n"
        "bar = [(150, 120), (350, 120), (220, 400)]\n"
        "print(recognizer.__file__, Recognizer().classify_strokes([bar]).digit)"
    )
    done = run("-c", code, path=reading, cwd=tmp_path)
    assert done.stdout.split() == [str(reading[0] / "recognizer" / "__init__.py"), "7"], done.stderr


def test_installed_command_reads_a_picture(reading: Folders, tmp_path: Path) -> None:
    picture_of_seven(tmp_path / "seven.png")
    done = run(reading[0] / "bin" / "digits", "read", "seven.png", path=reading, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "7" in done.stdout.split()


def test_installed_package_says_where_the_report_is(reading: Folders, tmp_path: Path) -> None:
    done = run(reading[0] / "bin" / "digits", "report", path=reading, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "reports/evaluation.html" in done.stderr


def test_installed_package_does_not_send_to_a_checkout(reading: Folders, tmp_path: Path) -> None:
    code = "from recognizer import Recognizer; Recognizer('nowhere')"
    done = run("-c", code, path=reading, cwd=tmp_path)
    assert "Install the package again" in done.stderr.splitlines()[-1]


def test_sketchpad_without_pygame_says_what_to_install(reading: Folders, tmp_path: Path) -> None:
    site, libraries = reading
    done = run(site / "bin" / "digit-sketchpad", path=reading, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    needed = "The sketchpad needs pygame, which is not installed"
    assert done.stderr == f'{needed}: pip install "digit-sketchpad[app]"\n'
    done = run(ROOT / "main.py", path=(libraries,), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{needed}: pip install -r requirements-window.txt\n"


def test_installed_sketchpad_tells_its_options(window: Folders, tmp_path: Path) -> None:
    done = run(window[0] / "bin" / "digit-sketchpad", "--help", path=window, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--theme" in done.stdout


DRAW_AND_QUIT = """
import runpy, sys
from recognizer.app.window import Window
import numpy, pygame
from pygame.event import Event

def gestures(window):
    x, y = window.layout.canvas.center
    corners = [(x - 90, y - 130), (x + 90, y - 130), (x - 30, y + 150)]
    way = [place for pair in zip(corners, corners[1:]) for place in numpy.linspace(*pair, 20)]
    yield Event(pygame.MOUSEBUTTONDOWN, pos=tuple(way[0]), button=1, touch=False)
    for place in way:
        yield Event(pygame.MOUSEMOTION, pos=tuple(place), buttons=(1, 0, 0), touch=False)
    yield Event(pygame.MOUSEBUTTONUP, pos=tuple(way[-1]), button=1, touch=False)
    print(pygame.display.get_caption()[0])
    yield Event(pygame.QUIT)

def wait(window, original=Window.wait, hands=[]):
    hands[:] = hands or [gestures(window)]
    pygame.event.post(next(hands[0]))
    return original(window)

Window.wait = wait
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_installed_sketchpad_opens_and_reads_what_is_drawn(window: Folders, tmp_path: Path) -> None:
    script = window[0] / "bin" / "digit-sketchpad"
    done = run("-c", DRAW_AND_QUIT, script, path=window, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"7 \(\d+ %\) - Digit Sketchpad\n", done.stdout)
    assert list((tmp_path / "data").rglob("*.inkml")), "the unsaved sketch is kept"
