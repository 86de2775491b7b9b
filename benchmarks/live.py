"""Several people who draw at once, over the WebSocket as the page does."""

from __future__ import annotations

import asyncio
import json
import time

import numpy as np
from websockets.asyncio.client import connect
from websockets.typing import Origin

from benchmarks.figures import Figure, percentile
from benchmarks.load import drawings
from benchmarks.server import RunningServer, running

PEOPLE, SECONDS = 8, 30.0
MOVES_PER_SECOND = 60
"""A page sends what the pen did since the last answer, once for each picture of the screen."""
DIGITS = 4
"""Side by side; then the drawing is cleared."""
_WIDTH = 800


def measure(seconds: float = SECONDS, people: int = PEOPLE) -> dict[str, Figure]:
    """From a pen move to its answer, in milliseconds."""
    with running() as server:
        asyncio.run(_drawn(server, people, seconds / 4))
        found = asyncio.run(_drawn(server, people, seconds))
    of = f"from a move to its answer, {people} people for {seconds:g} s"
    spread = (percentile(found, 0.5), max(found))
    return {"serve_live_p99_ms": Figure(percentile(found, 0.99), "ms", of, spread, len(found))}


async def _drawn(server: RunningServer, people: int, seconds: float) -> list[float]:
    end = time.perf_counter() + seconds
    found = await asyncio.gather(*(_person(server, number, end) for number in range(people)))
    return [latency for each in found for latency in each]


async def _person(server: RunningServer, number: int, end: float) -> list[float]:
    """Draw numbers of some digits over and over; the latencies of all moves."""
    latencies: list[float] = []
    digits = drawings()
    origin = Origin(f"http://127.0.0.1:{server.port}")
    async with connect(f"ws://127.0.0.1:{server.port}/api/live", origin=origin) as socket:
        while time.perf_counter() < end:
            done: list[list[list[float]]] = []
            for place in range(DIGITS):
                number += 1
                for stroke in _placed(digits[number % len(digits)], place):
                    done.append([])
                    for point in stroke:
                        done[-1].append(point)
                        began = time.perf_counter()
                        message = {
                            "keep": len(done) - 1, "strokes": [done[-1]],
                            "extent": [_WIDTH, 600], "glyphs": True, "parts": True,
                        }  # fmt: skip
                        await socket.send(json.dumps(message))
                        await socket.recv()
                        latencies.append(1000 * (time.perf_counter() - began))
                        wait = 1 / MOVES_PER_SECOND - (time.perf_counter() - began)
                        await asyncio.sleep(max(wait, 0))
    return latencies


def _placed(strokes: list[list[list[float]]], place: int) -> list[list[list[float]]]:
    side = _WIDTH / DIGITS
    moved = [np.array(stroke) * 0.8 * side / 500 + (place * side, 200) for stroke in strokes]
    return [stroke.round(1).tolist() for stroke in moved]
