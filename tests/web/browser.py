"""Debian's Chromium, driven by Playwright, and a page that keeps what went wrong in it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}


def watched(page: Page, address: str) -> list[str]:
    """What goes wrong in a page from now on: messages of its console, requests to other hosts."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if _is_bad(message) else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    host = urlsplit(address).netloc
    page.on(
        "request",
        lambda each: None if _is_ours(each.url, host) else found.append(f"asked {each.url}"),
    )
    return found


def _is_bad(message: Any) -> bool:
    return message.type in ("error", "warning")


def _is_ours(url: str, host: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("blob", "data") or parts.netloc == host


Lines = Sequence[Sequence[tuple[float, float]]]


def draw(page: Page, lines: Lines, *, touch: bool = False) -> None:
    """Draw with the mouse, or with a finger, at places that are shares of the canvas' sides."""
    page.locator("#canvas").scroll_into_view_if_needed()
    box = page.locator("#canvas").bounding_box()
    assert box
    for line in lines:
        placed = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in line]
        (_with_finger if touch else _with_mouse)(page, placed)


def _with_mouse(page: Page, places: Sequence[tuple[float, float]]) -> None:
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y)
    page.mouse.up()


def _with_finger(page: Page, places: Sequence[tuple[float, float]]) -> None:
    session = page.context.new_cdp_session(page)
    steps = ["touchStart", *["touchMove"] * (len(places) - 1)]
    for kind, (x, y) in zip(steps, places, strict=True):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()
