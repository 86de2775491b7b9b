"""How soon the page is there, and how large it is."""

from __future__ import annotations

import shutil
import sys

from benchmarks.figures import Figure, median_of
from benchmarks.server import ServerError, running
from benchmarks.window import ROOT

REPEATS = 5
PAGE = ROOT / "recognizer" / "web" / "page"
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def measure(repeats: int = REPEATS) -> dict[str, Figure]:
    """First paint in Chromium in milliseconds, with an empty cache, and the size in KB."""
    files = [file for kind in ("html", "css", "js") for file in PAGE.glob(f"*.{kind}")]
    of = "HTML, style and scripts, as they are sent"
    times = _first_paints(repeats)
    return {
        "page_kb": Figure(sum(file.stat().st_size for file in files) / 1000, "KB", of),
        "page_paint_ms": median_of(times, "ms", f"first paint in Chromium, median of {repeats}"),
    }


def _first_paints(repeats: int) -> list[float]:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None and sys.platform == "linux":
        raise ServerError("There is no Chromium. Install it: apt-get install chromium")
    times = []
    with running() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for _ in range(repeats + 1):
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            page = context.new_page()
            page.goto(server.address)
            # The page forbids the evaluation of texts, by which Playwright would wait for it.
            while (painted := page.evaluate(_PAINTED)) is None:
                page.wait_for_timeout(10)
            times.append(float(painted))
            context.close()
        browser.close()
    return times[1:]  # the first one starts the browser's own processes
