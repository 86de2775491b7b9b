"""The sets of pictures, read from small pieces that are made here, and MNIST's writers."""

import gzip
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from recognizer.datasets import DataError, Files, Images, MissingDataError, mnist, pendigits, scans
from recognizer.datasets.mnist import Mnist, load_mnist_samples, load_writers
from recognizer.datasets.pendigits import load_pen_samples
from recognizer.datasets.scans import bhmsds_samples, mdas_samples, swiss_samples

RED, WHITE = (200, 10, 10), (255, 255, 255)


def png(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def grey(level: int = 255) -> Image.Image:
    """Paper of this grey with one black pixel."""
    picture = Image.new("L", (28, 28), level)
    picture.putpixel((3, 5), 0)
    return picture


def symbols(pictures: list[NDArray[np.uint8]], labels: list[str]) -> Files:
    target = io.BytesIO()
    np.savez(target, x=np.array(pictures), label=np.array(labels))
    return {"mdas-symbols.npz": target.getvalue()}


def random_picture(seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 255, (28, 28)).astype(np.uint8)


def test_swiss_scans_are_in_colour_whatever_the_file_has() -> None:
    clear = Image.new("RGBA", (4, 6), (0, 0, 0, 0))
    clear.putpixel((1, 2), (*RED, 255))
    colour = Image.new("RGB", (4, 6), WHITE)
    colour.putpixel((1, 2), RED)
    files = {
        "numbers/0018_CHXX/7/number-1.png": png(clear),
        "numbers/0018_CHXX/7/number-2.png": png(colour),
        "numbers/0019_US5M/0/number-1.png": png(Image.new("1", (5, 5), 1)),
        "numbers/README.md": b"text",
    }
    first, second, third = swiss_samples(files)
    assert (first.label, first.set, first.writer, first.country) == (
        "7",
        "swiss",
        "swiss/0018_CHXX",
        "CH",
    )
    assert first.picture is not None and second.picture is not None and third.picture is not None
    np.testing.assert_array_equal(first.picture, np.asarray(colour))
    np.testing.assert_array_equal(second.picture, np.asarray(colour))
    assert (third.label, third.country, third.picture.shape) == ("0", "US", (5, 5, 3))


def test_bhmsds_has_one_character_for_each_name_and_white_ink() -> None:
    names = ["0", "dot", "minus", "plus", "slash", "x"]
    samples = list(bhmsds_samples({f"symbols/{name}-0012.png": png(grey()) for name in names}))
    assert [each.label for each in samples] == ["0", "·", "−", "+", "/", "x"]
    assert {each.writer for each in samples} == {None}
    for each in samples:
        assert each.picture is not None
        assert each.picture[5, 3] == 255 and each.picture.sum() == 255


def test_an_unknown_name_of_a_sign_is_refused() -> None:
    with pytest.raises(ValueError, match="'heart' is the name of no sign"):
        list(bhmsds_samples({"symbols/heart-0012.png": png(grey())}))
    with pytest.raises(ValueError, match="'heart' is the name of no sign"):
        list(mdas_samples(symbols([random_picture(0)], ["train/some_heart"])))


def test_mirrored_copies_are_left_out() -> None:
    cross, plus = random_picture(1), random_picture(2)
    copies = [cross, cross[:, ::-1], cross[::-1], cross[::-1, ::-1], cross.T, np.rot90(cross)]
    files = symbols(
        [*copies, plus, cross],
        ["train/multiplication_cross"] * len(copies) + ["val/addition_plus"] * 2,
    )
    samples = list(mdas_samples(files))
    assert [each.label for each in samples] == ["×", "+", "+"]
    assert samples[0].picture is not None
    np.testing.assert_array_equal(samples[0].picture, cross)


def test_every_name_of_a_sign_has_its_character() -> None:
    names = {
        "addition_plus": "+",
        "subtraction_minus": "−",
        "multiplication_cross": "×",
        "multiplication_dot": "·",
        "division_obelus": "÷",
        "division_slash": "/",
    }
    pictures = [random_picture(seed) for seed in range(len(names))]
    samples = mdas_samples(symbols(pictures, [f"test/{name}" for name in names]))
    assert [each.label for each in samples] == list(names.values())


def test_a_scan_that_is_cut_off_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "SWISS", replace(scans.SWISS, samples=1))
    scan = tmp_path / "swiss-numbers" / "numbers" / "0001_CH4M" / "3" / "number-1.png"
    scan.parent.mkdir(parents=True)
    whole = png(Image.fromarray(random_picture(3)))
    scan.write_bytes(whole)
    assert len(scans.load_swiss(tmp_path)) == 1
    for end in (0, 20, len(whole) // 2):
        scan.write_bytes(whole[:end])
        with pytest.raises(DataError, match=r"swiss-numbers is damaged.*number-1\.png"):
            scans.load_swiss(tmp_path)


def test_an_incomplete_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bhmsds" / "symbols").mkdir(parents=True)
    (tmp_path / "bhmsds" / "symbols" / "0-0000.png").write_bytes(png(grey()))
    with pytest.raises(DataError, match="it holds 1 samples, not 27000"):
        scans.load_bhmsds(tmp_path)


def test_other_arrays_of_symbols_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mdas-symbols.npz"
    whole = symbols([random_picture(4)], ["train/addition_plus"])["mdas-symbols.npz"]
    one_array = io.BytesIO()
    np.save(one_array, random_picture(5))
    other = io.BytesIO()
    np.savez(other, x=np.zeros((2, 3), np.uint8), label=np.array(["a_plus", "a_plus"]))
    for content in (b"", b"junk", whole[:-40], whole, one_array.getvalue(), other.getvalue()):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"mdas-symbols\.npz is damaged"):
            scans.load_mdas(tmp_path)


