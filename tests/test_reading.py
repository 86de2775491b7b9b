import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from recognizer import Prediction, Recognizer
from recognizer.files import SAVED_MODEL
from recognizer.model.card import CARD_FILE, MODEL_FILE, ModelError
from recognizer.strokes import Stroke
from tests.samples import drawn, mnist, pen_digits

GLYPHS, DIGITS = mnist()


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer()


def check(prediction: Prediction) -> None:
    assert prediction.probabilities.shape == (10,)
    assert prediction.probabilities.sum() == pytest.approx(1, abs=1e-4)
    assert prediction.digit == prediction.ranking[0] == prediction.probabilities.argmax()
    assert prediction.confidence == pytest.approx(prediction.probabilities.max())
    assert sorted(prediction.ranking) == list(range(10))


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_predict_proba_gives_a_row_a_glyph(recognizer: Recognizer, count: int) -> None:
    rows = recognizer.predict_proba(GLYPHS[:count])
    assert rows.shape == (count, 10)
    assert rows.dtype == np.float32
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-4)
    assert (rows >= 0).all()


def test_a_batch_equals_its_glyphs_one_by_one(recognizer: Recognizer) -> None:
    many = np.concatenate([GLYPHS, GLYPHS[::-1], GLYPHS[:29]])
    singles = np.concatenate([recognizer.predict_proba(glyph[None]) for glyph in many])
    assert np.allclose(recognizer.predict_proba(many), singles, atol=1e-5)


def test_bytes_equal_shares(recognizer: Recognizer) -> None:
    bytes_, shares = recognizer.predict_proba(GLYPHS), recognizer.predict_proba(GLYPHS / 255)
    assert np.allclose(bytes_, shares, atol=1e-6)


def test_answers_outlast_the_next_question(recognizer: Recognizer) -> None:
    first = recognizer.predict_proba(GLYPHS[:1])
    before = first.copy()
    recognizer.predict_proba(GLYPHS[7:8])
    assert np.array_equal(first, before)


@pytest.mark.parametrize(
    ("glyphs", "words"),
    [
        (GLYPHS[0], r"shape \(n, 28, 28\)"),
        (np.zeros((1, 28, 28, 1)), "shape"),
        (np.zeros((1, 32, 32)), "shape"),
        (None, "shape"),
        ("seven", "shape"),
        (GLYPHS.astype(np.int64), "uint8 0..255 or float 0..1"),
        (GLYPHS.astype(float), "between 0 and 1"),
        (np.full((1, 28, 28), np.nan), "between 0 and 1"),
        (np.full((1, 28, 28), -0.1), "between 0 and 1"),
    ],
    ids=range(9),
)
def test_other_glyphs_are_refused(recognizer: Recognizer, glyphs: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        recognizer.predict_proba(glyphs)


def test_mnist_digits_are_read(recognizer: Recognizer) -> None:
    found = recognizer.predict_proba(GLYPHS).argmax(axis=1)
    assert (found == DIGITS).sum() >= 49


def test_pen_strokes_are_read(recognizer: Recognizer) -> None:
    for drawing, digit in pen_digits():
        prediction = recognizer.classify_strokes(drawing)
        check(prediction)
        assert prediction.digit == digit


@pytest.mark.parametrize("share", [0.1, 0.4, 1.0])
def test_size_place_and_pen_do_not_matter(recognizer: Recognizer, share: float) -> None:
    for number, (drawing, digit) in enumerate(pen_digits()):
        moved = [Stroke(line * share + 50 * (1 - share) * number, 12 * share) for line in drawing]
        assert recognizer.classify_strokes(moved, extent=(2000, 2000)).digit == digit


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize(
    ("side", "pen"), [(28, 2), (28, 1), (200, 5), (560, 2), (560, 30), (2000, 20)]
)
def test_pictures_are_read(recognizer: Recognizer, side: int, pen: int, flip: bool) -> None:
    numbers = range(20) if side < 1000 else range(0, 20, 5)
    right = 0
    for number in numbers:
        drawing, digit = pen_digits()[number]
        ink = drawn(drawing, side, pen, 0.7, at=(0.8, 0.3))
        prediction = recognizer.classify_image(255 - ink if flip else ink)
        check(prediction)
        right += prediction.digit == digit
    assert right >= len(numbers) - 1


def test_a_file_reads_like_its_array(recognizer: Recognizer, tmp_path: Path) -> None:
    picture: NDArray[np.uint8] = 255 - drawn(pen_digits()[6][0], 150, 9)
    path = tmp_path / "3.png"
    Image.fromarray(picture).save(path)
    file, array = recognizer.classify_image(path), recognizer.classify_image(picture)
    assert np.array_equal(file.glyph, array.glyph)
    assert file.digit == array.digit


@pytest.mark.parametrize("strokes", [[], [[]], [np.zeros((0, 2))]])
def test_an_empty_drawing_has_no_answer(recognizer: Recognizer, strokes: list[object]) -> None:
    prediction = recognizer.classify_strokes(strokes)
    assert prediction.digit is None
    assert prediction.confidence == 0
    assert not prediction.sure
    assert np.allclose(prediction.probabilities, 0.1)


def test_a_blank_picture_has_no_answer(recognizer: Recognizer) -> None:
    assert recognizer.classify_image(np.full((50, 50), 255, dtype=np.uint8)).digit is None


def test_sure_means_above_the_threshold_of_the_card(recognizer: Recognizer) -> None:
    card = json.loads((SAVED_MODEL / CARD_FILE).read_text(encoding="utf-8"))
    for drawing, _ in pen_digits():
        prediction = recognizer.classify_strokes(drawing)
        assert prediction.sure == (prediction.confidence > card["sure_threshold"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (MODEL_FILE, CARD_FILE):
        shutil.copy(SAVED_MODEL / name, tmp_path)
    return tmp_path


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as error:
        Recognizer(folder)
    assert "\n" not in str(error.value)
    assert "python -m recognizer train" in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("name", [MODEL_FILE, CARD_FILE])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert str(folder / name) in refusal(folder)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_a_truncated_model_is_named(folder: Path, share: float) -> None:
    path = folder / MODEL_FILE
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    assert f"{path} is damaged" in refusal(folder)


def test_a_model_of_another_kind_is_named(folder: Path) -> None:
    (folder / MODEL_FILE).write_bytes(b"\x89PNG" * 99)
    assert "is damaged or of another kind" in refusal(folder)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '"x"', "7", '{"sure_threshold": "a"}', '{"sure_threshold": 2}']
)
def test_a_damaged_card_is_named(folder: Path, text: str) -> None:
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
    assert f"{folder / CARD_FILE} is damaged" in refusal(folder)


def test_a_card_of_other_bytes_is_named(folder: Path) -> None:
    (folder / CARD_FILE).write_bytes(b"\xff\xfe\x00\x01")
    assert f"{folder / CARD_FILE} is damaged" in refusal(folder)


def test_another_folder_works(folder: Path) -> None:
    assert Recognizer(str(folder)).predict_proba(GLYPHS[:1]).shape == (1, 10)
