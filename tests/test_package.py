"""The package: what it installs, what it needs, and that it works outside the checkout."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import os
import re
import runpy
import subprocess
import sys
import tomllib
import typing
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

import recognizer
from tests.test_directions import IMPORTS, Import

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
MAX_WHEEL_BYTES = 4_000_000
EXTRAS_OF_ROOMS = {
    **dict.fromkeys(("app", "main"), ("app",)),
    "web": ("web",),
    **dict.fromkeys(("datasets", "training", "evaluation"), ("train",)),
}
"""Extras that rooms need; the others do with what reading needs."""
DISTRIBUTIONS = importlib.metadata.packages_distributions()
"""Installed distributions by the modules that they bring."""
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
    tools = of_extras("app", "train", "web", "dev")
    tools.remove("digit-sketchpad[app,train,web]")
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
    everything = ("app", "train", "web", "dev")
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
        tuple(need.partition(";")[0].split("==")) for need in requirements("requirements-dev.txt")
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


@pytest.fixture
def without_pygame(tmp_path: Path) -> Path:
    """A folder that makes Python find no pygame."""
    folder = tmp_path / "without"
    folder.mkdir()
    (folder / "pygame.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'pygame'\", name='pygame')\n", encoding="utf-8"
    )
    return folder


def run(
    *command: str | Path, path: tuple[Path, ...], cwd: Path
) -> subprocess.CompletedProcess[str]:
    """Run a command in another folder than the checkout, which Python does not find there."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["PYTHONPATH"] = os.pathsep.join(str(folder) for folder in path)
    environment["XDG_DATA_HOME"] = str(cwd / "data")
    return subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environment, capture_output=True, text=True
    )


def test_wheel_holds_what_running_needs_and_no_more(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert wheel.name == f"digit_sketchpad-{recognizer.__version__}-py3-none-any.whl"
    assert wheel.stat().st_size < MAX_WHEEL_BYTES
    assert names >= {
        "recognizer/py.typed",
        "recognizer/saved_model/card.json",
        "recognizer/saved_model/digits.tflite",
        "recognizer/inkml/demo.inkml",
        "recognizer/app/fonts/Inter-Regular.otf",
        "recognizer/app/fonts/Inter-SemiBold.otf",
        "recognizer/app/fonts/OFL.txt",
        "recognizer/evaluation/report/page.html",
    }
    others = {name for name in names if not name.startswith("recognizer/")}
    assert all(".dist-info/" in name for name in others)
    assert {Path(name).suffix for name in names} & {".keras", ".pyc", ".ipynb", ".png"} == set()
    modules = {str(file.relative_to(ROOT)) for file in (ROOT / "recognizer").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules


def test_installed_package_reads(site: Path, tmp_path: Path) -> None:
    code = (
        "import recognizer; from recognizer import Recognizer\n"
        "bar = [(150, 120), (350, 120), (220, 400)]\n"
        "print(recognizer.__file__, Recognizer().classify_strokes([bar]).digit)"
    )
    done = run("-c", code, path=(site,), cwd=tmp_path)
    assert done.stdout.split() == [str(site / "recognizer" / "__init__.py"), "7"], done.stderr


def test_installed_command_reads_a_picture(site: Path, tmp_path: Path) -> None:
    picture = Image.new("L", (200, 200), "white")
    ImageDraw.Draw(picture).line([(60, 40), (140, 40), (90, 170)], "black", 14)
    picture.save(tmp_path / "seven.png")
    done = run(site / "bin" / "digits", "read", "seven.png", path=(site,), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "7" in done.stdout.split()


def test_installed_package_says_where_the_report_is(site: Path, tmp_path: Path) -> None:
    done = run(site / "bin" / "digits", "report", path=(site,), cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "reports/evaluation.html" in done.stderr


def test_installed_package_does_not_send_to_a_checkout(site: Path, tmp_path: Path) -> None:
    code = "from recognizer import Recognizer; Recognizer('nowhere')"
    done = run("-c", code, path=(site,), cwd=tmp_path)
    assert "Install the package again" in done.stderr.splitlines()[-1]


def test_sketchpad_without_pygame_says_what_to_install(
    site: Path, without_pygame: Path, tmp_path: Path
) -> None:
    script = site / "bin" / "digit-sketchpad"
    done = run(script, path=(without_pygame, site), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    needed = "The sketchpad needs pygame, which is not installed"
    assert done.stderr == f'{needed}: pip install "digit-sketchpad[app]"\n'
    done = run(ROOT / "main.py", path=(without_pygame,), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{needed}: pip install -r requirements-window.txt\n"


def test_installed_sketchpad_starts(site: Path, tmp_path: Path) -> None:
    done = run(site / "bin" / "digit-sketchpad", "--help", path=(site,), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--theme" in done.stdout
