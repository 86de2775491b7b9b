"""The page in a real Chromium: drawn on by mouse, finger and keys, shown pictures, offline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("playwright", reason="Playwright is not installed")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from recognizer.model.hand_file import read_hands
from recognizer.session.hand_store import HandStore
from recognizer.session.learning import Learning
from recognizer.web.api import PAGE
from tests.fakes import NearestDrawing
from tests.samples import number, picture_of
from tests.web.browser import CHROMIUM, DESKTOP, PHONE, Lines, draw, watched
from tests.web.served import Served, serving, serving_here

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

SEVEN: Lines = [[(0.3, 0.2), (0.7, 0.2), (0.45, 0.8)]]
STEP_POINTS = 3
"""Of so many points of a person's pen, one is drawn, since each is a trip to the browser."""
MAX_PAGE_BYTES = 60_000
PATIENCE_MS, SETTLED_MS = 60_000, 1_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page, freshly opened; nothing may go wrong in it until the test ends."""
    yield from opened(browser, served.address, **request.param)


@pytest.fixture
def desktop(browser: Browser, served: Served) -> Iterator[Page]:
    """The page on a desktop alone."""
    yield from opened(browser, served.address, **DESKTOP)


def opened(browser: Browser, address: str, **kind: Any) -> Iterator[Page]:
    context = browser.new_context(**kind)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    page = context.new_page()
    wrong = watched(page, address)
    page.goto(address)
    yield page
    context.close()
    assert wrong == []


def is_phone(page: Page) -> bool:
    return bool(page.viewport_size == PHONE["viewport"])


def reads(page: Page, text: str) -> None:
    """The page says that it reads this, sure or probably."""
    expect(page.locator("#words")).to_have_text(re.compile(rf"^{re.escape(text)}(, probably)?$"))


def postcode() -> Lines:
    """A 2, a 0, a 4 and a 7 as a person wrote them, side by side across the canvas."""
    lines = [line for digit in number([2, 0, 4, 7]) for line in digit]
    points = np.concatenate(lines)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    few = [np.concatenate([line[:-1:STEP_POINTS], line[-1:]]) for line in lines]
    return [((line - low) / size[0] * 0.8 + (0.1, 0.3)).tolist() for line in few]


def accessible(page: Page) -> None:
    """No rule of axe-core is broken."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_what_is_drawn_is_read_while_it_is_drawn(page: Page) -> None:
    accessible(page)
    draw(page, postcode(), touch=is_phone(page))
    reads(page, "2047")
    expect(page).to_have_title(re.compile("^2047.* - Digit Sketchpad$"))
    buttons = page.locator("#characters button")
    expect(buttons).to_have_count(4)
    buttons.nth(1).click()
    expect(page.locator("#about")).to_have_text(re.compile("^0"))
    expect(page.locator("#bars tr")).to_have_count(11)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("scrollY") >= 0


def test_the_page_does_not_scroll_while_a_finger_draws(browser: Browser, served: Served) -> None:
    for page in opened(browser, served.address, **PHONE):
        page.locator("#canvas").scroll_into_view_if_needed()
        before = page.evaluate("scrollY")
        draw(page, [[(0.5, y / 10) for y in range(9, 1, -1)]], touch=True)
        reads(page, "1")
        assert page.evaluate("scrollY") == before


def test_undo_and_clear(desktop: Page) -> None:
    draw(desktop, SEVEN)
    reads(desktop, "7")
    desktop.get_by_role("button", name="Clear").click()
    reads(desktop, "")
    desktop.get_by_role("button", name="Undo").click()
    reads(desktop, "7")
    desktop.keyboard.press("Control+z")
    reads(desktop, "")
    expect(desktop.get_by_role("button", name="Clear")).to_be_disabled()


@pytest.fixture(scope="module")
def learning() -> Iterator[str]:
    """The address of a server whose network can learn."""
    with serving_here(NearestDrawing) as address:
        yield address