def test_a_missing_set_of_pictures_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for loader in (scans.load_swiss, scans.load_bhmsds, scans.load_mdas):
        with pytest.raises(MissingDataError, match="Get it from"):
            loader(tmp_path)


def test_mnist_has_qmnists_writers_in_its_own_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"5\t4\t2154\t59\t35\t229421\t0\t0\n0\t0\t7\t0\t30\t0\t0\t0\n"
    (tmp_path / "qmnist-train-labels.tsv.gz").write_bytes(gzip.compress(text))
    with pytest.raises(DataError, match="another hash"):
        load_writers(tmp_path)
    monkeypatch.setattr(mnist, "_WRITERS_SHA256", hashlib.sha256(text).hexdigest())
    pictures = np.stack([random_picture(0), random_picture(1)])
    train = Images(pictures, np.array([5, 0], np.uint8))
    made = Mnist(train, Images(pictures[:1], np.array([9], np.uint8)))
    monkeypatch.setattr(mnist, "load_mnist", lambda _: made)
    five, zero = load_mnist_samples(tmp_path)
    assert [(each.label, each.writer) for each in (five, zero)] == [
        ("5", "mnist/2154"),
        ("0", "mnist/0007"),
    ]
    assert five.picture is not None
    np.testing.assert_array_equal(five.picture, random_picture(0))


def test_a_download_of_mnists_writers_that_fails_says_what_to_put_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(mnist, "WRITERS_URL", "http://127.0.0.1:9/qmnist-train-labels.tsv.gz")
    with pytest.raises(
        MissingDataError, match=r"Put qmnist-train-labels\.tsv\.gz from .*--data-dir"
    ):
        load_writers(tmp_path)


def test_pen_drawings_are_samples_too(monkeypatch: pytest.MonkeyPatch) -> None:
    text = '.SEGMENT DIGIT 0 ? "8"\n.COMMENT 8 5 224\n.PEN_DOWN\n 267 333\n.PEN_UP\n'
    drawings = pendigits.parse_unipen(text)
    monkeypatch.setattr(pendigits, "load_pen", lambda _: drawings)
    (eight,) = load_pen_samples(None)
    assert (eight.label, eight.set, eight.writer) == ("8", "pendigits", "pendigits/05")
    assert eight.strokes == drawings[0].strokes