def read_as(page: Page) -> str:
    """What the page reads at last, be it right or not."""
    words = page.locator("#words")
    expect(words).not_to_be_empty()
    before = ""
    while before != (now := words.inner_text()):  # it is read while it is drawn
        before = now
        page.wait_for_timeout(SETTLED_MS)
    return now.removesuffix(", probably")


def corrected(page: Page, label: str) -> None:
    """Choose what the character is, in the dialog that is open."""
    dialog = page.get_by_role("dialog", name="What is this?")
    expect(dialog).to_be_visible()
    accessible(page)
    dialog.get_by_role("button", name=label, exact=True).click()
    expect(dialog).to_be_hidden()
    reads(page, label)
    expect(page.locator("#learned")).to_have_text(f"Your {label} is known now.")


@pytest.mark.parametrize("kind", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_corrected_once_it_knows_and_the_window_does_too(
    browser: Browser, learning: str, tmp_path: Path, kind: dict[str, Any]
) -> None:
    for page in opened(browser, learning, **kind):
        draw(page, SEVEN, touch=is_phone(page))
        before = read_as(page)
        assert before != "1"
        page.get_by_role("button", name="Correct", exact=True).click()
        corrected(page, "1")
        page.reload()
        reads(page, "1")
        page.get_by_text("Learned from you: 1").click()
        accessible(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        download.value.save_as(tmp_path / "mine.hand")
        page.get_by_role("button", name="Forget this 1").click()
        reads(page, before)
        page.locator("#import").set_input_files(tmp_path / "mine.hand")
        reads(page, "1")
        box = page.locator("#canvas").bounding_box()
        assert box
        drawing = [[(x * box["width"], y * box["height"]) for x, y in SEVEN[0]]]
    (hand,) = read_hands(tmp_path / "mine.hand")
    assert [each.label for each in hand.drawings] == ["1"]
    reader = NearestDrawing()
    window = Learning(reader, HandStore(tmp_path / "hands"))
    assert not window.import_file(tmp_path / "mine.hand").trouble
    assert reader.classify_strokes(drawing).label == "1"


def test_the_answer_on_the_canvas_can_be_tapped(browser: Browser, learning: str) -> None:
    for page in opened(browser, learning, **DESKTOP):
        draw(page, SEVEN)
        before = read_as(page)
        page.wait_for_timeout(1200)  # before, it may be a dot
        box = page.locator("#canvas").bounding_box()
        assert box
        (x, y), *_ = SEVEN[0]
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"] - 17)
        corrected(page, "1")
        page.evaluate("localStorage.setItem('hand', 'damaged')")
        page.reload()
        reads(page, before)


def test_a_file_that_is_no_hand_gets_a_sentence(
    browser: Browser, learning: str, tmp_path: Path
) -> None:
    (tmp_path / "none.hand").write_text("{}", encoding="utf-8")
    for page in opened(browser, learning, **DESKTOP):
        page.get_by_text("Learned from you: 0").click()
        page.locator("#import").set_input_files(tmp_path / "none.hand")
        expect(page.locator("#learned")).to_have_text(re.compile("no hand"))


def test_where_the_network_cannot_learn_nothing_is_corrected(browser: Browser) -> None:
    with serving_here(partial(NearestDrawing, learns=False)) as address:
        for page in opened(browser, address, **DESKTOP):
            draw(page, SEVEN)
            read_as(page)
            expect(page.locator("#wrong")).to_be_hidden()
            expect(page.locator("#hand")).to_be_hidden()


def test_a_drawing_comes_back_after_a_reload(desktop: Page) -> None:
    draw(desktop, SEVEN)
    reads(desktop, "7")
    desktop.reload()
    reads(desktop, "7")


def test_it_can_be_drawn_on_by_keys_alone(desktop: Page) -> None:
    for _ in range(10):
        desktop.keyboard.press("Tab")
        if desktop.evaluate("document.activeElement.id") == "canvas":
            break
    for _ in range(6):
        desktop.keyboard.press("ArrowUp")
    desktop.keyboard.press(" ")
    for _ in range(14):
        desktop.keyboard.press("ArrowDown")
    desktop.keyboard.press(" ")
    reads(desktop, "1")
    expect(desktop.locator("#spoken")).to_have_text(re.compile("^Read: 1"))
    desktop.keyboard.press("Delete")
    reads(desktop, "")


def test_pictures_are_shown_and_read(page: Page, tmp_path: Path) -> None:
    picture_of(7, 400).save(tmp_path / "seven.png")
    page.locator("#file").set_input_files(tmp_path / "seven.png")
    reads(page, "7")
    accessible(page)
    page.get_by_role("button", name="Clear").click()
    reads(page, "")


def test_a_broken_picture_gets_a_sentence_and_leaves_the_drawing(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG broken")
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    page.goto(served.address)
    draw(page, SEVEN)
    reads(page, "7")
    page.locator("#file").set_input_files(tmp_path / "broken.png")
    expect(page.get_by_role("alert")).to_have_text(re.compile("no picture of a known kind"))
    reads(page, "7")
    context.close()


def test_dropped_pictures_are_read(desktop: Page, tmp_path: Path) -> None:
    picture_of(2, 300).save(tmp_path / "two.png")
    content = list((tmp_path / "two.png").read_bytes())
    for kind, place in (("drop", "dataTransfer"), ("paste", "clipboardData")):
        desktop.evaluate(
            """([content, kind, place]) => {
                const files = new DataTransfer();
                files.items.add(new File([new Uint8Array(content)], "a.png", {type: "image/png"}));
                const event = kind === "drop" ? new DragEvent(kind, {[place]: files, bubbles: true})
                    : new ClipboardEvent(kind, {[place]: files, bubbles: true});
                document.body.dispatchEvent(event);
            }""",
            [content, kind, place],
        )
        reads(desktop, "2")
        desktop.get_by_role("button", name="Clear").click()
        reads(desktop, "")


def test_without_a_network_it_opens_and_keeps_what_is_drawn(
    browser: Browser, served: Served
) -> None:
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    page.goto(served.address)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("caches.open('page').then(c => c.keys()).then(k => k.length >= 8)")
    context.set_offline(True)
    page.reload()
    draw(page, SEVEN)
    expect(page.get_by_role("alert")).to_have_text(re.compile("cannot be reached"))
    context.set_offline(False)
    page.reload()
    reads(page, "7")
    context.close()


def test_the_page_asks_for_the_token(browser: Browser) -> None:
    with serving("--token", "right") as server:
        plain = server.address.partition("#")[0]
        context = browser.new_context(**DESKTOP)
        page = context.new_page()
        page.goto(plain)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        accessible(page)
        page.get_by_role("textbox", name="Token").fill("right")
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        draw(page, SEVEN)
        reads(page, "7")
        context.close()
        for page in opened(browser, server.address, **DESKTOP):
            draw(page, SEVEN)
            reads(page, "7")
            assert page.evaluate("location.hash") == ""


def test_in_the_dark(browser: Browser, served: Served) -> None:
    for page in opened(browser, served.address, color_scheme="dark", **DESKTOP):
        draw(page, SEVEN)
        reads(page, "7")
        accessible(page)


def test_the_documentation_of_the_api_comes_from_here(browser: Browser, served: Served) -> None:
    for page in opened(browser, served.address + "docs", **DESKTOP):
        expect(page.get_by_text("/api/strokes").first).to_be_visible()


def test_the_page_is_small() -> None:
    shown = ("*.html", "*.css", "*.js")
    assert sum(file.stat().st_size for kind in shown for file in PAGE.glob(kind)) < MAX_PAGE_BYTES
